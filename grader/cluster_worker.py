"""What runs on a Dask worker: one grader per process, kept for as long as a class is graded.

A sandbox is for one thread, and Dask runs tasks in several: each grader has a thread of its own.
Everything here is called by name, so the project must be installed on the worker; that it is the
same as where `nnv grade` was started is checked before anything else.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Lock

from grader.fingerprint import fingerprint
from grader.grading import Grader
from grader.hand_ins import HandIn
from grader.results import Record
from grader.settings import IsolationError, Settings
from grader.submission import Submission


class WorkerRefusal(Exception):
    """This worker must not grade: why, in a sentence."""


@dataclass(frozen=True, slots=True)
class Terms:
    """On what terms a worker grades.

    Attributes:
        settings: what its grader needs to know.
        code: fingerprint of suites, references and grader where `nnv grade` was started.
    """

    settings: Settings
    code: str


class _Desk:
    """A grader and the one thread that it lives in."""

    def __init__(self, settings: Settings) -> None:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="nnv-grader")
        try:
            self._grader = self._thread.submit(Grader, settings).result()
        except BaseException:
            self._thread.shutdown(wait=False)
            raise
        self.isolation = self._grader.isolation

    def grade(self, hand_in: HandIn, found: Submission | str, known: str | None) -> Record | None:
        return self._thread.submit(self._grader.grade_contents, hand_in, found, known).result()

    def close(self) -> None:
        """End the grader after what it has in hand, without waiting for it."""
        self._thread.submit(self._grader.close)
        self._thread.shutdown(wait=False)


_desks: dict[Terms, _Desk] = {}
_lock = Lock()


def _desk(terms: Terms) -> _Desk:
    with _lock:
        if terms not in _desks:
            if fingerprint() != terms.code:
                raise WorkerRefusal(
                    "has other suites, code, Python or numpy: install the same there"
                )
            try:
                _desks[terms] = _Desk(terms.settings)
            except IsolationError as error:
                raise WorkerRefusal(str(error)) from None
        return _desks[terms]


def take_place(terms: Terms) -> str:
    """Start a grader in this process, unless it has one.

    Returns:
        How student code is confined here.

    Raises:
        WorkerRefusal: other code than where the class is, or isolation that is not full.
    """
    return _desk(terms).isolation


def grade(
    terms: Terms, hand_in: HandIn, found: Submission | str, known: str | None
) -> Record | None:
    """Grade one hand-in that was read where the class is.

    Args:
        terms: as for `take_place`; a process that has just replaced another takes its place first.
        hand_in: whose it is.
        found: what it holds, or why it cannot be read.
        known: key of its stored result, or None.

    Raises:
        WorkerRefusal: as `take_place`.
    """
    return _desk(terms).grade(hand_in, found, known)


def leave_place(terms: Terms) -> None:
    """End this process's grader, if it has one."""
    with _lock:
        desk = _desks.pop(terms, None)
    if desk is not None:
        desk.close()
