"""Holds the free-text marker against labelled answers: agreement, doubts, leaking traps.

python bench/freetext.py                     # all sets
python bench/freetext.py --errors seen       # and every answer of one set that was marked otherwise
python bench/freetext.py --table             # the table of docs/free-text.md
"""

from __future__ import annotations

import hashlib
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import click
import yaml

from quiz.freetext import FreeTextMark, load_rules, mark

DATA = Path(__file__).parent.parent / "tests" / "quiz" / "freetext" / "data"


@dataclass(frozen=True, slots=True)
class Labelled:
    """One answer with the concepts that people gave it."""

    id: str
    question: str
    text: str
    concepts: frozenset[str]
    kind: str


@dataclass(slots=True)
class Figures:
    """What a set says about the marker.

    Attributes:
        concepts: Cohen's kappa, concept by concept.
        questions: quadratic weighted kappa of the points, question by question.
        unsure: share of answers left to an instructor.
        wrong_though_sure: how many of the others have a concept marked otherwise.
        leaks: traps that earn nothing and were given a point.
        wrong: answers with at least one concept marked otherwise.
    """

    answers: int = 0
    concepts: dict[str, float] = field(default_factory=dict)
    questions: dict[str, float] = field(default_factory=dict)
    unsure: float = 0.0
    wrong_though_sure: int = 0
    leaks: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)


def read(path: Path) -> list[Labelled]:
    """The answers of one file."""
    data = yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)
    return [
        Labelled(item["id"], question, item["text"], frozenset(item["concepts"]), item["kind"])
        for question, items in data.items()
        for item in items
    ]


def in_first_half(answer: Labelled) -> bool:
    """Whether an answer was in sight while the rules were written; by hash, so nobody chose."""
    return hashlib.sha256(answer.id.encode()).digest()[0] % 2 == 0


def sets() -> Iterator[tuple[str, list[Labelled]]]:
    """Every set by name."""
    yield "examples", read(DATA / "examples.yaml")
    own = read(DATA / "own.yaml")
    yield "seen", [answer for answer in own if in_first_half(answer)]
    yield "unseen", [answer for answer in own if not in_first_half(answer)]
    for path in sorted(DATA.glob("round-*.yaml")):
        yield path.stem, read(path)
    yield "held-out", read(DATA / "held-out.yaml")
    authors = read(DATA / "authors.yaml")
    yield "authors", [answer for answer in authors if in_first_half(answer)]
    yield "authors-unseen", [answer for answer in authors if not in_first_half(answer)]
    yield "last", read(DATA / "last.yaml")
    yield "after", read(DATA / "after.yaml")
    yield "later", read(DATA / "later.yaml")


#: Answers by which the marker is measured: nobody looks at their errors, nothing learns from them.
UNSEEN = (
    "unseen",
    "held-out",
    "authors-unseen",
    "last",
    "after",
    "later",
    "round-31",
    "round-37",
    "round-44",
)


def is_for_learning(name: str) -> bool:
    """Whether a set may be learned from."""
    return name not in UNSEEN


def cohen(pairs: Sequence[tuple[bool, bool]]) -> float:
    """Cohen's kappa of two markers' yes and no."""
    n = len(pairs)
    observed = sum(a == b for a, b in pairs) / n
    yes_a, yes_b = sum(a for a, _ in pairs) / n, sum(b for _, b in pairs) / n
    expected = yes_a * yes_b + (1 - yes_a) * (1 - yes_b)
    return 1.0 if expected == 1 else (observed - expected) / (1 - expected)


def weighted(pairs: Sequence[tuple[int, int]]) -> float:
    """Cohen's kappa with quadratic weights of two markers' points."""
    n = len(pairs)
    observed = sum((a - b) ** 2 for a, b in pairs) / n
    expected = sum((a - b) ** 2 for a, _ in pairs for _, b in pairs) / n**2
    return 1.0 if expected == 0 else 1 - observed / expected


def measure(answers: Iterable[Labelled]) -> tuple[Figures, dict[str, FreeTextMark]]:
    """Mark a set and compare."""
    rules = load_rules()
    answers = list(answers)
    marks = {answer.id: mark(rules, answer.question, answer.text) for answer in answers}
    figures = Figures(answers=len(answers))
    for question, content in rules.questions.items():
        here = [answer for answer in answers if answer.question == question]
        if not here:
            continue
        for concept in (c.id for c in content.concepts):
            figures.concepts[concept] = cohen(
                [(concept in a.concepts, marks[a.id].concepts[concept]) for a in here]
            )
        figures.questions[question] = weighted(
            [(len(a.concepts), sum(marks[a.id].concepts.values())) for a in here]
        )
    figures.unsure = sum(m.unsure for m in marks.values()) / len(answers)
    for answer in answers:
        given = {name for name, earned in marks[answer.id].concepts.items() if earned}
        if given != answer.concepts:
            figures.wrong.append(answer.id)
            figures.wrong_though_sure += not marks[answer.id].unsure
        if answer.kind == "trap" and not answer.concepts and given:
            figures.leaks.append(answer.id)
    return figures, marks


def show(name: str, figures: Figures) -> None:
    """One block a set."""
    wrong, sure = len(figures.wrong), figures.wrong_though_sure
    counts = f"{figures.answers} answers, {wrong} marked otherwise, {sure} of them without a doubt"
    leaks = f"{len(figures.leaks)} trap leaks {' '.join(figures.leaks)}"
    print(f"\n{name}: {counts}, {figures.unsure:.1%} unsure, {leaks}")
    print("  kappa  " + "  ".join(f"{key} {value:.2f}" for key, value in figures.concepts.items()))
    print("  QWK    " + "  ".join(f"{key} {value:.3f}" for key, value in figures.questions.items()))


def show_errors(
    answers: Sequence[Labelled],
    figures: Figures,
    marks: dict[str, FreeTextMark],
    question: str | None,
) -> None:
    """Every answer that was marked otherwise, with what the marker says of the concepts at odds."""
    for answer in answers:
        if answer.id not in figures.wrong or question not in (None, answer.question):
            continue
        given = {name for name, earned in marks[answer.id].concepts.items() if earned}
        missed, extra = sorted(answer.concepts - given), sorted(given - answer.concepts)
        print(f"  - {answer.id} missed {missed} extra {extra}: {answer.text}")
        for line in marks[answer.id].explanation.splitlines():
            if line.partition(":")[0] in (*missed, *extra):
                print(f"        {line}")


def row(name: str, figures: Figures) -> str:
    """One line of the table in Markdown."""
    kappas, questions = figures.concepts, figures.questions
    worst, hardest = min(kappas, key=kappas.__getitem__), min(questions, key=questions.__getitem__)
    cells = [
        name,
        figures.answers,
        len(figures.wrong),
        figures.wrong_though_sure,
        f"{kappas[worst]:.2f} {worst}",
        f"{sum(kappas.values()) / len(kappas):.2f}",
        f"{questions[hardest]:.3f} {hardest}",
        f"{figures.unsure:.1%}",
        len(figures.leaks),
    ]
    return f"| {' | '.join(map(str, cells))} |"


def print_table() -> None:
    """The examples, every set that is only measured by, and all that was learned from as one."""
    known = dict(sets())
    learned = [a for name, found in known.items() if is_for_learning(name) for a in found]
    shown = ["examples", *UNSEEN]
    for name, found in [*((name, known[name]) for name in shown), ("learned from", learned)]:
        print(row(name, measure(found)[0]))


@click.command()
@click.option("--errors", multiple=True, help="Sets whose differing answers are shown.")
@click.option("--question", default=None, help="Only this question's errors.")
@click.option("--table", is_flag=True, help="Only the table of docs/free-text.md.")
def main(errors: tuple[str, ...], question: str | None, table: bool) -> None:
    """Print the figures of every labelled set."""
    load_rules()
    if table:
        print_table()
        return
    for name, answers in sets():
        start = time.perf_counter()
        figures, marks = measure(answers)
        spent = (time.perf_counter() - start) / len(answers)
        show(name, figures)
        print(f"  {spent * 1e3:.2f} ms an answer")
        if name in errors:
            show_errors(answers, figures, marks, question)


if __name__ == "__main__":
    sys.exit(main())
