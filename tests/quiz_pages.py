"""What tests of the quiz's pages share: a student who has only a keyboard, and programs to kill."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from page_waits import wait_until

from quiz.model import Quiz
from quiz.web.desk import Desk
from quiz.web.server import QuizServer

COMMAND = "from quiz.cli import quiz; quiz()"
RIGHT: dict[str, Any] = {
    "pick-one": "straight",
    "pick-some": ["relu", "tanh"],
    "true-or-not": "true",
    "count-exactly": "12",
    "name-it": "relu",
    "in-order": ["weigh", "sum", "bend"],
    "pairs": {"w": "scales", "b": "shifts"},
    "gaps": {"m": "3", "n": "four"},
    "three-steps": "It multiplies each input by its weight, adds the products and the bias into "
    "one number, and passes the sum through a nonlinearity such as ReLU.",
}


@contextmanager
def serving(desk: Desk) -> Iterator[QuizServer]:
    """The server of a desk, in a thread of its own."""
    with QuizServer(desk) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


class Program:
    """`nnv quiz --web` as a program of its own, which can be killed."""

    def __init__(self, folder: Path, *arguments: str) -> None:
        command = [sys.executable, "-c", COMMAND, "--web", "--no-open", *arguments]
        self.process = subprocess.Popen(
            command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        assert self.process.stdout is not None
        self.url = self.process.stdout.readline().split()[-1]

    def end(self, how: signal.Signals) -> tuple[int, str]:
        """Send a signal; the exit status, and what was said on standard error."""
        self.process.send_signal(how)
        _, said = self.process.communicate(timeout=20)
        return self.process.returncode, said


class Student:
    """Somebody who uses the page with the keyboard alone.

    Attributes:
        page: The page.
        said: What the browser's console said.
        requests: What was loaded.
    """

    def __init__(self, page: Any, url: str) -> None:
        self.page = page
        self.said: list[str] = []
        self.requests: list[str] = []
        page.on("console", lambda message: self.said.append(message.text))
        page.on("pageerror", lambda error: self.said.append(str(error)))
        page.on("request", lambda request: self.requests.append(request.url))
        page.goto(url)

    def press(self, *keys: str) -> None:
        """Press keys one after the other."""
        for key in keys:
            self.page.keyboard.press(key)

    def type(self, text: str) -> None:
        """Type a text."""
        self.page.keyboard.type(text)

    def tab_to(self, selector: str) -> None:
        """Press Tab until an element that fits has the focus."""
        for _ in range(80):
            self.press("Tab")
            if self.page.evaluate("s => document.activeElement?.matches(s) ?? false", selector):
                return
        raise AssertionError(f"Tab does not reach {selector}")

    def question(self) -> str:
        """The heading of the question that is shown."""
        return str(self.page.locator(".card h3").inner_text())

    def answer(self, kind: str, right: Any) -> None:
        """Answer the question that is shown, without leaving it."""
        getattr(self, f"_{kind}")(right)

    def go_on(self, button: str = "button.main") -> None:
        """Press the main button, and wait for what comes then."""
        before = self.question()
        self.tab_to(button)
        self.press("Enter")
        wait_until(
            self.page, "before => document.querySelector('.card h3')?.innerText !== before", before
        )

    def _pick(self, right: str) -> None:
        values = self.page.locator(".card input[type=radio]").evaluate_all(
            "all => all.map(one => one.value)"
        )
        self.tab_to("input[type=radio]")
        self.press("Space")
        checked = self.page.locator(".card input:checked").get_attribute("value")
        steps = (values.index(right) - values.index(checked)) % len(values)
        self.press(*["ArrowDown"] * steps)

    _single_choice = _pick
    _true_false = _pick

    def _multiple_choice(self, right: list[str]) -> None:
        for name in right:
            self.tab_to(f"input[value={name}]")
            self.press("Space")

    def _text(self, right: str) -> None:
        self.tab_to(".card input[type=text], .card textarea")
        self.type(right)

    _numeric = _text
    _short_answer = _text
    _free_text = _text

    def _ordering(self, right: list[str]) -> None:
        for place, name in enumerate(right):
            while self.order().index(name) > place:
                self.tab_to(f"button[aria-label='Move up: {name}']")
                self.press("Enter")

    def order(self) -> list[str]:
        """The items of an ordering as they stand."""
        texts: list[str] = self.page.locator(".order .what").all_inner_texts()
        return texts

    def _matching(self, right: dict[str, str]) -> None:
        for select in self.page.locator(".card select").all():
            name = select.get_attribute("name")
            self.tab_to(f".card select[name={name}]")
            options = select.locator("option").evaluate_all("all => all.map(one => one.value)")
            self.press(*["ArrowDown"] * options.index(right[name]))

    def _fill_in(self, right: dict[str, str]) -> None:
        for word in right.values():
            self.tab_to(".card input[type=text]")
            self.type(word)


def shown_question(quiz: Quiz, student: Student) -> str:
    """The id of the question that is shown, by how its text begins."""
    text = student.page.locator(".card .text, .card .sentence").inner_text()
    starts = {re.split(r"[*$\[{]", each.text)[0].strip(): each.id for each in quiz.questions}
    return starts[max((start for start in starts if text.startswith(start)), key=len)]


def answer_everything(quiz: Quiz, student: Student, numbers: dict[str, Any]) -> None:
    """Answer every question rightly, from the first to the last."""
    for count, _ in enumerate(quiz.questions, 1):
        name = shown_question(quiz, student)
        right = f"{numbers['billions'] * 2} GB" if name == "how-many" else RIGHT[name]
        student.answer(quiz.question(name).type, right)
        if count == len(quiz.questions):
            student.tab_to("button.main")
            student.press("Enter")
            student.page.wait_for_selector("h2:has-text('All answered')")
        else:
            student.go_on()
