"""Marking one answer of each type."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quiz import QuizFileError, load
from quiz.model import Blank, FillIn, Mistake, Numeric, Quiz
from quiz.scoring import score
from quiz.variants import draw_numbers

DATA = Path(__file__).parent / "data"
SEVEN = {"billions": 7}

MARKS: list[tuple[str, Any, float]] = [
    ("pick-one", "straight", 2),
    ("pick-one", "curve", 0),
    ("pick-one", ["straight"], 2),
    ("pick-one", ["straight", "curve"], 0),
    ("pick-one", {"a": "straight"}, 0),
    ("pick-one", "no such option", 0),
    ("pick-some", ["relu", "tanh"], 3),
    ("pick-some", ["relu"], 1.5),
    ("pick-some", ["relu", "tanh", "identity"], 1.5),
    ("pick-some", ["relu", "identity"], 0),
    ("pick-some", ["identity"], 0),
    ("pick-some", ["relu", "relu"], 1.5),
    ("pick-some", ["relu", "tanh", "no such option"], 1.5),
    ("pick-some", "relu", 1.5),
    ("true-or-not", "true", 1),
    ("true-or-not", "True", 1),
    ("true-or-not", "yes", 1),
    ("true-or-not", "false", 0),
    ("true-or-not", "perhaps", 0),
    ("how-many", "14", 1),
    ("how-many", "14 GB", 1),
    ("how-many", "14e9 bytes", 1),
    ("how-many", "14.1", 1),
    ("how-many", "14.2", 0),
    ("how-many", "28 GB", 0),
    ("how-many", "rubbish", 0),
    ("how-many", ["14"], 0),
    ("count-exactly", "12", 1),
    ("count-exactly", "12.0", 1),
    ("count-exactly", "12.001", 0),
    ("name-it", "relu", 1),
    ("name-it", " ReLU. ", 1),
    ("name-it", "Rectified  *linear* unit", 1),
    ("name-it", "sigmoid", 0),
    ("name-it", "re lu", 0),
    ("in-order", ["weigh", "sum", "bend"], 1),
    ("in-order", ["bend", "weigh", "sum"], 0.5),
    ("in-order", ["bend", "sum", "weigh"], 0),
    ("in-order", ["weigh", "sum"], 0),
    ("in-order", "weigh", 0),
    ("pairs", {"w": "scales", "b": "shifts"}, 2),
    ("pairs", {"w": "scales", "b": "stores"}, 1),
    ("pairs", {"w": "shifts"}, 0),
    ("pairs", "scales", 0),
    ("gaps", {"m": "3", "n": "four"}, 2),
    ("gaps", {"m": "Three", "n": "5"}, 1),
    ("gaps", "3", 0),
    ("three-steps", "", 0),
]


@pytest.mark.parametrize(("question", "answer", "points"), MARKS)
def test_points(every_type: Quiz, question: str, answer: Any, points: float) -> None:
    """Each type earns what the table of types says, never less than 0."""
    outcome = score(every_type.question(question), answer, SEVEN)
    assert points == outcome.points
    assert outcome.feedback


@pytest.mark.parametrize(
    ("question", "answer", "mistake"),
    [
        ("how-many", "28 GB", "four-bytes"),
        ("how-many", "13.04 GB", "gib"),
        ("how-many", "14 GB", None),
        ("how-many", "99 GB", None),
        ("name-it", "Tanh", "smooth"),
    ],
)
def test_mistakes_are_named(
    every_type: Quiz, question: str, answer: str, mistake: str | None
) -> None:
    """A wrong answer that students really arrive at is known by its value."""
    assert mistake == score(every_type.question(question), answer, SEVEN).mistake


def wide() -> Numeric:
    mistakes = (Mistake(id="no-biases", value="n * n", feedback="You forgot the biases."),)
    draw = {"n": (4096,)}
    return Numeric(id="q", text="t", draw=draw, answer="n*n + n", tolerance="1%", mistakes=mistakes)


@pytest.mark.parametrize(
    ("answer", "points", "mistake"),
    [
        ("16,781,312", 1, None),
        ("16.8M", 1, None),
        ("16,777,216", 0, "no-biases"),
        ("16.78 million", 1, None),
        ("16.9M", 1, None),
        ("17.1M", 0, None),
    ],
)
def test_digits_tell_a_mistake_from_the_key(
    answer: str, points: float, mistake: str | None
) -> None:
    """Where the tolerance covers both, the digits that were typed decide."""
    outcome = score(wide(), answer, {"n": 4096})
    assert (points, mistake) == (outcome.points, outcome.mistake)


def test_mistake_that_is_the_key_is_none() -> None:
    """In a variant where a mistake leads to the right number, the number is right."""
    made = (Mistake(id="squared", value="n * n", feedback="No."),)
    question = Numeric(id="q", text="t", draw={"n": (2, 3)}, answer="n + n", mistakes=made)
    assert 1 == score(question, "4", {"n": 2}).points
    assert "squared" == score(question, "9", {"n": 3}).mistake


def test_keys_beyond_floats_are_marked() -> None:
    """A key that no float can hold is still right or wrong."""
    question = Numeric(id="q", text="t", answer="10 ** 350")
    assert [1, 0, 0] == [score(question, text, {}).points for text in ("10^350", "10^351", "10^3")]


def test_feedback_says_how_far_but_not_the_key(every_type: Quiz) -> None:
    """Wrong numbers are told in which direction, and by which factor where it is telling."""
    question = every_type.question("how-many")
    said = [score(question, text, SEVEN).feedback for text in ("14000", "15", "1")]
    assert ["it is 1,000 times too large", "it is too large", "it is too small"] == [
        text.removeprefix("That is not it: ").removesuffix(".") for text in said
    ]


def test_section_to_reread_comes_with_what_is_wrong(lesson: Quiz) -> None:
    """The lesson's section is named where points are missing, and only there."""
    question = lesson.question("what-is-deep")
    assert "Read again: A layer is just many neurons at once." in (
        score(question, "many-neurons", {}).feedback
    )
    assert "Read again" not in score(question, "many-hidden-layers", {}).feedback


def test_free_text_shares_points_by_concept(lesson: Quiz) -> None:
    """A free text earns one share a concept and says which."""
    question = lesson.question("three-steps")
    rules = str(Path(lesson.folder) / lesson.rules)
    outcome = score(question, "It multiplies every input by its weight.", {}, rules)
    assert {"weigh": True, "sum": False, "bend": False} == outcome.concepts
    assert 1 == outcome.points


def test_free_text_without_rules_waits_for_a_person(every_type: Quiz) -> None:
    """Where nothing can mark a free text, it is flagged and not marked wrong for good."""
    outcome = score(every_type.question("three-steps"), "weigh, sum, bend", {}, "")
    assert (True, 0) == (outcome.unsure, outcome.points)


plain = st.text(max_size=30)
answers = st.none() | plain | st.lists(plain, max_size=4) | st.dictionaries(plain, plain)


@given(answers)
@settings(max_examples=100, deadline=None)
def test_any_answer_earns_between_nothing_and_everything(answer: Any) -> None:
    """No answer raises, whatever its shape, and points stay within their limits."""
    for question in load(DATA / "every-type.yaml").questions:
        outcome = score(question, answer, draw_numbers(question, "ada"))
        assert 0 <= outcome.points <= outcome.max_points


def test_question_without_rules_of_its_own_waits_for_a_person(lesson: Quiz) -> None:
    """A free text that the rules file does not know is read by the instructor."""
    question = replace(lesson.question("three-steps"), id="four-steps")
    rules = str(Path(lesson.folder) / lesson.rules)
    outcome = score(question, "weigh, sum, bend", {}, rules)
    assert (True, {"weigh": False, "sum": False, "bend": False}) == (
        outcome.unsure,
        outcome.concepts,
    )


def test_rules_that_come_later_are_used(lesson: Quiz, tmp_path: Path) -> None:
    """A rules file that was missing at first is not missing for ever."""
    question, rules = lesson.question("three-steps"), tmp_path / "rules.yaml"
    assert score(question, "weigh, sum, bend", {}, str(rules)).unsure
    rules.write_bytes((Path(lesson.folder) / lesson.rules).read_bytes())
    assert 3.0 == score(question, "weigh, sum, bend", {}, str(rules)).points


def test_wrong_rules_are_the_authors_fault(lesson: Quiz, tmp_path: Path) -> None:
    """Rules that cannot be used are an error of the quiz, and no mark."""
    rules = tmp_path / "rules.yaml"
    rules.write_text("questions: [")
    with pytest.raises(QuizFileError, match=r"rules\.yaml: is not YAML"):
        score(lesson.question("three-steps"), "weigh", {}, str(rules))


def test_a_number_must_be_a_number(lesson: Quiz) -> None:
    """A list where a number is due, and a key that cannot be worked out, earn nothing."""
    assert "Answer with a number." == score(lesson.question("weights-7b"), ["1"], {}).feedback[:21]
    outcome = score(Numeric(id="n", text="t", answer="1 / m"), "4", {"m": 0})
    assert (True, 0.0) == (outcome.unsure, outcome.points)


def test_a_single_gap_takes_a_bare_word() -> None:
    """Where there is one gap, its word may stand alone; where there are more, each has its own."""
    one = FillIn(id="f", text="[[a]]", blanks=(Blank(id="a", accept=("bend",)),))
    assert 1.0 == score(one, "bend", {}).points
    two = replace(one, text="[[a]] [[b]]", blanks=(*one.blanks, Blank(id="b", accept=("x",))))
    assert "Give a word for each of the gaps." == score(two, "bend", {}).feedback
