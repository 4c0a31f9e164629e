"""The results in an output folder: stored whole, one grader at a time, plain errors."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from grader.results import DATABASE, Record, Results, ResultsError, read_results, written_whole


def _record(student: str, points: float = 1.0) -> Record:
    entry: dict[str, Any] = {"student": student, "status": "graded", "points": points}
    return Record.of(f"key-{student}", entry, {"functions": {}})


def test_what_is_stored_is_written(tmp_path: Path) -> None:
    """results.json holds each submission once, in the order of the names, and the run's facts."""
    with Results(tmp_path) as results:
        for name in ("zoë", "ada", "ada"):
            results.store(_record(name))
        results.describe(assignment="lesson04", isolation="full")
        results.keep_present(["ada", "zoë"])
        results.write_json()
    found = read_results(tmp_path)
    assert found["schema_version"] == 1
    assert found["isolation"] == "full"
    assert [entry["student"] for entry in found["submissions"]] == ["ada", "zoë"]


def test_stored_results_outlive_a_kill(tmp_path: Path) -> None:
    """What was stored is there although nothing was closed."""
    results = Results(tmp_path)
    results.store(_record("ada"))
    base = sqlite3.connect(tmp_path / DATABASE)
    assert base.execute("SELECT student FROM submission").fetchall() == [("ada",)]
    base.close()
    results.close()


def test_who_left_the_class_is_left_out_but_kept(tmp_path: Path) -> None:
    """A hand-in that is gone is not in results.json, and comes back with its results."""
    with Results(tmp_path) as results:
        results.store(_record("ada"))
        results.store(_record("bob"))
        assert results.keep_present(["ada"]) == 1
        assert [r["student"] for r in results.records()] == ["ada"]
        assert results.keep_present(["ada", "bob"]) == 0
        assert [r["student"] for r in results.records()] == ["ada", "bob"]


def test_one_grader_at_a_time(tmp_path: Path) -> None:
    """A second grader on the same folder is told so, and harms nothing."""
    with Results(tmp_path) as results:
        results.store(_record("ada"))
        with pytest.raises(ResultsError, match="another nnv grade"):
            Results(tmp_path)
    with Results(tmp_path) as results:
        assert list(results.keys()) == ["ada"]


@pytest.mark.parametrize(
    "content", [b"no database at all, but long enough to look at" * 20, b"\0" * 5000]
)
def test_a_corrupt_database_is_named(tmp_path: Path, content: bytes) -> None:
    """A file that is no database is refused with what to do, and stays as it is."""
    (tmp_path / DATABASE).write_bytes(content)
    with pytest.raises(ResultsError, match="move it away"):
        Results(tmp_path)
    assert (tmp_path / DATABASE).read_bytes() == content


def test_another_schema_is_refused(tmp_path: Path) -> None:
    """Results of another version are not mixed with ours."""
    Results(tmp_path).close()
    base = sqlite3.connect(tmp_path / DATABASE)
    base.execute("UPDATE about SET value='99' WHERE key='schema_version'")
    base.commit()
    base.close()
    with pytest.raises(ResultsError, match="schema_version 99"):
        Results(tmp_path)


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    """A write that fails leaves the old file, and no half of a new one."""
    path = tmp_path / "a.json"
    path.write_text("old")
    with pytest.raises(RuntimeError), written_whole(path) as file:
        file.write("half")
        raise RuntimeError
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_reading_what_is_not_there(tmp_path: Path) -> None:
    """A folder without results, or with others, is named with the remedy."""
    with pytest.raises(ResultsError, match="grade first"):
        read_results(tmp_path)
    (tmp_path / "results.json").write_text(json.dumps({"schema_version": 7}))
    with pytest.raises(ResultsError, match="schema_version 1 expected"):
        read_results(tmp_path)
