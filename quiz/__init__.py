"""The quiz: content, engine and front ends; imports nothing of the other packages.

    quiz = load()                                   # the lesson's quiz
    mark = mark_bytes(quiz, content, student="ada") # QuizMark; .as_json() for the results file

`load` raises `QuizFileError`, `mark_bytes` raises `QuizAnswersError` and nothing else for a bad
file.
"""

from __future__ import annotations

from quiz.answers import read_answers
from quiz.loader import load
from quiz.marking import QuizMark, mark_answers, mark_bytes, results
from quiz.model import Quiz
from quiz.problems import QuizAnswersError, QuizError, QuizFileError, QuizKeyError

__all__ = [
    "Quiz",
    "QuizAnswersError",
    "QuizError",
    "QuizFileError",
    "QuizKeyError",
    "QuizMark",
    "load",
    "mark_answers",
    "mark_bytes",
    "read_answers",
    "results",
]
