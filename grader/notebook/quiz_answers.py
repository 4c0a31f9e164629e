"""Answers to the quiz that came beside its notebook, in the `answers.yaml` that the widget saves.

They count for the questions whose cells nobody wrote into. The file is read where it was handed in:
what lies beside the autograded notebook may have been replaced by a file of the course's own.
"""

from __future__ import annotations

from pathlib import Path

import quiz
from grader.notebook import quiz_cells
from grader.notebook.quiz_cells import QuizMark
from grader.reading import MAX_ANSWERS_BYTES, Unreadable
from grader.trees import read_regular

FILE = "answers.yaml"


def beside(folder: Path, student: str) -> dict[str, QuizMark]:
    """Mark the answers in a folder that was handed in.

    Args:
        folder: nbgrader's folder of the hand-in.
        student: nbgrader's id of the student; drawn numbers are this student's.

    Returns:
        The mark of each answer by the grade id of its cell. Empty where there is no file; no points
        and a reason, for a person to look at, where the file cannot be used.

    Raises:
        QuizKeyError: the quiz that is installed here has no key.
    """
    file = folder / FILE
    if not file.exists() and not file.is_symlink():
        return {}
    try:
        content = read_regular(str(file), MAX_ANSWERS_BYTES, FILE)
        marked = quiz.mark_bytes(quiz.load(), content, student)
    except Unreadable as error:
        return _refused(error.reason)
    except quiz.QuizAnswersError as error:
        return _refused(f"{FILE}: {error}")
    return {
        f"quiz-{name}": QuizMark(one.points, one.unsure, one.feedback)
        for name, one in marked.questions.items()
    }


def _refused(reason: str) -> dict[str, QuizMark]:
    said = f"Nothing is written here, and your saved answers cannot be used. {reason}"
    return {name: QuizMark(0.0, True, said) for name in quiz_cells.graded()}
