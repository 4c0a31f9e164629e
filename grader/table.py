"""The table at the end of a run: students × functions, points and totals."""

from __future__ import annotations

import textwrap
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
    seen: set[str] = set()
    table = Table(box=None, padding=(0, 1, 0, 0), pad_edge=False, header_style="bold")
    table.add_column("student", overflow="ellipsis", no_wrap=True, max_width=14)
    for number in range(1, len(manifest.functions) + 1):
        table.add_column(str(number), justify="right", no_wrap=True)
    table.add_column("points", justify="right", no_wrap=True)
    table.add_column("quiz", justify="right", no_wrap=True)
    shown, count, sums = 0, 0, dict.fromkeys(manifest.names, 0.0)
    for record in records:
        if record["status"] == "graded":
            count += 1
            for name, mark in record["functions"].items():
                sums[name] = sums.get(name, 0.0) + mark["points"]
        if shown < MOST_ROWS:
            table.add_row(*_row(record, manifest, seen))
        shown += 1
    if count:
        means = [f"{100 * sums[f.name] / count / f.points:.0f}" for f in manifest.functions]
        total = f"{sum(sums.values()) / count:.1f}"
        table.add_row(Text("mean %", style="bold"), *means, total, "")
    console.print(table)
    if shown > MOST_ROWS:
        console.print(f"… and {shown - MOST_ROWS} more students: see results.json")
    console.print(_legend(manifest, console.width), *sorted(seen), sep="\n", highlight=False)


def _legend(manifest: Manifest, width: int) -> str:
    functions = enumerate(manifest.functions, start=1)
    names = "  ".join(f"{i}\u00a0{f.name}\u00a0({f.points:g})" for i, f in functions)
    lines = textwrap.wrap(names, min(width, 100), break_long_words=False)
    return "\n".join(
        [
            "",
            *lines,
            "✓ right, else points; * graded with a right helper in the place of a wrong one",
        ]
    )


def _row(record: dict[str, Any], manifest: Manifest, seen: set[str]) -> list[Text | str]:
    by_hand = {note.get("function", "") for note in record.get("overrides", ())}
    seen |= {"† set by hand"} if by_hand else set()
    seen |= {"− what lateness took off"} if "penalty" in record else set()
    name = Text(record["student"])
    if record["late"]:
        name.append(" late", style="yellow")
    if record["status"] != "graded":
        reason = "unread" if record["status"] == "unreadable" else "fault"
        total = Text(f"{record['points']:g}†", "bold") if by_hand else Text(reason, "red")
        return [name, *([Text("–", style="dim")] * len(manifest.names)), total, ""]
    cells = [_cell(record["functions"].get(f), f in by_hand) for f in manifest.names]
    quiz = record["quiz"]
    quiz_cell = "" if quiz is None else "?" if "error" in quiz else f"{quiz['points']:g}"
    total = Text(f"{record['points']:g}", "bold")
    if any("total" in note for note in record.get("overrides", ())):
        total.append("†")
    if "penalty" in record:
        total.append(f" −{record['penalty']['points']:g}", style="yellow")
    return [name, *cells, total, quiz_cell]


def _cell(mark: dict[str, Any] | None, by_hand: bool = False) -> Text:
    if mark is None:
        return Text("–", style="dim")
    star = ("*" if mark["carried_forward"] else "") + ("†" if by_hand else "")
    if mark["verdict"] == "passed" and mark["points"] == mark["max_points"]:
        return Text(f"✓{star}", "green")
    return Text(f"{mark['points']:g}{star}", "yellow" if mark["points"] else "red")
