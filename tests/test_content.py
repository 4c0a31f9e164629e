"""The proof that the content fits together: it finds nothing, and every planted fault."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

import grader.content
from grader.content import (
    HOME,
    check_behaviour,
    check_content,
    check_examples,
    check_quiz,
    check_self_checks,
    load_content,
)
from grader.content_files import MANIFEST, Problem, check_files
from nnv.manifest import load, manifest
from quiz.problems import Place, QuizFileError
from quiz.problems import Problem as QuizProblem
from solutions.misconceptions import Misconception


@pytest.fixture
def home(tmp_path):
    """A copy of the content, to plant faults in."""
    for folder in ("exercises", "solutions", "grader/suites"):
        ignored = shutil.ignore_patterns("__pycache__", "*.ipynb")
        shutil.copytree(HOME / folder, tmp_path / folder, ignore=ignored)
    return tmp_path


@pytest.fixture(scope="module")
def content():
    """The content, loaded."""
    return load_content(manifest())


def _plant(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def _found(problems) -> str:
    return "\n".join(map(str, problems))


def test_content_fits_together():
    """Manifest, stubs, solutions, self-checks, suites, misconceptions and quiz have no fault."""
    assert check_content() == []


def test_problem_states_the_fact_then_the_remedy():
    """A problem is one line: where, what, and what to do."""
    problem = Problem("exercises/relu.py: relu", "is missing", "write it")
    assert str(problem) == "exercises/relu.py: relu: is missing; write it"


@pytest.mark.parametrize(
    "name",
    [
        "exercises/relu.py",
        "exercises/test_relu.py",
        "solutions/relu.py",
        "solutions/misconceptions/relu.py",
        "grader/suites/test_relu.py",
    ],
)
def test_missing_file(home, name):
    """Each module has its five files."""
    (home / name).unlink()
    assert _found(check_files(home, manifest())).startswith(f"{name}: is missing; write it")


@pytest.mark.parametrize(
    "name",
    [
        "exercises/tanh.py",
        "exercises/test_tanh.py",
        "solutions/tanh.py",
        "solutions/misconceptions/tanh.py",
        "grader/suites/test_tanh.py",
    ],
)
def test_orphan(home, name):
    """A file of no module is named."""
    (home / name).write_text('"""Nothing."""\n', encoding="utf-8")
    assert f"{name}: is of no module; add" in _found(check_files(home, manifest()))


@pytest.mark.parametrize(
    ("name", "old", "new", "fact"),
    [
        ("exercises/relu.py", "def relu(", "def relo(", "exercises/relu.py: relu: is missing"),
        ("solutions/relu.py", "def relu(", "def relo(", "relo: is of no graded function"),
        ("exercises/relu.py", "def relu(z", "def relu(x", "has the signature (x"),
        ("exercises/memory.py", "bits: int = 16", "bits: int = 8", "has the signature (par"),
        ("exercises/relu.py", "Lesson 04", "Lesson 05", "has another docstring"),
        ("exercises/dense.py", ">>>", ">>", "has no worked example"),
        ("exercises/dense.py", '"A layer is', '"One layer is', "does not name its section"),
        ("exercises/dense.py", '("dense: ', '("', "does more than to say what to do"),
        ("exercises/dense.py", "raise NotI", "return NotI", "does more than to say what to do"),
    ],
)
def test_files_that_do_not_fit(home, name, old, new, fact):
    """A stub and its solution differ in their bodies only, and the stub says what to do."""
    _plant(home / name, old, new)
    assert fact in _found(check_files(home, manifest()))


def test_function_without_a_self_check(home):
    """Every function is tried by a self-check."""
    path = home / "exercises/test_memory.py"
    path.write_text(path.read_text(encoding="utf-8").replace("fits,", ""), encoding="utf-8")
    assert "exercises/test_memory.py: does not try fits" in _found(check_files(home, manifest()))


def test_manifest_without_a_hint(home):
    """A function without a hint is a fault of the manifest, with its line."""
    _plant(home / MANIFEST, "hint:", "hunt:")
    found = _found(check_content(home))
    assert "hint: is missing" in found
    assert "exercises.yaml:" in found


def test_files_come_first(home):
    """While a file is missing, only the files are spoken of."""
    (home / "grader/suites/test_relu.py").unlink()
    found = [problem.where for problem in check_content(home)]
    assert found == ["grader/suites/test_relu.py"]


def test_points_that_do_not_sum(home):
    """The hidden tests of a function are worth what the manifest says."""
    _plant(home / MANIFEST, "points: 8", "points: 9")
    found = _found(check_content(home))
    assert "relu: its hidden tests are worth 8 points, the manifest says 9" in found


def test_wrong_solution(content):
    """A solution passes all of its hidden tests."""
    wrong = {**content.references, "fits": lambda *args, **kwargs: True}
    found = _found(check_behaviour(replace(content, references=wrong, tests=_recorded(content))))
    assert found == "solutions/memory.py: fits: fails test_kept; correct the solution or the test"


def _recorded(content):
    """The hidden tests, where that of fits knows what is due without asking the reference."""

    def test_kept(student, reference):
        from grader.suite import agree

        agree(student.fits, content_reference.fits, BUDGETS, kind="truth")

    from grader.cases import LocalFunctions
    from grader.suite import call, cases

    content_reference = LocalFunctions(content.references)
    BUDGETS = cases(call([1, 1], 1, 40), call([1, 1], 1, 39))
    kept = replace(content.tests["fits"][0], name="test_kept", body=test_kept)
    return {**content.tests, "fits": [kept]}


def test_stub_that_does_something(content):
    """A stub raises NotImplementedError, whatever it is called with."""
    stubs = {**content.stubs, "fits": lambda *args, **kwargs: None}
    found = _found(check_behaviour(replace(content, stubs=stubs)))
    assert found.startswith("exercises/memory.py: fits: does something; let it raise")


def test_suite_that_pays_for_a_constant(content):
    """No function earns points by always doing the same."""
    tests = [replace(test, needs_values=False) for test in content.tests["fits"]]
    found = _found(check_behaviour(replace(content, tests={**content.tests, "fits": tests})))
    assert "fits: a function that always raises ValueError earns 0.5 points; mix" in found


@pytest.mark.parametrize(
    ("twin", "fact"),
    [
        ("always-true", "one-more is taken for always-true"),
        (None, "one-more passes every hidden test"),
    ],
)
def test_misconception_without_a_case(content, monkeypatch, twin, fact):
    """A misconception is caught, and differs from every other."""
    by_id = {wrong.id: wrong.implementation for wrong in content.wrong["fits"]}
    wrong = by_id.get(twin, content.references["fits"])
    known = [
        *content.wrong["fits"],
        Misconception("fits", "one-more", "behaves like a twin", wrong),
    ]
    monkeypatch.setattr(
        grader.content.misconceptions, "of", lambda name: {**content.wrong, "fits": known}[name]
    )
    found = _found(check_behaviour(replace(content, wrong={**content.wrong, "fits": known})))
    assert found.startswith(f"solutions/misconceptions/memory.py: fits: {fact}")


def test_too_few_misconceptions(content):
    """Each function has at least eight misconceptions."""
    few = {**content.wrong, "fits": content.wrong["fits"][:7]}
    found = _found(check_behaviour(replace(content, wrong=few)))
    assert "fits: has 7 misconceptions, 8 are due; add" in found


def test_misconception_of_no_function(content):
    """A misconception is of a graded function."""
    more = {**content.wrong, "tanh": content.wrong["fits"]}
    found = _found(check_behaviour(replace(content, wrong=more)))
    assert "solutions/misconceptions: tanh: is of no graded function" in found


def test_wrong_example(content, monkeypatch):
    """The worked examples are run against the solutions."""
    monkeypatch.setattr("solutions.memory.training_bytes", lambda *args, **kwargs: 775)
    found = _found(check_examples(content))
    assert "solutions/memory.py: fits: its worked example is wrong" in found


def test_self_check_that_fails_on_the_solutions(home):
    """Whoever writes what the solutions say passes every self-check."""
    _plant(home / "exercises/test_memory.py", "gives=776", "gives=777")
    found = _found(check_self_checks(home))
    assert "exercises/test_*.py: fail on the finished exercises" in found


def test_quiz_that_cannot_be_loaded(monkeypatch):
    """The quiz's own problems are told too."""

    def broken(cache):
        raise QuizFileError([QuizProblem(Place(12, 5), "x", "must be above 0", "lesson04.yaml")])

    monkeypatch.setattr("quiz.loader.load", broken)
    assert "lesson04.yaml:12:5" in _found(check_quiz())


def test_manifest_of_the_copy_is_the_one_that_is_read(home):
    """What is checked is the folder that is named."""
    assert load(home / MANIFEST) == manifest()
