"""The steps of `nbgrader autograde` that use the gradebook, with few sessions and few commits.

Nbgrader opens the gradebook anew for each step, asks for each cell on its own and commits each
grade: that is most of its own time. Here a step asks once for a whole notebook and commits once.
What is written is what nbgrader's own classes decide.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from types import SimpleNamespace
from typing import Any

import jsonschema  # type: ignore[import-untyped]
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.nbgraderformat import MetadataValidator
from nbgrader.preprocessors import (
    AssignLatePenalties,
    CheckCellMetadata,
    NbGraderPreprocessor,
    SaveAutoGrades,
)
from sqlalchemy import create_engine
from sqlalchemy.orm import joinedload, scoped_session, sessionmaker
from sqlalchemy.pool import NullPool

from grader.gradebook.ledger import Sheet, sheet_of
from grader.notebook.quiz_cells import QuizMark

KEY = "nn-visually"
Resources = dict[str, Any]


class NotGradedError(Exception):
    """A notebook that must not get points: what is not as it should be, and what to do."""


@dataclass(slots=True)
class Found:
    """What `MarkCells` found in one notebook: points and answers by cell, cells to be looked at."""

    marks: dict[str, float] = field(default_factory=dict)
    quiz: dict[str, QuizMark] = field(default_factory=dict)
    unsure: set[str] = field(default_factory=set)


class SharedGradebook(Gradebook):  # type: ignore[misc]  # nbgrader has no types
    """A gradebook that keeps what it has learnt of the tables; each use connects anew."""

    def __init__(self, db_url: str) -> None:
        self.engine = _engine(db_url)
        self.db = scoped_session(sessionmaker(autoflush=True, bind=self.engine, future=True))
        self.authenticator = None

    def close(self) -> None:
        """End the session; the engine stays for the next one."""
        self.db.remove()


@cache
def _engine(db_url: str) -> Any:
    # No connection is kept: the file may be another one when the next notebook comes.
    return create_engine(db_url, future=True, poolclass=NullPool)


@contextmanager
def opened(names: dict[str, str]) -> Iterator[SharedGradebook]:
    """The gradebook of a notebook's course."""
    gradebook = SharedGradebook(names["db_url"])
    try:
        yield gradebook
    finally:
        gradebook.close()


def sheet(names: dict[str, str]) -> Sheet:
    """What the gradebook knows of a notebook."""
    with opened(names) as gradebook:
        return sheet_of(gradebook.find_notebook(names["notebook"], names["assignment"]))


class SaveMarks(SaveAutoGrades):  # type: ignore[misc]
    """Takes the points from the graded cells as nbgrader does, and compares them with the marks.

    What a person should look at is flagged after the scores, since nbgrader takes a cell with
    points for sure.
    """

    def preprocess(self, nb: Any, resources: Resources) -> tuple[Any, Resources]:
        """Save the grades of one notebook in one transaction."""
        found: Found | None = resources.get(KEY)
        if found is None:
            raise NotGradedError(
                "MarkCells did not run: nbgrader_config.py must have it in "
                "c.Autograde.autograde_preprocessors; nnv course writes one that has"
            )
        names = resources["nbgrader"]
        self.notebook_id, self.assignment_id = names["notebook"], names["assignment"]
        self.student_id, self.db_url = names["student"], names["db_url"]
        with opened(names) as gradebook:
            saved = gradebook.find_submission_notebook(
                self.notebook_id, self.assignment_id, self.student_id
            )
            grades = {grade.name: grade for grade in _with_cells(gradebook, saved, "grades")}
            comments = {one.name: one for one in _with_cells(gradebook, saved, "comments")}
            self.gradebook = _Batch(grades, comments)
            nb, resources = NbGraderPreprocessor.preprocess(self, nb, resources)
            _compare(grades, found)
            _flag(grades, comments, found)
            gradebook.db.commit()
        return nb, resources


class _Batch:
    """What `SaveAutoGrades` asks a gradebook for, from one notebook's rows; commits nothing."""

    def __init__(self, grades: dict[str, Any], comments: dict[str, Any]) -> None:
        self._grades, self._comments = grades, comments
        self.db = SimpleNamespace(commit=lambda: None)

    def find_grade(self, name: str, *_: str) -> Any:
        """The grade of a cell."""
        return _known(self._grades, name)

    def find_comment(self, name: str, *_: str) -> Any:
        """The comment on a cell."""
        return _known(self._comments, name)


def _known(rows: dict[str, Any], name: str) -> Any:
    if name not in rows:
        raise MissingEntry(f"No such cell: {name}")
    return rows[name]


def _with_cells(gradebook: Any, saved: Any, rows: str) -> list[Any]:
    """All grades or comments of a notebook, each with its cell, by one query."""
    table = getattr(type(saved), rows).property.mapper.class_
    query = gradebook.db.query(table).options(joinedload(table.cell))
    found: list[Any] = query.filter(table.notebook_id == saved.id).all()
    return found


def _compare(grades: dict[str, Any], found: Found) -> None:
    for name, points in found.marks.items():
        taken = grades[name].auto_score
        if taken != round(points, 6):
            raise NotGradedError(f"{name}: nbgrader took {taken!r} where {points!r} was due")


def _flag(grades: dict[str, Any], comments: dict[str, Any], found: Found) -> None:
    for name in found.unsure & set(grades):
        grades[name].needs_manual_grade = True
    for name, mark in found.quiz.items():
        grade = grades[name]
        grade.auto_score = mark.points
        grade.needs_manual_grade = mark.unsure or grade.manual_score is not None
        if name in comments:
            comments[name].auto_comment = mark.feedback


class LatePenalties(AssignLatePenalties):  # type: ignore[misc]
    """Nbgrader's late penalties, by its own plugin."""

    def preprocess(self, nb: Any, resources: Resources) -> tuple[Any, Resources]:
        """Set or take back the penalty of one notebook."""
        self.init_plugin()
        names = resources["nbgrader"]
        where = (names["assignment"], names["student"])
        with opened(names) as gradebook:
            late = gradebook.find_submission(*where).total_seconds_late
            notebook = gradebook.find_submission_notebook(names["notebook"], *where)
            penalty = None
            if late > 0:
                self.log.warning("%s is %s seconds late", names["student"], late)
                penalty = self.plugin_inst.late_submission_penalty(
                    names["student"], notebook.score, late
                )
            if penalty is not None:
                penalty = self._check_late_penalty(notebook, penalty)
            notebook.late_submission_penalty = penalty
            gradebook.db.commit()
        return nb, resources


class CheckMetadata(CheckCellMetadata):  # type: ignore[misc]
    """Nbgrader's check of its metadata, with a schema that is read once."""

    def preprocess(self, nb: Any, resources: Resources) -> tuple[Any, Resources]:
        """Check one notebook; where something is wrong nbgrader's own check says what."""
        validator, version = _validator()
        for cell in nb.cells:
            found = cell.metadata.get("nbgrader")
            if found is None:
                continue
            if found.get("schema_version") != version or not validator.is_valid(found):
                return super().preprocess(nb, resources)  # type: ignore[no-any-return]
        return nb, resources


@cache
def _validator() -> tuple[Any, int]:
    made = MetadataValidator()
    return jsonschema.Draft4Validator(made.schema), made.schema_version


def as_node(data: Any) -> Any:
    """Plain data as nbformat has it."""
    from nbformat.notebooknode import from_dict

    return from_dict(data)  # type: ignore[no-untyped-call]
