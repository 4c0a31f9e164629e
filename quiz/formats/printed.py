"""A quiz on paper: one HTML page that prints well, with the key on a page of its own."""

from __future__ import annotations

from html import escape
from typing import Any

from quiz.check import gaps
from quiz.formats.common import Exported, Warnings, settled
from quiz.formats.markup import to_html
from quiz.model import AnyQuestion, Quiz
from quiz.plaintext import maths
from quiz.session import ordered, show
from quiz.variants import show_number

STYLE = """
body { font: 11pt/1.45 Georgia, serif; max-width: 42em; margin: 2em auto; padding: 0 1em; }
h1 { font-size: 1.5em; } h2 { font-size: 1.15em; margin-top: 2em; border-bottom: 1px solid #999; }
section { break-inside: avoid; margin: 1.4em 0; } .points { float: right; color: #555; }
ul, ol { list-style: none; padding-left: .5em; } li { margin: .35em 0; }
.box { display: inline-block; width: .8em; height: .8em; border: 1px solid; margin-right: .6em; }
.round { border-radius: 50%; } .line { border-bottom: 1px solid #333; height: 1.9em; }
.gap { display: inline-block; min-width: 7em; border-bottom: 1px solid #333; }
.key { break-before: page; } td { padding: .2em 1em .2em 0; vertical-align: top; }
.name { margin: 1em 0 2em; } code { font-size: .95em; }
@media screen and (prefers-color-scheme: dark) { body { background: #16181c; color: #e8e8e8; } }
"""


def write(quiz: Quiz, student: str) -> Exported:
    """A quiz as a page to print.

    Args:
        quiz: The quiz with its key.
        student: Whose numbers and order to take.
    """
    warnings = Warnings()
    made = settled(quiz, student, warnings, ("hints",))
    questions = list(ordered(made, student))
    body = [f"<h1>{_inline(quiz.title or quiz.quiz)}</h1>"]
    if quiz.text:
        body.append(f"<p>{_html(quiz.text)}</p>")
    body.append('<p class="name">Name: <span class="gap"></span> Id: <span class="gap"></span></p>')
    part = None
    for position, question in enumerate(questions, 1):
        if question.part != part:
            part = question.part
            body.extend(_heading(made, part))
        body.append(_question(made, question, student, position))
    body.append(_key(made, questions, student))
    page = (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
        "style-src 'unsafe-inline'; img-src data: 'self' file:\">\n"
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(quiz.title or quiz.quiz)}</title>\n<style>{STYLE}</style>\n</head>\n"
        f"<body>\n{chr(10).join(body)}\n</body>\n</html>\n"
    )
    return Exported(page.encode(), ".html", warnings.all())


def _html(markdown: str) -> str:
    return to_html(markdown, maths)


def _inline(markdown: str) -> str:
    return _html(markdown).replace("<p>", "").replace("</p>", "<br>")


def _heading(quiz: Quiz, name: str) -> list[str]:
    part = next((part for part in quiz.parts if part.id == name), None)
    if part is None:
        return []
    text = f"<p>{_html(part.text)}</p>" if part.text else ""
    return [f"<h2>{_inline(part.title or part.id)}</h2>{text}"]


def _question(quiz: Quiz, question: AnyQuestion, student: str, position: int) -> str:
    shown = show(quiz, question, student, position)
    text = _html(question.text)
    for name in gaps(question.text):
        text = text.replace(f"[[{escape(name)}]]", '<span class="gap"></span>')
    points = f"{question.points:g} point{'' if question.points == 1 else 's'}"
    head = f'<span class="points">{points}</span><strong>{position}.</strong> {text}'
    return f"<section>{head}{_space(question, shown)}</section>"


def _space(question: Any, shown: Any) -> str:
    """Where the answer goes."""
    if question.type in {"single_choice", "multiple_choice"}:
        return _boxes((o.text for o in shown.options), question.type == "single_choice")
    if question.type == "true_false":
        return _boxes(("True", "False"), True)
    if question.type == "ordering":
        items = "".join(
            f'<li><span class="box"></span>{_inline(i.text)}</li>' for i in shown.options
        )
        return f"<p>Number the lines in the right order.</p><ol>{items}</ol>"
    if question.type == "matching":
        return _columns(question, shown)
    if question.type == "fill_in":
        return ""
    if question.type == "numeric":
        return f'<p><span class="gap"></span> {escape(question.unit)}</p>'
    return '<div class="line"></div>' * (5 if question.type == "free_text" else 1)


def _boxes(texts: Any, single: bool) -> str:
    shape = "box round" if single else "box"
    items = "".join(f'<li><span class="{shape}"></span>{_inline(text)}</li>' for text in texts)
    return f"<ul>{items}</ul>"


def _columns(question: Any, shown: Any) -> str:
    left = "".join(
        f'<li><span class="gap" style="min-width:2em"></span> {_inline(prompt.text)}</li>'
        for prompt in question.prompts
    )
    right = "".join(
        f"<li>{chr(97 + place)}) {_inline(choice.text)}</li>"
        for place, choice in enumerate(shown.choices)
    )
    return f"<p>Write the letter that belongs to each line.</p><ul>{left}</ul><ul>{right}</ul>"


def _key(quiz: Quiz, questions: list[AnyQuestion], student: str) -> str:
    rows = "".join(
        f"<tr><td>{place}</td><td>{_solution(quiz, question, student)}</td></tr>"
        for place, question in enumerate(questions, 1)
    )
    return f'<div class="key"><h2>Key ({escape(student)})</h2><table>{rows}</table></div>'


def _solution(quiz: Quiz, question: Any, student: str) -> str:
    kind = question.type
    if kind in {"single_choice", "multiple_choice"}:
        return "; ".join(_inline(option.text) for option in question.options if option.correct)
    if kind == "true_false":
        return "True" if question.answer else "False"
    if kind == "numeric":
        reach = f" ± {show_number(question.tolerance)}" if question.tolerance else ""
        return escape(f"{show_number(question.answer)}{reach} {question.unit}".strip())
    if kind == "ordering":
        return " → ".join(_inline(item.text) for item in question.items)
    if kind == "matching":
        texts = {choice.id: choice.text for choice in question.choices}
        return "; ".join(f"{_inline(p.text)}: {_inline(texts[p.match])}" for p in question.prompts)
    if kind == "fill_in":
        return "; ".join(escape(blank.accept[0]) for blank in question.blanks)
    if kind == "free_text":
        return "; ".join(_inline(concept.text or concept.id) for concept in question.concepts)
    return escape(question.accept[0])
