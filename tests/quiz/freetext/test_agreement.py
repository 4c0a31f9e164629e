"""Holds the marker to the agreement that it reached: it is deterministic, so this is fair."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

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
FIGURES = {name: BENCH.measure(answers)[0] for name, answers in BENCH.sets()}


def test_all_forty_examples_are_marked_as_they_are_labelled() -> None:
    """The class's own examples agree concept by concept, and no trap earns a point."""
    assert FIGURES["examples"].wrong == []
    assert FIGURES["examples"].leaks == []


@pytest.mark.parametrize(
    ("name", "concept", "question"),
    [
        ("seen", 0.9, 0.95),
        ("unseen", 0.8, 0.9),
        ("held-out", 0.89, 0.96),
        ("authors", 0.9, 0.95),
        ("authors-unseen", 0.9, 0.95),
        ("last", 0.95, 0.98),
        ("after", 0.75, 0.95),
        ("later", 0.75, 0.85),
    ],
)
def test_agreement_does_not_fall(name: str, concept: float, question: float) -> None:
    """Kappa a concept and weighted kappa a question stay where they were."""
    assert concept <= min(FIGURES[name].concepts.values())
    assert question <= min(FIGURES[name].questions.values())


def test_unsure_is_rare() -> None:
    """At most one answer in ten is left to an instructor, in the class's examples and over all."""
    answers = sum(figures.answers for figures in FIGURES.values())
    unsure = sum(figures.unsure * figures.answers for figures in FIGURES.values())
    assert FIGURES["examples"].unsure < 0.1
    assert unsure / answers < 0.05


@pytest.mark.parametrize("name", ["unseen", "held-out", "authors-unseen", "last", "after", "later"])
def test_what_the_marker_is_sure_of_is_right(name: str) -> None:
    """Of the answers that it does not leave to an instructor, 93 in 100 agree in every concept."""
    figures = FIGURES[name]
    assert figures.wrong_though_sure <= 0.07 * figures.answers
    assert figures.unsure < 0.1


@pytest.mark.parametrize("name", ["examples", "held-out", "last"])
def test_no_trap_leaks(name: str) -> None:
    """A trap that earns nothing is given nothing."""
    assert FIGURES[name].leaks == []


def test_every_set_is_there() -> None:
    """The sets are not lost: forty examples and more than three thousand answers of our own."""
    assert FIGURES["examples"].answers == 40
    assert sum(figures.answers for figures in FIGURES.values()) > 3000
