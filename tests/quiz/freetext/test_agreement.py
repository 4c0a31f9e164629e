"""Holds the marker to the agreement that it reached: it is deterministic, so this is fair."""

from __future__ import annotations

import importlib.util
import sys
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

ROOT = Path(__file__).parents[3]


def _bench() -> ModuleType:
    spec = importlib.util.spec_from_file_location("bench_freetext", ROOT / "bench" / "freetext.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


BENCH = _bench()
UNSEEN = BENCH.UNSEEN
SETS = dict(BENCH.sets())


@cache
def figures_of(name: str) -> Any:
    """What one set says about the marker."""
    return BENCH.measure(SETS[name])[0]


def test_all_forty_examples_are_marked_as_they_are_labelled() -> None:
    """The class's own examples agree concept by concept, and no trap earns a point."""
    assert figures_of("examples").wrong == []
    assert figures_of("examples").leaks == []


@pytest.mark.parametrize(
    ("name", "concept", "question"),
    [
        ("unseen", 0.89, 0.95),
        ("held-out", 0.95, 0.98),
        ("authors-unseen", 0.9, 0.95),
        ("last", 0.95, 0.98),
        ("after", 0.95, 0.98),
        ("later", 0.75, 0.95),
        ("round-31", 0.9, 0.93),
        ("round-37", 0.9, 0.95),
        ("round-44", 0.87, 0.95),
    ],
)
def test_agreement_does_not_fall(name: str, concept: float, question: float) -> None:
    """Kappa a concept and weighted kappa a question stay where they were."""
    assert concept <= min(figures_of(name).concepts.values())
    assert question <= min(figures_of(name).questions.values())


@pytest.mark.parametrize("name", ["examples", *UNSEEN])
def test_unsure_is_rare(name: str) -> None:
    """Fewer than one answer in ten is left to an instructor."""
    assert figures_of(name).unsure < 0.1


@pytest.mark.parametrize("name", UNSEEN)
def test_what_the_marker_is_sure_of_is_right(name: str) -> None:
    """Of the answers that it does not leave to an instructor, 93 in 100 agree in every concept."""
    assert figures_of(name).wrong_though_sure <= 0.07 * figures_of(name).answers


@pytest.mark.parametrize("name", ["examples", "unseen", "held-out", "last", "round-37", "round-44"])
def test_no_trap_leaks(name: str) -> None:
    """A trap that earns nothing is given nothing."""
    assert figures_of(name).leaks == []


def test_few_traps_of_the_hardest_set_leak() -> None:
    """Of the plain traps of round 31 at most three are given a point."""
    assert len(figures_of("round-31").leaks) <= 3


def test_every_set_is_there() -> None:
    """The sets are not lost: forty examples and more than ten thousand answers of our own."""
    answers = {name: len(found) for name, found in SETS.items()}
    assert answers["examples"] == 40
    assert sum(answers.values()) > 10_000
    assert {name for name in answers if not BENCH.is_for_learning(name)} == set(UNSEEN)
