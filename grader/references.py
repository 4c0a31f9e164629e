"""The reference side: the truth, and the source of one reference alone.

Nothing else of the grader imports `solutions`. When a student's helper is replaced, the source of
that one function goes into the sandbox with the private helpers it needs and nothing more, so that
no other reference can be reached from it.
"""

from __future__ import annotations

import ast
import importlib
from collections.abc import Callable
from functools import cache
from pathlib import Path

from nnv.manifest import Manifest


def functions(manifest: Manifest) -> dict[str, Callable[..., object]]:
    """Load the references, by name, in the manifest's order."""
    return {
        f.name: getattr(importlib.import_module(f"solutions.{f.module}"), f.name)
        for f in manifest.functions
    }


@cache
def source_alone(module: str, function: str) -> str:
    """The source of one reference with the private helpers that it uses.

    Args:
        module: the exercise module it stands in.
        function: its name.

    Returns:
        Source text that defines the function; other exercise functions are free names in it.
    """
    path = _path(module)
    statements = {name: node for node in _statements(path) for name in bound(node)}
    wanted, kept = [function], set()
    while wanted:
        name = wanted.pop()
        if name in kept or (name != function and not name.startswith("_")):
            continue
        kept.add(name)
        uses = {n.id for n in ast.walk(statements[name]) if isinstance(n, ast.Name)}
        wanted += [use for use in sorted(uses) if use in statements]
    nodes = [n for n in _statements(path) if kept & set(bound(n))]
    lines = ["from __future__ import annotations", "import numpy as np", *_imports(path)]
    return "\n".join(lines + [ast.unparse(_without_docstring(node)) for node in nodes]) + "\n"


def source_text(module: str) -> str:
    """The text of a module of solutions."""
    return _path(module).read_text(encoding="utf-8")


def _path(module: str) -> Path:
    return Path(str(importlib.import_module(f"solutions.{module}").__file__))


def _statements(path: Path) -> list[ast.stmt]:
    return ast.parse(path.read_text(encoding="utf-8")).body


def bound(node: ast.stmt) -> list[str]:
    """The names that a statement at the top of a module binds."""
    if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
        return [node.name]
    if isinstance(node, ast.Assign):
        return [t.id for t in node.targets if isinstance(t, ast.Name)]
    if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
        return [node.target.id]
    return []


def _imports(path: Path) -> list[str]:
    """The module's imports, of the standard library and numpy only."""
    taken = []
    for node in _statements(path):
        if isinstance(node, ast.Import):
            taken.append(ast.unparse(node))
        elif isinstance(node, ast.ImportFrom):
            package = (node.module or "").split(".")[0]
            if package not in {"__future__", "solutions", "nnv"}:
                taken.append(ast.unparse(node))
    return taken


def _without_docstring(node: ast.stmt) -> ast.stmt:
    if isinstance(node, ast.FunctionDef) and ast.get_docstring(node) is not None:
        node.body = node.body[1:]
    return node
