"""Marking many files on several cores.

Free texts take most of the time, and their rules a while to load. So at first workers read the
files and mark all but the texts, while this process marks some files whole and thereby loads what
texts need. Then workers that share all that mark the texts.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from multiprocessing.pool import Pool
from typing import Any

from quiz.answers import AnswerFile
from quiz.collect import Found, entry, mark_file
from quiz.marking import mark_answers
from quiz.model import FreeText, Quiz
from quiz.problems import QuizAnswersError
from quiz.scoring.free import prepare

MAX_WORKERS = 4
WARMING = 50  # files, that is about as long as the workers take over the rest
CHUNK = 25

Entry = dict[str, Any]
# an entry without its free texts, and these; or why there are no marks, and None
Half = tuple[Entry, AnswerFile | None]


def can_fork() -> bool:
    """Whether workers can share what this process has loaded."""
    return "fork" in multiprocessing.get_all_start_methods()


def entries_on_cores(quiz: Quiz, founds: Sequence[Found]) -> list[Entry]:
    """The entries of the results, as `collect.entry` makes each."""
    free = tuple(question for question in quiz.questions if isinstance(question, FreeText))
    others = tuple(question for question in quiz.questions if question not in free)
    texts, rest = replace(quiz, questions=free), replace(quiz, questions=others)
    with _uncollected():
        # One core is this process's own.
        with _workers(partial(_without_texts, rest, texts), _cores() - 1) as pool:
            job = pool.map_async(_do, founds[WARMING:], CHUNK)
            if free:
                prepare(quiz)
            first = [entry(quiz, found) for found in founds[:WARMING]]
            halves: list[Half] = job.get()
        with _workers(partial(_texts, texts), _cores()) as pool:
            said = pool.map(_do, [(made["student"], answers) for made, answers in halves], CHUNK)
        return [*first, *map(partial(_joined, quiz), halves, said)]


@contextmanager
def _uncollected() -> Iterator[None]:
    """No garbage collection: there is no garbage, and workers would copy what they share."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()  # and thaw: what was made here is old now, and need not be searched at once
        gc.unfreeze()
        if collecting:
            gc.enable()


@contextmanager
def _workers(work: Callable[[Any], Any], count: int) -> Iterator[Pool]:
    """Workers, at least one, whose `_do` is that work; what it holds is shared, not sent."""
    with multiprocessing.get_context("fork").Pool(max(1, count), _begin, (work,)) as pool:
        yield pool
        pool.close()  # they end by themselves: a signal can be missed by one that waits
        pool.join()


def _cores() -> int:
    return min(MAX_WORKERS, os.cpu_count() or 1)


_WORK: list[Callable[[Any], Any]] = []


def _begin(work: Callable[[Any], Any]) -> None:
    _WORK[:] = [work]


def _do(task: Any) -> Any:
    return _WORK[0](task)


def _without_texts(rest: Quiz, texts: Quiz, found: Found) -> Half:
    try:
        answers, mark = mark_file(rest, found)
    except QuizAnswersError as error:
        return {"student": found.label, "error": str(error)}, None
    names = {question.id for question in texts.questions}
    said = {name: answer for name, answer in answers.answers.items() if name in names}
    return mark.as_json(), replace(answers, answers=said)


def _texts(texts: Quiz, task: tuple[str, AnswerFile | None]) -> Entry:
    """The marks of a student's free texts, by question."""
    student, answers = task
    if answers is None:
        return {}
    marks: Entry = mark_answers(texts, answers, student).as_json()["questions"]
    return marks


def _joined(quiz: Quiz, half: Half, texts: Entry) -> Entry:
    """The entry as if all of it had been marked at once."""
    made, answers = half
    if answers is None:
        return made
    marks = made["questions"] | texts
    questions = {question.id: marks[question.id] for question in quiz.questions}
    points = round(sum(mark["points"] for mark in questions.values()), 2)
    return made | {
        "points": float(points),
        "max_points": float(quiz.max_points),
        "questions": questions,
    }
