"""`nnv course`: an nbgrader course, ready for nbgrader's own commands."""

from __future__ import annotations

import ast
from pathlib import Path

import nnv
from grader.errors import GraderError
from grader.notebook import cells
from nnv.manifest import FILE_NAME, Manifest, default_path, manifest

CONFIG = "nbgrader_config.py"
_CONFIG_TEXT = Path(__file__).with_name("nbgrader_config.py.txt")


class CourseError(GraderError):
    """The course cannot be written; the message says why and what to do."""


def write_course(folder: Path, *, force: bool = False) -> tuple[str, ...]:
    """Write an nbgrader course.

    Args:
        folder: the folder for it; it is made where it is not there.
        force: write into a folder that is not empty. Files of ours there are replaced; gradebook,
            hand-ins and everything else stay.

    Returns:
        The files that were written, relative to the folder, in order.

    Raises:
        CourseError: the folder is not empty, or is no folder.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())) and not force:
        raise CourseError(f"{folder} is not an empty folder; name another one, or add --force")
    known = manifest()
    files = {CONFIG: _config(known), **_assignment(known)}
    for name, content in files.items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(content, encoding="utf-8", newline="\n")
    return tuple(sorted(files))


def _config(known: Manifest) -> str:
    text = _CONFIG_TEXT.read_text(encoding="utf-8")
    return text.replace("@ASSIGNMENT@", known.assignment).replace("@STUB@", repr(cells.CODE_STUB))


def _assignment(known: Manifest) -> dict[str, str]:
    """The files of the assignment: the notebooks, and the self-checks that come along."""
    from grader.notebook.quiz_cells import NAME, quiz_notebook

    home = f"source/{known.assignment}"
    files = {
        f"{home}/{cells.NAME}.ipynb": cells.as_text(cells.source(known)),
        f"{home}/{NAME}.ipynb": cells.as_text(quiz_notebook()),
    }
    for name, content in self_checks(known).items():
        files[f"{home}/{name}"] = content
    return files


def self_checks(known: Manifest) -> dict[str, str]:
    """What a check cell needs, as a package to lie beside the notebook.

    Returns:
        Text by path: of `nnv` no more than its notebook part uses, and the self-checks with the
        manifest where an installed student edition keeps them.
    """
    exercises = default_path().parent
    names = (FILE_NAME, *(f"test_{module}.py" for module in known.modules))
    checks = {name: (exercises / name).read_text(encoding="utf-8") for name in names}
    used = [m for name, text in checks.items() if name.endswith(".py") for m in _imported(text)]
    modules = _modules(Path(nnv.__file__).parent, ["__init__", "notebook", *used])
    files = {f"nnv/{name}.py": text for name, text in modules.items()}
    return {**files, **{f"nnv/_exercises/{name}": text for name, text in checks.items()}}


def _modules(package: Path, wanted: list[str]) -> dict[str, str]:
    """These modules of a package and those that they import, directly or through others."""
    found: dict[str, str] = {}
    while wanted:
        name = wanted.pop()
        if name not in found:
            found[name] = (package / f"{name}.py").read_text(encoding="utf-8")
            wanted += [m for m in _imported(found[name]) if (package / f"{m}.py").is_file()]
    return found


def _imported(text: str) -> list[str]:
    names = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.ImportFrom) and node.module:
            first, _, rest = node.module.partition(".")
            if first == "nnv":
                names += [rest] if rest else [alias.name for alias in node.names]
    return names
