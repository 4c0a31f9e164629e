"""The manifest: exercises.yaml → which functions there are, in which order, for how many points.

Everything else reads the manifest, so a fault in it is reported whole: all errors at once, each
with file, line, column, key, what was found and what is allowed.
"""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import yaml

SCHEMA_VERSION = 1
FILE_NAME = "exercises.yaml"

_LOADER: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_SLUG = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")


@dataclass(frozen=True, slots=True)
class Function:
    """One graded function of the exercises.

    Attributes:
        name: the function's name, as a student writes it after ``def``.
        module: the stem of the file it is in; ``relu`` for ``exercises/relu.py``.
        points: what it is worth.
        section: the section of the lesson that teaches it.
        hint: one sentence, shown under the message of a wrong value.
        next: one sentence, what to do first while it is not written yet.
    """

    name: str
    module: str
    points: float
    section: str
    hint: str
    next: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """The exercises of one assignment, in the order in which a student meets them."""

    assignment: str
    title: str
    functions: tuple[Function, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The functions' names, in order."""
        return tuple(function.name for function in self.functions)

    @property
    def modules(self) -> tuple[str, ...]:
        """The modules, each once, in the order of their first function."""
        return tuple(dict.fromkeys(function.module for function in self.functions))

    @property
    def max_points(self) -> float:
        """The sum of all functions' points."""
        return sum(function.points for function in self.functions)

    def function(self, name: str) -> Function:
        """The function of that name.

        Raises:
            KeyError: there is none; the message names the nearest.
        """
        for function in self.functions:
            if function.name == name:
                return function
        raise KeyError(f"no function {name!r} in {self.assignment}{_nearest(name, self.names)}")

    def of_module(self, module: str) -> tuple[Function, ...]:
        """The functions of one module, in order; none for an unknown module."""
        return tuple(function for function in self.functions if function.module == module)


class ManifestError(ValueError):
    """The manifest cannot be used; ``problems`` has one line for each thing wrong with it."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        self.problems = problems
        super().__init__("\n".join(problems))


def default_path() -> Path:
    """Where the manifest that came with this installation lies.

    Raises:
        ManifestError: neither the exercises beside this package nor its own copy is there.
    """
    package = Path(__file__).resolve().parent
    candidates = (
        package.parent / "exercises" / FILE_NAME,
        package / "_exercises" / FILE_NAME,  # where an installed student edition keeps it
    )
    for candidate in candidates:
        if candidate.is_file():
            return candidate
    raise ManifestError((f"{candidates[0]}: not found; install the exercises again",))


@cache
def manifest() -> Manifest:
    """The manifest that came with this installation, read once."""
    return load(default_path())


def load(path: Path) -> Manifest:
    """Read a manifest.

    Raises:
        ManifestError: the file is missing, is no YAML, or says something that is not allowed.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ManifestError((f"{path}: cannot be read: {error}",)) from None
    return parse(text, str(path))


def parse(text: str, where: str = FILE_NAME) -> Manifest:
    """Read a manifest from its text; ``where`` is the file that messages name.

    Raises:
        ManifestError: the text is no YAML or says something that is not allowed.
    """
    try:
        node = yaml.compose(text, Loader=_LOADER)
    except yaml.YAMLError as error:
        raise ManifestError((_yaml_problem(where, error),)) from None
    reader = _Reader(where)
    manifest = reader.manifest(node)
    if manifest is None or reader.problems:
        raise ManifestError(tuple(reader.problems))
    return manifest


def _yaml_problem(where: str, error: yaml.YAMLError) -> str:
    mark = getattr(error, "problem_mark", None)
    place = f"{where}:{mark.line + 1}:{mark.column + 1}" if mark else where
    return f"{place}: is not YAML: {getattr(error, 'problem', None) or error}"


def _nearest(word: str, words: tuple[str, ...]) -> str:
    near = difflib.get_close_matches(word, words, n=1, cutoff=0.5)
    return f"; did you mean {near[0]!r}?" if near else ""


@dataclass(slots=True)
class _Reader:
    """Turns YAML nodes into the model and collects what is wrong on the way."""

    where: str
    problems: list[str] = field(default_factory=list)

    def manifest(self, node: yaml.Node | None) -> Manifest | None:
        if node is None:
            self.problems.append(f"{self.where}:1:1: is empty; a manifest needs {_keys(_TOP)}")
            return None
        top = self._mapping(node, "", _TOP)
        self._unique(node)
        if self.problems:
            return None
        return Manifest(**{name: top[name] for name in top if name != "schema_version"})  # type: ignore[arg-type]

    def functions(self, node: yaml.Node, path: str) -> tuple[Function, ...]:
        if not isinstance(node, yaml.SequenceNode) or not node.value:
            self._say(node, path, "must be a list of at least one function", node)
            return ()
        entries = (self.function(item, f"{path}[{i}]") for i, item in enumerate(node.value))
        return tuple(entry for entry in entries if entry is not None)

    def function(self, node: yaml.Node, path: str) -> Function | None:
        before = len(self.problems)
        values = self._mapping(node, path, _FUNCTION)
        return Function(**values) if len(self.problems) == before else None  # type: ignore[arg-type]

    def version(self, node: yaml.Node, path: str) -> object:
        if node.tag.endswith(":int") and node.value == str(SCHEMA_VERSION):
            return SCHEMA_VERSION
        return self._say(node, path, f"must be {SCHEMA_VERSION}", node)

    def sentence(self, node: yaml.Node, path: str) -> object:
        if node.tag.endswith(":str") and node.value.strip() and "\n" not in node.value.strip():
            return node.value.strip()
        return self._say(node, path, "must be one line of text", node)

    def slug(self, node: yaml.Node, path: str) -> object:
        if node.tag.endswith(":str") and _SLUG.fullmatch(node.value):
            return node.value
        return self._say(node, path, "must be letters, digits, - and _ only", node)

    def identifier(self, node: yaml.Node, path: str) -> object:
        if node.tag.endswith(":str") and node.value.isidentifier():
            return node.value
        return self._say(node, path, "must be a name that Python allows", node)

    def points(self, node: yaml.Node, path: str) -> object:
        if node.tag.endswith((":int", ":float")):
            try:
                number = float(node.value)
            except ValueError:  # .inf, .nan, 0x10: YAML's spellings, not ours
                number = math.nan
            if number > 0 and math.isfinite(number):
                return number
        return self._say(node, path, "must be a number above 0", node)

    def _mapping(self, node: yaml.Node, path: str, keys: _Keys) -> dict[str, object]:
        if not isinstance(node, yaml.MappingNode):
            self._say(node, path or "(the file)", f"must be a mapping with {_keys(keys)}", node)
            return {}
        values: dict[str, object] = {}
        for key, value in node.value:
            name, inner = str(key.value), f"{path}.{key.value}" if path else str(key.value)
            if name not in keys:
                near = _nearest(name, tuple(keys))
                self._say(key, inner, f"unknown key{near or f'; allowed: {_keys(keys)}'}")
            elif name in values:
                self._say(key, inner, "is there twice; keep one")
            else:
                values[name] = keys[name](self, value, inner)
        for name in keys:
            if name not in values:
                self._say(node, f"{path}.{name}" if path else name, "is missing")
        return values

    def _unique(self, node: yaml.Node) -> None:
        seen: set[str] = set()
        for name in _name_nodes(node):
            if name.value in seen:
                self._say(name, "functions", f"names {name.value!r} twice; keep one")
            seen.add(name.value)

    def _say(self, at: yaml.Node, path: str, what: str, found: yaml.Node | None = None) -> object:
        place = f"{self.where}:{at.start_mark.line + 1}:{at.start_mark.column + 1}"
        tail = f", found {_shown(found)}" if found is not None else ""
        self.problems.append(f"{place}: {path}: {what}{tail}")
        return None


_Keys = dict[str, Callable[[_Reader, yaml.Node, str], object]]

_TOP: _Keys = {
    "schema_version": _Reader.version,
    "assignment": _Reader.slug,
    "title": _Reader.sentence,
    "functions": _Reader.functions,
}
_FUNCTION: _Keys = {
    "name": _Reader.identifier,
    "module": _Reader.identifier,
    "points": _Reader.points,
    "section": _Reader.sentence,
    "hint": _Reader.sentence,
    "next": _Reader.sentence,
}


def _keys(keys: _Keys) -> str:
    return ", ".join(keys)


def _shown(node: yaml.Node) -> str:
    if isinstance(node, yaml.MappingNode):
        return "a mapping"
    if isinstance(node, yaml.SequenceNode):
        return "a list" if node.value else "an empty list"
    if node.tag.endswith(":null"):
        return "nothing"
    text = repr(node.value) if node.tag.endswith(":str") else str(node.value)
    return text if len(text) <= 60 else f"{text[:57]}..."


def _name_nodes(node: yaml.Node) -> Iterator[yaml.Node]:
    """The nodes of all functions' names, in order, to point at one of two that are the same."""
    pairs = node.value if isinstance(node, yaml.MappingNode) else ()
    for entries in (value for key, value in pairs if key.value == "functions"):
        for entry in entries.value if isinstance(entries, yaml.SequenceNode) else ():
            inner = entry.value if isinstance(entry, yaml.MappingNode) else ()
            yield from (value for key, value in inner if key.value == "name")
