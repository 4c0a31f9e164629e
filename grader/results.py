"""What grading leaves behind: ``results.sqlite``, ``results.json`` and ``run.json``.

Each submission is one transaction, so that a run that is killed at any moment loses nothing of
what it had finished. ``results.json`` is written from the database in one piece at the end.
"""

from __future__ import annotations

import contextlib
import json
import os
import sqlite3
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader.errors import GraderError
from nnv.manifest import Manifest

SCHEMA_VERSION = 1
DATABASE = "results.sqlite"
JSON_FILE = "results.json"
RUN_FILE = "run.json"

_TABLES = """
CREATE TABLE IF NOT EXISTS about (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS submission (
    student TEXT PRIMARY KEY,
    key     TEXT NOT NULL,
    record  TEXT NOT NULL,
    detail  TEXT NOT NULL,
    printed TEXT NOT NULL,
    present INTEGER NOT NULL DEFAULT 1
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS adjusted (student TEXT PRIMARY KEY, record TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS hand_in (
    student TEXT PRIMARY KEY, lms_id TEXT, entries TEXT NOT NULL
) WITHOUT ROWID;
"""


class ResultsError(GraderError):
    """The results cannot be read or written: where, what was found, what to do."""


@dataclass(frozen=True, slots=True)
class Record:
    """One submission's results, as they are stored: between processes, text is quickest.

    Attributes:
        student: whose it is.
        key: hash of everything that the results depend on.
        record_json: the submission's entry in ``results.json``.
        detail_json: failing calls taken apart, by function, for the pages.
        printed: what the student's code printed; for the instructor.
        feedback: what the student reads, as Markdown; empty where nobody has written it yet.
        status: whether it was graded, from the entry.
        reason: why not, from the entry.
    """

    student: str
    key: str
    record_json: str
    detail_json: str
    printed: str
    feedback: str
    status: str
    reason: str | None

    @classmethod
    def of(
        cls,
        key: str,
        record: Mapping[str, Any],
        detail: Mapping[str, Any] | None = None,
        printed: str = "",
        feedback: str = "",
    ) -> Record:
        """Put together what is kept of a submission with this entry."""
        return cls(
            student=record["student"],
            key=key,
            record_json=_as_json(record),
            detail_json=_as_json(detail or {}),
            printed=printed,
            feedback=feedback,
            status=record["status"],
            reason=record.get("reason"),
        )

    @property
    def record(self) -> dict[str, Any]:
        """The submission's entry in ``results.json``, taken apart anew each time."""
        found: dict[str, Any] = json.loads(self.record_json)
        return found


def empty_record(
    manifest: Manifest, head: dict[str, Any], status: str, reason: str
) -> dict[str, Any]:
    """The record of a submission that could not be graded: no points, nothing lost but them."""
    return {
        "student": head["student"],
        "status": status,
        "reason": reason,
        "source": None,
        "submitted": head["submitted"],
        "late": head["late"],
        "points": 0.0,
        "max_points": manifest.max_points,
        "functions": {},
        "quiz": None,
    }


class Results:
    """The results in one output folder, held by one grader at a time."""

    def __init__(self, folder: Path) -> None:
        """Open or make the folder's database.

        Raises:
            ResultsError: another grader writes there, or it is no database of ours.
        """
        self.folder = folder
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._lock = _lock(folder / ".lock")
        except OSError as error:
            raise ResultsError(_explain(folder, error)) from error
        try:
            self._base = sqlite3.connect(folder / DATABASE, isolation_level=None, timeout=10)
        except sqlite3.Error as error:
            self._lock.close()
            raise ResultsError(_explain(folder, error)) from error
        try:
            self._prepare()
        except sqlite3.Error as error:
            self.close()
            raise ResultsError(_explain(folder, error)) from error
        except ResultsError:
            self.close()
            raise

    def _prepare(self) -> None:
        base = self._base
        base.execute("PRAGMA journal_mode=WAL")
        base.execute("PRAGMA synchronous=NORMAL")
        base.executescript(_TABLES)
        found = base.execute("SELECT value FROM about WHERE key='schema_version'").fetchone()
        if found is None:
            base.execute("INSERT INTO about VALUES ('schema_version', ?)", (str(SCHEMA_VERSION),))
        elif found[0] != str(SCHEMA_VERSION):
            raise ResultsError(
                f"{self.folder / DATABASE}: schema_version {found[0]} found, "
                f"{SCHEMA_VERSION} allowed: name another folder with --out"
            )

    def keys(self) -> dict[str, str]:
        """The key of each stored submission, by student."""
        return dict(self._base.execute("SELECT student, key FROM submission"))

    def store(self, record: Record) -> None:
        """Store one submission's results, in a transaction of its own.

        Raises:
            ResultsError: the disk is full, or the file cannot be written.
        """
        row = (
            record.student,
            record.key,
            record.record_json,
            record.detail_json,
            record.printed,
        )
        with self._explained():
            self._base.execute("INSERT OR REPLACE INTO submission VALUES (?, ?, ?, ?, ?, 1)", row)

    def keep_present(self, students: Iterable[str]) -> int:
        """Mark who is in the class; others stay stored but out of ``results.json``.

        Returns:
            How many stored submissions are not in the class any more.
        """
        with self._explained():
            self._base.execute("BEGIN")
            self._base.execute("UPDATE submission SET present=0")
            self._base.executemany(
                "UPDATE submission SET present=1 WHERE student=?", ((s,) for s in students)
            )
            self._base.execute("COMMIT")
            query = "SELECT count(*) FROM submission WHERE present=0"
            return int(self._base.execute(query).fetchone()[0])

    def describe(self, **about: str) -> None:
        """Store what holds for the whole run: the assignment, the isolation."""
        with self._explained():
            self._base.executemany("INSERT OR REPLACE INTO about VALUES (?, ?)", about.items())

    def about(self) -> dict[str, str]:
        """What holds for the whole run."""
        return dict(self._base.execute("SELECT key, value FROM about"))

    def adjust(self, records: Mapping[str, dict[str, Any]]) -> set[str]:
        """Store the entries that count otherwise than graded, in place of those stored before.

        Args:
            records: by student; whoever is not among them counts as graded.

        Returns:
            The students whose entry counts otherwise now, or did so before.
        """
        with self._explained():
            before = {row[0] for row in self._base.execute("SELECT student FROM adjusted")}
            self._base.execute("BEGIN")
            self._base.execute("DELETE FROM adjusted")
            self._base.executemany(
                "INSERT INTO adjusted VALUES (?, ?)",
                ((s, _as_json(r)) for s, r in records.items()),
            )
            self._base.execute("COMMIT")
        return before | set(records)

    def note_hand_ins(self, found: Iterable[tuple[str, str | None, Sequence[str]]]) -> None:
        """Store under which names the class handed in, for what goes back to Canvas or Moodle.

        Args:
            found: student, number in Canvas or Moodle, names in the folder of hand-ins.
        """
        rows = ((s, lms_id, _as_json(names)) for s, lms_id, names in found)
        with self._explained():
            self._base.execute("BEGIN")
            self._base.execute("DELETE FROM hand_in")
            self._base.executemany("INSERT INTO hand_in VALUES (?, ?, ?)", rows)
            self._base.execute("COMMIT")

    def hand_ins(self) -> dict[str, tuple[str | None, tuple[str, ...]]]:
        """By student: the number in Canvas or Moodle, and the names in the folder of hand-ins."""
        rows = self._base.execute("SELECT student, lms_id, entries FROM hand_in")
        return {student: (lms_id, tuple(json.loads(names))) for student, lms_id, names in rows}

    def records(self, *, as_graded: bool = False) -> Iterator[dict[str, Any]]:
        """The class's submissions in the order of the students' names.

        Args:
            as_graded: without what was done to them after grading: overrides, late penalty.
        """
        query = "SELECT record FROM submission WHERE present=1 ORDER BY student"
        for (text,) in self._base.execute(query) if as_graded else self._rows():
            yield json.loads(text)

    def details(self) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
        """Each submission's entry with its failing calls taken apart."""
        for record, detail in self._rows(", detail"):
            yield json.loads(record), json.loads(detail)

    def _rows(self, columns: str = "") -> Iterator[tuple[str, ...]]:
        query = (
            f"SELECT coalesce(adjusted.record, submission.record){columns} FROM submission "
            "LEFT JOIN adjusted USING (student) WHERE present=1 ORDER BY student"
        )
        yield from self._base.execute(query)

    def write_json(self) -> Path:
        """Write ``results.json`` from the database, whole or not at all."""
        path = self.folder / JSON_FILE
        about = self.about()
        head = {
            "schema_version": SCHEMA_VERSION,
            "assignment": about.get("assignment", ""),
            "isolation": about.get("isolation", ""),
        }
        with self._explained(), written_whole(path) as file:
            file.write(_as_json(head)[:-1] + ', "submissions": [')
            for number, (text,) in enumerate(self._rows()):
                file.write((",\n" if number else "\n") + text)
            file.write("\n]}\n")
        return path

    def write_run(self, run: dict[str, Any]) -> None:
        """Write ``run.json``: what varies from run to run."""
        with self._explained(), written_whole(self.folder / RUN_FILE) as file:
            json.dump({"schema_version": SCHEMA_VERSION, **run}, file, indent=2)
            file.write("\n")

    def write_text(self, name: str, text: str) -> None:
        """Write a file of the output folder, whole or not at all."""
        path = self.folder / name
        with self._explained():
            path.parent.mkdir(parents=True, exist_ok=True)
            with written_whole(path) as file:
                file.write(text)

    @contextlib.contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except (OSError, sqlite3.Error) as error:
            raise ResultsError(_explain(self.folder, error)) from error

    def close(self) -> None:
        """Close the database and let the next grader in."""
        self._base.close()
        self._lock.close()

    def __enter__(self) -> Results:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _as_json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def read_results(folder: Path) -> dict[str, Any]:
    """Read ``results.json`` of an output folder.

    Raises:
        ResultsError: there is none, or it is not one of ours.
    """
    path = folder / JSON_FILE
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ResultsError(
            f"{path}: not found: grade first with nnv grade --out {folder}"
        ) from None
    except (OSError, ValueError) as error:
        raise ResultsError(f"{path}: cannot be read: {error}: grade again") from error
    if not isinstance(found, dict) or found.get("schema_version") != SCHEMA_VERSION:
        raise ResultsError(f"{path}: schema_version {SCHEMA_VERSION} expected: grade again")
    return found


@contextlib.contextmanager
def written_whole(path: Path) -> Iterator[Any]:
    """Write a text file beside its place and move it there once it is whole."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:40]}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            yield file
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _lock(path: Path) -> Any:
    file = path.open("a")
    try:
        import fcntl
    except ImportError:  # no lock where there is no fcntl; the database has its own
        return file
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        raise ResultsError(
            f"{path.parent}: another nnv grade writes here: wait for it, or name another --out"
        ) from None
    return file


def _explain(folder: Path, error: Exception) -> str:
    if isinstance(error, sqlite3.DatabaseError) and "not a database" in str(error):
        return f"{folder / DATABASE}: not a results file: move it away and grade again"
    if isinstance(error, sqlite3.DatabaseError) and "malformed" in str(error):
        return f"{folder / DATABASE}: damaged: move it away and grade again"
    return f"{folder}: results cannot be written: {error}: make room or name another --out"
