"""Bars of a student's own counts: parameters, and bytes against what common GPUs hold."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, lru_cache
from typing import Any

from markupsafe import Markup
from matplotlib.patches import Rectangle

from grader.feedback.canvas import ACCENT, INK, PAPER, SOFT, Canvas, drawing
from grader.feedback.samples import MODELS, STEPS, WIDTHS

GIB = 2**30
GPUS = (
    (8, "laptop\n8 GB", "right"),
    (24, "RTX 4090\n24 GB", "left"),
    (80, "H100\n80 GB", "center"),
    (141, "H200\n141 GB", "center"),
)
"""Common GPUs: their memory in GiB, which their makers call GB, and where the label goes."""


def counts(sample: Any) -> Markup | None:
    """Parameters of networks of growing width, as bars."""
    if sample is None:
        return None
    labels = tuple(f"{width:,} wide" for width in WIDTHS)
    title = "Parameters by your network_parameters"
    return _bars("counts", labels, 1.6e8, tuple(sample), _number, title)


def memory(weights: Any, steps: Any) -> Markup | None:
    """Bytes of models and of training steps as bars, against what common GPUs hold."""
    if weights is None and steps is None:
        return None
    values = (*(weights or [None] * len(MODELS)), *(steps or [None] * len(STEPS)))
    labels = tuple(f"{billions}B, {bits}-bit" for billions, bits in MODELS)
    labels += tuple(f"train, {optimizer}" for optimizer, _ in STEPS)
    title = "Memory by your weight_bytes and training_bytes against common GPUs"
    return _bars("memory", labels, 165 * GIB, values, _bytes, title)


@lru_cache(maxsize=256)
def _bars(
    name: str,
    labels: tuple[str, ...],
    top: float,
    values: tuple[float | None, ...],
    show: Callable[[float], str],
    title: str,
) -> Markup:
    canvas, bars, texts = _bar_canvas(name, labels, top)
    for bar, text, value in zip(bars, texts, values, strict=True):
        length = 0.0 if value is None else min(max(value, 0.0), top)
        bar.set_width(length)
        inside = length > 0.6 * top
        text.set_text("no number" if value is None else show(value))
        text.set(
            x=length - 0.012 * top if inside else length + 0.012 * top,
            horizontalalignment="right" if inside else "left",
            color=PAPER if inside else INK,
        )
    return canvas.draw([*bars, *texts], title)


@cache
@drawing()
def _bar_canvas(name: str, labels: tuple[str, ...], top: float) -> tuple[Canvas, Any, Any]:
    marks = GPUS if name == "memory" else ()
    canvas = Canvas(name, 360, (27 if marks else 44) * len(labels) + (36 if marks else 8))
    canvas.place(98, 4, 8, 30 if marks else 4)
    axes = canvas.axes
    axes.set(xlim=(0, top), ylim=(len(labels) - 0.5, -0.5), xticks=())
    axes.set_yticks(range(len(labels)), labels)
    axes.tick_params(length=0)
    axes.spines[["bottom"]].set_visible(False)
    for gib, label, side in marks:
        axes.axvline(gib * GIB, color=SOFT, linewidth=1, linestyle=(0, (2, 3)))
        axes.text(
            gib * GIB, -0.62, label, va="bottom", ha=side, size=9.5, linespacing=1.2, color=SOFT
        )
    bars = [
        axes.add_patch(Rectangle((0, i - 0.34), 0, 0.68, color=ACCENT, linewidth=0, animated=True))
        for i in range(len(labels))
    ]
    texts = [axes.text(0, i, "", va="center", color=INK, animated=True) for i in range(len(labels))]
    return canvas, bars, texts


def _number(value: float) -> str:
    for size, letter in ((1e12, " trillion"), (1e9, " billion"), (1e6, " million"), (1e3, "k")):
        if abs(value) >= size:
            return f"{value / size:.3g}{letter}"
    return f"{value:g}"


def _bytes(value: float) -> str:
    for size, unit in ((1e12, "TB"), (1e9, "GB"), (1e6, "MB"), (1e3, "kB")):
        if abs(value) >= size:
            return f"{value / size:.3g} {unit}"
    return f"{value:g} bytes"
