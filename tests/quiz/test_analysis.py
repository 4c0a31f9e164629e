"""What the analysis of a class computes."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from quiz.analysis import Analysis, analyse, cronbach_alpha, csv_files, item_rest, table
from quiz.answers import Answer, AnswerFile
from quiz.marking import mark_answers
from quiz.model import Option, Quiz, SingleChoice
from quiz.picture import draw

OPTIONS = (Option(id="a", text="a", correct=True), Option(id="=b", text="b"))


def class_of(*answers: str) -> Analysis:
    """The analysis of students who each gave a letter for each of three questions."""
    questions = tuple(SingleChoice(id=f"q{n}", text="t", options=OPTIONS) for n in range(3))
    quiz = Quiz(quiz="sample", questions=questions)
    marked = []
    for number, letters in enumerate(answers):
        given = {
            f"q{n}": Answer(answer="a" if letter == "a" else "=b", seconds=10 * n)
            for n, letter in enumerate(letters)
            if letter != "-"
        }
        file = AnswerFile(quiz="sample", student=f"s{number}", answers=given)
        marked.append((file, mark_answers(quiz, file)))
    return analyse(quiz, marked)


def test_cronbach_alpha_of_a_worked_example() -> None:
    """Three questions, five students: variances of 0.3 each and 1.8 of the totals give 0.75."""
    columns = [[1, 1, 1, 0, 0], [1, 1, 0, 0, 1], [1, 1, 0, 0, 0]]
    assert pytest.approx(0.75) == cronbach_alpha(columns)
    assert pytest.approx(1) == cronbach_alpha([[1, 2, 3], [1, 2, 3]])


@pytest.mark.parametrize("columns", [[], [[1, 2]], [[1], [2]], [[1, 1], [2, 2]]])
def test_alpha_is_not_always_defined(columns: list[list[float]]) -> None:
    """One question, one student or no variance give none."""
    assert cronbach_alpha(columns) is None


def test_item_rest_leaves_the_question_out() -> None:
    """The correlation is with the points of the other questions."""
    assert pytest.approx(1) == item_rest([0, 1, 1], [0, 2, 2])
    assert pytest.approx(-1) == item_rest([1, 0, 0], [1, 1, 1])
    assert item_rest([1, 1], [1, 2]) is None


def test_items_of_a_class() -> None:
    """Difficulty, count, wrong options and time are those of the answers."""
    found = class_of("aab", "aba", "b-b", "bb-")
    first, second, third = found.items
    assert (4, 0.5, 4, 3, 3) == (
        found.students,
        first.difficulty,
        first.answered,
        second.answered,
        third.answered,
    )
    assert ({"=b": 2}, {"=b": 2}, {"=b": 2}) == (first.wrong, second.wrong, third.wrong)
    assert (None, 10, 20) == (first.seconds, second.seconds, third.seconds)
    assert (2, 2, 0, 0) == found.totals


def test_nobody_is_a_class_too() -> None:
    """Without students nothing is defined and nothing fails."""
    found = class_of()
    assert (0, None, None) == (found.students, found.alpha, found.items[0].difficulty)
    assert "not defined" in table(found)


def test_csv_is_safe_in_a_spreadsheet() -> None:
    """A wrong option that looks like a formula is text."""
    rows = list(csv.reader(io.StringIO(csv_files(class_of("b--", "a--"))["mistakes.csv"])))
    assert [["question", "wrong", "count"], ["q0", "'=b", "1"]] == rows


def test_table_fits_80_columns(lesson: Quiz) -> None:
    """The table of the lesson's quiz fits a terminal."""
    file = AnswerFile(quiz="lesson04", student="a", answers={})
    lines = table(analyse(lesson, [(file, mark_answers(lesson, file))])).split("\n")
    assert max(map(len, lines)) <= 80
    assert len(lesson.questions) + 3 == len(lines)


@pytest.mark.parametrize("answers", [(), ("aaa",), ("aab", "abb", "bbb", "aaa")])
def test_picture_is_drawn(tmp_path: Path, answers: tuple[str, ...]) -> None:
    """A PNG is written for any class, the empty one too."""
    file = tmp_path / "analysis.png"
    draw(class_of(*answers), file)
    assert file.read_bytes().startswith(b"\x89PNG")
