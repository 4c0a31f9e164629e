"""What `nbgrader autograde` runs in a course of ours, in place of its own executor.

    submitted notebook
      RestoreCells    takes outputs off, puts back what was handed out; closes every graded cell
      CheckMetadata   nbgrader's CheckCellMetadata
      MarkCells       marks the code in the sandbox; writes marks into the graded cells
      IgnorePattern, ClearMetadataPreprocessor, LimitOutput       nbgrader's
      SaveMarks       nbgrader's SaveAutoGrades, compared with the marks; flags what is unsure
      LatePenalties   nbgrader's AssignLatePenalties
      CheckMetadata   nbgrader's CheckCellMetadata

No kernel starts, and no code of a student runs in nbgrader's process. Where anything is not as it
should be an exception ends that student's grading: nbgrader reports it, and no points are given.
The steps that use the gradebook are in `grader.notebook.saving`.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from nbgrader import utils
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets import Bool

from grader.gradebook.autograded import restore_cells
from grader.notebook import cells, page, quiz_answers, quiz_cells, saving, session
from grader.notebook.saving import Found, NotGradedError, as_node
from grader.notebooks import read_notebook
from grader.reading import Unreadable
from grader.submission import Submission
from nnv.manifest import Manifest, manifest

Resources = dict[str, Any]


class RestoreCells(NbGraderPreprocessor):  # type: ignore[misc]  # nbgrader has no types
    """Puts back what a student may not change, and closes every graded cell of code.

    It does what nbgrader's ClearOutput, DeduplicateIds, OverwriteKernelspec and OverwriteCells do.
    A closed cell holds an error, for which nbgrader gives no points. Only `MarkCells` opens it
    again, so that a course without it gives nobody points for nothing.
    """

    def preprocess(self, nb: Any, resources: Resources) -> tuple[Any, Resources]:
        """Restore one notebook."""
        sheet = saving.sheet(resources["nbgrader"])
        restore_cells(nb, sheet.originals, sheet.kernelspec)
        nb.cells = [as_node(cell) for cell in nb.cells]
        for cell in nb.cells:
            if utils.is_grade(cell) and cell.cell_type == "code":
                cell.outputs = [as_node(page.refusal("NotGraded", "this cell was not graded yet"))]
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
        resources[saving.KEY] = found = Found()
        if set(graded) & set(known.names):
            self._exercises(nb, graded, resources["nbgrader"]["student"], found)
        for name, cell in graded.items():
            if cell.cell_type == "code" and name not in found.marks:
                self._foreign(name, cell, found)
        self._quiz(graded, resources["nbgrader"], found)
        return nb, resources

    def _quiz(self, graded: dict[str, Any], names: dict[str, str], found: Found) -> None:
        """Mark the answers to the quiz: the cells, and `answers.yaml` where they are untouched."""
        asked = {
            name: cell.source
            for name, cell in graded.items()
            if cell.cell_type == "markdown" and quiz_cells.is_ours(name)
        }
        if not asked:
            return
        course = CourseDirectory(parent=self)
        where = (course.submitted_directory, names["student"], names["assignment"])
        saved = quiz_answers.beside(Path(course.format_path(*where)), names["student"])
        for name, text in asked.items():
            found.quiz[name] = quiz_cells.mark(name, text, saved)

    def _exercises(self, nb: Any, graded: dict[str, Any], student: str, found: Found) -> None:
        known = manifest()
        for name in known.names:
            _must_fit(name, graded.get(name), known.function(name).points)
        marks = self._marks(nb, student, found)
        for name, mark in marks.items():
            made = page.outputs(known.function(name), mark)
            graded[name].outputs = [as_node(output) for output in made]
            graded[name].execution_count = None
            found.marks[name] = mark["points"]

    def _marks(self, nb: Any, student: str, found: Found) -> dict[str, dict[str, Any]]:
        try:
            submission = submission_of(nb, student)
        except Unreadable as error:
            self.log.warning("%s: %s", student, error.reason)
            found.unsure |= set(manifest().names)
            return unreadable_marks(manifest(), error.reason)
        marked = session.mark(submission, allow_weak=self.allow_weak_isolation)
        return {name: mark.as_json() for name, mark in marked.functions.items()}

    def _foreign(self, name: str, cell: Any, found: Found) -> None:
        """A graded cell that is none of ours earns nothing here, and a person looks at it."""
        text = f"{name} is no cell of nn-visually: it was not run. Please mark it by hand."
        self.log.warning(text)
        cell.outputs = [as_node(page.refusal("NotGraded", text))]
        found.unsure.add(name)


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


def _must_fit(name: str, cell: Any, points: float) -> None:
    if cell is None:
        raise NotGradedError(
            f"{name}: its graded cell is not in the notebook. RestoreCells puts it back: it must "
            "be in c.Autograde.sanitize_preprocessors, as nnv course writes it"
        )
    worth = float(cell.metadata.nbgrader["points"])
    if worth != points:
        raise NotGradedError(
            f"{name}: the course's notebook says {worth:g} points, the exercises say {points:g}: "
            "write the course again with nnv course, or put the points right in the notebook"
        )
