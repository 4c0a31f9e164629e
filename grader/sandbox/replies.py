"""Reading what a guest sends: every field is checked before anything is made of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

import msgpack
import numpy as np

from grader.sandbox import wire
from grader.sandbox.model import Loaded, Outcome, Problem, Raised, Returned

MAX_DEPTH = 32  # of lists in lists: no array has more axes, and whoever compares may recurse
MAX_LISTED = 20_000  # numbers in lists: arrays may hold more, but lists are looked at one by one
MAX_OUTCOMES = 10_000
MAX_LINE = 10**6
_SEEN_BYTES, _SEEN_REPLIES = 8192, 2048  # 16 MiB at most
_HEAD_LIMITS: dict[str, Any] = {
    "raw": False,
    "max_array_len": 64,
    "max_map_len": 0,
    "max_ext_len": 0,
    "max_bin_len": 0,
    "max_str_len": 100,
}
_seen: dict[bytes, tuple[Outcome, ...]] = {}
_ADDRESS = re.compile(r"\b0x[0-9a-fA-F]{6,}\b")


def _without_addresses(text: str) -> str:
    """Take memory addresses out, which differ from run to run."""
    return _ADDRESS.sub("0x…", text)


def _name(text: str) -> str:
    """A name that a student chose, with nothing in it that cannot be seen."""
    return "".join(c if c.isprintable() else "?" for c in text[:100])


def _shallow(value: Any) -> Any:
    """The value, or only its type where lists are too deep or too long to be anything."""
    level, listed = [value], 0
    for _ in range(MAX_DEPTH + 1):
        level = [item for items in map(_items, level) for item in items]
        listed += len(level)
        if not level:
            return value
        if listed > MAX_LISTED:
            break
    return wire.Opaque(type(value).__name__)


def _items(value: Any) -> Iterable[Any]:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, (list, tuple)) else ()


def _line(line: int | None) -> int | None:
    return line if line is not None and 0 < line < MAX_LINE else None


def _is(kind: type | tuple[type, ...], *values: object) -> None:
    if not all(isinstance(value, kind) for value in values):
        raise wire.WireError("a field of another type")


def read_reply(
    data: bytes,
) -> tuple[int, bool, frozenset[str], tuple[Outcome, ...]]:
    """Read the reply to a request.

    Returns:
        The request's number, whether memory ran out, the replaced functions that were called, and
        the outcomes.

    Raises:
        WireError: it is no reply.
    """
    head, rest = _split(data)
    if type(head) is not list or len(head) != 3:
        raise wire.WireError("no head")
    number, out_of_memory, called = head
    _is(int, number)
    _is(list, called)
    _is(str, *called)
    return number, out_of_memory, frozenset(called), _outcomes(rest)


def _split(data: bytes) -> tuple[Any, bytes]:
    """The head of a reply, and its outcomes as a list still to be read."""
    try:
        unpacker = msgpack.Unpacker(max_buffer_size=max(1, len(data)), **_HEAD_LIMITS)
        unpacker.feed(data)
        count = unpacker.read_array_header()
        head = unpacker.unpack()
    except (ValueError, TypeError, RecursionError, msgpack.UnpackException) as error:
        raise wire.WireError(f"no head: {type(error).__name__}") from None
    if count < 1:
        raise wire.WireError("no head")
    return head, b"\xdd" + (count - 1).to_bytes(4, "big") + data[unpacker.tell() :]


def _outcomes(data: bytes) -> tuple[Outcome, ...]:
    """Read outcomes; those of a class are often the same to the last bit, and read only once."""
    known = _seen.get(data)
    if known is not None:
        return known
    fields = wire.decode(data)
    _is(list, fields)
    outcomes = tuple(map(_read_outcome, fields))
    if len(data) <= _SEEN_BYTES:
        _lock(outcomes)
        if len(_seen) >= _SEEN_REPLIES:
            _seen.clear()
        _seen[data] = outcomes
    return outcomes


def _lock(outcomes: Iterable[Outcome]) -> None:
    """Make arrays read-only, so that nothing can be changed that several submissions share."""
    level: list[Any] = [outcome.value for outcome in outcomes if isinstance(outcome, Returned)]
    while level:
        for value in level:
            if isinstance(value, np.ndarray):
                value.flags.writeable = False
        level = [item for value in level for item in _items(value)]


def _read_outcome(fields: Any) -> Outcome:
    if type(fields) is not list or len(fields) not in {3, 7}:
        raise wire.WireError("no outcome")
    _is(bool, fields[1])
    if len(fields) == 3:
        return Returned(_shallow(fields[2]), fields[1])
    _, changed, kind, message, value_error, where, line = fields
    _is(str, kind, message)
    _is(bool, value_error)
    _is((str, type(None)), where)
    _is((int, type(None)), line)
    message = _without_addresses(message[:300])
    where = None if where is None else _name(where)
    return Raised(_name(kind), message, value_error, where, _line(line), changed)


def read_report(data: bytes, functions: Mapping[str, str]) -> tuple[Loaded, dict[str, int]]:
    """Read the report on what was loaded.

    Returns:
        What was found, and the line at which a source was stopped.

    Raises:
        WireError: it is no report.
    """
    report = wire.decode(data)
    if type(report) is not list or len(report) != 4:
        raise wire.WireError("no report")
    found, problems, reaches, stopped = report
    _is(list, found, problems)
    _is(str, *found)
    _is(dict, reaches, stopped)
    _is(int, *stopped.values())
    loaded = Loaded(
        frozenset(found) & functions.keys(),
        tuple(map(_read_problem, problems)),
        {name: frozenset(_texts(to)) & functions.keys() for name, to in reaches.items()},
    )
    return loaded, stopped


def _texts(value: Any) -> list[str]:
    _is(list, value)
    _is(str, *value)
    texts: list[str] = value
    return texts


def _read_problem(fields: Any) -> Problem:
    if type(fields) is not list or len(fields) != 4:
        raise wire.WireError("no problem")
    where, kind, message, line = fields
    _is(str, where, kind, message)
    _is((int, type(None)), line)
    return Problem(_name(where), _name(kind), _without_addresses(message[:300]), _line(line))
