"""The command `nnv quiz`: declared here, done in modules that are imported when they are needed."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from quiz.model import Quiz

QUIZ_OPTION = click.option(
    "--quiz",
    "quiz_file",
    type=click.Path(path_type=Path),
    help="A quiz file; left out: the lesson's.",
)


def _load(quiz_file: Path | None, practice: bool = False) -> Quiz:
    """Load a quiz, or say everything that is wrong with it and stop."""
    from quiz.loader import PRACTICE, bundled, load
    from quiz.problems import QuizFileError

    try:
        return load(quiz_file or (bundled(PRACTICE) if practice else None))
    except QuizFileError as error:
        click.echo(str(error), err=True)
        sys.exit(1)


@click.group("quiz", invoke_without_command=True)
@click.option(
    "--practice", is_flag=True, help="Practise: feedback at once, what went wrong comes again."
)
@click.option("--web", is_flag=True, help="Ask on a page in the browser instead of here.")
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
    answers: Path,
    student: str | None,
    quiz_file: Path | None,
) -> None:
    r"""Take the quiz of the lesson, here in the terminal.

    Every answer is saved at once in answers.yaml, which you hand in with the exercises. Stop
    whenever you like: the next `nnv quiz` goes on where you were.

    \b
    Example:
        nnv quiz
        nnv quiz --practice
    """
    if context.invoked_subcommand is not None:
        return
    made = _load(quiz_file, practice)
    if web:
        from quiz.web import serve

        sys.exit(serve(made, answers, student))
    from quiz.terminal import run

    sys.exit(run(made, answers, student))


@quiz.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print the marks as JSON.")
@click.option(
    "--by-folder", is_flag=True, help="Each file belongs to the student its folder is named after."
)
@QUIZ_OPTION
def mark(files: tuple[Path, ...], as_json: bool, by_folder: bool, quiz_file: Path | None) -> None:
    r"""Mark answers.yaml files, or folders of hand-ins that hold one each.

    Exits with 1 where a file could not be read.

    \b
    Example:
        nnv quiz mark submissions/*/answers.yaml --json
    """
    from quiz.collect import entries, find
    from quiz.marking import results

    made = _load(quiz_file)
    if not made.keyed:
        click.echo("this edition of the quiz holds no key: mark with the instructor's", err=True)
        sys.exit(1)
    marked = entries(made, find(files, by_folder))
    if as_json:
        # a student a line: indenting everything would take longer than the marking
        head, tail = json.dumps(results(made, []), ensure_ascii=False).rsplit("]", 1)
        lines = ",\n".join(json.dumps(item, ensure_ascii=False) for item in marked)
        click.echo(f"{head}\n{lines}]{tail}")
    else:
        _print_marks(marked)
    sys.exit(1 if any("error" in item for item in marked) else 0)


def _print_marks(entries: list[dict[str, Any]]) -> None:
    for item in entries:
        if "error" in item:
            click.echo(f"{item['student']}: not marked", nl=False)
            click.echo(f"  {item['error']}")
            continue
        unsure = [name for name, question in item["questions"].items() if question["unsure"]]
        look = f"  look at: {', '.join(unsure)}" if unsure else ""
        click.echo(f"{item['student']}: {item['points']:g} of {item['max_points']:g}{look}")


@quiz.command()
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
def validate(files: tuple[Path, ...]) -> None:
    r"""Check quiz files; without FILES, the lesson's quiz and its practice bank.

    Prints everything that is wrong with line, column and path, and exits with 1 where anything is.

    \b
    Example:
        nnv quiz validate quiz/lesson04.yaml
    """
    from quiz.loader import DEFAULT, PRACTICE, bundled, load
    from quiz.problems import QuizFileError

    failed = False
    for file in files or (bundled(DEFAULT), bundled(PRACTICE)):
        try:
            made = load(file, cache=False)
        except QuizFileError as error:
            failed = True
            click.echo(str(error))
        else:
            click.echo(f"{file}: {len(made.questions)} questions, {made.max_points:g} points")
    sys.exit(1 if failed else 0)


@quiz.command()
def schema() -> None:
    r"""Print the JSON Schema of quiz files, for editors.

    \b
    Example:
        nnv quiz schema > quiz.schema.json
    """
    from quiz.schema import json_schema

    click.echo(json.dumps(json_schema(), ensure_ascii=False, indent=2))
