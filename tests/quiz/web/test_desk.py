"""What the front end asks, and what it is told."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from quiz_pages import RIGHT

from quiz.answers import MAX_BYTES, read_answers
from quiz.loader import PRACTICE, bundled, load
from quiz.model import Policy, Quiz
from quiz.problems import QuizAnswersError
from quiz.session import Session
from quiz.web.desk import Desk, PracticeDesk, desk_for

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=9), inner, max_size=4)
    ),
    max_leaves=8,
)


@pytest.fixture
def desk(every_type: Quiz, tmp_path: Path) -> Desk:
    return Desk(every_type, tmp_path / "answers.yaml", "ada")


def give(desk: Desk, question: str, answer: Any, **more: Any) -> dict[str, Any]:
    return desk.reply({"do": "give", "question": question, "answer": answer, **more})


def test_the_id_is_asked_for_once(every_type: Quiz, tmp_path: Path) -> None:
    """Without an id the page asks; it may be put right until the first answer, not after it."""
    desk = Desk(every_type, tmp_path / "answers.yaml", suggested="ada@example")
    assert ("ada@example", True) == (
        desk.reply({"do": "open"})["suggested"],
        desk.reply({"do": "open"})["need_id"],
    )
    assert desk.reply({"do": "open", "student": "adda"})["student"] == "adda"
    assert desk.reply({"do": "open", "student": "ada"})["student"] == "ada"
    give(desk, "pick-one", "straight")
    assert "answers of 'ada'" not in desk.reply({"do": "open"}).get("problem", "")
    assert desk.reply({"do": "open", "student": "bob"})["student"] == "ada"
    again = Desk(every_type, tmp_path / "answers.yaml")
    assert again.reply({"do": "open"})["student"] == "ada"


def test_what_is_shown_holds_no_key(desk: Desk) -> None:
    """Nothing that goes to the page tells what is right."""
    shown = json.dumps(desk.reply({"do": "open"}))
    for secret in ("correct", "accept", "mistake", "concept", "no bend", "multiplies each input"):
        assert secret not in shown


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("pick-one", "nowhere"),
        ("pick-one", ["straight"]),
        ("pick-one", None),
        ("pick-some", "relu"),
        ("pick-some", ["relu", "elu"]),
        ("pick-some", []),
        ("true-or-not", "maybe"),
        ("true-or-not", True),
        ("how-many", "a lot"),
        ("name-it", "   "),
        ("name-it", "x" * 501),
        ("in-order", ["weigh", "sum"]),
        ("in-order", ["weigh", "sum", "sum"]),
        ("pairs", {"w": "nothing"}),
        ("pairs", {"x": "scales"}),
        ("pairs", {}),
        ("gaps", {"m": 3}),
        ("gaps", {"x": "3"}),
        ("three-steps", "x" * 10_001),
        ("nobody-asked", "x"),
    ],
)
def test_what_is_no_answer_is_not_saved(desk: Desk, question: str, answer: Any) -> None:
    """An answer of another shape gets a sentence to the student, and the file stays as it was."""
    assert give(desk, question, answer)["problem"]
    assert not desk.path.exists()


def test_every_type_is_saved_as_the_engine_has_it(desk: Desk) -> None:
    """Each type's answer is saved as the quiz's description of answers.yaml says."""
    for name, answer in RIGHT.items():
        assert give(desk, name, answer)["saved"] == answer
    saved = read_answers(desk.path.read_bytes()).answers
    assert {name: each.answer for name, each in saved.items()} == RIGHT


@pytest.mark.parametrize("text", ["\ud800 x", "a\x00b", "yes", "a\u2028b", "- x: [", "\U0001f600"])
def test_odd_texts_can_be_read_again(desk: Desk, text: str) -> None:
    """Whatever is typed, the file stays one that can be read."""
    reply = give(desk, "name-it", text)
    assert reply["saved"] == read_answers(desk.path.read_bytes()).answers["name-it"].answer


def test_answers_stay_small_enough_to_be_read(every_type: Quiz, tmp_path: Path) -> None:
    """What would make the file too large is refused, and the file can still be read."""
    base = every_type.question("three-steps")
    many = tuple(replace(base, id=f"essay-{n}") for n in range(15))
    desk = Desk(replace(every_type, questions=many), tmp_path / "answers.yaml", "ada")
    replies = [give(desk, each.id, "\u00fc" * 9_000) for each in many]
    assert "too long" in replies[-1]["problem"]
    assert "problem" not in replies[0]
    assert len(desk.path.read_bytes()) <= MAX_BYTES
    assert read_answers(desk.path.read_bytes()).answers["essay-0"].answer == "\u00fc" * 9_000


def test_another_program_beside_it_is_not_written_over(desk: Desk, every_type: Quiz) -> None:
    """What a terminal saved meanwhile stays, and the page learns of it."""
    give(desk, "pick-one", "straight")
    terminal = Session.open(every_type, desk.path, "ada")
    terminal.give(every_type.question("name-it"), "relu")
    give(desk, "count-exactly", "12")
    known = {"pick-one": "straight", "name-it": "relu", "count-exactly": "12"}
    assert desk.reply({"do": "open"})["answers"] == known


def test_notes_that_make_no_sense_count_as_nothing(desk: Desk) -> None:
    """Seconds and hints that are no numbers, or absurd ones, spoil nothing."""
    for seconds in ("x", None, float("nan"), float("inf"), -5, True):
        give(desk, "pick-one", "straight", seconds=seconds, hints=seconds)
    saved = read_answers(desk.path.read_bytes()).answers["pick-one"]
    assert (0.0, 0) == (saved.seconds, saved.hints)


def test_a_file_of_somebody_else_is_not_served(every_type: Quiz, tmp_path: Path) -> None:
    """Before anything is shown, it is said that the answers are another student's."""
    desk = Desk(every_type, tmp_path / "answers.yaml", "ada")
    give(desk, "pick-one", "straight")
    with pytest.raises(QuizAnswersError, match="answers of 'ada'"):
        Desk(every_type, tmp_path / "answers.yaml", "bob").check()


def test_without_key_nothing_is_said_of_an_answer(every_type: Quiz, tmp_path: Path) -> None:
    """A student edition saves answers, whatever its policy, and keeps silent."""
    edition = replace(every_type, keyed=False, policy=Policy(feedback="full"))
    desk = Desk(edition, tmp_path / "answers.yaml", "ada")
    assert give(desk, "pick-one", "curve")["outcome"] is None
    assert desk.reply({"do": "open"})["auto"] is True


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(request=ANYTHING, question=st.sampled_from([*RIGHT, "how-many", 3, None]))
def test_whatever_is_asked_there_is_a_reply(desk: Desk, request: Any, question: Any) -> None:
    """No request raises, and the saved file can always be read."""
    assert isinstance(desk.reply(request), dict)
    for action in ("open", "give", "next", "try", "skip"):
        asked = {"do": action, "question": question, "answer": request, "student": request}
        assert json.dumps(desk.reply(asked))
    if desk.path.exists():
        assert read_answers(desk.path.read_bytes()).quiz == "every-type"


def practice(tmp_path: Path) -> PracticeDesk:
    desk = desk_for(load(bundled(PRACTICE)), tmp_path / "answers.yaml")
    assert isinstance(desk, PracticeDesk)
    return desk


def test_only_the_first_try_of_a_round_is_remembered(tmp_path: Path) -> None:
    """Tries after the first are told what is right, and do not count."""
    desk = practice(tmp_path)
    asked = desk.reply({"do": "next"})
    skip = {"do": "skip", "question": asked["question"]["id"], "round": asked["round"]}
    assert desk.reply(skip)["again"]
    assert desk.reply(skip)["again"] is None


def test_practice_says_why_and_when_it_comes_again(tmp_path: Path) -> None:
    """A wrong try has feedback; a number that cannot be read is sent back and costs nothing."""
    desk = practice(tmp_path)
    asked = desk.reply({"do": "next"})
    while asked["question"]["type"] != "numeric":
        name, number = asked["question"]["id"], asked["round"]
        desk.reply({"do": "skip", "question": name, "round": number})
        asked = desk.reply({"do": "next"})
    trying = {"do": "try", "question": asked["question"]["id"], "round": asked["round"]}
    assert "number" in desk.reply({**trying, "answer": "many"})["problem"]
    said = desk.reply({**trying, "answer": "123456789"})
    assert (False, True) == (said["outcome"]["right"], bool(said["outcome"]["html"]))
    assert said["again"]
    assert desk.reply({**trying, "answer": "5"})["again"] is None


def test_a_round_of_another_start_is_not_marked(tmp_path: Path) -> None:
    """After a new start the page is told to reload, for the numbers may be others."""
    asked = practice(tmp_path).reply({"do": "next"})
    trying = {"do": "try", "question": asked["question"]["id"], "round": 0, "answer": "1"}
    assert "reload" in practice(tmp_path).reply(trying)["problem"]
