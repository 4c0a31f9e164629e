"""One student's page: what each function earned, what is wrong and why, and pictures of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from grader.adjusting import explain
from grader.feedback import bars
from grader.feedback import pictures as draw
from grader.feedback.markdown import WORDS
from grader.feedback.matrices import Value, both, value
from grader.feedback.pictures import Picture
from grader.feedback.site import page
from nnv.manifest import Function, Manifest

STRIP = 1000.0
"""Width of the strip of all functions, in its own units."""
_SHOWN_APART = ("gave", "raised", "expected", "hint", "next")
_FOLDS_TEXT = (
    "The sheet that your xor_layers start from, how your network folds it layer by layer, and what "
    "it answers: orange means 1, blue means 0. Orange points should lie on orange, blue ones on "
    "blue. Last, the same layers after your collapse: without a bend, one straight line is all."
)


@dataclass(frozen=True, slots=True)
class Failure:
    """A failing call taken apart: its arguments, what came back, what was due."""

    arguments: tuple[tuple[str, Value], ...]
    gave: Value | None
    raised: str | None
    due: Value | None
    refuses: bool


@dataclass(frozen=True, slots=True)
class Card:
    """One function on the page.

    Attributes:
        state: ``right``, ``part`` or ``wrong``, after its points.
        words: the verdict in words.
        lines: what the message says besides the call and its values.
        failure: the failing call, where there is one.
        left, width: its place in the strip of all functions.
    """

    function: Function
    mark: dict[str, Any]
    state: str
    words: str
    lines: tuple[str, ...]
    failure: Failure | None
    left: float
    width: float

    @property
    def earned(self) -> float:
        """The part of its place in the strip that it earned."""
        return round(float(self.width * self.mark["points"] / self.mark["max_points"]), 2)


@dataclass(frozen=True, slots=True)
class Panel:
    """Pictures that belong together, with a sentence that says what is to be seen."""

    title: str
    text: str
    pictures: tuple[Picture, ...]
    style: Literal["", "wide", "bars"] = ""


def student_page(
    record: dict[str, Any],
    detail: dict[str, Any],
    manifest: Manifest,
    reference: dict[str, Any] | None = None,
) -> str:
    """Write one student's page.

    Args:
        record: the submission's entry in ``results.json``.
        detail: its failing calls taken apart, and samples for the pictures; may be empty.
        manifest: the functions, with their sections of the lesson.
        reference: samples of the references, to be shown pale where a function is wrong.

    Returns:
        HTML that needs nothing but itself.
    """
    cards = _cards(record, detail.get("functions", {}), manifest)
    return page(
        "student.html",
        "student.css",
        record=record,
        manifest=manifest,
        cards=cards,
        first=_first(cards),
        panels=_panels(detail.get("pictures"), record, reference),
        notes=detail.get("notes", []),
        told=explain(record),
        strip=STRIP,
    )


def _cards(
    record: dict[str, Any], failures: dict[str, Any], manifest: Manifest
) -> tuple[Card, ...]:
    cards, left = [], 0.0
    for function in manifest.functions:
        mark = record["functions"].get(function.name)
        if mark is None:
            continue
        width = STRIP * function.points / manifest.max_points
        failure = failures.get(function.name)
        cards.append(
            Card(
                function,
                mark,
                state(mark),
                WORDS[mark["verdict"]],
                _lines(mark["message"], failure is not None),
                None if failure is None else _failure(failure, mark["message"] or ""),
                round(left, 2),
                round(width, 2),
            )
        )
        left += width
    return tuple(cards)


def state(mark: dict[str, Any]) -> str:
    """Whether a function is ``right``, ``part`` right or ``wrong``."""
    if mark["verdict"] == "passed":
        return "right"
    return "part" if mark["points"] else "wrong"


def _lines(message: str | None, apart: bool) -> tuple[str, ...]:
    """The message without what the page shows in its own way."""
    if message is None:
        return ()
    lines, skipping = [], False
    for number, line in enumerate(message.split("\n")):
        label = line.strip().partition(" ")[0]
        if not line.startswith("     "):
            skipping = label in {"hint", "next"} or (
                apart and (number == 0 or label in _SHOWN_APART)
            )
        if not skipping:
            lines.append(line.strip().removeprefix("differs").strip())
    return tuple(line for line in lines if not apart or not _seen_already(line))


def _seen_already(line: str) -> bool:
    """Whether the values side by side, with their marks, say the same."""
    return line == "another number" or (line.startswith("at [") and "expected" in line)


def _failure(stored: dict[str, Any], message: str) -> Failure:
    gave, due = stored["gave"], stored["due"]
    raised = None
    shown_gave = shown_due = None
    if gave is not None and due is not None and "value" in gave and "value" in due:
        if gave["value"] != due["value"]:  # else it is not the value that is wrong
            shown_gave, shown_due = both(gave["value"], due["value"])
    elif gave is not None and "value" in gave:
        shown_gave = value(gave["value"])
    elif due is not None and "value" in due:
        shown_due = value(due["value"])
    if gave is not None and "raised" in gave:
        said = [line.strip() for line in message.split("\n")]
        found = [line[6:].strip() for line in said if line.startswith("raised")]
        raised = found[0] if found else gave["raised"]
    arguments = tuple((name, value(data)) for name, data in stored["arguments"])
    refuses = due is not None and "raised" in due
    return Failure(arguments, shown_gave, raised, shown_due, refuses)


def _first(cards: tuple[Card, ...]) -> Card | None:
    """The function to begin with: the first that is wrong in itself; None where all is right."""
    wrong = [card for card in cards if card.state != "right"]
    begun = [card for card in wrong if card.mark["verdict"] != "missing"]
    return next(iter(begun or wrong), None)


def _panels(
    samples: dict[str, Any] | None, record: dict[str, Any], reference: dict[str, Any] | None
) -> tuple[Panel, ...]:
    if not samples:
        return ()

    def beside(*functions: str) -> dict[str, Any] | None:
        marks = record["functions"]
        return reference if any(marks[f]["verdict"] != "passed" for f in functions) else None

    return (
        Panel(
            "The bend",
            "What your relu gives for every z from −3 to 3. One kink: that is all.",
            _relu(samples, beside("relu")),
        ),
        Panel(
            "One neuron draws one line",
            "Each dot is an input (x₁, x₂); the larger it is, the larger your neuron's answer. "
            "Rings are answers of 0. On the line, your weighted sum is 0.",
            _neuron(samples, beside("neuron", "weighted_sum")),
        ),
        *_folds(samples, beside("network", "xor_layers", "collapse")),
        Panel(
            "Twice as wide, four times the weights",
            "Parameters of a network of three equally wide layers, counted by your "
            "network_parameters.",
            _counts(samples, beside("network_parameters")),
            "bars",
        ),
        Panel(
            "Does it fit?",
            "Models of so many billion parameters by your weight_bytes, and a training step of "
            "25 layers, each 8,192 wide, by your training_bytes, against what common GPUs hold.",
            _memory(samples, beside("weight_bytes", "training_bytes")),
            "bars",
        ),
    )


def _both(own: Picture, due: Picture | None) -> tuple[Picture, ...]:
    return (own,) if due is None else (own, due)


def _relu(samples: dict[str, Any], due: dict[str, Any] | None) -> tuple[Picture, ...]:
    pale = due and Picture(draw.relu(due["relu"]), "a right relu", pale=True)
    return _both(Picture(draw.relu(samples.get("relu")), "your relu"), pale or None)


def _neuron(samples: dict[str, Any], due: dict[str, Any] | None) -> tuple[Picture, ...]:
    pale = due and Picture(draw.neuron(due["neuron"]), "a right neuron", pale=True)
    return _both(Picture(draw.neuron(samples.get("neuron")), "your neuron"), pale or None)


def _counts(samples: dict[str, Any], due: dict[str, Any] | None) -> tuple[Picture, ...]:
    pale = due and Picture(bars.counts(due["counts"]), "right counts", pale=True)
    return _both(Picture(bars.counts(samples.get("counts")), "your counts"), pale or None)


def _memory(samples: dict[str, Any], due: dict[str, Any] | None) -> tuple[Picture, ...]:
    pale = due and Picture(bars.memory(due["weights"], due["steps"]), "right bytes", pale=True)
    own = bars.memory(samples.get("weights"), samples.get("steps"))
    return _both(Picture(own, "your bytes"), pale or None)


def _folds(samples: dict[str, Any], due: dict[str, Any] | None) -> list[Panel]:
    folds = samples.get("folds") or {"layers": [], "widths": [], "answer": None, "collapsed": None}
    own = Panel("Your layers fold the plane", _FOLDS_TEXT, _steps(folds, "your"), "wide")
    if due is None:
        return [own]
    pale = _steps(due["folds"], "a right", pale=True)
    return [own, Panel("How right functions fold it", "One way of many.", pale, "wide")]


def _steps(folds: dict[str, Any], whose: str, *, pale: bool = False) -> tuple[Picture, ...]:
    pictures = [Picture(draw.plane(), "the flat plane", pale)]
    for number, (points, width) in enumerate(
        zip(folds["layers"], folds["widths"], strict=False), start=1
    ):
        seen = f", its widest two of {width} directions" if width > 2 else ""
        caption = f"after hidden layer {number}{seen}"
        pictures.append(Picture(draw.fold(points, number), caption, pale))
    answer = draw.surface(folds["answer"], "What the network answers all over the plane")
    collapsed = draw.surface(folds["collapsed"], "What the collapsed layers answer")
    return (
        *pictures,
        Picture(answer, f"{whose} network's answer", pale),
        Picture(collapsed, "collapsed: a line at best", pale),
    )
