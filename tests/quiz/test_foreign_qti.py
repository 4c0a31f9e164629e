"""QTI as other programs write it, not as we do."""

from __future__ import annotations

import io
import re
import zipfile
from typing import Any

import pytest

from quiz.formats import FormatError, read


def qti(kind: str, presentation: str, processing: str) -> bytes:
    """A QTI file with one item."""
    return (
        '<questestinterop><assessment ident="x" title="X"><section><item ident="i" title="Item">'
        "<itemmetadata><qtimetadata><qtimetadatafield><fieldlabel>question_type</fieldlabel>"
        f"<fieldentry>{kind}</fieldentry></qtimetadatafield></qtimetadata></itemmetadata>"
        f"<presentation><material><mattext>Which [a]?</mattext></material>{presentation}"
        f"</presentation><resprocessing>{processing}</resprocessing></item></section>"
        "</assessment></questestinterop>"
    ).encode()


def when_equal(value: str, response: str = "r", score: str = "100") -> str:
    return (
        f'<respcondition><conditionvar><varequal respident="{response}">{value}</varequal>'
        f"</conditionvar><setvar>{score}</setvar></respcondition>"
    )


LABELS = "".join(
    f'<response_label ident="{name}"><material><mattext>{name}</mattext></material>'
    "</response_label>"
    for name in ("b", "c")
)
CHOICES = f'<response_lid ident="r"><render_choice>{LABELS}</render_choice></response_lid>'
RANGE = (
    "<respcondition><conditionvar><vargte>3</vargte><varlte>5</varlte></conditionvar>"
    "<setvar>100</setvar></respcondition>"
)


@pytest.mark.parametrize(
    ("kind", "presentation", "processing", "said"),
    [
        ("multiple_choice_question", "", when_equal("b"), "no choices"),
        ("multiple_choice_question", CHOICES, when_equal("b", score="0"), "no key"),
        ("multiple_choice_question", CHOICES, when_equal("b", score="much"), "no key"),
        ("multiple_choice_question", CHOICES, when_equal("z"), "'z', which is no choice"),
        ("multiple_answers_question", CHOICES, RANGE, "0 of 2 options"),
        ("numerical_question", "", when_equal("four"), "'four' is no number"),
        (
            "numerical_question",
            "",
            when_equal("4").replace("varequal", "x"),
            "no number as its key",
        ),
        ("short_answer_question", "", RANGE, "no text as its key"),
        ("matching_question", CHOICES, when_equal("z"), "'z', which is no choice"),
        ("matching_question", "", when_equal("b"), "nothing to match"),
        ("fill_in_multiple_blanks_question", "", when_equal("b"), "no gaps"),
        ("fill_in_multiple_blanks_question", CHOICES, when_equal("z"), "has no key"),
        ("calculated_question", "", "", "is not read"),
    ],
)
def test_qti_items_that_cannot_be_taken(
    kind: str, presentation: str, processing: str, said: str
) -> None:
    """An item without a usable key is left out with its title and a reason."""
    imported = read(qti(kind, presentation, processing), "qti")
    assert () == imported.quiz.questions
    assert imported.warnings[0].startswith("Item: left out: ")
    assert said in imported.warnings[0]


def test_qti_items_of_others() -> None:
    """Ranges without an exact number, and true or false by other ids, are understood."""
    number: Any = read(qti("numerical_question", "", RANGE), "qti").quiz.questions[0]
    assert (4, 1.0) == (number.answer, number.tolerance)
    truth = CHOICES.replace(">b<", ">True<").replace(">c<", ">False<")
    made: Any = read(qti("true_false_question", truth, when_equal("c")), "qti").quiz.questions[0]
    assert ("true_false", False) == (made.type, made.answer)
    odd: Any = read(qti("true_false_question", CHOICES, when_equal("c")), "qti").quiz.questions[0]
    assert "single_choice" == odd.type


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({}, "'imsmanifest.xml' is not in the zip"),
        ({"imsmanifest.xml": "<manifest/>"}, "no resource of type"),
        (
            {
                "imsmanifest.xml": '<manifest><resource identifier="a" type="imsqti_xmlv1p2">'
                '<file href="a.xml"/><dependency identifierref="b"/></resource></manifest>'
            },
            "depends on 'b'",
        ),
        (
            {
                "imsmanifest.xml": '<manifest><resource type="imsqti_xmlv1p2">'
                '<file href="a.xml"/></resource></manifest>'
            },
            "'a.xml' is not in the zip",
        ),
    ],
)
def test_qti_packages_that_do_not_agree(files: dict[str, str], said: str) -> None:
    """A manifest that names what is not there is refused."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as package:
        for name, content in files.items():
            package.writestr(name, content)
    with pytest.raises(FormatError, match=re.escape(said)):
        read(stream.getvalue(), "qti")
