"""`nnv demo`: the sample class that comes along, graded before your eyes."""

from __future__ import annotations

import shutil
from pathlib import Path

import click

from grader.report import write_pages
from grader.results import read_results
from grader.run import Options, UsageError, grade
from grader.sample import write_sample_class

MARKER = ".nnv-demo"


def demo(out: Path) -> int:
    """Lay the sample class out, grade it, write its pages.

    Args:
        out: folder for the class and its results; made anew where an earlier demo made it.

    Returns:
        The exit status.

    Raises:
        UsageError: the folder holds something else.
    """
    if out.exists() and any(out.iterdir()) and not (out / MARKER).exists():
        raise UsageError(f"{out}: holds something else: name another folder with --out")
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    (out / MARKER).touch()
    due = write_sample_class(out / "submissions")
    click.echo(f"The sample class is in {out / 'submissions'}; grading it:\n")
    results = out / "results"
    class_of_ours = Options(
        submissions=out / "submissions", out=results, allow_weak=True, due=due, pictures=True
    )
    summary = grade(class_of_ours)
    click.echo(
        f"\n{summary.graded} hand-ins in {summary.seconds:.1f} s, isolation: {summary.isolation}\n"
    )
    click.echo(_example(results))
    page = write_pages(results)
    click.echo(f"The class page, with a link to every student's page:\n{page}")
    return 1 if summary.grader_errors else 0


def _example(results: Path) -> str:
    """One message of the class, as its student reads it."""
    for record in read_results(results)["submissions"]:
        for name, mark in record["functions"].items():
            if mark["misconception"] and mark["message"]:
                text = mark["misconception"]["text"]
                lines = "\n".join(f"    {line}" for line in mark["message"].split("\n"))
                return f"What {record['student']} reads about {name}, which {text}:\n\n{lines}\n"
    return ""
