"""What belongs into a hand-in, whether it is whole, and the zip that it is packed into."""

from __future__ import annotations

import ast
import getpass
import json
import re
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import yaml

from nnv.workspace import NOTEBOOK, Workspace

ANSWERS = "answers.yaml"
_NOT_HANDED_IN = re.compile(r"(test_.*|.*_test|conftest|__init__)\.py")
# A zip of the same files is the same zip, whenever it is packed.
_TIME = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class HandIn:
    """What is packed.

    Attributes:
        name: of the zip.
        files: where each file lies in the zip, and its bytes.
        problems: what is not as it should be; it is packed all the same.
        notes: what the student should know besides.
    """

    name: str
    files: tuple[tuple[str, bytes], ...]
    problems: tuple[str, ...]
    notes: tuple[str, ...]


def gather(workspace: Workspace, student: str | None, notebook: bool) -> HandIn:
    """Collect what belongs into the hand-in, and look whether it is whole.

    Args:
        workspace: the student's folder.
        student: the student's name; None takes it from ``answers.yaml`` or the computer's user.
        notebook: whether to hand in the notebook although modules were written too.
    """
    answers, named, problems = _answers(workspace)
    in_modules = _written_in_modules(workspace)
    in_notebook = _written_in_notebook(workspace)
    notes = [] if answers else [f"no {ANSWERS} yet: nnv quiz asks the quiz, then pack again"]
    if not (named or student):
        notes.append("the zip has your computer's name for you; --student NAME sets another")
    only_notebook = (in_notebook and not in_modules) or not _modules(workspace)
    if workspace.notebook is not None and (notebook or only_notebook):
        files = [(NOTEBOOK, workspace.notebook.read_bytes())]
        problems += _unwritten(workspace, in_notebook)
    else:
        files = _modules(workspace)
        problems += _faults(workspace) + _unwritten(workspace, in_modules)
        if in_notebook:
            notes.append(
                f"{NOTEBOOK} stays out: only one of the two is graded, and you have written "
                "modules; to hand in the notebook instead: nnv submit --notebook"
            )
    files += [(ANSWERS, answers)] if answers else []
    name = f"{workspace.manifest.assignment}-{_slug(student or named or _user())}.zip"
    return HandIn(name, tuple(files), tuple(problems), tuple(notes))


def pack(hand_in: HandIn, target: Path) -> None:
    """Write the zip; the same files give the same bytes."""
    half = target.with_suffix(".part")
    with zipfile.ZipFile(half, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in hand_in.files:
            entry = zipfile.ZipInfo(name, _TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            entry.create_system = 3  # else it would differ between Windows and others
            archive.writestr(entry, content)
    half.replace(target)


def written(sources: Iterable[str]) -> set[str]:
    """The functions that these sources define with more than the stub's raise.

    A name that is assigned (``relu = lambda z: …``) or imported counts as written.
    """
    found: set[str] = set()
    for source in sources:
        try:
            tree = ast.parse(source)
        except (SyntaxError, ValueError):  # ValueError: NUL bytes
            continue
        for node in tree.body:
            if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
                found |= set() if _is_stub(node) else {node.name}
            elif isinstance(node, ast.Assign):
                found |= {target.id for target in node.targets if isinstance(target, ast.Name)}
    return found


def _is_stub(node: ast.FunctionDef | ast.ClassDef) -> bool:
    body = [
        statement
        for statement in node.body
        if not (isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant))
    ]
    return all(_raises_not_implemented(statement) for statement in body)


def _raises_not_implemented(statement: ast.stmt) -> bool:
    if not isinstance(statement, ast.Raise) or statement.exc is None:
        return isinstance(statement, ast.Pass)
    raised = statement.exc.func if isinstance(statement.exc, ast.Call) else statement.exc
    return isinstance(raised, ast.Name) and raised.id == "NotImplementedError"


def _modules(workspace: Workspace) -> list[tuple[str, bytes]]:
    """The modules, and helper files beside them where the folder is for exercises alone."""
    flat = workspace.folder == workspace.root
    names = [f"{module}.py" for module in workspace.manifest.modules]
    if not flat:
        found = sorted(file.name for file in workspace.folder.glob("*.py"))
        names += [name for name in found if name not in names]
    files = [workspace.folder / name for name in names if not _NOT_HANDED_IN.fullmatch(name)]
    return [(f"exercises/{file.name}", file.read_bytes()) for file in files if file.is_file()]


def _faults(workspace: Workspace) -> list[str]:
    """Modules that are not there or that Python cannot read."""
    faults = []
    for module in workspace.manifest.modules:
        file = workspace.file(module)
        if not file.is_file():
            faults.append(f"{file.name} is not there")
            continue
        try:
            compile(file.read_bytes(), file.name, "exec", dont_inherit=True)
        except SyntaxError as error:
            faults.append(f"{file.name} does not load: line {error.lineno}: {error.msg}")
        except ValueError as error:
            faults.append(f"{file.name} does not load: {error}")
    return faults


def _written_in_modules(workspace: Workspace) -> set[str]:
    found: set[str] = set()
    for module in workspace.manifest.modules:
        names = {function.name for function in workspace.manifest.of_module(module)}
        file = workspace.file(module)
        if file.is_file():
            source = file.read_text(encoding="utf-8-sig", errors="replace")
            found |= names & written([source])
            found |= _unreadable(source, names)
    return found


def _unreadable(source: str, names: set[str]) -> set[str]:
    """A file that does not parse was edited; its functions do not count as not written."""
    try:
        ast.parse(source)
    except (SyntaxError, ValueError):
        return names
    return set()


def _written_in_notebook(workspace: Workspace) -> set[str]:
    if workspace.notebook is None:
        return set()
    try:
        cells = json.loads(workspace.notebook.read_bytes())["cells"]
        sources = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    except (ValueError, LookupError, TypeError):
        return set()
    return written(_without_magics(source) for source in sources) & set(workspace.manifest.names)


def _without_magics(source: str) -> str:
    lines = source.splitlines()
    return "\n".join("" if line.lstrip().startswith(("%", "!")) else line for line in lines)


def _unwritten(workspace: Workspace, done: set[str]) -> list[str]:
    missing = [name for name in workspace.manifest.names if name not in done]
    if len(missing) == len(workspace.manifest.names):
        return ["no function is written yet"]
    return [f"not written yet: {', '.join(missing)}"] if missing else []


def _answers(workspace: Workspace) -> tuple[bytes | None, str | None, list[str]]:
    """The answers to the quiz, the name that they carry, and what is wrong with them."""
    places = {folder / ANSWERS for folder in (workspace.root, workspace.folder)}
    files = [file for file in places if file.is_file()]
    if not files:
        return None, None, []
    # `nnv quiz` saves where it is called: of two, the one that was answered last counts.
    content = max(files, key=lambda file: file.stat().st_mtime).read_bytes()
    try:
        saved = yaml.safe_load(content)
    except yaml.YAMLError:
        return content, None, [f"{ANSWERS} cannot be read; answer one question again: nnv quiz"]
    student = saved.get("student") if isinstance(saved, dict) else None
    return content, str(student) if student else None, []


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):  # no such variable, or Windows without one
        return "student"


def _slug(name: str) -> str:
    return re.sub(r"[^\w.@-]+", "-", name).strip("-.") or "student"
