"""What instructors and authors do with `nnv quiz`: mark, validate, convert, analyse."""

# ruff: noqa: D301 -- \b is what keeps click from wrapping an example

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
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
    with _faults_of_the_quiz():
        marked = entries(made, find(files, by_folder))
    if as_json:
        # a student a line: indenting everything would take longer than the marking
        head, tail = json.dumps(results(made, []), ensure_ascii=False).rsplit("]", 1)
        lines = ",\n".join(json.dumps(item, ensure_ascii=False) for item in marked)
        click.echo(f"{head}\n{lines}]{tail}")
    else:
        _print_marks(marked)
    sys.exit(1 if any("error" in item for item in marked) else 0)


@contextmanager
def _faults_of_the_quiz() -> Iterator[None]:
    """Say what is wrong with the quiz, such as with its rules for free texts, and stop."""
    from quiz.problems import QuizFileError

    try:
        yield
    except QuizFileError as error:
        click.echo(str(error), err=True)
        sys.exit(1)


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
    from quiz.scoring.free import without_rules

    failed = False
    for file in files or (bundled(DEFAULT), bundled(PRACTICE)):
        try:
            made = load(file, cache=False)
            lacking = list(without_rules(made))
        except QuizFileError as error:
            failed = True
            click.echo(str(error))
            continue
        click.echo(f"{file}: {len(made.questions)} questions, {made.max_points:g} points")
        for text in lacking:
            failed = True
            click.echo(f"{file}: {text}")
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


@click.command()
@click.argument("name", metavar="FORMAT")
@click.argument("target", type=click.Path(path_type=Path), required=False)
@click.option("--student", default="export", show_default=True, help="Whose numbers to take.")
@QUIZ_OPTION
def export(name: str, target: Path | None, student: str, quiz_file: Path | None) -> None:
    """Write the quiz in FORMAT: qti, moodle, gift, jupyterquiz, page or print.

    TARGET is a file, or a folder to write into; left out, the current folder. What the format
    cannot hold is said on standard error. The page of a graded quiz holds no key and may be given
    to students; all other files hold it.

    \b
    Example:
        nnv quiz export moodle lesson04.xml
    """
    from quiz.formats import WRITERS, write
    from quiz.problems import QuizError, nearest

    if name not in WRITERS:
        raise click.UsageError(f"unknown format {name!r}; {nearest(name, WRITERS)}")
    made = load_or_stop(quiz_file)
    try:
        exported = write(made, name, student)
    except (QuizError, ImportError) as error:
        click.echo(str(error), err=True)
        sys.exit(1)
    file = target or Path()
    if file.is_dir():
        file /= f"{made.quiz}{exported.suffix}"
    file.write_bytes(exported.content)
    for warning in exported.warnings:
        click.echo(f"warning: {warning}", err=True)
    click.echo(str(file))


@click.command("import")
@click.argument("name", metavar="FORMAT")
@click.argument("source", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.argument("target", type=click.Path(path_type=Path, dir_okay=False))
def import_(name: str, source: Path, target: Path) -> None:
    """Read SOURCE, a file in FORMAT (qti, moodle, gift, jupyterquiz), and write it as quiz YAML.

    What could not be taken over is said on standard error. Exits with 1 where SOURCE is not of
    that format.

    \b
    Example:
        nnv quiz import gift bank.gift bank.yaml
    """
    from quiz.formats import READERS, FormatError, read
    from quiz.problems import nearest
    from quiz.yamlwrite import dumps

    if name not in READERS:
        raise click.UsageError(f"unknown format {name!r}; {nearest(name, READERS)}")
    try:
        imported = read(source.read_bytes(), name)
    except FormatError as error:
        click.echo(f"{source}: {error}", err=True)
        sys.exit(1)
    target.write_text(dumps(imported.quiz), encoding="utf-8", newline="\n")
    for warning in imported.warnings:
        click.echo(f"warning: {warning}", err=True)
    click.echo(f"{target}: {len(imported.quiz.questions)} questions")


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), help="Folder for files.")
@click.option("--json", "as_json", is_flag=True, help="Print the analysis as JSON.")
@QUIZ_OPTION
def analyse(
    files: tuple[Path, ...], out: Path | None, as_json: bool, quiz_file: Path | None
) -> None:
    """Analyse how a class answered: difficulty, discrimination, mistakes, time, Cronbach's alpha.

    FILES are as for `mark`. With --out, writes analysis.csv, mistakes.csv and analysis.png there.
    Exits with 1 where a file could not be read.

    \b
    Example:
        nnv quiz analyse submissions --out analysis
    """
    from quiz.analysis import analyse as analyse_quiz
    from quiz.analysis import csv_files, table
    from quiz.collect import find, read_all

    made = load_or_stop(quiz_file)
    with _faults_of_the_quiz():
        marked, problems = read_all(made, find(files))
    for problem in problems:
        click.echo(problem, err=True)
    found = analyse_quiz(made, marked)
    if out is not None:
        from quiz.picture import draw

        out.mkdir(parents=True, exist_ok=True)
        for name, text in csv_files(found).items():
            (out / name).write_text(text, encoding="utf-8", newline="")
        draw(found, out / "analysis.png")
    click.echo(json.dumps(found.as_json(), indent=2) if as_json else table(found))
    sys.exit(1 if problems else 0)


COMMANDS = (mark, validate, export, import_, analyse, schema)
