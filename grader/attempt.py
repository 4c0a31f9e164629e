"""One submission's functions, called across the pipe of a confined process.

A process that is lost to a timeout, a crash or a lack of memory is replaced by a fresh one for the
next test, until the submission's time is used up.
"""

from __future__ import annotations

import time
from collections.abc import Mapping

from grader.cases import Batch, Cases, Run, Shares
from grader.sandbox import Calls, Guest, Loaded, Program, Reply, Sandbox
from grader.submission import Submission

AHEAD_SECONDS = 1.0  # for the calls of all tests of a function; most take milliseconds


class Attempt:
    """The student's functions of one submission, with some of them replaced or none.

    Attributes:
        replaced: the functions that are replaced.
        runs: what came of each `Cases`, by function and cases.
        made: how many times cases were sent, so that a test that sends none is noticed.
        strays: how many of them were not of those that `run_ahead` had made last.
        called: the replaced functions that were called.
        printed: what the student's code printed.
        loaded: what was found when the code was loaded; None until the first call.
    """

    def __init__(
        self,
        sandbox: Sandbox,
        submission: Submission,
        *,
        replaced: Mapping[str, str] | None = None,
        deadline: float | None = None,
        ahead: Mapping[str, Batch] | None = None,
        after: Attempt | None = None,
    ) -> None:
        """Prepare; the process starts with the first call.

        Args:
            sandbox: where it runs.
            submission: the sources.
            replaced: functions to be replaced, each with the source of its reference alone.
            deadline: `time.monotonic` after which nothing runs any more.
            ahead: calls by function that are made as soon as the process starts, in this order,
                as if `run_ahead` had been called with each.
            after: another attempt at the same submission, which ends now. Its process goes on
                with the code loaded anew, where all that was replaced in it is replaced here too.
        """
        self._sandbox = sandbox
        self._program = Program(kind=submission.kind, sources=submission.sources)
        self._sources = dict(replaced or {})
        self._deadline = deadline
        self._guest: Guest | None = None
        self._inherited = after.give_away() if after is not None else None
        self._is_inherited = False
        self._spared = False
        self._to_send = dict(ahead or {})
        self._tried: set[str] = set()
        self._shares: dict[str, Shares] = {}
        self._ahead: dict[tuple[str, Cases], Run] = {}
        self.replaced = frozenset(self._sources)
        self.runs: dict[tuple[str, Cases], Run] = {}
        self.made = 0
        self.strays = 0
        self._latest = ""
        self.called: set[str] = set()
        self.printed: list[str] = []
        self.loaded: Loaded | None = None

    def run(self, function: str, given: Cases) -> Run:
        """Call a function with all cases at once."""
        self.made += 1
        run = self._ahead.pop((function, given), None)
        if run is None or function != self._latest:
            self.strays += 1
        self.runs[function, given] = run or self._run(function, given)
        return self.runs[function, given]

    def run_ahead(self, function: str, batch: Batch) -> Shares | None:
        """Make the calls of several tests in one go, to be had when the tests ask for them.

        Returns:
            What came of them. None where that takes long, or ends the process: nothing has been
            found out then, and each test makes its own calls.
        """
        self._latest = function
        if not self._is_late():
            self._process()
        if function not in self._tried:
            self._keep(function, batch, self._run(function, batch, within_s=AHEAD_SECONDS))
        return self._shares.get(function)

    def _keep(self, function: str, batch: Batch, run: Run) -> None:
        if run.ending is None and not run.missing:
            shares = self._shares[function] = batch.apart(run.outcomes)
            self._ahead.update(((function, given), part) for given, part in shares.runs)

    def take(self, function: str, shares: Shares) -> None:
        """Put on record what came of a function's calls, as if its tests had asked for it."""
        self.runs.update(((function, given), run) for given, run in shares.runs)

    def _run(self, function: str, given: Cases | Batch, within_s: float | None = None) -> Run:
        if self._is_late():
            return Run(ending="timeout")
        guest = self._process()
        if function not in guest.loaded.functions:
            return Run(missing=True)
        reply = guest.run(Calls(function, given.request, len(given)), within_s=within_s)
        run = self._result(reply, len(given))
        if run.ending is None:
            return run
        self.close()
        if self._is_inherited:  # it may have been worn out before
            return self._run(function, given, within_s)
        if guest.was_killed and not self._spared:  # no fault of the student's: once more
            self._spared = True
            return self._run(function, given, within_s)
        return run

    def _is_late(self) -> bool:
        return self._deadline is not None and time.monotonic() > self._deadline

    def _result(self, reply: Reply, count: int) -> Run:
        self.printed.append(reply.output)
        self.called |= reply.called
        if reply.ending is not None or len(reply.outcomes) != count:
            return Run(ending=reply.ending or "crashed", in_flight=reply.in_flight)
        return Run(outcomes=reply.outcomes)

    def _process(self) -> Guest:
        """The process that runs; or the one that was taken over, or a fresh one."""
        if self._guest is None:
            self._guest = self._take_over() or self._open()
            self.loaded = self._guest.loaded
        return self._guest

    def _take_over(self) -> Guest | None:
        guest, self._inherited = self._inherited, None
        self._is_inherited = guest is not None and guest.load_again(self._sources)
        if guest is not None and not self._is_inherited:
            guest.close()
        return guest if self._is_inherited else None

    def _open(self) -> Guest:
        batches, self._to_send = self._to_send, {}
        guest = self._sandbox.open(
            self._program,
            replaced=self._sources,
            deadline=self._deadline,
            ahead=[Calls(name, batch.request, len(batch)) for name, batch in batches.items()],
        )
        self.printed.append(guest.loaded.output)
        if guest.sent_ahead and not self._gather(guest, batches):
            guest.close()
            return self._open()
        return guest

    def _gather(self, guest: Guest, batches: Mapping[str, Batch]) -> bool:
        """Read what came of the calls that were sent ahead; tell whether it came to the end."""
        for function, batch in batches.items():
            reply = guest.next_reply(within_s=AHEAD_SECONDS)
            self._tried.add(function)
            if reply.ending is not None:
                self.printed.append(reply.output)
                return False
            if function in guest.loaded.functions:
                self._keep(function, batch, Run(outcomes=reply.outcomes))
        self.printed.append(reply.output)
        return True

    def give_away(self) -> Guest | None:
        """End, but leave the process to somebody else; None where there is none."""
        guest, self._guest = self._guest, None
        if self._inherited is not None:
            guest, self._inherited = self._inherited, None
        return guest

    def close(self) -> None:
        """End the process, if one runs."""
        for guest in (self._guest, self._inherited):
            if guest is not None:
                guest.close()
        self._guest = self._inherited = None

    def student(self) -> StudentFunctions:
        """The fixture ``student`` of the suites."""
        return StudentFunctions(self)


class StudentHandle:
    """One function of a student."""

    def __init__(self, attempt: Attempt, name: str) -> None:
        self.name = name
        self._attempt = attempt

    def run(self, given: Cases) -> Run:
        """Make the calls across the pipe."""
        return self._attempt.run(self.name, given)


class StudentFunctions:
    """A student's functions by name, as attributes."""

    def __init__(self, attempt: Attempt) -> None:
        self._attempt = attempt

    def __getattr__(self, name: str) -> StudentHandle:
        return StudentHandle(self._attempt, name)
