"""A quiz as one HTML file that needs nothing else: `nnv quiz export page`.

The page of a graded quiz holds what a student edition holds, and no key. It asks for the student's
id, draws the same numbers as everything else does, keeps the answers in the browser and offers them
as `answers.yaml`. The page of a practice bank holds its key and gives feedback by itself.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from quiz.edition import without_key
from quiz.formats.common import Exported, Warnings
from quiz.model import AnyQuestion, Quiz
from quiz.session import Shown
from quiz.variants import draw_numbers, values_of
from quiz.web.card import card
from quiz.web.document import document, front
from quiz.web.keys import key
from quiz.web.markup import to_html, to_text
from quiz.web.tables import Holders, TooMany

EVERYBODY = "export"


def write(quiz: Quiz, student: str) -> Exported:
    """A quiz as a page of its own.

    Args:
        quiz: The quiz with its key.
        student: Whose page it is; the page of `export` asks for the id.
    """
    practice = quiz.policy.mode == "practice"
    made = quiz if practice else without_key(quiz)
    warnings = Warnings()
    data = {
        "quiz": made.quiz,
        "mode": made.policy.mode,
        "title": to_text(made.title or made.quiz),
        "text": to_html(made.text, made.folder),
        "student": "" if student == EVERYBODY else student.strip(),
        "attempts": made.policy.attempts,
        "parts": [
            {
                "id": part.id,
                "title": to_text(part.title),
                "text": to_html(part.text, made.folder),
                "shuffle": part.shuffle,
            }
            for part in made.parts
        ],
        "questions": [_question(made, question, student, warnings) for question in made.questions],
    }
    if practice:
        warnings.add("", "what comes again, and when, is decided more simply than in `nnv quiz`")
    scripts = ("marking.js", "offline.js") if practice else ("unmarked.js", "offline.js")
    script = front("fields.js", "view.js", "draw.js", *scripts)
    html, _ = document(str(data["title"]), script, data=data)
    return Exported(html.encode(), ".html", warnings.all())


def _question(
    quiz: Quiz, question: AnyQuestion, student: str, warnings: Warnings
) -> dict[str, Any]:
    try:
        return _with_tables(quiz, question)
    except TooMany:
        warnings.add(
            question.id, f"too many numbers for a page: everybody gets those of {student!r}"
        )
        drawn: Any = {name: (value,) for name, value in draw_numbers(question, student).items()}
        return _with_tables(quiz, replace(question, draw=drawn))


def _with_tables(quiz: Quiz, question: AnyQuestion) -> dict[str, Any]:
    holders = Holders(question)
    made = card(_template(question, holders), quiz.folder)
    if quiz.keyed:
        made["key"] = key(question, holders, quiz.folder)
    return {
        **holders.settled(made),
        "shuffle": not question.fixed and question.type != "true_false",
        "draw": {name: list(values_of(draw)) for name, draw in question.draw.items()},
        "fills": holders.tables,
    }


def _template(question: AnyQuestion, holders: Holders) -> Shown:
    """The question as nobody sees it: a character where each number will stand."""
    records: Any = getattr(question, "options", None) or getattr(question, "items", ())
    return Shown(
        question=question,
        position=0,
        part=None,
        text=holders.hold(question.text),
        options=_held(records, question.fixed, holders),
        choices=_held(getattr(question, "choices", ()), question.fixed, holders),
        hints=tuple(map(holders.hold, question.hints)),
        numbers={},
    )


def _held(records: Any, fixed: bool, holders: Holders) -> tuple[Any, ...]:
    """Records in the order that the page shuffles from, which must tell nothing."""
    order = records if fixed else sorted(records, key=lambda record: str(record.id))
    return tuple(replace(record, text=holders.hold(record.text)) for record in order)
