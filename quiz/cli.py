"""The command `nnv quiz`: declared here, done in modules that are imported when they are needed.

Instructors' and authors' commands are in `cli_author.py`, which a student edition does not hold.
"""

# ruff: noqa: D301 -- \b is what keeps click from wrapping an example

from __future__ import annotations

import contextlib
import sys
from pathlib import Path

import click

from quiz.cli_load import QUIZ_OPTION, load_or_stop


@click.group("quiz", invoke_without_command=True)
@click.option(
    "--practice", is_flag=True, help="Practise: feedback at once, what went wrong comes again."
)
@click.option("--web", is_flag=True, help="Ask on a page in the browser instead of here.")
@click.option("--no-open", is_flag=True, help="With --web: print the address, open no browser.")
@click.option(
    "--answers",
    type=click.Path(path_type=Path, dir_okay=False),
    default=Path("answers.yaml"),
    show_default=True,
    help="Where your answers are saved.",
)
@click.option("--student", help="Your id on the class list; asked for once where it is left out.")
@QUIZ_OPTION
@click.pass_context
def quiz(
    context: click.Context,
    practice: bool,
    web: bool,
    no_open: bool,
    answers: Path,
    student: str | None,
    quiz_file: Path | None,
) -> None:
    """Take the quiz of the lesson, here in the terminal.

    Every answer is saved at once in answers.yaml, which you hand in with the exercises. Stop
    whenever you like: the next `nnv quiz` goes on where you were.

    \b
    Example:
        nnv quiz
        nnv quiz --practice
        nnv quiz --web
    """
    if context.invoked_subcommand is not None:
        return
    made = load_or_stop(quiz_file, practice)
    if web:
        from quiz.web import serve

        sys.exit(serve(made, answers, student, not no_open))
    from quiz.terminal import run

    sys.exit(run(made, answers, student))


with contextlib.suppress(ImportError):
    from quiz.cli_author import COMMANDS

    for command in COMMANDS:
        quiz.add_command(command)
