"""The table at the end of a run: students × functions, points and totals."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from nnv.manifest import Manifest

MOST_ROWS = 60


def print_table(records: Iterable[dict[str, Any]], manifest: Manifest, console: Console) -> None:
    """Print a row a student; of a large class the first, and the means of all.

    Args:
        records: the submissions' entries in ``results.json``.
        manifest: the functions, in order.
        console: where to print.
    """
    table = Table(title=f"{manifest.title} ({manifest.max_points:g} points)", title_justify="left")
    table.add_column("student", overflow="ellipsis", no_wrap=True, min_width=8)
    for function in manifest.functions:
        table.add_column(_short(function.name), justify="right")
    table.add_column("points", justify="right")
    table.add_column("quiz", justify="right")
    shown, count, sums = 0, 0, dict.fromkeys(manifest.names, 0.0)
    for record in records:
        if record["status"] == "graded":
            count += 1
            for name, mark in record["functions"].items():
                sums[name] = sums.get(name, 0.0) + mark["points"]
        if shown < MOST_ROWS:
            table.add_row(*_row(record, manifest))
        shown += 1
    if count:
        means = [f"{sums[name] / count:.1f}" for name in manifest.names]
        total = f"{sum(sums.values()) / count:.1f}"
        table.add_section()
        table.add_row(Text("mean", style="bold"), *means, total, "")
    console.print(table)
    if shown > MOST_ROWS:
        console.print(f"… and {shown - MOST_ROWS} more students: see results.json")


def _short(name: str) -> str:
    return name.replace("_", "_\n")


def _row(record: dict[str, Any], manifest: Manifest) -> list[Text | str]:
    name = Text(record["student"])
    if record["late"]:
        name.append(" (late)", style="yellow")
    if record["status"] != "graded":
        reason = "not readable" if record["status"] == "unreadable" else "grader error"
        return [name, *([Text("–", style="dim")] * len(manifest.names)), Text(reason, "red"), ""]
    cells = [_cell(record["functions"].get(f)) for f in manifest.names]
    quiz = record["quiz"]
    quiz_cell = "" if quiz is None else "?" if "error" in quiz else f"{quiz['points']:g}"
    return [name, *cells, Text(f"{record['points']:g}", "bold"), quiz_cell]


def _cell(mark: dict[str, Any] | None) -> Text:
    if mark is None:
        return Text("–", style="dim")
    style = "green" if mark["verdict"] == "passed" else "red" if not mark["points"] else "yellow"
    star = "*" if mark["carried_forward"] else ""
    return Text(f"{mark['points']:g}{star}", style)
