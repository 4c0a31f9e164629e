"""What every export needs: the results, who the students are, where their feedback is."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader import roster as rosters
from grader.adjusting import counts
from grader.errors import RequestError
from grader.names import safe_filenames, shown
from grader.people import Matching, Student, match
from grader.results import DATABASE, Results, read_results
from grader.roster import Person, Roster
from nnv.manifest import Manifest, manifest


class ExportError(RequestError):
    """The results cannot be exported like this: what was found, what to do."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """What was asked for besides the format.

    Attributes:
        column: the name of the column for the points; None to find it.
        quiz_column: the same for the quiz.
        visibility: of what Gradescope shows.
    """

    column: str | None = None
    quiz_column: str | None = None
    visibility: str = "visible"


@dataclass(frozen=True, slots=True)
class Written:
    """What an export wrote.

    Attributes:
        files: the files, the most important first.
        problems: what is to be reported, in sentences.
        notes: what is worth knowing and nobody's fault.
    """

    files: tuple[Path, ...]
    problems: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Gathered:
    """A class's results and who its students are.

    Attributes:
        folder: the results' folder.
        assignment: the name of the assignment.
        records: the entries of ``results.json``.
        lesson: the functions, in order.
        roster: the course's students; None without a roster.
        matching: who is who; None without a roster.
        files: student → file name without suffix.
        hand_ins: student → number in Canvas or Moodle, and names in the folder of hand-ins.
    """

    folder: Path
    assignment: str
    records: tuple[dict[str, Any], ...]
    lesson: Manifest
    roster: Roster | None
    matching: Matching | None
    files: Mapping[str, str]
    hand_ins: Mapping[str, tuple[str | None, tuple[str, ...]]]

    @property
    def has_quiz(self) -> bool:
        """Whether anybody has points in the quiz."""
        return any(quiz_of(record) for record in self.records)

    def by_line(self) -> dict[int, dict[str, Any]]:
        """Line of the roster → the entry of its student, where there is a mark."""
        if self.matching is None:
            return {}
        known = {record["student"]: record for record in self.records if counts(record)}
        pairs = self.matching.pairs.items()
        return {person.line: known[name] for name, person in pairs if name in known}

    def person(self, student: str) -> Person | None:
        """The line of the roster for a student."""
        return None if self.matching is None else self.matching.pairs.get(student)

    def without_mark(self) -> list[str]:
        """Those whom a fault of the grader left without a mark, as problems."""
        return [
            f"{shown(record['student'])}: no mark, a fault of the grader stopped it: left out"
            for record in self.records
            if not counts(record)
        ]

    def unmatched(self) -> list[str]:
        """Those of either side whom the other does not know, as problems."""
        if self.matching is None or self.roster is None:
            return []
        doubts = self.matching.doubts
        several = " for sure: several could be meant, tell them apart by a number or login"
        return [
            *(
                f"{shown(name)}: handed in, and is not in {self.roster.path}"
                + (several if name in doubts else "")
                for name in self.matching.students
            ),
            *(
                f"{self.roster.path}:{person.line}: {person.name}: no hand-in"
                + (several if person.name in doubts else "")
                for person in self.matching.people
            ),
        ]


def gather(folder: Path, roster: Path | None) -> Gathered:
    """Read the results and the roster.

    Raises:
        ResultsError: there are no results.
        RosterError: the roster cannot be used.
    """
    results = read_results(folder)
    hand_ins = _hand_ins(folder)
    people = rosters.load(roster) if roster else None
    students = [record["student"] for record in results["submissions"]]
    known = [Student(name, hand_ins.get(name, (None,))[0]) for name in students]
    return Gathered(
        folder,
        results["assignment"],
        tuple(results["submissions"]),
        manifest(),
        people,
        match(known, people.people) if people else None,
        safe_filenames(students),
        hand_ins,
    )


def _hand_ins(folder: Path) -> dict[str, tuple[str | None, tuple[str, ...]]]:
    if not (folder / DATABASE).exists():
        return {}
    with Results(folder) as results:
        return results.hand_ins()


def quiz_of(record: dict[str, Any]) -> dict[str, Any] | None:
    """The mark of a student's quiz; None where there is none."""
    quiz = record["quiz"]
    return None if quiz is None or "points" not in quiz else quiz


def letters(text: str) -> str:
    """What is left of a column's name when nobody minds spaces, signs and case."""
    return re.sub(r"[\W_]", "", text).casefold()
