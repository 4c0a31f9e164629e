"""Marking whole files of answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from quiz.answers import Answer, AnswerFile, read_answers
from quiz.expressions import ExpressionError, Scalar
from quiz.model import AnyQuestion, Quiz
from quiz.problems import QuizAnswersError, QuizKeyError
from quiz.scoring import Outcome, score
from quiz.variants import could_be_drawn, draw_numbers, same_student, shown_numbers

RESULTS_VERSION = 1


@dataclass(frozen=True, slots=True)
class QuizMark:
    """A student's marks in a quiz.

    Attributes:
        student: The student's id: the hand-in's where it is known, else the file's.
        max_points: Points that could be earned.
        questions: Each question's mark, in the quiz's order.
        notes: What an instructor should know about the file as a whole.
    """

    student: str
    max_points: float
    questions: Mapping[str, Outcome] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    @property
    def points(self) -> float:
        """Points earned."""
        return round(sum(mark.points for mark in self.questions.values()), 2)

    def as_json(self) -> dict[str, Any]:
        """The marks as `nnv quiz mark --json` prints them for one student."""
        return {
            "student": self.student,
            "points": float(self.points),
            "max_points": float(self.max_points),
            "questions": {name: mark.as_json() for name, mark in self.questions.items()},
        }


def mark_bytes(quiz: Quiz, answers: bytes, student: str = "") -> QuizMark:
    """Mark the bytes of an `answers.yaml`.

    Args:
        quiz: The quiz with its key.
        answers: The file's bytes.
        student: The id of the hand-in; left out: the id that stands in the file.

    Raises:
        QuizAnswersError: The file cannot be read, or answers another quiz.
        QuizKeyError: The quiz has no key.
    """
    return mark_answers(quiz, read_answers(answers), student)


def mark_answers(quiz: Quiz, answers: AnswerFile, student: str = "") -> QuizMark:
    """Mark a student's answers.

    Args:
        quiz: The quiz with its key.
        answers: What was answered.
        student: The id of the hand-in; left out: the id that stands in the file.

    Raises:
        QuizAnswersError: The answers are to another quiz, or nobody's.
        QuizKeyError: The quiz has no key.
    """
    if not quiz.keyed:
        raise QuizKeyError(f"this edition of {quiz.quiz} holds no key: mark with the instructor's")
    if answers.quiz != quiz.quiz:
        raise QuizAnswersError(f"quiz: holds answers to {answers.quiz!r}, not to {quiz.quiz!r}")
    student = student or answers.student
    if not student:
        raise QuizAnswersError("student: must be the student's id, found nothing")
    rules = str(Path(quiz.folder) / quiz.rules) if quiz.rules else ""
    marks = {
        question.id: mark_one(
            question, answers.answers.get(question.id), answers.student, student, rules
        )
        for question in quiz.questions
    }
    return QuizMark(student, quiz.max_points, marks, _notes(quiz, answers, student))


def _notes(quiz: Quiz, answers: AnswerFile, student: str) -> tuple[str, ...]:
    known = {question.id for question in quiz.questions}
    notes = [f"{name}: no question of this quiz" for name in answers.answers if name not in known]
    if not same_student(answers.student, student):
        notes.insert(0, f"the answers are signed {answers.student!r}, the hand-in is {student!r}'s")
    return tuple(notes)


def mark_one(
    question: AnyQuestion, saved: Answer | None, signed: str, student: str, rules: str = ""
) -> Outcome:
    """Mark the answer to one question.

    An answer to numbers that this student should not have seen is marked by the numbers that were
    shown, as a best guess, and flagged for the instructor.

    Args:
        question: The question with its key.
        saved: The saved answer, or None.
        signed: The id that stands in the file.
        student: The id of the hand-in.
        rules: The path of the rules for free texts.
    """
    if saved is None:
        return score(question, None, {})
    drawn, doubt = _numbers_shown(question, saved, signed, student)
    if drawn is None:
        said = f"Not marked yet: {doubt}. Your instructor looks at this answer."
        return Outcome(0.0, question.points, said, unsure=True)
    try:
        outcome = score(question, saved.answer, shown_numbers(question, drawn), rules)
    except ExpressionError as error:
        said = f"Not marked yet: the question's numbers cannot be worked out ({error})."
        return Outcome(0.0, question.points, said, unsure=True)
    if doubt:
        said = f"{outcome.feedback} Your instructor looks at this answer: {doubt}."
        return replace(outcome, unsure=True, feedback=said.strip())
    return outcome


def _numbers_shown(
    question: AnyQuestion, saved: Answer, signed: str, student: str
) -> tuple[Mapping[str, Scalar] | None, str]:
    """The numbers to mark by, None where there are none; and why an instructor should look."""
    if not question.draw:
        return {}, ""
    due = draw_numbers(question, student)
    doubt = ""
    if not same_student(signed, student):
        doubt = f"the answers are signed {signed!r}, not {student!r}"
    if saved.numbers is None:
        return (draw_numbers(question, signed) if signed else due), doubt
    shown = {name: _like(saved.numbers.get(name), value) for name, value in due.items()}
    if set(saved.numbers) != set(due) or not could_be_drawn(question, shown):
        return None, doubt or "the saved numbers are none that this question draws"
    if shown != due and not doubt:
        doubt = "the saved numbers are not the ones drawn for this student"
    return shown, doubt


def _like(found: Scalar | None, due: Scalar) -> Scalar:
    """A saved number with the type of the drawn one: texts and numbers look alike in a file."""
    if found is None:
        return ""
    return str(found) if isinstance(due, str) else found


def results(quiz: Quiz, entries: list[dict[str, Any]]) -> dict[str, Any]:
    """The document that `nnv quiz mark --json` prints.

    Args:
        quiz: The quiz.
        entries: One a student: `QuizMark.as_json()`, or `{"student": …, "error": …}`.
    """
    return {"schema_version": RESULTS_VERSION, "quiz": quiz.quiz, "students": entries}
