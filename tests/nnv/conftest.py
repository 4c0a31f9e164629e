"""A student's folder to work in, and ways to write into it."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

HOUSE = Path(__file__).resolve().parents[2]


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the untouched exercises, as the current folder."""
    root = tmp_path / "lesson"
    shutil.copytree(
        HOUSE / "exercises", root / "exercises", ignore=shutil.ignore_patterns("__pycache__")
    )
    monkeypatch.chdir(root)
    return root


@pytest.fixture
def solve() -> Callable[..., None]:
    """Write the references of these modules into a student's folder."""

    def write(folder: Path, *modules: str) -> None:
        for module in modules:
            source = (HOUSE / "solutions" / f"{module}.py").read_text(encoding="utf-8")
            own = source.replace("from solutions.", "from exercises.")
            (folder / f"{module}.py").write_text(own, encoding="utf-8")

    return write
