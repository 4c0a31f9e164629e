"""The calls that the hidden suites make, by function: what every contestant has to make too."""

from __future__ import annotations

from functools import cache

from grader import references
from grader.cases import Call, Cases, LocalFunctions, LocalHandle, Run
from grader.collected import collect
from nnv.manifest import manifest


class _Student:
    """Hands in the references and writes down what it is asked."""

    def __init__(self, functions: LocalFunctions, asked: dict[str, list[Cases]]) -> None:
        self._functions = functions
        self._asked = asked

    def __getattr__(self, name: str) -> _Handle:
        return _Handle(getattr(self._functions, name), self._asked[name])


class _Handle:
    def __init__(self, handle: LocalHandle, asked: list[Cases]) -> None:
        self.name = handle.name
        self._handle = handle
        self._asked = asked

    def run(self, given: Cases) -> Run:
        self._asked.append(given)
        return self._handle.run(given)


@cache
def calls() -> dict[str, tuple[Call, ...]]:
    """Every call of the hidden suites, by function, in their order."""
    known = manifest()
    reference = LocalFunctions(references.functions(known))
    asked: dict[str, list[Cases]] = {name: [] for name in known.names}
    student = _Student(reference, asked)
    for test in collect():
        test.body(student, reference)
    return {name: tuple(c for given in found for c in given) for name, found in asked.items()}
