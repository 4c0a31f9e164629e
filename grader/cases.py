"""Calls that a hidden test makes, and what trusted code gives for them.

A suite lists its calls once, as `Cases`. They are encoded for the pipe once, evaluated by each
reference and each misconception once, and then sent to every submission as they are.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from typing import Protocol
from weakref import WeakKeyDictionary

import numpy as np

from grader.marks import FunctionMark
from grader.sandbox import Outcome, Raised, Returned, wire
from nnv.compare import involves_float32

REMEMBERED = 256  # replies of a batch that were shared out before
SMALL = 2048  # numbers and words


@dataclass(frozen=True, slots=True)
class Call:
    """One call of a function: positional and keyword arguments, as plain data."""

    args: tuple[object, ...]
    kwargs: Mapping[str, object]


class Cases:
    """Calls in the order in which they are judged, from the smallest to the largest.

    Attributes:
        calls: the calls.
        watched: whether it counts that the calls leave their arguments alone.
        judged: judgements that were made before, see `grader.suite`; a sandbox gives the very
            same outcomes object for the very same bytes.
    """

    def __init__(self, calls: tuple[Call, ...]) -> None:
        self.calls = calls
        self.watched = False
        self.judged: dict[tuple[object, ...], tuple[object, ...]] = {}

    def __len__(self) -> int:
        return len(self.calls)

    def __iter__(self) -> Iterator[Call]:
        return iter(self.calls)

    def __getitem__(self, index: int) -> Call:
        return self.calls[index]

    @cached_property
    def request(self) -> bytes:
        """The calls as they cross the pipe."""
        return _request([self])

    @cached_property
    def loose(self) -> tuple[bool, ...]:
        """For each call, whether an argument is ``float32``, which widens the tolerance."""
        return tuple(involves_float32([*c.args, *c.kwargs.values()]) for c in self.calls)

    @cached_property
    def sizes(self) -> tuple[int, ...]:
        """For each call, how many numbers and words its arguments hold."""
        return tuple(_size([*c.args, *c.kwargs.values()]) for c in self.calls)


def _request(parts: Sequence[Cases]) -> bytes:
    calls = [(one.args, one.kwargs) for part in parts for one in part]
    return wire.encode_calls(calls, [part.watched for part in parts for _ in part])


def _size(value: object) -> int:
    if isinstance(value, np.ndarray):
        return value.size
    if isinstance(value, (list, tuple)):
        return sum(map(_size, value))
    return 1


def call(*args: object, **kwargs: object) -> Call:
    """Write a call as a student would: ``call([1.0], W=[[2.0]], b=[0.5])``."""
    return Call(args, kwargs)


def cases(*calls: Call) -> Cases:
    """Gather calls, from the smallest to the largest."""
    return Cases(calls)


def repeated(once: Cases) -> Cases:
    """The same calls twice in a row: a function that keeps state gives other results then."""
    return Cases(once.calls + once.calls)


@dataclass(frozen=True, slots=True)
class Run:
    """What came of the calls of `Cases`.

    Attributes:
        outcomes: one for each call; empty where the run was cut short.
        ending: None, or why it was cut short: ``timeout``, ``memory`` or ``crashed``.
        in_flight: the call that was running then, if known.
        missing: whether there is no such function.
    """

    outcomes: tuple[Outcome, ...] = ()
    ending: str | None = None
    in_flight: int | None = None
    missing: bool = False

    def gives_float32(self, given: Cases) -> bool:
        """Whether ``float32`` numbers came back from a call that was given none."""
        return any(
            isinstance(outcome, Returned) and not loose and involves_float32(outcome.value)
            for outcome, loose in zip(self.outcomes, given.loose, strict=True)
        )


def is_small(outcomes: Iterable[Outcome]) -> bool:
    """Whether outcomes take so little memory that they may be remembered."""
    return _size([o.value for o in outcomes if isinstance(o, Returned)]) <= SMALL


@dataclass(eq=False)
class Shares:
    """What came of a batch, test by test; equal only to itself.

    Attributes:
        runs: for each of the batch's parts what came of it.
        judged: what a marker found out about it, where its tests asked for all of this and for
            nothing else; it holds wherever these very shares turn up again.
        marks: what was written about it, by all else that went into the writing.
    """

    runs: list[tuple[Cases, Run]]
    judged: object = None
    marks: dict[object, FunctionMark] = field(default_factory=dict)

    @cached_property
    def gives_float32(self) -> bool:
        """Whether ``float32`` numbers came back from any call that was given none."""
        return any(run.gives_float32(given) for given, run in self.runs)

    def cover(self, runs: Mapping[tuple[str, Cases], Run], function: str) -> bool:
        """Whether all of these were asked for by the function's tests."""
        return all(runs.get((function, given)) is run for given, run in self.runs)


class Batch:
    """The cases of several tests of a function, to be sent together."""

    def __init__(self, parts: Iterable[Cases]) -> None:
        self.parts = tuple(parts)
        self._known: dict[int, tuple[tuple[Outcome, ...], Shares]] = {}

    def __len__(self) -> int:
        return sum(map(len, self.parts))

    @cached_property
    def request(self) -> bytes:
        """The calls of all parts as they cross the pipe."""
        return _request(self.parts)

    def apart(self, outcomes: tuple[Outcome, ...]) -> Shares:
        """Share the outcomes out among the tests; the same outcomes give the very same shares."""
        if id(outcomes) in self._known:
            return self._known[id(outcomes)][1]
        rest = iter(outcomes)
        shares = Shares([(part, Run(tuple(islice(rest, len(part))))) for part in self.parts])
        if is_small(outcomes):
            if len(self._known) >= REMEMBERED:
                self._known.clear()
            self._known[id(outcomes)] = (outcomes, shares)  # kept, so that no other has its id
        return shares


class Handle(Protocol):
    """One function of a student or of the reference, to be called with `Cases`."""

    @property
    def name(self) -> str:
        """The function's name."""
        ...

    def run(self, given: Cases) -> Run:
        """Make the calls and gather what came of them."""
        ...


def evaluate(function: Callable[..., object], one: Call, watched: bool = True) -> Outcome:
    """Call trusted code in this process, with the same view of it as the sandbox has.

    Args:
        function: a reference or a misconception; never a student's function.
        one: the call.
        watched: whether it counts that it leaves its arguments alone.

    Returns:
        What it returned, as plain data, or raised; and whether it changed its arguments.
    """
    kept = copy.deepcopy((one.args, dict(one.kwargs)))
    before = wire.encode(kept) if watched else b""
    args, kwargs = wire.with_activations(kept)
    try:
        value = function(*args, **kwargs)
    except Exception as error:  # whatever a wrong version raises is its outcome
        return Raised(
            type=type(error).__name__,
            message=str(error),
            value_error=isinstance(error, ValueError),
            where=None,
            line=None,
            changed=watched and wire.encode(kept) != before,
        )
    changed = watched and wire.encode(kept) != before
    return Returned(value=wire.decode(wire.encode(value)), changed=changed)


class Trusted(Handle, Protocol):
    """A function of the reference, which can be called in this process as well."""

    @property
    def function(self) -> Callable[..., object]:
        """The function itself."""
        ...


class LocalHandle:
    """A trusted function in this process; each `Cases` is evaluated once and kept as long as it."""

    def __init__(self, name: str, function: Callable[..., object]) -> None:
        self.name = name
        self.function = function
        self._runs: WeakKeyDictionary[Cases, Run] = WeakKeyDictionary()

    def run(self, given: Cases) -> Run:
        """Make the calls, or give what they gave before."""
        if given not in self._runs:
            self._runs[given] = Run(
                tuple(evaluate(self.function, one, given.watched) for one in given)
            )
        return self._runs[given]


class LocalFunctions:
    """Trusted functions by name, for the fixtures `reference` and, in our tests, `student`."""

    def __init__(self, functions: Mapping[str, Callable[..., object]]) -> None:
        self._handles = {name: LocalHandle(name, f) for name, f in functions.items()}

    def __getattr__(self, name: str) -> LocalHandle:
        try:
            return self._handles[name]
        except KeyError:
            raise AttributeError(f"no function named {name!r}") from None
