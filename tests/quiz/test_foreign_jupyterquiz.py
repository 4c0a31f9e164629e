"""JupyterQuiz as other programs and people write it, not as we do."""

from __future__ import annotations

import json

import pytest

from quiz.codec import to_plain
from quiz.formats import read


@pytest.mark.parametrize(
    "entry",
    [
        {"type": "numeric", "question": "q", "answers": [{"value": 4, "correct": False}]},
        {"type": "multiple_choice", "question": "q", "answers": []},
        {"type": "many_choice", "question": "q", "answers": [{"answer": "a", "correct": True}]},
        {"type": "string", "question": "q", "answers": [{"answer": "a", "correct": False}]},
        {"type": "strange", "question": "q", "answers": []},
        {"type": "string", "question": 4, "answers": []},
        {"type": "string", "question": "q", "answers": "a"},
        {"question": "q"},
        "text",
        None,
    ],
)
def test_jupyterquiz_questions_that_cannot_be_taken(entry: object) -> None:
    """An entry that makes no sense is left out with its number, the others stay."""
    good = {"type": "numeric", "question": "q", "answers": [{"range": [3, 5], "correct": True}]}
    imported = read(json.dumps([entry, good]).encode(), "jupyterquiz")
    assert [
        {"id": "question-2", "text": "q", "type": "numeric", "answer": 4, "tolerance": 1.0}
    ] == ([to_plain(question) for question in imported.quiz.questions])
    assert imported.warnings[0].startswith("question 1: left out: ")


def test_jupyterquiz_of_others() -> None:
    """Code, fuzzy texts and several right numbers are taken as near as it goes."""
    entries = [
        {
            "type": "many_choice",
            "question": "Which?",
            "code": "x = 1",
            "answers": [{"code": "a", "correct": True}, {"answer": "b", "correct": False}],
        },
        {
            "type": "string",
            "question": "Say.",
            "answers": [
                {"answer": "a", "correct": True, "fuzzy_threshold": 0.8, "match_case": True},
                {"type": "default", "feedback": "no"},
            ],
        },
        {
            "type": "numeric",
            "question": "Count.",
            "answers": [
                {"value": 1, "correct": True, "feedback": "y"},
                {"value": 2, "correct": True, "feedback": "y"},
            ],
        },
    ]
    imported = read(json.dumps(entries).encode(), "jupyterquiz")
    many, text, number = imported.quiz.questions
    assert "Which?\n\n```\nx = 1\n```" == many.text
    assert getattr(text, "case", None) is True
    assert 1 == getattr(number, "answer", None)
    assert 2 == len(imported.warnings)
