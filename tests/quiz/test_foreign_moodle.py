"""Moodle's XML as other programs and people write it, not as we do."""

from __future__ import annotations

from typing import Any

import pytest

from quiz.formats import FormatError, read
from quiz.formats.common import MAX_BYTES


def moodle(kind: str, inner: str) -> bytes:
    """A Moodle file with one question."""
    return (
        f'<quiz><question type="{kind}"><name><text>A name</text></name>'
        f'<questiontext format="html"><text><![CDATA[<p>Which?</p>]]></text></questiontext>'
        f"{inner}</question></quiz>"
    ).encode()


def answer(fraction: object, text: str, inner: str = "") -> str:
    return f'<answer fraction="{fraction}"><text>{text}</text>{inner}</answer>'


@pytest.mark.parametrize(
    ("kind", "inner", "made"),
    [
        (
            "multichoice",
            "<single>true</single>" + answer(100, "a") + answer(50, "b"),
            {"type": "single_choice", "options": ["a", "b"], "said": "partly right"},
        ),
        (
            "multichoice",
            "<single>false</single>" + answer(60, "a") + answer(40, "b") + answer(-100, "c"),
            {"type": "multiple_choice", "options": ["a", "b", "c"], "said": "worth the same"},
        ),
        (
            "numerical",
            answer(100, "4", "<tolerance>0.5</tolerance>") + answer(100, "5") + answer(0, "*"),
            {"type": "numeric", "answer": 4, "tolerance": 0.5, "said": "only the first"},
        ),
        (
            "numerical",
            answer(100, "4") + "<units><unit><unit_name>parsec</unit_name></unit></units>",
            {"type": "numeric", "unit": "", "said": "'parsec' is not known"},
        ),
        (
            "shortanswer",
            answer(100, "a") + answer(50, "b") + answer(0, "*") + "<usecase>1</usecase>",
            {"type": "short_answer", "accept": ("a",), "case": True, "said": "partly right"},
        ),
        ("essay", "", {"type": "free_text", "said": "needs rules"}),
    ],
)
def test_moodle_questions_of_others(kind: str, inner: str, made: dict[str, Any]) -> None:
    """What we do not do in the same way is taken as near as it goes, with a warning."""
    imported = read(moodle(kind, inner), "moodle")
    question: Any = imported.quiz.questions[0]
    assert ("A name", "Which?") == (question.title, question.text)
    assert any(made.pop("said") in warning for warning in imported.warnings)
    for name, value in made.items():
        found = getattr(question, name)
        assert value == ([option.text for option in found] if name == "options" else found)


@pytest.mark.parametrize(
    ("kind", "inner", "said"),
    [
        ("calculated", "", "'calculated' is not read"),
        ("multichoice", answer(100, "a"), "only one"),
        ("multichoice", answer(50, "a") + answer(50, "b"), "not exactly one"),
        ("multichoice", "<single>false</single>" + answer(0, "a") + answer(0, "b"), "no answer"),
        ("truefalse", answer(100, "yes"), "not true and false"),
        ("numerical", answer(50, "4"), "no answer is worth 100"),
        ("numerical", answer(100, "four"), "'four' is no number"),
        ("numerical", answer(100, "1e999"), "no finite number"),
        ("shortanswer", answer(50, "a"), "no answer is worth 100"),
        ("ordering", answer(1, "a"), "two items"),
        ("matching", "", "two right sides"),
        ("cloze", "", "no gap"),
        (
            "multichoice",
            "<defaultgrade>x</defaultgrade>" + answer(100, "a") + answer(0, "b"),
            "'x'",
        ),
    ],
)
def test_moodle_questions_that_cannot_be_taken(kind: str, inner: str, said: str) -> None:
    """A question without a usable key is left out with its name and a reason."""
    imported = read(moodle(kind, inner), "moodle")
    assert () == imported.quiz.questions
    assert imported.warnings[0].startswith("A name: left out: ")
    assert said in imported.warnings[0]


def test_moodle_cloze_of_others() -> None:
    """Short answers in a cloze become gaps; wrong answers in them are said to be lost."""
    text = "A {1:SHORTANSWER:=one~%100%uno~wrong~*#Look again.} and {2:SA:=t\\=wo}."
    xml = moodle("cloze", "").replace(b"<p>Which?</p>", text.encode())
    imported = read(xml, "moodle")
    question: Any = imported.quiz.questions[0]
    assert "A [[gap-1]] and [[gap-2]]." == question.text
    assert [("one", "uno"), ("t=wo",)] == [blank.accept for blank in question.blanks]
    assert "Look again." == question.blanks[0].feedback
    assert any("wrong answers of a gap" in warning for warning in imported.warnings)
    mixed = moodle("cloze", "").replace(b"<p>Which?</p>", b"{1:SA:=a} {1:NUMERICAL:=4}")
    assert "of other kinds" in read(mixed, "moodle").warnings[0]


def test_endless_xml_is_not_parsed() -> None:
    """A file that is far larger than a quiz is refused before anything reads it."""
    with pytest.raises(FormatError, match="larger than"):
        read(b"<quiz>" + b" " * MAX_BYTES + b"</quiz>", "moodle")
