"""How long the pages of a large class take to write, to open and to sort.

    python bench/pages_speed.py --students 2000 --json docs/pages-speed.json

The class is the sample class of `nnv demo`, really graded with pictures and then multiplied; each
student's samples are shifted by a little of their own, so that no picture is drawn from a cache.
"""

from __future__ import annotations

import json
import os
import random
import tempfile
import time
from pathlib import Path
from typing import Any

import chromium
import click
from playwright.sync_api import Page

from grader.report import write_pages
from grader.results import Record, Results
from grader.run import Options, grade
from grader.sample import write_sample_class
from nnv.manifest import manifest

TIMED_CLICK = """(selector) => new Promise((done) => {
  const start = performance.now();
  document.querySelector(selector).click();
  requestAnimationFrame(() => setTimeout(() => done(performance.now() - start), 0));
})"""


def shifted(data: Any, by: float) -> Any:
    """The same samples, each number a little larger."""
    if isinstance(data, dict):
        return {k: v if k == "widths" else shifted(v, by) for k, v in data.items()}
    if isinstance(data, list):
        return [shifted(item, by) for item in data]
    return data * (1 + by) + by if isinstance(data, float) else data


def large_class(folder: Path, students: int) -> Path:
    """Grade the sample class and multiply it; give the results' folder."""
    due = write_sample_class(folder / "submissions")
    small, large = folder / "small", folder / "large"
    grade(
        Options(folder / "submissions", small, allow_weak=True, due=due, quiet=True, pictures=True)
    )
    with Results(small) as results:
        entries = list(results.details())
        about = results.about()
    chance = random.Random(1)
    with Results(large) as results:
        results.describe(assignment=manifest().assignment, isolation=about["isolation"])
        for number in range(students):
            record, detail = entries[number % len(entries)]
            name = f"student {number:04d} {record['student']}"
            if detail.get("pictures"):
                detail = detail | {"pictures": shifted(detail["pictures"], chance.random() / 1000)}
            results.store(Record.of("", record | {"student": name}, detail))
        results.write_json()
    return large


def processor_seconds() -> float:
    """Processor time of this process and of its workers that have ended: no wait counts."""
    return sum(sum(os.times()[i : i + 2]) for i in (0, 2))


def in_browser(page: Page, address: str) -> dict[str, float]:
    """Milliseconds until the class page is drawn, sorted, filtered."""
    page.goto("about:blank")
    start = time.perf_counter()
    page.goto(address)
    page.evaluate("new Promise((done) => requestAnimationFrame(() => setTimeout(done, 0)))")
    opened = 1000 * (time.perf_counter() - start)
    heads = "table.students thead th:nth-child({}) button"
    return {
        "open_ms": round(opened),
        "sort_points_ms": round(page.evaluate(TIMED_CLICK, heads.format(2))),
        "sort_function_ms": round(page.evaluate(TIMED_CLICK, heads.format(6))),
        "filter_ms": round(page.evaluate(TIMED_CLICK, "button[data-flag]")),
    }


def measure(folder: Path, students: int, workers: int, program: str) -> dict[str, Any]:
    """Write the pages, weigh them and open the class page."""
    results = large_class(folder, students)
    start, before = time.perf_counter(), processor_seconds()
    page = write_pages(results, workers=workers)
    seconds, computed = time.perf_counter() - start, processor_seconds() - before
    sizes = [path.stat().st_size for path in (page.parent / "students").glob("*.html")]
    found: dict[str, Any] = {
        "students": students,
        "workers": workers,
        "processors": len(os.sched_getaffinity(0)),
        "seconds": round(seconds, 1),
        "processor_seconds": round(computed, 1),
        "load": round(os.getloadavg()[0], 1),
        "largest_student_page_kb": round(max(sizes) / 1000),
        "class_page_kb": round(page.stat().st_size / 1000),
    }
    with chromium.opened(program) as browser:
        window = browser.new_page(viewport={"width": 1280, "height": 900})
        runs = [in_browser(window, page.resolve().as_uri()) for _ in range(3)]
        found |= {key: sorted(run[key] for run in runs)[1] for key in runs[0]}
    return found


@click.command()
@click.option("--students", default=2000, show_default=True)
@click.option("--workers", default=2, show_default=True)
@chromium.option
@click.option("--json", "path", type=click.Path(path_type=Path), help="Write the figures here too.")
def main(students: int, workers: int, program: str, path: Path | None) -> None:
    """Print the figures; the browser's are the middle of three runs."""
    with tempfile.TemporaryDirectory() as folder:
        found = measure(Path(folder), students, workers, program)
    for key, figure in found.items():
        click.echo(f"{key:26} {figure}")
    if path is not None:
        path.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
