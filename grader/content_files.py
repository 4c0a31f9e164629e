"""What the files of the content say without being run: which there are, and whether they fit.

The stem of a module is one thing everywhere: ``exercises/dense.py``, ``exercises/test_dense.py``,
``solutions/dense.py``, ``solutions/misconceptions/dense.py``, ``grader/suites/test_dense.py``.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from nnv.manifest import Function, Manifest

MANIFEST = "exercises/exercises.yaml"
FILES = (
    "exercises/{}.py",
    "exercises/test_{}.py",
    "solutions/{}.py",
    "solutions/misconceptions/{}.py",
    "grader/suites/test_{}.py",
)
FOLDERS = {
    "exercises": "*.py",
    "solutions": "*.py",
    "solutions/misconceptions": "*.py",
    "grader/suites": "test_*.py",
}
_HELPERS = {"__init__.py", "conftest.py"}


@dataclass(frozen=True, slots=True)
class Problem:
    """Something of the content that does not fit.

    Attributes:
        where: the file, and the function in it.
        fact: what was found.
        remedy: what to do about it.
    """

    where: str
    fact: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.where}: {self.fact}; {self.remedy}"


def check_files(home: Path, manifest: Manifest) -> Iterator[Problem]:
    """Check what can be seen without running anything.

    Args:
        home: the folder with ``exercises``, ``solutions`` and ``grader``.
        manifest: the functions.

    Yields:
        Missing files and orphans; where there are none, stubs that do not fit their solutions.
    """
    expected = {form.format(module) for module in manifest.modules for form in FILES}
    missing = [name for name in sorted(expected) if not (home / name).is_file()]
    for name in missing:
        yield Problem(name, "is missing", f"write it, or take its functions out of {MANIFEST}")
    for folder, pattern in FOLDERS.items():
        for path in sorted((home / folder).glob(pattern)):
            name = f"{folder}/{path.name}"
            if path.name not in _HELPERS and name not in expected:
                yield Problem(
                    name, "is of no module", f"add its functions to {MANIFEST}, or delete it"
                )
    if not missing:
        for module in manifest.modules:
            yield from _check_module(home, module, manifest)


def _check_module(home: Path, module: str, manifest: Manifest) -> Iterator[Problem]:
    functions = manifest.of_module(module)
    names = [function.name for function in functions]
    files = {folder: f"{folder}/{module}.py" for folder in ("exercises", "solutions")}
    defined = {folder: _public_functions(home / name) for folder, name in files.items()}
    for folder, nodes in defined.items():
        for name in [name for name in nodes if name not in names]:
            remedy = f"add it to {MANIFEST}, or begin its name with an underscore"
            yield Problem(f"{files[folder]}: {name}", "is of no graded function", remedy)
        for name in [name for name in names if name not in nodes]:
            yield Problem(f"{files[folder]}: {name}", "is missing", "write it")
    checked = _names_used(home / f"exercises/test_{module}.py")
    for function in functions:
        if function.name not in checked:
            where = f"exercises/test_{module}.py"
            yield Problem(where, f"does not try {function.name}", "add a self-check of it")
        stub = defined["exercises"].get(function.name)
        solution = defined["solutions"].get(function.name)
        if stub is not None and solution is not None:
            yield from _check_pair(
                f"{files['exercises']}: {function.name}", function, stub, solution
            )


def _check_pair(
    where: str, function: Function, stub: ast.FunctionDef, solution: ast.FunctionDef
) -> Iterator[Problem]:
    if _signature(stub) != _signature(solution):
        yield Problem(
            where,
            f"has the signature {_signature(stub)}, its solution {_signature(solution)}",
            "make them the same",
        )
    docstring = ast.get_docstring(stub) or ""
    if docstring != (ast.get_docstring(solution) or ""):
        yield Problem(where, "has another docstring than its solution", "make them the same")
    if ">>>" not in docstring:
        yield Problem(where, "has no worked example", "write one after >>> in its docstring")
    if f'"{function.section}"' not in docstring:
        yield Problem(where, "does not name its section", f'write "{function.section}" there')
    if not _only_says_what_to_do(stub):
        yield Problem(
            where,
            "does more than to say what to do, or does not say it",
            f'leave nothing but raise NotImplementedError("{function.name}: …")',
        )


def _public_functions(path: Path) -> dict[str, ast.FunctionDef]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    return {node.name: node for node in functions if not node.name.startswith("_")}


def _names_used(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}


def _signature(node: ast.FunctionDef) -> str:
    returns = f" -> {ast.unparse(node.returns)}" if node.returns else ""
    return f"({ast.unparse(node.args)}){returns}"


def _only_says_what_to_do(stub: ast.FunctionDef) -> bool:
    match stub.body[1:]:
        case [
            ast.Raise(
                exc=ast.Call(
                    func=ast.Name(id="NotImplementedError"), args=[ast.Constant(value=str(text))]
                )
            )
        ]:
            return len(text) > len(f"{stub.name}: ") and text.startswith(f"{stub.name}: ")
    return False
