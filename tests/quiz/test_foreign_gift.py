"""GIFT as other programs and people write it, not as we do."""

from __future__ import annotations

from typing import Any

import pytest

from quiz import model
from quiz.formats import read, write

GIFT = r"""
// a comment
$CATEGORY: $course$/top/Default

::Grant::Who's buried in {=Grant ~no one#was true for 12 years
~Napoleon#He was buried in France.} tomb?

Two plus {=two =2} equals four.

What is 3..5? {#4:1}

How much? {#1..5}

{T#wrong one} is it true?

[html]<b>Bold</b> question{FALSE}

Which {~%50%a ~%50%b ~%-100%c}

Match {
=cat -> miau
=dog -> wau
}

Write. {}

Partly {=%100%a =%50%b}

Half open {=a

{ no answer
"""


def test_gift_as_people_write_it() -> None:
    """Comments, categories, gaps in the middle, ranges and weights are understood."""
    imported = read(GIFT.encode(), "gift")
    made: dict[str, Any] = {question.text: question for question in imported.quiz.questions}
    assert "Two plus [[gap]] equals four." in made
    assert ("two", "2") == made["Two plus [[gap]] equals four."].blanks[0].accept
    assert (4, 1.0) == (made["What is 3..5?"].answer, made["What is 3..5?"].tolerance)
    assert (3, 2.0) == (made["How much?"].answer, made["How much?"].tolerance)
    assert (True, "wrong one") == (made["___ is it true?"].answer, made["___ is it true?"].feedback)
    assert made["**Bold** question"].answer is False
    assert [True, True, False] == [option.correct for option in made["Which"].options]
    assert "multiple_choice" == made["Which"].type
    assert {"cat", "dog"} == {prompt.text for prompt in made["Match"].prompts}
    assert "free_text" == made["Write."].type
    grant = made["Who's buried in ___ tomb?"]
    assert ["Grant", "no one", "Napoleon"] == [option.text for option in grant.options]
    assert any("partly right" in warning for warning in imported.warnings)
    assert any("left out" in warning for warning in imported.warnings)


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("a {b}", "neither = nor ~"),
        ("a {~b}", "only one"),
        ("a {~b ~c}", "no option is right"),
        ("a {=%0%b}", "no answer is right"),
        ("a {#}", "is no number"),
        ("a {#=%0%5}", "no number is right"),
        ("a {#x}", "is no number"),
        ("a {=b -> c}", "two right sides"),
        ("a {= -> b = -> c}", "nothing to match"),
        ("no answer at all", "no {answer}"),
        ("a {=b} and {=c}", "more than one"),
        ("a {~%x%b =c ~%abc", "no {answer}"),
    ],
)
def test_gift_questions_that_cannot_be_taken(source: str, said: str) -> None:
    """A question that makes no sense is left out with its line and a reason."""
    imported = read(source.encode(), "gift")
    assert () == imported.quiz.questions
    assert imported.warnings[0].startswith("line 1: left out: ")
    assert said in imported.warnings[0]


def test_gift_gap_and_arrows() -> None:
    """One gap stays a gap; an arrow where GIFT has a meaning for it is said."""
    gap = model.FillIn(
        id="g",
        text="a [[x]] b",
        blanks=(model.Blank(id="x", accept=("y",), feedback="no"),),
    )
    short = model.ShortAnswer(id="s", text="t", accept=("a->b",))
    pairs = model.Matching(
        id="m",
        text="t",
        prompts=(model.Prompt(id="p", text="a->b", match="c"),),
        choices=(model.Item(id="c", text="c"), model.Item(id="d", text="d")),
    )
    many = model.MultipleChoice(
        id="o",
        text="t",
        options=tuple(model.Option(id=f"o{n}", text=f"{n}", correct=True) for n in range(11)),
    )
    case = model.ShortAnswer(id="k", text="t", accept=("A",), case=True)
    made = write(model.Quiz(quiz="q", questions=(gap, short, pairs, many, case)), "gift")
    back: Any = read(made.content, "gift").quiz.questions
    assert ["g", "m", "k"] == [question.id for question in back]
    assert ("a [[gap]] b", ("y",)) == (back[0].text, back[0].blanks[0].accept)
    assert "a→b" == back[1].prompts[0].text
    told = {warning.partition(":")[0] for warning in made.warnings}
    assert {"g", "s", "m", "o", "k"} == told
