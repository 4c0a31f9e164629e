"""A CSV of everything, for a spreadsheet: a line a student, a column a function."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from grader.adjusting import counts, explain
from grader.gradebook.cells import write_csv
from grader.gradebook.gathered import Gathered, Wishes, Written, quiz_of

FILE_NAME = "results.csv"
_HEAD = ("status", "source", "submitted", "late", "points", "max points", "percent taken off")


def write(gathered: Gathered, out: Path, wishes: Wishes) -> Written:
    """Write the CSV, with a byte order mark, for Excel. There is nothing in it to wish for."""
    return Written((write_csv(out / FILE_NAME, _rows(gathered), bom=True),))


def _rows(gathered: Gathered) -> Iterator[list[Any]]:
    names = gathered.lesson.names
    who = ["name in the roster"] if gathered.roster else []
    yield ["student", *who, *_HEAD, "quiz points", "quiz max points", "notes", *names]
    for record in gathered.records:
        person = gathered.person(record["student"])
        quiz = quiz_of(record)
        functions = record["functions"]
        yield [
            record["student"],
            *([person.name if person else ""] if who else []),
            record["status"],
            record["source"],
            record["submitted"],
            record["late"],
            record["points"] if counts(record) else None,
            record["max_points"],
            record.get("penalty", {}).get("percent"),
            quiz["points"] if quiz else None,
            quiz["max_points"] if quiz else None,
            " ".join([*filter(None, [record["reason"]]), *explain(record)]),
            *(functions[name]["points"] if name in functions else None for name in names),
        ]
