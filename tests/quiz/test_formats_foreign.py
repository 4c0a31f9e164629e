"""Files as other programs and people write them, not as we do."""

from __future__ import annotations

import io
import json
import re
import zipfile
from typing import Any

import pytest

from quiz import model
from quiz.codec import to_plain
from quiz.formats import FormatError, read, write
from quiz.formats.common import MAX_BYTES
from quiz.formats.markup import from_plain, to_html, to_markdown

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


@pytest.mark.parametrize(
    "entry",
    [
        {"type": "numeric", "question": "q", "answers": [{"value": 4, "correct": False}]},
        {"type": "multiple_choice", "question": "q", "answers": []},
        {"type": "many_choice", "question": "q", "answers": [{"answer": "a", "correct": True}]},
        {"type": "string", "question": "q", "answers": [{"answer": "a", "correct": False}]},
        {"type": "strange", "question": "q", "answers": []},
        {"type": "string", "question": 4, "answers": []},
        {"type": "string", "question": "q", "answers": "a"},
        {"question": "q"},
        "text",
        None,
    ],
)
def test_jupyterquiz_questions_that_cannot_be_taken(entry: object) -> None:
    """An entry that makes no sense is left out with its number, the others stay."""
    good = {"type": "numeric", "question": "q", "answers": [{"range": [3, 5], "correct": True}]}
    imported = read(json.dumps([entry, good]).encode(), "jupyterquiz")
    assert [
        {"id": "question-2", "text": "q", "type": "numeric", "answer": 4, "tolerance": 1.0}
    ] == ([to_plain(question) for question in imported.quiz.questions])
    assert imported.warnings[0].startswith("question 1: left out: ")


def test_jupyterquiz_of_others() -> None:
    """Code, fuzzy texts and several right numbers are taken as near as it goes."""
    entries = [
        {
            "type": "many_choice",
            "question": "Which?",
            "code": "x = 1",
            "answers": [{"code": "a", "correct": True}, {"answer": "b", "correct": False}],
        },
        {
            "type": "string",
            "question": "Say.",
            "answers": [
                {"answer": "a", "correct": True, "fuzzy_threshold": 0.8, "match_case": True},
                {"type": "default", "feedback": "no"},
            ],
        },
        {
            "type": "numeric",
            "question": "Count.",
            "answers": [
                {"value": 1, "correct": True, "feedback": "y"},
                {"value": 2, "correct": True, "feedback": "y"},
            ],
        },
    ]
    imported = read(json.dumps(entries).encode(), "jupyterquiz")
    many, text, number = imported.quiz.questions
    assert "Which?\n\n```\nx = 1\n```" == many.text
    assert getattr(text, "case", None) is True
    assert 1 == getattr(number, "answer", None)
    assert 2 == len(imported.warnings)


@pytest.mark.parametrize(
    ("html", "markdown"),
    [
        ("<p>a</p><p>b</p>", "a\n\nb"),
        ("a<br>b", "a\\\nb"),
        ("<ul><li>a</li><li>b</li></ul>", "- a\n- b"),
        ("<ol><li>a</li><li>b</li></ol>", "1. a\n2. b"),
        ("<pre>x = `1`\n</pre>", "```\nx = `1`\n```"),
        ("<code>a`b</code>", "``a`b``"),
        ('<a href="http://x.y">z</a>', "[z](http://x.y)"),
        ('<img alt="a plot" src="p.png">', "![a plot](p.png)"),
        ("<h2>Head</h2>text", "## Head\n\ntext"),
        ("<b>a</b> <i>b</i>", "**a** *b*"),
        ("<script>alert(1)</script>a<style>b</style>", "a"),
        ("1. no list", "1\\. no list"),
        ("# no head", "\\# no head"),
        (r"\(x &lt; y\) and \[z\]", "$x < y$ and $z$"),
        ("{{name}}", "{\\{name}}"),
        ("</ul></a>stray", "stray"),
    ],
)
def test_html_of_others(html: str, markdown: str) -> None:
    """Ordinary HTML becomes the Markdown that one would write; scripts go."""
    assert markdown == to_markdown(html)


def test_plain_text_means_itself() -> None:
    """Text without markup shows as it is."""
    text = "# a *b* 1. [c](d) <e> $f$ {{g}}"
    assert "# a *b* 1. [c](d) &lt;e&gt; $f$ {{g}}" == to_html(from_plain(text))


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


def test_endless_xml_is_not_parsed() -> None:
    """A file that is far larger than a quiz is refused before anything reads it."""
    with pytest.raises(FormatError, match="larger than"):
        read(b"<quiz>" + b" " * MAX_BYTES + b"</quiz>", "moodle")
