"""A small hostile class, really graded, its pages, and a real browser to open them in."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from conftest import references

from grader.report import write_pages
from grader.run import Options, grade
from nnv.manifest import manifest

TAG = "<img src=x onerror=document.title='owned'>"
BIDI = "dan \u202egnp.exe"
HOSTILE_RELU = f"""
def relu(z):
    raise ValueError("<script>document.title='owned'</script>\\u202e {TAG}")
"""
HOSTILE_DENSE = f"""
def dense(x, W, b, activation=None):
    return "</code></section><script>document.title='owned'</script>{TAG}"
"""
ABSOLUTE = "import numpy as np\n\n\ndef relu(z):\n    return np.abs(z)\n"


def hand_in(folder: Path, student: str, **modules: str) -> None:
    """Write the references as a student's hand-in, with some modules written otherwise."""
    (folder / student).mkdir(parents=True)
    for name, text in {**references(), **modules}.items():
        (folder / student / f"{name}.py").write_text(text, encoding="utf-8")


NAMES = manifest().names


def mark(points: float = 1.0, verdict: str = "passed", named: str | None = None) -> dict[str, Any]:
    """A function's mark as the results hold it."""
    misconception = {"id": named, "text": f"behaves like {named}"} if named else None
    return {
        "points": points,
        "max_points": 1.0,
        "verdict": verdict,
        "carried_forward": [],
        "misconception": misconception,
        "message": None,
        "tests": [],
    }


def record(student: str, points: float = 100.0, **changes: Any) -> dict[str, Any]:
    """A submission's entry in the results: all right, but for the changes."""
    functions = {name: mark() for name in NAMES} | changes.pop("functions", {})
    return {
        "student": student,
        "status": "graded",
        "reason": None,
        "late": False,
        "points": points,
        "max_points": 100.0,
        "functions": functions,
        "quiz": None,
    } | changes


@pytest.fixture(scope="session")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The results of a class with right, wrong and hostile hand-ins, graded with pictures."""
    folder = tmp_path_factory.mktemp("class")
    submissions = folder / "submissions"
    hand_in(submissions, "ada")
    hand_in(submissions, "ben", relu=ABSOLUTE)
    hand_in(submissions, TAG, relu=HOSTILE_RELU)
    hand_in(submissions, BIDI, dense=HOSTILE_DENSE)
    (submissions / "zoe.zip").write_bytes(b"no zip")
    answers = f'schema_version: 1\nquiz: "{TAG}"\nstudent: ada\nanswers: {{}}\n'
    (submissions / "ada" / "answers.yaml").write_text(answers, encoding="utf-8")
    out = folder / "results"
    grade(Options(submissions, out, workers=1, allow_weak=True, quiet=True, pictures=True))
    return out


@pytest.fixture(scope="session")
def class_page(results: Path) -> Path:
    """The class page of that class; the students' pages lie beside it."""
    return write_pages(results, show_reference=True)
