"""What a guest says about itself: read as it stands, or refused; nothing in between."""

from __future__ import annotations

from typing import Any

import pytest

from grader.sandbox import Opaque, Problem, Raised, Returned, WireError, replies, wire

FUNCTIONS = {"relu": "relu", "dense": "dense"}
RAISED = [True, False, "ValueError", "no", True, "relu", 3]


def _reply(*outcomes: object, head: object = (7, False, ["relu"])) -> bytes:
    fields = [list(head) if isinstance(head, tuple) else head, *outcomes]
    return wire.encode(fields)


def test_a_reply_is_read() -> None:
    """Number, memory, what was called, and the outcomes."""
    outcomes = (Returned([1.0]), Raised("ValueError", "no", True, "relu", 3))
    read = replies.read_reply(_reply([False, False, [1.0]], RAISED))
    assert read == (7, False, frozenset({"relu"}), outcomes)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        wire.encode([]),
        wire.encode(7),
        _reply(head="no list"),
        _reply(head=(1, 2)),
        _reply(head=("one", False, [])),
        _reply(head=(1, False, "relu")),
        _reply(head=(1, False, [5])),
        _reply("no outcome"),
        _reply([False, False]),
        _reply([False, "changed", 1]),
        _reply([*RAISED[:3], 5, *RAISED[4:]]),
        _reply([*RAISED[:4], "yes", *RAISED[5:]]),
        _reply([*RAISED[:5], 5, 3]),
        _reply([*RAISED[:6], "line"]),
    ],
)
def test_what_is_no_reply_is_refused(data: bytes) -> None:
    """A field that is missing or of another type costs the whole reply."""
    with pytest.raises(WireError):
        replies.read_reply(data)


@pytest.mark.parametrize(("value", "depth"), [(0, 200), ([0] * 50_000, 3)])
def test_lists_that_can_be_no_result_are_known_by_their_type(value: Any, depth: int) -> None:
    """Nested beyond all sense, or with more items than any layer has."""
    for _ in range(depth):
        value = [value]
    (outcome,) = replies.read_reply(_reply([False, False, value]))[3]
    assert outcome == Returned(Opaque("list"))


def test_a_dictionary_is_looked_into() -> None:
    """Its values count as what lists hold."""
    (outcome,) = replies.read_reply(_reply([False, False, {"b": (1, [2])}]))[3]
    assert outcome == Returned({"b": (1, [2])})


def test_many_different_replies_are_read_right() -> None:
    """What is remembered of earlier replies never grows without limit, nor is taken for another."""
    for number in range(replies._SEEN_REPLIES + 2):
        assert replies.read_reply(_reply([False, False, number]))[3] == (Returned(number),)
    assert len(replies._seen) <= replies._SEEN_REPLIES


def test_a_report_is_read() -> None:
    """What is there, what went wrong, what reaches what, and where sources were stopped."""
    report = [["relu", "mine"], [["dense", "NameError", "at 0x7f00aa", 4]], {"relu": ["dense"]}, {}]
    loaded, stopped = replies.read_report(wire.encode(report), FUNCTIONS)
    assert loaded.functions == {"relu"}
    assert loaded.problems == (Problem("dense", "NameError", "at 0x…", 4),)
    assert loaded.reaches == {"relu": {"dense"}}
    assert stopped == {}


@pytest.mark.parametrize(
    "report",
    [
        "no list",
        [[], [], {}],
        ["relu", [], {}, {}],
        [[5], [], {}, {}],
        [[], ["no list"], {}, {}],
        [[], [["dense", "NameError", "text"]], {}, {}],
        [[], [["dense", "NameError", "text", "line"]], {}, {}],
        [[], [["dense", 5, "text", 1]], {}, {}],
        [[], [], [], {}],
        [[], [], {"relu": "dense"}, {}],
        [[], [], {"relu": [5]}, {}],
        [[], [], {}, {"relu": "line"}],
    ],
)
def test_what_is_no_report_is_refused(report: object) -> None:
    """The same holds for what is said about loading."""
    with pytest.raises(WireError):
        replies.read_report(wire.encode(report), FUNCTIONS)
