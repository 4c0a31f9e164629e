"""Pictures of what a student's own functions do, drawn from `grader.feedback.samples`."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

import numpy as np
from contourpy import FillType, LineType, contour_generator
from markupsafe import Markup
from matplotlib.artist import Artist
from matplotlib.lines import Line2D
from matplotlib.patches import PathPatch
from matplotlib.path import Path

from grader.feedback.canvas import (
    ACCENT,
    FOLD,
    GRID,
    INK,
    LEVELS,
    ONE,
    PAPER,
    SOFT,
    ZERO,
    Canvas,
    drawing,
)
from grader.feedback.samples import (
    CORNERS,
    LINE_AXIS,
    NEURON_AXIS,
    PLANE,
    PLANE_AXIS,
    RELU_X,
)

SIDE = 220.0
MARGINS = (30.0, 28.0, 8.0, 8.0)
BOUNDS = (-1e16, -0.02, 0.26, 0.34, 0.42, 0.5, 0.58, 0.66, 0.74, 1.02, 1e16)


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture on a page.

    Attributes:
        svg: the drawing; None where the function gave nothing that can be drawn.
        caption: what it shows.
        pale: whether it is the reference's, shown beside the student's own.
    """

    svg: Markup | None
    caption: str
    pale: bool = False


def relu(sample: Any) -> Markup | None:
    """The curve of `relu`."""
    return None if sample is None else _relu(_frozen(sample))


@lru_cache(maxsize=256)
def _relu(sample: tuple[float | None, ...]) -> Markup:
    canvas, curve = _relu_canvas()
    curve.set_data(RELU_X, [math.nan if y is None else min(max(y, -9), 9) for y in sample])
    return canvas.draw([curve], "The curve that your relu draws, from z = -3 to z = 3")


@cache
@drawing()
def _relu_canvas() -> tuple[Canvas, Any]:
    canvas = _square("relu")
    axes = canvas.axes
    axes.set(xlim=(-3.2, 3.2), ylim=(-1.2, 3.2), xticks=range(-3, 4), yticks=range(-1, 4))
    axes.axhline(0, color=GRID, linewidth=1)
    axes.axvline(0, color=GRID, linewidth=1)
    axes.set_xlabel("z", labelpad=1)
    (curve,) = axes.plot([], [], color=ACCENT, linewidth=3, animated=True)
    return canvas, curve


def neuron(sample: Any) -> Markup | None:
    """What `neuron` answers to points of the plane, and the line where the weighted sum is 0."""
    if not sample or sample["dots"] is None:
        return None
    line = sample["line"]
    return _neuron(_frozen(sample["dots"]), None if line is None or None in line else tuple(line))


@lru_cache(maxsize=256)
def _neuron(dots: tuple[float | None, ...], line: tuple[float, ...] | None) -> Markup:
    canvas, sizes, zero = _neuron_canvas()
    points = [(x, y) for y in NEURON_AXIS for x in NEURON_AXIS]
    groups: dict[int, list[tuple[float, float]]] = {n: [] for n in range(len(sizes))}
    for point, value in zip(points, dots, strict=True):
        if value is not None:
            groups[min(math.ceil(max(value, 0.0)), len(sizes) - 1)].append(point)
    for n, marks in enumerate(sizes):
        marks.set_data([x for x, _ in groups[n]], [y for _, y in groups[n]])
    if line is not None:
        zero.set_path(_line(LINE_AXIS, np.reshape(line, (len(LINE_AXIS),) * 2), 0.0))
    title = "Your neuron in the plane: a line, and larger dots where it answers more"
    return canvas.draw([*sizes, *([] if line is None else [zero])], title)


@cache
@drawing()
def _neuron_canvas() -> tuple[Canvas, list[Line2D], PathPatch]:
    canvas = _square("neuron")
    axes = canvas.axes
    axes.set(xlim=(-2.3, 2.3), ylim=(-2.3, 2.3), xticks=range(-2, 3), yticks=range(-2, 3))
    axes.set_xlabel("x₁", labelpad=1)
    axes.set_ylabel("x₂", labelpad=-2)
    sizes = [_marks(canvas, 3.5, "none", SOFT, 1)]
    sizes += [_marks(canvas, size, ACCENT, ACCENT, 0) for size in (5.0, 7.0, 8.5, 10.0)]
    return canvas, sizes, _patch(canvas, "none", INK, 2.5)


@cache
def plane() -> Markup:
    """The flat plane with the four points of XOR, before any layer."""
    return _folded(PLANE, "The flat plane with the four points of XOR")


def fold(points: Sequence[Sequence[float]] | None, layer: int) -> Markup | None:
    """Where a hidden layer takes the plane."""
    if points is None:
        return None
    return _fold(tuple(map(tuple, points)), layer)


@lru_cache(maxsize=256)
def _fold(points: tuple[tuple[float, ...], ...], layer: int) -> Markup:
    return _folded(np.array(points), f"The plane after hidden layer {layer}")


def _folded(points: Any, title: str) -> Markup:
    canvas, lines, zeros, ones = _fold_canvas()
    low, high = points.min(axis=0), points.max(axis=0)
    scale = max(float((high - low).max()), 1e-9)
    unit = (points - (low + high) / 2) / scale + 0.5
    side = len(PLANE_AXIS)
    lattice = unit.reshape(side, side, 2)
    drawn = np.concatenate([lattice[::2], lattice.transpose(1, 0, 2)[::2]])
    codes = np.full(drawn.shape[:2], Path.LINETO)
    codes[:, 0] = Path.MOVETO
    lines.set_path(Path(drawn.reshape(-1, 2), codes.ravel()))
    _set_corners(zeros, ones, unit)
    return canvas.draw([lines, zeros, ones], title)


@cache
@drawing()
def _fold_canvas() -> tuple[Canvas, PathPatch, Line2D, Line2D]:
    canvas = Canvas("fold", SIDE, SIDE)
    canvas.place(12, 12, 12, 12)
    canvas.axes.set(xlim=(-0.05, 1.05), ylim=(-0.05, 1.05))
    canvas.axes.set_axis_off()
    return canvas, _patch(canvas, "none", FOLD, 1.4), *_corner_marks(canvas)


def surface(values: Sequence[float] | None, title: str) -> Markup | None:
    """What a network answers all over the plane, with the line where it says 0.5."""
    return None if values is None else _surface(tuple(values), title)


@lru_cache(maxsize=256)
def _surface(values: tuple[float, ...], title: str) -> Markup:
    canvas, bands, half, marks = _surface_canvas()
    grid = np.reshape(values, (len(PLANE_AXIS), len(PLANE_AXIS)))
    generator: Any = contour_generator(
        PLANE_AXIS, PLANE_AXIS, grid, fill_type=FillType.OuterCode, line_type=LineType.SeparateCode
    )
    artists: list[Artist] = []
    for band, low, high in zip(bands, BOUNDS, BOUNDS[1:], strict=False):
        outlines, codes = generator.filled(low, high)
        if outlines:
            band.set_path(Path(np.concatenate(outlines), np.concatenate(codes)))
            artists.append(band)
    half.set_path(_line(PLANE_AXIS, grid, 0.5))
    return canvas.draw([*artists, half, *marks], title)


@cache
@drawing()
def _surface_canvas() -> tuple[Canvas, list[PathPatch], PathPatch, tuple[Line2D, Line2D]]:
    canvas = _square("answer")
    canvas.axes.set(xlim=(-0.5, 1.5), ylim=(-0.5, 1.5), xticks=(0, 1), yticks=(0, 1))
    canvas.axes.set_xlabel("x₁", labelpad=1)
    canvas.axes.set_ylabel("x₂", labelpad=-2)
    bands = [_patch(canvas, color, "none", 0) for color in LEVELS]
    marks = _corner_marks(canvas)
    _set_corners(*marks, PLANE)
    return canvas, bands, _patch(canvas, "none", INK, 2.5), marks


def _line(axis: Any, grid: Any, level: float) -> Path:
    """The line on which a grid of values is at a level; empty where it never is."""
    generator: Any = contour_generator(axis, axis, grid, line_type=LineType.SeparateCode)
    lines, codes = generator.lines(level)
    if not lines:
        return Path(np.empty((0, 2)))
    return Path(np.concatenate(lines), np.concatenate(codes))


def _patch(canvas: Canvas, fill: str, stroke: str, width: float) -> PathPatch:
    patch = PathPatch(
        Path(np.empty((0, 2))),
        facecolor=fill,
        edgecolor=stroke,
        linewidth=width,
        fill=fill != "none",
        capstyle="round",
        joinstyle="round",
        animated=True,
    )
    canvas.axes.add_patch(patch)
    return patch


def _marks(canvas: Canvas, size: float, fill: str, stroke: str, width: float) -> Line2D:
    (marks,) = canvas.axes.plot(
        [],
        [],
        linestyle="none",
        marker="o",
        markersize=size,
        markerfacecolor=fill,
        markeredgecolor=stroke,
        markeredgewidth=width,
        animated=True,
    )
    return marks


@cache
def _corner_places() -> tuple[int, ...]:
    zero = int(np.flatnonzero(PLANE_AXIS == 0)[0])
    one = int(np.flatnonzero(PLANE_AXIS == 1)[0])
    side = len(PLANE_AXIS)
    return tuple((one if y else zero) * side + (one if x else zero) for x, y in CORNERS)


def _corner_marks(canvas: Canvas) -> tuple[Line2D, Line2D]:
    """The points where XOR says 0, and those where it says 1."""
    return _marks(canvas, 13, ZERO, PAPER, 2.5), _marks(canvas, 13, ONE, PAPER, 2.5)


def _set_corners(zeros: Line2D, ones: Line2D, points: Any) -> None:
    placed = [(points[p], a != b) for p, (a, b) in zip(_corner_places(), CORNERS, strict=True)]
    for marks, wanted in ((zeros, False), (ones, True)):
        here = np.array([point for point, is_one in placed if is_one is wanted])
        marks.set_data(here[:, 0], here[:, 1])


def _frozen(values: Sequence[float | None]) -> tuple[float | None, ...]:
    return tuple(values)


def _square(name: str) -> Canvas:
    canvas = Canvas(name, SIDE, SIDE)
    canvas.place(*MARGINS)
    return canvas
