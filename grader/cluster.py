"""Many submissions on a Dask cluster: the same as `grader.classroom`, on other machines.

    hand-in -> read here -> its bytes to a worker -> marked there -> record -> stored here

Which worker gets what is decided here, not by Dask's scheduler: a worker first has to show that it
has our code and confines student code whole, and each has only a few submissions in hand, so that
memory stays flat and it is known which were lost with a worker. Those go to others.
"""

from __future__ import annotations

import asyncio
import contextlib
import sys
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from grader import cluster_worker as worker_side
from grader.classroom import ClusterError, Done, Task, given_up
from grader.cluster_worker import Terms, WorkerRefusal
from grader.fingerprint import fingerprint
from grader.grading import contents
from grader.hand_ins import HandIn
from grader.results import Record
from grader.settings import Settings

Client = Any  # of `distributed`, whose methods have no types
Future = Any

IN_HAND = 8  # of a worker: the way there and back takes longer than marking
MOST_TRIES = 3  # workers of a cluster also end for reasons of its own
LOOK_SECONDS = 0.5  # between looks at who is there
CONNECT_SECONDS = 20.0
LEAVE_SECONDS = 5.0
PATIENCE_SECONDS = 300.0  # without any worker


@dataclass(slots=True)
class _Place:
    """One worker process.

    Attributes:
        isolation: how it confines student code; empty until it has said so.
        in_hand: what it was given and has not given back, oldest first.
        waiting: the local tasks that wait for it.
    """

    isolation: str = ""
    in_hand: dict[int, Task] = field(default_factory=dict)
    waiting: set[asyncio.Task[None]] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class _Answer:
    """What came back from a worker; `task` is None where it was asked to take its place."""

    address: str
    task: Task | None
    value: Any = None
    error: Exception | None = None


def _say(message: str) -> None:
    print(message, file=sys.stderr, flush=True)


class Cluster:
    """Grades a class on the workers of a Dask scheduler."""

    def __init__(
        self,
        settings: Settings,
        address: str,
        *,
        say: Callable[[str], None] = _say,
        patience: float = PATIENCE_SECONDS,
    ) -> None:
        """Prepare; nothing is connected yet.

        Args:
            settings: what each worker's grader needs to know.
            address: of the scheduler: `tcp://host:8786` or `tls://host:8786`.
            say: takes what the instructor should know: the dashboard, workers left out.
            patience: seconds to go on without any worker that may grade.
        """
        self._terms = Terms(settings, fingerprint())
        self._address = address
        self._say = say
        self._patience = patience
        self._places: dict[str, _Place] = {}
        self._refusals: dict[str, str] = {}
        self._isolations: set[str] = set()
        self._ahead: Iterator[Task] = iter(())
        self._again: deque[Task] = deque()
        self._open = 0

    @property
    def isolation(self) -> str:
        """How student code was confined: full only if it was so on every worker."""
        weak = sorted(self._isolations - {"full"})
        return weak[0] if weak else "".join(self._isolations)

    def grade(self, hand_ins: Iterable[HandIn], known: Mapping[str, str], done: Done) -> None:
        """Grade hand-ins, in any order.

        Args:
            hand_ins: the class; each is read here, where the files are.
            known: keys of stored results, by student.
            done: called once for each with its record, or None where the stored one still counts.

        Raises:
            ClusterError: there is no scheduler, it is gone, or no worker comes that may grade.
        """
        tasks = [
            Task(number, hand_in, known.get(hand_in.student))
            for number, hand_in in enumerate(hand_ins)
        ]
        self._ahead, self._open = iter(tasks), len(tasks)
        self._done = done
        asyncio.run(self._grade())

    async def _grade(self) -> None:
        client = await self._connect()
        self._answers: asyncio.Queue[_Answer] = asyncio.Queue()
        try:
            self._say(f"dashboard: {client.dashboard_link}")
            await self._until_done(client)
        finally:
            for place in self._places.values():
                _stop_waiting(place)
            await self._leave(client)

    async def _connect(self) -> Client:
        import distributed

        connect: Client = distributed.Client
        try:
            return await connect(
                self._address,
                asynchronous=True,
                set_as_default=False,
                timeout=CONNECT_SECONDS,
                name="nnv-grade",
            )
        except (OSError, ValueError, TypeError) as error:
            raise ClusterError(
                f"{self._address}: no Dask scheduler answers there ({error}): start one with "
                "`dask scheduler`, and give the address that it prints"
            ) from error

    async def _leave(self, client: Client) -> None:
        """Let workers end their graders; those that are gone need not."""
        here = [address for address, place in self._places.items() if place.isolation]
        with contextlib.suppress(OSError):  # the scheduler has gone
            if client.status == "running" and here:
                await client.run(
                    worker_side.leave_place, self._terms, workers=here, on_error="ignore"
                )
        with contextlib.suppress(OSError):
            await client.close(timeout=LEAVE_SECONDS)

    async def _until_done(self, client: Client) -> None:
        next_look = alone_since = time.monotonic()
        while self._open or not self._isolations:
            now = time.monotonic()
            if now >= next_look:
                await self._look(client)
                next_look = now + LOOK_SECONDS
            if self._places:
                alone_since = now
            elif now - alone_since > self._patience:
                raise self._nobody()
            try:
                answer = await asyncio.wait_for(self._answers.get(), max(0, next_look - now))
            except TimeoutError:
                continue
            self._take(client, answer)

    async def _look(self, client: Client) -> None:
        """See which workers have come and gone."""
        if client.status != "running":
            raise self._gone()
        try:
            present = set(await client.nthreads())
        except (OSError, ValueError) as error:
            raise self._gone() from error
        for address in self._places.keys() - present:
            self._bury(address)
        for address in present - self._places.keys() - self._refusals.keys():
            place = self._places[address] = _Place()
            future = self._submit(client, address, "take-place", worker_side.take_place)
            self._await(place, address, None, future)
        for address, place in self._places.items():
            if place.isolation:
                self._fill(client, address, place)

    def _submit(
        self, client: Client, address: str, name: str, call: Callable[..., Any], *args: Any
    ) -> Future:
        key = f"nnv-{name}-{time.monotonic_ns()}"
        return client.submit(
            call, self._terms, *args, key=key, workers=[address], allow_other_workers=False
        )

    def _await(self, place: _Place, address: str, task: Task | None, future: Future) -> None:
        async def wait() -> None:
            try:
                answer = _Answer(address, task, await future)
            except Exception as error:
                answer = _Answer(address, task, error=error)
            finally:
                future.release()
            self._answers.put_nowait(answer)

        waiting = asyncio.create_task(wait())
        place.waiting.add(waiting)
        waiting.add_done_callback(place.waiting.discard)

    def _fill(self, client: Client, address: str, place: _Place) -> None:
        """Give a worker something to do, as long as there is any."""
        while len(place.in_hand) < IN_HAND:
            task = self._again.popleft() if self._again else next(self._ahead, None)
            if task is None:
                return
            try:
                found = contents(task.hand_in)
            except Exception as error:  # a fault of ours stops this submission and no other
                self._close(task, given_up(task, _reason(error)))
                continue
            future = self._submit(
                client, address, "grade", worker_side.grade, task.hand_in, found, task.known
            )
            place.in_hand[task.number] = task
            self._await(place, address, task, future)

    def _take(self, client: Client, answer: _Answer) -> None:
        place = self._places.get(answer.address)
        task = answer.task
        if place is None or (task and task.number not in place.in_hand):
            return  # of a worker that was buried: another has it in hand
        if answer.error is not None and client.status != "running":
            raise self._gone()
        if isinstance(answer.error, WorkerRefusal) or (answer.error and not task):
            self._refuse(answer.address, answer.error)
            return
        if task is None:
            place.isolation = str(answer.value)
            self._isolations.add(place.isolation)
        else:
            del place.in_hand[task.number]
            if answer.error is None:
                self._close(task, answer.value)
            else:
                self._say(f"{answer.address}: {_reason(answer.error)}")
                self._take_back([task], blamed=task)
        self._fill(client, answer.address, place)

    def _close(self, task: Task, record: Record | None) -> None:
        self._open -= 1
        self._done(task, record)

    def _bury(self, address: str) -> None:
        """A worker is gone: others get what it had in hand; the oldest was running."""
        place = self._places.pop(address)
        _stop_waiting(place)
        tasks = list(place.in_hand.values())
        self._say(f"{address}: the worker is gone, {len(tasks)} submissions go to others")
        self._take_back(tasks, blamed=tasks[0] if tasks else None)

    def _take_back(self, tasks: list[Task], blamed: Task | None) -> None:
        """Put tasks first in line; give one up that has failed too often."""
        for task in reversed(tasks):
            again = replace(task, tries=task.tries + (task is blamed))
            if again.tries >= MOST_TRIES:
                self._close(again, given_up(again))
            else:
                self._again.appendleft(again)

    def _refuse(self, address: str, error: Exception) -> None:
        """Leave a worker out that must not grade, and stop where there is no other."""
        place = self._places.pop(address)
        _stop_waiting(place)
        self._take_back(list(place.in_hand.values()), blamed=None)
        self._refusals[address] = _reason(error)
        self._say(f"{address}: takes no work: {self._refusals[address]}")
        if not self._places and not self._isolations:
            reasons = "; ".join(f"{a}: {why}" for a, why in self._refusals.items())
            raise ClusterError(f"{self._address}: no worker may grade: {reasons}")

    def _nobody(self) -> ClusterError:
        return ClusterError(
            f"{self._address}: no worker that may grade for {self._patience:g} s: start some with "
            f"`dask worker {self._address}`; what was graded is kept, run it again to go on"
        )

    def _gone(self) -> ClusterError:
        return ClusterError(
            f"{self._address}: the scheduler is gone; what was graded is kept: start it again and "
            "run it again to go on"
        )


def _stop_waiting(place: _Place) -> None:
    for waiting in tuple(place.waiting):
        waiting.cancel()


def _reason(error: Exception) -> str:
    return str(error) if isinstance(error, WorkerRefusal) else f"{type(error).__name__}: {error}"
