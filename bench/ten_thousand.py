"""Grades ten thousand hand-ins in one run, half of them faulty in every way that the tests know.

    python bench/ten_thousand.py --count 10000

The faulty half takes the hostile hand-ins of tests/hostile in turn: attacks from within, each with
a line of its own; archives, notebooks and folders that attack the reader; hostile names; and each
of the endless ones `--endless` times, since each takes its time limit. The other half is that of
bench/hand_ins.py. There must be one result for each, none `grader_error`, and the honest half's
must be what they are without the others.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

import hand_ins
from compare import nnv
from meter import Measured

TESTS = Path(__file__).parents[1] / "tests"
sys.path[:0] = [str(TESTS)]

from hostile.builders import NAMES, READ, named  # noqa: E402 - from the tests
from hostile.hand_in import Attack, attacks, places  # noqa: E402


def write(place: Path, count: int, endless: int) -> tuple[int, int]:
    """Write the class into `place/class`, its honest half alone into `place/honest` as well.

    Returns:
        How many honest and how many faulty ones.
    """
    hand_ins.write(place / "honest", count // 2)
    shutil.copytree(place / "honest", place / "class")
    canary = place / "canary"
    canary.write_text("untouched")
    known = places(place / "class", canary)
    slow = [attack for attack in attacks("endless") for _ in range(endless)]
    makers: list[Any] = [*attacks("hand_ins"), *READ, *NAMES]
    for number in range(count - count // 2):
        maker = slow[number] if number < len(slow) else makers[number % len(makers)]
        _faulty(place / "class", maker, number, known)
    return count // 2, count - count // 2


def _faulty(folder: Path, maker: Any, number: int, known: dict[str, str]) -> None:
    if isinstance(maker, str):
        named(folder, f"{maker[:150]} {number}")
    elif isinstance(maker, Attack):
        home = folder / f"f{number:05d}-{maker.name}"
        home.mkdir()
        for name, source in maker.sources(known).items():
            (home / f"{name}.py").write_bytes(source + b"\n# %d\n" % number)
    else:
        maker(folder / f"f{number:05d}-{maker.__name__}")


def records(out: Path) -> dict[str, dict[str, Any]]:
    """The entries of ``results.json``, by student."""
    entries = json.loads((out / "results.json").read_text(encoding="utf-8"))["submissions"]
    return {entry["student"]: entry for entry in entries}


def problems(place: Path, faulty: int) -> list[str]:
    """What is not as it must be."""
    mixed, alone = records(place / "out"), records(place / "alone")
    found = [
        f"{name}: grader_error: {entry['reason']}"
        for name, entry in mixed.items()
        if entry["status"] == "grader_error"
    ]
    found += [f"{name}: other marks than alone" for name in alone if mixed.get(name) != alone[name]]
    if len(mixed) != len(alone) + faulty:
        found.append(f"{len(mixed)} results, {len(alone) + faulty} hand-ins")
    return found


def _told(name: str, count: int, taken: Measured) -> None:
    print(
        f"{name}: {count} hand-ins in {taken.wall_s:.1f} s ({count / taken.wall_s:.1f} a second, "
        f"{1000 * taken.cpu_s / count:.1f} CPU ms each), peak {taken.peak_rss_mb:.0f} MB "
        f"({taken.peak_pss_mb:.0f} MB with shared pages once)",
        flush=True,
    )


def main() -> None:
    """Write, grade, and look."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--endless", type=int, default=1, help="of each that runs into a limit")
    parser.add_argument("--workers", type=int, default=2)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="nnv-class-", ignore_cleanup_errors=True) as name:
        place = Path(name)
        place.chmod(0o755)
        honest, faulty = write(place, asked.count, asked.endless)
        mixed = nnv(place / "class", place / "out", asked.workers)
        _told("all", honest + faulty, mixed)
        _told(
            "the honest half alone", honest, nnv(place / "honest", place / "alone", asked.workers)
        )
        found = problems(place, faulty)
        print(Counter(entry["status"] for entry in records(place / "out").values()))
    for problem in found[:50]:
        print(problem)
    print(f"{len(found)} problems")
    sys.exit(bool(found))


if __name__ == "__main__":
    main()
