"""Marking many files on several cores."""

from __future__ import annotations

import gc
from collections.abc import Callable
from multiprocessing.pool import ThreadPool
from pathlib import Path
from typing import Any

import pytest

from quiz import cores
from quiz.collect import entry, find
from quiz.model import Quiz

SAID = "it multiplies each input, student {0} says, adds it all up and bends the sum"
FILE = """schema_version: 1
quiz: {quiz}
student: {student}
answers:
  three-steps: {said}
  weights-7b: {number} GB
  layer-parameters: {{answer: '500', numbers: {{m: 48, n: 10}}}}
"""


@pytest.fixture
def hand_ins(tmp_path: Path) -> Path:
    """Twelve files, among them one without texts, one of another quiz, one forged, one broken."""
    for number in range(12):
        student = f"s{number:02}"
        text = FILE.format(
            quiz="lesson05" if number == 7 else "lesson04",
            student="s01" if number == 8 else student,
            said="''" if number == 9 else f"{{answer: '{SAID.format(number)}'}}",
            number=number,
        )
        (tmp_path / student).mkdir()
        (tmp_path / student / "answers.yaml").write_text("[" if number == 10 else text)
    return tmp_path


def threads(work: Callable[[Any], Any], count: int) -> ThreadPool:
    """Workers that are threads of this process."""
    return ThreadPool(count + 1, cores._begin, (work,))


@pytest.mark.skipif(not cores.can_fork(), reason="this system cannot fork")
@pytest.mark.parametrize("warming", [0, 3, 20])
@pytest.mark.parametrize("workers", [cores._workers, threads])
def test_several_workers_give_what_one_gives(
    monkeypatch: pytest.MonkeyPatch,
    hand_ins: Path,
    lesson: Quiz,
    warming: int,
    workers: Callable[..., Any],
) -> None:
    """Entries, their order and their errors are those of marking one file after the other."""
    monkeypatch.setattr(cores, "WARMING", warming)
    monkeypatch.setattr(cores, "_workers", workers)
    founds = list(find([hand_ins]))
    together = cores.entries_on_cores(lesson, founds)
    alone = [entry(lesson, found) for found in founds]
    assert alone == together
    assert [_order(made) for made in alone] == [_order(made) for made in together]
    assert ["s07", "s10"] == [made["student"] for made in together if "error" in made]
    assert 3.0 == together[0]["questions"]["three-steps"]["points"]
    assert together[8]["questions"]["layer-parameters"]["unsure"]


def _order(made: dict[str, Any]) -> list[str]:
    return [*made, *made.get("questions", ())]


@pytest.mark.skipif(not cores.can_fork(), reason="this system cannot fork")
def test_garbage_is_collected_again_afterwards(hand_ins: Path, lesson: Quiz) -> None:
    """Collecting pauses while workers share this process's memory, and only then."""
    assert gc.isenabled()
    cores.entries_on_cores(lesson, list(find([hand_ins])))
    assert gc.isenabled()
