"""Marking a free text by its concepts: the seam to `quiz.freetext`."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache, lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from quiz.model import FreeText, Quiz
from quiz.problems import Place, Problem, QuizFileError
from quiz.scoring.outcome import Outcome


def free_text(question: FreeText, answer: Any, rules: str) -> Outcome:
    """Mark a free text.

    Args:
        question: The question with its concepts.
        answer: What was written.
        rules: The path of the rules file.

    Returns:
        One share of the points a concept; unsure where the marker says so or cannot be had.
    """
    text = answer if isinstance(answer, str) else " ".join(map(str, answer))
    said = _mark(rules, question.id, text) if _rules(rules) is not None else None
    if said is None:
        nothing = {concept.id: False for concept in question.concepts}
        waiting = "Not marked yet: your instructor reads this answer."
        return Outcome(0.0, question.points, waiting, unsure=True, concepts=nothing)
    concepts, unsure, explanation = said
    earned = {concept.id: bool(concepts.get(concept.id)) for concept in question.concepts}
    points = round(question.points * sum(earned.values()) / max(1, len(earned)), 2)
    lacking = question.reread and not all(earned.values())
    again = f"Read again: {question.reread}." if lacking else ""
    feedback = " ".join(filter(None, (explanation, question.explanation, again)))
    return Outcome(points, question.points, feedback, unsure=unsure, concepts=earned)


def prepare(quiz: Quiz) -> None:
    """Load and compile all that marking many free texts needs, for processes forked later.

    Raises:
        QuizFileError: The rules file is wrong.
    """
    rules = _rules(str(Path(quiz.folder) / quiz.rules)) if quiz.rules else None
    if rules is not None:
        rules.requests.sieve.compile_all()


def without_rules(quiz: Quiz) -> Iterator[str]:
    """What the rules of a quiz's free texts lack, each in a sentence for its author.

    Raises:
        QuizFileError: The rules file is wrong.
    """
    asked = [question for question in quiz.questions if isinstance(question, FreeText)]
    if not asked or not quiz.keyed or not quiz.rules:
        return  # without rules, free texts wait for an instructor
    compiled = _rules(str(Path(quiz.folder) / quiz.rules))
    if compiled is None:
        yield f"rules: there is no file {quiz.rules!r} beside the quiz: check the name"
        return
    for question in asked:
        known = compiled.questions.get(question.id)
        due = [concept.id for concept in question.concepts]
        has = [concept.id for concept in known.concepts] if known else []
        if due != has:
            yield f"{question.id}: {quiz.rules} knows the concepts {has}, the question has {due}"


@lru_cache(maxsize=8192)
def _mark(rules: str, question: str, text: str) -> tuple[dict[str, bool], bool, str] | None:
    from quiz.freetext import mark

    try:
        made = mark(_compiled(rules), question, text)
    except KeyError:
        return None  # the rules do not know this question: a person reads it
    return dict(made.concepts), made.unsure, made.explanation


def _rules(path: str) -> Any:
    """The compiled rules; None where a student edition has no marker or there is no such file.

    Raises:
        QuizFileError: The rules file is wrong, which is the author's fault and nobody's mark.
    """
    if not path or not _has_marker():
        return None
    try:
        return _compiled(path)
    except FileNotFoundError:
        return None


@cache
def _has_marker() -> bool:
    return find_spec("quiz.freetext") is not None


@cache
def _compiled(path: str) -> Any:
    from quiz.freetext import RulesError, load_rules

    if not Path(path).exists():
        raise FileNotFoundError(path)  # an error is not remembered: the file may come later
    try:
        return load_rules(path)
    except RulesError as error:
        raise QuizFileError([Problem(Place(1, 1), "", str(error), path)]) from None
