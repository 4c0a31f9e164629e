"""A real Chromium, a served quiz, and programs that serve one."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from quiz_pages import Program, serving

from quiz.model import Quiz
from quiz.web.desk import desk_for
from quiz.web.server import QuizServer


@pytest.fixture
def served(every_type: Quiz, tmp_path: Path) -> Iterator[QuizServer]:
    """A quiz with a question of each type, being served to ada."""
    with serving(desk_for(every_type, tmp_path / "answers.yaml", "ada")) as server:
        yield server


@pytest.fixture
def program(tmp_path: Path) -> Iterator[Any]:
    """Starts programs in one folder, and ends them all."""
    started: list[Program] = []

    def start(*arguments: str) -> Program:
        started.append(Program(tmp_path, *arguments))
        return started[-1]

    yield start
    for each in started:
        if each.process.poll() is None:
            each.end(signal.SIGKILL)
