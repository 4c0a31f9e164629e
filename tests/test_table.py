"""The table at the end of a run: who has what, in one line each."""

from __future__ import annotations

import io
from typing import Any

import pytest
from rich.console import Console

from grader.table import MOST_ROWS, print_table
from nnv.manifest import manifest

LESSON = manifest()


def _record(student: str, **other: Any) -> dict[str, Any]:
    """A student who has all of it right."""
    functions = {
        f.name: {
            "points": f.points,
            "max_points": f.points,
            "verdict": "passed",
            "carried_forward": [],
        }
        for f in LESSON.functions
    }
    record = {"student": student, "status": "graded", "late": False, "functions": functions}
    return record | {"points": LESSON.max_points, "quiz": None} | other


def _printed(*records: dict[str, Any]) -> list[str]:
    file = io.StringIO()
    print_table(records, LESSON, Console(file=file, width=200))
    return file.getvalue().splitlines()


def _cells(lines: list[str], student: str) -> list[str]:
    (line,) = [line for line in lines if line.startswith(student)]
    return line[len(student) :].split()


def test_a_right_function_has_a_tick() -> None:
    """All right: a tick a function, all points, no quiz."""
    assert _cells(_printed(_record("ada")), "ada") == ["✓"] * len(LESSON.names) + ["100"]


def test_what_is_not_right_has_its_points_and_marks() -> None:
    """Points stand where the tick would; a star says that a right helper stood in."""
    record = _record("bob", points=90.0)
    first, second, *_ = LESSON.names
    record["functions"][first] |= {"points": 0.0, "verdict": "failed"}
    record["functions"][second] |= {"points": 1.0, "verdict": "partial", "carried_forward": [first]}
    assert _cells(_printed(record), "bob")[:3] == ["0", "1*", "✓"]


def test_a_function_that_was_not_graded_has_a_dash() -> None:
    """An older result may lack a function of today's lesson."""
    record = _record("cyd")
    del record["functions"][LESSON.names[0]]
    assert _cells(_printed(record), "cyd")[0] == "–"


def test_lateness_and_what_was_set_by_hand_are_marked_and_explained() -> None:
    """Each sign that is used stands below the table, and no other does."""
    first = LESSON.names[0]
    notes = [{"function": first}, {"total": True}]
    record = _record("dan", late=True, overrides=notes, penalty={"points": 10.0}, points=90.0)
    lines = _printed(record, _record("eve"))
    cells = _cells(lines, "dan late")
    assert (cells[0], cells[-2:]) == ("✓†", ["90†", "−10"])
    assert lines[-2:] == ["† set by hand", "− what lateness took off"]
    assert not any("set by hand" in line for line in _printed(_record("eve")))


@pytest.mark.parametrize(
    ("status", "overrides", "total"),
    [
        ("unreadable", [], "unread"),
        ("grader_error", [], "fault"),
        ("unreadable", [{"total": True}], "7†"),
    ],
)
def test_who_was_not_graded_has_no_marks(status: str, overrides: list[Any], total: str) -> None:
    """Dashes and the reason; or the points that were set by hand. The means do not count them."""
    record = _record("fay", status=status, functions={}, points=7.0, overrides=overrides)
    lines = _printed(record, _record("ada"))
    assert _cells(lines, "fay") == ["–"] * len(LESSON.names) + [total]
    assert _cells(lines, "mean %")[-1] == "100.0"
    assert not any(line.startswith("mean") for line in _printed(record))


@pytest.mark.parametrize(("quiz", "cell"), [({"points": 2.5}, "2.5"), ({"error": "no YAML"}, "?")])
def test_the_quiz_has_a_column(quiz: dict[str, Any], cell: str) -> None:
    """Its points, or a question mark where the answers cannot be read."""
    assert _cells(_printed(_record("gus", quiz=quiz)), "gus")[-1] == cell


def test_of_a_large_class_the_first_are_shown() -> None:
    """The others are counted, and are in the means."""
    records = [_record(f"s{number:03}") for number in range(MOST_ROWS + 5)]
    records[-1] |= {"points": 0.0}
    for mark in records[-1]["functions"].values():
        mark |= {"points": 0.0}
    lines = _printed(*records)
    assert sum(line.startswith("s0") for line in lines) == MOST_ROWS
    assert "… and 5 more students: see results.json" in lines
    assert _cells(lines, "mean %")[-1] == f"{100 * (MOST_ROWS + 4) / (MOST_ROWS + 5):.1f}"
