"""The hidden suites: who passes them, and who does not."""

import runpy
from pathlib import Path

import numpy as np
import pytest

from grader import references
from grader.cases import LocalFunctions
from grader.collected import by_function, collect
from grader.diagnosis import Diagnosis, same_value
from grader.trial import attempt
from nnv.manifest import manifest
from solutions import misconceptions

FUNCTIONS = manifest().names
VARIANTS = {
    name: styles
    for module in manifest().modules
    for name, styles in runpy.run_path(str(Path(__file__).parent / "variants" / f"{module}.py"))[
        "VARIANTS"
    ].items()
}
WRONG = [(name, wrong) for name in FUNCTIONS for wrong in misconceptions.of(name)]


def _raises(*args: object, **kwargs: object) -> None:
    raise ValueError("always")


TRIVIAL = {
    "raises": _raises,
    "none": lambda *args, **kwargs: None,
    "zero": lambda *args, **kwargs: 0,
    "one": lambda *args, **kwargs: 1,
    "true": lambda *args, **kwargs: True,
    "false": lambda *args, **kwargs: False,
    "first": lambda *args, **kwargs: [*args, *kwargs.values()][0],
    "last": lambda *args, **kwargs: [*args, *kwargs.values()][-1],
}


@pytest.fixture(scope="module")
def reference():
    """The references; each call is evaluated once."""
    return LocalFunctions(references.functions(manifest()))


@pytest.fixture(scope="module")
def tests():
    """The hidden tests, by function."""
    return by_function(manifest(), collect())


@pytest.fixture(scope="module")
def diagnosis(reference, tests):
    """The diagnosis, which has seen all probes."""
    diagnosis = Diagnosis(manifest(), reference)
    for name in FUNCTIONS:
        for test in tests[name]:
            test.body(diagnosis.watch(), reference)
    return diagnosis


@pytest.mark.parametrize(
    ("name", "style"), [(name, style) for name in FUNCTIONS for style in VARIANTS[name]]
)
def test_correct_variant_earns_full_marks(name, style, tests, reference):
    """Any correct way of writing a function passes all of its tests."""
    namespace = {"__name__": style}
    exec(compile(VARIANTS[name][style], style, "exec"), namespace)
    trial = attempt(name, namespace[name], tests[name], reference)
    assert trial.failed == ()
    assert trial.points == manifest().function(name).points


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_function_has_six_variants(name):
    """At least six correct ways of writing each function are tried."""
    assert len(VARIANTS[name]) >= 6


@pytest.mark.parametrize("stub", TRIVIAL)
@pytest.mark.parametrize("name", FUNCTIONS)
def test_trivial_stub_earns_nothing(name, stub, tests, reference):
    """A function that always raises, or always says the same, has no points."""
    assert attempt(name, TRIVIAL[stub], tests[name], reference).points == 0


@pytest.mark.parametrize(("name", "wrong"), WRONG, ids=[f"{n}-{w.id}" for n, w in WRONG])
def test_misconception_is_caught_and_named(name, wrong, tests, reference, diagnosis):
    """A known wrong version loses points, and no other name fits it."""
    trial = attempt(name, wrong.implementation, tests[name], reference)
    named = diagnosis.misconception(name, trial.runs)
    assert trial.failed
    assert (named.id, named.text) == (wrong.id, wrong.text)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_function_has_eight_misconceptions(name):
    """At least eight wrong versions of each function have a name."""
    assert len(misconceptions.of(name)) >= 8


@pytest.mark.parametrize("name", FUNCTIONS)
def test_few_calls_and_small_first(name, tests, reference):
    """The calls of a function fit into a student's minute; each test starts small."""
    trial = attempt(name, references.functions(manifest())[name], tests[name], reference)
    assert sum(len(given) for _, given in trial.runs) <= 24
    for _, given in trial.runs:
        assert given.sizes[0] <= 2 * min(given.sizes)


@pytest.mark.parametrize("other", [np.float64(3.0), np.int64(3), np.array(3.0), 10**400 + 1, 3.0])
def test_whole_numbers_of_any_size_are_told_apart(other: object) -> None:
    """A number of four hundred digits is compared with numpy's numbers, and fits none."""
    assert not same_value(10**400, other)
    assert not same_value(other, 10**400)
    assert same_value(10**400, 10**400)
