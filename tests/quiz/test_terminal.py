"""The quiz in a real terminal: keyboard only, 80 columns, killed and resumed."""

from __future__ import annotations

import re
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from quiz.answers import read_answers
from quiz.model import Quiz

pexpect = pytest.importorskip("pexpect", reason="pexpect drives terminals where there are any")

DATA = Path(__file__).parent / "data"
COMMAND = "from quiz.cli import quiz; quiz()"
STEPS = re.compile(r"Question (\d+) of (\d+)")


class Terminal:
    """A terminal of 80 columns with the quiz in it."""

    def __init__(self, folder: Path, *arguments: str) -> None:
        self.child = pexpect.spawn(
            sys.executable,
            ["-W", "error", "-c", COMMAND, *arguments],
            cwd=str(folder),
            dimensions=(24, 80),
            encoding="utf-8",
            timeout=60,
        )
        self.seen = ""

    def until(self, text: str) -> str:
        """What the terminal shows up to a text."""
        self.child.expect_exact(text)
        self.seen += self.child.before + text
        return str(self.child.before)

    def type(self, *lines: str) -> None:
        """Type lines at the prompt."""
        for line in lines:
            self.child.sendline(line)

    def kill(self) -> None:
        """Kill the quiz as a power cut would."""
        self.child.kill(signal.SIGKILL)
        self.child.wait()
        self.child.close()

    def close(self) -> int:
        """Wait for the end; the exit status."""
        self.child.expect(pexpect.EOF)
        self.seen += self.child.before
        self.child.close()
        return int(self.child.exitstatus)


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Any]:
    started: list[Terminal] = []

    def make(*arguments: str) -> Terminal:
        started.append(Terminal(tmp_path, *arguments))
        return started[-1]

    yield make
    for terminal in started:
        terminal.child.close(force=True)


SAMPLE = ("--quiz", str(DATA / "every-type.yaml"))


def number_on_screen(screen: str, text: str) -> str:
    """The number to type for an option, read off the screen as a student does."""
    match = re.search(rf"(\d+)\. +{re.escape(text)}", screen)
    assert match is not None, screen
    return match[1]


def test_every_type_is_answered_with_the_keyboard(start: Any, tmp_path: Path) -> None:
    """All types can be answered by typing alone, and each answer is saved at once."""
    terminal = start(*SAMPLE)
    terminal.until("id: ")
    terminal.type("ada")
    screen = terminal.until("number of your option")
    terminal.type(number_on_screen(screen, "A straight line"))
    terminal.until("all that are right")
    terminal.type("1 2")
    terminal.until("t for true")
    terminal.type("t")
    terminal.until("(GB)")
    terminal.type("14 km")
    terminal.until("measures something else")
    terminal.type("14 GB")
    terminal.until("Question 5 of 10")
    assert 4 == len(read_answers((tmp_path / "answers.yaml").read_bytes()).answers)
    terminal.type("12")
    answer_the_second_part(terminal)
    terminal.until("All 10 questions are answered")
    terminal.type("")
    assert 0 == terminal.close()
    saved = read_answers((tmp_path / "answers.yaml").read_bytes())
    assert ("ada", 10) == (saved.student, len(saved.answers))
    assert "first line\nsecond line" == saved.answers["three-steps"].answer


def answer_the_second_part(terminal: Terminal) -> None:
    """Answer the shuffled part by what each question asks for."""
    replies = {
        "a word or two": ("ReLU",),
        "the right order": ("1 2 3",),
        "belongs to each letter": ("a1 b2",),
        "semicolon": ("3; 4",),
        "an empty line ends it": ("first line", "second line", ""),
    }
    for _ in range(5):
        place = terminal.child.expect([re.escape(text) for text in replies])
        terminal.seen += terminal.child.before
        terminal.type(*list(replies.values())[place])


def test_killed_at_any_moment_it_goes_on(start: Any, tmp_path: Path) -> None:
    """After SIGKILL the next start greets the student and goes on where it was."""
    first = start(*SAMPLE)
    first.until("id: ")
    first.type("ada")
    first.until("Question 1 of 10")
    first.type("1")
    first.until("Question 2 of 10")
    first.child.send("1 2")  # typed, not sent
    first.kill()
    again = start(*SAMPLE)
    again.until("Welcome back, ada: 1 of 10 answered.")
    again.until("Question 2 of 10")
    again.type(":b")
    again.until("Question 1 of 10")
    again.until("Your answer so far")
    again.type("", ":q")
    assert 0 == again.close()
    assert ["answers.yaml"] == [entry.name for entry in tmp_path.iterdir()]


def test_nothing_is_wider_than_80_columns(start: Any, lesson: Quiz) -> None:
    """Going through the lesson's quiz with hints, lists and help stays within 80 columns."""
    terminal = start("--student", "ada")
    for position in range(1, 19):
        terminal.until(f"Question {position} of 18")
        terminal.type(":h", ":?", ":s")
    terminal.until("still open")
    terminal.type(":l", ":q")
    assert 0 == terminal.close()
    plain = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", terminal.seen).replace("\r", "")
    assert [] == [line for line in plain.split("\n") if len(line) > 80]
    assert "{{" not in plain
    assert "2³⁰" in plain


def test_commands_move_about(start: Any) -> None:
    """`:g`, `:b`, `:s` go where they say; what is unknown shows the list."""
    terminal = start(*SAMPLE, "--student", "ada")
    terminal.until("Question 1 of 10")
    terminal.type(":g 7")
    terminal.until("Question 7 of 10")
    terminal.type(":b")
    terminal.until("Question 6 of 10")
    terminal.type(":g 99")
    terminal.until("numbered 1 to 10")
    terminal.type(":x")
    terminal.until("show this list")
    terminal.type("")
    terminal.until("or :s to skip")
    terminal.child.sendeof()
    terminal.until("0 of 10 answered")
    assert 0 == terminal.close()


def test_hints_come_one_by_one(start: Any, tmp_path: Path) -> None:
    """Hints are shown in order and counted in the saved answer."""
    terminal = start(*SAMPLE, "--student", "ada")
    terminal.until("Question 1 of 10")
    terminal.type(":h", ":h", ":h", "1", ":q")
    terminal.until("Hint 1 of 2: Think of a = b.")
    terminal.until("Hint 2 of 2")
    terminal.until("That was the last hint.")
    assert 0 == terminal.close()
    assert 2 == read_answers((tmp_path / "answers.yaml").read_bytes()).answers["pick-one"].hints


def test_practice_says_at_once(start: Any, tmp_path: Path) -> None:
    """Practice tells what is wrong, takes another try, and remembers."""
    terminal = start("--practice", "--student", "ada")
    terminal.until("12 to go")
    terminal.type("nonsense nonsense", ":s", ":q")
    terminal.until("11 to go")
    terminal.until("Progress is saved in practice-progress.json")
    assert 0 == terminal.close()
    assert ["practice-progress.json"] == [entry.name for entry in tmp_path.iterdir()]


def test_broken_answers_are_not_written_over(start: Any, tmp_path: Path) -> None:
    """A broken answers.yaml is named, left alone, and ends with status 1."""
    (tmp_path / "answers.yaml").write_text("{")
    terminal = start("--student", "ada")
    assert 1 == terminal.close()
    assert "answers.yaml" in terminal.seen
    assert "{" == (tmp_path / "answers.yaml").read_text()
