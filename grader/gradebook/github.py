"""A job summary for GitHub, such as GitHub Classroom's workflows show: Markdown in one file.

    - run: nnv grade . --out results && nnv export github results
    - run: cat results/export-github/summary.md >> "$GITHUB_STEP_SUMMARY"

A step's summary may have 1 MiB; of a large class the last students' details are left out, and the
summary says so.
"""

from __future__ import annotations

import html
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from grader.adjusting import counts
from grader.feedback.markdown import escape, student_feedback
from grader.gradebook.cells import number
from grader.gradebook.gathered import Gathered, Wishes, Written, quiz_of
from grader.names import shown
from grader.results import written_whole

FILE_NAME = "summary.md"
MAX_BYTES = 1_000_000


def write(gathered: Gathered, out: Path, wishes: Wishes) -> Written:
    """Write the summary. There is nothing in it to wish for."""
    text, left_out = _summary(gathered)
    path = out / FILE_NAME
    with written_whole(path) as file:
        file.write(text)
    notes = (f"{path}: the details of {left_out} students did not fit",) if left_out else ()
    return Written((path,), notes=notes)


def _summary(gathered: Gathered) -> tuple[str, int]:
    if len(gathered.records) == 1:
        return _clean(student_feedback(gathered.records[0], gathered.lesson)), 0
    parts = [_clean("\n".join(_table(gathered)) + "\n")]
    size = len(parts[0].encode())
    if size > MAX_BYTES:
        kept = parts[0].encode()[:MAX_BYTES].decode(errors="ignore")
        return kept.rsplit("\n", 1)[0] + "\n", len(gathered.records)
    for number_, record in enumerate(gathered.records):
        part = _clean(_details(record, gathered))
        size += len(part.encode())
        if size > MAX_BYTES - 200:
            left = len(gathered.records) - number_
            parts.append(f"\nThe details of {left} more students are in the results' folder.\n")
            return "".join(parts), left
        parts.append(part)
    return "".join(parts), 0


def _clean(text: str) -> str:
    return text.encode("utf-8", "backslashreplace").decode()


def _table(gathered: Gathered) -> Iterator[str]:
    quiz = " quiz |" if gathered.has_quiz else ""
    yield f"# {escape(gathered.lesson.title)}"
    yield ""
    yield f"| student | points | of |{quiz} not right |"
    yield "|---|--:|--:|" + ("--:|" if quiz else "") + "---|"
    for record in gathered.records:
        points = number(record["points"]) if counts(record) else "–"
        cells = [_name(record), points, number(record["max_points"])]
        if quiz:
            mark = quiz_of(record)
            cells.append(number(mark["points"]) if mark else "")
        cells.append(_wrong(record))
        yield "| " + " | ".join(cells) + " |"


def _name(record: dict[str, Any]) -> str:
    return escape(shown(record["student"])) + (" (late)" if record["late"] else "")


def _wrong(record: dict[str, Any]) -> str:
    if record["status"] == "unreadable":
        return "not readable"
    if record["status"] != "graded":
        return "a fault of the grader"
    wrong = [name for name, mark in record["functions"].items() if mark["verdict"] != "passed"]
    return ", ".join(f"`{name}`" for name in wrong)


def _details(record: dict[str, Any], gathered: Gathered) -> str:
    feedback = student_feedback(record, gathered.lesson).split("\n", 2)[2]
    name = html.escape(shown(record["student"])) + (" (late)" if record["late"] else "")
    return f"\n<details><summary>{name}</summary>\n\n{feedback}\n</details>\n"
