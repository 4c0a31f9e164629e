"""The quiz as a notebook: a cell of text for each answer, marked by the quiz engine.

Nbgrader takes such cells for manually graded ones. The executor writes the engine's points into the
gradebook and leaves to a person what the engine is not sure of. A notebook is the same for the
whole class, so its numbers are drawn once, for a reader called `PAPER`; who wants numbers of each
student's own has the quiz taken with `nnv quiz`, or in the widget that the notebook's one cell of
code shows. What the widget saves is marked by `grader.notebook.quiz_answers`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import quiz
from grader.notebook import cells
from quiz import typed
from quiz.answers import Answer
from quiz.expressions import evaluate
from quiz.marking import mark_one
from quiz.model import AnyQuestion, FreeText, Numeric, Quiz
from quiz.session import SessionError, Shown, ordered, show
from quiz.variants import shown_numbers

NAME = "quiz"
PAPER = "the notebook"
WIDGET = """\
# Run this cell to answer the quiz here. Your answers are saved in answers.yaml beside the notebook.
try:
    from quiz.widget import QuizWidget

    widget = QuizWidget(answers="answers.yaml")
except ImportError as error:
    widget = None
    print("To answer here, nn-visually and anywidget must be installed. They are not:", error)
    print("Write your answers into the cells below; they count in the same way.")
widget"""
_TWO_WAYS = (
    "Answer in the cells below. Or run the next cell and answer there, with numbers of your own; "
    "it asks for your id on the class list. Where you write into a cell below, that cell counts."
)
_STUB = re.compile(re.escape(cells.TEXT_STUB))
_DECORATION = re.compile(r"^[ \t>#*_`$]+|[ \t*_`$]+$", re.M)


@dataclass(frozen=True, slots=True)
class QuizMark:
    """The mark of one answer.

    Attributes:
        points: what it earned.
        unsure: whether a person should look at it.
        feedback: what to tell the student.
    """

    points: float
    unsure: bool
    feedback: str


def quiz_notebook() -> cells.Notebook:
    """Make the instructor's notebook of the quiz, with the answers that nbgrader takes out."""
    content = _content()
    made = [
        cells.markdown("intro", f"# {content.title}: quiz\n\n{_paragraph(content.text)}"),
        cells.markdown("two-ways", _TWO_WAYS),
        cells.code("widget", WIDGET),
    ]
    part = None
    for shown in _shown().values():
        if shown.part is not None and shown.part != part:
            part = shown.part
            made.append(cells.markdown(f"part-{part.id}", _heading(part.title, part.text)))
        made += _cells_of(shown)
    return cells.notebook(made)


def is_ours(grade_id: str) -> bool:
    """Whether a graded cell holds an answer to the quiz."""
    return grade_id in _shown()


def graded() -> tuple[str, ...]:
    """The grade ids of all answers' cells, in the notebook's order."""
    return tuple(_shown())


def mark(grade_id: str, text: str, saved: Mapping[str, QuizMark] | None = None) -> QuizMark:
    """Mark what a student wrote into an answer's cell.

    Args:
        grade_id: the cell.
        text: its whole text.
        saved: by cell, what counts where nothing was written into one; left out: no points.
    """
    shown = _shown()[grade_id]
    words = _DECORATION.sub("", _STUB.sub("", text)).strip()
    if not words:
        return (saved or {}).get(grade_id, QuizMark(0.0, False, "Not answered."))
    try:
        answer = typed.read(shown, words)
    except SessionError as error:
        return QuizMark(0.0, True, f"Not understood: {error} Your instructor looks at it.")
    given = Answer(answer=answer, numbers=shown.numbers or None)
    content = _content()
    rules = str(Path(content.folder) / content.rules) if content.rules else ""
    outcome = mark_one(shown.question, given, PAPER, PAPER, rules)
    return QuizMark(outcome.points, outcome.unsure, outcome.feedback)


@cache
def _content() -> Quiz:
    return quiz.load()


@cache
def _shown() -> dict[str, Shown]:
    content = _content()
    return {
        f"quiz-{question.id}": show(content, question, PAPER, position)
        for position, question in enumerate(ordered(content, PAPER), start=1)
    }


def _cells_of(shown: Shown) -> list[cells.Cell]:
    question = shown.question
    name = f"quiz-{question.id}"
    unit = "point" if question.points == 1 else "points"
    picks = [f"{mark} {text}".strip() for mark, text in typed.lines(shown)]
    how = "" if isinstance(question, FreeText) else f"*{typed.how(shown)}*"
    head = f"### {shown.position}. {question.title}: {question.points:g} {unit}"
    text = "\n\n".join(filter(None, [head, _paragraph(shown.text), *picks, how]))
    answer = cells.marks(name, points=question.points, solution=True)
    return [
        cells.markdown(f"ask-{question.id}", text),
        cells.markdown(name, _answer(shown), answer),
    ]


def _answer(shown: Shown) -> str:
    """The right answer, for the instructor's eyes."""
    question: AnyQuestion = shown.question
    if isinstance(question, FreeText):
        return "\n".join(f"- {concept.text}" for concept in question.concepts)
    if isinstance(question, Numeric) and question.answer is not None:
        value: Any = evaluate(question.answer, shown_numbers(question, dict(shown.numbers)))
        return f"{value:.10g}" if isinstance(value, float) else str(value)
    right = [n for n, o in enumerate(shown.options, start=1) if getattr(o, "correct", False)]
    return " ".join(map(str, right)) or "See the file of the quiz."


def _paragraph(text: str) -> str:
    return text.strip()


def _heading(title: str, text: str) -> str:
    return f"## {title}" + (f"\n\n{text.strip()}" if text else "")
