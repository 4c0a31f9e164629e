"""Many submissions: workers, retries, resume, progress.

Each worker is a process with a sandbox of its own. The results are written here alone, one
transaction a submission. A worker that dies takes no submission with it: what it had in hand goes
to another, and only a submission that ended two workers is given up, as a grader error.
"""

from __future__ import annotations

import contextlib
import gc
import multiprocessing
import os
import signal
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any

from grader.errors import GraderError
from grader.hand_ins import HandIn
from grader.results import Record, empty_record
from grader.settings import IsolationError, Settings
from nnv.manifest import manifest

IN_HAND = 2  # one being graded, one waiting, so that no worker idles
MOST_TRIES = 2


class WorkerError(GraderError):
    """No worker can be started: why."""


class ClusterError(GraderError):
    """The cluster cannot be used: which, what was found, what to do."""


@dataclass(frozen=True, slots=True)
class Task:
    """A hand-in to be graded.

    Attributes:
        number: its place in the class.
        hand_in: whose it is and where.
        known: key of its stored result, or None.
        tries: how many workers have ended with it in hand.
    """

    number: int
    hand_in: HandIn
    known: str | None
    tries: int = 0


@dataclass(slots=True)
class _Worker:
    process: BaseProcess
    pipe: Connection
    seat: int
    in_hand: deque[Task] = field(default_factory=deque)
    ready: bool = False


Done = Callable[[Task, Record | None], None]


_INTERRUPT = {signal.SIGINT}


@contextlib.contextmanager
def interrupts_wait() -> Iterator[None]:
    """Ctrl-C counts when this is over; a process that is started here heeds it when it is ready."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    from multiprocessing import resource_tracker  # on POSIX alone

    resource_tracker.ensure_running()  # else the first process starts it, and lets interrupts in
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _INTERRUPT)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _heed_interrupts() -> None:
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _INTERRUPT)


def _work(pipe: Connection, settings: Settings, share: frozenset[int]) -> None:
    """A worker's main; Ctrl-C ends it without a word, since the run says what there is to say."""
    with contextlib.suppress(BrokenPipeError, EOFError, KeyboardInterrupt):
        _grade_what_comes(pipe, settings, share)


def _grade_what_comes(pipe: Connection, settings: Settings, share: frozenset[int]) -> None:
    """Grade what comes down the pipe until it closes: the class is done, or its grader is gone."""
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # a worker has small sums and one processor
    gc.disable()  # what is loaded now stays
    from grader.grading import Grader  # here, not above: whoever starts workers needs none of it
    from grader.sandbox import syscalls

    if sys.platform == "linux":
        syscalls.die_with_parent()  # else it would go on with what it has in hand
    if share:
        os.sched_setaffinity(0, share)  # guests that take all they get take it from no other worker
    try:
        grader = Grader(settings)
    except Exception as error:
        pipe.send(
            error
            if isinstance(error, IsolationError)
            else WorkerError(f"{type(error).__name__}: {error}")
        )
        return
    gc.freeze()
    gc.enable()
    try:
        _heed_interrupts()
        pipe.send(grader.isolation)
        while True:
            task: Task = pipe.recv()
            pipe.send(grader.grade(task.hand_in, task.known))
    finally:
        grader.close()


def _share(seat: int, seats: int) -> frozenset[int]:
    """The processors that one of several workers has to itself; none where that is not ours."""
    if seats < 2 or not hasattr(os, "sched_getaffinity"):
        return frozenset()
    processors = sorted(os.sched_getaffinity(0))
    return frozenset(processors[seat % len(processors) :: max(seats, 1)])


class Classroom:
    """Grades a class with several worker processes; a context manager that ends them.

    Attributes:
        isolation: how student code was confined, as the workers found it.
    """

    def __init__(self, settings: Settings, workers: int) -> None:
        self._settings = settings
        self._wanted = max(1, workers)
        self._context = multiprocessing.get_context("spawn")
        self._workers: list[_Worker] = []
        self._waiting: deque[Task] = deque()
        self._failed_starts = 0
        self._fault = ""
        self.isolation = ""

    def start(self, tasks: int) -> None:
        """Start workers for so many tasks, before it is known which: they take a while."""
        for _ in range(min(self._wanted, tasks) - len(self._workers)):
            self._start()

    def grade(self, hand_ins: Iterable[HandIn], known: Mapping[str, str], done: Done) -> None:
        """Grade hand-ins, in any order.

        Args:
            hand_ins: the class.
            known: keys of stored results, by student.
            done: called once for each with its record, or None where the stored one still counts.

        Raises:
            IsolationError: isolation is not full, and weak isolation is not allowed.
            WorkerError: no worker can be started.
        """
        self._waiting = deque(
            Task(number, hand_in, known.get(hand_in.student))
            for number, hand_in in enumerate(hand_ins)
        )
        try:
            self.start(max(1, len(self._waiting)))
            while self._waiting or any(w.in_hand for w in self._workers) or not self.isolation:
                self._step(done)
        finally:
            self.close()

    def _start(self) -> None:
        ours, theirs = self._context.Pipe()
        seat = min(set(range(self._wanted)) - {worker.seat for worker in self._workers})
        args = (theirs, self._settings, _share(seat, self._wanted))
        process = self._context.Process(target=_work, args=args, daemon=False)
        with interrupts_wait():
            process.start()
        theirs.close()
        self._workers.append(_Worker(process, ours, seat))

    def _step(self, done: Done) -> None:
        by_pipe: dict[Any, _Worker] = {w.pipe: w for w in self._workers}
        for pipe in wait(list(by_pipe)):
            worker = by_pipe[pipe]
            try:
                message = worker.pipe.recv()
            except (EOFError, OSError):
                self._bury(worker, done)
                continue
            self._take(worker, message, done)

    def _take(self, worker: _Worker, message: object, done: Done) -> None:
        if isinstance(message, IsolationError):
            raise message
        if isinstance(message, Exception):
            self._fault = str(message)
            return  # it ends now, and is buried
        if isinstance(message, str):
            worker.ready, self.isolation = True, message
            self._failed_starts = 0
        else:
            done(worker.in_hand.popleft(), message)  # type: ignore[arg-type]
        while self._waiting and len(worker.in_hand) < IN_HAND:
            if not self._send(worker, self._waiting.popleft()):
                break

    def _send(self, worker: _Worker, task: Task) -> bool:
        worker.in_hand.append(task)
        try:
            worker.pipe.send(task)
        except OSError:
            return False  # it is dead; the next step buries it
        return True

    def _bury(self, worker: _Worker, done: Done) -> None:
        """A worker died: hand its tasks to others; give up one that has ended two."""
        self._workers.remove(worker)
        worker.pipe.close()
        worker.process.join()
        if not worker.ready:
            self._failed_starts += 1
            if self._failed_starts > MOST_TRIES:
                status = f"it ended with exit status {worker.process.exitcode}"
                raise WorkerError(
                    f"no grading process can be started: {self._fault or status}; what was graded "
                    "is kept, run it again to go on"
                )
        for position, task in enumerate(reversed(worker.in_hand)):
            running = position == len(worker.in_hand) - 1
            again = Task(task.number, task.hand_in, task.known, task.tries + running)
            if again.tries >= MOST_TRIES:
                done(again, given_up(again))
            else:
                self._waiting.appendleft(again)
        if self._waiting or not self.isolation:
            self._start()

    def close(self) -> None:
        """End all workers."""
        for worker in self._workers:
            worker.pipe.close()
        for worker in self._workers:
            worker.process.join(timeout=5)
            if worker.process.is_alive():
                worker.process.kill()
                worker.process.join()
        self._workers.clear()

    def __enter__(self) -> Classroom:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def given_up(task: Task, reason: str = "") -> Record:
    """The record of what could not be graded, by default since it ended several workers."""
    hand_in = task.hand_in
    head = {"student": hand_in.student, "submitted": hand_in.submitted, "late": hand_in.late}
    ended = f"the grading process ended {task.tries} times while it had this submission in hand"
    return Record.of("", empty_record(manifest(), head, "grader_error", reason or ended))
