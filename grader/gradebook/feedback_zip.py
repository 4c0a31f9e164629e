"""Everybody's feedback in one zip that Canvas, or Moodle, hands out again by itself.

Canvas (assignment → Upload submissions; `infer_comment_context_from_filename` in its sources) takes
a file for a comment where its name holds the student's number and that of a file that this student
handed in: `lovelaceada_12345_67890_relu.py`, which is what it called that file in its own bulk
download. It shows the comment under the name of the file that was handed in, so the feedback is
written as what that name promises: a Python file of comments, a notebook, a zip.

Moodle (View all submissions → Upload multiple feedback files in a zip;
`mod/assign/feedback/file/importziplib.php`) wants the folder of its own download:
`Ada Lovelace_1234567_assignsubmission_file_/feedback.html`.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterable
from pathlib import Path

from grader.bulk_names import Named, parse
from grader.gradebook.gathered import ExportError, Gathered, Wishes, Written
from grader.names import shown
from grader.report import FOLDER, STUDENTS

CANVAS = "canvas-feedback.zip"
MOODLE = "moodle-feedback.zip"
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the same results give the same zip


def write(gathered: Gathered, out: Path, wishes: Wishes) -> Written:
    """Write a zip for each platform that the hand-ins came from.

    Raises:
        ExportError: no hand-in bears a name of Canvas' or Moodle's bulk downloads.
    """
    canvas: list[tuple[str, bytes]] = []
    moodle: list[tuple[str, bytes]] = []
    problems: list[str] = []
    for record in gathered.records:
        student = record["student"]
        found = _returnable(gathered.hand_ins.get(student, (None, ()))[1])
        text = _text(gathered, student)
        if found is None or text is None:
            why = "no feedback was found: run nnv grade again" if text is None else _WHY
            problems.append(f"{shown(student)}: {why}")
        elif found[1].upload:
            canvas.append((found[0], _as(found[1].file, text, _page(gathered, student))))
        else:
            page = _page(gathered, student)
            name = "feedback.md" if page is None else "feedback.html"
            folder = f"{found[1].student}_{found[1].lms_id}_assignsubmission_file_"
            moodle.append((f"{folder}/{name}", page or text.encode()))
    files = [
        _zip(out / n, entries) for n, entries in ((CANVAS, canvas), (MOODLE, moodle)) if entries
    ]
    if not files:
        raise ExportError(
            f"{gathered.folder}: no hand-in has a name that Canvas or Moodle gave it: grade the "
            "unpacked bulk download as it is"
        )
    return Written(tuple(files), tuple(problems))


_WHY = "its hand-in has no name that Canvas or Moodle gave it: hand the feedback out yourself"


def _returnable(entries: Iterable[str]) -> tuple[str, Named] | None:
    """The entry whose name brings the feedback back: the newest, which surely still counts."""
    named = [(name, parse(name, is_folder="." not in name)) for name in entries]
    bulk = [(name, found) for name, found in named if found.is_bulk and found.lms_id]
    return max(bulk, key=lambda pair: pair[1].upload, default=None)


def _text(gathered: Gathered, student: str) -> str | None:
    path = gathered.folder / "feedback" / f"{gathered.files[student]}.md"
    return path.read_text(encoding="utf-8") if path.is_file() else None


def _page(gathered: Gathered, student: str) -> bytes | None:
    """The page that `nnv report` wrote, where it did."""
    path = gathered.folder / FOLDER / STUDENTS / f"{gathered.files[student]}.html"
    return path.read_bytes() if path.is_file() else None


def _as(file: str, text: str, page: bytes | None) -> bytes:
    """The feedback as a file of that name's kind."""
    suffix = Path(file).suffix.lower()
    if suffix == ".py":
        return "".join(f"# {line}".rstrip() + "\n" for line in text.splitlines()).encode()
    if suffix == ".ipynb":
        return _notebook(text)
    if suffix == ".zip":
        inside = [("feedback.md", text.encode())] + ([("feedback.html", page)] if page else [])
        return _packed(inside)
    return text.encode()


def _notebook(text: str) -> bytes:
    cell = {"cell_type": "markdown", "id": "feedback", "metadata": {}, "source": text}
    notebook = {"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(notebook, indent=1).encode()


def _zip(path: Path, entries: list[tuple[str, bytes]]) -> Path:
    path.write_bytes(_packed(entries))
    return path


def _packed(entries: Iterable[tuple[str, bytes]]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in sorted(entries):
            info = zipfile.ZipInfo(name, _EPOCH)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            archive.writestr(info, content)
    return packed.getvalue()
