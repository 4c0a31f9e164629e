"""The picture of an analysis: difficulty against discrimination, and the distribution of points."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from quiz.analysis import Analysis, Item

WEAK = 0.2
DARK, ACCENT, FAINT = "#23313f", "#c2410c", "#9aa5b1"


def draw(analysis: Analysis, path: Path) -> None:
    """Write the picture of an analysis.

    Args:
        analysis: The analysis.
        path: Where to; the ending says the format, such as `.png` or `.svg`.
    """
    from matplotlib.figure import Figure

    figure = Figure(figsize=(11, 5.2), dpi=120, layout="constrained")
    left, right = figure.subplots(1, 2, width_ratios=(3, 2))
    _items(left, analysis.items)
    _totals(right, analysis)
    alpha = "not defined" if analysis.alpha is None else f"{analysis.alpha:.2f}"
    figure.suptitle(
        f"{analysis.quiz}: {analysis.students} students, Cronbach's α {alpha}".replace("$", r"\$")
    )
    metadata = {"Software": None} if path.suffix == ".png" else {}
    figure.savefig(path, metadata=metadata)


def _items(axes: Any, items: tuple[Item, ...]) -> None:
    """Hard questions on top; bars that are short in the right half tell nobody apart."""
    shown = sorted(items, key=lambda item: item.difficulty if item.difficulty is not None else 2)
    places = range(len(shown))
    axes.barh(places, [item.difficulty or 0 for item in shown], color=FAINT, height=0.62)
    marks = [item.discrimination for item in shown]
    colours = [ACCENT if (mark or 0) < WEAK else DARK for mark in marks]
    for place, mark, colour in zip(places, marks, colours, strict=True):
        if mark is not None:
            axes.plot(mark, place, "o", color=colour, markersize=7)
    axes.axvline(WEAK, color=ACCENT, linewidth=0.8, linestyle=":")
    axes.axvline(0, color=DARK, linewidth=0.8)
    axes.set_yticks(list(places), [item.id.replace("$", r"\$") for item in shown], fontsize=8)
    axes.invert_yaxis()
    lowest = min([mark for mark in marks if mark is not None], default=0.0)
    axes.set_xlim(min(-0.05, lowest - 0.05), 1.05)
    axes.set_xlabel("bar: difficulty (share of points earned)   dot: discrimination (item-rest)")
    axes.set_title(f"Questions; a dot left of {WEAK} tells little about who knows more", fontsize=9)
    axes.spines[["top", "right"]].set_visible(False)


def _totals(axes: Any, analysis: Analysis) -> None:
    most = sum(item.max_points for item in analysis.items) or 1
    axes.hist(analysis.totals or [0], bins=min(15, max(5, int(most))), range=(0, most), color=DARK)
    axes.set_xlabel("points")
    axes.set_ylabel("students")
    axes.set_title("Points in the quiz", fontsize=9)
    axes.spines[["top", "right"]].set_visible(False)
