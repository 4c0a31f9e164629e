"""The served page in a real Chromium, with the keyboard alone."""

from __future__ import annotations

import signal
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from quiz_pages import RIGHT, Program, Student, answer_everything, serving

from quiz import mark_bytes
from quiz.answers import read_answers
from quiz.loader import PRACTICE, bundled, load
from quiz.model import Policy, Quiz
from quiz.variants import draw_numbers
from quiz.web.desk import desk_for
from quiz.web.server import QuizServer

EVERY_TYPE = Path(__file__).parent.parent / "data" / "every-type.yaml"
TAG = "<img src=x onerror=document.title='owned'>"
BIDI = "dan \u202egnp.exe"


@pytest.fixture
def new_page(browser: Any) -> Any:
    """Opens pages in one window of their own, as tabs of it."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.set_default_timeout(10_000)
    yield context.new_page
    context.close()


@pytest.fixture
def student(new_page: Callable[[], Any], served: QuizServer) -> Student:
    """Ada at the first question."""
    opened = Student(new_page(), served.url)
    opened.page.wait_for_selector(".card h3")
    return opened


def serious(page: Any) -> list[Any]:
    found = Axe().run(page).response["violations"]
    return [
        (v["id"], [node["html"][:200] for node in v["nodes"]][:3])
        for v in found
        if v["impact"] in {"serious", "critical"}
    ]


def saved(path: Path) -> dict[str, Any]:
    return {name: each.answer for name, each in read_answers(path.read_bytes()).answers.items()}


def test_every_type_is_answered_with_the_keyboard_alone(
    student: Student, served: QuizServer, every_type: Quiz
) -> None:
    """Tab, Space, arrows, Enter and letters are enough; all of it earns full marks."""
    numbers = draw_numbers(every_type.question("how-many"), "ada")
    answer_everything(every_type, student, numbers)
    mark = mark_bytes(every_type, served.desk.path.read_bytes(), "ada")
    earned = {name: outcome.points for name, outcome in mark.questions.items()}
    assert {q.id: q.points for q in every_type.questions} == earned
    assert mark.notes == ()
    assert student.said == []
    assert set(student.requests) == {
        served.url.partition("#")[0],
        f"{served.url.partition('#')[0]}ask",
        "data:,",
    } - ({"data:,"} - set(student.requests))


def test_a_killed_quiz_goes_on(
    new_page: Callable[[], Any], program: Callable[..., Program], tmp_path: Path
) -> None:
    """After kill -9 nothing that was answered is lost, and the next start opens where it ended."""
    first = program("--quiz", str(EVERY_TYPE))
    student = Student(new_page(), first.url)
    student.page.wait_for_selector("input[required]")
    student.type("ada")
    student.press("Enter")
    student.page.wait_for_selector(".card h3")
    student.answer("single_choice", "straight")
    student.go_on()
    student.answer("multiple_choice", ["relu"])
    student.page.wait_for_selector(".status:has-text('Saved')")
    first.end(signal.SIGKILL)
    assert saved(tmp_path / "answers.yaml") == {"pick-one": "straight", "pick-some": ["relu"]}
    second = Student(new_page(), program("--quiz", str(EVERY_TYPE)).url)
    second.page.wait_for_selector(".status:has-text('Welcome back: 2 of 10')")
    assert second.question().startswith("Question 3 of 10")
    student.press("Tab")
    student.answer("multiple_choice", ["tanh"])
    student.page.wait_for_selector(".status.bad:has-text('start it again')")


def test_what_is_typed_is_saved_without_pressing_anything(
    student: Student, served: QuizServer
) -> None:
    """A text is saved at the first pause, a choice at once: there is no moment to lose much."""
    student.page.get_by_text("All questions").click()
    student.page.get_by_role("button", name="three-steps").click()
    student.page.wait_for_selector("textarea")
    student.answer("free_text", "it multiplies,")
    student.page.wait_for_selector(".status:has-text('Saved')")
    assert saved(served.desk.path) == {"three-steps": "it multiplies,"}


def test_an_ordering_is_moved_with_alt_and_arrows(student: Student) -> None:
    """Alt and an arrow move the item that has the focus, which keeps it and is read out."""
    student.page.get_by_text("All questions").click()
    student.page.get_by_role("button", name="in-order").click()
    student.page.wait_for_selector(".order")
    before = student.order()
    student.tab_to(f"button[aria-label='Move down: {before[0]}']")
    student.press("Alt+ArrowDown")
    assert student.order() == [before[1], before[0], before[2]]
    said = student.page.locator(".card .aside[role=status]").inner_text()
    assert said == f"{before[0]}: now 2 of 3"
    student.press("Alt+ArrowDown")
    assert student.order() == [before[1], before[2], before[0]]


def test_a_number_that_cannot_be_read_is_sent_back(student: Student, served: QuizServer) -> None:
    """What is no number is not saved; the field is marked and the remedy is said beside it."""
    student.page.get_by_text("All questions").click()
    student.page.get_by_role("button", name="how-many").click()
    student.page.wait_for_selector(".unit")
    student.answer("numeric", "a lot")
    student.press("Enter")
    student.page.wait_for_selector(".refusal:has-text('write for example 14 GB')")
    field = student.page.locator(".card input")
    assert field.get_attribute("aria-invalid") == "true"
    assert field.evaluate("node => node === document.activeElement")
    assert not served.desk.path.exists()


def test_tabs_beside_each_other_lose_nothing(
    new_page: Callable[[], Any], served: QuizServer
) -> None:
    """Two tabs that answer different questions end up with both answers."""
    one = Student(new_page(), served.url)
    other = Student(new_page(), served.url)
    for tab in (one, other):
        tab.page.wait_for_selector(".card h3")
    one.page.bring_to_front()
    one.answer("single_choice", "straight")
    one.go_on()
    other.page.bring_to_front()
    other.page.get_by_role("button", name="Later").click()
    other.answer("multiple_choice", ["relu", "tanh"])
    other.go_on()
    assert saved(served.desk.path) == {"pick-one": "straight", "pick-some": ["relu", "tanh"]}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_no_question_has_a_serious_barrier(
    browser: Any, served: QuizServer, every_type: Quiz, scheme: str, width: int
) -> None:
    """axe-core finds nothing serious on any question, in both colours and at both widths."""
    page = browser.new_page(color_scheme=scheme, viewport={"width": width, "height": 800})
    student = Student(page, served.url)
    page.wait_for_selector(".card h3")
    page.get_by_text("All questions").click()
    for _ in range(len(every_type.questions) + 1):
        assert serious(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        if page.locator(".card h3").count():
            page.get_by_role("button", name="Later").click()
            page.wait_for_timeout(50)
    assert page.locator("h2:has-text('Still open')").count() == 1
    assert student.said == []
    page.close()


@pytest.mark.parametrize("name", [TAG, BIDI])
def test_a_hostile_id_is_shown_as_text(
    new_page: Callable[[], Any], every_type: Quiz, tmp_path: Path, name: str
) -> None:
    """A tag in a name stays text, and signs that turn the writing are shown as escapes."""
    titled = replace(every_type, title=f"Quiz {TAG}")
    with serving(desk_for(titled, tmp_path / "answers.yaml", name)) as server:
        student = Student(new_page(), server.url)
        student.page.wait_for_selector(".card h3")
        shown = student.page.locator("bdi").inner_text()
        assert shown == name.replace("\u202e", "\\u202e")
        assert "Quiz <img" in student.page.locator("h1").inner_text()
        assert "Quiz <img" in student.page.title()
        assert student.page.locator(".nnv-quiz img, .nnv-quiz script").count() == 0
        assert student.said == []


def test_the_policy_stops_a_script_that_gets_in(student: Student) -> None:
    """Even a script element put into the page does not run."""
    student.page.evaluate(
        "() => { const s = document.createElement('script');"
        " s.textContent = 'document.title = `owned`'; document.body.append(s); }"
    )
    assert student.page.title() != "owned"
    assert any("Content Security Policy" in text for text in student.said)


def test_a_code_opens_the_page_once(new_page: Callable[[], Any], served: QuizServer) -> None:
    """The address that a browser is started with works once; then the page has the token."""
    url = served.once()
    first = Student(new_page(), url)
    first.page.wait_for_selector(".card h3")
    assert first.page.url == served.url
    second = Student(new_page(), url)
    second.page.wait_for_selector(".status.bad:has-text('Open the address')")
    assert second.page.locator(".card").count() == 0


def test_attempts_and_feedback_follow_the_policy(
    new_page: Callable[[], Any], every_type: Quiz, tmp_path: Path
) -> None:
    """With two attempts and feedback, nothing is saved before Answer, and the third is refused."""
    strict = replace(every_type, policy=Policy(attempts=2, feedback="full"))
    with serving(desk_for(strict, tmp_path / "answers.yaml", "ada")) as server:
        student = Student(new_page(), server.url)
        student.page.wait_for_selector(".card h3")
        for answer, said in (("curve", "Nothing bends: a~b."), ("straight", "Right: no bend.")):
            student.page.locator("h3").focus()
            student.answer("single_choice", answer)
            student.tab_to("button.main")
            student.press("Enter")
            student.page.wait_for_selector(f".verdict:has-text('{said}')")
        student.page.locator("input[value=nothing]").check()
        student.page.get_by_role("button", name="Answer").click()
        student.page.wait_for_selector(".refusal:has-text('no attempt left')")
    assert saved(tmp_path / "answers.yaml") == {"pick-one": "straight"}


def test_hints_come_one_by_one_and_are_counted(student: Student, served: QuizServer) -> None:
    """Each press shows one more hint; how many is saved with the answer."""
    for count in (1, 2):
        student.page.get_by_role("button", name="hint").click()
        assert student.page.locator(".hints li").count() == count
    assert not student.page.get_by_role("button", name="hint").is_visible()
    student.page.locator("h3").focus()
    student.answer("single_choice", "straight")
    student.go_on()
    assert read_answers(served.desk.path.read_bytes()).answers["pick-one"].hints == 2


def test_a_bank_is_practised_with_feedback(new_page: Callable[[], Any], tmp_path: Path) -> None:
    """A wrong try is explained, a right one leads on, and progress is saved for the next time."""
    bank = load(bundled(PRACTICE))
    only = replace(bank, questions=(bank.question("collapse-true"), bank.question("deep-or-wide")))
    with serving(desk_for(only, tmp_path / "answers.yaml")) as server:
        student = Student(new_page(), server.url)
        student.page.wait_for_selector(".card h3")
        while student.page.locator("input[value=true]").count() == 0:
            student.page.get_by_role("button", name="Skip").click()
            student.page.wait_for_timeout(100)
        right = "true" if only.question("collapse-true").answer else "false"
        student.page.locator("h3").focus()
        student.answer("true_false", "false" if right == "true" else "true")
        student.tab_to("button.main")
        student.press("Enter")
        student.page.wait_for_selector(".verdict.wrong:has-text('Not right yet')")
        student.page.locator("h3").focus()
        student.answer("true_false", right)
        student.tab_to("button.main")
        student.press("Enter")
        student.page.wait_for_selector(".verdict.right")
        assert serious(student.page) == []
        assert student.said == []
    progress = (tmp_path / "practice-progress.json").read_text(encoding="utf-8")
    assert '"collapse-true"' in progress
    assert not (tmp_path / "answers.yaml").exists()


def test_right_answers_of_the_tests_are_complete(every_type: Quiz) -> None:
    """Every question of the sample but the drawn one has an answer here."""
    assert {question.id for question in every_type.questions} - set(RIGHT) == {"how-many"}
