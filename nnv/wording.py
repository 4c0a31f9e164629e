"""How a call, a value and a difference are shown to a beginner: at most eight lines, no traceback.

The form is always the same: what was called, what came back, what was expected, where they differ
first, one hint. Numbers are rounded to six digits, so that the same mistake reads the same
everywhere.
"""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

import numpy as np

from nnv.compare import Difference, describe

MOST_ITEMS = 8
CALL_WIDTH = 400
VALUE_WIDTH = 240
TEXT_WIDTH = 200
HINT_WIDTH = 96
OBVIOUS = {"another number", "the other truth value"}  # what the two lines above show already


def show(value: object, digits: int = 6) -> str:
    """Write a value on one line: ``[[1.0, 0.5], [0.0, 2.0]]``.

    Args:
        value: plain data; arrays are written as nested lists.
        digits: significant digits of the numbers that are not whole.

    Returns:
        Its text, with long lists cut in the middle.
    """
    if isinstance(value, np.ndarray):
        value = value[()] if value.ndim == 0 else value.tolist()
    if value is None or isinstance(value, (bool, np.bool_)):
        return str(value)
    if isinstance(value, (int, np.integer)):
        return _show_int(int(value))
    if isinstance(value, (float, np.floating)):
        return show_float(float(value), digits)
    if isinstance(value, (Fraction, Decimal)):
        return clip(str(value), 40)
    if isinstance(value, str):
        return clip(repr(visible(value)), TEXT_WIDTH)
    if isinstance(value, dict):
        return clip("{" + ", ".join(f"{show(k)}: {show(v)}" for k, v in value.items()) + "}", 200)
    if isinstance(value, (list, tuple)):
        return _show_items(value, digits)
    name = getattr(value, "name", None)  # a named activation
    return str(name) if isinstance(name, str) else f"<{describe(value)}>"


def show_float(number: float, digits: int = 6) -> str:
    """Write a float with so many significant digits, always recognisable as a float."""
    text = format(number, f".{digits}g")
    return text if any(c in text for c in ".einf") else text + ".0"


def _show_int(number: int) -> str:
    if abs(number) < 10**30:
        return str(number)
    return f"{'-' if number < 0 else ''}a whole number of {abs(number).bit_length()} bits"


def _show_items(items: Sequence[object], digits: int) -> str:
    opening, closing = ("(", ")") if isinstance(items, tuple) else ("[", "]")
    if len(items) <= MOST_ITEMS:
        parts = [show(item, digits) for item in items]
    else:
        head, tail = items[: MOST_ITEMS // 2], items[-1:]
        left_out = len(items) - len(head) - len(tail)
        parts = [
            *(show(item, digits) for item in head),
            f"… {left_out} more …",
            *(show(item, digits) for item in tail),
        ]
    comma = "," if isinstance(items, tuple) and len(items) == 1 else ""
    return opening + ", ".join(parts) + comma + closing


def clip(text: str, width: int) -> str:
    """Cut a text to a width, with an ellipsis where something is left out."""
    return text if len(text) <= width else text[: width - 1] + "…"


def visible(text: str) -> str:
    """Make control and direction characters visible, so that a message cannot disguise itself."""
    return "".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in text)


def show_call(
    function: str,
    args: Sequence[object],
    kwargs: Mapping[str, object],
    names: Sequence[str] = (),
) -> str:
    """Write a call as a student would type it, each argument with its name.

    Args:
        function: its name.
        args: positional arguments.
        kwargs: keyword arguments.
        names: the parameters' names in order, to go with the positional arguments.

    Returns:
        For instance ``dense(x=[1.0], W=[[2.0]], b=[0.5])``.
    """
    label = len(args) > 1
    parts = [
        f"{names[i]}={show(arg)}" if label and i < len(names) else show(arg)
        for i, arg in enumerate(args)
    ]
    parts += [f"{name}={show(value)}" for name, value in kwargs.items()]
    return clip(f"{function}({', '.join(parts)})", CALL_WIDTH)


def value_lines(
    got: object, due: object, found: Difference, due_text: str | None = None
) -> list[str]:
    """The lines that set what came back beside what was expected."""
    digits = 6
    while digits < 17 and show(got, digits) == show(due, digits):
        digits += 5  # a small difference needs more digits to be seen
    lines = [f"  gave      {clip(show(got, digits), VALUE_WIDTH)}{_shape(got)}"]
    lines.append(f"  expected  {due_text or clip(show(due, digits), VALUE_WIDTH) + _shape(due)}")
    if found.where or found.text not in OBVIOUS:
        lines.append(f"  differs   {_where(got, due, found, digits)}")
    return lines


def _shape(value: object) -> str:
    if isinstance(value, np.ndarray) and value.ndim:
        return f"   (shape {value.shape})"
    return ""


def _where(got: object, due: object, found: Difference, digits: int) -> str:
    if not found.where:
        return found.text
    place = "at [" + ", ".join(map(str, found.where)) + "]"
    try:
        mine, wanted = np.asarray(got)[found.where], np.asarray(due)[found.where]
    except (ValueError, IndexError, TypeError):
        return f"{place}: {found.text}"
    return f"{place}: {show(mine, digits)}, expected {show(wanted, digits)}"


def raised_line(kind: str, message: str, where: str | None, line: int | None) -> str:
    """The line that says what the student's code raised, and where in their file."""
    place = f" ({visible(where)}, line {line})" if where and line else ""
    text = " ".join(message.split())
    return f"  raised    {clip(visible(kind + (': ' + text if text else '')), TEXT_WIDTH)}{place}"


def assemble(call: str, lines: Sequence[str], hint: str | None) -> str:
    """Put a failure message together: the call, what happened, one hint; at most eight lines."""
    hint_lines = _folded(f"  hint      {hint}") if hint else []
    return "\n".join([call, *lines[: 7 - len(hint_lines)], *hint_lines])


def _folded(text: str) -> list[str]:
    return textwrap.wrap(
        text, HINT_WIDTH, subsequent_indent=" " * 12, max_lines=3, placeholder=" …"
    )
