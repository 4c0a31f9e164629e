"""Many students' marks into nbgrader's gradebook, in one transaction.

The tables are those of `nbgrader.api`, and what is in them afterwards is what nbgrader's own
`SaveAutoGrades` and `AssignLatePenalties` would have left. Manual scores, extra credit, manual
comments and extensions are read and never written.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from nbgrader import api
from sqlalchemy import insert, select, update

from grader.gradebook.autograded import Original

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Score:
    """What a graded cell earned.

    Attributes:
        points: the automatic score; None where there is none, so that a person decides.
        unsure: whether a person should look at it.
    """

    points: float | None
    unsure: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """What a student's hand-in earned.

    Attributes:
        student: the student's id in nbgrader.
        timestamp: when it was handed in (UTC, without a zone, as nbgrader has it), or None.
        scores: by notebook and graded cell; what is not there is left as it is.
        comments: automatic comments by notebook and solution cell.
    """

    student: str
    timestamp: datetime | None
    scores: Mapping[str, Mapping[str, Score]]
    comments: Mapping[str, Mapping[str, str | None]]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A notebook of the assignment.

    Attributes:
        id: nbgrader's id of it.
        name: its name without suffix.
        kernelspec: the kernel it names, as JSON.
        originals: its cells as they were handed out, in their order.
        graded: nbgrader's ids of the graded cells, by name.
        written: nbgrader's ids of the cells that have comments, by name.
    """

    id: str
    name: str
    kernelspec: str | None
    originals: dict[str, Original]
    graded: dict[str, str]
    written: dict[str, str]


@dataclass(slots=True)
class _Known:
    """What the gradebook holds of one student's hand-in."""

    row: Row
    is_new: bool = False
    notebooks: dict[str, Row] = field(default_factory=dict)
    grades: dict[str, dict[str, Row]] = field(default_factory=dict)
    comments: dict[str, dict[str, Row]] = field(default_factory=dict)


@dataclass(slots=True)
class _Writes:
    """Rows to be written, by table: new ones and changes."""

    new: dict[Any, list[Row]] = field(default_factory=dict)
    changed: dict[Any, list[Row]] = field(default_factory=dict)

    def add(self, table: Any, row: Row) -> Row:
        self.new.setdefault(table, []).append(row)
        return row

    def change(self, table: Any, old: Row, **values: object) -> None:
        if any(old[name] != value for name, value in values.items()):
            self.changed.setdefault(table, []).append({"id": old["id"], **values})


class MissingAssignmentError(Exception):
    """The gradebook does not know the assignment."""


class Ledger:
    """One assignment in nbgrader's gradebook."""

    def __init__(self, gradebook: api.Gradebook, assignment: str, penalties: Any) -> None:
        """Read the assignment.

        Args:
            gradebook: an open gradebook.
            assignment: the assignment's name.
            penalties: nbgrader's `AssignLatePenalties`, with its plugin made.

        Raises:
            MissingAssignmentError: it is not there, or has no notebook.
        """
        self._db = gradebook.db
        self._penalties = penalties
        try:
            found = gradebook.find_assignment(assignment)
        except api.MissingEntry as error:
            raise MissingAssignmentError(str(error)) from None
        self._id, self._due = found.id, found.duedate
        self.sheets = {nb.name: sheet_of(nb) for nb in found.notebooks}

    def write(self, entries: Iterable[Entry]) -> None:
        """Write the marks of many students: all of them or, where anything fails, none."""
        students = set(self._db.scalars(select(api.Student.id)))
        known = self._known()
        writes = _Writes()
        for entry in entries:
            if entry.student not in students:
                students.add(entry.student)
                writes.add(api.Student, {"id": entry.student})
            held = known.get(entry.student) or self._new(entry, writes)
            self._enter(entry, held, writes)
        try:
            for table, rows in writes.new.items():
                self._db.execute(insert(table), rows)
            for table, rows in writes.changed.items():
                self._db.execute(update(table), rows)
            self._db.commit()
        except BaseException:
            self._db.rollback()
            raise

    def _known(self) -> dict[str, _Known]:
        """What the gradebook holds of this assignment, by student."""
        submissions = self._rows(
            api.SubmittedAssignment,
            ("id", "student_id", "timestamp", "extension"),
            api.SubmittedAssignment.assignment_id == self._id,
        )
        known = {row["id"]: _Known(row) for row in submissions}
        notebooks = self._rows(
            api.SubmittedNotebook, ("id", "notebook_id", "assignment_id", "late_submission_penalty")
        )
        owners: dict[str, tuple[_Known, str]] = {}
        for row in notebooks:
            if row["assignment_id"] in known:
                held = known[row["assignment_id"]]
                held.notebooks[row["notebook_id"]] = row
                owners[row["id"]] = held, row["notebook_id"]
        for table, columns, name in (
            (api.Grade, _GRADE, "grades"),
            (api.Comment, ("id", "notebook_id", "cell_id", "auto_comment"), "comments"),
        ):
            for row in self._rows(table, columns) if owners else ():
                if row["notebook_id"] in owners:
                    held, notebook = owners[row["notebook_id"]]
                    getattr(held, name).setdefault(notebook, {})[row["cell_id"]] = row
        return {held.row["student_id"]: held for held in known.values()}

    def _rows(self, table: Any, names: Sequence[str], *where: Any) -> list[Row]:
        columns = [getattr(table, name) for name in names]
        found = self._db.execute(select(*columns).where(*where))
        return [dict(zip(names, row, strict=True)) for row in found]

    def _new(self, entry: Entry, writes: _Writes) -> _Known:
        """A hand-in that the gradebook has not seen, with all its grades open."""
        row = {
            "id": api.new_uuid(),
            "assignment_id": self._id,
            "student_id": entry.student,
            "timestamp": entry.timestamp,
            "extension": None,
        }
        held = _Known(writes.add(api.SubmittedAssignment, row), is_new=True)
        for sheet in self.sheets.values():
            notebook = {
                "id": api.new_uuid(),
                "notebook_id": sheet.id,
                "assignment_id": row["id"],
                "late_submission_penalty": None,
                "flagged": False,
            }
            held.notebooks[sheet.id] = writes.add(api.SubmittedNotebook, notebook)
        return held

    def _enter(self, entry: Entry, held: _Known, writes: _Writes) -> None:
        if entry.timestamp is not None:
            writes.change(api.SubmittedAssignment, held.row, timestamp=entry.timestamp)
            held.row["timestamp"] = entry.timestamp
        late = self._seconds_late(held.row)
        for sheet in self.sheets.values():
            score = self._enter_scores(sheet, entry.scores.get(sheet.name, {}), held, writes)
            self._enter_comments(sheet, entry.comments.get(sheet.name, {}), held, writes)
            if sheet.name in entry.scores:
                penalty = self._penalty(entry.student, score, late)
                notebook = held.notebooks[sheet.id]
                if held.is_new:
                    notebook["late_submission_penalty"] = penalty
                else:
                    writes.change(api.SubmittedNotebook, notebook, late_submission_penalty=penalty)

    def _enter_scores(
        self, sheet: Sheet, scores: Mapping[str, Score], held: _Known, writes: _Writes
    ) -> float:
        """Write the automatic scores; the notebook's score, manual ones and extra credit in it."""
        total = 0.0
        for name, cell in sheet.graded.items():
            old = held.grades.get(sheet.id, {}).get(cell)
            row = dict(old) if old else _open_grade(held.notebooks[sheet.id], cell)
            if name in scores:
                points, by_hand = scores[name].points, row["manual_score"] is not None
                row["auto_score"] = points
                row["needs_manual_grade"] = by_hand or points is None or scores[name].unsure
            if old is None:
                writes.add(api.Grade, row)
            else:
                changed = {n: row[n] for n in ("auto_score", "needs_manual_grade")}
                writes.change(api.Grade, old, **changed)
            given = row["auto_score"] if row["manual_score"] is None else row["manual_score"]
            total += 0.0 if given is None else given + (row["extra_credit"] or 0.0)
        return total

    def _enter_comments(
        self, sheet: Sheet, comments: Mapping[str, str | None], held: _Known, writes: _Writes
    ) -> None:
        for name, cell in sheet.written.items():
            old = held.comments.get(sheet.id, {}).get(cell)
            if old is None:
                notebook = held.notebooks[sheet.id]["id"]
                row = {"id": api.new_uuid(), "notebook_id": notebook, "cell_id": cell}
                writes.add(api.Comment, {**row, "auto_comment": comments.get(name)})
            elif name in comments:
                writes.change(api.Comment, old, auto_comment=comments[name])

    def _seconds_late(self, row: Row) -> float:
        if row["timestamp"] is None or self._due is None:
            return 0.0
        due = self._due + (row["extension"] or timedelta())
        return float(max(0.0, (row["timestamp"] - due).total_seconds()))

    def _penalty(self, student: str, score: float, late: float) -> float | None:
        """Nbgrader's own plugin decides; between zero and the score, as nbgrader holds it."""
        if late <= 0:
            return None
        penalty = self._penalties.plugin_inst.late_submission_penalty(student, score, late)
        return None if penalty is None else min(max(0.0, float(penalty)), score)


_GRADE = (
    "id", "notebook_id", "cell_id", "auto_score", "manual_score", "extra_credit",
    "needs_manual_grade",
)  # fmt: skip


def _open_grade(notebook: Row, cell: str) -> Row:
    made: Row = dict.fromkeys(_GRADE)
    return made | {
        "id": api.new_uuid(),
        "notebook_id": notebook["id"],
        "cell_id": cell,
        "needs_manual_grade": True,
    }


def sheet_of(notebook: Any) -> Sheet:
    """What the gradebook knows of a notebook: nbgrader's `Notebook` with its cells."""
    graded = {cell.name: cell for cell in (*notebook.grade_cells, *notebook.task_cells)}
    # An answer that is graded by hand is two cells to nbgrader: one has grades, one comments.
    written = {cell.name: cell.id for cell in (*notebook.task_cells, *notebook.solution_cells)}
    originals = {
        cell.name: Original(
            name=cell.name,
            cell_type=cell.cell_type,
            source=cell.source or "",
            locked=bool(cell.locked),
            checksum=cell.checksum,
            points=graded[cell.name].max_score if cell.name in graded else None,
            solution=cell.name in written,
        )
        for cell in notebook.source_cells
    }
    ids = {name: cell.id for name, cell in graded.items()}
    return Sheet(notebook.id, notebook.name, notebook.kernelspec, originals, ids, written)
