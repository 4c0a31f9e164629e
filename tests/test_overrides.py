"""overrides.yaml: read whole, with all errors at once, each with its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.authored import Authored, AuthoredError
from grader.overrides import Override, lesson_questions, load, parse
from nnv.manifest import manifest

QUESTIONS = {"collapse": 3.0, "layer-parameters": 1.0}


def _parse(text: str) -> tuple[Override, ...]:
    document = Authored(text.encode(), "overrides.yaml")
    return parse(document, manifest(), lambda: QUESTIONS)


def _problems(text: str) -> list[str]:
    with pytest.raises(AuthoredError) as caught:
        _parse(text)
    return str(caught.value).split("\n")


def _one(entry: str) -> list[str]:
    return _problems(f"schema_version: 1\noverrides:\n  - {{{entry}}}\n")


def test_a_function_a_question_and_a_total_can_be_set() -> None:
    """Each entry says whose, what, how many points and why."""
    found = _parse(
        "schema_version: 1\n"
        "overrides:\n"
        "  - {student: ada, function: relu, points: 5, reason: a typo in the handout}\n"
        "  - {student: ada, quiz: collapse, points: 2.5, reason: told me}\n"
        '  - {student: zoe, total: true, points: 60, reason: "oral\\nexam"}\n'
    )
    assert [(o.student, o.target, o.name, o.points, o.reason) for o in found] == [
        ("ada", "function", "relu", 5.0, "a typo in the handout"),
        ("ada", "quiz", "collapse", 2.5, "told me"),
        ("zoe", "total", "", 60.0, "oral exam"),
    ]
    assert found[1].place == "overrides.yaml:4:5: overrides[1]"


@pytest.mark.parametrize("text", ["", "# nothing yet\n", "schema_version: 1\noverrides: []\n"])
def test_a_file_may_hold_none(text: str) -> None:
    """An empty file sets nothing by hand."""
    assert _parse(text) == ()


def test_all_errors_come_at_once_with_their_places() -> None:
    """Line, column, path, what was found, what is allowed, the nearest name."""
    assert _problems(
        "schema_version: 1\n"
        "overrides:\n"
        "  - {student: ada, function: rely, points: 5, reason: x}\n"
        "  - {student: ada, function: relu, points: 9, reason: x}\n"
        "  - {student: 7, quiz: colapse, points: 1, reason: x}\n"
        "  - {student: ada, total: true, point: 1, reason: ''}\n"
    ) == [
        "overrides.yaml:3:30: overrides[0].function: no function 'rely'; did you mean 'relu'?",
        "overrides.yaml:4:44: overrides[1].points: must be a number from 0 to 8, found 9",
        "overrides.yaml:5:15: overrides[2].student: must be text, found 7: put it in quotes",
        "overrides.yaml:5:24: overrides[2].quiz: no question 'colapse'; did you mean 'collapse'?",
        "overrides.yaml:6:5: overrides[3]: points is missing",
        "overrides.yaml:6:33: overrides[3].point: unknown key; did you mean 'points'?",
        "overrides.yaml:6:51: overrides[3].reason: must not be empty",
    ]


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ("student: a, points: 1, reason: x", "one of function, quiz, total must be there, found "),
        ("student: a, function: relu, total: true, points: 1, reason: x", "found function, total"),
        ("student: a, total: false, points: 1, reason: x", "must be true or left out, found false"),
        ("student: a, total: true, points: 101, reason: x", "from 0 to 100, found 101"),
        ("student: a, total: true, points: -1, reason: x", "from 0 to 100, found -1"),
        ("student: a, total: true, points: .nan, reason: x", "found '.nan'"),
        ("student: a, total: true, points: true, reason: x", "found true"),
        ("student: a, total: true, points: full, reason: x", "found 'full'"),
        ("student: a, total: true, points: 1", "reason is missing"),
        ("student: a, function: [relu], points: 1, reason: x", "no function a list"),
        ("", "must be a mapping with student"),
    ],
)
def test_a_wrong_entry_is_explained(entry: str, said: str) -> None:
    """Nothing that could be a slip is taken for a mark."""
    text = f"schema_version: 1\noverrides:\n  - {{{entry}}}\n" if entry else "overrides: [5]\n"
    assert said in "\n".join(_problems(text))


def test_a_mark_is_set_once() -> None:
    """The second entry for the same mark names the first."""
    entry = "  - {student: ada, function: relu, points: 5, reason: x}\n"
    (problem,) = _problems("overrides:\n" + entry + entry)
    assert problem == (
        "overrides.yaml:3:5: overrides[1]: sets the same mark as overrides.yaml:2:5: "
        "overrides[0]: keep one of them"
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("overrides: {a: 1}\n", "overrides.yaml:1:12: overrides: must be a list of marks"),
        ("schema_version: 2\noverrides: []\n", "schema_version: must be 1, found 2"),
        ("- 1\n", "overrides.yaml:1:1: must be a mapping with schema_version, overrides"),
        ("schema_version: 1\n", "overrides is missing"),
        ("a: [\n", "overrides.yaml:2:1"),
        ("a: &x [1]\noverrides: *x\n", "aliases"),
    ],
)
def test_a_file_that_is_something_else_is_explained(text: str, said: str) -> None:
    """The message says what the file must be."""
    assert said in "\n".join(_problems(text))


def test_a_stranger_is_named_with_the_nearest_student() -> None:
    """Where the roster has the name, that is said instead."""
    (override,) = _parse("overrides: [{student: adda, total: true, points: 1, reason: x}]\n")
    assert override.unknown_student(["ada", "bob"], frozenset()) == (
        "overrides.yaml:1:13: overrides[0].student: no hand-in of 'adda'; did you mean 'ada'?"
    )
    assert "is in the roster but handed nothing in" in override.unknown_student(
        ["bob"], frozenset({"adda"})
    )
    assert "as in results.json" in override.unknown_student(["bob"], frozenset())


def test_the_lessons_own_questions_are_known(tmp_path: Path) -> None:
    """A file on disk is read against the real quiz and manifest."""
    path = tmp_path / "overrides.yaml"
    question, most = next(iter(lesson_questions().items()))
    path.write_text(
        f"overrides: [{{student: ada, quiz: {question}, points: {most:g}, reason: x}}]\n"
    )
    (found,) = load(path, manifest(), lesson_questions)
    assert (found.name, found.points) == (question, most)


def test_a_file_that_cannot_be_read_is_explained(tmp_path: Path) -> None:
    """The message names the file."""
    with pytest.raises(AuthoredError, match="cannot be read"):
        load(tmp_path, manifest(), lesson_questions)
