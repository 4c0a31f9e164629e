"""Taking a quiz: order, saving, attempts, feedback, going on."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from quiz.answers import read_answers
from quiz.model import Policy, Quiz
from quiz.problems import QuizAnswersError
from quiz.session import Session, SessionError, ordered


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "answers.yaml"


def place(session: Session, name: str) -> int:
    return next(n for n in range(1, len(session) + 1) if session.shown(n).question.id == name)


def test_every_answer_is_saved_at_once(every_type: Quiz, path: Path) -> None:
    """After each answer, the file holds it with its numbers, time and count."""
    session = Session.open(every_type, path, "ada")
    session.give(every_type.question("how-many"), "14 GB", seconds=2.5, hints=1)
    saved = read_answers(path.read_bytes()).answers["how-many"]
    assert ("14 GB", 1, 2.5, 1) == (saved.answer, saved.attempts, saved.seconds, saved.hints)
    assert session.shown(place(session, "how-many")).numbers == saved.numbers
    assert saved.at.endswith("Z")


def test_another_session_goes_on(every_type: Quiz, path: Path) -> None:
    """A session that was killed loses nothing: the next one opens at the first open question."""
    first = Session.open(every_type, path, "ada")
    first.give(first.shown(1).question, "straight")
    again = Session.open(every_type, path)
    assert ("ada", 1, 2) == (again.student, again.answered, again.first_open())


def test_order_is_the_students_own(every_type: Quiz) -> None:
    """Parts keep their order; a shuffled part differs between students, a fixed one does not."""
    orders = {tuple(question.id for question in ordered(every_type, f"s{n}")) for n in range(20)}
    first = [question.id for question in every_type.questions if question.part == "first"]
    assert len(orders) > 5
    assert {tuple(first)} == {order[: len(first)] for order in orders}


def test_options_are_shuffled_unless_fixed(every_type: Quiz, path: Path) -> None:
    """Options come in each student's order; `fixed` keeps the file's."""
    seen = {"pick-one": set(), "pick-some": set()}  # type: dict[str, set[tuple[str, ...]]]
    for number in range(20):
        session = Session(every_type, path, f"s{number}")
        for name, orders in seen.items():
            shown = session.shown(place(session, name))
            orders.add(tuple(option.id for option in shown.options))
    assert len(seen["pick-one"]) > 2
    assert {("relu", "tanh", "identity")} == seen["pick-some"]


def test_numbers_are_in_the_texts(lesson: Quiz, path: Path) -> None:
    """Texts and hints show the student's numbers, never a placeholder."""
    session = Session(lesson, path, "ada")
    for position in range(1, len(session) + 1):
        shown = session.shown(position)
        assert "{{" not in "".join((shown.text, *shown.hints, *(o.text for o in shown.options)))


@pytest.mark.parametrize("student", ["bob", "Bob"])
def test_another_students_file_is_refused(every_type: Quiz, path: Path, student: str) -> None:
    """Nobody goes on in a file that is signed by somebody else."""
    Session.open(every_type, path, "ada").give(every_type.question("name-it"), "relu")
    with pytest.raises(QuizAnswersError, match="answers of 'ada'"):
        Session.open(every_type, path, student)


def test_another_quizs_file_is_refused(every_type: Quiz, lesson: Quiz, path: Path) -> None:
    """A file of another quiz is not written over."""
    Session.open(every_type, path, "ada").give(every_type.question("name-it"), "relu")
    with pytest.raises(QuizAnswersError, match="'every-type'"):
        Session.open(lesson, path, "ada")


def test_broken_file_is_not_written_over(every_type: Quiz, path: Path) -> None:
    """What cannot be read stays as it is, and the student is told which file it is."""
    path.write_text("{")
    with pytest.raises(QuizAnswersError, match=r"answers\.yaml"):
        Session.open(every_type, path, "ada")
    assert "{" == path.read_text()


def test_somebody_must_answer(every_type: Quiz, path: Path) -> None:
    """Without an id there are no numbers, and so no session."""
    with pytest.raises(QuizAnswersError, match="--student"):
        Session.open(every_type, path)


def test_attempts_are_counted(every_type: Quiz, path: Path) -> None:
    """Where attempts are limited, the last allowed answer stays."""
    quiz = replace(every_type, policy=Policy(attempts=2))
    question = quiz.question("name-it")
    for text in ("one", "two"):
        Session.open(quiz, path, "ada").give(question, text)
    session = Session.open(quiz, path, "ada")
    assert 0 == session.attempts_left(question)
    with pytest.raises(SessionError, match="no attempt left"):
        session.give(question, "three")
    assert "two" == read_answers(path.read_bytes()).answers["name-it"].answer


def test_unreadable_numbers_are_sent_back(every_type: Quiz, path: Path) -> None:
    """A number that means nothing is not saved: the student is told at once."""
    session = Session.open(every_type, path, "ada")
    with pytest.raises(SessionError, match="measures something else"):
        session.give(every_type.question("how-many"), "14 km")
    assert not path.exists()


@pytest.mark.parametrize(
    ("policy", "said"),
    [("never", None), ("right-or-wrong", "Not right yet."), ("full", "A curve is none.")],
)
def test_feedback_follows_the_policy(
    every_type: Quiz, path: Path, policy: str, said: str | None
) -> None:
    """Nothing, a word, or everything is said after an answer, as the quiz has it."""
    quiz = replace(every_type, policy=Policy(feedback=policy))  # type: ignore[arg-type]
    outcome = Session.open(quiz, path, "ada").give(quiz.question("pick-one"), "nothing")
    if said is None:
        assert outcome is None
    else:
        assert outcome is not None
        assert (policy == "right-or-wrong") == (outcome.feedback == "Not right yet.")
        assert 0 == outcome.points
