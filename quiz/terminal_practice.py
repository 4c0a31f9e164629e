"""Practising in a terminal: feedback at once, another try, and what went wrong comes again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import click

from quiz import terminal
from quiz.expressions import ExpressionError
from quiz.model import Quiz
from quiz.plaintext import plain, with_maths
from quiz.practice import Practice
from quiz.problems import QuizAnswersError
from quiz.scoring.outcome import Outcome
from quiz.session import SessionError, Shown
from quiz.terminal import Stop, line, say, show_outcome, show_question, width
from quiz.typed import how, read

PROGRESS = "practice-progress.json"


def run_practice(quiz: Quiz, answers: Path, student: str) -> int:
    """Practise a bank until the student stops.

    Args:
        quiz: The bank, with its key.
        answers: The student's answers of the graded quiz; progress is saved beside it.
        student: The student's id; may be empty.

    Returns:
        The exit status: 0, or 1 where saved progress cannot be used.
    """
    path = answers.with_name(PROGRESS)
    try:
        practice = Practice.open(quiz, path, student)
    except QuizAnswersError as error:
        click.echo(str(error), err=True)
        return 1
    say(with_maths(quiz.title), bold=True)
    if quiz.text:
        say(plain(quiz.text, width()))
    try:
        _practise(practice)
    except Stop:
        say(f"Stopped. Progress is saved in {path}.")
    except OSError as error:
        click.echo(f"{path}: progress could not be saved: {error}", err=True)
        return 1
    return 0


def _practise(practice: Practice) -> None:
    asked = 0
    while True:
        queue = practice.queue(datetime.now(UTC))
        if not queue:
            _nothing_due(practice)
            queue = [practice.soonest()]
        asked += 1
        _round(practice, practice.shown(queue[0], asked), len(queue))


def _nothing_due(practice: Practice) -> None:
    """Say when it goes on, and ask whether to go on now.

    Raises:
        Stop: The student has practised enough.
    """
    due = practice.due(practice.soonest())
    say()
    if due is not None:
        say(f"Nothing is due now; the next question comes again {when(due, datetime.now(UTC))}.")
    say("Enter practises it now all the same; :q stops.")
    if line().strip().startswith(":q"):
        raise Stop


def when(due: datetime, now: datetime) -> str:
    """A time to come as people say it."""
    wait = max(due - now, timedelta())
    if wait < timedelta(minutes=2):
        return "in a minute"
    if wait < timedelta(hours=2):
        return f"in {round(wait.total_seconds() / 60)} minutes"
    if wait < timedelta(days=2):
        return f"in {round(wait.total_seconds() / 3600)} hours"
    return f"in {wait.days} days"


def _round(practice: Practice, shown: Shown, waiting: int) -> None:
    say()
    left = f"Question {shown.position}"
    say(f"{left}{f'{waiting} to go':>{max(1, width() - len(left))}}", bold=True)
    show_question(shown)
    first: Outcome | None = None
    hints = 0
    while True:
        text, hints = _typed(shown, hints)
        if not text:
            if first is None:
                practice.remember(
                    shown.question, Outcome(0.0, shown.question.points), hints, datetime.now(UTC)
                )
            return
        try:
            outcome = practice.try_out(shown, read(shown, text))
        except (SessionError, ExpressionError) as error:
            say(str(error), fg="yellow")
            continue
        show_outcome(outcome)
        if first is None:
            first = outcome
            due = practice.remember(shown.question, outcome, hints, datetime.now(UTC))
        if outcome.points == outcome.max_points:
            say(f"It comes again {when(due, datetime.now(UTC))}.", dim=True)
            return
        say("Try again, or :s to go on.")


def _typed(shown: Shown, hints: int) -> tuple[str, int]:
    """What was typed, empty for going on; and how many hints were shown by then.

    Raises:
        Stop: The student wants to stop.
    """
    say()
    say(plain(how(shown), width()), dim=True)
    say(":h hint · :s go on · :q stop", dim=True)
    while True:
        text = line().strip()
        if text.startswith(":h"):
            hints = terminal.show_hint(shown, hints)
        elif text.startswith(":q"):
            raise Stop
        elif text.startswith(":"):
            return "", hints
        elif text:
            more = shown.question.type == "free_text"
            return (terminal.more(text) if more else text), hints
