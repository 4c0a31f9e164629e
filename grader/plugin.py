"""The pytest plugin of the hidden suites: ``pytest grader/suites --submission PATH``.

It gives the suites' tests their fixtures ``student`` and ``reference`` and the marker ``points``.
`grader.marking` runs the same tests without a pytest session for each submission.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from grader.cases import LocalFunctions
from grader.references import functions
from nnv.manifest import manifest

REMEDY = "name one with --submission PATH: a folder, a notebook, a .py or a .zip file"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add ``--submission``."""
    parser.addoption("--submission", metavar="PATH", help="the hand-in to run the suites on")
    parser.addoption(
        "--allow-weak-isolation",
        action="store_true",
        help="run the student's code although the sandbox is not whole here",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Declare the marker."""
    config.addinivalue_line(
        "markers",
        "points(function, points, needs_values=False): what a hidden test is worth; with "
        "needs_values only where the function's other tests pass",
    )


@pytest.fixture(scope="session")
def reference() -> LocalFunctions:
    """The reference functions, each call evaluated once."""
    return LocalFunctions(functions(manifest()))


@pytest.fixture(scope="session")
def student(request: pytest.FixtureRequest) -> Iterator[Any]:
    """The functions of one submission, across the sandbox's pipe."""
    from grader.attempt import Attempt
    from grader.hand_ins import single_hand_in
    from grader.sandbox import Sandbox
    from grader.submission import read

    path = request.config.getoption("--submission")
    if path is None:
        pytest.fail(f"no submission: {REMEDY}", pytrace=False)
    with Sandbox() as sandbox:
        if sandbox.isolation.level != "full" and not request.config.getoption(
            "--allow-weak-isolation"
        ):
            pytest.fail(f"isolation is {sandbox.isolation}", pytrace=False)
        attempt = Attempt(sandbox, read(single_hand_in(Path(path))))
        yield attempt.student()
        attempt.close()
