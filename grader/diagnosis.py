"""Why a function is wrong: the smallest failing call in plain words, and the misconception.

A misconception is named only where its outcomes equal the student's on every call of every hidden
test of that function. `nnv check-content` proves that no two misconceptions of a function agree on
all of them; were two to fit all the same, the first, more general one is given.
"""

from __future__ import annotations

import inspect
from collections.abc import Mapping, Sequence

import numpy as np

from grader import references
from grader.cases import Cases, Handle, LocalFunctions, LocalHandle, Run, Trusted
from grader.marks import Misconceived
from grader.sandbox import Raised, Returned
from grader.suite import behaviours
from nnv.compare import LOOSE, TIGHT, describe, real_array
from nnv.manifest import Manifest
from solutions import misconceptions

EXACT = 2.0**53  # above, a float no longer tells neighbouring whole numbers apart


class Diagnosis:
    """Knows the probes of each function, its misconceptions and its parameters' names."""

    def __init__(self, manifest: Manifest, reference: LocalFunctions) -> None:
        self._reference = reference
        self._network: Trusted = reference.network
        self._worked_out: dict[LocalHandle, list[Sequence[object]]] = {}
        self._probes: dict[str, list[Cases]] = {name: [] for name in manifest.names}
        self.parameters = {
            name: list(inspect.signature(function).parameters)
            for name, function in references.functions(manifest).items()
        }
        self._known = {
            name: [(m, LocalHandle(name, m.implementation)) for m in misconceptions.of(name)]
            for name in manifest.names
        }

    def watch(self) -> _Watched:
        """A student who hands in the references; shows which cases each test uses."""
        return _Watched(self._reference, self._probes)

    def probes(self, name: str) -> tuple[Cases, ...]:
        """The cases of a function's tests, as far as they have been watched."""
        return tuple(self._probes[name])

    def misconception(
        self, name: str, runs: Mapping[tuple[str, Cases], Run]
    ) -> Misconceived | None:
        """Name the misconception whose outcomes equal the student's on every probe.

        Args:
            name: the function.
            runs: what came of each `Cases`, by function and cases.

        Returns:
            The first that fits; None where none does or a probe has no outcome.
        """
        probes = self._probes[name]
        answered = [runs.get((name, given), Run()) for given in probes]
        if not all(run.outcomes for run in answered):
            return None
        shown = [
            behaviours(run, _kind(g), self._network)
            for run, g in zip(answered, probes, strict=True)
        ]
        right = self._behaviours(getattr(self._reference, name))
        for values_only in (False, True):
            for known, handle in self._known[name]:
                if _fits(shown, self._behaviours(handle), right, probes, values_only):
                    return Misconceived(known.id, known.text)
        return None

    def _behaviours(self, handle: LocalHandle) -> list[Sequence[object]]:
        """What trusted code does on every probe of its function, worked out once."""
        if handle not in self._worked_out:
            self._worked_out[handle] = [
                behaviours(handle.run(given), _kind(given), self._network)
                for given in self._probes[handle.name]
            ]
        return self._worked_out[handle]


def _fits(
    mine: list[Sequence[object]],
    theirs: list[Sequence[object]],
    right: list[Sequence[object]],
    probes: list[Cases],
    values_only: bool,
) -> bool:
    """Tell whether a misconception's behaviour is the student's.

    With `values_only`, calls that ought to raise `ValueError` do not count: who forgets the bias
    and a check of the input as well still forgets the bias. What differs from the reference in
    such calls alone is no name then.
    """
    differs = not values_only
    for given, *three in zip(probes, mine, theirs, right, strict=True):
        for loose, a, b, due in zip(given.loose, *three, strict=True):
            if values_only and isinstance(due, Raised):
                continue
            if not same(a, b, loose):
                return False
            differs = differs or not same(b, due, loose)
    return differs


class _Watched:
    def __init__(self, reference: LocalFunctions, probes: dict[str, list[Cases]]) -> None:
        self._reference = reference
        self._probes = probes

    def __getattr__(self, name: str) -> _WatchedHandle:
        return _WatchedHandle(getattr(self._reference, name), self._probes[name])


class _WatchedHandle:
    def __init__(self, handle: Handle, probes: list[Cases]) -> None:
        self.name = handle.name
        self._handle = handle
        self._probes = probes

    def run(self, given: Cases) -> Run:
        if given not in self._probes:
            self._probes.append(given)
        return self._handle.run(given)


def _kind(given: Cases) -> str:
    """Functions without arguments are `xor_layers`: any weights with the right outputs do."""
    return "xor" if not any(one.args or one.kwargs for one in given) else "real"


def same(a: object, b: object, loose: bool = False) -> bool:
    """Tell whether two outcomes of a call are the same behaviour.

    Args:
        a: the student's outcome.
        b: the misconception's.
        loose: whether an argument was ``float32``.
    """
    if isinstance(a, Raised) or isinstance(b, Raised):
        return isinstance(a, Raised) and isinstance(b, Raised) and a.value_error == b.value_error
    if isinstance(a, Returned) and isinstance(b, Returned):
        return a.changed == b.changed and same_value(a.value, b.value, loose)
    return a == b


def same_value(a: object, b: object, loose: bool = False) -> bool:
    """Tell whether two values are the same to a student: kind, shape and numbers."""
    if isinstance(a, (list, tuple)) and isinstance(b, (list, tuple)) and len(a) == len(b):
        return all(same_value(x, y, loose) for x, y in zip(a, b, strict=True))
    mine, theirs = real_array(a), real_array(b)
    if mine is None or theirs is None:
        return mine is theirs and describe(a) == describe(b) and _same_word(a, b)
    if mine.shape != theirs.shape:
        return False
    if mine.ndim == 0 and max(abs(float(mine)), abs(float(theirs))) > EXACT:
        return bool(_exactly(a) == _exactly(b))
    rtol, atol = LOOSE if loose else TIGHT
    with np.errstate(all="ignore"):
        close = np.abs(mine - theirs) <= atol + rtol * np.abs(theirs)
    return bool((close | (mine == theirs) | (np.isnan(mine) & np.isnan(theirs))).all())


def _exactly(value: object) -> object:
    """A number as Python's own, which compares whole numbers of any size; numpy's overflows."""
    return value.item() if isinstance(value, (np.ndarray, np.generic)) else value


def _same_word(a: object, b: object) -> bool:
    return not isinstance(a, (str, bool, np.bool_)) or a == b
