"""The class page: every student and function, what fails most, and who has which misconception."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup
from matplotlib.patches import Rectangle

from grader.feedback.canvas import ACCENT, INK, Canvas
from grader.feedback.site import page, points
from grader.feedback.student import state
from grader.feedback.tally import ClassTally, tally
from nnv.manifest import Manifest

BINS = 20
_SIGNS = {"right": "✓", "part": "", "wrong": ""}


@dataclass(frozen=True, slots=True)
class Row:
    """A student in the table.

    Attributes:
        cells: CSS class and text of each function.
        flags: words that the filters look for.
        misconceptions: keys, as in the list of misconceptions.
    """

    record: dict[str, Any]
    href: str
    cells: tuple[tuple[str, str], ...]
    quiz: str
    flags: str
    misconceptions: str


def class_page(
    records: Sequence[dict[str, Any]],
    links: Mapping[str, str],
    isolation: str,
    manifest: Manifest,
) -> str:
    """Write the class page.

    Args:
        records: the submissions' entries in ``results.json``.
        links: student → address of the student's page.
        isolation: how student code was confined.
        manifest: the functions, in order.

    Returns:
        HTML that needs nothing but itself; it links to the students' pages.
    """
    counted = tally(records, manifest)
    return page(
        "class.html",
        "class.css",
        "class.js",
        manifest=manifest,
        tally=counted,
        hardest=_hardest(counted),
        rows=[_row(record, links[record["student"]], manifest) for record in records],
        links=links,
        isolation=isolation,
        histogram=_histogram(records, manifest.max_points) if counted.graded else None,
        has_quiz=any(record["quiz"] is not None for record in records),
    )


def _hardest(counted: ClassTally) -> list[Any]:
    return sorted(counted.functions, key=lambda f: (f.right, f.part))


def _row(record: dict[str, Any], href: str, manifest: Manifest) -> Row:
    marks = record["functions"]
    flags = [record["status"]]
    if record["late"]:
        flags.append("late")
    if record["status"] == "graded":
        flags.append("perfect" if record["points"] >= record["max_points"] else "lost")
    flags += [f"wrong-{name}" for name, mark in marks.items() if mark["verdict"] != "passed"]
    named = [f"{n}:{m['misconception']['id']}" for n, m in marks.items() if m["misconception"]]
    quiz = record["quiz"]
    return Row(
        record=record,
        href=href,
        cells=tuple(_cell(marks.get(name)) for name in manifest.names),
        quiz="" if quiz is None else "?" if "error" in quiz else points(quiz["points"]),
        flags=" ".join(flags),
        misconceptions=" ".join(named),
    )


def _cell(mark: dict[str, Any] | None) -> tuple[str, str]:
    if mark is None:
        return "na", "–"
    which = state(mark)
    star = "*" if mark["carried_forward"] else ""
    sign = _SIGNS[which] if mark["points"] == mark["max_points"] else ""  # set by hand
    return which, (sign or points(mark["points"])) + star


def _histogram(records: Sequence[dict[str, Any]], most: float) -> Markup:
    """How many students have how many points."""
    counts = [0] * BINS
    for record in records:
        if record["status"] == "graded":
            counts[min(int(record["points"] / most * BINS), BINS - 1)] += 1
    canvas = Canvas("points", 460, 390)
    canvas.place(12, 36, 12, 24)
    axes = canvas.axes
    axes.set(xlim=(0, most), ylim=(0, max(counts)), yticks=())
    axes.set_xticks([most * i / 10 for i in range(11)])
    axes.set_xlabel("points", labelpad=2)
    axes.spines[["left"]].set_visible(False)
    axes.tick_params(length=0)
    width = most / BINS
    for i, count in enumerate(counts):
        axes.add_patch(Rectangle((i * width, 0), width * 0.9, count, color=ACCENT, linewidth=0))
        if count:
            axes.annotate(
                str(count),
                ((i + 0.45) * width, count),
                xytext=(0, 3),
                textcoords="offset points",
                ha="center",
                size=10,
                color=INK,
            )
    return canvas.draw([], "How many students have how many points")
