"""The YAML of the rules as nodes that know their place, and the collection of faults."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from quiz.freetext.model import RulesError

MOST_BYTES = 1_000_000
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(slots=True)
class Faults:
    """Everything wrong with a file, found in one reading.

    Attributes:
        file: the file's name, as it is shown.
        lines: one message a fault: `file:line:column: path: what`.
    """

    file: str
    lines: list[str] = field(default_factory=list)

    def add(self, node: yaml.Node | None, path: str, message: str) -> None:
        """Note one fault at a node's place."""
        mark = node.start_mark if node else None
        place = f"{mark.line + 1}:{mark.column + 1}" if mark else "1:1"
        self.lines.append(f"{self.file}:{place}: {path or 'file'}: {message}")

    def stop_if_any(self) -> None:
        """Raise all faults at once.

        Raises:
            RulesError: where there is at least one.
        """
        if self.lines:
            raise RulesError("\n".join(self.lines))


def compose(path: Path) -> tuple[yaml.Node, Faults]:
    """Read a YAML file into nodes.

    Raises:
        RulesError: not there, too large, no YAML, or with an alias (rules need none).
    """
    faults = Faults(path.name)
    try:
        data = path.read_bytes()
    except OSError as error:
        raise RulesError(f"{path.name}: cannot be read: {error.strerror}") from None
    if len(data) > MOST_BYTES:
        raise RulesError(f"{path.name}: holds {len(data):,} bytes, at most {MOST_BYTES:,} are read")
    try:
        if any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(data, Loader=_Loader)):
            raise RulesError(f"{path.name}: holds an alias (*name); write the value out")
        node = yaml.compose(data, Loader=_Loader)
    except (yaml.YAMLError, RecursionError) as error:
        raise RulesError(f"{path.name}: is not YAML: {' '.join(str(error).split())}") from None
    if node is None:
        raise RulesError(f"{path.name}: is empty")
    return node, faults


def mapping(
    node: yaml.Node | None,
    path: str,
    faults: Faults,
    allowed: Iterable[str] | None = None,
    required: Iterable[str] = (),
) -> dict[str, yaml.Node]:
    """The entries of a mapping; unknown, double and missing keys are faults."""
    if not isinstance(node, yaml.MappingNode):
        faults.add(node, path, f"must be a mapping, found {_kind(node)}")
        return {}
    found: dict[str, yaml.Node] = {}
    known = None if allowed is None else tuple(allowed)
    for key, value in node.value:
        name = str(key.value)
        if known is not None and name not in known:
            near = difflib.get_close_matches(name, known, 1)
            hint = f"; did you mean {near[0]!r}?" if near else ""
            faults.add(key, _join(path, name), f"unknown key, allowed are {', '.join(known)}{hint}")
        elif name in found:
            faults.add(key, _join(path, name), "is there twice; keep one")
        else:
            found[name] = value
    for name in required:
        if name not in found:
            faults.add(node, _join(path, name), "is missing")
    return found


def strings(node: yaml.Node | None, path: str, faults: Faults) -> list[tuple[str, yaml.Node]]:
    """The entries of a list of texts, with their nodes; no list at all reads as an empty one."""
    if node is None:
        return []
    if not isinstance(node, yaml.SequenceNode):
        faults.add(node, path, f"must be a list, found {_kind(node)}")
        return []
    found: list[tuple[str, yaml.Node]] = []
    for index, item in enumerate(node.value):
        if isinstance(item, yaml.ScalarNode) and item.value.strip():
            found.append((str(item.value), item))
        else:
            faults.add(item, f"{path}[{index}]", f"must be a text, found {_kind(item)}")
    return found


def string(node: yaml.Node | None, path: str, faults: Faults) -> str:
    """One text; anything else is a fault and reads as an empty one."""
    if isinstance(node, yaml.ScalarNode):
        return str(node.value)
    if node is not None:
        faults.add(node, path, f"must be a text, found {_kind(node)}")
    return ""


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _kind(node: yaml.Node | None) -> str:
    if isinstance(node, yaml.MappingNode):
        return "a mapping"
    if isinstance(node, yaml.SequenceNode):
        return "a list"
    return "nothing" if node is None or not str(node.value).strip() else f"the text {node.value!r}"
