"""What a class's answers say about the questions.

Difficulty is the mean share of the points that was earned (1: everybody had them). Discrimination
is the item-rest correlation: Pearson's correlation of a question's points with the points of all
the other questions. Cronbach's alpha is k/(k-1) times (1 minus the sum of the questions'
variances over the variance of the totals), with sample variances (Cronbach 1951).
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import StatisticsError, correlation, fmean, median, variance
from typing import Any

from quiz.answers import Answer, AnswerFile
from quiz.marking import QuizMark
from quiz.model import AnyQuestion, Quiz
from quiz.scoring import is_blank

SCHEMA_VERSION = 1


@dataclass(frozen=True, slots=True)
class Item:
    """How a class did with one question.

    Attributes:
        id: The question's id.
        title: Its short name.
        type: Its type.
        max_points: Points that it can earn.
        answered: How many students answered it.
        difficulty: Mean share of the points, over all students; None without students.
        discrimination: Item-rest correlation; None where it is not defined.
        seconds: Median seconds of those whose time is known; None where it is of nobody.
        unsure: How many answers wait for an instructor.
        wrong: How often each wrong option, mistake, or missing concept occurred.
    """

    id: str
    title: str
    type: str
    max_points: float
    answered: int
    difficulty: float | None
    discrimination: float | None
    seconds: float | None
    unsure: int
    wrong: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Analysis:
    """How a class did in a quiz.

    Attributes:
        quiz: The quiz's id.
        students: How many students there are.
        alpha: Cronbach's alpha; None where it is not defined.
        items: The questions, in the quiz's order.
        totals: Each student's points.
    """

    quiz: str
    students: int
    alpha: float | None
    items: tuple[Item, ...]
    totals: tuple[float, ...]

    def as_json(self) -> dict[str, Any]:
        """The analysis as plain data."""
        return {
            "schema_version": SCHEMA_VERSION,
            "quiz": self.quiz,
            "students": self.students,
            "alpha": self.alpha,
            "items": [
                {name: getattr(item, name) for name in _COLUMNS} | {"wrong": dict(item.wrong)}
                for item in self.items
            ],
        }


_COLUMNS = (
    "id",
    "title",
    "type",
    "max_points",
    "answered",
    "difficulty",
    "discrimination",
    "seconds",
    "unsure",
)


def analyse(quiz: Quiz, marked: Sequence[tuple[AnswerFile, QuizMark]]) -> Analysis:
    """Analyse a class.

    Args:
        quiz: The quiz.
        marked: Each student's answers and marks.
    """
    points = {
        question.id: [mark.questions[question.id].points for _, mark in marked]
        for question in quiz.questions
    }
    totals = [sum(column) for column in zip(*points.values(), strict=True)]
    items = tuple(
        _item(question, marked, points[question.id], totals) for question in quiz.questions
    )
    alpha = _rounded(cronbach_alpha(list(points.values())))
    return Analysis(quiz.quiz, len(marked), alpha, items, tuple(totals))


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


def _item(
    question: AnyQuestion,
    marked: Sequence[tuple[AnswerFile, QuizMark]],
    points: Sequence[float],
    totals: Sequence[float],
) -> Item:
    given = [
        answers.answers[question.id]
        for answers, _ in marked
        if question.id in answers.answers and not is_blank(answers.answers[question.id].answer)
    ]
    times = [answer.seconds for answer in given if answer.seconds > 0]
    worth = question.points
    marks = [mark.questions[question.id] for _, mark in marked]
    return Item(
        id=question.id,
        title=question.title or question.id,
        type=question.type,
        max_points=worth,
        answered=len(given),
        difficulty=_rounded(fmean(points) / worth) if points and worth else None,
        discrimination=_rounded(item_rest(points, totals)),
        seconds=round(median(times), 1) if times else None,
        unsure=sum(mark.unsure for mark in marks),
        wrong=dict(_wrong(question, given, marks).most_common()),
    )


def _wrong(question: AnyQuestion, given: Iterable[Answer], marks: Iterable[Any]) -> Counter[str]:
    """How often each wrong option was chosen, or each mistake made, or each concept missing."""
    options = {option.id: option.correct for option in getattr(question, "options", ())}
    if options:
        chosen = Counter(name for answer in given for name in _ids(answer.answer))
        return Counter({name: n for name, n in chosen.items() if not options.get(name, False)})
    if question.type == "free_text":
        marked = list(marks)
        return Counter(name for m in marked for name, said in m.concepts.items() if not said)
    return Counter(mark.mistake for mark in marks if mark.mistake)


def _ids(answer: Any) -> list[str]:
    return [str(entry) for entry in (answer if isinstance(answer, list) else [answer])]


def item_rest(points: Sequence[float], totals: Sequence[float]) -> float | None:
    """Correlation of a question's points with the points of all others; None if not defined."""
    rest = [total - own for total, own in zip(totals, points, strict=True)]
    try:
        return correlation(points, rest)
    except (StatisticsError, ZeroDivisionError):
        return None  # fewer than two students, or all of them alike


def cronbach_alpha(columns: Sequence[Sequence[float]]) -> float | None:
    """Cronbach's alpha of the questions' points; None where it is not defined.

    Args:
        columns: For each question the points of every student, in one order.
    """
    if len(columns) < 2 or len(columns[0]) < 2:
        return None
    whole = variance(sum(row) for row in zip(*columns, strict=True))
    if whole <= 1e-12:
        return None
    share: float = sum(variance(column) for column in columns) / whole
    return float(len(columns) / (len(columns) - 1) * (1 - share))


def table(analysis: Analysis) -> str:
    """The analysis as lines of 80 columns."""
    alpha = "not defined" if analysis.alpha is None else f"{analysis.alpha:.2f}"
    lines = [
        f"{analysis.quiz}: {analysis.students} students, Cronbach's alpha {alpha}",
        "",
        f"{'question':<26}{'answered':>9}{'difficulty':>11}{'discr.':>8}{'time':>7}  most wrong",
    ]
    for item in analysis.items:
        often = next(iter(item.wrong.items()), None)
        said = f"{often[0]} ({often[1]})" if often else ""
        row = f"{item.id[:25]:<26}{item.answered:>9}{_number(item.difficulty):>11}"
        row += f"{_number(item.discrimination):>8}{_seconds(item.seconds):>7}  {said}"
        lines.append(row.rstrip())
    return "\n".join(lines)


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.2f}"


def _seconds(value: float | None) -> str:
    return "-" if value is None else f"{value:.0f} s"


def csv_files(analysis: Analysis) -> dict[str, str]:
    """The analysis as CSV, by file name: one row a question, one row a mistake."""
    items = [[getattr(item, name) for name in _COLUMNS] for item in analysis.items]
    wrong = [
        [item.id, name, count] for item in analysis.items for name, count in item.wrong.items()
    ]
    return {
        "analysis.csv": _csv(_COLUMNS, items),
        "mistakes.csv": _csv(("question", "wrong", "count"), wrong),
    }


def _csv(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerow(header)
    writer.writerows([_harmless(cell) for cell in row] for row in rows)
    return stream.getvalue()


def _harmless(cell: Any) -> Any:
    """A cell that no spreadsheet takes for a formula: wrong options come from students."""
    risky = isinstance(cell, str) and cell[:1] in {"=", "+", "-", "@", "\t", "\r"}
    return f"'{cell}" if risky else "" if cell is None else cell
