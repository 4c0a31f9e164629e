"""Marking whole files of answers."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from quiz import QuizAnswersError, QuizKeyError, mark_bytes
from quiz.answers import Answer, AnswerFile, dumps
from quiz.edition import without_key
from quiz.expressions import evaluate
from quiz.marking import mark_answers, mark_one, results
from quiz.model import Numeric, Quiz
from quiz.variants import draw_numbers, shown_numbers

EXAMPLE = b"""\
schema_version: 1
quiz: lesson04
student: ada
answers:
  three-steps: {answer: "it multiplies, adds, bends", at: 2026-11-22T09:00:00Z}
  neuron-computes: {answer: weighted-sum}        # the option's id; a list for multiple choice
  weights-7b: {answer: "14 GB"}
"""


def right_answers(quiz: Quiz, student: str) -> dict[str, Answer]:
    """The right answer to every question that has one, with the numbers that were shown."""
    answers: dict[str, Answer] = {}
    for question in quiz.questions:
        drawn = draw_numbers(question, student)
        given: Any = None
        if isinstance(question, Numeric):
            assert question.answer is not None
            given = str(evaluate(question.answer, shown_numbers(question, drawn)))
        elif question.type == "single_choice":
            given = next(option.id for option in question.options if option.correct)
        if given is not None:
            answers[question.id] = Answer(answer=given, numbers=drawn or None)
    return answers


def test_example_of_the_specification(lesson: Quiz) -> None:
    """The answers file of the specification gives JSON of the form that is promised."""
    mark = mark_bytes(lesson, EXAMPLE, "ada").as_json()
    assert {"student", "points", "max_points", "questions"} == set(mark)
    assert ("ada", 30.0) == (mark["student"], mark["max_points"])
    assert [question.id for question in lesson.questions] == list(mark["questions"])
    fields = {"points", "max_points", "unsure", "mistake", "feedback", "concepts"}
    assert all(fields == set(entry) for entry in mark["questions"].values())
    assert {"weigh": True, "sum": True, "bend": True} == mark["questions"]["three-steps"][
        "concepts"
    ]
    assert 2.0 == mark["questions"]["neuron-computes"]["points"]
    assert 1.0 == mark["questions"]["weights-7b"]["points"]
    assert mark["points"] == sum(entry["points"] for entry in mark["questions"].values())


def test_right_answers_earn_everything(lesson: Quiz) -> None:
    """The key of every variant is right for the student who drew it."""
    for student in (f"student-{number}" for number in range(40)):
        file = AnswerFile(quiz="lesson04", student=student, answers=right_answers(lesson, student))
        mark = mark_bytes(lesson, dumps(file).encode(), student)
        earned = {name: entry.points for name, entry in mark.questions.items() if entry.points}
        assert {q.id: q.points for q in lesson.questions if q.type != "free_text"} == earned
        assert not any(entry.unsure for entry in mark.questions.values())


def test_another_students_answers_are_flagged(lesson: Quiz) -> None:
    """Answers signed by another are marked by the numbers shown and left to the instructor."""
    file = AnswerFile(quiz="lesson04", student="bob", answers=right_answers(lesson, "bob"))
    mark = mark_answers(lesson, file, "ada")
    drawn = [question.id for question in lesson.questions if question.draw]
    assert drawn == [name for name, entry in mark.questions.items() if entry.unsure]
    assert all(mark.questions[name].points == 1 for name in drawn)
    assert "signed 'bob'" in mark.questions[drawn[0]].feedback
    assert ("the answers are signed 'bob', the hand-in is 'ada''s",) == mark.notes


def test_id_typed_carelessly_is_no_flag(lesson: Quiz) -> None:
    """`Ada ` is the student `ada`."""
    file = AnswerFile(quiz="lesson04", student="Ada", answers=right_answers(lesson, "ada"))
    assert not any(m.unsure for m in mark_answers(lesson, file, "ada").questions.values())


def test_numbers_of_another_are_flagged_not_wrong(lesson: Quiz) -> None:
    """Saved numbers that were not drawn for this student flag the answer."""
    question = lesson.question("layer-parameters")
    theirs = next(
        numbers
        for numbers in (draw_numbers(question, f"s{n}") for n in range(50))
        if numbers != draw_numbers(question, "ada")
    )
    key = evaluate("m * n + n", theirs)
    answers = {question.id: Answer(answer=str(key), numbers=theirs)}
    file = AnswerFile(quiz="lesson04", student="ada", answers=answers)
    entry = mark_answers(lesson, file).questions[question.id]
    assert (1.0, True) == (entry.points, entry.unsure)


def test_impossible_numbers_are_flagged(lesson: Quiz) -> None:
    """Numbers that the question never shows are not marked by, and not marked wrong."""
    answers = {"layer-parameters": Answer(answer="2", numbers={"m": 1, "n": 1})}
    file = AnswerFile(quiz="lesson04", student="ada", answers=answers)
    entry = mark_answers(lesson, file).questions["layer-parameters"]
    assert (0.0, True) == (entry.points, entry.unsure)
    assert "Not marked yet" in entry.feedback


def test_missing_numbers_are_drawn_again(lesson: Quiz) -> None:
    """A file without the numbers is marked by those of its student, without a flag."""
    answers = {
        name: replace(answer, numbers=None) for name, answer in right_answers(lesson, "ada").items()
    }
    mark = mark_answers(lesson, AnswerFile(quiz="lesson04", student="ada", answers=answers))
    assert 16 == mark.points
    assert not any(entry.unsure for entry in mark.questions.values())


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"schema_version: 1\nquiz: other\nstudent: ada\n", "answers to 'other'"),
        (b"schema_version: 1\nquiz: lesson04\n", "student"),
        (b"rubbish", "no mapping"),
    ],
)
def test_what_cannot_be_marked_says_so(lesson: Quiz, content: bytes, said: str) -> None:
    """Another quiz's answers, nobody's answers and rubbish raise QuizAnswersError."""
    with pytest.raises(QuizAnswersError, match=said):
        mark_bytes(lesson, content)


def test_students_edition_cannot_mark(lesson: Quiz) -> None:
    """An edition without key refuses to mark instead of giving nothing."""
    with pytest.raises(QuizKeyError):
        mark_bytes(without_key(lesson), EXAMPLE)


def test_unknown_questions_are_noted(lesson: Quiz) -> None:
    """Answers to questions that are not in the quiz neither count nor harm."""
    mark = mark_bytes(lesson, EXAMPLE + b"  no-such: {answer: x}\n")
    assert ("no-such: no question of this quiz",) == mark.notes


def test_results_document(lesson: Quiz) -> None:
    """The document around the students has version and quiz."""
    entry = {"student": "x", "error": "y"}
    assert {"schema_version": 1, "quiz": "lesson04", "students": [entry]} == results(
        lesson, [entry]
    )


def test_a_number_that_is_missing_is_seen(lesson: Quiz) -> None:
    """Where the file names only some of the numbers that were drawn, an instructor looks."""
    answers = {"layer-parameters": Answer(answer="12", numbers={"m": 48})}
    mark = mark_answers(lesson, AnswerFile(quiz="lesson04", student="ada", answers=answers))
    outcome = mark.questions["layer-parameters"]
    assert (True, 0.0) == (outcome.unsure, outcome.points)
    assert "the saved numbers are none that this question draws" in outcome.feedback


def test_numbers_that_cannot_be_worked_out_wait_for_a_person() -> None:
    """A fault of the quiz is not marked as the student's."""
    question = Numeric(id="n", text="{{k}}", answer=1, show={"k": "1 / m"}, draw={"m": (0,)})
    outcome = mark_one(question, Answer(answer="1"), "ada", "ada")
    assert (True, 0.0) == (outcome.unsure, outcome.points)
    assert "cannot be worked out" in outcome.feedback
