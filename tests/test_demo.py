"""`nnv demo`: the first thing that an instructor runs."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from class_folders import results, run

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="full isolation is Linux's"),
    pytest.mark.usefixtures("sandbox"),
]


def test_the_demo_grades_a_class_and_shows_its_pages(tmp_path: Path) -> None:
    """It ends well, quotes a message, and names a page that is there; again, it begins anew."""
    out = tmp_path / "demo"
    (out / "left-over").mkdir(parents=True)
    (out / ".nnv-demo").touch()
    status, said, error = run("demo", "--out", out)
    assert (status, "Traceback" in error) == (0, False), error
    assert not (out / "left-over").exists()
    assert "isolation: full" in said
    assert "What " in said
    assert " reads about " in said
    assert Path(said.strip().splitlines()[-1]).is_file()
    graded = results(out / "results")
    assert "graded" in {record["status"] for record in graded.values()}
    assert len(list((out / "results" / "feedback").iterdir())) == len(graded)


def test_the_demo_leaves_what_is_not_its_own(tmp_path: Path) -> None:
    """A folder that holds something else is named, and stays as it is."""
    (tmp_path / "thesis.txt").write_text("three years of work", encoding="utf-8")
    status, _, error = run("demo", "--out", tmp_path)
    assert (status, "holds something else" in error) == (2, True)
    assert (tmp_path / "thesis.txt").read_text(encoding="utf-8") == "three years of work"
