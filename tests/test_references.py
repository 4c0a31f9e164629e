"""The source of one reference alone."""

from __future__ import annotations

import ast

import pytest

from grader.references import functions, source_alone
from nnv.manifest import manifest


@pytest.mark.parametrize("function", manifest().functions, ids=lambda f: f.name)
def test_one_reference_brings_no_other(function) -> None:  # type: ignore[no-untyped-def]
    """The source defines its function and private helpers, and no other exercise function."""
    tree = ast.parse(source_alone(function.module, function.name))
    defined = {n.name for n in ast.walk(tree) if isinstance(n, ast.FunctionDef)}
    assert function.name in defined
    assert not (defined & set(manifest().names)) - {function.name}


def test_no_import_of_the_solutions() -> None:
    """From the source of `fits` no way leads to the solutions."""
    for function in manifest().functions:
        assert "solutions" not in source_alone(function.module, function.name)


def test_references_come_in_order() -> None:
    """All functions of the manifest have a reference."""
    assert list(functions(manifest())) == list(manifest().names)
