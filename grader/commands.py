"""The instructor's and author's commands: what they take, and whom they call."""

from __future__ import annotations

import importlib.util
import json
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from functools import wraps
from pathlib import Path
from typing import ParamSpec

import click

from grader.errors import GraderError, RequestError

P = ParamSpec("P")

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
EXPORTS = ("canvas", "moodle", "gradescope", "junit", "github", "feedback-zip", "csv")
FOLDER = click.Path(file_okay=False, path_type=Path)


def explained(command: Callable[P, int | None]) -> Callable[P, None]:
    """Turn the grader's own errors into one plain sentence and an exit status.

    A wrong request ends with 2, anything else to be reported with 1.
    """

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            status = command(*args, **kwargs)
        except RequestError as error:
            raise click.UsageError(str(error)) from None
        except GraderError as error:
            raise click.ClickException(str(error)) from None
        except KeyboardInterrupt:
            click.echo("stopped; what was graded is kept, run it again to go on", err=True)
            sys.exit(130)
        except Exception as error:
            from grader.sandbox import SandboxError  # knows nothing of the rest

            if not isinstance(error, SandboxError):
                raise
            raise click.ClickException(str(error)) from None
        sys.exit(status or 0)

    return run


def _due(
    _ctx: click.Context, _parameter: click.Parameter, value: datetime | None
) -> datetime | None:
    if value is None or value.tzinfo is not None:
        return value
    return value.replace(tzinfo=UTC)


@click.command(epilog="Example: nnv grade submissions --out results")
@click.argument("submissions", type=FOLDER, required=False)
@click.option("--out", type=FOLDER, help="Folder for the results.")
@click.option(
    "--course", type=FOLDER, help="Folder of an nbgrader course: marks go into its gradebook."
)
@click.option(
    "--workers", type=click.IntRange(1, 256), help="Processes; one a processor if left out."
)
@click.option(
    "--cluster",
    metavar="ADDRESS",
    help="Grade on the workers of a Dask scheduler: tcp://host:8786.",
)
@click.option("--fresh", is_flag=True, help="Grade again what has not changed.")
@click.option(
    "--due",
    type=click.DateTime(["%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M", "%Y-%m-%d"]),
    callback=_due,
    help="What came later is late; UTC unless it says otherwise.",
)
@click.option(
    "--settings",
    type=FILE,
    help="The course's course.yaml: due time, late penalty, roster, marks set by hand.",
)
@click.option("--roster", type=FILE, help="CSV of the students; `extension` moves a due time.")
@click.option(
    "--allow-weak-isolation",
    "allow_weak",
    is_flag=True,
    help="Go on where student code cannot be confined whole. At your own risk.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the results instead of a table.")
@click.option(
    "--pages", is_flag=True, help="Write pages too, with pictures of each one's functions."
)
@explained
def grade(
    submissions: Path | None,
    out: Path | None,
    course: Path | None,
    workers: int | None,
    cluster: str | None,
    fresh: bool,
    due: datetime | None,
    settings: Path | None,
    roster: Path | None,
    allow_weak: bool,
    as_json: bool,
    pages: bool,
) -> int:
    """Grade each entry of SUBMISSIONS as one hand-in, named after the student.

    A hand-in is a folder, a notebook, a .py or a .zip; what Canvas and Moodle call the files of a
    bulk download is understood. Grading again does only what has changed. With --course the marks
    go into an nbgrader course: of SUBMISSIONS, or of the hand-ins that nbgrader has collected.
    """
    if course is not None and out is None:
        return _grade_course(course, submissions, workers or 0, allow_weak, settings, roster)
    if submissions is None or out is None or course is not None:
        raise click.UsageError(
            "give SUBMISSIONS and --out DIR, or --course DIR; to have both, run it twice"
        )
    from grader.course_files import Files
    from grader.results import JSON_FILE
    from grader.run import Options, Summary
    from grader.run import grade as run

    summary: Summary = run(
        Options(
            submissions=submissions,
            out=out,
            workers=workers or 0,
            cluster=cluster,
            fresh=fresh,
            allow_weak=allow_weak,
            due=due,
            quiet=as_json,
            pictures=pages,
            course=Files(settings, roster),
        )
    )
    if as_json:
        click.echo((out / JSON_FILE).read_text(encoding="utf-8"), nl=False)
    tell(summary, out)
    if pages:
        from grader.report import write_pages

        click.echo(f"pages: {write_pages(out)}", err=True)
    return 1 if summary.grader_errors or summary.course_faults else 0


def _grade_course(
    course: Path,
    submissions: Path | None,
    workers: int,
    allow_weak: bool,
    settings: Path | None,
    roster: Path | None,
) -> int:
    if importlib.util.find_spec("nbgrader") is None:
        raise click.ClickException('nbgrader is missing: pip install "nn-visually[nbgrader]"')
    from grader.course_files import Files
    from grader.gradebook.course_marks import apply_course, read_course
    from grader.gradebook.nbgrader import CourseOptions, grade_course

    around = read_course(course, Files(settings, roster))
    summary = grade_course(CourseOptions(course, submissions, workers, allow_weak))
    problems = apply_course(course, around)
    for line in problems:
        click.echo(line, err=True)
    for student, reason in summary.faults:
        click.echo(f"{student}: {reason}", err=True)
    click.echo(
        f"{summary.graded} hand-ins graded into {course} in {summary.seconds:.1f} s "
        f"(isolation: {summary.isolation})",
        err=True,
    )
    return 1 if summary.grader_errors or problems else 0


def tell(summary: object, out: Path) -> None:
    """Say on stderr what a run did, what could not be graded, and where the results are."""
    from grader.run import Summary

    assert isinstance(summary, Summary)
    for student, reason in summary.faults:
        click.echo(f"{student}: {reason}", err=True)
    for line in summary.course_faults:
        click.echo(line, err=True)
    total = summary.graded + summary.unchanged
    unchanged = f", {summary.unchanged} unchanged" if summary.unchanged else ""
    click.echo(
        f"{total} hand-ins: {summary.graded} graded{unchanged}, in {summary.seconds:.1f} s "
        f"(isolation: {summary.isolation})\n"
        f"results: {out / 'results.json'}, feedback: {out / 'feedback'}",
        err=True,
    )
    if summary.course_files:
        click.echo(f"course: {', '.join(summary.course_files)}", err=True)


@click.command(epilog="Example: nnv report results")
@click.argument("results", type=FOLDER)
@click.option(
    "--show-reference",
    is_flag=True,
    help="Show how a picture should look, pale beside it, where the student's function is wrong.",
)
@click.option("--workers", type=click.IntRange(1, 64), help="Processes; at most two if left out.")
@explained
def report(results: Path, show_reference: bool, workers: int | None) -> None:
    """Write the class page and each student's page from RESULTS, what nnv grade --out names.

    Pictures are there where it graded with --pages. A student's page is one file: hand it out.
    """
    from grader.report import write_pages

    click.echo(write_pages(results, show_reference=show_reference, workers=workers or 0))


@click.command(epilog="Example: nnv export canvas results --roster gradebook.csv")
@click.argument("format_name", metavar="FORMAT", type=click.Choice(EXPORTS))
@click.argument("results", type=FOLDER)
@click.option("--out", type=FOLDER, help="Folder to write into; RESULTS/export-FORMAT if left out.")
@click.option("--roster", type=FILE, help="CSV of the students, as Canvas or Moodle exports it.")
@click.option("--column", help="Canvas, Moodle: the column of the points, by its name or id.")
@click.option("--quiz-column", help="Canvas, Moodle: the column of the quiz.")
@click.option(
    "--visibility",
    type=click.Choice(["visible", "hidden", "after_due_date", "after_published"]),
    default="visible",
    show_default=True,
    help="Gradescope: when students see it.",
)
@explained
def export(
    format_name: str,
    results: Path,
    out: Path | None,
    roster: Path | None,
    column: str | None,
    quiz_column: str | None,
    visibility: str,
) -> int:
    """Write RESULTS in the FORMAT of another program.

    canvas, moodle, gradescope, junit, github, csv, or feedback-zip: everybody's feedback, named so
    that Canvas and Moodle hand it out.

    Whoever is in the roster only, or in the results only, is reported; the exit status is then 1.
    """
    from grader.export import export as run
    from grader.gradebook.gathered import Wishes

    written = run(format_name, results, out, roster, Wishes(column, quiz_column, visibility))
    for line in (*written.problems, *written.notes):
        click.echo(line, err=True)
    for path in written.files:
        click.echo(path)
    return 1 if written.problems else 0


@click.command(epilog="Example: nnv demo --out demo-results")
@click.option("--out", type=FOLDER, default=Path("demo-results"), show_default=True)
@explained
def demo(out: Path) -> int:
    """Grade the sample class that comes along, and show where its pages are."""
    from grader.demo import demo as run

    return run(out)


@click.command(epilog="Example: nnv release for-students")
@click.argument("folder", type=FOLDER)
@click.option("--force", is_flag=True, help="Write into a folder that is not empty.")
@explained
def release(folder: Path, force: bool) -> None:
    """Write the student edition into FOLDER: stubs, self-checks, notebook, quiz; no key."""
    from grader.release import ReleaseError, write_student_edition

    try:
        write_student_edition(folder, force=force)
    except ReleaseError as error:
        raise click.ClickException(str(error)) from None
    click.echo(f"The student edition is in {folder}: zip it, or publish it as a repository.")


@click.command(epilog="Example: nnv course lesson04-course")
@click.argument("folder", type=FOLDER)
@click.option("--force", is_flag=True, help="Write into a folder that is not empty.")
@explained
def course(folder: Path, force: bool) -> None:
    """Write an nbgrader course into FOLDER, ready for nbgrader's own commands."""
    from grader.notebook.course import write_course

    write_course(folder, force=force)
    click.echo(f"The course is in {folder}. Go there, then: nbgrader generate_assignment lesson04")


@click.command("check-content", epilog="Example: nnv check-content --json")
@click.option("--json", "as_json", is_flag=True, help="Print the problems as JSON.")
@explained
def check_content(as_json: bool) -> int:
    """Prove that manifest, stubs, solutions, suites, misconceptions and quiz fit together."""
    from grader.content import check_content as run

    problems = run()
    if as_json:
        click.echo(json.dumps([str(problem) for problem in problems], ensure_ascii=False))
    else:
        for problem in problems:
            click.echo(str(problem))
        click.echo(f"{len(problems)} problems" if problems else "The content fits together.")
    return 1 if problems else 0
