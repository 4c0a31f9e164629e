"""What a hidden suite is written with: calls, and the judgements that compare their outcomes.

A suite is an ordinary pytest module. Its tests take the fixtures ``student`` and ``reference``
(see `grader.plugin`), carry the marker ``points(function, points, needs_values=False)`` and judge
by calling `agree`, `leaves_arguments_alone` or `separates_xor`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from grader.cases import Call, Cases, Handle, Run, Trusted, call, cases, is_small, repeated
from grader.sandbox import Outcome, Raised, Returned, named
from grader.verdict import Verdict
from nnv.compare import Difference, Kind, describe, difference, real_array

__all__ = [
    "Cases",
    "Disagreement",
    "Failure",
    "agree",
    "call",
    "cases",
    "leaves_arguments_alone",
    "named",
    "repeated",
    "separates_xor",
]


REMEMBERED = 256  # judgements of one `Cases`


@dataclass(frozen=True, slots=True)
class Failure:
    """The first call of a test that went wrong.

    Attributes:
        function: the function that was called.
        call: the call.
        size: how much its arguments hold; of several failures the smallest is shown.
        outcome: what came back; None where nothing did.
        due: what the reference gave.
        difference: where they differ; None where nothing came back.
    """

    function: str
    call: Call
    size: int
    outcome: Outcome | None
    due: Outcome | None
    difference: Difference | None


class Disagreement(AssertionError):
    """A student's function does something else than the reference.

    Attributes:
        verdict: of the test.
        failure: the call that shows it; None where none was made.
    """

    def __init__(self, verdict: Verdict, failure: Failure | None) -> None:
        super().__init__(_summary(verdict, failure))
        self.verdict = verdict
        self.failure = failure


def _summary(verdict: Verdict, failure: Failure | None) -> str:
    if failure is None:
        return verdict.value
    return f"{verdict.value}: {failure.function}: {failure.difference or failure.outcome}"


def agree(student: Handle, reference: Handle, given: Cases, *, kind: Kind = "real") -> None:
    """Hold the student's outcomes against the reference's, from the first call to the last.

    Args:
        student: the function under test.
        reference: the same function of the reference. Where it raises `ValueError`, the student's
            must too, with any message.
        given: the calls.
        kind: what is compared: see `nnv.compare.difference`.

    Raises:
        Disagreement: at the first call that differs.
    """
    _compare(student, reference, given, kind, alone=False)


def leaves_arguments_alone(
    student: Handle, reference: Handle, given: Cases, *, kind: Kind = "real"
) -> None:
    """Like `agree`, and no argument may have changed.

    Raises:
        Disagreement: at the first call that differs or changes its arguments.
    """
    given.watched = True
    _compare(student, reference, given, kind, alone=True)


def _compare(student: Handle, reference: Handle, given: Cases, kind: Kind, *, alone: bool) -> None:
    due = reference.run(given).outcomes
    outcomes = _outcomes(student, given, due)
    key = (id(outcomes), id(due), kind, alone)
    judged = given.judged.get(key)
    if judged is None:
        # The tuples are kept as well, so that no other can have their id.
        judged = (outcomes, due, *_first_difference(outcomes, due, given, kind, alone))
        if is_small(outcomes):
            if len(given.judged) >= REMEMBERED:
                given.judged.clear()
            given.judged[key] = judged
    index, found = judged[2:]
    if isinstance(index, int) and isinstance(found, Difference):
        raise _disagreement(student.name, given, index, outcomes[index], due[index], found)


def _first_difference(
    outcomes: Sequence[Outcome], due: Sequence[Outcome], given: Cases, kind: Kind, alone: bool
) -> tuple[int | None, Difference | None]:
    for index, (got, wanted) in enumerate(zip(outcomes, due, strict=True)):
        found = judge(got, wanted, kind, given.loose[index])
        if found is None and alone and got.changed:
            found = Difference("the arguments were changed: work on a copy, e.g. np.array(x)")
        if found is not None:
            return index, found
    return None, None


def separates_xor(student: Handle, network: Trusted, given: Cases) -> None:
    """Run the student's layers through the reference network on the four inputs of XOR.

    Args:
        student: `xor_layers` of the student.
        network: `network` of the reference.
        given: calls without arguments.

    Raises:
        Disagreement: where the layers are not shaped for `network`, or an output is on the wrong
            side of 0.5.
    """
    for index, got in enumerate(_outcomes(student, given, None)):
        if isinstance(got, Raised):
            found: Difference | None = Difference("it raised an error")
        else:
            found = xor_difference(got.value, network)
        if found is not None:
            raise _disagreement(student.name, given, index, got, None, found)


def judge(got: Outcome, due: Outcome, kind: Kind, loose: bool) -> Difference | None:
    """Compare one outcome with the reference's.

    Returns:
        None where they agree, else what differs.
    """
    if isinstance(due, Raised):
        if isinstance(got, Raised) and got.value_error:
            return None
        if isinstance(got, Raised):
            return Difference(f"it raised {got.type}, expected ValueError")
        return Difference("this input makes no sense, so ValueError is expected")
    if isinstance(got, Raised):
        return Difference(f"it raised {got.type}, expected a result")
    return difference(got.value, due.value, kind=kind, loose=loose)


def _outcomes(
    student: Handle, given: Cases, due: tuple[Outcome, ...] | None
) -> tuple[Outcome, ...]:
    """Make the calls; raise where nothing came back."""
    run = student.run(given)
    if run.missing:
        raise Disagreement(Verdict.MISSING, None)
    if run.ending is None:
        return run.outcomes
    failure = None
    if run.in_flight is not None and run.in_flight < len(given):
        at = run.in_flight
        failure = Failure(
            student.name, given[at], given.sizes[at], None, due[at] if due else None, None
        )
    raise Disagreement(Verdict(run.ending), failure)


def _disagreement(
    name: str, given: Cases, index: int, got: Outcome, due: Outcome | None, found: Difference
) -> Disagreement:
    raised = isinstance(got, Raised) and not (isinstance(due, Raised) or got.value_error)
    raised = raised or (isinstance(got, Raised) and isinstance(due, Returned))
    raised = raised or (isinstance(got, Raised) and due is None)
    verdict = Verdict.ERROR if raised else Verdict.FAILED
    return Disagreement(verdict, Failure(name, given[index], given.sizes[index], got, due, found))


XOR_POINTS = ((0.0, 0.0), (0.0, 1.0), (1.0, 0.0), (1.0, 1.0))


def xor_difference(layers: object, network: Trusted) -> Difference | None:
    """Say what keeps these layers from computing XOR.

    Args:
        layers: a list of ``(W, b)``, as plain data.
        network: the reference's `network`.

    Returns:
        None where all four outputs are on the right side of 0.5.
    """
    shaped = xor_shapes(layers)
    if isinstance(shaped, Difference):
        return shaped
    for point, output in zip(XOR_POINTS, xor_outputs(shaped, network), strict=True):
        due_above = point[0] != point[1]
        if not (output > 0.5 if due_above else output < 0.5):
            side = "above" if due_above else "below"
            inputs = f"({point[0]:.0f}, {point[1]:.0f})"
            return Difference(f"for {inputs} the network gives {output:.6g}, expected {side} 0.5")
    return None


def xor_outputs(layers: list[tuple[np.ndarray, np.ndarray]], network: Trusted) -> list[float]:
    """The reference network's outputs for the four points."""
    with np.errstate(all="ignore"):
        outputs = network.function(np.array(XOR_POINTS), layers)
    return [float(output) for output in np.asarray(outputs)[:, 0]]


def xor_shapes(layers: object) -> list[tuple[np.ndarray, np.ndarray]] | Difference:
    """Take plain data as layers from two inputs to one output, or say what is wrong with it."""
    if not isinstance(layers, (list, tuple)):
        return Difference(f"{describe(layers)}, expected a list of layers (W, b)")
    if len(layers) < 2:
        return Difference(f"{len(layers)} layers, expected at least one hidden layer and the last")
    width, taken = 2, []
    for number, layer in enumerate(layers, start=1):
        pair = _layer(layer, width)
        if isinstance(pair, Difference):
            return Difference(f"layer {number}: {pair.text}")
        taken.append(pair)
        width = pair[0].shape[1]
    if width != 1:
        return Difference(f"the last layer has {width} outputs, expected 1")
    return taken


def _layer(layer: object, width: int) -> tuple[np.ndarray, np.ndarray] | Difference:
    if not isinstance(layer, (list, tuple)) or len(layer) != 2:
        return Difference(f"{describe(layer)}, expected a pair (W, b)")
    weights, bias = real_array(layer[0]), real_array(layer[1])
    if weights is None or weights.ndim != 2 or weights.shape[0] != width or not weights.size:
        return Difference(f"W is {describe(layer[0])}, expected shape ({width}, n)")
    if bias is None or bias.shape != (weights.shape[1],):
        return Difference(f"b is {describe(layer[1])}, expected shape ({weights.shape[1]},)")
    if not (np.isfinite(weights).all() and np.isfinite(bias).all()):
        return Difference("it holds a number that is not finite")
    return weights, bias


def behaviours(run: Run, kind: str, network: Trusted) -> Sequence[object]:
    """What of a run counts when it is held against a misconception's.

    Weights that compute XOR can be any; so of `xor_layers` only its outputs, or its shapes' fault,
    count.
    """
    if kind != "xor":
        return run.outcomes
    return [_xor_behaviour(outcome, network) for outcome in run.outcomes]


def _xor_behaviour(outcome: Outcome, network: Trusted) -> object:
    if isinstance(outcome, Raised):
        return outcome
    shaped = xor_shapes(outcome.value)
    if isinstance(shaped, Difference):
        return shaped.text
    return tuple((o > 0.5) - (o < 0.5) for o in xor_outputs(shaped, network))
