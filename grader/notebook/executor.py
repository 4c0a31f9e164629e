"""What `nbgrader autograde` runs in a course of ours, in place of its own executor.

    submitted notebook
      ClearOutput, DeduplicateIds, OverwriteKernelspec      nbgrader's
      RestoreCells       puts locked cells back; closes every graded cell: no points so far
      CheckCellMetadata                                     nbgrader's
      MarkCells          marks the code in the sandbox; writes marks into the graded cells
      IgnorePattern, ClearMetadataPreprocessor, LimitOutput, SaveAutoGrades       nbgrader's
      FlagUnsure         compares the gradebook with the marks; flags what a person should see
      AssignLatePenalties, CheckCellMetadata                nbgrader's

No kernel starts, and no code of a student runs in nbgrader's process. Where anything is not as it
should be an exception ends that student's grading: nbgrader reports it, and no points are given.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from nbgrader import utils
from nbgrader.api import Gradebook
from nbgrader.preprocessors import NbGraderPreprocessor, OverwriteCells
from traitlets import Bool

from grader.notebook import cells, page, quiz_cells, session
from grader.notebooks import read_notebook
from grader.reading import Unreadable
from grader.submission import Submission
from nnv.manifest import Manifest, manifest

_KEY = "nn-visually"
Resources = dict[str, Any]


@dataclass(slots=True)
class _Found:
    """What `MarkCells` found in one notebook: points and answers by cell, cells to be looked at."""

    marks: dict[str, float] = field(default_factory=dict)
    quiz: dict[str, quiz_cells.QuizMark] = field(default_factory=dict)
    unsure: set[str] = field(default_factory=set)


class NotGradedError(Exception):
    """A notebook that must not get points: what is not as it should be, and what to do."""


class RestoreCells(OverwriteCells):  # type: ignore[misc]  # nbgrader has no types
    """Puts back what a student may not change, and closes every graded cell of code.

    A closed cell holds an error, for which nbgrader gives no points. Only `MarkCells` opens it
    again, so that a course without it gives nobody points for nothing.
    """

    def preprocess(self, nb: Any, resources: Resources) -> tuple[Any, Resources]:
        """Repair the metadata of our cells, let nbgrader restore them, close them."""
        known = manifest()
        for cell in nb.cells:
            if not cell.metadata.get("nbgrader", True):
                # nbgrader empties the metadata of a copied cell, and refuses it then as outdated.
                del cell.metadata["nbgrader"]
            _repair(cell, known)
        nb, resources = super().preprocess(nb, resources)
        for cell in nb.cells:
            if utils.is_grade(cell) and cell.cell_type == "code":
                cell.outputs = [_output(page.refusal("NotGraded", "this cell was not graded yet"))]
        return nb, resources


class MarkCells(NbGraderPreprocessor):  # type: ignore[misc]
    """Marks a notebook's code in the sandbox and writes the marks into its graded cells."""

    allow_weak_isolation = Bool(
        False, help="Go on where student code cannot be confined whole. At your own risk."
    ).tag(config=True)

    def preprocess(self, nb: Any, resources: Resources) -> tuple[Any, Resources]:
        """Mark one notebook."""
        known = manifest()
        graded = {c.metadata.nbgrader["grade_id"]: c for c in nb.cells if utils.is_grade(c)}
        resources[_KEY] = found = _Found()
        if set(graded) & set(known.names):
            self._exercises(nb, graded, resources["nbgrader"]["student"], found)
        for name, cell in graded.items():
            if cell.cell_type == "code" and name not in found.marks:
                self._foreign(name, cell, found)
            elif cell.cell_type == "markdown" and quiz_cells.is_ours(name):
                found.quiz[name] = quiz_cells.mark(name, cell.source)
        return nb, resources

    def _exercises(self, nb: Any, graded: dict[str, Any], student: str, found: _Found) -> None:
        known = manifest()
        for name in known.names:
            _must_fit(name, graded.get(name), known.function(name).points)
        marks = self._marks(nb, student, found)
        for name, mark in marks.items():
            made = page.outputs(known.function(name), mark)
            graded[name].outputs = [_output(output) for output in made]
            graded[name].execution_count = None
            found.marks[name] = mark["points"]

    def _marks(self, nb: Any, student: str, found: _Found) -> dict[str, dict[str, Any]]:
        try:
            submission = submission_of(nb, student)
        except Unreadable as error:
            self.log.warning("%s: %s", student, error.reason)
            found.unsure |= set(manifest().names)
            return unreadable_marks(manifest(), error.reason)
        marked = session.mark(submission, allow_weak=self.allow_weak_isolation)
        return {name: mark.as_json() for name, mark in marked.functions.items()}

    def _foreign(self, name: str, cell: Any, found: _Found) -> None:
        """A graded cell that is none of ours earns nothing here, and a person looks at it."""
        text = f"{name} is no cell of nn-visually: it was not run. Please mark it by hand."
        self.log.warning(text)
        cell.outputs = [_output(page.refusal("NotGraded", text))]
        found.unsure.add(name)


class FlagUnsure(NbGraderPreprocessor):  # type: ignore[misc]
    """Compares the gradebook with the marks, and flags what a person should look at.

    It comes after `SaveAutoGrades`, which takes a cell with points for sure.
    """

    def preprocess(self, nb: Any, resources: Resources) -> tuple[Any, Resources]:
        """Look at the grades of one notebook."""
        if _KEY not in resources:
            raise NotGradedError(
                "MarkCells did not run: nbgrader_config.py must have it in "
                "c.Autograde.autograde_preprocessors; nnv course writes one that has"
            )
        found, names = resources[_KEY], resources["nbgrader"]
        with Gradebook(names["db_url"]) as gradebook:
            saved = gradebook.find_submission_notebook(
                names["notebook"], names["assignment"], names["student"]
            )
            for grade in saved.grades:
                due = found.marks.get(grade.name)
                if due is not None and grade.auto_score != round(due, 6):
                    raise NotGradedError(
                        f"{grade.name}: nbgrader took {grade.auto_score!r} where {due!r} was due"
                    )
                if grade.name in found.unsure:
                    grade.needs_manual_grade = True
                if grade.name in found.quiz:
                    save_quiz(grade, found.quiz[grade.name])
            for comment in saved.comments:
                if comment.name in found.quiz:
                    comment.auto_comment = found.quiz[comment.name].feedback
            gradebook.db.commit()
        return nb, resources


def save_quiz(grade: Any, mark: quiz_cells.QuizMark) -> None:
    """Write the mark of an answer into its grade; a manual score stays and is looked at again."""
    grade.auto_score = mark.points
    grade.needs_manual_grade = mark.unsure or grade.manual_score is not None


class HideTests(NbGraderPreprocessor):  # type: ignore[misc]
    """Leaves the hidden regions out of feedback pages."""

    def preprocess(self, nb: Any, resources: Resources) -> tuple[Any, Resources]:
        """Cut the regions out of graded cells; a student's own cells stay as they are."""
        for cell in nb.cells:
            if utils.is_grade(cell) and cell.cell_type == "code":
                cell.source = cells.without_region(cell.source, "HIDDEN TESTS", None)
        return nb, resources


def submission_of(nb: Any, student: str) -> Submission:
    """A notebook's own cells as a hand-in: everything but the graded cells, which are ours.

    Raises:
        Unreadable: it has too many cells, or too much code in them.
    """
    plain = [
        {"cell_type": cell["cell_type"], "source": "" if _is_ours(cell) else cell["source"]}
        for cell in nb["cells"]
    ]
    data = json.dumps({"cells": plain}).encode("utf-8", "surrogatepass")
    sources, notes = read_notebook(data, f"{cells.NAME}.ipynb")
    return Submission(
        student=student,
        kind="notebook",
        sources=sources,
        answers=None,
        submitted=None,
        late=False,
        digest="",
        notes=notes,
    )


def _is_ours(cell: Any) -> bool:
    return cell["cell_type"] == "code" and bool(utils.is_grade(cell))


def unreadable_marks(known: Manifest, reason: str) -> dict[str, dict[str, Any]]:
    """No points for any function, with the reason."""
    return {
        function.name: {
            "points": 0.0,
            "max_points": function.points,
            "verdict": "not_run",
            "carried_forward": [],
            "misconception": None,
            "message": f"The notebook could not be read: {reason}",
        }
        for function in known.functions
    }


def _repair(cell: Any, known: Manifest) -> None:
    """Give a cell of ours the metadata that it was handed out with."""
    found = cell.metadata.get("nbgrader")
    name = found.get("grade_id") if isinstance(found, dict) else None
    if name in known.names:
        kept = {k: found[k] for k in ("checksum", "cell_type") if k in found}
        made = cells.marks(name, points=known.function(name).points)
        cell.metadata["nbgrader"] = _output({**kept, **made})


def _must_fit(name: str, cell: Any, points: float) -> None:
    if cell is None:
        raise NotGradedError(
            f"{name}: its graded cell is not in the notebook. Leave "
            "c.OverwriteCells.add_missing_cells = True in nbgrader_config.py"
        )
    worth = float(cell.metadata.nbgrader["points"])
    if worth != points:
        raise NotGradedError(
            f"{name}: the course's notebook says {worth:g} points, the exercises say {points:g}: "
            "write the course again with nnv course, or put the points right in the notebook"
        )


def _output(data: dict[str, Any]) -> Any:
    from nbformat.notebooknode import from_dict

    made: Any = from_dict(data)  # type: ignore[no-untyped-call]
    return made
