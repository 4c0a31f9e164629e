"""Compares `nnv grade` with stock `nbgrader autograde` and with the floor, in one run.

    python bench/compare.py

All three grade the same hand-ins (bench/hand_ins.py), right and wrong ones: nnv with the complete
suites and full isolation, nbgrader with assertions of the same cases (bench/stock.py), the floor
with the same calls after one fork of a warm process and nothing else (bench/floor.py). Also: where
the time goes, what each layer of isolation costs, and how time and memory grow with the class.

Absolute figures are those of the machine and of what else runs on it; the ratios are the result.
Writes compare.json and compare.png.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Any

import floor
import hand_ins
import layers
import phases
import stock
from meter import Measured, measure

from grader.hand_ins import find_hand_ins
from nnv.manifest import manifest

_MARKS = ("<!-- compare -->\n", "<!-- /compare -->")
_said: list[str] = []
_NNV = "from grader.cli import main; main()"


def _say(text: str) -> None:
    print(text, flush=True)
    _said.append(text)


def main() -> None:
    """Run the comparison as asked for."""
    asked = _arguments()
    asked.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="nnv-compare-") as place:
        found = compare(Path(place), asked)
    (asked.out / "compare.json").write_text(json.dumps(found, indent=2) + "\n")
    picture = plot(found, asked.out / "compare.png")
    if asked.into:
        write_into(asked.into)
    print(f"\n{asked.out / 'compare.json'}\n{picture}")


def write_into(page: Path) -> None:
    """Put what was said on a page, between its marks."""
    text = page.read_text(encoding="utf-8")
    before, rest = text.split(_MARKS[0])
    after = rest.split(_MARKS[1])[1]
    said = "".join(f"    {line}".rstrip() + "\n" for text in _said for line in text.split("\n"))
    page.write_text(f"{before}{_MARKS[0]}\n{said}\n{_MARKS[1]}{after}", encoding="utf-8")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=1000, help="hand-ins for nnv and the floor")
    parser.add_argument("--stock", type=int, default=24, help="hand-ins for stock nbgrader")
    parser.add_argument("--profile", type=int, default=200, help="hand-ins for the profile")
    parser.add_argument("--layers", type=int, default=40, help="hand-ins for the layers")
    parser.add_argument("--growth", type=int, nargs="*", default=[100, 300, 1000])
    parser.add_argument("--workers", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--out", type=Path, default=Path("bench-results"))
    parser.add_argument("--into", type=Path, help="a page to put what is printed on")
    return parser.parse_args()


def compare(place: Path, asked: argparse.Namespace) -> dict[str, Any]:
    """Run everything, and print it as it comes."""
    found: dict[str, Any] = {"schema_version": 1, "machine": _machine(asked.workers)}
    _say("  ".join(f"{name}: {value}" for name, value in found["machine"].items()))
    folder = _some(place, asked.count)
    found["nnv"] = _speed("nnv grade", asked.count, nnv(folder, place / "out", asked.workers))
    found["floor"] = _speed("the floor", asked.count, _floor(folder, asked.workers))
    if asked.stock:
        course = place / "course"
        few = find_hand_ins(folder)[: asked.stock]
        stock.write_course(course, few)
        taken = stock.autograde(course)
        found["stock"] = _speed("nbgrader autograde", len(few), taken)
        found["same_marks"] = _agreement(stock.scores(course), place / "out")
    found["ratios"] = _ratios(found)
    found["phases"] = _table("where the time goes", phases.profile(_some(place, asked.profile)))
    if asked.layers:
        costs = layers.costs(_some(place, asked.layers))
        found["layers"] = _table("layers of isolation", costs)
    found["growth"] = _growth(place, asked)
    return found


def _some(place: Path, count: int) -> Path:
    folder = place / f"hand-ins-{count}"
    if not folder.exists():
        hand_ins.write(folder, count)
    return folder


def nnv(folder: Path, out: Path, workers: int) -> Measured:
    """Run the real command."""
    command = [sys.executable, "-c", _NNV, "grade", folder, "--out", out, "--fresh"]
    return measure([*command, "--workers", str(workers)])


def _floor(folder: Path, workers: int) -> Measured:
    one_thread = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    command = [sys.executable, floor.__file__, folder, "--workers", str(workers)]
    return measure(command, environment=one_thread)


def _machine(workers: int) -> dict[str, Any]:
    return {
        "cpus": len(os.sched_getaffinity(0)),
        "load": round(os.getloadavg()[0], 2),
        "kernel": platform.release(),
        "python": platform.python_version(),
        "workers": workers,
    }


def _speed(name: str, count: int, taken: Measured) -> dict[str, Any]:
    found = {
        "submissions": count,
        **{key: round(value, 2) for key, value in asdict(taken).items()},
        "per_second": round(count / taken.wall_s, 3),
        "cpu_ms": round(1000 * taken.cpu_s / count, 3),
    }
    _say(
        f"{name:<20}{count:>6} submissions {taken.wall_s:8.1f} s {found['per_second']:9.2f} a "
        f"second  {found['cpu_ms']:9.2f} CPU ms each  peak {taken.peak_rss_mb:5.0f} MB "
        f"({taken.peak_pss_mb:.0f} MB with shared pages once)",
    )
    return found


def _ratios(found: dict[str, Any]) -> dict[str, float]:
    ours, lowest = found["nnv"], found["floor"]
    ratios = {
        "floor_over_nnv_wall": round(lowest["per_second"] / ours["per_second"], 2),
        "nnv_over_floor_cpu": round(ours["cpu_ms"] / lowest["cpu_ms"], 2),
    }
    _say(
        f"\nthe floor is {ratios['floor_over_nnv_wall']} times as fast as nnv "
        f"({ratios['nnv_over_floor_cpu']} times by CPU seconds)"
    )
    if "stock" in found:
        theirs = found["stock"]
        ratios["nnv_over_stock_wall"] = round(ours["per_second"] / theirs["per_second"], 1)
        ratios["stock_over_nnv_cpu"] = round(theirs["cpu_ms"] / ours["cpu_ms"], 1)
        _say(
            f"nnv grade is {ratios['nnv_over_stock_wall']} times as fast as stock nbgrader "
            f"({ratios['stock_over_nnv_cpu']} times by CPU seconds)"
        )
        same = found["same_marks"]
        _say(
            f"of {same['functions']} functions that nbgrader graded, {same['agree']} have full "
            f"marks in both or in none, {same['carried_forward']} differ as nnv carried an error "
            f"forward, {same['differ']} differ otherwise"
        )
    return ratios


def _agreement(scores: dict[str, dict[str, float]], out: Path) -> dict[str, int]:
    """Count functions that are right for both or for neither."""
    entries = json.loads((out / "results.json").read_text())["submissions"]
    ours = {entry["student"]: entry["functions"] for entry in entries}
    counts = {"functions": 0, "agree": 0, "carried_forward": 0, "differ": 0}
    for student, given in scores.items():
        for function in manifest().functions:
            mark = ours[student][function.name]
            full = given[function.name] == function.points
            same = full == (mark["points"] == function.points)
            kind = "carried_forward" if mark["carried_forward"] else "differ"
            counts["functions"] += 1
            counts["agree" if same else kind] += 1
    return counts


def _table(title: str, rows: dict[str, dict[str, float]]) -> dict[str, dict[str, float]]:
    _say(f"\n{title}, ms a submission:{'wall':>25}{'CPU':>9}")
    for name, row in rows.items():
        _say(f"  {name:<40}{row['wall_ms']:9.3f}{row['cpu_ms']:9.3f}")
    return rows


def _growth(place: Path, asked: argparse.Namespace) -> list[dict[str, Any]]:
    _say("\ngrowth")
    rows = [
        _speed("nnv grade", n, nnv(_some(place, n), place / f"out-{n}", asked.workers))
        for n in asked.growth
    ]
    for key, what in {"wall_s": "on the clock", "cpu_s": "of CPU"}.items():
        if len(rows) > 1:
            each = (rows[-1][key] - rows[0][key]) / (asked.growth[-1] - asked.growth[0])
            start = rows[0][key] - each * asked.growth[0]
            _say(f"{what}: {start:.1f} s to start, then {1000 * each:.2f} ms each")
    return rows


def plot(found: dict[str, Any], path: Path) -> Path:
    """Draw speeds, phases, layers and growth."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot as plt

    figure, ((speeds, parts), (isolation, growth)) = plt.subplots(2, 2, figsize=(11, 8))
    names = [name for name in ("stock", "nnv", "floor") if name in found]
    bars = speeds.bar(names, [found[name]["per_second"] for name in names])
    speeds.bar_label(bars, fmt="%.3g")
    speeds.set(yscale="log", title="submissions a second")
    _bars(parts, found["phases"], "where the time goes, ms a submission")
    _bars(isolation, found.get("layers", {}), "layers of isolation, ms a submission")
    sizes = [row["submissions"] for row in found["growth"]]
    growth.plot(sizes, [row["wall_s"] for row in found["growth"]], "o-", label="seconds")
    growth.plot(sizes, [row["peak_rss_mb"] for row in found["growth"]], "s-", label="MB, peak")
    growth.set(xscale="log", yscale="log", xlabel="submissions", title="growth")
    growth.legend()
    figure.tight_layout()
    figure.savefig(path, dpi=110)
    plt.close(figure)
    return path


def _bars(axes: Any, rows: dict[str, dict[str, float]], title: str) -> None:
    names = list(reversed(rows))
    axes.barh(names, [rows[name]["wall_ms"] for name in names])
    axes.set_title(title)


if __name__ == "__main__":
    main()
