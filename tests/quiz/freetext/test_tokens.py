"""How answers are cut into words, numbers and signs."""

from __future__ import annotations

import pytest

from quiz.freetext.tokens import tokenize


def words(text: str) -> str:
    return " ".join(token.text for token in tokenize(text))


@pytest.mark.parametrize(
    "text",
    ["w·x", "w*x", "w × x", "wx", "w₁x₁", "w1*x1", "w_i x_i", "w[i]*x[i]", "w_{i} \\cdot x_{i}"],
)
def test_a_product_reads_the_same_in_every_notation(text: str) -> None:
    """Signs, subscripts and code come to one spelling."""
    assert words(text) in ("w times x", "w x")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("isn't", "is not"),
        ("don’t", "do not"),
        ("cant", "can not"),
        ("it's", "it is"),
        ("the input's weight", "the input weight"),
        ("mn", "m times n"),
        ("2x+1", "2 times x plus 1"),
        ("Σ", "summation"),
        ("¬add", "not add"),
        ("σ", "σ"),
        ("1,000-2,000", "1000 minus 2000"),
        ("(3, 4)", "( 3 , 4 ,"),
        ("multiply-add", "multiply add"),
        ("a → b", "a arrow b"),
        ("a ⇔ b", "a arrow b"),
        ("n ≫ 1", "n above 1"),
        ("in: a / out: b", "in : a , out : b"),
        ("in | hid | out", "in , hidden , out"),
        ("e.g. this", "e g this"),
        ("w/o a weight, w/ a bias", "without a weight , with a bias"),
        ("two lin. layers ≙ one", "two lin layers equals one"),
        ("L \\equiv 1", "l equals 1"),
        ("well... yes", "well , yes"),
        ("np.dot(w, x)", "np dot ( w , x ,"),
        ("nn.Linear", "linear"),
        ("hidden.count", "hidden count"),
        ("n_hidden", "n hidden"),
        ("w_in", "w"),
        ("moved by 2 mm", "moved by 2 millimetres"),
        ("a number w/ sign", "a number with sign"),
        ("\\max\\left(0", "max ( 0"),
    ],
)
def test_spellings(text: str, expected: str) -> None:
    """Contractions, signs and numbers have one spelling each."""
    assert expected == words(text)


def test_tokens_know_their_place() -> None:
    """Places are those of the student's own text, so that it can be quoted."""
    text = "Σ of W₁·x₁ – isn't it?"
    assert [text[t.start : t.end] for t in tokenize(text)[:3]] == ["Σ", "of", "W₁"]


def test_sentences_end_at_full_stops_and_bullets_not_in_numbers() -> None:
    """A point within a number ends nothing."""
    assert words("0.5. b") == "0.5 . b"
    assert words("a\n- b") == "a . b"


def test_letters_that_grow_when_they_are_lowered_keep_places() -> None:
    """A capital with a longer small letter doesn't shift what follows."""
    text = "İİ weight"
    assert text[tokenize(text)[-1].start : tokenize(text)[-1].end] == "weight"
