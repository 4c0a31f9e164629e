"""Marking what is picked, ordered or paired: all of it by ids."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from quiz.expressions import Scalar
from quiz.model import Matching, MultipleChoice, Option, Ordering, SingleChoice, TrueFalse
from quiz.scoring.outcome import Score
from quiz.variants import filled

Numbers = Mapping[str, Scalar]

_TRUTHS = dict.fromkeys(["true", "t", "yes", "y", "1", "right"], True) | dict.fromkeys(
    ["false", "f", "no", "n", "0", "wrong"], False
)


def truth(answer: Any) -> bool | None:
    """`true` or `false` as people type them; None for anything else."""
    return _TRUTHS.get(str(answer).strip().lower())


def _ids(answer: Any) -> list[str]:
    entries = answer if isinstance(answer, list) else [answer]
    return list(dict.fromkeys(str(entry).strip() for entry in entries))


def single(question: SingleChoice, answer: Any, numbers: Numbers) -> Score:
    """One option, all points or none."""
    chosen = _ids(answer)
    option = next((option for option in question.options if [option.id] == chosen), None)
    if option is None:
        return Score(0.0, "The answer is none of the options.")
    said = option.feedback or ("Right." if option.correct else "That is not it.")
    return Score(float(option.correct), filled(said, numbers))


def multiple(question: MultipleChoice, answer: Any, numbers: Numbers) -> Score:
    """A right option earns its share, a wrong one takes a share back, never below 0."""
    chosen = set(_ids(answer))
    known: dict[str, Option] = {option.id: option for option in question.options}
    right = {name for name, option in known.items() if option.correct}
    hits, misses = len(chosen & right), len(chosen - right)
    said = [known[name].feedback for name in known if name in chosen and known[name].feedback]
    if len(right - chosen):
        said.append(f"{len(right - chosen)} right option(s) are missing.")
    if chosen - set(known):
        said.append("Part of the answer is none of the options.")
    share = max(0.0, (hits - misses) / len(right)) if right else 0.0
    return Score(share, filled(" ".join(said), numbers) or ("Right." if share == 1 else ""))


def true_false(question: TrueFalse, answer: Any, numbers: Numbers) -> Score:
    """True or false."""
    said = truth(answer)
    if said is None:
        return Score(0.0, "Answer true or false.")
    if said == question.answer:
        return Score(1.0, "Right.")
    return Score(0.0, filled(question.feedback, numbers) or "It is the other way round.")


def ordering(question: Ordering, answer: Any, numbers: Numbers) -> Score:
    """Each pair of neighbours of the right order that is adjacent in the answer earns its share."""
    right = [item.id for item in question.items]
    given = _ids(answer)
    if sorted(given) != sorted(right):
        return Score(0.0, "Put every item into the order, each of them once.")
    pairs = set(pairwise(right))
    hits = sum(pair in pairs for pair in pairwise(given))
    said = (
        "Right." if given == right else f"{hits} of {len(pairs)} neighbours are in the right order."
    )
    return Score(hits / len(pairs), said)


def matching(question: Matching, answer: Any, numbers: Numbers) -> Score:
    """Each prompt with its own choice earns its share."""
    if not isinstance(answer, dict):
        return Score(0.0, "Give a choice for each of the left sides.")
    right = [
        prompt
        for prompt in question.prompts
        if str(answer.get(prompt.id, "")).strip() == prompt.match
    ]
    wrong = [filled(prompt.text, numbers) for prompt in question.prompts if prompt not in right]
    said = "Right." if not wrong else "Look again at: " + "; ".join(wrong) + "."
    return Score(len(right) / len(question.prompts), said)
