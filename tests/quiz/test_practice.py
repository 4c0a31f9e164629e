"""Practising with spaced repetition."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from quiz import load
from quiz.loader import PRACTICE, bundled
from quiz.model import Quiz
from quiz.practice import Practice
from quiz.problems import QuizAnswersError
from quiz.scoring.outcome import Outcome

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
RIGHT, WRONG = Outcome(1, 1), Outcome(0, 1)


@pytest.fixture
def bank(own_cache: None) -> Quiz:
    """The lesson's practice bank."""
    return load(bundled(PRACTICE))


def test_bank_is_for_practice(bank: Quiz, lesson: Quiz) -> None:
    """The bank has its key, tells everything, and shares no question with the graded quiz."""
    assert ("practice", "full", True) == (bank.policy.mode, bank.policy.feedback, bank.keyed)
    assert not {q.id for q in bank.questions} & {q.id for q in lesson.questions}


def test_new_questions_all_come(bank: Quiz, tmp_path: Path) -> None:
    """At first every question waits, in an order of the student's own."""
    practice = Practice.open(bank, tmp_path / "p.json", "ada")
    assert {q.id for q in bank.questions} == {q.id for q in practice.queue(NOW)}


def test_wrong_comes_again_before_right(bank: Quiz, tmp_path: Path) -> None:
    """What went wrong is due within minutes, what was right later; new ones wait behind."""
    practice = Practice.open(bank, tmp_path / "p.json", "ada")
    one, two = bank.questions[:2]
    soon = practice.remember(one, WRONG, 0, NOW)
    later = practice.remember(two, RIGHT, 0, NOW)
    assert NOW < soon < later
    assert soon <= NOW + timedelta(minutes=10)
    assert one == practice.queue(soon)[0]
    assert two not in practice.queue(soon)


def test_a_hint_brings_it_back_sooner(bank: Quiz, tmp_path: Path) -> None:
    """Right with a hint is remembered less well than right without."""
    practice = Practice.open(bank, tmp_path / "p.json", "ada")
    one, two = bank.questions[:2]
    assert practice.remember(one, RIGHT, 1, NOW) < practice.remember(two, RIGHT, 0, NOW)


def test_progress_is_kept(bank: Quiz, tmp_path: Path) -> None:
    """Another session goes on with the same plan."""
    file = tmp_path / "p.json"
    due = Practice.open(bank, file, "ada").remember(bank.questions[0], WRONG, 0, NOW)
    again = Practice.open(bank, file)
    assert due == again.due(bank.questions[0])
    assert ("ada", 1, 0) == (
        again.student,
        again.remembered[bank.questions[0].id].rounds,
        again.remembered[bank.questions[0].id].right,
    )


def test_each_round_has_new_numbers(bank: Quiz, tmp_path: Path) -> None:
    """A question that comes again shows other numbers, sooner or later."""
    practice = Practice.open(bank, tmp_path / "p.json", "ada")
    question = bank.question("one-neuron")
    texts = set()
    for day in range(8):
        texts.add(practice.shown(question).text)
        practice.remember(question, RIGHT, 0, NOW + timedelta(days=day))
    assert len(texts) > 4


def test_answers_are_marked_by_the_rounds_numbers(bank: Quiz, tmp_path: Path) -> None:
    """The key of a round is that of the numbers it showed."""
    practice = Practice.open(bank, tmp_path / "p.json", "ada")
    shown = practice.shown(bank.question("wider-twice"))
    assert 1 == practice.try_out(shown, str(shown.numbers["k"])).points


@pytest.mark.parametrize("content", ["{", "[]", '{"schema_version": 1}', '{"schema_version": 9}'])
def test_broken_progress_is_said(bank: Quiz, tmp_path: Path, content: str) -> None:
    """A file of progress that cannot be read is neither lost nor written over."""
    file = tmp_path / "p.json"
    file.write_text(content)
    with pytest.raises(QuizAnswersError, match="move it away"):
        Practice.open(bank, file)
