"""Finding and marking many `answers.yaml` files: a bad one costs the others nothing."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from quiz.answers import MAX_BYTES, AnswerFile, read_answers
from quiz.marking import QuizMark, mark_answers
from quiz.model import Quiz
from quiz.problems import QuizAnswersError

NAME = "answers.yaml"
MANY = 100


@dataclass(frozen=True, slots=True)
class Found:
    """A file of answers.

    Attributes:
        path: Where it lies.
        student: The id of the hand-in, where the folder says so; else empty.
    """

    path: Path
    student: str = ""

    @property
    def label(self) -> str:
        """What to call its student where the file does not say."""
        return self.student or (
            self.path.resolve().parent.name if self.path.name == NAME else self.path.stem
        )


def find(paths: Iterable[str | Path], by_folder: bool = False) -> Iterator[Found]:
    """The files that some paths mean.

    Args:
        paths: Files; folders that hold an `answers.yaml`; folders of such folders, each named after
            its student.
        by_folder: Whether files given by name belong to the student that their folder is named
            after.
    """
    for path in map(Path, paths):
        if not path.is_dir():
            yield Found(path, path.resolve().parent.name if by_folder else "")
        elif (path / NAME).exists():
            yield Found(path / NAME, path.resolve().name if by_folder else "")
        else:
            yield from (Found(file, file.parent.name) for file in sorted(path.glob(f"*/{NAME}")))


def mark_file(quiz: Quiz, found: Found) -> tuple[AnswerFile, QuizMark]:
    """Mark one file.

    Returns:
        What was answered, and its mark.

    Raises:
        QuizAnswersError: It cannot be read or marked; the text says which file.
    """
    try:
        with found.path.open("rb") as stream:
            answers = read_answers(stream.read(MAX_BYTES + 1))
        return answers, mark_answers(quiz, answers, found.student)
    except OSError as error:
        raise QuizAnswersError(f"{found.path}: cannot be read: {error.strerror or error}") from None
    except QuizAnswersError as error:
        raise QuizAnswersError(f"{found.path}: {error}") from None


def read_all(
    quiz: Quiz, founds: Iterable[Found]
) -> tuple[list[tuple[AnswerFile, QuizMark]], list[str]]:
    """The answers and marks of many files, and what is wrong with the others."""
    marked, problems = [], []
    for found in founds:
        try:
            marked.append(mark_file(quiz, found))
        except QuizAnswersError as error:
            problems.append(str(error))
    return marked, problems


def entry(quiz: Quiz, found: Found) -> dict[str, Any]:
    """A student's entry of the results: the marks, or why there are none."""
    try:
        return mark_file(quiz, found)[1].as_json()
    except QuizAnswersError as error:
        return {"student": found.label, "error": str(error)}


def entries(quiz: Quiz, founds: Iterable[Found]) -> list[dict[str, Any]]:
    """The entries of many files, in their order; on several cores where there are many."""
    todo = list(founds)
    if len(todo) >= MANY and (os.cpu_count() or 1) > 1:
        from quiz.cores import can_fork, entries_on_cores

        if can_fork():
            return entries_on_cores(quiz, todo)
    return [entry(quiz, found) for found in todo]
