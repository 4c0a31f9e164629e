"""Compares grading through nbgrader: its stock executor, our executor in it, `nnv grade --course`.

    python bench/nbgrader_speed.py

All three grade hand-ins of the same code (bench/hand_ins.py), in one run on one machine. Stock
nbgrader grades a twin of our notebook whose graded cells are plain assertions of the same cases
(bench/stock.py). Ours is the course that `nnv course` writes, with its exercises' notebook alone,
since the twin has no quiz either. Seconds a hand-in are those of the whole command, start included;
`nnv grade --course` starts its workers for some seconds, so that its ratio grows with the class.

Stock's marks differ from ours where a helper is wrong: its callers lose their points there too.

Absolute figures are those of the machine and of what else runs on it; the ratios are the result.
Prints a table and writes nbgrader_speed.json.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import hand_ins
import stock
from meter import Measured, measure

from grader.gradebook.autograded import filled
from grader.gradebook.collected import written
from grader.hand_ins import HandIn, find_hand_ins
from grader.notebook import cells
from grader.notebook.course import write_course
from grader.submission import read
from nnv.manifest import manifest

_NNV = "from grader.cli import main; main()"
SCHEMA_VERSION = 1


def main() -> None:
    """Run the comparison as asked for."""
    asked = _arguments()
    with tempfile.TemporaryDirectory(prefix="nnv-nbgrader-") as place:
        found = compare(Path(place), asked)
    asked.out.mkdir(parents=True, exist_ok=True)
    (asked.out / "nbgrader_speed.json").write_text(json.dumps(found, indent=2) + "\n")
    print(asked.out / "nbgrader_speed.json")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--stock", type=int, default=20, help="hand-ins for stock nbgrader")
    parser.add_argument("--autograde", type=int, default=100, help="hand-ins for our executor")
    parser.add_argument("--course", type=int, default=1000, help="hand-ins for nnv grade --course")
    parser.add_argument("--out", type=Path, default=Path("bench-results"))
    return parser.parse_args()


def compare(place: Path, asked: argparse.Namespace) -> dict[str, Any]:
    """Grade in the three ways, and print each as it comes."""
    folder = place / "hand-ins"
    hand_ins.write(folder, max(asked.stock, asked.autograde, asked.course))
    everybody = find_hand_ins(folder)
    ways: dict[str, tuple[int, Callable[[Path, tuple[HandIn, ...]], Measured]]] = {
        "stock": (asked.stock, _stock),
        "autograde": (asked.autograde, _autograde),
        "course": (asked.course, _course),
    }
    found: dict[str, Any] = {"schema_version": SCHEMA_VERSION, "processors": os.cpu_count()}
    scores = {}
    for name, (count, run) in ways.items():
        taken = run(place / name, everybody[:count])
        found[name] = _speed(name, count, taken)
        scores[name] = stock.scores(place / name)
    found["ratios"] = {
        way: {
            kind: round(found["stock"][kind] / found[way][kind], 1)
            for kind in ("wall_s_a_hand_in", "cpu_s_a_hand_in")
        }
        for way in ("autograde", "course")
    }
    found["same_marks"] = {
        "autograde_and_course": _agreement(scores["autograde"], scores["course"]),
        "full_marks_stock_and_course": _agreement(_full(scores["stock"]), _full(scores["course"])),
    }
    for name, ratio in found["ratios"].items():
        print(f"{name:10} {ratio['wall_s_a_hand_in']:6.1f} times stock's speed on the clock, "
              f"{ratio['cpu_s_a_hand_in']:6.1f} in processor time")  # fmt: skip
    print(f"same marks: {found['same_marks']}")
    return found


def _stock(place: Path, some: tuple[HandIn, ...]) -> Measured:
    place.mkdir()
    stock.write_course(place, some)
    return stock.autograde(place)


def _autograde(place: Path, some: tuple[HandIn, ...]) -> Measured:
    _write_ours(place, some)
    return stock.nbgrader(place, "autograde", manifest().assignment)


def _course(place: Path, some: tuple[HandIn, ...]) -> Measured:
    _write_ours(place, some)
    return measure([sys.executable, "-c", _NNV, "grade", "--course", place], place, {})


def _write_ours(place: Path, some: tuple[HandIn, ...]) -> None:
    """Our course with these hand-ins as notebooks, and nbgrader's gradebook of it."""
    known = manifest()
    write_course(place)
    (place / "source" / known.assignment / "quiz.ipynb").unlink()
    stock.nbgrader(place, "generate_assignment", known.assignment)
    path = place / "release" / known.assignment / f"{cells.NAME}.ipynb"
    handed_out = path.read_text(encoding="utf-8")
    for hand_in in some:
        answers = written(read(hand_in), known)
        plain = {name: stock.as_cell(text) for name, text in answers.items()}
        target = place / "submitted" / hand_in.student / known.assignment / f"{cells.NAME}.ipynb"
        target.parent.mkdir(parents=True)
        target.write_text(json.dumps(filled(json.loads(handed_out), plain)), encoding="utf-8")


def _speed(name: str, count: int, taken: Measured) -> dict[str, Any]:
    each, cpu = taken.wall_s / count, taken.cpu_s / count
    print(f"{name:10} {count:5} hand-ins in {taken.wall_s:7.1f} s: {1000 * each:8.1f} ms each, "
          f"{1000 * cpu:8.1f} ms of processor time", flush=True)  # fmt: skip
    return {
        "hand_ins": count,
        **asdict(taken),
        "wall_s_a_hand_in": round(each, 5),
        "cpu_s_a_hand_in": round(cpu, 5),
    }


def _full(scores: dict[str, dict[str, float]]) -> dict[str, dict[str, float]]:
    """Which functions got full marks: all that a cell of plain assertions can say."""
    most = {function.name: function.points for function in manifest().functions}
    return {
        student: {name: float(score == most[name]) for name, score in found.items()}
        for student, found in scores.items()
    }


def _agreement(
    one: dict[str, dict[str, float]], other: dict[str, dict[str, float]]
) -> dict[str, int]:
    pairs = [
        (one[student][name], other[student][name])
        for student in sorted(set(one) & set(other))
        for name in manifest().names
    ]
    return {"functions": len(pairs), "agree": sum(a == b for a, b in pairs)}


if __name__ == "__main__":
    main()
