"""What a student reads: marks, failures taken apart, the quiz, and what could not be graded."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

from feedback.conftest import mark, record

from grader.feedback.student import student_page
from nnv.manifest import manifest

DUE = {"value": [[1.0, 2.5]]}


def words(record: dict[str, Any], **detail: Any) -> str:
    """The page's visible text, on one line."""
    html = student_page(record, detail, manifest())
    body = re.sub(r"<svg.*?</svg>", "", html[html.index("<main") :], flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", body)).split())


def wrong(message: str, **changes: Any) -> dict[str, Any]:
    """A submission whose dense is wrong."""
    dense = mark(0.0, "failed") | {"message": message} | changes
    return record("ada", 88.0, functions={"dense": dense})


def failing(gave: Any, due: Any = DUE) -> dict[str, Any]:
    """The failing call of dense."""
    return {"dense": {"arguments": [["x", [1.0]]], "gave": gave, "due": due, "where": None}}


def test_a_fault_of_the_grader_is_not_the_students() -> None:
    """The page says so, and shows no reason and no points."""
    text = words(record("ada", 0.0, status="grader_error", reason="KeyError: 3", functions={}))
    assert "our fault, not yours" in text
    assert "KeyError" not in text
    assert "points" not in text


def test_an_unreadable_hand_in_says_why_and_what_to_do() -> None:
    """The reason, and that it can be handed in again."""
    text = words(record("ada", 0.0, status="unreadable", reason="no zip", functions={}))
    assert "no zip" in text
    assert "hand in again" in text


def test_full_marks_leave_nothing_to_mend() -> None:
    """No list of failures where there is none."""
    text = words(record("ada"))
    assert "Everything is right" in text
    assert "What to mend" not in text


def test_what_came_back_stands_beside_what_was_due() -> None:
    """Both values, the hint, and no second copy of them as text."""
    message = (
        "dense(x=[1.0])\n  gave      [[1.0, 2.0]]\n  expected  [[1.0, 2.5]]\n"
        "  differs   at [0, 1]: 2.0, expected 2.5\n  hint      Write the shapes\n            down"
    )
    text = words(wrong(message), functions=failing({"value": [[1.0, 2.0]]}))
    assert "your function gave 1.0 2.0 shape (1, 2)" in text
    assert "expected 1.0 2.5 shape (1, 2)" in text
    assert "at [0, 1]" not in text
    assert text.count("Write the shapes down") == 1


def test_an_exception_is_shown_with_its_line() -> None:
    """What was raised and where in the student's file, once."""
    message = "dense(x=[1.0])\n  raised    TypeError: no (dense.py, line 3)\n  expected  [[1.0]]"
    text = words(wrong(message), functions=failing({"raised": "TypeError", "message": "no"}))
    assert text.count("TypeError: no (dense.py, line 3)") == 1


def test_input_that_should_be_refused_says_so() -> None:
    """A ValueError that was due is named."""
    text = words(wrong("dense()"), functions=failing({"value": 1.0}, {"raised": "ValueError"}))
    assert "ValueError , since this input makes no sense" in text


def test_a_right_value_with_another_fault_is_not_called_wrong() -> None:
    """Where only an argument was changed, the values are not set against each other."""
    message = "dense(x=[1.0])\n  the arguments were changed: work on a copy"
    text = words(wrong(message), functions=failing(DUE))
    assert "the arguments were changed" in text
    assert "your function gave" not in text


def test_what_came_back_is_not_shown_where_it_is_not_the_students_own() -> None:
    """With a replaced helper only what was due is shown."""
    text = words(wrong("dense()", carried_forward=["relu"]), functions=failing(None))
    assert "Graded with a right relu in the place of yours" in text
    assert "your function gave" not in text


def test_one_begins_with_what_is_begun() -> None:
    """A wrong function comes before a missing one."""
    functions = {"relu": mark(0.0, "missing"), "dense": mark(0.0, "failed")}
    text = words(record("ada", 80.0, functions=functions))
    assert "Begin with dense" in text


def test_the_quiz_is_shown_question_by_question() -> None:
    """Points and what to know of each."""
    questions = {"three-steps": {"points": 1.5, "max_points": 3.0, "feedback": "Weigh first."}}
    quiz = {"points": 1.5, "max_points": 3.0, "questions": questions}
    text = words(record("ada", quiz=quiz))
    assert "Quiz 1.5 of 3" in text
    assert "three steps 1.5 of 3 Weigh first." in text


def test_answers_that_could_not_be_read_say_why() -> None:
    """In place of the quiz's points."""
    text = words(record("ada", quiz={"error": "line 3: no YAML"}))
    assert "could not be read: line 3: no YAML" in text


def test_a_late_hand_in_is_marked_as_late() -> None:
    """The student sees it too."""
    assert "handed in late" in words(record("ada", late=True))


def test_samples_cut_short_leave_places_for_the_pictures() -> None:
    """What hung has no picture, and the page says so instead."""
    text = words(record("ada"), pictures={"relu": None})
    assert "nothing to draw" in text
