"""Proof that the content fits together: ``nnv check-content``.

Manifest, stubs, solutions, self-checks, hidden suites, misconceptions and quiz are written apart
from each other. Here they are held together: first as files, then by running them.
"""

from __future__ import annotations

import doctest
import importlib
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from grader import references
from grader.cases import LocalFunctions
from grader.collected import HiddenTest, SuiteError, by_function, collect
from grader.content_files import MANIFEST, Problem, check_files
from grader.diagnosis import Diagnosis
from grader.sandbox import Raised
from grader.trial import Trial, attempt
from nnv.manifest import Function, Manifest, ManifestError, load
from solutions import misconceptions
from solutions.misconceptions import Misconception

HOME = Path(__file__).resolve().parent.parent
LEAST_MISCONCEPTIONS = 8

Implementation = Callable[..., object]
Judge = Callable[[str, Implementation], Trial]


@dataclass(frozen=True, slots=True)
class Content:
    """The content, loaded.

    Attributes:
        manifest: the functions.
        stubs: what students start from, by function.
        references: the truth, by function.
        wrong: the misconceptions, by function.
        tests: the hidden tests, by function.
    """

    manifest: Manifest
    stubs: Mapping[str, Implementation]
    references: Mapping[str, Implementation]
    wrong: Mapping[str, Sequence[Misconception]]
    tests: Mapping[str, Sequence[HiddenTest]]


def check_content(home: Path = HOME) -> list[Problem]:
    """Check that everything of the content fits together.

    Args:
        home: the folder with ``exercises``, ``solutions`` and ``grader``, from which this runs.

    Returns:
        The problems of the first stage that found any (files, then suites, then what they judge),
        and those of the quiz; nothing where all is well.
    """
    return [*_check_exercises(home), *check_quiz()]


def _check_exercises(home: Path) -> list[Problem]:
    try:
        manifest = load(home / MANIFEST)
    except ManifestError as error:
        return [Problem(MANIFEST, problem, "correct it") for problem in error.problems]
    problems = list(check_files(home, manifest))
    if problems:
        return problems
    try:
        content = load_content(manifest)
    except SuiteError as error:
        return [Problem("grader/suites", str(error), "correct the suite or the manifest")]
    return [*check_behaviour(content), *check_examples(content), *check_self_checks(home)]


def load_content(manifest: Manifest) -> Content:
    """Import stubs, solutions and misconceptions, and collect the hidden tests.

    Raises:
        SuiteError: the suites cannot be imported or do not fit the manifest.
    """
    stubs = {
        f.name: getattr(importlib.import_module(f"exercises.{f.module}"), f.name)
        for f in manifest.functions
    }
    known = dict.fromkeys([*manifest.names, *misconceptions.functions()])
    return Content(
        manifest,
        stubs,
        references.functions(manifest),
        {name: misconceptions.of(name) for name in known},
        by_function(manifest, collect()),
    )


def check_behaviour(content: Content) -> Iterator[Problem]:
    """Run the hidden tests on solutions, stubs, misconceptions and constants.

    Yields:
        A solution that fails; a stub that does not, or does something; a constant that earns
        points; misconceptions that are too few, of no function, not caught or not told apart.
    """
    reference = LocalFunctions(content.references)

    def trial(name: str, function: Implementation) -> Trial:
        return attempt(name, function, content.tests[name], reference)

    failed = False
    for function in content.manifest.functions:
        for name in trial(function.name, content.references[function.name]).failed:
            failed = True
            where = f"solutions/{function.module}.py: {function.name}"
            yield Problem(where, f"fails {name}", "correct the solution or the test")
    if failed:
        return
    diagnosis = _diagnosis(content, reference)
    for function in content.manifest.functions:
        yield from _check_stub(function, trial(function.name, content.stubs[function.name]))
        yield from _check_constants(function, trial)
        yield from _check_misconceptions(function, content.wrong[function.name], trial, diagnosis)
    for name in content.wrong:
        if name not in content.manifest.names:
            where = f"solutions/misconceptions: {name}"
            yield Problem(where, "is of no graded function", f"add it to {MANIFEST}, or delete it")


def _diagnosis(content: Content, reference: LocalFunctions) -> Diagnosis:
    """A diagnosis that has seen all probes."""
    diagnosis = Diagnosis(content.manifest, reference)
    watched = diagnosis.watch()
    for test in (test for tests in content.tests.values() for test in tests):
        test.body(watched, reference)
    return diagnosis


def _check_stub(function: Function, trial: Trial) -> Iterator[Problem]:
    outcomes = [outcome for run in trial.runs.values() for outcome in run.outcomes]
    if not all(isinstance(o, Raised) and o.type == "NotImplementedError" for o in outcomes):
        where = f"exercises/{function.module}.py: {function.name}"
        yield Problem(where, "does something", "let it raise NotImplementedError and no more")


CONSTANTS: dict[str, Implementation] = {
    "gives None": lambda *args, **kwargs: None,
    "gives 0": lambda *args, **kwargs: 0,
    "gives 1": lambda *args, **kwargs: 1,
    "gives True": lambda *args, **kwargs: True,
    "gives False": lambda *args, **kwargs: False,
    "gives an empty list": lambda *args, **kwargs: [],
    "gives its first argument back": lambda *args, **kwargs: next(
        iter((*args, *kwargs.values())), 0
    ),
}


def _check_constants(function: Function, trial: Judge) -> Iterator[Problem]:
    def raises(*args: object, **kwargs: object) -> object:
        raise ValueError("always")

    for does, constant in {**CONSTANTS, "raises ValueError": raises}.items():
        points = trial(function.name, constant).points
        if points:
            yield Problem(
                f"grader/suites/test_{function.module}.py: {function.name}",
                f"a function that always {does} earns {points:g} points",
                "mix its cases with others, or mark the test needs_values=True",
            )


def _check_misconceptions(
    function: Function, known: Sequence[Misconception], trial: Judge, diagnosis: Diagnosis
) -> Iterator[Problem]:
    where = f"solutions/misconceptions/{function.module}.py: {function.name}"
    if len(known) < LEAST_MISCONCEPTIONS:
        fact = f"has {len(known)} misconceptions, {LEAST_MISCONCEPTIONS} are due"
        yield Problem(where, fact, "add what students really write")
    for wrong in known:
        tried = trial(function.name, wrong.implementation)
        named = diagnosis.misconception(function.name, tried.runs)
        if not tried.failed:
            fact, remedy = f"{wrong.id} passes every hidden test", "add a case that catches it"
        elif named is None or named.id != wrong.id:
            fact = f"{wrong.id} is taken for {named.id if named else 'none that is known'}"
            remedy = "add a case that tells them apart, or delete one"
        else:
            continue
        yield Problem(where, fact, remedy)


def check_examples(content: Content) -> Iterator[Problem]:
    """Run the worked examples of the docstrings against the solutions."""
    for module in content.manifest.modules:
        solution = importlib.import_module(f"solutions.{module}")
        runner = doctest.DocTestRunner(verbose=False)
        for example in doctest.DocTestFinder(exclude_empty=True).find(solution):
            said: list[str] = []
            if runner.run(example, out=said.append).failed:
                where = f"solutions/{module}.py: {example.name.split('.')[-1]}"
                fact = f"its worked example is wrong: {' '.join(''.join(said).split())}"
                yield Problem(where, fact, "correct the example")


def check_self_checks(home: Path) -> Iterator[Problem]:
    """Run ``pytest exercises`` as a student does who has written just what the solutions say."""
    with tempfile.TemporaryDirectory() as folder:
        finished = Path(folder) / "exercises"
        finished.mkdir()
        for path in (home / "exercises").iterdir():
            if path.is_file():
                solution = home / "solutions" / path.name
                _copy(solution if solution.is_file() else path, finished / path.name)
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "exercises"]
        ended = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if ended.returncode:
        said = " ".join(ended.stdout.split()) or " ".join(ended.stderr.split())
        fact = f"fail on the finished exercises: {said[-400:]}"
        yield Problem("exercises/test_*.py", fact, "correct the self-check")


def _copy(source: Path, target: Path) -> None:
    content = source.read_bytes()
    target.write_bytes(re.sub(rb"^from solutions\.", b"from exercises.", content, flags=re.M))


def check_quiz() -> Iterator[Problem]:
    """Load the quiz that comes along."""
    from quiz.loader import load as load_quiz
    from quiz.problems import QuizFileError

    try:
        load_quiz(cache=False)
    except QuizFileError as error:
        for problem in error.problems:
            yield Problem("quiz", str(problem), "correct the quiz file")
