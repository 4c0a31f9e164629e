"""What one run of `nnv grade` does with its workers, from the hand-ins to the table."""

from __future__ import annotations

import platform
import sys
import time
from collections.abc import Callable
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from grader.after_grading import Course, adjust, find
from grader.classroom import Classroom, Task
from grader.deadlines import Dated
from grader.feedback.markdown import student_feedback
from grader.hand_ins import HandIn, Survey, survey
from grader.names import safe_filenames
from grader.results import Record, Results
from grader.run import Options, Summary, UsageError, processors
from grader.table import print_table
from nnv.manifest import Manifest, manifest

if TYPE_CHECKING:
    from grader.cluster import Cluster


def grade_class(options: Options, workers: Classroom | Cluster, start: float) -> Summary:
    """Grade a folder of hand-ins, see `grader.run.grade`.

    Args:
        options: what was asked for.
        workers: who grades.
        start: `time.monotonic` at which the run began.
    """
    found = _survey(options)
    lesson = manifest()
    with Results(options.out) as results:
        course = find(options.course, options.due, options.submissions, results.about(), lesson)
        if not course.is_plain:
            found, late = _dated(options, course)
        summary = _grade_all(options, found, lesson, results, workers)
        results.describe(
            assignment=lesson.assignment, isolation=summary.isolation, **course.files.remembered()
        )
        results.note_hand_ins(map(_names, found.hand_ins))
        gone = results.keep_present(h.student for h in found.hand_ins)
        if not course.is_plain:
            summary.course_files = course.files.named()
            summary.course_faults = [*late.problems, *_adjust(results, course, late, lesson)]
        results.write_json()
        summary.seconds = time.monotonic() - start
        results.write_run(_run_facts(options, summary, found, gone))
        if not options.quiet:
            print_table(results.records(), lesson, Console(file=sys.stdout))
    return summary


def _dated(options: Options, course: Course) -> tuple[Survey, Dated]:
    """The class again, each late or not by the course's settings."""
    found = survey(options.submissions)
    late = course.dated(found.hand_ins)
    return Survey(late.hand_ins, found.notes), late


def _adjust(results: Results, course: Course, late: Dated, lesson: Manifest) -> list[str]:
    """Apply what was set by hand and what lateness costs; write that feedback anew."""
    problems, changed = adjust(results, course, late)
    files = safe_filenames(hand_in.student for hand_in in late.hand_ins)
    for record in results.records() if changed else ():
        if record["student"] in changed:
            name = files[record["student"]]
            results.write_text(f"feedback/{name}.md", student_feedback(record, lesson))
    return problems


def _names(hand_in: HandIn) -> tuple[str, str | None, list[str]]:
    """What a hand-in is called in its folder."""
    return hand_in.student, hand_in.lms_id, [Path(part.path).name for part in hand_in.parts]


def _survey(options: Options) -> Survey:
    folder = options.submissions
    if not folder.is_dir():
        raise UsageError(f"{folder}: not a folder: name the folder that holds the hand-ins")
    try:
        found = survey(folder, options.due)
    except OSError as error:
        raise UsageError(f"{folder}: cannot be read: {error.strerror}") from error
    if not found.hand_ins:
        raise UsageError(
            f"{folder}: no hand-in found: each entry is one, named after the student: "
            "a folder, a .ipynb, a .py or a .zip"
        )
    return found


def _grade_all(
    options: Options,
    found: Survey,
    lesson: Manifest,
    results: Results,
    workers: Classroom | Cluster,
) -> Summary:
    summary = Summary()
    files = safe_filenames(h.student for h in found.hand_ins)
    known = {} if options.fresh else results.keys()
    with _progress(options.quiet, len(found.hand_ins)) as advance:

        def done(task: Task, record: Record | None) -> None:
            if record is None:
                summary.unchanged += 1
            else:
                results.store(record)
                _note(summary, record)
                text = record.feedback or student_feedback(record.record, lesson)
                results.write_text(f"feedback/{files[record.student]}.md", text)
            advance()

        workers.grade(found.hand_ins, known, done)
        summary.isolation = workers.isolation
    _complete_feedback(results, lesson, files)
    return summary


def _note(summary: Summary, record: Record) -> None:
    summary.graded += 1
    if record.status == "graded":
        return
    if record.status == "grader_error":
        summary.grader_errors += 1
        kind = "grader error"
    else:
        kind = "not readable"
    summary.faults.append((record.student, f"{kind}: {record.reason}"))


def _complete_feedback(results: Results, lesson: Manifest, files: dict[str, str]) -> None:
    """Write the feedback that a run which was killed had not come to."""
    there = {path.stem for path in (results.folder / "feedback").glob("*.md")}
    if all(name in there for name in files.values()):
        return
    for record in results.records():
        name = files.get(record["student"])
        if name is not None and name not in there:
            results.write_text(f"feedback/{name}.md", student_feedback(record, lesson))


class _progress:  # noqa: N801 - used as a function
    """A progress bar on stderr; ``with _progress(...) as advance`` gives what moves it."""

    def __init__(self, quiet: bool, total: int) -> None:
        columns = (TextColumn("grading"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        console = Console(stderr=True)
        hidden = quiet or not console.is_terminal
        self._bar = Progress(*columns, console=console, disable=hidden, refresh_per_second=5)
        self._task = self._bar.add_task("grading", total=total)

    def __enter__(self) -> Callable[[], None]:
        self._bar.start()
        return lambda: self._bar.advance(self._task)

    def __exit__(self, *_: object) -> None:
        self._bar.stop()


def _run_facts(options: Options, summary: Summary, found: Survey, gone: int) -> dict[str, Any]:
    return {
        "submissions": len(found.hand_ins),
        "graded": summary.graded,
        "unchanged": summary.unchanged,
        "not_in_class_any_more": gone,
        "workers": options.workers or processors(),
        "seconds": round(summary.seconds, 3),
        "finished": datetime.now().astimezone().isoformat(timespec="seconds"),
        "isolation": summary.isolation,
        "python": platform.python_version(),
        "numpy": version("numpy"),
        "platform": platform.platform(),
        "notes": list(found.notes),
    }
