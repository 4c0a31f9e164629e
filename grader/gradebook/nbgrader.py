"""`nnv grade --course`: a class into an nbgrader course, without nbgrader's converters.

    hand-ins → workers (`grader.classroom`) → records → autograded notebooks, one a hand-in
                                                      → gradebook.db, all in one transaction

What is there afterwards is what `nbgrader autograde` would have left, so that formgrader, feedback
and export go on from it.
"""

from __future__ import annotations

import os
import re
import shutil
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from grader.classroom import Classroom, Task
from grader.fingerprint import fingerprint
from grader.gradebook.autograded import Notebook, filled, restore, texts, with_marks
from grader.gradebook.collected import Given, collected, handed_in, notebook_file, written
from grader.gradebook.ledger import Entry, Ledger, MissingAssignmentError, Score
from grader.notebook import cells, quiz_answers, quiz_cells
from grader.notebook.course import CONFIG
from grader.reading import MAX_NOTEBOOK_BYTES, Unreadable
from grader.results import Record
from grader.run import UsageError, processors
from grader.settings import Settings
from grader.submission import read
from grader.trees import read_regular
from nnv.manifest import Manifest, manifest

_LARGEST_COPY = 2**20


@dataclass(frozen=True, slots=True)
class CourseOptions:
    """What `nnv grade --course` was asked for.

    Attributes:
        course: the course's folder.
        submissions: a folder of hand-ins, or None for those that nbgrader has collected.
        workers: how many processes grade; 0 for one a processor.
        allow_weak: whether to go on where isolation is not full.
    """

    course: Path
    submissions: Path | None = None
    workers: int = 0
    allow_weak: bool = False


@dataclass(slots=True)
class CourseSummary:
    """What a run did.

    Attributes:
        graded: hand-ins whose marks are in the gradebook now.
        faults: what is to be reported: student and reason.
        grader_errors: how many of them are faults of the grader's own.
        isolation: how student code was confined.
        seconds: how long it took.
    """

    graded: int = 0
    faults: list[tuple[str, str]] = field(default_factory=list)
    grader_errors: int = 0
    isolation: str = ""
    seconds: float = 0.0


def grade_course(options: CourseOptions) -> CourseSummary:
    """Grade a class into its nbgrader course.

    Raises:
        UsageError: there is no course, no assignment in it, or no hand-in.
        IsolationError: student code cannot be confined whole.
    """
    start = time.monotonic()
    with _open(options.course) as course:
        summary = CourseSummary()
        given = course.given(options.submissions)
        entries: list[Entry] = []

        def done(task: Task, record: Record | None) -> None:
            assert record is not None  # no stored result is known here
            entry = course.entered(given[task.number], record.record, summary)
            if entry is not None:
                entries.append(entry)

        settings = Settings(
            allow_weak=options.allow_weak, fingerprint=fingerprint(weak=options.allow_weak)
        )
        classroom = Classroom(settings, options.workers or processors())
        classroom.grade([one.hand_in for one in given], {}, done)
        course.ledger.write(sorted(entries, key=lambda entry: entry.student))
        summary.isolation = classroom.isolation
    summary.seconds = time.monotonic() - start
    return summary


class _Course:
    """An open course: nbgrader's settings, its folders and one assignment of its gradebook."""

    def __init__(self, directory: Any, ledger: Ledger, known: Manifest) -> None:
        self._directory = directory
        self.ledger = ledger
        self._known = known
        self._sheet = ledger.sheets[cells.NAME]
        self._quiz = ledger.sheets.get(quiz_cells.NAME)

    def given(self, submissions: Path | None) -> list[Given]:
        """The hand-ins: those in a folder, or those that nbgrader has collected."""
        found = self._collected() if submissions is None else handed_in(submissions)
        if not found:
            where = submissions or self._folder("submitted", "*")
            raise UsageError(f"{where}: no hand-in found; collect first: nbgrader collect")
        return found

    def entered(
        self, given: Given, record: Mapping[str, Any], summary: CourseSummary
    ) -> Entry | None:
        """Do `enter`; that one hand-in cannot be entered stops no other."""
        try:
            return self.enter(given, record, summary)
        except Exception as error:
            reason = f"{type(error).__name__}: {error}"
            return self.enter(given, {"status": "grader_error", "reason": reason}, summary)

    def enter(
        self, given: Given, record: Mapping[str, Any], summary: CourseSummary
    ) -> Entry | None:
        """Write a student's autograded notebooks; what belongs into the gradebook."""
        if record["status"] == "grader_error":
            summary.faults.append((given.student, f"grader error: {record['reason']}"))
            summary.grader_errors += 1
            return None
        target = Path(self._folder("autograded", given.student))
        if record["status"] != "graded":
            summary.faults.append((given.student, f"not readable: {record['reason']}"))
            open_scores = {self._sheet.name: {n: Score(None, True) for n in self._known.names}}
            entry = Entry(given.student, given.timestamp, open_scores, {})
            return self._with_quiz(entry, given, record, target)
        summary.graded += 1
        target.mkdir(parents=True, exist_ok=True)
        if given.folder is not None:
            _copy_rest(given.folder, target)
        nb = self._notebook(given, record)
        _write(target / f"{cells.NAME}.ipynb", with_marks(nb, self._known, record["functions"]))
        scores, comments = self._of_exercises(nb, record)
        entry = Entry(given.student, given.timestamp, {self._sheet.name: scores}, comments)
        return self._with_quiz(entry, given, record, target)

    def _notebook(self, given: Given, record: Mapping[str, Any]) -> Notebook:
        if record["source"] == "notebook":
            path = notebook_file(given.hand_in)
            if path is not None:
                data = read_regular(path, MAX_NOTEBOOK_BYTES, path)
                return restore(data, self._sheet.originals, self._sheet.kernelspec)
        handed_out = cells.released(cells.source(self._known))
        blank = cells.as_text(filled(handed_out, written(read(given.hand_in), self._known)))
        return restore(blank.encode(), self._sheet.originals, self._sheet.kernelspec)

    def _of_exercises(
        self, nb: Notebook, record: Mapping[str, Any]
    ) -> tuple[dict[str, Score], dict[str, dict[str, str | None]]]:
        marks = record["functions"]
        scores = {
            name: Score(round(marks[name]["points"], 6)) if name in marks else Score(0.0, True)
            for name in self._sheet.graded
        }
        found = texts(nb)
        comments = {
            name: _no_response(found.get(name), self._sheet.originals[name].source)
            for name in self._sheet.written
        }
        return scores, {self._sheet.name: comments}

    def _with_quiz(
        self, entry: Entry, given: Given, record: Mapping[str, Any], target: Path
    ) -> Entry:
        """The entry with the quiz: from its notebook, what is not there from `answers.yaml`."""
        if self._quiz is None:
            return entry
        file = None if given.folder is None else given.folder / f"{quiz_cells.NAME}.ipynb"
        if file is not None and file.is_file() and not file.is_symlink():
            try:
                data = read_regular(str(file), MAX_NOTEBOOK_BYTES, file.name)
                nb = restore(data, self._quiz.originals, self._quiz.kernelspec)
            except (Unreadable, ValueError, KeyError, TypeError, AttributeError):
                return entry  # as nbgrader leaves a notebook that it cannot read
            target.mkdir(parents=True, exist_ok=True)
            _write(target / file.name, with_marks(nb, self._known, {}))
            saved = quiz_answers.beside(file.parent, given.student)
            marks = {n: quiz_cells.mark(n, text, saved) for n, (_, text) in texts(nb).items()}
        else:
            marks = _from_answers(record["quiz"])
        nothing = quiz_cells.QuizMark(0.0, False, "Not answered.")
        found = {name: marks.get(name, nothing) for name in self._quiz.graded}
        scores = {name: Score(mark.points, mark.unsure) for name, mark in found.items()}
        said: dict[str, str | None] = {name: mark.feedback for name, mark in found.items()}
        name = self._quiz.name
        return replace(
            entry,
            scores={**entry.scores, name: scores},
            comments={**entry.comments, name: said},
        )

    def _collected(self) -> list[Given]:
        """The hand-ins in nbgrader's own folders."""
        folders = collected(
            self._folder("submitted", "*"),
            re.compile(self._folder("submitted", "(?P<student>.*)", escape=True)),
        )
        time_of = self._directory.get_existing_timestamp
        return [replace(one, timestamp=time_of(str(one.folder))) for one in folders]

    def _folder(self, step: str, student: str, *, escape: bool = False) -> str:
        name = getattr(self._directory, f"{step}_directory")
        made: str = self._directory.format_path(
            name, student, self._known.assignment, escape=escape
        )
        return made


@contextmanager
def _open(folder: Path) -> Iterator[_Course]:
    """Open a course as nbgrader would in its folder."""
    from nbgrader.api import Gradebook
    from nbgrader.coursedir import CourseDirectory
    from nbgrader.preprocessors import AssignLatePenalties

    if not (folder / CONFIG).is_file():
        raise UsageError(f"{folder}: no {CONFIG} there; nnv course {folder} writes a course")
    config = _config(folder)
    directory = CourseDirectory(config=config)
    if not config.CourseDirectory.get("root"):
        directory.root = str(folder.resolve())
    known = manifest()
    path = Path(directory.db_url.removeprefix("sqlite:///"))
    remedy = f"go there and run: nbgrader generate_assignment {known.assignment}"
    if directory.db_url.startswith("sqlite:///") and not path.is_file():
        raise UsageError(f"{path}: no gradebook there; {remedy}")
    penalties = AssignLatePenalties(config=config)
    penalties.init_plugin()
    with Gradebook(directory.db_url, directory.course_id) as gradebook:
        try:
            ledger = Ledger(gradebook, known.assignment, penalties)
        except MissingAssignmentError:
            raise UsageError(
                f"{folder}: no {known.assignment} in the gradebook; {remedy}"
            ) from None
        if cells.NAME not in ledger.sheets:
            raise UsageError(f"{folder}: no notebook {cells.NAME} in the gradebook; {remedy}")
        yield _Course(directory, ledger, known)


def _config(folder: Path) -> Any:
    from traitlets.config.loader import PyFileConfigLoader

    loader: Any = PyFileConfigLoader(CONFIG, path=str(folder))
    return loader.load_config()


def _no_response(found: tuple[str, str] | None, handed_out: str) -> str | None:
    return "No response." if found is not None and found[1] == handed_out else None


def _from_answers(marked: Mapping[str, Any] | None) -> dict[str, quiz_cells.QuizMark]:
    """The marks of `answers.yaml`, by cell."""
    if marked is None or "error" in marked:
        return {}
    return {
        f"quiz-{name}": quiz_cells.QuizMark(one["points"], one["unsure"], one["feedback"])
        for name, one in marked["questions"].items()
    }


def _copy_rest(folder: Path, target: Path) -> None:
    """Copy what nbgrader wants beside the notebooks, such as the time of handing in."""
    with os.scandir(folder) as entries:
        names = [e.name for e in entries if e.is_file(follow_symlinks=False)]
    for name in names:
        small = (folder / name).lstat().st_size <= _LARGEST_COPY
        if small and not name.endswith(".ipynb"):
            (target / name).unlink(missing_ok=True)
            shutil.copyfile(folder / name, target / name, follow_symlinks=False)


def _write(path: Path, text: str) -> None:
    """Write a file that nobody is to change afterwards, whole or not at all."""
    half = path.with_suffix(".part")
    half.unlink(missing_ok=True)
    half.write_text(text, encoding="utf-8", errors="backslashreplace", newline="\n")
    half.chmod(0o444)
    half.replace(path)
