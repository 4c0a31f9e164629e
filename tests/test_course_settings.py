"""course.yaml and lateness: due time, penalty, extensions, what Canvas says."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from grader.authored import AuthoredError
from grader.course_settings import CourseSettings, Penalty, load
from grader.deadlines import Dated, dated
from grader.hand_ins import HandIn, Part
from grader.roster import parse

DUE = datetime(2026, 11, 22, 18, tzinfo=UTC)
DAY = timedelta(days=1)


def _load(folder: Path, text: str) -> CourseSettings:
    path = folder / "course.yaml"
    path.write_text(text, encoding="utf-8")
    return load(path)


def test_everything_may_be_set(tmp_path: Path) -> None:
    """Paths are meant from the file's own folder."""
    for name in ("roster.csv", "by-hand.yaml"):
        (tmp_path / name).write_text("")
    found = _load(
        tmp_path,
        "schema_version: 1\ndue: 2026-11-22T18:00+01:00\n"
        "late_penalty: 10 % per day, at most 50 %\nroster: roster.csv\noverrides: by-hand.yaml\n",
    )
    zone = timezone(timedelta(hours=1))
    assert found == CourseSettings(
        datetime(2026, 11, 22, 18, tzinfo=zone),
        Penalty(10, DAY, 50),
        tmp_path / "roster.csv",
        tmp_path / "by-hand.yaml",
    )


def test_nothing_need_be_set(tmp_path: Path) -> None:
    """An empty file sets nothing; overrides.yaml beside it counts without being named."""
    assert _load(tmp_path, "") == CourseSettings()
    assert _load(tmp_path, "late_penalty: none\n") == CourseSettings()
    (tmp_path / "overrides.yaml").write_text("")
    assert _load(tmp_path, "") == CourseSettings(overrides=tmp_path / "overrides.yaml")


def test_all_errors_come_at_once(tmp_path: Path) -> None:
    """Each with its place, what was found and what is allowed."""
    with pytest.raises(AuthoredError) as caught:
        _load(tmp_path, "due: monday\nlate_penalty: a lot\nroster: none.csv\nrooster: x\n")
    lines = str(caught.value).removeprefix(str(tmp_path)).split(f"\n{tmp_path}")
    assert [line.split(": ")[0] for line in lines] == [
        "/course.yaml:1:6", "/course.yaml:2:15", "/course.yaml:3:9", "/course.yaml:4:1",
    ]  # fmt: skip
    assert "must be a time such as 2026-11-22T18:00+01:00, found 'monday'" in lines[0]
    assert "found 'a lot'" in lines[1]
    assert "must be the path of a file" in lines[2]
    assert "did you mean 'roster'?" in lines[3]


@pytest.mark.parametrize("text", ["120 % per day", "10 % per day, at most 101 %"])
def test_nobody_loses_more_than_everything(tmp_path: Path, text: str) -> None:
    """A penalty above 100 % is a slip."""
    with pytest.raises(AuthoredError, match="must not be above 100 %"):
        _load(tmp_path, f"late_penalty: {text}\n")


@pytest.mark.parametrize(
    ("text", "late", "percent"),
    [
        ("10 % per day, at most 50 %", timedelta(seconds=1), 10),
        ("10 % per day, at most 50 %", DAY, 10),
        ("10 % per day, at most 50 %", DAY + timedelta(seconds=1), 20),
        ("10 % per day, at most 50 %", 30 * DAY, 50),
        ("10% a day", 30 * DAY, 100),
        ("0.5 % per hour at most 5 %", timedelta(minutes=61), 1),
        ("25 % per week", 8 * DAY, 50),
        ("10 % per day", timedelta(), 0),
        ("10 % per day", -DAY, 0),
    ],
)
def test_each_started_unit_costs(tmp_path: Path, text: str, late: timedelta, percent: int) -> None:
    """An hour late is a day late where days count; there is a most."""
    penalty = _load(tmp_path, f"late_penalty: {text}\n").penalty
    assert penalty is not None
    assert penalty.cost(late) == percent


def _hand_in(student: str, hours: float = 0, path: str = "", *, late: bool = False) -> HandIn:
    """A hand-in so many hours after the due time."""
    time = (DUE + timedelta(hours=hours)).strftime("%Y-%m-%dT%H:%M:%SZ")
    return HandIn(student, (Part(path or f"class/{student}", student),), None, time, late)


def _late(found: Dated) -> dict[str, bool]:
    return {hand_in.student: hand_in.late for hand_in in found.hand_ins}


def test_each_student_has_a_due_time() -> None:
    """An extension moves it, in days or to a time; who is still later is late by the rest."""
    roster = parse("login,extension\nben,2\neve,2026-11-23T00:00\n")
    class_ = [_hand_in("ada", 1), _hand_in("ben", 47), _hand_in("eve", 7), _hand_in("zoe", -1)]
    found = dated(class_, DUE, roster)
    assert _late(found) == {"ada": True, "ben": False, "eve": True, "zoe": False}
    assert found.late_by == {"ada": timedelta(hours=1), "eve": timedelta(hours=1)}
    assert found.due["ben"] == DUE + 2 * DAY
    assert found.problems == ()


def test_without_a_due_time_nobody_is_late_but_who_canvas_says() -> None:
    """Days on top of no due time are reported."""
    found = dated([_hand_in("ada", 99)], None, parse("login,extension\nada,2\n"))
    assert _late(found) == {"ada": False}
    assert found.late_by == {}
    assert found.problems == (
        "roster.csv:2: extension: ada has 2 days on top of a due time, but there is "
        "none: set `due`",
    )


def test_the_time_of_a_canvas_download_says_nothing() -> None:
    """Canvas' own word counts; by how much is not known, unless the roster says it."""
    ada = _hand_in("ada", 99, "class/ada_11_900_relu.py")
    ben = _hand_in("ben", 99, "class/ben_LATE_12_901_relu.py", late=True)
    found = dated([ada, ben], DUE, None)
    assert _late(found) == {"ada": False, "ben": True}
    assert found.late_by == {}
    told = dated([ada, ben], DUE, parse("login,submitted\nben,2026-11-22T21:00\n"))
    assert told.late_by == {"ben": timedelta(hours=3)}
    assert told.hand_ins[1].submitted == "2026-11-22T21:00:00Z"


def test_an_extension_that_canvas_does_not_know_is_honoured() -> None:
    """When it was handed in is not known, so the student is not late, and that is said."""
    ben = _hand_in("ben", 99, "class/ben_LATE_12_901_relu.py", late=True)
    found = dated([ben], DUE, parse("login,extension\nben,1\n"))
    assert _late(found) == {"ben": False}
    assert "the column `submitted` can tell" in found.problems[0]


def test_an_extension_that_reaches_nobody_is_reported() -> None:
    """Where somebody is not in the roster, it could be meant for them."""
    roster = parse("login,extension\nbenn,2\n")
    assert dated([_hand_in("ben", 47)], DUE, roster).problems == (
        "roster.csv:2: extension: benn is matched with no hand-in, and these are not in the "
        "roster: ben",
    )
