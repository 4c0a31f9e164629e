"""Gradescope's `results.json`, one a student, and `quiz.json` of the same form for the quiz.

Gradescope (autograder documentation, "Output format") takes the top `score` before the sum of the
tests', so that a late penalty and a total set by hand stand. A test here is one function; what the
hidden tests are called is not in it.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from grader.adjusting import counts, explain
from grader.feedback.markdown import WORDS
from grader.gradebook.gathered import Gathered, Wishes, Written, quiz_of
from grader.results import written_whole

VISIBILITIES = ("visible", "hidden", "after_due_date", "after_published")


def write(gathered: Gathered, out: Path, wishes: Wishes) -> Written:
    """Write a folder a student."""
    files = []
    for record in gathered.records:
        if not counts(record):
            continue
        folder = out / gathered.files[record["student"]]
        folder.mkdir(parents=True, exist_ok=True)
        files.append(_save(folder / "results.json", _results(record, wishes.visibility)))
        if (quiz := quiz_of(record)) is not None:
            files.append(_save(folder / "quiz.json", _quiz(record, quiz, wishes.visibility)))
    return Written(tuple(files))


def _save(path: Path, data: dict[str, Any]) -> Path:
    with written_whole(path) as file:
        # ASCII, since half a surrogate pair in what a student printed cannot be written as UTF-8.
        json.dump(data, file, indent=2)
        file.write("\n")
    return path


def _head(record: dict[str, Any], points: float, output: str, visibility: str) -> dict[str, Any]:
    return {
        "score": points,
        "output": output,
        "output_format": "text",
        "test_output_format": "text",
        "test_name_format": "text",
        "visibility": visibility,
        "stdout_visibility": "hidden",
        "extra_data": {"student": record["student"], "status": record["status"]},
    }


def _results(record: dict[str, Any], visibility: str) -> dict[str, Any]:
    told = [record["reason"]] if record["reason"] else []
    told += ["Handed in late."] if record["late"] and "penalty" not in record else []
    output = "\n".join([*told, *explain(record)])
    tests = [_test(name, mark, visibility) for name, mark in record["functions"].items()]
    return {**_head(record, record["points"], output, visibility), "tests": tests}


def _test(name: str, mark: dict[str, Any], visibility: str) -> dict[str, Any]:
    lines = [WORDS[mark["verdict"]]]
    if mark["carried_forward"]:
        helpers = ", ".join(mark["carried_forward"])
        lines.append(f"Graded with a right {helpers} in the place of yours, which is wrong.")
    if mark["misconception"]:
        lines.append(f"Your {name} {mark['misconception']['text']}.")
    if mark["message"]:
        lines.append(mark["message"])
    return {
        "name": name,
        "score": mark["points"],
        "max_score": mark["max_points"],
        "status": "passed" if mark["verdict"] == "passed" else "failed",
        "output": "\n".join(lines),
        "visibility": visibility,
    }


def _quiz(record: dict[str, Any], quiz: dict[str, Any], visibility: str) -> dict[str, Any]:
    tests = [
        {
            "name": question,
            "score": mark["points"],
            "max_score": mark["max_points"],
            "status": "passed" if mark["points"] >= mark["max_points"] else "failed",
            "output": mark.get("feedback") or "",
            "visibility": visibility,
        }
        for question, mark in quiz["questions"].items()
    ]
    return {**_head(record, quiz["points"], "", visibility), "tests": tests}
