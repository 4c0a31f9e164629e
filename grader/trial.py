"""Hidden tests on trusted code, in this process: references, stubs, misconceptions, variants.

A student's code never runs here. What does is ours, and needs no sandbox.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from grader.cases import Cases, LocalFunctions, LocalHandle, Run
from grader.collected import HiddenTest
from grader.suite import Disagreement


@dataclass(frozen=True, slots=True)
class Trial:
    """What came of a function's hidden tests.

    Attributes:
        points: what it earned.
        failed: the names of the tests that it failed.
        runs: what came of each `Cases`, by function and cases, as `Diagnosis` takes it.
    """

    points: float
    failed: tuple[str, ...]
    runs: dict[tuple[str, Cases], Run]


class _Recorded:
    """The functions of a trial, of which there is one; keeps what it gave."""

    def __init__(self, name: str, function: Callable[..., object]) -> None:
        self._handle = LocalHandle(name, function)
        self.runs: dict[tuple[str, Cases], Run] = {}

    def __getattr__(self, name: str) -> _Recorded:
        if name != self._handle.name:
            raise AttributeError(f"a test of {self._handle.name} calls {name}")
        return self

    @property
    def name(self) -> str:
        """The function's name."""
        return self._handle.name

    def run(self, given: Cases) -> Run:
        """Make the calls, and keep what came of them."""
        return self.runs.setdefault((self.name, given), self._handle.run(given))


def attempt(
    name: str,
    function: Callable[..., object],
    tests: Iterable[HiddenTest],
    reference: LocalFunctions,
) -> Trial:
    """Run a function's hidden tests on trusted code.

    Args:
        name: the function of the manifest.
        function: what stands in for it.
        tests: its hidden tests.
        reference: what they compare with.

    Returns:
        Its points, the tests that it failed, and its outcomes.
    """
    student = _Recorded(name, function)
    passed, failed = [], []
    for test in tests:
        try:
            test.body(student, reference)
            passed.append(test)
        except Disagreement:
            failed.append(test)
    has_values = not any(not test.needs_values for test in failed)
    points = sum(test.points for test in passed if has_values or not test.needs_values)
    return Trial(points, tuple(test.name for test in failed), student.runs)
