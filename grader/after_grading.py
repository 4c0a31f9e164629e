"""What a run does besides grading: who is late, what was set by hand, what lateness costs.

Where the settings are looked for, in this order: what was named on the command line; `course.yaml`
and `overrides.yaml` beside the folder of hand-ins; what the last run with these results used.
What once counted and is not there any more is an error: no mark set by hand goes by accident.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from grader import course_settings, overrides, roster
from grader.adjusting import Adjustment, adjusted
from grader.authored import AuthoredError
from grader.course_files import Files
from grader.course_settings import CourseSettings
from grader.deadlines import Dated, dated
from grader.errors import RequestError
from grader.hand_ins import HandIn
from grader.overrides import Override, lesson_questions
from grader.people import Student, match
from grader.results import Results
from grader.roster import Roster, RosterError
from nnv.manifest import Manifest


class CourseError(RequestError):
    """The course's settings cannot be used: where, what was found, what is allowed."""


@dataclass(frozen=True, slots=True)
class Course:
    """What holds for a run.

    Attributes:
        settings: due time, penalty.
        files: what was read, to be remembered.
        roster: the students, or None.
        overrides: the marks set by hand.
    """

    settings: CourseSettings = field(default_factory=CourseSettings)
    files: Files = field(default_factory=Files)
    roster: Roster | None = None
    overrides: tuple[Override, ...] = ()

    @property
    def is_plain(self) -> bool:
        """Whether nothing is set, so that grading is all there is."""
        return self.files == Files()

    def dated(self, hand_ins: Iterable[HandIn]) -> Dated:
        """Say of each hand-in whether it is late, see `grader.deadlines`."""
        return dated(hand_ins, self.settings.due, self.roster)


def find(
    given: Files, due: datetime | None, submissions: Path, last: Mapping[str, str], lesson: Manifest
) -> Course:
    """Find and read a course's settings.

    Args:
        given: what was named on the command line.
        due: the due time named there; it goes before that of the settings.
        submissions: the folder of hand-ins.
        last: what the last run used, as `Files.remembered` gave it.
        lesson: the functions.

    Raises:
        CourseError: everything that is wrong with the first file that cannot be used.
    """
    beside = submissions.resolve().parent
    if given.settings is not None:  # what is named anew replaces all that counted before
        last = {}
    try:
        path = _first(given.settings, beside / course_settings.FILE_NAME, last, "settings")
        settings = course_settings.load(path) if path else CourseSettings()
        people = given.roster or settings.roster or _first(None, None, last, "roster")
        by_hand = settings.overrides or _first(
            given.overrides, beside / overrides.FILE_NAME, last, "overrides"
        )
        return Course(
            replace(settings, due=due or settings.due),
            Files(path, people, by_hand),
            roster.load(people) if people else None,
            overrides.load(by_hand, lesson, lesson_questions) if by_hand else (),
        )
    except (AuthoredError, RosterError) as error:
        raise CourseError(str(error)) from None


def _first(
    given: Path | None, beside: Path | None, last: Mapping[str, str], name: str
) -> Path | None:
    if given is not None:
        return given
    if beside is not None and beside.is_file():
        return beside
    if not last.get(name):
        return None
    if not (path := Path(last[name])).is_file():
        raise CourseError(
            f"{path}: counted when this class was graded last and is not there any more: put it "
            "back, or name what counts now with --settings (an empty course.yaml: nothing)"
        )
    return path


def adjust(results: Results, course: Course, late: Dated) -> tuple[list[str], set[str]]:
    """Apply overrides and late penalty to the stored results.

    Returns:
        What is to be reported (marks set by hand for students who are not there, hand-ins that are
        late by nobody knows how much), and the students whose marks count otherwise now, or did.
    """
    hand_ins = list(late.hand_ins)
    students = [hand_in.student for hand_in in hand_ins]
    mine: dict[str, list[Override]] = {}
    for override in course.overrides:
        mine.setdefault(override.student, []).append(override)
    concerned = mine.keys() | (late.late_by if course.settings.penalty else {})
    new: dict[str, dict[str, Any]] = {}
    if concerned:
        for record in results.records(as_graded=True):
            name = record["student"]
            if name in concerned:
                own = Adjustment(
                    tuple(mine.get(name, ())), course.settings.penalty, late.late_by.get(name)
                )
                counting = adjusted(record, own, empty_quiz)
                if counting is not None:
                    new[name] = counting
    changed = results.adjust(new)
    return [*_strangers(course, hand_ins, students), *_unmeasured(course, late)], changed


def _strangers(course: Course, hand_ins: list[HandIn], students: list[str]) -> list[str]:
    """The overrides of students who handed nothing in."""
    known = set(students)
    lost = [override for override in course.overrides if override.student not in known]
    if not lost:
        return []
    elsewhere: frozenset[str] = frozenset()
    if course.roster is not None:
        people = course.roster.people
        absent = match([Student(h.student, h.lms_id) for h in hand_ins], people).people
        elsewhere = frozenset(
            name for person in absent for name in (person.name, *person.logins, *person.emails)
        )
    return [override.unknown_student(students, elsewhere) for override in lost]


def _unmeasured(course: Course, late: Dated) -> list[str]:
    if course.settings.penalty is None:
        return []
    return [
        f"{hand_in.student}: late, but not by a known time, so nothing was taken off: "
        "the roster's column `submitted` can tell"
        for hand_in in late.hand_ins
        if hand_in.late and hand_in.student not in late.late_by
    ]


@cache
def _empty_quiz() -> dict[str, Any]:
    import quiz
    from quiz.answers import AnswerFile

    lesson = quiz.load()
    mark = quiz.mark_answers(lesson, AnswerFile(quiz=lesson.quiz), "nobody").as_json()
    return {key: value for key, value in mark.items() if key != "student"}


def empty_quiz() -> dict[str, Any]:
    """The mark of a quiz that was not answered."""
    return copy.deepcopy(_empty_quiz())
