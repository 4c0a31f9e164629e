"""What the quiz's tests share: two quizzes, and a cache of their own."""

from __future__ import annotations

from pathlib import Path

import pytest

from quiz import load
from quiz.model import Quiz

DATA = Path(__file__).parent / "data"


@pytest.fixture(autouse=True)
def own_cache(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Keeps the tests out of the user's cache."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.getbasetemp() / "cache"))


@pytest.fixture
def lesson(own_cache: None) -> Quiz:
    """The lesson's quiz."""
    return load()


@pytest.fixture
def every_type(own_cache: None) -> Quiz:
    """A quiz with a question of each type."""
    return load(DATA / "every-type.yaml")
