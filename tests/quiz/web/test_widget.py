"""The quiz as a widget in a real JupyterLab and a real Notebook, with a kernel of their own."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from nbgrader_school import ASSIGNMENT, found_school
from playwright.sync_api import Error as BrowserError
from quiz_pages import Student, answer_everything

from quiz import load, mark_bytes
from quiz.model import Quiz
from quiz.variants import draw_numbers

pytest.importorskip("anywidget", reason="the extra `pages` is not installed")
pytest.importorskip("jupyterlab", reason="the extra `nbgrader` is not installed")

EVERY_TYPE = Path(__file__).parent.parent / "data" / "every-type.yaml"
HOUSE = Path(__file__).parents[3]
TOKEN = "t" * 32
SECONDS_TO_START = 60


def write_notebook(folder: Path) -> None:
    import nbformat
    from nbformat.v4 import new_code_cell, new_notebook

    source = f"from quiz.widget import QuizWidget\nQuizWidget(quiz={str(EVERY_TYPE)!r})"
    made = new_notebook(cells=[new_code_cell(source)])
    made.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
    nbformat.write(made, folder / "quiz.ipynb")


@pytest.fixture(scope="module")
def jupyter(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """A Jupyter server with a notebook in it: its address and its folder."""
    home = tmp_path_factory.mktemp("jupyter")
    folder = home / "course"
    folder.mkdir()
    write_notebook(folder)
    own = {name: str(home / name.lower()) for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_RUNTIME_DIR")}
    path = os.pathsep.join(filter(None, (str(HOUSE), os.environ.get("PYTHONPATH"))))
    environment = {**os.environ, **own, "HOME": str(home), "PYTHONPATH": path}
    environment |= {"XDG_CACHE_HOME": str(home / "cache")}
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", "--port=0"]
    command += [f"--IdentityProvider.token={TOKEN}", f"--ServerApp.root_dir={folder}"]
    command += ["--LabApp.expose_app_in_browser=True", "--LabApp.news_url="]
    with (home / "log").open("wb") as log:
        server = subprocess.Popen(
            command, cwd=folder, env=environment, stdout=log, stderr=subprocess.STDOUT
        )
    try:
        yield address(home, server), folder
    finally:
        server.terminate()
        server.wait(timeout=30)


def address(home: Path, server: subprocess.Popen[bytes]) -> str:
    """The server's address, once it has written it down."""
    end = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < end and server.poll() is None:
        for file in (home / "jupyter_runtime_dir").glob("jpserver-*.json"):
            if file.stat().st_size:
                return str(json.loads(file.read_text(encoding="utf-8"))["url"])
        time.sleep(0.2)
    raise AssertionError((home / "log").read_text(encoding="utf-8", errors="replace"))


def run_cell(page: Any, url: str) -> Student:
    """Open the notebook and run its cell with the keyboard."""
    page.set_default_timeout(60_000)
    student = Student(page, url)
    editor = page.locator(".jp-CodeCell .cm-content").first
    editor.wait_for()
    for _ in range(10):
        # a notebook takes no cell while its kernel starts, and says so only in passing
        if page.locator(".jp-Dialog").count():
            student.press("Enter")  # such as: a kernel that is slow to start, choose one
        try:
            editor.click(timeout=15_000)
            student.press("Shift+Enter")
            page.wait_for_selector(".nnv-quiz .card", timeout=15_000)
            return student
        except BrowserError:
            continue
    raise AssertionError(student.said)


def begin(page: Any, student: Student) -> None:
    """Say who one is, with the keyboard, and go to the first question."""
    page.locator(".nnv-quiz input[required]").focus()
    student.type("ada")
    student.press("Enter")
    page.wait_for_selector(".nnv-quiz .card h3")
    page.locator(".nnv-quiz .card h3").focus()


def test_the_widget_is_answered_in_jupyterlab(
    browser: Any, jupyter: tuple[str, Path], every_type: Quiz
) -> None:
    """With the keyboard alone; answers.yaml lies beside the notebook and earns full marks."""
    url, folder = jupyter
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    student = run_cell(page, f"{url}lab/tree/quiz.ipynb?token={TOKEN}")
    begin(page, student)
    answer_everything(every_type, student, draw_numbers(every_type.question("how-many"), "ada"))
    mark = mark_bytes(every_type, (folder / "answers.yaml").read_bytes(), "ada")
    assert {q.id: q.points for q in every_type.questions} == {
        name: outcome.points for name, outcome in mark.questions.items()
    }
    found = Axe().run(page, context=".nnv-quiz").response["violations"]
    assert [v["id"] for v in found if v["impact"] in {"serious", "critical"}] == []
    page.close()


def test_the_widget_goes_on_in_notebook_7(browser: Any, jupyter: tuple[str, Path]) -> None:
    """Another program's widget on the same folder opens with what was answered."""
    pytest.importorskip("notebook", reason="the extra `nbgrader` is not installed")
    url, _ = jupyter
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    run_cell(page, f"{url}notebooks/quiz.ipynb?token={TOKEN}")
    page.wait_for_selector(".nnv-quiz :text('10 of 10 answered')")
    page.close()


def test_what_the_widget_saved_is_autograded(
    browser: Any, jupyter: tuple[str, Path], tmp_path: Path
) -> None:
    """The released quiz notebook is answered in JupyterLab, saved, and marked by nbgrader."""
    url, folder = jupyter
    school = found_school(tmp_path)
    home = folder / "fetched"
    shutil.copytree(school.folder / "release" / ASSIGNMENT, home)
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    student = run_cell(page, f"{url}lab/workspaces/fetched/tree/fetched/quiz.ipynb?token={TOKEN}")
    begin(page, student)
    text = "It weighs its inputs, adds the products and the bias, and bends the sum with a ReLU."
    student.answer("free_text", text)
    student.go_on()
    page.close()
    shutil.copytree(home, school.folder / "submitted" / "ada" / ASSIGNMENT)
    school.nbgrader("autograde", ASSIGNMENT)
    mark = mark_bytes(load(), (home / "answers.yaml").read_bytes(), "ada")
    due = {f"quiz-{name}": outcome.points for name, outcome in mark.questions.items()}
    assert sum(due.values()) > 0
    assert due == {name: g["auto_score"] for name, g in school.grades("ada", "quiz").items()}
