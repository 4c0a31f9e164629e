"""Reading and writing answers.yaml."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quiz.answers import Answer, AnswerFile, dumps, read_answers, write_whole
from quiz.problems import QuizAnswersError

HEAD = "schema_version: 1\nquiz: lesson04\nstudent: ada\n"


def test_example_of_the_specification_is_read() -> None:
    """The file as it is described: times may be missing, dates and words stay text."""
    text = HEAD + (
        "answers:\n"
        '  three-steps: {answer: "it multiplies, adds, bends", at: 2026-11-22T09:00:00Z}\n'
        "  neuron-computes: {answer: weighted-sum}  # the option's id\n"
        '  weights-7b: {answer: "14 GB"}\n'
        "  some: {answer: [yes, no]}\n"
        "  bare: 14\n"
    )
    assert AnswerFile(
        quiz="lesson04",
        student="ada",
        answers={
            "three-steps": Answer(answer="it multiplies, adds, bends", at="2026-11-22T09:00:00Z"),
            "neuron-computes": Answer(answer="weighted-sum"),
            "weights-7b": Answer(answer="14 GB"),
            "some": Answer(answer=["yes", "no"]),
            "bare": Answer(answer="14"),
        },
    ) == read_answers(text.encode())


BAD = {
    "empty": b"",
    "a list": b"- 1",
    "no version": b"quiz: lesson04\nstudent: ada",
    "other version": b"schema_version: 2\nquiz: lesson04\nstudent: ada",
    "no quiz": b"schema_version: 1\nstudent: ada",
    "student is a list": b"schema_version: 1\nquiz: q\nstudent: [a]",
    "answers are a list": HEAD.encode() + b"answers: [a]",
    "answer is missing": HEAD.encode() + b"answers: {a: {at: now}}",
    "answer too deep": HEAD.encode() + b"answers: {a: {answer: {b: [c]}}}",
    "deep": HEAD.encode() + b"answers: " + b"[" * 10_000,
    "bomb": HEAD.encode() + b"answers: {a: &a [x, x], b: [*a, *a]}",
    "huge": HEAD.encode() + b"x: " + b"x" * 400_000,
    "long answer": HEAD.encode() + b"answers: {a: " + b"x" * 30_000 + b"}",
    "no UTF-8": HEAD.encode() + b"x: \xff",
    "no YAML": HEAD.encode() + b"answers: {a: b: c}",
    "nul": HEAD.encode() + b"x: \x00",
    "two documents": HEAD.encode() + b"---\na: 1\n",
}


@pytest.mark.parametrize("content", BAD.values(), ids=BAD.keys())
def test_bad_files_are_refused(content: bytes) -> None:
    """What is no answers file raises QuizAnswersError, which says why in one line."""
    with pytest.raises(QuizAnswersError) as caught:
        read_answers(content)
    assert 10 < len(str(caught.value)) < 400


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
written = st.builds(
    Answer,
    answer=texts | st.lists(texts, max_size=3) | st.dictionaries(texts, texts, max_size=3),
    at=st.sampled_from(["", "2026-11-22T09:00:00Z"]),
    attempts=st.integers(0, 9),
    hints=st.integers(0, 3),
)


@given(st.dictionaries(texts, written, max_size=4))
@settings(max_examples=200, deadline=None)
def test_what_is_written_is_read(answers: dict[str, Answer]) -> None:
    """Whatever was typed comes back as it was, character by character."""
    file = AnswerFile(quiz="lesson04", student="ada", answers=answers)
    assert file == read_answers(dumps(file).encode())


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
@settings(max_examples=200, deadline=None)
def test_any_bytes_are_answers_or_an_error(content: bytes) -> None:
    """No bytes raise anything but QuizAnswersError."""
    for prefix in (b"", HEAD.encode() + b"answers: "):
        try:
            assert read_answers(prefix + content).quiz
        except QuizAnswersError:
            continue


def test_numbers_shown_come_back_as_numbers() -> None:
    """The drawn numbers keep their kinds, though every scalar is read as text."""
    numbers = {"m": 48, "x": 0.5, "kind": "adam"}
    file = AnswerFile(quiz="q", student="a", answers={"n": Answer(answer="1", numbers=numbers)})
    assert numbers == read_answers(dumps(file).encode()).answers["n"].numbers


def test_writing_is_all_or_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When writing fails on the way, the old file is whole and nothing else is left."""
    file = tmp_path / "answers.yaml"
    write_whole(file, "old")

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        write_whole(file, "new")
    assert ["answers.yaml"] == [entry.name for entry in tmp_path.iterdir()]
    assert "old" == file.read_text()


def test_hostile_nesting_ends_soon() -> None:
    """Half a megabyte of brackets is refused without being built."""
    start = time.monotonic()
    with pytest.raises(QuizAnswersError):
        read_answers(b"[" * 250_000)
    assert time.monotonic() - start < 30  # hangs, not slowness
