"""`nnv report`: the results of a class → pages for the instructor and for each student."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

from grader.feedback.site import page
from grader.names import safe_filenames
from grader.results import DATABASE, Results, read_results, written_whole
from nnv.manifest import manifest

FOLDER = "pages"
CLASS_PAGE = "class.html"
STUDENTS = "students"


def write_pages(results_folder: Path) -> Path:
    """Write the class page and each student's page from the results alone.

    Args:
        results_folder: what ``nnv grade --out`` names.

    Returns:
        The class page.

    Raises:
        ResultsError: there are no results, or the pages cannot be written.
    """
    entries = list(_entries(results_folder))
    files = safe_filenames(record["student"] for record, _ in entries)
    pages = results_folder / FOLDER
    (pages / STUDENTS).mkdir(parents=True, exist_ok=True)
    rows = []
    for record, _detail in entries:
        name = files[record["student"]] + ".html"
        html = page("student.html", "page.css", record=record, manifest=manifest())
        with written_whole(pages / STUDENTS / name) as file:
            file.write(html)
        rows.append({"record": record, "href": f"{STUDENTS}/{quote(name)}"})
    with written_whole(pages / CLASS_PAGE) as file:
        file.write(page("class.html", "page.css", rows=rows, manifest=manifest()))
    return pages / CLASS_PAGE


def _entries(folder: Path) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Each submission's entry with its failing calls; without these where only the JSON is."""
    about = read_results(folder)
    if not (folder / DATABASE).exists():
        yield from ((record, {}) for record in about["submissions"])
        return
    with Results(folder) as results:
        yield from results.details()
