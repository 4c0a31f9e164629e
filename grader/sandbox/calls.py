"""Calling a student's function with the cases of a request, and writing down what comes of each."""

from __future__ import annotations

from types import TracebackType
from typing import Any

from grader.sandbox import wire
from grader.sandbox.page import Page
from grader.sandbox.student_code import MAX_MESSAGE, StudentCode

# Taken now, out of a student's reach.
_encode, _encode_same, _decode_calls, _len, _str, _isinstance = (
    wire.encode,
    wire.encode_trusted,
    wire.decode_calls,
    len,
    str,
    isinstance,
)
_BaseException, _Exception, _MemoryError, _ValueError = (
    BaseException,
    Exception,
    MemoryError,
    ValueError,
)
_RETURNED, _RAISED = b"\x93\x00", b"\x97\x01"  # a list of three, a list of seven
_TRUTH = (b"\xc2", b"\xc3")


def run(
    code: StudentCode,
    function: Any,
    request: bytes,
    page: Page,
    result_bytes: int,
) -> tuple[list[bytes], bool]:
    """Call a function with each case of a request.

    Returns:
        The outcomes, encoded, and whether memory ran out at the last one.
    """
    outcomes: list[bytes] = []
    left = result_bytes
    for index, (arguments, watched) in enumerate(_decode_calls(request)):
        page.enter_call(index)
        try:
            outcome = _call(code, function, arguments, left, watched)
        except _MemoryError:
            return outcomes, True
        left -= _len(outcome)
        outcomes.append(outcome)
    page.enter_call(-1)
    return outcomes, False


def _call(code: StudentCode, function: Any, arguments: Any, left: int, watched: int) -> bytes:
    args, kwargs = arguments
    before = _encode_same(arguments) if watched else None
    try:
        value = function(*args, **kwargs)
    except _MemoryError:
        raise
    except _BaseException as error:
        return _raised(code, error, _changed(arguments, before))
    changed = _changed(arguments, before)
    try:
        data = _encode(value)
    except OverflowError as error:
        return _too_large(str(error), changed)
    if _len(data) > left:
        return _too_large("the result takes more than 10 MiB", changed)
    return _RETURNED + changed + data


def _changed(arguments: Any, before: bytes | None) -> bytes:
    if before is None:
        return _TRUTH[False]
    try:
        return _TRUTH[_encode_same(arguments) != before]
    except _MemoryError:
        raise
    except _Exception:  # what stands there now cannot even be written
        return _TRUTH[True]


def _too_large(message: str, changed: bytes) -> bytes:
    return (
        _RAISED + changed + b"".join(map(_encode, ("ResultTooLarge", message, False, None, None)))
    )


def _raised(code: StudentCode, error: BaseException, changed: bytes) -> bytes:
    try:
        message = _str(error)[:MAX_MESSAGE]
    except _BaseException:  # a student's __str__
        message = ""
    name = type(error).__name__
    where, line = _place(code, error.__traceback__)
    fields = (name, message, _isinstance(error, _ValueError), where, line)
    return _RAISED + changed + b"".join(map(_encode, fields))


def _place(code: StudentCode, trace: TracebackType | None) -> tuple[str | None, int | None]:
    """The innermost place in the student's own sources."""
    where, line = None, None
    while trace is not None:
        name = code.files.get(trace.tb_frame.f_code.co_filename)
        if name is not None:
            where, line = name, trace.tb_lineno
        trace = trace.tb_next
    return where, line
