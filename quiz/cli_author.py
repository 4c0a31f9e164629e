"""What instructors and authors do with `nnv quiz`: mark, validate, convert, analyse."""

# ruff: noqa: D301 -- \b is what keeps click from wrapping an example

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import click

from quiz.cli_load import QUIZ_OPTION, load_or_stop


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print the marks as JSON.")
@click.option(
    "--by-folder", is_flag=True, help="Each file belongs to the student its folder is named after."
)
@QUIZ_OPTION
def mark(files: tuple[Path, ...], as_json: bool, by_folder: bool, quiz_file: Path | None) -> None:
    """Mark answers.yaml files, or folders of hand-ins that hold one each.

    Exits with 1 where a file could not be read.

    \b
    Example:
        nnv quiz mark submissions/*/answers.yaml --json
    """
    from quiz.collect import entries, find
    from quiz.marking import results

    made = load_or_stop(quiz_file)
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


@click.command()
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
def validate(files: tuple[Path, ...]) -> None:
    """Check quiz files; without FILES, the lesson's quiz and its practice bank.

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


@click.command()
def schema() -> None:
    """Print the JSON Schema of quiz files, for editors.

    \b
    Example:
        nnv quiz schema > quiz.schema.json
    """
    from quiz.schema import json_schema

    click.echo(json.dumps(json_schema(), ensure_ascii=False, indent=2))


COMMANDS = (mark, validate, schema)
