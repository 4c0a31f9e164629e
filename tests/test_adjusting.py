"""What counts: marks set by hand, then the late penalty, and keys only where they apply."""

from __future__ import annotations

import copy
from datetime import timedelta
from typing import Any

import pytest
from gradebook.conftest import graded, quiz, stopped

from grader.adjusting import Adjustment, adjusted, counts, explain
from grader.course_settings import Penalty
from grader.feedback.classpage import class_page
from grader.feedback.markdown import student_feedback
from grader.feedback.student import student_page
from grader.overrides import Override
from nnv.manifest import manifest

DAY = timedelta(days=1)
TEN = Penalty(10, DAY, 50)


def _set(target: str, name: str, points: float, reason: str = "oral exam") -> Override:
    return Override("ada", target, name, points, reason, "overrides.yaml:2:5: overrides[0]")


def _adjusted(record: dict[str, Any], *overrides: Override, late: timedelta | None = None) -> Any:
    before = copy.deepcopy(record)
    found = adjusted(record, Adjustment(overrides, TEN, late), lambda: quiz(0))
    assert record == before
    return found


def test_where_nothing_applies_nothing_changes() -> None:
    """Neither an override nor lateness: the graded entry is the one that counts."""
    assert _adjusted(graded("ada")) is None
    assert adjusted(graded("ada"), Adjustment((), None, DAY), lambda: quiz(0)) is None
    assert _adjusted(stopped("ada", "unreadable", "empty"), late=DAY) is None


def test_a_function_set_by_hand_keeps_its_verdict() -> None:
    """Points and total change; verdict and tests stay as graded; the message ends with why."""
    before = graded("ada", ["relu", "dense"])
    found = _adjusted(before, _set("function", "relu", 5))
    mark = found["functions"]["relu"]
    assert (mark["points"], mark["verdict"], found["points"]) == (5.0, "failed", 85.0)
    assert mark["message"].split("\n")[-1] == "  by hand   5 of 8 points: oral exam"
    assert mark["tests"] == before["functions"]["relu"]["tests"]
    assert found["functions"]["dense"] == before["functions"]["dense"]
    assert found["overrides"] == [
        {"function": "relu", "points": 5.0, "graded": 0.0, "reason": "oral exam"}
    ]
    assert list(found)[:-1] == list(before)


def test_a_message_has_eight_lines_at_most() -> None:
    """The last of eight gives way to the reason."""
    before = graded("ada", ["relu"])
    before["functions"]["relu"]["message"] = "\n".join("abcdefgh")
    found = _adjusted(before, _set("function", "relu", 5))
    assert found["functions"]["relu"]["message"].split("\n")[:7] == list("abcdefg")
    assert found["functions"]["relu"]["message"].count("\n") == 7


def test_a_right_function_can_lose_points() -> None:
    """A copied function is right to the grader; its message is the reason alone."""
    found = _adjusted(graded("ada"), _set("function", "relu", 0, "copied"))
    assert found["points"] == 92.0
    assert found["functions"]["relu"]["message"] == "  by hand   0 of 8 points: copied"
    assert found["functions"]["relu"]["verdict"] == "passed"


def test_lateness_takes_off_exercises_and_quiz() -> None:
    """Two started days at ten percent each, of what was earned."""
    found = _adjusted(graded("ada", ["relu"], quiz=quiz(2.5)), late=DAY * 1.5)
    assert found["points"] == 73.6
    assert found["quiz"]["points"] == 2.0
    assert found["penalty"] == {
        "percent": 20.0, "late_seconds": 129600, "points": 18.4, "quiz_points": 0.5,
    }  # fmt: skip
    assert "overrides" not in found


def test_what_was_set_by_hand_is_earned_before_lateness() -> None:
    """The penalty is taken off the sum with the override in it."""
    found = _adjusted(graded("ada", ["relu"]), _set("function", "relu", 8), late=DAY)
    assert found["points"] == 90.0


def test_a_total_set_by_hand_stands() -> None:
    """Neither lateness nor other overrides change it; what the quiz lost stays said."""
    found = _adjusted(
        graded("ada", quiz=quiz(2)), _set("total", "", 60), _set("function", "relu", 0), late=DAY
    )
    assert found["points"] == 60.0
    assert found["penalty"]["points"] == 0.0
    assert found["quiz"]["points"] == 1.8
    assert [note["graded"] for note in found["overrides"]] == [8.0, 82.8]
    assert "penalty" not in _adjusted(graded("ada"), _set("total", "", 60), late=DAY)


def test_a_question_set_by_hand_is_sure() -> None:
    """Its points, the quiz's sum and its feedback change; nobody need look at it again."""
    found = _adjusted(graded("ada", quiz=quiz(1)), _set("quiz", "collapse", 3))
    assert found["points"] == 100.0
    assert found["quiz"]["points"] == 3.0
    mark = found["quiz"]["questions"]["collapse"]
    assert (mark["points"], mark["unsure"]) == (3.0, False)
    assert mark["feedback"] == "look again Set by hand: oral exam"


@pytest.mark.parametrize("taken", [None, {"error": "no YAML"}])
def test_a_quiz_that_was_not_handed_in_can_be_set(taken: dict[str, Any] | None) -> None:
    """The other questions have no points then."""
    found = _adjusted(graded("ada", quiz=taken), _set("quiz", "collapse", 2))
    assert found["quiz"]["points"] == 2.0


def test_what_was_not_graded_can_be_set() -> None:
    """A total, or a function, of a hand-in that nobody could read; it is a mark then."""
    before = stopped("ada", "grader_error", "oh")
    assert not counts(before)
    found = _adjusted(before, _set("total", "", 60), late=DAY)
    assert (found["points"], found["status"], counts(found)) == (60.0, "grader_error", True)
    assert _adjusted(before, _set("function", "relu", 8))["points"] == 8.0


def test_the_student_is_told() -> None:
    """Feedback says what lateness cost and what was set by hand, as text, not as markup."""
    found = _adjusted(
        graded("ada", ["relu"], late=True),
        _set("function", "relu", 5, "see <b>page 3</b>"),
        late=DAY,
    )
    assert list(explain(found)) == [
        "Handed in late: 10 % taken off, 9.7 points.",
        "Set by hand: relu, 5 instead of 0 points. see <b>page 3</b>",
    ]
    text = student_feedback(found, manifest())
    assert "**87.3 of 100 points** (handed in late)" in text
    assert r"Set by hand: relu, 5 instead of 0 points. see \<b\>page 3\</b\>" in text
    assert "relu: 5 of 8 points, wrong result" in text
    unread = _adjusted(stopped("ada", "unreadable", "empty"), _set("total", "", 60))
    assert "**60 of 100 points**" in student_feedback(unread, manifest())


def test_the_pages_tell_the_student_too() -> None:
    """What was done after grading stands under the points, and in the function's card."""
    found = _adjusted(graded("ada", ["relu"]), _set("function", "relu", 5, "see <b>"), late=DAY)
    page = student_page(found, {}, manifest())
    assert "Handed in late: 10 % taken off, 9.7 points." in page
    assert "Set by hand: relu, 5 instead of 0 points. see &lt;b&gt;" in page
    assert "by hand   5 of 8 points: see &lt;b&gt;" in page
    unread = _adjusted(stopped("ada", "unreadable", "empty"), _set("total", "", 60))
    assert "the total, 60 instead of 0 points" in student_page(unread, {}, manifest())


def test_the_class_page_shows_the_points_that_count() -> None:
    """A right function without its points is no tick; a total set by hand is no dash."""
    copied = _adjusted(graded("ada"), _set("function", "relu", 0, "copied"))
    unread = _adjusted(stopped("bob", "unreadable", "empty"), _set("total", "", 61))
    html = class_page([copied, unread], {"ada": "a.html", "bob": "b.html"}, "full", manifest())
    assert '<td class="r">0</td>' in html
    assert "<td>61</td>" in html
