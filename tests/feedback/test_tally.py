"""The class in numbers."""

from __future__ import annotations

from typing import Any

import pytest
from feedback.conftest import mark, record

from grader.feedback.tally import tally
from nnv.manifest import manifest


def quiz(**points: float) -> dict[str, Any]:
    questions = {
        name: {"points": p, "max_points": 2.0, "unsure": p == 1} for name, p in points.items()
    }
    return {"points": sum(points.values()), "max_points": 2.0 * len(points), "questions": questions}


def test_mean_and_median_are_of_those_who_were_graded() -> None:
    """An unreadable hand-in does not pull the class down."""
    unread = record("c", 0.0, status="unreadable", functions={}, reason="no zip")
    counted = tally([record("a", 60.0), record("b", 90.0), unread], manifest())
    assert (counted.students, counted.graded, counted.mean, counted.middle) == (3, 2, 75, 75)
    assert [entry["student"] for entry in counted.not_graded] == ["c"]


def test_a_function_is_right_in_part_or_wrong() -> None:
    """Points without all tests passed are a part; none are wrong."""
    records = [
        record("a"),
        record("b", functions={"relu": mark(0.5, "failed")}),
        record("c", functions={"relu": mark(0.0, "missing")}),
    ]
    relu = tally(records, manifest()).functions[0]
    assert (relu.right, relu.part, relu.wrong, relu.missing) == (1, 1, 1, 1)
    assert relu.share == pytest.approx(1 / 3)


def test_the_most_common_misconception_comes_first() -> None:
    """With the students who have it, function by function."""
    forgets = {"dense": mark(0.0, "failed", "forgets-bias")}
    absolute = {"relu": mark(0.0, "failed", "absolute")}
    records = [
        record("a", functions=absolute),
        record("b", functions=forgets),
        record("c", functions=forgets),
    ]
    first, second = tally(records, manifest()).misconceptions
    assert (first.key, first.students) == ("dense:forgets-bias", ("b", "c"))
    assert (second.key, second.students) == ("relu:absolute", ("a",))


def test_a_question_that_tells_students_apart_has_high_discrimination() -> None:
    """Points that go with the rest of the quiz correlate with it; points that go against, not."""
    answers = [(0, 0, 2), (0, 0, 2), (1, 0, 2), (2, 2, 0), (2, 2, 0), (2, 2, 0)]
    records = [
        record(str(i), quiz=quiz(good=a, like=b, against=c)) for i, (a, b, c) in enumerate(answers)
    ]
    good, _, against = tally(records, manifest()).items
    assert good.difficulty == pytest.approx(7 / 12)
    assert good.unsure == 1
    assert against.discrimination is not None
    assert against.discrimination < -0.9


def test_few_or_equal_answers_have_no_discrimination() -> None:
    """A correlation of two students says nothing, nor does one of equal points."""
    few = tally([record("a", quiz=quiz(q=2, r=0)), record("b", quiz=quiz(q=0, r=2))], manifest())
    equal = tally([record(str(i), quiz=quiz(q=2, r=i % 2)) for i in range(9)], manifest())
    assert few.items[0].discrimination is None
    assert equal.items[0].discrimination is None


def test_an_empty_class_has_no_mean() -> None:
    """Nobody graded: no numbers, and no error."""
    counted = tally([], manifest())
    assert (counted.students, counted.mean, counted.misconceptions) == (0, None, ())


def test_answers_that_could_not_be_read_are_no_answers() -> None:
    """An error in place of the quiz's questions counts as no quiz."""
    assert tally([record("a", quiz={"error": "no YAML"})], manifest()).items == ()
