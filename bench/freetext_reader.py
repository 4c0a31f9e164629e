"""Learns the free-text marker's second reader from the labelled answers.

python bench/freetext_reader.py           # writes quiz/checkpoint_rules.reader.json
python bench/freetext_reader.py --check   # how often five readers err, each on a fifth it never saw

The sets that measure what the marker does with unknown answers are left out.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

import click
import numpy as np
from freetext import Labelled, is_for_learning, sets
from numpy.typing import NDArray

from quiz.freetext import load_rules
from quiz.freetext.model import Learned, Question, Rules, SecondReader
from quiz.freetext.reading import read
from quiz.freetext.rules import DEFAULT
from quiz.freetext.second import beside, features_of

LOOSENESS = 300.0
FEWEST_ANSWERS = 2
MOST_FEATURES = 8000
NEWTON_STEPS = 10

Matrix = NDArray[np.float64]


Features = tuple[set[str], dict[str, set[str]]]


def features(rules: Rules, question: Question, answer: Labelled) -> Features:
    """An answer's features: common ones, and more by concept."""
    return features_of(rules, question, read(rules, question, answer.text))


def fit(x: Matrix, y: NDArray[np.bool_]) -> Matrix:
    """Weights of a logistic regression with a Gaussian prior, by Newton's method on its dual.

    Args:
        x: one row an answer.
        y: whether it earns the concept.

    Source:
        Rasmussen and Williams, Gaussian Processes for Machine Learning, algorithm 3.1, with a
        linear kernel.
    """
    kernel = LOOSENESS * x @ x.T
    f = a = np.zeros(len(y))
    for _ in range(NEWTON_STEPS):
        p = 1 / (1 + np.exp(-f))
        w = np.maximum(p * (1 - p), 1e-9)
        root = np.sqrt(w)
        inner = np.eye(len(y)) + root[:, None] * kernel * root
        b = w * f + (y - p)
        a = b - root * np.linalg.solve(inner, root * (kernel @ b))
        f = kernel @ a
    return LOOSENESS * x.T @ a


def learn_concept(rows: Sequence[set[str]], earned: Sequence[bool]) -> tuple[int, dict[str, int]]:
    """The constant and the largest weights of one concept, in tenths."""
    counts = Counter(feature for row in rows for feature in row)
    names = sorted(name for name, count in counts.items() if count >= FEWEST_ANSWERS)
    column = {name: k for k, name in enumerate(names)}
    x = np.zeros((len(rows), len(names) + 1))
    for k, row in enumerate(rows):
        known = [column[name] for name in row if name in column]
        x[k, known] = 1 / np.sqrt(max(1, len(row)))
    x[:, -1] = 1
    # What few answers hold says more; the weight keeps it, so that marking need not know.
    rarity = np.sqrt(np.log((len(rows) + 1) / np.array([*(counts[name] for name in names), 1])))
    rarity[-1] = 1
    tenths = np.rint(10 * rarity * fit(x * rarity, np.array(earned))).astype(int)
    largest = np.argsort(-np.abs(tenths[:-1]), kind="stable")[:MOST_FEATURES]
    return int(tenths[-1]), {names[k]: int(tenths[k]) for k in largest if tenths[k]}


def learn_question(question: Question, answers: Sequence[Labelled]) -> Learned:
    """What there is to learn of one question."""
    found = [features(load_rules(), question, answer) for answer in answers]
    names = [concept.id for concept in question.concepts]
    constants, columns = [], []
    for name in names:
        rows = [common | about.get(name, set()) for common, about in found]
        constant, weights = learn_concept(rows, [name in answer.concepts for answer in answers])
        constants.append(constant)
        columns.append(weights)
    known = sorted(set().union(*columns))
    table = {feature: [column.get(feature, 0) for column in columns] for feature in known}
    return Learned(names, constants, table)


def learn(answers: Sequence[Labelled]) -> SecondReader:
    """A reader that has seen these answers."""
    return SecondReader(
        {
            name: learn_question(question, [a for a in answers if a.question == name])
            for name, question in load_rules().questions.items()
        }
    )


def errors(reader: SecondReader, answers: Sequence[Labelled]) -> Iterator[tuple[str, bool]]:
    """For each concept of each answer: its id, and whether the reader is wrong about it."""
    rules = load_rules()
    for answer in answers:
        question = rules.questions[answer.question]
        chances = reader.chances(answer.question, *features(rules, question, answer))
        for concept, chance in chances.items():
            yield concept, (chance > 0.5) != (concept in answer.concepts)


@click.command()
@click.option("--check", is_flag=True, help="Only tell how well it generalises.")
def main(check: bool) -> None:
    """Learn the second reader and write it beside the rules."""
    answers = [a for name, found in sets() if is_for_learning(name) for a in found]
    if check:
        wrong: Counter[str] = Counter()
        for part in range(5):
            rest = [a for k, a in enumerate(answers) if k % 5 != part]
            wrong.update(c for c, is_wrong in errors(learn(rest), answers[part::5]) if is_wrong)
        print(f"{len(answers)} answers, wrong about:", dict(wrong))
        return
    path = beside(Path(DEFAULT))
    content = {name: asdict(found) for name, found in learn(answers).questions.items()}
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    path.write_text(text.replace("],", "],\n") + "\n", encoding="utf-8")
    print(f"{path}: {path.stat().st_size / 1e3:.0f} kB from {len(answers)} answers")


if __name__ == "__main__":
    sys.exit(main())
