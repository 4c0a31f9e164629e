"""`course.yaml`: what a course has around its marks, with or without nbgrader.

    schema_version: 1
    due: 2026-11-22T18:00+01:00
    late_penalty: 10 % per day, at most 50 %
    roster: roster.csv              # its column `extension` moves a student's due time
    overrides: overrides.yaml       # marks set by hand

Every key may be left out. Paths are meant from the file's own folder. Without `overrides`, an
`overrides.yaml` beside the file counts.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from grader import authored
from grader.authored import Authored, shown
from grader.overrides import FILE_NAME as OVERRIDES

FILE_NAME = "course.yaml"
_KEYS = ("schema_version", "due", "late_penalty", "roster", "overrides")
_UNITS = {"hour": timedelta(hours=1), "day": timedelta(days=1), "week": timedelta(weeks=1)}
_PENALTY = re.compile(
    r"(?P<percent>\d+(?:\.\d+)?)\s*%\s*(?:per|a|an)\s+(?P<unit>hour|day|week)"
    r"(?:\s*,?\s*at\s+most\s+(?P<most>\d+(?:\.\d+)?)\s*%)?",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Penalty:
    """What lateness costs.

    Attributes:
        percent: of what was earned, for each started unit.
        unit: an hour, a day or a week.
        most: percent that it costs at most.
    """

    percent: float
    unit: timedelta
    most: float = 100.0

    def cost(self, late: timedelta) -> float:
        """How many percent of what was earned go for being so late: each started unit counts."""
        if late <= timedelta():
            return 0.0
        return min(self.most, self.percent * math.ceil(late / self.unit))


@dataclass(frozen=True, slots=True)
class CourseSettings:
    """What `course.yaml` says.

    Attributes:
        due: what comes later is late.
        penalty: what lateness costs; None for nothing.
        roster: the students, with their extensions.
        overrides: marks set by hand.
    """

    due: datetime | None = None
    penalty: Penalty | None = None
    roster: Path | None = None
    overrides: Path | None = None


def load(path: Path) -> CourseSettings:
    """Read `course.yaml`; an empty file sets nothing.

    Raises:
        AuthoredError: all that is wrong with the file.
    """
    document = authored.read(path)
    beside = path.parent / OVERRIDES
    default = beside if beside.is_file() else None
    if document.value is None:
        return CourseSettings(overrides=default)
    keys = document.mapping(document.value, (), _KEYS)
    document.version(keys)
    overrides = _path(document, keys, "overrides", path)
    found = CourseSettings(
        due=_due(document, keys.get("due")),
        penalty=_penalty(document, keys.get("late_penalty")),
        roster=_path(document, keys, "roster", path),
        overrides=overrides or default,
    )
    document.finish()
    return found


def _due(document: Authored, value: Any) -> datetime | None:
    if value is None:
        return None
    try:
        found = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        document.say(
            ("due",), f"must be a time such as 2026-11-22T18:00+01:00, found {shown(value)}"
        )
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _penalty(document: Authored, value: Any) -> Penalty | None:
    if value is None or value == "none":
        return None
    found = _PENALTY.fullmatch(value.strip()) if isinstance(value, str) else None
    if found is None:
        document.say(
            ("late_penalty",),
            "must be none, or such as “10 % per day, at most 50 %” (hour, day or week), "
            f"found {shown(value)}",
        )
        return None
    percent, most = float(found["percent"]), float(found["most"] or 100)
    if percent > 100 or most > 100:
        document.say(("late_penalty",), f"must not be above 100 %, found {shown(value)}")
    return Penalty(percent, _UNITS[found["unit"].lower()], most)


def _path(document: Authored, keys: Any, key: str, file: Path) -> Path | None:
    value = keys.get(key)
    if value is None:
        return None
    if not isinstance(value, str) or not (found := file.parent / value).is_file():
        document.say(
            (key,), f"must be the path of a file, from {file.parent}, found {shown(value)}"
        )
        return None
    return found
