"""The student edition: what may leave the instructor's machine.

Nothing is taken away from a copy of everything; what belongs in is named, and nothing else goes in.
The edition installs by itself and has the commands check, quiz and submit.
"""

from __future__ import annotations

import ast
import importlib.metadata
import re
import shutil
import sys
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from string import Template

from nnv.cli import version
from nnv.handin import written
from nnv.manifest import FILE_NAME, Manifest, load
from nnv.workspace import NOTEBOOK
from quiz import edition as quiz_edition
from quiz.problems import QuizFileError

NAME = "nn-visually-student"
_TEMPLATES = Path(__file__).parent / "student_edition"
_HOUSE = Path(__file__).resolve().parent.parent
# The distribution's name, where it is not that of the module.
_DISTRIBUTIONS = {
    "_pytest": "pytest",
    "markdown_it": "markdown-it-py",
    "ruamel": "ruamel-yaml",
    "yaml": "pyyaml",
}


class ReleaseError(Exception):
    """The student edition cannot be written; the message says why and what to do."""


def write_student_edition(target: Path, *, force: bool = False) -> tuple[str, ...]:
    """Write the student edition.

    The same content gives the same files, byte for byte.

    Args:
        target: the folder for it; it is made where it is not there.
        force: write into a folder that is not empty. What the edition has of the same name there
            is replaced; anything else stays.

    Returns:
        The files that were written, relative to the folder, in order.

    Raises:
        ReleaseError: the folder is not empty, the exercises here are no stubs, or the quiz is
            wrong.
    """
    if target.exists() and (not target.is_dir() or any(target.iterdir())) and not force:
        raise ReleaseError(f"{target} is not an empty folder; name another one, or add --force")
    manifest = load(_HOUSE / "exercises" / FILE_NAME)
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".release-") as scratch:
        edition = Path(scratch)
        try:
            _write(edition, manifest)
        except QuizFileError as error:
            raise ReleaseError(str(error)) from None
        files = sorted(p.relative_to(edition).as_posix() for p in edition.rglob("*") if p.is_file())
        _move(edition, target)
    return tuple(files)


def _write(edition: Path, manifest: Manifest) -> None:
    _copy_exercises(edition / "exercises", manifest)
    _copy_files((_HOUSE / "nnv").glob("*.py"), edition / "nnv")
    quiz_edition.write(_HOUSE / "quiz", edition / "quiz")
    (edition / "README.md").write_bytes((_TEMPLATES / "README.md").read_bytes())
    (edition / ".gitignore").write_bytes((_TEMPLATES / "gitignore").read_bytes())
    (edition / "pyproject.toml").write_text(
        _pyproject(edition, manifest), encoding="utf-8", newline="\n"
    )


def _copy_exercises(target: Path, manifest: Manifest) -> None:
    source = _HOUSE / "exercises"
    names = ["__init__.py", "conftest.py", FILE_NAME]
    for module in manifest.modules:
        names += [f"{module}.py", f"test_{module}.py"]
        _must_be_stubs(source / f"{module}.py", {f.name for f in manifest.of_module(module)})
    names += [NOTEBOOK] if (source / NOTEBOOK).is_file() else []
    missing = [name for name in names if not (source / name).is_file()]
    if missing:
        raise ReleaseError(f"{source} lacks {', '.join(missing)}; nnv check-content says what else")
    _copy_files((source / name for name in names), target)


def _must_be_stubs(file: Path, names: set[str]) -> None:
    source = file.read_text(encoding="utf-8") if file.is_file() else ""
    solved = names & written([source])
    if solved:
        raise ReleaseError(
            f"{file}: {', '.join(sorted(solved))} is written there; "
            "students get stubs, so put back raise NotImplementedError(...)"
        )


def _copy_files(files: Iterable[Path], target: Path) -> None:
    target.mkdir(parents=True, exist_ok=True)
    for file in sorted(files):
        (target / file.name).write_bytes(file.read_bytes())


def _move(edition: Path, target: Path) -> None:
    target.mkdir(exist_ok=True)
    for entry in sorted(edition.iterdir()):
        old = target / entry.name
        if old.is_dir() and not old.is_symlink():
            shutil.rmtree(old)
        else:
            old.unlink(missing_ok=True)
        shutil.move(entry, old)


def _pyproject(edition: Path, manifest: Manifest) -> str:
    packages = ("nnv", "quiz")
    template = Template((_TEMPLATES / "pyproject.toml").read_text(encoding="utf-8"))
    return template.substitute(
        version=version(),
        title=manifest.title,
        packages=", ".join(f'"{name}"' for name in packages),
        dependencies="\n".join(f'    "{line}",' for line in _dependencies(edition, packages)),
    )


def _dependencies(edition: Path, packages: Sequence[str]) -> list[str]:
    """What the edition's own files import, as our distribution requires it."""
    plain, optional = _required()
    imported = {
        name
        for package in packages
        for file in (edition / package).rglob("*.py")
        for name in _imports(file.read_text(encoding="utf-8"))
    }
    names = {_canonical(_DISTRIBUTIONS.get(name, name)) for name in imported}
    unknown = names - {*packages, "exercises", *plain, *optional}
    if unknown:
        raise ReleaseError(
            f"the edition imports {', '.join(sorted(unknown))}, which pyproject.toml does not "
            "require; add it there and install this distribution again"
        )
    return [plain[name] for name in sorted(names & set(plain))]


def _required() -> tuple[dict[str, str], dict[str, str]]:
    """Requirement of each distribution: of a plain installation of ours, and of its extras."""
    plain: dict[str, str] = {}
    optional: dict[str, str] = {}
    for line in importlib.metadata.requires("nn-visually") or []:
        name = _canonical(re.split(r"[^A-Za-z0-9._-]", line)[0])
        (optional if "extra ==" in line else plain)[name] = line
    return plain, optional


def _canonical(name: str) -> str:
    """A distribution's name as all of its spellings have it in common (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def _imports(source: str) -> set[str]:
    """The top-level modules that a source imports, wherever in it, but Python's own."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.partition(".")[0])
    return found - sys.stdlib_module_names
