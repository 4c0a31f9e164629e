"""Extensions from the roster and marks from `overrides.yaml`, in nbgrader's gradebook.

    extension          → the submission's extension, and nbgrader's own late penalty anew
    function, question → the manual score of its cell, the reason as its manual comment

A manual score that somebody gave in formgrader stands: an override that says otherwise is reported.
One that came from here bears a comment that begins with `Set by hand: `; it changes with the file,
and goes when its entry goes. nbgrader keeps no total of its own, so that none can be set.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from grader.after_grading import Course, find
from grader.course_files import Files
from grader.gradebook.nbgrader import _config as course_config
from grader.notebook import cells, quiz_cells
from grader.overrides import Override
from grader.people import Student, match
from nnv.manifest import manifest

SIGN = "Set by hand: "


def read_course(folder: Path, files: Files) -> Course:
    """Read a course's settings, before anything is graded.

    Args:
        folder: the nbgrader course; its own `course.yaml` or `overrides.yaml` count if none is
            named.
        files: what was named on the command line.

    Raises:
        CourseError: the settings cannot be used.
    """
    return find(files, None, folder / "submitted", {}, manifest())


def apply_course(folder: Path, course: Course) -> list[str]:
    """Bring extensions and marks set by hand into a course's gradebook, after grading.

    Returns:
        What is to be reported.
    """
    if course.is_plain:
        return []
    from nbgrader.api import Gradebook
    from nbgrader.coursedir import CourseDirectory
    from nbgrader.preprocessors import AssignLatePenalties

    config = course_config(folder)
    directory = CourseDirectory(config=config)
    if not config.CourseDirectory.get("root"):
        directory.root = str(folder.resolve())
    penalties = AssignLatePenalties(config=config)
    penalties.init_plugin()
    with Gradebook(directory.db_url, directory.course_id) as gradebook:
        hands = _Hands(gradebook, course, penalties.plugin_inst)
        problems = [*hands.set_scores(), *hands.extend()]
        hands.penalise()
        gradebook.db.commit()
    return [*_not_ours(course), *problems]


def _not_ours(course: Course) -> Iterator[str]:
    """What nbgrader does itself."""
    if course.settings.due is not None or course.settings.penalty is not None:
        yield (
            f"{course.files.settings}: due and late_penalty do not count in an nbgrader course: "
            "set nbgrader's own due date, and its late penalty in nbgrader_config.py"
        )


class _Hands:
    """One assignment of an open gradebook."""

    def __init__(self, gradebook: Any, course: Course, plugin: Any) -> None:
        self._gradebook = gradebook
        self._course = course
        self._plugin = plugin
        self._assignment = gradebook.find_assignment(manifest().assignment)
        self._submissions = {found.student.id: found for found in self._assignment.submissions}

    def set_scores(self) -> Iterator[str]:
        """Set manual scores, and take back those whose entry is gone."""
        kept: set[tuple[str, str]] = set()
        for override in self._course.overrides:
            kept.add((override.student, _cell_name(override)))
            if (problem := self._set(override)) is not None:
                yield problem
        if self._course.files.overrides is None:
            return
        for student, submission in self._submissions.items():
            for grade, comment in _by_hand(submission):
                if (student, grade.name) not in kept:
                    grade.manual_score, comment.manual_comment = None, None
                    grade.needs_manual_grade = grade.auto_score is None

    def _set(self, override: Override) -> str | None:
        where = override.place
        if override.target == "total":
            return f"{where}: nbgrader has no total to be set: set functions, or extra credit there"
        submission = self._submissions.get(override.student)
        if submission is None:
            return override.unknown_student(sorted(self._submissions), frozenset())
        name = cells.NAME if override.target == "function" else quiz_cells.NAME
        found = [
            (grade, comment)
            for notebook in submission.notebooks
            if notebook.name == name
            for grade, comment in _cells(notebook)
            if grade.name == _cell_name(override)
        ]
        if not found:
            return f"{where}: no cell of {override.name} in {name}.ipynb of the gradebook"
        ((grade, comment),) = found
        said = comment.manual_comment or ""
        is_theirs = grade.manual_score is not None and not said.startswith(SIGN)
        if is_theirs and grade.manual_score != override.points:
            return (
                f"{where}: {override.name} of {override.student} has {grade.manual_score:g} points "
                f"by hand in the gradebook, which stand; {override.points:g} here"
            )
        grade.manual_score, grade.needs_manual_grade = override.points, False
        if not said or said.startswith(SIGN):
            comment.manual_comment = SIGN + override.reason
        return None

    def extend(self) -> Iterator[str]:
        """Write the roster's extensions; who is not in the roster keeps what nbgrader has."""
        if self._course.roster is None:
            return
        students = [
            Student(found.student.id, found.student.lms_user_id)
            for found in self._submissions.values()
        ]
        found = match(students, self._course.roster.people)
        due = self._assignment.duedate
        for student, person in found.pairs.items():
            if person.extension is None:
                continue
            if due is None:
                yield f"{person.name}: has an extension, but the assignment has no due date"
                continue
            own = person.due(due.replace(tzinfo=UTC))
            self._submissions[student].extension = _plain(own) - due
        for person in found.people if found.students else ():
            if person.extension is not None:
                yield (
                    f"{person.name}: has an extension and is matched with no hand-in; not in the "
                    f"roster: {', '.join(found.students)}"
                )

    def penalise(self) -> None:
        """Let nbgrader's plugin decide anew on the penalties, as `AssignLatePenalties` does."""
        self._gradebook.db.commit()  # so that scores are those with the manual ones in them
        for student, submission in self._submissions.items():
            late = submission.total_seconds_late
            for notebook in submission.notebooks:
                score = notebook.score
                penalty = (
                    self._plugin.late_submission_penalty(student, score, late) if late > 0 else None
                )
                if penalty is not None:
                    penalty = min(max(0.0, float(penalty)), score)
                if notebook.late_submission_penalty != penalty:
                    notebook.late_submission_penalty = penalty


def _cell_name(override: Override) -> str:
    """What nbgrader calls the graded cell."""
    return override.name if override.target == "function" else f"quiz-{override.name}"


def _plain(time: datetime | None) -> datetime:
    """A time as nbgrader has it: UTC without a zone."""
    assert time is not None  # there is a due time
    return time.astimezone(UTC).replace(tzinfo=None)


def _cells(notebook: Any) -> Iterator[tuple[Any, Any]]:
    """The graded cells of a notebook, each with the comment of the cell with the solution."""
    comments = {comment.name: comment for comment in notebook.comments}
    for grade in notebook.grades:
        comment = comments.get(cells.solution_id(grade.name)) or comments.get(grade.name)
        if comment is not None:
            yield grade, comment


def _by_hand(submission: Any) -> Iterator[tuple[Any, Any]]:
    """The cells whose manual score came from here."""
    for notebook in submission.notebooks:
        for grade, comment in _cells(notebook):
            if grade.manual_score is not None and (comment.manual_comment or "").startswith(SIGN):
                yield grade, comment
