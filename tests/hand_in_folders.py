"""What tests of reading hand-ins share: files put into folders, and what becomes of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.submission import Submission, Unreadable, read, single_hand_in

RELU = b"def relu(z):\n    return max(z, 0)\n"
NOTEBOOK = b'{"cells": [{"cell_type": "code", "source": "x = 1"}], "nbformat": 4}'


def put(folder: Path, name: str, data: bytes = RELU) -> Path:
    """Write a file, its folders too; gives its path."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def submission(path: Path) -> Submission:
    """What is read of a hand-in."""
    return read(single_hand_in(path))


def stems(path: Path) -> list[str]:
    """The names of the modules that are graded."""
    return [name for name, _ in submission(path).sources]


def refusal(path: Path) -> str:
    """Why a hand-in is refused."""
    with pytest.raises(Unreadable) as caught:
        submission(path)
    return caught.value.reason
