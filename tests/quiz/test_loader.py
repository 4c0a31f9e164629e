"""Loading quiz files: what is right, what is refused, and how it is said."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quiz import QuizFileError, load, loader
from quiz.codec import dumps
from quiz.codec import loads as loads_json
from quiz.edition import write
from quiz.loader import HERE, cache_folder, loads
from quiz.model import QUESTION_TYPES, Quiz

DATA = Path(__file__).parent / "data"


def test_example_uses_every_type(every_type: Quiz) -> None:
    """The example file has a question of each type that there is."""
    assert set(QUESTION_TYPES) == {question.type for question in every_type.questions}


@pytest.mark.parametrize("name", ["many-mistakes", "wrong-meaning"])
def test_all_problems_are_said_at_once(name: str) -> None:
    """Every problem comes with file, line, column, path, what was found and what is allowed."""
    with pytest.raises(QuizFileError) as caught:
        load(DATA / f"{name}.yaml")
    assert (DATA / f"{name}.txt").read_text().splitlines() == str(caught.value).splitlines()


def test_problem_knows_its_place() -> None:
    """A problem's place can be read by a program too."""
    with pytest.raises(QuizFileError) as caught:
        loads(b"schema_version: 1\nquiz: q\nquestions:\n  - {id: a, type: nmeric}\n", "q.yaml")
    (problem,) = caught.value.problems
    assert ("q.yaml", 4, 19, "questions[0].type") == (
        problem.file,
        problem.place.line,
        problem.place.column,
        problem.path,
    )


HOSTILE = {
    "bomb": b"a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\n",
    "deep list": b"[" * 100_000,
    "deep mapping": b"{a: " * 5_000,
    "deep blocks": b"- " * 50_000,
    "huge": b"a: " + b"x" * 600_000,
    "many": b"k: v\n" * 90_000,
    "no text": b"\xff\xfe\x00",
    "bell": b"a: \x07",
    "two documents": b"a: 1\n---\nb: 2\n",
    "python object": b"!!python/object/apply:os.system [echo]",
    "odd version": b"%YAML 9.9\n---\na: 1",
    "list as key": b"{? [1]: 2}",
    "open quote": b"a: '" + b"x\n" * 20_000,
    "nothing": b"",
    "number": b"14",
}


@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_yaml_is_refused_soon(content: bytes) -> None:
    """Bombs, depth, size and rubbish end in a QuizFileError with a place."""
    start = time.monotonic()
    with pytest.raises(QuizFileError) as caught:
        loads(content)
    assert caught.value.problems[0].place.line >= 1
    assert time.monotonic() - start < 60  # hangs, not slowness


def test_key_twice_is_refused() -> None:
    """A key that stands twice in a mapping is said, not silently the last one."""
    with pytest.raises(QuizFileError, match="'quiz' stands here a second time"):
        loads(b"schema_version: 1\nquiz: a\nquiz: b\nquestions: []\n")


def test_folded_text_has_no_control_characters(lesson: Quiz) -> None:
    """Folded YAML texts come out as the plain text that a reader sees."""
    assert all(question.text.isprintable() for question in lesson.questions)


def test_missing_file_is_said() -> None:
    """A path that is not there is an error of the quiz, not of Python."""
    with pytest.raises(QuizFileError, match="cannot be read"):
        load(DATA / "not-there.yaml")


def test_cache_gives_the_same_quiz(every_type: Quiz) -> None:
    """The second load comes from the cache and is equal."""
    assert every_type == load(DATA / "every-type.yaml")
    assert any(cache_folder().glob("quiz-*.json"))


def test_broken_cache_is_no_harm(every_type: Quiz) -> None:
    """What stands in the cache by accident is replaced, not believed."""
    for file in cache_folder().glob("quiz-*.json"):
        file.write_text("{")
    assert every_type == load(DATA / "every-type.yaml")


def test_json_keeps_everything(every_type: Quiz, lesson: Quiz) -> None:
    """A quiz that goes through JSON comes back equal."""
    for quiz in (every_type, lesson):
        back = loads_json(dumps(quiz), "quiz.json")
        assert quiz.questions == back.questions
        assert (quiz.parts, quiz.policy, quiz.title) == (back.parts, back.policy, back.title)


@given(st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
@settings(max_examples=150, deadline=None)
def test_any_bytes_are_a_quiz_or_a_quiz_file_error(content: bytes) -> None:
    """Nothing that can be read from a file raises anything else."""
    for reader in (loads, lambda content: loads_json(content, "q.json")):
        try:
            assert isinstance(reader(content), Quiz)
        except QuizFileError:
            continue


def test_student_edition_reads_released_quizzes_only(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Where the checks of authors are left out, JSON loads and YAML is refused in words."""
    write(HERE, tmp_path / "quiz")
    monkeypatch.setattr(loader, "HERE", tmp_path / "quiz")
    assert ("lesson04", False) == (load().quiz, load().keyed)
    with pytest.raises(QuizFileError, match=r"reads released quizzes \(.json\) only"):
        load(DATA / "every-type.yaml")


def test_cache_that_cannot_be_written_is_no_harm(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Without a cache a quiz loads all the same."""
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    assert "every-type" == load(DATA / "every-type.yaml").quiz


@pytest.mark.parametrize(
    ("variables", "folder"),
    [
        ({"LOCALAPPDATA": "app", "TEMP": "temp"}, Path("app")),
        ({"LOCALAPPDATA": "", "TEMP": "temp"}, Path("temp")),
    ],
)
def test_windows_has_its_own_place_for_caches(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], folder: Path
) -> None:
    """On Windows the cache lies in the local application data, else among temporary files."""
    monkeypatch.setattr(sys, "platform", "win32")
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert folder / "nn-visually" == cache_folder()
