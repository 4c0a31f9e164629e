"""The hidden tests, collected by pytest once and then run for each submission.

A pytest session costs a quarter of a second; a collected test costs its calls.
"""

from __future__ import annotations

import contextlib
import io
import os
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from grader.errors import GraderError
from nnv.manifest import Manifest

SUITES = Path(__file__).parent / "suites"
# Plugins of pytest's own that are for running tests, or for tests that we have none of: without
# them collecting takes half as long, and every worker collects.
_NEEDLESS = (
    *("cacheprovider", "capture", "debugging", "doctest", "faulthandler", "junitxml", "legacypath"),
    *("logging", "pastebin", "setuponly", "setupplan", "stepwise", "subtests", "terminal"),
    *("threadexception", "unittest", "unraisableexception"),
)


class SuiteError(GraderError):
    """The suites are not whole: a fault of the grader's, never of a student's."""


@dataclass(frozen=True, slots=True)
class HiddenTest:
    """One collected test of a suite.

    Attributes:
        name: its id within the suite, such as ``test_batch`` or ``test_batch[3]``.
        function: the exercise function that it judges.
        points: what it is worth.
        needs_values: whether it counts only where the function's other tests pass.
        body: runs it, given ``student`` and ``reference``.
    """

    name: str
    function: str
    points: float
    needs_values: bool
    body: Callable[..., None]


class _Collector:
    """A pytest plugin that keeps the items instead of running them."""

    def __init__(self) -> None:
        self.items: list[pytest.Function] = []
        self.problems: list[str] = []

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        self.items = [item for item in session.items if isinstance(item, pytest.Function)]

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self.problems.append(f"{report.nodeid}: {report.longreprtext}")


@cache
def collect(folder: Path = SUITES) -> tuple[HiddenTest, ...]:
    """Collect the hidden tests of a folder of suites.

    Args:
        folder: where the suites are, with a ``pytest.ini``.

    Returns:
        The tests in the order of their files.

    Raises:
        SuiteError: where a suite cannot be imported, or a test has no ``points``.
    """
    collector = _Collector()
    options = ["--collect-only", "--assert=plain", *(f"-pno:{name}" for name in _NEEDLESS)]
    config = ["-c", str(folder / "pytest.ini"), "--rootdir", str(folder)]
    with _quiet_pytest():
        status = pytest.main([*options, *config, str(folder)], plugins=[collector])
    if collector.problems or status != pytest.ExitCode.OK or not collector.items:
        raise SuiteError("\n".join(collector.problems) or f"no hidden test in {folder}")
    return tuple(_hidden_test(item) for item in collector.items)


@contextlib.contextmanager
def _quiet_pytest():  # type: ignore[no-untyped-def]
    """Keep the instructor's own pytest settings out, and its output too."""
    names = {"PYTEST_ADDOPTS": "", "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    kept = {name: os.environ.get(name) for name in names}
    os.environ.update(names)
    try:
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            yield
    finally:
        for name, value in kept.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def _hidden_test(item: pytest.Function) -> HiddenTest:
    marker = item.get_closest_marker("points")
    if marker is None or len(marker.args) != 2:
        raise SuiteError(f"{item.nodeid}: needs the marker points(function, points)")
    function, points = marker.args
    parameters = dict(item.callspec.params) if hasattr(item, "callspec") else {}
    test = item.obj

    def body(student: object, reference: object) -> None:
        fixtures = {"student": student, "reference": reference}
        wanted = {n: fixtures[n] for n in item.fixturenames if n in fixtures}
        test(**wanted, **parameters)

    return HiddenTest(
        item.name, function, float(points), bool(marker.kwargs.get("needs_values")), body
    )


def by_function(manifest: Manifest, tests: tuple[HiddenTest, ...]) -> dict[str, list[HiddenTest]]:
    """Sort the hidden tests by function, in the manifest's order.

    Raises:
        SuiteError: where a function has no test, the points do not sum to the manifest's, or a
            test judges no function of the manifest.
    """
    sorted_tests: dict[str, list[HiddenTest]] = {f.name: [] for f in manifest.functions}
    for test in tests:
        if test.function not in sorted_tests:
            raise SuiteError(f"{test.name}: {test.function} is no function of the manifest")
        sorted_tests[test.function].append(test)
    for function in manifest.functions:
        total = sum(test.points for test in sorted_tests[function.name])
        if abs(total - function.points) > 1e-9:
            raise SuiteError(
                f"{function.name}: its hidden tests are worth {total:g} points, "
                f"the manifest says {function.points:g}"
            )
    return sorted_tests
