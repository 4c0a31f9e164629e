"""A sandbox to share, and short ways to write a submission and its calls."""

from collections.abc import Callable, Iterator

import pytest
from measured_sandbox import sandboxes

from grader.sandbox import Calls, Guest, Limits, Outcome, Program, Raised, Reply, Sandbox, wire

FUNCTIONS = {
    "relu": "relu",
    "weighted_sum": "neuron",
    "neuron": "neuron",
    "dense": "dense",
    "network": "network",
}


@pytest.fixture(scope="session", params=sandboxes())
def box(request: pytest.FixtureRequest) -> Iterator[Sandbox]:
    """A sandbox with the limits of a real grading."""
    with request.param(FUNCTIONS) as sandbox:
        yield sandbox


@pytest.fixture(scope="session", params=sandboxes())
def quick_box(request: pytest.FixtureRequest) -> Iterator[Sandbox]:
    """A sandbox whose limits are short, for submissions that run into them."""
    limits = Limits(
        test_cpu_s=0.7, test_wall_s=1.4, load_s=0.4, load_all_s=4.0, memory_bytes=128 << 20
    )
    with request.param(FUNCTIONS, limits=limits) as sandbox:
        yield sandbox


def _modules(**sources: str) -> Program:
    return Program("modules", tuple((name, text.encode()) for name, text in sources.items()))


def _notebook(*cells: str) -> Program:
    return Program(
        "notebook", tuple((f"cell {n}", text.encode()) for n, text in enumerate(cells, 1))
    )


def _ask(guest: Guest, function: str, *arguments: tuple[object, ...]) -> Reply:
    calls: list[tuple[tuple[object, ...], dict[str, object]]] = [(a, {}) for a in arguments]
    return guest.run(Calls(function, wire.encode_calls(calls), len(calls)))


@pytest.fixture(scope="session")
def modules() -> Callable[..., Program]:
    """Write a submission of modules: ``modules(relu="def relu(z): ...")``."""
    return _modules


@pytest.fixture(scope="session")
def notebook() -> Callable[..., Program]:
    """Write a notebook of cells."""
    return _notebook


@pytest.fixture(scope="session")
def ask() -> Callable[..., Reply]:
    """Call a function of a guest, once with each tuple of arguments."""
    return _ask


@pytest.fixture
def once(box: Sandbox) -> Callable[[str], Outcome | Reply]:
    """Run a body as a student's ``relu(z)``; give the outcome, or the reply that has none."""

    def run(body: str) -> Outcome | Reply:
        lines = "\n".join(f"    {line}" for line in body.splitlines())
        with box.open(_modules(relu=f"def relu(z):\n{lines}\n")) as guest:
            reply = _ask(guest, "relu", (0,))
        return reply if reply.ending else reply.outcomes[0]

    return run


@pytest.fixture
def denied(once: Callable[[str], Outcome | Reply]) -> Callable[[str], bool]:
    """Tell whether the kernel denies what a body does."""

    def is_denied(body: str) -> bool:
        outcome = once(body)
        return isinstance(outcome, Raised) and outcome.type in {
            "PermissionError",
            "FileNotFoundError",
            "OSError",
            "RuntimeError",
        }

    return is_denied
