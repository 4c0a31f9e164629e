"""A student in JupyterLab and Notebook, an instructor in formgrader: with a real browser."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
from nbgrader.api import Gradebook
from nbgrader_school import ASSIGNMENT, CLASS, NOTEBOOK, School, found_school

from grader.gradebook.nbgrader import CourseOptions, grade_course

CHROMIUM = Path("/usr/bin/chromium")
ARTIFACTS = Path(__file__).parents[2] / "test-artifacts"
PATIENCE_MS = 30_000
RIGHT = "def relu(z):\nreturn np.maximum(z, 0)"  # the editor indents by itself
GREEN = "✓ relu: all 5 self-checks pass."


@pytest.fixture(scope="module")
def school(tmp_path_factory: pytest.TempPathFactory, sandbox: object) -> School:
    """A course with one student's graded hand-in."""
    if not CHROMIUM.exists():
        pytest.skip(f"there is no {CHROMIUM}")
    school = found_school(tmp_path_factory.mktemp("browser"))
    school.hand_in("partial", CLASS["partial"](school.released()))
    grade_course(CourseOptions(school.folder, workers=1))
    return school


@contextmanager
def opened(browser: Any, address: str, name: str) -> Iterator[Any]:
    """A page of the browser; a picture of it is kept, also of how it looked when a test failed."""
    ARTIFACTS.mkdir(exist_ok=True)
    page = browser.new_page(viewport={"width": 1280, "height": 1400})
    page.set_default_timeout(PATIENCE_MS)
    page.goto(address)
    try:
        yield page
    except BaseException:
        page.screenshot(path=ARTIFACTS / f"{name}-failed.png")
        raise
    finally:
        page.close()


@contextmanager
def jupyter(school: School, folder: Path) -> Iterator[str]:
    """JupyterLab, Notebook and formgrader, served from a folder; the server's address."""
    log = folder.parent / f"{folder.name}-jupyter.log"
    command = [
        sys.executable, "-W", "ignore", "-m", "jupyterlab", "--no-browser", "--allow-root",
        "--ServerApp.port=0", "--ServerApp.ip=127.0.0.1", "--IdentityProvider.token=",
        "--ServerApp.password=", "--ServerApp.disable_check_xsrf=True",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    ]  # fmt: skip
    settings = school.home / "settings"
    quiet = settings / "@jupyterlab" / "apputils-extension" / "notification.jupyterlab-settings"
    quiet.parent.mkdir(parents=True, exist_ok=True)
    quiet.write_text('{"fetchNews": "false"}')
    environment = school.environment(JUPYTERLAB_SETTINGS_DIR=str(settings))
    with log.open("w") as stream:
        server = subprocess.Popen(
            command, cwd=folder, env=environment, stdout=stream, stderr=stream
        )
        try:
            yield _address(log, server)
        finally:
            server.terminate()
            try:
                server.wait(20)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()


def _address(log: Path, server: subprocess.Popen[bytes]) -> str:
    for _ in range(600):
        found = re.search(r"http://127\.0\.0\.1:(?!0/)\d+", log.read_text())
        try:
            if found:
                with urllib.request.urlopen(f"{found[0]}/api", timeout=30):
                    return found[0]
        except OSError:  # it says where it will listen before it does
            pass
        assert server.poll() is None, log.read_text()
        time.sleep(0.1)
    raise AssertionError(log.read_text())


def run_cell(page: Any, number: int) -> Any:
    """Run one of the notebook's cells, and wait until it is done; the cell."""
    from playwright.sync_api import TimeoutError as LateError

    cell = page.locator(f'.jp-Notebook .jp-Cell[data-windowed-list-index="{number}"]')
    prompt = cell.locator(".jp-InputPrompt")
    before = prompt.inner_text()
    for _ in range(6):
        cell.locator(".cm-content").click(position={"x": 5, "y": 5})
        page.keyboard.press("Shift+Enter")
        try:
            page.wait_for_function(
                "([node, before]) => /[0-9]/.test(node.innerText) && node.innerText != before",
                arg=[prompt.element_handle(), before],
                timeout=8_000,
            )
        except LateError:  # the kernel was not ready yet; JupyterLab says so and forgets it
            page.keyboard.press("Escape")
            continue
        return cell
    raise AssertionError(f"cell {number} does not run")


@pytest.mark.parametrize("address", ["lab/tree", "notebooks"])
def test_a_student_sees_the_check_turn_green(
    school: School, browser: Any, tmp_path: Path, address: str
) -> None:
    """With nothing but the released folder, a function is written and its check turns green."""
    folder = tmp_path / ASSIGNMENT
    shutil.copytree(school.folder / "release" / ASSIGNMENT, folder)
    name = "student-" + address.partition("/")[0]
    with ExitStack() as stack:
        url = stack.enter_context(jupyter(school, folder))
        page = stack.enter_context(opened(browser, f"{url}/{address}/{NOTEBOOK}.ipynb", name))
        page.locator(".jp-Notebook .jp-CodeCell").first.wait_for()
        run_cell(page, 1)
        run_cell(page, 4)
        check = run_cell(page, 5)
        check.get_by_text("relu is not written yet").first.wait_for()
        assert "Traceback" not in check.inner_text()
        write = page.locator('.jp-Notebook .jp-Cell[data-windowed-list-index="4"]')
        write.locator(".cm-content").click()
        page.keyboard.press("Control+A")
        page.keyboard.type(RIGHT)
        run_cell(page, 4)
        check = run_cell(page, 5)
        line = check.get_by_text(GREEN)
        line.wait_for()
        red, green, blue = colour(line)
        assert green > red
        assert green > blue
        check.locator("img").wait_for()
        check.scroll_into_view_if_needed()
        page.screenshot(path=ARTIFACTS / f"{name}.png")


def colour(element: Any) -> tuple[int, int, int]:
    """The colour of an element's text."""
    text = element.evaluate("e => getComputedStyle(e).color")
    red, green, blue = map(int, re.findall(r"\d+", text)[:3])
    return red, green, blue


def submission_id(school: School) -> str:
    """What formgrader calls the student's notebook."""
    with Gradebook(f"sqlite:///{school.folder / 'gradebook.db'}") as gradebook:
        found = gradebook.find_submission_notebook(NOTEBOOK, ASSIGNMENT, "partial")
        return str(found.id)


def test_an_instructors_override_stands(school: School, browser: Any) -> None:
    """Formgrader shows marks and feedback; a score set there stands when grading runs again."""
    with ExitStack() as stack:
        url = stack.enter_context(jupyter(school, school.folder))
        address = f"{url}/formgrader/submissions/{submission_id(school)}/?index=0"
        page = stack.enter_context(opened(browser, address, "formgrader"))
        feedback = page.locator(".nnv-mark").filter(has_text="forgets the bias")
        feedback.first.wait_for()
        assert "dense(" in feedback.first.inner_text()
        score = page.locator("input#dense[placeholder]")  # once formgrader has asked for it
        score.wait_for()
        assert score.get_attribute("placeholder") == f"{automatic(school):g}"
        with page.expect_response(lambda r: "/api/grade/" in r.url and r.request.method == "PUT"):
            score.fill("7.5")
            score.press("Tab")
        feedback.first.scroll_into_view_if_needed()
        page.screenshot(path=ARTIFACTS / "formgrader.png")
        # What the button "autograde" of formgrader sends.
        button = f"{url}/formgrader/api/submission/{ASSIGNMENT}/partial/autograde"
        answer = page.request.post(button, timeout=120_000).json()
        assert answer["success"], answer
        assert school.grades("partial")["dense"]["manual_score"] == 7.5
        grade_course(CourseOptions(school.folder, workers=1))
        assert school.grades("partial")["dense"]["manual_score"] == 7.5
        page.goto(address)
        page.locator(".nnv-mark").first.wait_for()
        page.wait_for_function("document.querySelector('input#dense').value == '7.5'")


def automatic(school: School) -> float:
    """What the grader gave for dense."""
    return float(school.grades("partial")["dense"]["auto_score"])
