"""The quiz in the formats of other programs: written, read, and what they cannot hold said.

Importing this package imports none of the formats; each is imported when it is used.
"""

from __future__ import annotations

from importlib import import_module

from quiz.formats.common import Exported, FormatError, Imported
from quiz.model import Quiz
from quiz.problems import QuizKeyError

__all__ = ["READERS", "WRITERS", "Exported", "FormatError", "Imported", "read", "write"]

WRITERS = {
    "qti": "quiz.formats.qti_write",
    "moodle": "quiz.formats.moodle_write",
    "gift": "quiz.formats.gift",
    "jupyterquiz": "quiz.formats.jupyterquiz",
    "print": "quiz.formats.printed",
    "page": "quiz.web.page",
}
READERS = {
    "qti": "quiz.formats.qti_read",
    "moodle": "quiz.formats.moodle_read",
    "gift": "quiz.formats.gift_read",
    "jupyterquiz": "quiz.formats.jupyterquiz",
}


def write(quiz: Quiz, name: str, student: str = "export") -> Exported:
    """A quiz in another format.

    Args:
        quiz: The quiz with its key.
        name: One of `WRITERS`.
        student: Whose numbers to take where numbers are drawn.

    Raises:
        KeyError: There is no such format.
        QuizKeyError: The quiz has no key.
        ExpressionError: A number of the quiz cannot be worked out.
    """
    if not quiz.keyed:
        raise QuizKeyError(f"this edition of {quiz.quiz} holds no key: export the instructor's")
    made: Exported = import_module(WRITERS[name]).write(quiz, student)
    return made


def read(content: bytes, name: str) -> Imported:
    """A quiz from another format.

    Args:
        content: The file's bytes.
        name: One of `READERS`.

    Raises:
        KeyError: There is no such format.
        FormatError: The file is not of that format.
    """
    made: Imported = import_module(READERS[name]).read(content)
    return made
