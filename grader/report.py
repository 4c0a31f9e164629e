"""`nnv report`: the results of a class → pages for the instructor and for each student.

Pages read the results and never run anything of a student's.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from typing import Any
from urllib.parse import quote

from grader import references
from grader.feedback import samples
from grader.feedback.canvas import drawing
from grader.feedback.student import student_page
from grader.names import safe_filenames
from grader.results import DATABASE, Results, ResultsError, read_results, written_whole
from grader.run import processors
from nnv.manifest import manifest

FOLDER = "pages"
CLASS_PAGE = "class.html"
STUDENTS = "students"
BATCH = 50
MOST_WORKERS = 2
SMALL_CLASS = 100  # starting a process takes as long as so many pages

Entry = tuple[dict[str, Any], dict[str, Any]]
Job = tuple[Path, dict[str, Any], dict[str, Any]]


def write_pages(results_folder: Path, *, show_reference: bool = False, workers: int = 0) -> Path:
    """Write the class page and each student's page from the results alone.

    Args:
        results_folder: what ``nnv grade --out`` names.
        show_reference: whether a wrong function's picture has the reference's beside it.
        workers: how many processes write; 0 for one a processor, at most two.

    Returns:
        The class page.

    Raises:
        ResultsError: there are no results, or the pages cannot be written.
    """
    from grader.feedback.classpage import class_page

    about, entries = _read(results_folder)
    files = safe_filenames(record["student"] for record, _ in entries)
    pages = results_folder / FOLDER
    try:
        (pages / STUDENTS).mkdir(parents=True, exist_ok=True)
        _clear(pages / STUDENTS, {f"{name}.html" for name in files.values()})
        jobs = [
            (pages / STUDENTS / f"{files[record['student']]}.html", record, detail)
            for record, detail in entries
        ]
        _write_all(jobs, show_reference, workers)
        links = {student: f"{STUDENTS}/{quote(name)}.html" for student, name in files.items()}
        records = [record for record, _ in entries]
        with written_whole(pages / CLASS_PAGE) as file:
            file.write(class_page(records, links, about["isolation"], manifest()))
    except OSError as error:
        raise ResultsError(f"{pages}: pages cannot be written: {error}: make room") from error
    return pages / CLASS_PAGE


def _read(folder: Path) -> tuple[dict[str, Any], list[Entry]]:
    """The results, with failing calls and samples where the database is there too."""
    about = read_results(folder)
    if not (folder / DATABASE).exists():
        return about, [(record, {}) for record in about["submissions"]]
    with Results(folder) as results:
        return about, list(results.details())


def _clear(folder: Path, kept: set[str]) -> None:
    """Take away pages of students that are not in the class any more."""
    for path in folder.glob("*.html"):
        if path.name not in kept:
            path.unlink()


def _write_all(jobs: list[Job], show_reference: bool, workers: int) -> None:
    workers = workers or min(MOST_WORKERS, processors())
    if workers == 1 or len(jobs) < SMALL_CLASS:
        _write_some(jobs, show_reference)
        return
    batches = list(_batches(jobs))
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        list(pool.map(_write_some, batches, [show_reference] * len(batches)))


def _batches(jobs: list[Job]) -> Iterator[list[Job]]:
    for start in range(0, len(jobs), BATCH):
        yield jobs[start : start + BATCH]


def _write_some(jobs: list[Job], show_reference: bool) -> None:
    due = _reference_samples() if show_reference else None
    with drawing():
        for path, record, detail in jobs:
            html = student_page(record, detail, manifest(), due)
            with written_whole(path) as file:
                file.write(html)


@cache
def _reference_samples() -> dict[str, Any]:
    return samples.reference(references.functions(manifest()))
