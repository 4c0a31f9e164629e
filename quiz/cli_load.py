"""What the commands of `nnv quiz` share: the quiz that they work on."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from quiz.model import Quiz

QUIZ_OPTION = click.option(
    "--quiz",
    "quiz_file",
    type=click.Path(path_type=Path),
    help="A quiz file; left out: the lesson's.",
)


def load_or_stop(quiz_file: Path | None, practice: bool = False) -> Quiz:
    """Load a quiz, or say everything that is wrong with it and stop."""
    from quiz.loader import PRACTICE, bundled, load
    from quiz.problems import QuizFileError

    try:
        return load(quiz_file or (bundled(PRACTICE) if practice else None))
    except QuizFileError as error:
        click.echo(str(error), err=True)
        sys.exit(1)
