"""The hand-ins of an nbgrader course: those that nbgrader has collected, or those of a folder."""

from __future__ import annotations

import ast
import os
import re
from dataclasses import dataclass
from datetime import datetime
from glob import glob
from pathlib import Path

from grader.hand_ins import HandIn, Part, survey
from grader.names import shown
from grader.notebook import cells
from grader.run import UsageError
from grader.submission import Submission
from nnv.manifest import Manifest


@dataclass(frozen=True, slots=True)
class Given:
    """A hand-in of the course.

    Attributes:
        student: nbgrader's id of the student.
        hand_in: what is graded.
        folder: nbgrader's folder of it, where it was collected by nbgrader.
        timestamp: when it was handed in, or None.
    """

    student: str
    hand_in: HandIn
    folder: Path | None
    timestamp: datetime | None


def collected(pattern: str, students: re.Pattern[str]) -> list[Given]:
    """The hand-ins in nbgrader's folders.

    Args:
        pattern: the folders, as a pattern of the shell.
        students: what tells the student, as ``student``, from the folder's name.

    Returns:
        The hand-ins, ordered by folder, without their times.
    """
    found = []
    for folder in sorted(glob(pattern)):  # noqa: PTH207 - nbgrader's settings make a text
        match = students.fullmatch(folder)
        if match is not None and Path(folder).is_dir():
            student = match["student"]
            found.append(Given(student, _hand_in(student, folder), Path(folder), None))
    return found


def _hand_in(student: str, folder: str) -> HandIn:
    """What counts of a collected folder: the assignment's notebook, or else all of it."""
    notebook = f"{cells.NAME}.ipynb"
    path = os.path.join(folder, notebook)  # noqa: PTH118
    part = Part(path, notebook) if os.path.isfile(path) else Part(folder, student)  # noqa: PTH113
    answers = os.path.join(folder, "answers.yaml")  # noqa: PTH118
    there = os.path.isfile(answers)  # noqa: PTH113
    return HandIn(shown(student), (part,), Part(answers, "answers.yaml") if there else None)


def handed_in(folder: Path) -> list[Given]:
    """The hand-ins of a folder, as `nnv grade` finds them.

    Raises:
        UsageError: there is no such folder.
    """
    if not folder.is_dir():
        raise UsageError(f"{folder}: not a folder: name the folder that holds the hand-ins")
    found = []
    for hand_in in survey(folder).hand_ins:
        time = hand_in.submitted
        stamp = datetime.fromisoformat(time).replace(tzinfo=None) if time else None
        found.append(Given(hand_in.student, hand_in, None, stamp))
    return found


def notebook_file(hand_in: HandIn) -> str | None:
    """The notebook of a hand-in that is nothing but one."""
    (part, *rest) = hand_in.parts
    plain = part.path.endswith(".ipynb") and not os.path.isdir(part.path)  # noqa: PTH112
    return part.path if plain and not rest else None


def written(submission: Submission, known: Manifest) -> dict[str, str]:
    """What was written, by function: a definition on its own, or the file where it is found.

    The whole text of a module stands in the cell of its first function.
    """
    found: dict[str, str] = {}
    for name, source in submission.sources:
        text = source.decode("utf-8", "replace")
        homes = [f.name for f in known.functions if f.module == name] or _defined(text, known)
        for position, function in enumerate(homes):
            where = f"# {function} was handed in with {homes[0]}: see its cell.\n"
            found.setdefault(function, where if position else text)
    return found


def _defined(text: str, known: Manifest) -> list[str]:
    try:
        body = ast.parse(text).body
    except (SyntaxError, ValueError):
        return []
    names = {node.name for node in body if isinstance(node, ast.FunctionDef)}
    return [name for name in known.names if name in names]
