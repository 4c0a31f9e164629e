"""The second reader: raises doubts, settles guesses, never awards a point."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from quiz.freetext import Rules, load_rules, mark
from quiz.freetext.model import Learned, SecondReader
from quiz.freetext.reading import read
from quiz.freetext.rules import DEFAULT
from quiz.freetext.second import beside, features_of, load_reader

DATA = Path(__file__).parent / "data"
RULES = load_rules()
ALONE = replace(RULES, reader=None)
MISSED = "The hubbub of one and all of them is put in a jar and there it is."


def _convinced(question: str, concept: str, odds: float) -> Rules:
    learned = Learned([concept], [round(10 * odds)], {})
    return replace(RULES, reader=SecondReader({question: learned}))


@pytest.mark.parametrize("path", sorted(DATA.glob("*.yaml")), ids=lambda path: path.stem)
def test_no_point_is_given_by_the_second_reader_alone(path: Path) -> None:
    """What the rules do not give or guess is never given without asking an instructor."""
    answers = yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)
    for question, items in answers.items():
        for item in items:
            alone = mark(ALONE, question, item["text"])
            both = mark(RULES, question, item["text"])
            given = {name for name, earned in both.concepts.items() if earned}
            told = {doubt.partition(":")[0] for doubt in (*alone.doubts, *both.doubts)}
            assert given <= {name for name, earned in alone.concepts.items() if earned} | told


def test_a_likely_miss_is_left_to_an_instructor() -> None:
    """Where the rules nearly certainly miss a concept, the marker is unsure and says so."""
    found = mark(_convinced("three-steps", "weigh", 9.0), "three-steps", MISSED)
    assert found.unsure
    assert "answers in such words mostly say it" in found.explanation


def test_a_likely_gift_is_left_to_an_instructor() -> None:
    """Where the rules nearly certainly give too much, the marker is unsure and says so."""
    text = "It multiplies each input by its weight, or so they say in the village where I was born."
    assert mark(ALONE, "three-steps", text).concepts["weigh"]
    found = mark(_convinced("three-steps", "weigh", -9.0), "three-steps", text)
    assert (True, False) == (found.unsure, found.concepts["weigh"])
    assert "mostly don't say it" in found.explanation


def test_little_doubt_changes_nothing() -> None:
    """A second reader that is not nearly certain is not heard."""
    for odds in (-1.0, 0.0, 1.0):
        found = mark(_convinced("three-steps", "weigh", odds), "three-steps", MISSED)
        assert found == mark(ALONE, "three-steps", MISSED)


@pytest.mark.parametrize(
    "text",
    [
        "It doesn't multiply the inputs by weights, it never did and I hope that it never will.",
        "weight input sum bias product activation neuron output relu sigmoid",
        "There are m × n weights between the layers and each of them is stored in the RAM.",
    ],
)
def test_denials_heaps_and_other_answers_stay_without_a_point(text: str) -> None:
    """However convinced the second reader is, it does not argue with what the rules reject."""
    found = mark(_convinced("three-steps", "weigh", 9.0), "three-steps", text)
    assert (False, False) == (found.concepts["weigh"], found.unsure)


def test_a_guess_is_settled() -> None:
    """Where the rules only guess, a second reader that agrees takes the doubt away."""
    text = "The weight is how much an input counts, the bias is the raft it floats on."
    assert mark(ALONE, "weight-and-bias", text).unsure
    agreeing = mark(_convinced("weight-and-bias", "bias", 3.0), "weight-and-bias", text)
    opposed = mark(_convinced("weight-and-bias", "bias", -3.0), "weight-and-bias", text)
    assert (True, False) == (agreeing.concepts["bias"], agreeing.unsure)
    assert (False, True) == (opposed.concepts["bias"], opposed.unsure)


def test_features_tell_denied_words_and_topics() -> None:
    """A denied word has its mark, numbers are one word, a topic's part has features of its own."""
    question = RULES.questions["weight-and-bias"]
    reading = read(RULES, question, "The weight is a factor. The bias is not 17.")
    common, about = features_of(RULES, question, reading)
    assert {"weight is", "factor&weight", "!#", "bias is"} <= common
    assert "bias&factor" not in common
    assert "weight:a factor" in about["weight"]
    assert "weight:bias" not in about["weight"]
    assert {"weight", "bias"} == about.keys()


def test_a_misspelt_word_is_the_word_that_it_was_taken_for() -> None:
    """The second reader sees through misspellings as the rules do."""
    question = RULES.questions["weight-and-bias"]
    common, _ = features_of(RULES, question, read(RULES, question, "the strenght of an input"))
    assert "strength" in common
    assert "strenght" not in common


def test_words_that_share_a_sentence_are_a_feature() -> None:
    """Two words that carry meaning are told as a pair, over a sentence's end they are not."""
    question = RULES.questions["three-steps"]
    text = "The inputs are multiplied. A curve comes last."
    common, _ = features_of(RULES, question, read(RULES, question, text))
    assert "input&multipli" in common
    assert "curv&multipli" not in common


def test_a_rules_file_without_a_second_reader_marks_by_rules_alone(tmp_path: Path) -> None:
    """The second reader is a file beside the rules that may be missing."""
    shutil.copy(DEFAULT, tmp_path / "rules.yaml")
    assert load_reader(beside(DEFAULT)) is not None
    assert load_rules(tmp_path / "rules.yaml").reader is None
