"""An empty hand-in for each test."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture
def ada(tmp_path: Path) -> Path:
    """An empty folder of a student called ada."""
    folder = tmp_path / "ada"
    folder.mkdir()
    return folder
