"""The exported page: opened from disk in a real Chromium, and held against the engine."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from quiz_pages import Student, answer_everything

from quiz import load, mark_bytes
from quiz.formats import write
from quiz.loader import PRACTICE, bundled
from quiz.model import Draw, Quiz, Span
from quiz.practice import Practice
from quiz.scoring import score
from quiz.session import Session, show
from quiz.variants import draw_numbers, filled, shown_numbers
from quiz.web import markup
from quiz.web.document import front
from quiz.web.page import write as write_page
from quiz.web.tables import MAX_VALUES

STUDENTS = (
    "ada",
    "Ada ",
    "bob@example.org",
    "42",
    "J\u00fcrgen",
    "\u738b\u5c0f\u660e",
    "\U0001f600",
)


@pytest.fixture
def new_page(browser: Any) -> Iterator[Callable[[], Any]]:
    """Opens pages in one window of their own, which share what the browser keeps."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, accept_downloads=True)
    context.set_default_timeout(10_000)
    yield context.new_page
    context.close()


def export(quiz: Quiz, folder: Path, student: str = "export") -> Path:
    file = folder / f"{quiz.quiz}.html"
    file.write_bytes(write(quiz, "page", student).content)
    return file


def begin(page: Any, file: Path, name: str = "ada") -> Student:
    student = Student(page, file.as_uri())
    student.page.wait_for_selector("input[required]")
    student.type(name)
    student.press("Enter")
    student.page.wait_for_selector(".card h3")
    return student


def downloaded(student: Student) -> bytes:
    with student.page.expect_download() as waiting:
        student.page.get_by_role("button", name="Download answers.yaml").first.click()
    assert waiting.value.suggested_filename == "answers.yaml"
    return Path(waiting.value.path()).read_bytes()


def test_the_downloaded_answers_earn_full_marks(
    new_page: Callable[[], Any], every_type: Quiz, tmp_path: Path
) -> None:
    """Answered with the keyboard alone, the file that the page offers is marked in full."""
    student = begin(new_page(), export(every_type, tmp_path))
    answer_everything(every_type, student, draw_numbers(every_type.question("how-many"), "ada"))
    mark = mark_bytes(every_type, downloaded(student), "ada")
    assert {q.id: (q.points, False) for q in every_type.questions} == {
        name: (outcome.points, outcome.unsure) for name, outcome in mark.questions.items()
    }
    assert student.said == []
    assert [url for url in student.requests if not url.startswith(("file:", "blob:"))] in (
        [],
        ["data:,"],
    )


def test_the_page_goes_on_after_it_was_closed(
    new_page: Callable[[], Any], every_type: Quiz, tmp_path: Path
) -> None:
    """Opened again, it knows the student and the answers, odd texts included."""
    odd = "\u2028 \u0085 'a': \"b\" \\ # - {x} \U0001f600 \ufeff"
    file = export(every_type, tmp_path)
    first = begin(new_page(), file)
    first.page.get_by_text("All questions").click()
    first.page.get_by_role("button", name="name-it").click()
    first.page.locator(".card input").fill(odd)
    first.page.locator(".card input").press("Enter")
    first.page.wait_for_selector(".status:has-text('Saved')")
    first.page.close()
    second = Student(new_page(), file.as_uri())
    second.page.wait_for_selector(".status:has-text('Welcome back: 1 of 10')")
    (tmp_path / "answers.yaml").write_bytes(downloaded(second))
    saved = Session.open(every_type, tmp_path / "answers.yaml")
    assert ("ada", odd.strip("\ufeff\u2028 \u0085")) == (
        saved.student,
        saved.answers["name-it"].answer.strip("\ufeff\u2028 \u0085"),
    )


def test_the_graded_page_holds_no_key(lesson: Quiz) -> None:
    """No feedback, no mistake, no concept and no right answer stands in the file."""
    html = write(lesson, "page").content.decode()
    data = json.loads(re.search(r'id="data">(.*?)</script>', html)[1])  # type: ignore[index]
    allowed = {"id", "type", "position", "part", "title", "points", "text", "how", "hints"}
    allowed |= {"longest", "options", "choices", "prompts", "unit", "shuffle", "draw", "fills"}
    for question in data["questions"]:
        assert set(question) <= allowed
    options = {o.text for q in lesson.questions for o in getattr(q, "options", ())}
    for question in lesson.questions:
        for option in getattr(question, "options", ()):
            assert option.feedback not in html
        for mistake in getattr(question, "mistakes", ()):
            assert mistake.feedback not in html
        for concept in getattr(question, "concepts", ()):
            assert concept.text not in html or any(concept.text in text for text in options)
    assert "function numeric" not in html


def test_everybody_sees_the_same_numbers_and_order_as_elsewhere(
    browser: Any, lesson: Quiz, every_type: Quiz, tmp_path: Path
) -> None:
    """For any id the page draws, shuffles and fills in just what a session shows."""
    for quiz in (lesson, every_type):
        page = browser.new_page()
        page.goto(export(quiz, tmp_path).as_uri())
        found = run_in_page(page, quiz, STUDENTS)
        for student in STUDENTS:
            session = Session(quiz, tmp_path / "none.yaml", student)
            due = [session.shown(n) for n in range(1, len(session) + 1)]
            assert [each.question.id for each in due] == [q["id"] for q in found[student]]
            for each, seen in zip(due, found[student], strict=True):
                assert dict(each.numbers) == seen["numbers"]
                text = markup.with_gaps if each.question.type == "fill_in" else markup.to_html
                assert text(each.text) == seen["text"]
                if each.options:
                    assert [o.id for o in each.options] == [o["id"] for o in seen["options"]]
                assert [c.id for c in each.choices] == [c["id"] for c in seen["choices"] or []]
        page.close()


ORDERED = """
export function run(data, students) {
  const order = (student) => {
    const parts = data.parts.length ? data.parts : [{ id: "", shuffle: false }];
    return parts.flatMap((part) => {
      const own = data.questions.filter((question) => question.part === part.id);
      return part.shuffle ? shuffled(own, student, data.quiz, part.id) : own;
    }).map((question, i) => ({ choices: null, ...shown(question, student, i + 1) }));
  };
  return Object.fromEntries(students.map((student) => [student, order(student)]));
}
"""
MARKED = """
export function run(data, [id, again, answers]) {
  const question = data.questions.find((each) => each.id === id);
  const places = drawn(question, "", again);
  return answers.map((answer) => mark(question, places, answer));
}
"""


def page_data(quiz: Quiz) -> Any:
    html = write_page(quiz, "export").content.decode()
    return json.loads(re.search(r'id="data">(.*?)</script>', html)[1])  # type: ignore[index]


def run_script(page: Any, script: str, quiz: Quiz, given: Any) -> Any:
    """Run a part of the page's own script, in a page without a policy."""
    page.goto("about:blank")
    text = "data:text/javascript," + re.sub(
        r"[%#\n]|[^\x00-\x7f]",
        lambda m: "".join(f"%{byte:02x}" for byte in m[0].encode()),
        script,
    )
    return page.evaluate(
        "async ([text, data, given]) => (await import(text)).run(data, given)",
        [text, page_data(quiz), given],
    )


def run_in_page(page: Any, quiz: Quiz, students: Any) -> Any:
    return run_script(page, front("draw.js") + ORDERED, quiz, list(students))


def test_all_texts_are_as_the_engine_fills_them(lesson: Quiz) -> None:
    """Numbers put into a page's ready text give the same as Markdown of the filled text."""
    practice = load(bundled(PRACTICE))
    for quiz in (lesson, practice):
        for question, made in zip(quiz.questions, page_data(quiz)["questions"], strict=True):
            for student in ("ada", "bob", "cy"):
                shown = show(quiz, question, student)
                places = {
                    name: made["draw"][name].index(value) for name, value in shown.numbers.items()
                }
                text = made["text"]
                for sign, table in made["fills"].items():
                    at = 0
                    for name in table["names"]:
                        at = at * len(made["draw"][name]) + places[name]
                    text = text.replace(sign, table["values"][at])
                render = markup.with_gaps if question.type == "fill_in" else markup.to_html
                assert render(shown.text) == text


TYPED = (
    *("14", "14 GB", "14e9 bytes", "13.04 GiB", "14,000 MB", "16.8M", "16.8 million", "112 Gbit"),
    *("16 777 216", "16,777,216", "16.777.216", "1,5", "1.5e3", "2^10", "4*10^3", "4096 x 4096"),
    *("doubles", "four times", "4-fold", "x4", "-3", "\u22123", "0", "7", "-7", "1/2", "half"),
    *("about 14", "= 14", "12 = 14 GB", "a lot", "", "1,2,3", "14 parsecs", "14 b", "1e999", "5 5"),
    *("10 billion parameters", "8 k", "24 M", "16 GB", "48 MB", "50,000,000 B", "1.3 x 10^1"),
)


def test_numbers_are_marked_as_the_engine_marks_them(browser: Any) -> None:
    """For every numeric question of the bank, the page and the engine give the same points."""
    bank = load(bundled(PRACTICE))
    page = browser.new_page()
    for question in bank.questions:
        if question.type != "numeric":
            continue
        for again in ("round 0", "round 1"):
            drawn = draw_numbers(question, "", again)
            numbers = shown_numbers(question, drawn)
            typed = [*TYPED, *map(str, drawn.values()), *keys(question, numbers)]
            script = front("draw.js", "marking.js") + MARKED
            found = run_script(page, script, bank, [question.id, again, typed])
            for text, made in zip(typed, found, strict=True):
                due = score(question, text or "?", numbers)
                share = 0 if "problem" in made else made["share"]
                assert (text, due.points) == (text, share * question.points), question.id
                mistake = next((m.feedback for m in question.mistakes if m.id == due.mistake), None)
                if mistake:
                    assert markup.to_html(filled(mistake, numbers)) in made["html"]
    page.close()


def keys(question: Any, numbers: Any) -> list[str]:
    """The key and the mistakes of a question as somebody would type them."""
    from quiz.expressions import evaluate

    wanted = [question.answer, *(mistake.value for mistake in question.mistakes)]
    values = [evaluate(expression, numbers) for expression in wanted]
    return [f"{value:.10g}" for value in values] + [
        f"{value:,.10g} {question.unit}".strip() for value in values
    ]


def test_choices_are_marked_as_the_engine_marks_them(browser: Any, every_type: Quiz) -> None:
    """Right, half right and wrong answers of the other types get the engine's points."""
    bank = replace(every_type, policy=load(bundled(PRACTICE)).policy)
    tried: dict[str, list[Any]] = {
        "pick-one": ["straight", "curve", "nothing"],
        "pick-some": [["relu", "tanh"], ["relu"], ["relu", "identity"], ["identity"]],
        "true-or-not": ["true", "false"],
        "name-it": ["relu", " RELU. ", "rectified *linear* unit", "sigmoid", "bend"],
        "in-order": [["weigh", "sum", "bend"], ["sum", "bend", "weigh"], ["bend", "sum", "weigh"]],
        "pairs": [{"w": "scales", "b": "shifts"}, {"w": "stores", "b": "shifts"}, {"w": "shifts"}],
        "gaps": [{"m": "3", "n": "Four"}, {"m": "three", "n": "5"}, {"n": "4"}, {"m": "x"}],
    }
    page = browser.new_page()
    script = front("draw.js", "marking.js") + MARKED
    for name, answers in tried.items():
        question = bank.question(name)
        found = run_script(page, script, bank, [name, "", answers])
        for answer, made in zip(answers, found, strict=True):
            due = score(question, answer, {}).points
            assert (answer, due) == (answer, round(made["share"] * question.points, 2))
    page.close()


def test_practice_goes_on_by_itself(new_page: Callable[[], Any], tmp_path: Path) -> None:
    """The practice page explains a wrong answer, accepts the right one, and keeps its place."""
    bank = load(bundled(PRACTICE))
    student = Student(new_page(), export(bank, tmp_path).as_uri())
    student.page.wait_for_selector(".card h3")
    for _ in range(len(bank.questions) + 2):
        assert student.page.locator(".card h3").count() == 1
        student.page.get_by_role("button", name="Skip").click()
        student.page.wait_for_timeout(30)
    assert "Question 15" in student.question() or len(bank.questions) != 12
    found = Axe().run(student.page).response["violations"]
    assert [v["id"] for v in found if v["impact"] in {"serious", "critical"}] == []
    assert student.said == []
    assert Practice.open(bank, tmp_path / "none.json").remembered == {}


def test_one_students_page_asks_for_no_id(
    new_page: Callable[[], Any], every_type: Quiz, tmp_path: Path
) -> None:
    """A page made with --student is that student's."""
    student = Student(new_page(), export(every_type, tmp_path, "bob").as_uri())
    student.page.wait_for_selector(".card h3")
    assert student.page.locator("bdi").inner_text() == "bob"


def test_too_many_numbers_are_told(every_type: Quiz) -> None:
    """A question with more variants than a page should hold is settled, with a warning."""
    numbers: dict[str, Draw] = {"billions": Span(first=1, last=MAX_VALUES + 1)}
    wide = replace(every_type.question("how-many"), draw=numbers)
    made = write(replace(every_type, questions=(wide,), parts=()), "page")
    assert "too many numbers for a page" in " ".join(made.warnings)


def test_a_script_in_the_quiz_stays_text(
    new_page: Callable[[], Any], every_type: Quiz, tmp_path: Path
) -> None:
    """Tags in titles, texts and options end no element and run nothing."""
    evil = "</script><script>document.title='owned'</script><img src=x onerror=alert(1)>"
    first = replace(every_type.questions[0], text=f"What {evil}?", title=evil)
    quiz = replace(every_type, title=evil, questions=(first, *every_type.questions[1:]))
    student = begin(new_page(), export(quiz, tmp_path), "<b>ada</b>")
    assert "</script><script>" in student.page.locator(".card .text").inner_text()
    assert student.page.locator("bdi").inner_text() == "<b>ada</b>"
    assert student.page.locator(".nnv-quiz img, .nnv-quiz script, bdi b").count() == 0
    assert student.page.title() == evil
    assert student.said == []
