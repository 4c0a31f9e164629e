"""One submission's functions, called across the pipe of a confined process.

A process that is lost to a timeout, a crash or a lack of memory is replaced by a fresh one for the
next test, until the submission's time is used up.
"""

from __future__ import annotations

import time
from collections.abc import Mapping

from grader.cases import Batch, Cases, Run
from grader.sandbox import Guest, Loaded, Program, Sandbox
from grader.submission import Submission

AHEAD_SECONDS = 1.0  # for the calls of all tests of a function; most take milliseconds


class Attempt:
    """The student's functions of one submission, with some of them replaced or none.

    Attributes:
        runs: what came of each `Cases`, by function and cases.
        made: how many times cases were sent, so that a test that sends none is noticed.
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
    ) -> None:
        """Prepare; the process starts with the first call.

        Args:
            sandbox: where it runs.
            submission: the sources.
            replaced: functions to be replaced, each with the source of its reference alone.
            deadline: `time.monotonic` after which nothing runs any more.
        """
        self._sandbox = sandbox
        self._program = Program(kind=submission.kind, sources=submission.sources)
        self._replaced = dict(replaced or {})
        self._deadline = deadline
        self._guest: Guest | None = None
        self._spared = False
        self.runs: dict[tuple[str, Cases], Run] = {}
        self._ahead: dict[tuple[str, Cases], Run] = {}
        self.made = 0
        self.called: set[str] = set()
        self.printed: list[str] = []
        self.loaded: Loaded | None = None

    def run(self, function: str, given: Cases) -> Run:
        """Call a function with all cases at once."""
        self.made += 1
        run = self._ahead.pop((function, given), None) or self._run(function, given)
        self.runs[function, given] = run
        return run

    def run_ahead(self, function: str, batch: Batch) -> None:
        """Make the calls of several tests in one go, to be had when the tests ask for them.

        Where that takes long, or ends the process, nothing has been found out: each test makes its
        own calls then.
        """
        run = self._run(function, batch.whole, within_s=AHEAD_SECONDS)
        if run.ending is None and not run.missing:
            for given, part in batch.apart(run.outcomes):
                self._ahead[function, given] = part

    def _run(self, function: str, given: Cases, within_s: float | None = None) -> Run:
        if self._deadline is not None and time.monotonic() > self._deadline:
            return Run(ending="timeout")
        if self._guest is None:
            self._guest = self._sandbox.open(
                self._program, replaced=self._replaced, deadline=self._deadline
            )
            self.loaded = self._guest.loaded
            self.printed.append(self.loaded.output)
        if function not in self._guest.loaded.functions:
            return Run(missing=True)
        reply = self._guest.run(
            function, given.request, len(given), watch=given.watched, within_s=within_s
        )
        self.printed.append(reply.output)
        self.called |= reply.called
        if reply.ending is not None or len(reply.outcomes) != len(given):
            guest = self._guest
            self.close()
            if guest.was_killed and not self._spared:  # no fault of the student's: once more
                self._spared = True
                return self._run(function, given, within_s)
            return Run(ending=reply.ending or "crashed", in_flight=reply.in_flight)
        return Run(outcomes=reply.outcomes)

    def student(self) -> StudentFunctions:
        """The fixture ``student`` of the suites."""
        return StudentFunctions(self)

    def close(self) -> None:
        """End the process, if one runs."""
        if self._guest is not None:
            self._guest.close()
            self._guest = None


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
