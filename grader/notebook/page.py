"""A mark as the output of a notebook's cell: HTML, the same as plain text, and the points alone.

Nbgrader reads a graded cell's points from its one `execute_result`; what is displayed beside it has
no part in the score. The points are always written as a plain, finite float between 0 and the
maximum, because nbgrader takes `nan`, `-1` and `np.float64(0.5)` for full marks.
"""

from __future__ import annotations

import html
import math
import re
from collections.abc import Mapping
from typing import Any

from grader.feedback.markdown import WORDS
from nnv.manifest import Function

Output = dict[str, Any]
_OPENED = re.compile(r"\bOpen exercises/\w+\.py(?: and |, )")
_STYLE = "margin:.3em 0;padding:.5em .8em;border-left:4px solid {};background:{};color:#222"
_COLOURS = {"passed": ("#2a8a3a", "#eff8f0"), "failed": ("#b3402a", "#fcf1ee")}


class BadPointsError(Exception):
    """Points that nbgrader would take for something else: a fault of ours, so nothing is marked."""


def outputs(function: Function, mark: Mapping[str, Any]) -> list[Output]:
    """The outputs of a graded cell.

    Args:
        function: the function's entry in the manifest.
        mark: its mark, as the results hold it.

    Raises:
        BadPointsError: the points are not finite, or not between 0 and the maximum.
    """
    data = {"text/html": as_html(function, mark), "text/plain": as_text(function, mark)}
    return [
        {"output_type": "display_data", "data": data, "metadata": {}},
        points(mark["points"], function.points),
    ]


def points(earned: float, most: float) -> Output:
    """The points as the result of a cell."""
    value = float(earned)
    if not (math.isfinite(value) and 0.0 <= value <= most):
        raise BadPointsError(f"{earned!r} is no number of points between 0 and {most:g}")
    return {
        "output_type": "execute_result",
        "data": {"text/plain": repr(round(value, 6))},
        "execution_count": None,
        "metadata": {},
    }


def refusal(name: str, text: str) -> Output:
    """An error as the output of a cell: nbgrader gives no points for it."""
    return {"output_type": "error", "ename": name, "evalue": text, "traceback": text.splitlines()}


def as_text(function: Function, mark: Mapping[str, Any]) -> str:
    """The mark as plain text."""
    return "\n".join([_headline(function, mark), *_remarks(function, mark), *_message(mark)])


def as_html(function: Function, mark: Mapping[str, Any]) -> str:
    """The mark as HTML in which everything that a student wrote stands as text."""
    edge, ground = _COLOURS["passed" if mark["verdict"] == "passed" else "failed"]
    parts = [f"<b>{html.escape(_headline(function, mark))}</b>"]
    parts += [f"<div>{html.escape(text)}</div>" for text in _remarks(function, mark)]
    message = "\n".join(_message(mark))
    if message:
        style = "white-space:pre-wrap;margin:.4em 0 0;background:transparent;border:0;padding:0"
        parts.append(f'<pre style="{style}">{html.escape(message)}</pre>')
    return f'<div class="nnv-mark" style="{_STYLE.format(edge, ground)}">{"".join(parts)}</div>'


def _headline(function: Function, mark: Mapping[str, Any]) -> str:
    sign = "✓" if mark["verdict"] == "passed" else "✗"
    earned = f"{mark['points']:g} of {mark['max_points']:g} points"
    return f"{sign} {function.name}: {earned}, {WORDS[mark['verdict']]}"


def _remarks(function: Function, mark: Mapping[str, Any]) -> list[str]:
    found = []
    if mark["carried_forward"]:
        helpers = ", ".join(mark["carried_forward"])
        found.append(f"Graded with a right {helpers} in the place of yours, which is wrong.")
    if mark["misconception"]:
        found.append(f"Your {function.name} {mark['misconception']['text']}.")
    if mark["verdict"] != "passed":
        found.append(f'Read again: "{function.section}".')
    return found


def _message(mark: Mapping[str, Any]) -> list[str]:
    """The message, which speaks of a file of the exercises where it means the cell above."""
    return _OPENED.sub("In the cell above, ", mark["message"] or "").splitlines()
