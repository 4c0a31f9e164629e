"""The answers to the quiz that come with a hand-in."""

from pathlib import Path

import pytest
from hand_in_folders import put, stems, submission


@pytest.mark.parametrize("name", ["answers.yaml", "exercises/answers.yaml", "answers (1).yml"])
def test_answers_to_the_quiz_are_picked_up(ada: Path, name: str) -> None:
    """`answers.yaml` comes along, byte for byte."""
    put(ada, "exercises/relu.py")
    put(ada, name, b"answers: {}\r\n")
    assert submission(ada).answers == b"answers: {}\r\n"


def test_answers_alone_are_a_hand_in(ada: Path) -> None:
    """Who did the quiz only gets the quiz marked, and nothing for the exercises."""
    put(ada, "answers.yaml", b"answers: {}")
    assert submission(ada).sources == ()
    assert submission(ada).answers == b"answers: {}"


def test_answers_that_are_too_large_cost_the_exercises_nothing(ada: Path) -> None:
    """The quiz is not marked, a note says why, and the modules are graded."""
    put(ada, "relu.py")
    put(ada, "answers.yaml", b"x" * 300_000)
    found = submission(ada)
    assert found.answers is None
    assert found.notes == (
        "The quiz was not marked: answers.yaml: holds 293 KiB; at most 256 KiB may be handed in.",
    )
    assert stems(ada) == ["relu"]
