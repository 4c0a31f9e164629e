"""The quiz in a terminal: keyboard only, plain lines a screen reader can follow, 80 columns.

What starts with a colon is a command, everything else is an answer. Each answer is saved before the
next question comes, so that nothing is lost whenever the program ends, however it ends.
"""

from __future__ import annotations

import contextlib
import shutil
import textwrap
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import click

from quiz.expressions import ExpressionError
from quiz.model import Quiz
from quiz.plaintext import plain, with_maths
from quiz.problems import QuizAnswersError
from quiz.scoring.outcome import Outcome
from quiz.session import Session, SessionError, Shown
from quiz.typed import describe, how, lines, read

COMMANDS = (
    (":h", "show a hint"),
    (":s", "skip: come back to it later"),
    (":b", "back to the question before"),
    (":g 7", "go to question 7"),
    (":l", "list all questions"),
    (":q", "stop here; everything is saved"),
    (":?", "show this list"),
)


class Stop(Exception):
    """The student wants to stop."""


@dataclass(slots=True)
class Turn:
    """What one question ended with.

    Attributes:
        text: What was typed; empty where a command ended it.
        goto: The question to go to; 0 for the next one.
        hints: How many hints were shown.
        seconds: How long it took.
    """

    text: str = ""
    goto: int = 0
    hints: int = 0
    seconds: float = 0.0


def width() -> int:
    """Columns to write in: the terminal's, never more than 80."""
    return max(20, min(80, shutil.get_terminal_size((80, 24)).columns))


def say(text: str = "", **style: bool | str) -> None:
    """Print a text as it is; colours only where the terminal shows them."""
    click.echo(click.style(text, **style) if style and text else text)  # type: ignore[arg-type]


def line(prompt: str = "> ") -> str:
    """A line of the keyboard.

    Raises:
        Stop: The input ended, or Ctrl-C was pressed.
    """
    try:
        text = input(prompt)
    except (EOFError, KeyboardInterrupt):
        say()
        raise Stop from None
    # what a terminal's encoding could not read would not be YAML either
    return text.encode("utf-8", "replace").decode("utf-8").replace("\x00", "")


def run(quiz: Quiz, path: Path, student: str | None = None) -> int:
    """Ask a quiz; a practice bank is practised.

    Args:
        quiz: The quiz.
        path: Where the answers are saved.
        student: The student's id; asked for where it is neither given nor saved.

    Returns:
        The exit status: 0, or 1 where the saved answers cannot be used.
    """
    _line_editing()
    if quiz.policy.mode == "practice":
        from quiz.terminal_practice import run_practice

        return run_practice(quiz, path, student or "")
    try:
        session = Session.open(quiz, path, student or _ask_id(path))
    except QuizAnswersError as error:
        click.echo(str(error), err=True)
        return 1
    except Stop:
        return 0
    try:
        _take(session)
    except Stop:
        say(f"Stopped. {session.answered} of {len(session)} answered, saved in {path}.")
    except OSError as error:
        click.echo(f"{path}: the last answer could not be saved: {error}", err=True)
        return 1
    return 0


def _line_editing() -> None:
    """Arrow keys and history while typing, where Python has them."""
    with contextlib.suppress(ImportError):
        import readline  # noqa: F401


def _ask_id(path: Path) -> str:
    """The student's id, asked for once: later it stands in the saved answers.

    Raises:
        QuizAnswersError: The saved answers cannot be read.
    """
    from quiz.session import read_saved

    saved = read_saved(path)
    if saved is not None and saved.student:
        return saved.student
    say("Your id on the class list (as in your course's gradebook); it decides your numbers.")
    while not (name := line("id: ").strip()):
        pass
    return name


def _take(session: Session) -> None:
    quiz = session.quiz
    say(with_maths(quiz.title), bold=True)
    if session.answered:
        say(f"Welcome back, {session.student}: {session.answered} of {len(session)} answered.")
    elif quiz.text:
        say(plain(quiz.text, width()))
    position, part = session.first_open(), ""
    while True:
        if position > len(session):
            position = _after_last(session)
            continue
        shown = session.shown(position)
        if shown.part is not None and shown.part.id != part:
            part = shown.part.id
            _show_part(shown)
        position = _ask(session, shown)


def _show_part(shown: Shown) -> None:
    if shown.part is None or not (shown.part.title or shown.part.text):
        return
    say()
    say(f"── {with_maths(shown.part.title)} ".ljust(width(), "─"), bold=True)
    if shown.part.text:
        say(plain(shown.part.text, width()))


def _after_last(session: Session) -> int:
    """Where to go after the last question.

    Raises:
        Stop: Everything is answered and the student has seen enough.
    """
    say()
    say("─" * width())
    if session.answered == len(session):
        say(f"All {len(session)} questions are answered and saved in {session.path}.", bold=True)
        say("Hand it in with the exercises: nnv submit. Enter ends; :l lists, :g 3 goes back.")
    else:
        missing = len(session) - session.answered
        say(f"{missing} of {len(session)} questions are still open. Enter goes to the next one.")
    turn = _command(line(), session, None)
    if turn.goto:
        return turn.goto
    if session.answered == len(session):
        raise Stop
    return session.first_open()


def header(shown: Shown, total: int, answered: int) -> str:
    """The line above a question."""
    points = shown.question.points
    worth = f"{points:g} point" + ("" if points == 1 else "s")
    done = round(10 * answered / total) if total else 0
    bar = "█" * done + "░" * (10 - done)
    left = f"Question {shown.position} of {total} · {worth}"
    return f"{left}{f'{bar} {answered} answered':>{max(1, width() - len(left))}}"


def show_question(shown: Shown) -> None:
    """Print a question and what can be picked."""
    say()
    say(plain(shown.text, width()))
    listed = lines(shown)
    if listed:
        say()
    for mark, text in listed:
        start = f"  {mark:<3} "
        wrapped = textwrap.wrap(plain(text, 1000).replace("\n", " "), max(10, width() - len(start)))
        say(start + ("\n" + " " * len(start)).join(wrapped) if mark else "")


def _ask(session: Session, shown: Shown) -> int:
    """Ask one question until it is answered or left; the place to go on at."""
    say()
    say(header(shown, len(session), session.answered), bold=True)
    show_question(shown)
    saved = session.answers.get(shown.question.id)
    if saved is not None:
        say()
        say(plain(f"Your answer so far: {describe(shown, saved.answer)}", width()))
        say("Enter keeps it.")
    if session.attempts_left(shown.question) == 0:
        say("No attempt is left here.")
    hints = 0
    while True:
        turn = _turn(session, shown, hints)
        hints = turn.hints
        if not turn.text:
            return turn.goto or shown.position + 1
        try:
            outcome = session.give(shown.question, read(shown, turn.text), turn.seconds, turn.hints)
        except (SessionError, ExpressionError) as error:
            say(plain(str(error), width()), fg="yellow")
            continue
        say("Saved.", fg="green")
        if outcome is not None:
            show_outcome(outcome)
        return shown.position + 1


def show_outcome(outcome: Outcome) -> None:
    """Print what may be said about an answer."""
    right = outcome.points == outcome.max_points
    say(plain(outcome.feedback, width()), fg="green" if right else "yellow")


def _turn(session: Session, shown: Shown, hints: int) -> Turn:
    """Read until there is an answer, or a command that leaves the question."""
    start = time.monotonic()
    say()
    say(plain(how(shown), width()), dim=True)
    say(":h hint · :s skip · :b back · :l list · :q stop · :? help", dim=True)
    shown_hints = hints
    while True:
        text = line()
        if text.lstrip().startswith(":"):
            turn = _command(text, session, shown)
            if turn.hints:
                shown_hints = show_hint(shown, shown_hints)
            elif turn.goto:
                return Turn(goto=turn.goto)
            continue
        if text.strip() and shown.question.type == "free_text":
            text = more(text)
        elif not text.strip() and shown.question.id not in session.answers:
            say("Type an answer, or :s to skip.")
            continue
        return Turn(text.strip(), 0, shown_hints, time.monotonic() - start)


def more(first: str) -> str:
    """A free text: its first line and all up to an empty one."""
    text = [first]
    while (more := line("  ")).strip():
        text.append(more)
    return "\n".join(text)


def show_hint(shown: Shown, already: int) -> int:
    """Show the next hint; how many were shown by then."""
    if already >= len(shown.hints):
        say("There is no hint here." if not shown.hints else "That was the last hint.")
        return already
    say(plain(f"Hint {already + 1} of {len(shown.hints)}: {shown.hints[already]}", width()))
    return already + 1


def _command(text: str, session: Session, shown: Shown | None) -> Turn:
    """Do what a line with a colon says.

    Raises:
        Stop: It was `:q`.
    """
    word, _, rest = text.strip().removeprefix(":").strip().lower().partition(" ")
    here = shown.position if shown is not None else len(session) + 1
    actions: dict[str, Callable[[], Turn]] = {
        "": Turn,
        "h": lambda: Turn(hints=1) if shown is not None else Turn(),
        "s": lambda: Turn(goto=here + 1),
        "b": lambda: Turn(goto=max(1, here - 1)),
        "g": lambda: _go(rest, session),
        "l": lambda: _list(session),
        "q": _stop,
    }
    action = actions.get(word[:1] if word else "")
    if action is None or not text.strip():
        return Turn() if not text.strip() else _help()
    return action()


def _stop() -> NoReturn:
    raise Stop


def _go(rest: str, session: Session) -> Turn:
    if rest.isascii() and rest.isdigit() and 1 <= int(rest[:6]) <= len(session):
        return Turn(goto=int(rest[:6]))
    say(f"Questions are numbered 1 to {len(session)}: type for example :g 3.")
    return Turn()


def _list(session: Session) -> Turn:
    for position in range(1, len(session) + 1):
        shown = session.shown(position)
        mark = "answered" if shown.question.id in session.answers else "open"
        say(f"  {position:>3}. {mark:<9} {shown.question.title or shown.question.id}"[: width()])
    return Turn()


def _help() -> Turn:
    for keys, meaning in COMMANDS:
        say(f"  {keys:<5} {meaning}")
    return Turn()
