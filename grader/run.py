"""`nnv grade`: a folder of hand-ins → results, feedback and a table.

Workers take a while to start. So they are started first, and what the run itself needs is loaded
while they do: this module loads nothing that takes long.
"""

from __future__ import annotations

import contextlib
import os
import time
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from grader.classroom import Classroom, interrupts_wait
from grader.course_files import Files
from grader.errors import RequestError
from grader.fingerprint import fingerprint
from grader.settings import Settings

if TYPE_CHECKING:
    from grader.cluster import Cluster


class UsageError(RequestError):
    """What was asked for cannot be done: what was found, what is allowed."""


@dataclass(frozen=True, slots=True)
class Options:
    """What `nnv grade` was asked for.

    Attributes:
        submissions: the folder of hand-ins.
        out: the folder for the results.
        workers: how many processes grade; 0 for one a processor.
        fresh: whether to grade again what has not changed.
        allow_weak: whether to go on where isolation is not full.
        due: what came later is late; None for no due date.
        cluster: address of a Dask scheduler, or None.
        quiet: whether to leave the progress bar and the table out.
        pictures: whether to sample each student's functions for the pictures of the pages.
        course: where the course's settings are, see `grader.after_grading`.
    """

    submissions: Path
    out: Path
    workers: int = 0
    fresh: bool = False
    allow_weak: bool = False
    due: datetime | None = None
    cluster: str | None = None
    quiet: bool = False
    pictures: bool = False
    course: Files = field(default_factory=Files)


@dataclass(slots=True)
class Summary:
    """What a run did.

    Attributes:
        graded: submissions that were graded now, or at least tried.
        unchanged: submissions whose stored result still counts.
        grader_errors: how many of them a fault of the grader stopped.
        faults: what is to be reported: student and reason.
        course_faults: what is wrong between the class and the course's settings.
        course_files: the files that set something, to be named.
        isolation: how student code was confined.
        seconds: how long it took.
    """

    graded: int = 0
    unchanged: int = 0
    grader_errors: int = 0
    faults: list[tuple[str, str]] = field(default_factory=list)
    course_faults: list[str] = field(default_factory=list)
    course_files: tuple[str, ...] = ()
    isolation: str = ""
    seconds: float = 0.0


def grade(options: Options) -> Summary:
    """Grade a folder of hand-ins.

    Raises:
        UsageError: the folder holds no hand-in or cannot be read.
        CourseError: the course's settings cannot be used.
        ResultsError: the results cannot be written.
        IsolationError: student code cannot be confined whole.
    """
    start = time.monotonic()
    with _workers(options) as workers:
        with interrupts_wait():  # in the middle of an import they can come out as something else
            from grader.whole_class import grade_class

        return grade_class(options, workers, start)


def _workers(options: Options) -> contextlib.AbstractContextManager[Classroom | Cluster]:
    """Start who grades: processes here, for no more than there are entries; or a cluster's."""
    settings = Settings(
        allow_weak=options.allow_weak,
        fingerprint=fingerprint(weak=options.allow_weak, pictures=options.pictures),
        pictures=options.pictures,
    )
    if options.cluster is not None:
        from grader.cluster import Cluster

        return contextlib.nullcontext(Cluster(settings, options.cluster))
    classroom = Classroom(settings, options.workers or processors())
    with contextlib.suppress(OSError):  # whoever looks into the folder explains it
        classroom.start(len(os.listdir(options.submissions)))  # noqa: PTH208 - only their number
    return classroom


def processors() -> int:
    """How many processors are ours."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
