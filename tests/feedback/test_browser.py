"""The pages in a real Chromium: nothing of a stranger's runs, everything can be reached by keys."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from feedback.conftest import TAG, mark, record
from page_waits import wait_until

from grader.feedback.classpage import class_page as grader_page
from grader.feedback.student import student_page
from nnv.manifest import manifest

HIDDEN_SIGNS = ("\u202e", "\u202d", "\u2066")


def all_pages(class_page: Path) -> list[Path]:
    return [class_page, *sorted((class_page.parent / "students").glob("*.html"))]


class Opened:
    """A page with what the browser said while it was opened."""

    def __init__(self, browser: Any, path: Path, **settings: Any) -> None:
        self.page = browser.new_page(**settings)
        self.said: list[str] = []
        self.requests: list[str] = []
        self.page.on("console", lambda message: self.said.append(message.text))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.goto(path.as_uri())


@pytest.fixture
def students_table(browser: Any, class_page: Path) -> Iterator[Any]:
    """The class page, opened wide."""
    opened = Opened(browser, class_page, viewport={"width": 1280, "height": 900})
    yield opened.page
    opened.page.close()


def serious(page: Any) -> list[tuple[str, list[str]]]:
    """What axe-core finds that is serious: the rule, and up to three places."""
    return [
        (found["id"], [node["html"][:200] for node in found["nodes"]][:3])
        for found in Axe().run(page).response["violations"]
        if found["impact"] in {"serious", "critical"}
    ]


def names_shown(page: Any) -> list[str]:
    rows = page.locator("table.students tbody tr:visible th")
    return [text.removesuffix(" late") for text in rows.all_inner_texts()]


def test_names_and_messages_are_text_and_nothing_is_loaded(browser: Any, class_page: Path) -> None:
    """Tags in names, messages and values show as text: no element, no request, no complaint."""
    for path in all_pages(class_page):
        opened = Opened(browser, path)
        assert opened.said == []
        assert opened.requests == [path.as_uri()]
        assert "owned" not in opened.page.title().replace(TAG, "")
        assert opened.page.locator("img, iframe, object, link, base").count() == 0
        assert opened.page.locator("script").count() == (1 if path == class_page else 0)
        assert opened.page.locator("[onerror], [onload], [onclick], [style]").count() == 0
        assert not any(sign in opened.page.content() for sign in HIDDEN_SIGNS)
        opened.page.close()


def test_a_hostile_name_is_read_as_it_is_written(students_table: Any) -> None:
    """The instructor sees the tag's own characters, and what turns the writing as an escape."""
    shown = names_shown(students_table)
    assert any(name.startswith("<img src=x") for name in shown)
    assert any("\\u202e" in name for name in shown)


def test_the_policy_stops_a_script_that_gets_in(browser: Any, class_page: Path) -> None:
    """Even a script element put into the page does not run, on either kind of page."""
    for path in all_pages(class_page)[:2]:
        opened = Opened(browser, path)
        title = opened.page.title()
        opened.page.evaluate(
            "() => { const s = document.createElement('script');"
            " s.textContent = 'document.title = `owned`'; document.body.append(s); }"
        )
        assert opened.page.title() == title
        assert any("Content Security Policy" in text for text in opened.said)
        opened.page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_has_a_serious_barrier(browser: Any, class_page: Path, scheme: str) -> None:
    """axe-core finds nothing serious: names, contrast, tables, regions, order of headings."""
    for path in all_pages(class_page):
        opened = Opened(browser, path, color_scheme=scheme)
        assert serious(opened.page) == [], path.name
        opened.page.close()


@pytest.mark.parametrize("width", [390, 1280])
def test_no_page_is_wider_than_the_screen(browser: Any, class_page: Path, width: int) -> None:
    """On a telephone and on a laptop a page scrolls only downwards."""
    for path in all_pages(class_page):
        opened = Opened(browser, path, viewport={"width": width, "height": 800})
        assert opened.page.evaluate("document.documentElement.scrollWidth") <= width, path.name
        opened.page.close()


def test_a_column_is_sorted_from_the_keyboard(students_table: Any) -> None:
    """Enter on a head sorts its column, once more turns it round, and the head says so."""
    head = students_table.get_by_role("columnheader", name="Points")
    head.get_by_role("button").focus()
    students_table.keyboard.press("Enter")
    assert head.get_attribute("aria-sort") == "descending"
    assert names_shown(students_table)[0] == "ada"
    assert names_shown(students_table)[-1] == "zoe"
    students_table.keyboard.press("Enter")
    assert head.get_attribute("aria-sort") == "ascending"
    assert names_shown(students_table)[0] == "zoe"


def test_the_table_is_filtered_from_the_keyboard(students_table: Any) -> None:
    """Typing part of a name, or choosing what to show, leaves those students, and counts them."""
    students_table.locator("#name").focus()
    students_table.keyboard.type("BE")
    assert names_shown(students_table) == ["ben"]
    assert students_table.locator("#shown").inner_text() == "1 of 5"
    students_table.keyboard.press("Control+a")
    students_table.keyboard.press("Delete")
    students_table.keyboard.press("Tab")
    students_table.keyboard.type("not readable")
    assert names_shown(students_table) == ["zoe"]


def test_a_function_leads_to_those_who_fail_it(students_table: Any) -> None:
    """The number beside a function shows in the table just the students who do not have it."""
    students_table.get_by_role("button", name="who do not have relu right").press("Enter")
    shown = names_shown(students_table)
    assert len(shown) == 2
    assert "ben" in shown


def test_a_misconception_leads_to_those_who_have_it(students_table: Any) -> None:
    """Its button shows in the table who has it; the chip that then appears shows everyone again."""
    students_table.locator("summary", has_text="an absolute value").press("Enter")
    students_table.get_by_role("button", name="Show them in the table").press("Enter")
    assert names_shown(students_table) == ["ben"]
    students_table.keyboard.press("Enter")  # the focus went to the chip
    assert len(names_shown(students_table)) == 5


def test_a_wide_value_is_scrolled_with_the_keyboard(browser: Any, tmp_path: Path) -> None:
    """A long row stays in its box on a telephone, and the box can be reached without a mouse."""
    row = [float(number) for number in range(60)]
    call = {"arguments": [["z", row]], "gave": {"value": row}, "due": {"value": [0.5, *row[1:]]}}
    entry = record("ada", functions={"relu": mark(0.0, "failed") | {"message": "relu(z)"}})
    detail = {"functions": {"relu": call | {"where": [0]}}}
    path = tmp_path / "ada.html"
    path.write_text(student_page(entry, detail, manifest()), encoding="utf-8")
    opened = Opened(browser, path, viewport={"width": 390, "height": 800})
    assert opened.page.evaluate("document.documentElement.scrollWidth") <= 390
    assert serious(opened.page) == []
    opened.page.locator(".slide").first.focus()
    opened.page.keyboard.press("ArrowRight")
    wait_until(opened.page, "document.querySelector('.slide').scrollLeft > 0")
    opened.page.close()


@pytest.fixture
def large_page(tmp_path: Path) -> Path:
    """The class page of 450 students, one of them late."""
    records = [record(f"s{number:03d}", number / 5, late=number == 7) for number in range(450)]
    links = {entry["student"]: "x.html" for entry in records}
    path = tmp_path / "class.html"
    path.write_text(grader_page(records, links, "full", manifest()), encoding="utf-8")
    return path


def test_a_large_class_is_laid_out_in_parts_and_sorted_whole(
    browser: Any, large_page: Path
) -> None:
    """200 rows stand there at a time; sorting looks at all, and a key shows more."""
    page = Opened(browser, large_page).page
    assert len(names_shown(page)) == 200
    page.get_by_role("columnheader", name="Points").get_by_role("button").press("Enter")
    assert names_shown(page)[0] == "s449"
    assert page.locator("#shown").inner_text() == "450 of 450"
    more = page.locator("#more")
    more.press("Enter")
    assert more.inner_text() == "Show 50 more"
    more.press("Enter")
    assert len(names_shown(page)) == 450
    assert more.is_hidden()
    page.close()


def test_without_javascript_every_row_is_there(browser: Any, large_page: Path) -> None:
    """Then the table is long, in order of names, and has no filters."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(large_page.as_uri())
    assert page.locator("table.students tbody tr:visible").count() == 450
    assert page.locator(".filters").is_hidden()
    context.close()


def test_every_student_is_one_click_away(browser: Any, class_page: Path) -> None:
    """Each link of the class page opens a page that names the student."""
    opened = Opened(browser, class_page)
    for index in range(5):
        link = opened.page.locator("table.students tbody a").nth(index)
        name = link.inner_text()
        link.click()
        assert opened.page.locator("h1").inner_text() == name
        opened.page.go_back()
    opened.page.close()


def test_all_pages_are_light(class_page: Path) -> None:
    """A student's page weighs less than 300 KB, the reference's pictures included."""
    assert all(path.stat().st_size < 300_000 for path in all_pages(class_page))
