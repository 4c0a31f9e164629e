"""Pictures for the notebook: the bend of ReLU, and a network's output over the plane.

They are PNG with a sentence beside it, so that every front end shows them. Without matplotlib, or
where the student's function does something unforeseen, there is no picture and no error.
"""

from __future__ import annotations

import base64
import importlib
import io
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

Picture = dict[str, str]
_Functions = Mapping[str, Any]
_SIDE = 121


def of(name: str, functions: _Functions) -> Picture | None:
    """Draw what a function does.

    Args:
        name: the function.
        functions: what the notebook defines, by name.

    Returns:
        PNG in base64 and a sentence, by MIME type; None where there is no picture.
    """
    draw = _DRAWN.get(name)
    if draw is None:
        return None
    try:
        with np.errstate(all="ignore"):
            return draw(functions)
    except Exception:
        return None


def _relu(functions: _Functions) -> Picture:
    figure, axes = _figure()
    z = np.linspace(-3.0, 3.0, 241)
    axes.plot(z, z, color="0.6", linestyle="--", label="z, a straight line")
    axes.plot(z, np.asarray(functions["relu"](z)), color="C0", linewidth=2.5, label="relu(z)")
    axes.axhline(0.0, color="0.85", zorder=0)
    axes.set(xlabel="z", title="The bend: nothing below zero gets through")
    axes.legend()
    return _png(figure, "relu(z) is 0 up to z = 0 and rises as z from there on.")


def _network(functions: _Functions) -> Picture:
    # Three cuts of the plane, and an output that is above 0 only inside all of them.
    angles = np.pi * np.array([0.5, 7 / 6, 11 / 6])
    hidden = np.stack([np.cos(angles), np.sin(angles)]), np.full(3, -0.5)
    layers = [hidden, (np.full((3, 1), -1.0), np.array([0.5]))]
    figure, axes = _figure()
    _plane(figure, axes, functions["network"], layers, (-2.5, 2.5), 0.0)
    axes.set_title("One hidden layer of three neurons")
    return _png(figure, "A network's output over the plane: three straight cuts make one island.")


def _xor(functions: _Functions) -> Picture:
    figure, axes = _figure()
    _plane(figure, axes, functions["network"], functions["xor_layers"](), (-0.5, 1.5), 0.5)
    for (x, y), marker in {(0, 0): "o", (1, 1): "o", (0, 1): "^", (1, 0): "^"}.items():
        axes.plot(x, y, marker, color="white", markeredgecolor="black", markersize=10)
    axes.set_title("Triangles above 0.5, circles below")
    return _png(figure, "The output of your layers over the plane; the line is where it is 0.5.")


def _plane(
    figure: Any,
    axes: Any,
    network: Callable[[Any, Any], Any],
    layers: object,
    span: tuple[float, float],
    level: float,
) -> None:
    side = np.linspace(*span, _SIDE)
    x, y = np.meshgrid(side, side)
    output = network(np.column_stack([x.ravel(), y.ravel()]), layers)
    z = np.asarray(output).reshape(_SIDE, _SIDE)
    figure.colorbar(axes.pcolormesh(x, y, z, shading="auto"), ax=axes)
    axes.contour(x, y, z, levels=[level], colors="white")
    axes.set(xlabel="first input", ylabel="second input", aspect="equal")


def _figure() -> tuple[Any, Any]:
    # By name, so that the student edition does not come to need it.
    figure = importlib.import_module("matplotlib.figure").Figure(figsize=(5, 3.6), dpi=90)
    return figure, figure.add_subplot()


def _png(figure: Any, text: str) -> Picture:
    written = io.BytesIO()
    figure.savefig(written, format="png", bbox_inches="tight")
    return {"image/png": base64.b64encode(written.getvalue()).decode(), "text/plain": text}


_DRAWN: dict[str, Callable[[_Functions], Picture]] = {
    "relu": _relu,
    "network": _network,
    "xor_layers": _xor,
}
