"""Formats of other programs: round trips, what they demand, what they cannot hold."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quiz import load, model
from quiz.check import check_quiz
from quiz.formats import READERS, FormatError, read, write
from quiz.formats.markup import to_html, to_markdown
from quiz.formats.moodle_write import FRACTIONS
from quiz.loader import loads
from quiz.model import Quiz
from quiz.yamlwrite import dumps

DATA = Path(__file__).parent / "data"
FORMATS = sorted(READERS)

words = st.text(
    st.characters(
        codec="utf-8", exclude_categories=["Cs", "Cc", "Co", "Zs", "Zl", "Zp", "Cn", "Cf"]
    ),
    min_size=1,
    max_size=6,
)
# what other formats give a meaning of their own
tricky = st.sampled_from(
    ["#", "=", "~", "{a}", ":", "\\", "<b>", "&amp;", "a->b", "%50%", "50%", "*", "_x_", "`y`",
     "$w \\cdot x$", "[id:z]", "::t::", "'q'", '"r"', "// c", "1.", "-", "####", "T", "{=x}"]
)  # fmt: skip
# a paragraph each: lists within lists and quotations are simplified
texts = st.lists(words | tricky, max_size=5).map(lambda found: " ".join(["word", *found]))
# GIFT cannot hold an arrow in a short answer, which test_gift_gap_and_arrows is about
plain_texts = (
    st.lists(words, min_size=1, max_size=3).map(" ".join).filter(lambda text: "->" not in text)
)
numbers = st.integers(-(10**9), 10**12) | st.decimals(-1000, 10**6, places=3).map(float)
points = st.sampled_from([0.5, 1.0, 2.0, 3.0])


def visible(markdown: str) -> str:
    """What a reader sees of a text: two sources that look the same are the same."""
    return to_html(markdown)


def shown(record: Any) -> Any:
    """A record with its texts as readers see them and without ids, which not all formats keep."""
    return (visible(record.text), getattr(record, "correct", None), visible(record.feedback))


@st.composite
def options(draw: Any, single: bool) -> tuple[model.Option, ...]:
    said = draw(st.lists(texts, min_size=2, max_size=5, unique_by=visible))
    right = {0} if single else draw(st.sets(st.integers(0, len(said) - 1), min_size=1))
    return tuple(
        model.Option(id=f"o{n}", text=text, correct=n in right, feedback=draw(st.just("") | texts))
        for n, text in enumerate(said)
    )


@st.composite
def quizzes(draw: Any) -> Quiz:
    common = {"points": 1.0}
    made = [
        model.SingleChoice(
            id="q1", text=draw(texts), options=draw(options(True)), points=draw(points)
        ),
        model.MultipleChoice(id="q2", text=draw(texts), options=draw(options(False)), **common),
        model.TrueFalse(
            id="q3", text=draw(texts), answer=draw(st.booleans()), feedback=draw(texts)
        ),
        model.Numeric(
            id="q4",
            text=draw(texts),
            answer=draw(numbers),
            tolerance=draw(st.none() | st.just(0.25)),
        ),
        model.ShortAnswer(
            id="q5",
            text=draw(texts),
            accept=tuple(draw(st.lists(plain_texts, min_size=1, max_size=3, unique=True))),
        ),
    ]
    return Quiz(quiz="made", questions=tuple(made))


@pytest.mark.parametrize("name", FORMATS)
@given(quiz=quizzes())
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_round_trips_keep_the_question(name: str, quiz: Quiz) -> None:
    """Question, options, key, points, feedback and tolerance survive export and import."""
    exported = write(quiz, name)
    back = read(exported.content, name).quiz
    assert [] == list(check_quiz(back))
    assert [question.type for question in quiz.questions] == [q.type for q in back.questions]
    for before, after in zip(quiz.questions, back.questions, strict=True):
        assert before.id == after.id
        assert visible(before.text) == visible(after.text)
        if name != "gift":
            assert before.points == after.points
    compare_keys(quiz, back)


def compare_keys(quiz: Quiz, back: Quiz) -> None:
    one: Any = quiz.questions
    other: Any = back.questions
    for place in (0, 1):
        assert [shown(o) for o in one[place].options] == [shown(o) for o in other[place].options]
    assert (one[2].answer, visible(one[2].feedback)) == (
        other[2].answer,
        visible(other[2].feedback),
    )
    assert (one[3].answer, one[3].tolerance) == (other[3].answer, other[3].tolerance)
    assert one[4].accept == other[4].accept


@pytest.mark.parametrize("name", FORMATS)
def test_second_round_trip_changes_nothing(every_type: Quiz, name: str) -> None:
    """What was imported once exports and imports to itself."""
    once = read(write(every_type, name).content, name).quiz
    assert once == read(write(once, name).content, name).quiz


@pytest.mark.parametrize("name", FORMATS)
def test_imported_quiz_is_a_quiz_file(every_type: Quiz, name: str) -> None:
    """What was imported can be written as YAML and loaded again."""
    imported = read(write(every_type, name).content, name).quiz
    assert imported == replace(loads(dumps(imported).encode()), folder="")


HELD = {
    "qti": " ".join(kind for kind in model.QUESTION_TYPES if kind != "ordering"),
    "moodle": " ".join(model.QUESTION_TYPES),
    "gift": "single_choice multiple_choice true_false numeric short_answer matching free_text",
    "jupyterquiz": "single_choice multiple_choice true_false numeric short_answer",
}


@pytest.mark.parametrize("name", FORMATS)
def test_what_is_left_out_is_said(every_type: Quiz, name: str) -> None:
    """A question is exported, or a warning names it: nothing is dropped silently."""
    exported = write(every_type, name)
    kept = {question.id for question in read(exported.content, name).quiz.questions}
    for question in every_type.questions:
        left_out = any(w.startswith(f"{question.id}: left out") for w in exported.warnings)
        assert (question.id in kept) == (question.type in HELD[name].split()) != left_out


@pytest.mark.parametrize(
    ("name", "question", "said"),
    [
        ("qti", "how-many", "named mistakes left out"),
        ("qti", "pick-one", "hints left out"),
        ("qti", "pick-some", "fixed left out"),
        ("gift", "pick-some", "points (3) left out"),
        ("gift", "how-many", "the unit 'GB' left out"),
        ("jupyterquiz", "pick-one", "explanation left out"),
        ("moodle", "how-many", "one variant only"),
        ("moodle", "three-steps", "a person marks it there"),
    ],
)
def test_what_a_format_cannot_hold_is_said(
    every_type: Quiz, name: str, question: str, said: str
) -> None:
    """Each thing that is lost is named with its question."""
    assert any(
        warning.startswith(f"{question}: {said}") for warning in write(every_type, name).warnings
    )


def test_pictures_are_not_forgotten() -> None:
    """A picture that lies beside the quiz is named; one on the web needs nothing."""
    for source, told in (("plot.png", True), ("https://example.org/plot.png", False)):
        question = model.TrueFalse(id="q", text=f"![a plot]({source})", answer=True)
        warnings = write(Quiz(quiz="made", questions=(question,)), "moodle").warnings
        assert told == any("pictures are not packed" in warning for warning in warnings)


def test_qti_package_is_what_canvas_wants(every_type: Quiz) -> None:
    """Manifest, dependency, namespaces, metadata, positive scores, and numbers with a range."""
    with zipfile.ZipFile(io.BytesIO(write(every_type, "qti").content)) as package:
        manifest = ElementTree.fromstring(package.read("imsmanifest.xml"))
        root = ElementTree.fromstring(package.read("every-type/every-type.xml"))
        meta = ElementTree.fromstring(package.read("every-type/assessment_meta.xml"))
    resources = {r.get("type"): r for r in manifest.iterfind(".//{*}resource")}
    dependency = resources["imsqti_xmlv1p2"].find("{*}dependency")
    other = next(r for kind, r in resources.items() if kind != "imsqti_xmlv1p2")
    assert dependency is not None
    assert other.get("identifier") == dependency.get("identifierref")
    assert "{http://www.imsglobal.org/xsd/ims_qtiasiv1p2}questestinterop" == root.tag
    assert meta.get("identifier") == resources["imsqti_xmlv1p2"].get("identifier")
    for item in root.iterfind(".//{*}item"):
        labels = {entry.text for entry in item.iterfind(".//{*}fieldlabel")}
        assert {"question_type", "points_possible"} <= labels
        scores = [float(entry.text or 0) for entry in item.iterfind(".//{*}setvar")]
        assert item.get("ident") == "three-steps" or max(scores) > 0
    number = root.find(".//{*}item[@ident='how-many']//{*}conditionvar/{*}or")
    assert number is not None
    assert number.find("{*}varequal") is not None
    assert number.find("{*}and/{*}vargte") is not None


def test_moodle_file_is_what_moodle_wants(every_type: Quiz) -> None:
    """Names are there, fractions are of Moodle's list, tolerances absolute, units spelt out."""
    root = ElementTree.fromstring(write(every_type, "moodle").content)
    allowed = set(FRACTIONS.values()) | {f"-{share}" for share in FRACTIONS.values()} | {"0"}
    for question in root.iterfind("question"):
        if question.get("type") == "category":
            continue
        assert question.findtext("name/text")
        fractions = {answer.get("fraction") for answer in question.iterfind("answer")}
        assert question.get("type") == "ordering" or fractions <= allowed
    number = root.find("question[@type='numerical']")
    assert number is not None
    assert "0.26" == number.findtext("answer/tolerance")
    assert ("1", "GB") == (
        number.findtext("units/unit/multiplier"),
        number.findtext("units/unit/unit_name"),
    )


def test_jupyterquiz_ranges_are_half_open(every_type: Quiz) -> None:
    """The upper end of the tolerance is within the range, and every answer has feedback."""
    entries = json.loads(write(every_type, "jupyterquiz").content)
    answers = next(entry["answers"] for entry in entries if entry["id"] == "how-many")
    (low, high) = next(answer["range"] for answer in answers if "range" in answer)
    assert low == 25.74
    assert high > 26.26
    assert all(answer["feedback"] for answer in answers)


def test_gift_escapes_what_means_something(every_type: Quiz) -> None:
    r"""`\ # = ~ { } :` in texts are escaped."""
    text = write(every_type, "gift").content.decode()
    assert r"~A curve \#1 \{50%\}#Nothing bends\: a\~b." in text


def test_exports_are_the_same_every_time(every_type: Quiz) -> None:
    """The same quiz gives the same bytes, zip included."""
    for name in [*FORMATS, "print"]:
        assert write(every_type, name).content == write(every_type, name).content


BAD: dict[str, list[bytes]] = {
    "qti": [
        b"",
        b"PK\x03\x04rubbish",
        b"<questestinterop",
        b"<quiz/>",
        b'<!DOCTYPE x [<!ENTITY a "b">]><questestinterop/>',
        b"<a>" * 200 + b"</a>" * 200,
    ],
    "moodle": [
        b"",
        b"<quiz",
        b"<questestinterop/>",
        b'<!DOCTYPE quiz [<!ENTITY a SYSTEM "file:///etc/passwd">]><quiz>&a;</quiz>',
        b"<quiz>" + b"<a>" * 200 + b"</a>" * 200 + b"</quiz>",
    ],
    "gift": [b"\xff\xfe"],
    "jupyterquiz": [b"", b"{", b"{}", b"14", b"[" * 100_000],
}


@pytest.mark.parametrize(("name", "content"), [(n, c) for n, all_ in BAD.items() for c in all_])
def test_rubbish_is_refused(name: str, content: bytes) -> None:
    """What is not of the format raises FormatError; entities are never read."""
    with pytest.raises(FormatError):
        read(content, name)


@pytest.mark.parametrize("name", FORMATS)
@given(content=st.binary(max_size=300), where=st.integers(0, 10**6))
@settings(max_examples=30, deadline=None)
def test_spoilt_files_never_crash(name: str, content: bytes, where: int) -> None:
    """A file with rubbish in its middle is read in part or refused, never anything else."""
    good = write(load(DATA / "every-type.yaml"), name).content
    cut = where % len(good)
    try:
        imported = read(good[:cut] + content + good[cut + len(content) // 2 :], name)
    except FormatError:
        return
    assert isinstance(imported.quiz, Quiz)


def test_zip_bomb_is_not_unpacked() -> None:
    """A member that unpacks to much more than a quiz is refused."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("imsmanifest.xml", b" " * (20 * 1024 * 1024))
    with pytest.raises(FormatError, match="larger than"):
        read(stream.getvalue(), "qti")


@given(texts)
@settings(max_examples=150, deadline=None)
def test_html_comes_back_as_it_looked(markdown: str) -> None:
    """Markdown through HTML and back looks the same to a reader."""
    assert visible(markdown) == visible(to_markdown(to_html(markdown)))


def test_canvas_pictures_of_maths_become_maths() -> None:
    """Maths that Canvas or text2qti made a picture of is maths again."""
    picture = '<p>What is <img alt="LaTeX: x^2" src="/equation_images/x%5E2"/>?</p>'
    assert "What is $x^2$?" == to_markdown(picture)


def test_printed_quiz_has_its_key_apart(every_type: Quiz) -> None:
    """The page has every question, a key on a page of its own, and no script."""
    page = write(every_type, "print").content.decode()
    questions, key = page.split('<div class="key">')
    assert "Every type &amp; &lt;more&gt;" in questions
    assert "What is <em>one</em> line" in questions
    assert "Right: no bend." not in questions
    assert "weigh → sum → bend" in key
    assert "<script" not in page
    assert "Content-Security-Policy" in page
