"""One submission and the hidden suites → marks; one mistake costs its points once.

Every function is graded with the student's own helpers first. A function that fails and can reach
another that is wrong is graded again, in modules that are loaded afresh, with references in the
place of the wrong ones; what counts is the better of the two, and the mark names what was
replaced.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from grader import references
from grader.attempt import Attempt
from grader.cases import Batch, LocalFunctions, Shares
from grader.collected import HiddenTest, SuiteError, by_function, collect
from grader.diagnosis import Diagnosis
from grader.marks import FunctionMark, Misconceived, SubmissionMarks, TestMark
from grader.messages import NEEDS_VALUES, Words, of_problem
from grader.sandbox import Loaded, Sandbox
from grader.settings import SUBMISSION_SECONDS
from grader.submission import Submission
from grader.suite import Disagreement, Failure
from grader.verdict import Verdict
from nnv.manifest import Function, Manifest


@dataclass(slots=True)
class _Tested:
    """What came of one hidden test."""

    test: HiddenTest
    verdict: Verdict = Verdict.NOT_RUN
    failure: Failure | None = None


@dataclass(slots=True)
class _Graded:
    """A function's hidden tests, run with some helpers replaced or none."""

    tested: list[_Tested]
    attempt: Attempt
    replaced: frozenset[str] = frozenset()
    called: frozenset[str] = frozenset()
    shares: Shares | None = None  # of which all this is, and nothing else

    @property
    def points(self) -> float:
        return sum(points for points, _ in map(self.counted, self.tested))

    @property
    def right(self) -> bool:
        return all(t.verdict is Verdict.PASSED for t in self.tested)

    @property
    def timed_out(self) -> bool:
        return any(t.verdict is Verdict.TIMEOUT for t in self.tested)

    @property
    def _has_values(self) -> bool:
        values = [t for t in self.tested if not t.test.needs_values]
        return bool(values) and all(t.verdict is Verdict.PASSED for t in values)

    def counted(self, tested: _Tested) -> tuple[float, Verdict]:
        """The points and verdict of a test; one that needs right values counts only with them."""
        if tested.verdict is not Verdict.PASSED:
            return 0.0, tested.verdict
        if tested.test.needs_values and not self._has_values:
            return 0.0, Verdict.NOT_RUN
        return tested.test.points, Verdict.PASSED


@dataclass(slots=True)
class _Progress:
    """One submission while it is being marked.

    Attributes:
        first: the functions as they were handed in.
        final: what counts: that, or better with wrong helpers replaced.
        purest: what shows a function's own mistake best: with wrong helpers replaced.
        reaches: which functions each can call.
    """

    submission: Submission
    deadline: float
    first: dict[str, _Graded] = field(default_factory=dict)
    final: dict[str, _Graded] = field(default_factory=dict)
    purest: dict[str, _Graded] = field(default_factory=dict)
    reaches: dict[str, frozenset[str]] = field(default_factory=dict)
    loaded: Loaded | None = None


class Marker:
    """Marks submissions, one after the other, in one sandbox."""

    def __init__(
        self,
        manifest: Manifest,
        sandbox: Sandbox,
        tests: Iterable[HiddenTest] | None = None,
        *,
        seconds: float = SUBMISSION_SECONDS,
    ) -> None:
        """Collect the suites and evaluate the references once.

        Args:
            manifest: the functions and their points.
            sandbox: where student code runs.
            tests: the hidden tests; those of `grader.suites` by default.
            seconds: wall-clock time that one submission has in all.

        Raises:
            SuiteError: the suites and the manifest do not fit, or a reference fails its suite.
        """
        self._manifest = manifest
        self._sandbox = sandbox
        self._seconds = seconds
        self._tests = by_function(manifest, tuple(tests) if tests is not None else collect())
        self._reference = LocalFunctions(references.functions(manifest))
        self._diagnosis = Diagnosis(manifest, self._reference)
        self._alone = {
            f.name: references.source_alone(f.module, f.name) for f in manifest.functions
        }
        self._full_marks: dict[object, FunctionMark] = {}
        for name, hidden in self._tests.items():
            self._rehearse(name, hidden)
        self._batches = {name: Batch(self._diagnosis.probes(name)) for name in self._tests}

    def _rehearse(self, name: str, hidden: list[HiddenTest]) -> None:
        """Run the suite on the reference: it must pass, and shows which cases there are."""
        student = self._diagnosis.watch()
        for test in hidden:
            try:
                test.body(student, self._reference)
            except Exception as error:
                raise SuiteError(f"{test.name}: the reference fails it: {error}") from error

    def mark(self, submission: Submission) -> SubmissionMarks:
        """Mark one submission.

        Args:
            submission: its sources, read and never executed here.

        Returns:
            A mark for each function of the manifest, in its order.

        Raises:
            SandboxError, SuiteError: a fault of the grader's own, never a verdict.
        """
        progress = _Progress(submission, time.monotonic() + self._seconds)
        attempt = Attempt(
            self._sandbox, submission, deadline=progress.deadline, ahead=self._batches
        )
        try:
            for name in self._tests:
                self._grade_first(progress, attempt, name)
            progress.final = dict(progress.first)
            self._carry_forward(progress, attempt)
        finally:
            attempt.close()
        marks = {name: self._mark_of(progress, name) for name in self._tests}
        return SubmissionMarks(marks, "".join(attempt.printed))

    def _grade_first(self, progress: _Progress, attempt: Attempt, name: str) -> None:
        stuck = {n for n, g in progress.first.items() if g.timed_out}
        if stuck & self._reachable(progress, name):  # it would only hang as they did
            progress.first[name] = _Graded([_Tested(t) for t in self._tests[name]], attempt)
            return
        progress.first[name] = self._grade(attempt, name)
        if attempt.loaded is not None and progress.loaded is None:
            progress.loaded = attempt.loaded
            progress.reaches = dict(attempt.loaded.reaches)

    def _grade(self, attempt: Attempt, name: str) -> _Graded:
        """Run a function's tests; they stop at its first timeout."""
        graded = _Graded([_Tested(test) for test in self._tests[name]], attempt)
        student = attempt.student()
        shares = attempt.run_ahead(name, self._batches[name])
        if shares is not None and isinstance(shares.judged, tuple):
            attempt.take(name, shares)
            graded.tested, graded.shares = list(shares.judged), shares
            return graded
        strays = attempt.strays
        for tested in graded.tested:
            before = attempt.made
            try:
                tested.test.body(student, self._reference)
            except Disagreement as disagreement:
                tested.verdict, tested.failure = disagreement.verdict, disagreement.failure
            else:
                if attempt.made == before:
                    raise SuiteError(f"{tested.test.name}: it called nothing of the student's")
                tested.verdict = Verdict.PASSED
            if tested.verdict is Verdict.TIMEOUT:
                break
        if shares is not None and attempt.strays == strays and shares.cover(attempt.runs, name):
            shares.judged, graded.shares = tuple(graded.tested), shares
        return graded

    def _reachable(self, progress: _Progress, name: str) -> set[str]:
        """The functions that a function's code may call, directly or through others."""
        seen: set[str] = set()
        wanted = [name]
        while wanted:
            for other in progress.reaches.get(wanted.pop(), frozenset()):
                if other not in seen and other in self._tests:
                    seen.add(other)
                    wanted.append(other)
        return seen - {name}

    def _carry_forward(self, progress: _Progress, first: Attempt) -> None:
        """Grade what fails and can reach something wrong again, with references in its place.

        Only what is wrong in itself is replaced at first: a helper that was wrong through another
        is right again once that other is replaced. What is wrong and reaches nothing wrong is
        replaced for all, reached or not, so that most functions share one process; none of them is
        among its own replacements.
        """
        wrong = {name for name, graded in progress.first.items() if not graded.right}
        replaceable = wrong | _coarse(progress.first) if wrong else wrong
        reached = {n: frozenset(replaceable & self._reachable(progress, n)) for n in replaceable}
        alone = frozenset(n for n in replaceable if not reached[n])
        carried: set[str] = set()
        attempt = first
        try:
            for name in [n for n in self._tests if n in wrong and reached[n]]:
                for replaced in dict.fromkeys((reached[name] - carried, reached[name])):
                    attempt = self._with_replaced(progress, name, attempt, alone | replaced)
                    self._grade_again(progress, name, attempt)
                    if progress.final[name].right:
                        carried.add(name)
                        break
        finally:
            attempt.close()
        for name in _circular({n: graded.replaced for n, graded in progress.final.items()}):
            progress.final[name] = progress.first[name]

    def _with_replaced(
        self, progress: _Progress, name: str, before: Attempt, replaced: frozenset[str]
    ) -> Attempt:
        """An attempt to grade a function with these replaced, and the only one that has a process.

        It goes on in the process of the attempt before where nothing was replaced in that which
        the function can call: what it is graded in has never held a reference that is kept from
        it, its own least of all. One process that lived beside another could tell it what its
        references do.
        """
        spare = before.replaced - replaced
        kept_from_it = self._reachable(progress, name) | {name}
        if not spare & kept_from_it and not any(name in progress.final[n].replaced for n in spare):
            replaced |= spare
        if before.replaced == replaced:
            return before
        sources = {name: self._alone[name] for name in sorted(replaced)}
        return Attempt(
            self._sandbox,
            progress.submission,
            replaced=sources,
            deadline=progress.deadline,
            after=before,
        )

    def _grade_again(self, progress: _Progress, name: str, attempt: Attempt) -> None:
        if time.monotonic() > progress.deadline:
            return
        attempt.called.clear()
        again = self._grade(attempt, name)
        again.replaced = attempt.replaced
        again.called = frozenset(attempt.called & again.replaced)
        if again.called:
            progress.purest[name] = again
        if again.called and again.points > progress.final[name].points:
            progress.final[name] = again

    def _mark_of(self, progress: _Progress, name: str) -> FunctionMark:
        """A function's mark; one that was written before, if nothing else would go into it."""
        final = progress.final[name]
        function = self._manifest.function(name)
        carried = tuple(n for n in self._tests if n in final.called)
        words = Words(
            function,
            self._diagnosis.parameters[name],
            self._problem(progress, function),
            carried,
            frozenset(n for n in carried if progress.first[n].right),
        )
        key: object
        if final.right and not carried:  # there is nothing of the submission in it
            known, key = self._full_marks, name
        else:
            shown = progress.purest.get(name, final).shares
            if final.shares is None or shown is None:
                return self._written_mark(progress, function, words)
            known, key = final.shares.marks, (shown, words.problem, carried, words.coarse)
        if key not in known:
            known[key] = self._written_mark(progress, function, words)
        return known[key]

    def _written_mark(self, progress: _Progress, function: Function, words: Words) -> FunctionMark:
        name = function.name
        final = progress.final[name]
        tests = [self._test_mark(final, tested, words) for tested in final.tested]
        shown = _shown(final)
        verdict = Verdict.PASSED if final.right else shown.verdict
        return FunctionMark(
            name=name,
            points=final.points,
            max_points=function.points,
            verdict=verdict,
            carried_forward=tuple(words.carried),
            misconception=None if final.right else self._misconception(progress, name),
            message=words.of_function(verdict, shown.failure),
            detail=None if final.right else words.detail(shown.failure),
            tests=tuple(tests),
        )

    def _test_mark(self, final: _Graded, tested: _Tested, words: Words) -> TestMark:
        points, verdict = final.counted(tested)
        if verdict is not tested.verdict:
            message: str | None = NEEDS_VALUES
        else:
            message = words.of_test(verdict, tested.failure)
        return TestMark(tested.test.name, points, tested.test.points, verdict, message)

    def _problem(self, progress: _Progress, function: Function) -> str | None:
        """What went wrong while the function's module, or the notebook, was loaded."""
        if progress.loaded is None:
            return None
        notebook = progress.submission.kind == "notebook"
        for problem in progress.loaded.problems:
            if notebook or problem.where.removesuffix(".py") == function.module:
                return of_problem(problem)
        return None

    def _misconception(self, progress: _Progress, name: str) -> Misconceived | None:
        graded = progress.purest.get(name, progress.final[name])
        return self._diagnosis.misconception(name, graded.attempt.runs)


def _shown(graded: _Graded) -> _Tested:
    """The failed test whose failing call is the smallest, wrong values before all else."""
    failed = [t for t in graded.tested if t.verdict not in {Verdict.PASSED, Verdict.NOT_RUN}]
    if not failed:
        return graded.tested[0]
    values = [t for t in failed if not t.test.needs_values]
    return min(values or failed, key=lambda t: t.failure.size if t.failure else 1 << 60)


def _circular(replaced: Mapping[str, frozenset[str]]) -> set[str]:
    """The functions that are right only given others that are right only given them.

    Two functions that do nothing but call each other would both be right with the other's reference
    in its place. What each was given is ours to know, so that no report of a student's process
    hides the circle.
    """
    found = set()
    for name in replaced:
        behind: set[str] = set()
        wanted = set(replaced[name])
        while wanted:
            other = wanted.pop()
            behind.add(other)
            wanted |= replaced[other] - behind
        if name in behind:
            found.add(name)
    return found


def _coarse(graded: Mapping[str, _Graded]) -> set[str]:
    """The functions that are right, but give float32 numbers where they got others.

    That is allowed; yet a function that goes on with such numbers is off by more than is allowed.
    """
    return {name for name, found in graded.items() if found.right and _gives_float32(name, found)}


def _gives_float32(name: str, graded: _Graded) -> bool:
    if graded.shares is not None:
        return graded.shares.gives_float32
    runs = graded.attempt.runs.items()
    return any(run.gives_float32(given) for (function, given), run in runs if function == name)
