"""A student's feedback as Markdown, from the results alone."""

from __future__ import annotations

import re
from typing import Any

from grader.adjusting import explain
from nnv.manifest import Manifest

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>()#+!|~&-])")
_FENCE = re.compile(r"`{3,}")

WORDS = {
    "passed": "right",
    "failed": "wrong result",
    "error": "raised an error",
    "timeout": "took too long",
    "memory": "needed too much memory",
    "crashed": "ended the process",
    "missing": "missing",
    "not_run": "not run",
}


def student_feedback(record: dict[str, Any], manifest: Manifest) -> str:
    """Write one student's feedback.

    Args:
        record: the submission's entry in ``results.json``.
        manifest: the functions, with their sections of the lesson.

    Returns:
        Markdown in which names and messages stand as text, whatever they contain.
    """
    lines = [f"# {escape(manifest.title)}: feedback for {escape(record['student'])}", ""]
    if record["status"] != "graded":
        return "\n".join([*lines, *_not_graded(record), *_after_grading(record)]) + "\n"
    lines += [_total(record), *_after_grading(record), ""]
    for function in manifest.functions:
        mark = record["functions"].get(function.name)
        if mark is not None:
            lines += _function(function.name, function.section, mark)
    if record["quiz"] is not None:
        lines += _quiz(record["quiz"])
    return "\n".join(lines).rstrip() + "\n"


def escape(text: str) -> str:
    """Make a text safe as Markdown: one line, nothing in it is markup."""
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()))


def _not_graded(record: dict[str, Any]) -> list[str]:
    if record["status"] == "unreadable":
        reason = escape(record["reason"] or "")
        return [f"Your hand-in could not be read: {reason}", "", "Mend it and hand in again."]
    return ["Your hand-in could not be graded yet. That is our fault; no mark was given."]


def _total(record: dict[str, Any]) -> str:
    late = " (handed in late)" if record["late"] else ""
    return f"**{record['points']:g} of {record['max_points']:g} points**{late}"


def _after_grading(record: dict[str, Any]) -> list[str]:
    """What lateness cost and what was set by hand."""
    told = [f"- {escape(line)}" for line in explain(record)]
    if told and record["status"] != "graded":
        told += ["", _total(record)]
    return ["", *told] if told else []


def _function(name: str, section: str, mark: dict[str, Any]) -> list[str]:
    sign = "✓" if mark["verdict"] == "passed" else "✗"
    points = f"{mark['points']:g} of {mark['max_points']:g}"
    lines = [f"## {sign} {name}: {points} points, {WORDS[mark['verdict']]}", ""]
    if mark["carried_forward"]:
        helpers = ", ".join(mark["carried_forward"])
        lines += [f"Graded with a right {helpers} in the place of yours, which is wrong.", ""]
    if mark["misconception"]:
        lines += [f"Your {name} {escape(mark['misconception']['text'])}.", ""]
    if mark["message"]:
        lines += ["```text", _FENCE.sub("'''", mark["message"]), "```", ""]
    if mark["verdict"] != "passed":
        lines += [f'Read again: "{escape(section)}".', ""]
    return lines


def _quiz(quiz: dict[str, Any]) -> list[str]:
    if "error" in quiz:
        return ["## Quiz", "", f"Your answers could not be read: {escape(str(quiz['error']))}", ""]
    lines = [f"## Quiz: {quiz['points']:g} of {quiz['max_points']:g} points", ""]
    for question, mark in quiz["questions"].items():
        feedback = f": {escape(mark['feedback'])}" if mark.get("feedback") else ""
        lines.append(
            f"- {escape(question)}: {mark['points']:g} of {mark['max_points']:g}{feedback}"
        )
    return [*lines, ""]
