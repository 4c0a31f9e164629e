"""Whatever breaks, no mark is lost, none is there twice, none is wrong, and a message says what."""

from __future__ import annotations

import ast
import contextlib
import importlib.util
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from conftest import references

import grader
from grader.grading import Grader
from grader.hand_ins import find_hand_ins
from grader.results import DATABASE
from grader.sandbox import Sandbox
from grader.settings import Settings

BENCH = Path(__file__).parents[1] / "bench"
COUNT = 10
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")


@pytest.fixture(scope="module")
def faults() -> Iterator[ModuleType]:
    """The script `bench/faults.py`, which kills a hundred times."""
    sys.path.insert(0, str(BENCH))
    spec = importlib.util.spec_from_file_location("faults", BENCH / "faults.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["faults"] = module
    spec.loader.exec_module(module)
    yield module
    sys.path.remove(str(BENCH))


@pytest.fixture(scope="module")
def calm(
    faults: ModuleType, sandbox: Sandbox, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, bytes, float]:
    """A class, its results when nothing breaks, and how long that took."""
    place = tmp_path_factory.mktemp("faults")
    sys.modules["hand_ins"].write(place / "class", COUNT)
    expected, seconds = faults.calm(place / "class", place / "calm")
    return place / "class", expected, seconds


@pytest.mark.parametrize("kind", ["grader", "worker", "server", "student"])
@pytest.mark.parametrize("seed", [1, 2])
def test_a_killed_process_loses_nothing(
    faults: ModuleType, calm: tuple[Path, bytes, float], tmp_path: Path, kind: str, seed: int
) -> None:
    """Killed at a random moment, and the grader started again: the results are the same."""
    folder, expected, seconds = calm
    delay = random.Random(f"{kind}:{seed}").uniform(0.1, 0.7) * seconds
    outcome = faults.disturb(folder, tmp_path / "out", expected, kind, delay)
    assert outcome.faults == ()


def test_an_interrupt_keeps_what_was_graded(
    faults: ModuleType, calm: tuple[Path, bytes, float], tmp_path: Path
) -> None:
    """Ctrl-C ends with status 130 and a sentence; the next run goes on."""
    folder, expected, _ = calm
    out = tmp_path / "out"
    process = faults.start(folder, out)
    _wait_for_results(out)
    process.send_signal(signal.SIGINT)
    said, _ = process.communicate(timeout=60)
    if process.returncode != 0:  # it was not too late
        assert process.returncode == 130
        assert "what was graded is kept" in said
        assert "Traceback" not in said
    again = faults.start(folder, out)
    again.communicate(timeout=120)
    assert again.returncode == 0
    assert faults.check(out, expected) == []


def _wait_for_results(out: Path, number: int = 1) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError):
            if len(list((out / "feedback").iterdir())) >= number:
                return
        time.sleep(0.02)
    raise AssertionError("nothing was graded")


@contextlib.contextmanager
def _small_disk(folder: Path, size: str) -> Iterator[None]:
    """A disk of this size, in memory; skipped where it cannot be mounted."""
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={size}", "nnv-test", str(folder)]
    if shutil.which("mount") is None or subprocess.call(command):
        pytest.skip("a small disk cannot be mounted here (it takes root)")
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def _remount(folder: Path, options: str) -> None:
    subprocess.run(["mount", "-o", f"remount,{options}", str(folder)], check=True)


def test_a_full_disk_is_told_and_loses_nothing(
    faults: ModuleType, calm: tuple[Path, bytes, float], tmp_path: Path
) -> None:
    """On a disk that fills up it stops with what to do; with more room it goes on."""
    folder, expected, _ = calm
    disk = tmp_path / "disk"
    with _small_disk(disk, "160k"):
        process = faults.start(folder, disk / "out")
        said, _ = process.communicate(timeout=120)
        assert process.returncode == 1
        assert "results cannot be written" in said
        assert "make room or name another --out" in said
        assert "Traceback" not in said
        _remount(disk, "size=50m")
        again = faults.start(folder, disk / "out")
        again.communicate(timeout=120)
        assert again.returncode == 0
        assert faults.check(disk / "out", expected) == []


def test_read_only_results_are_told_and_stay(
    faults: ModuleType, calm: tuple[Path, bytes, float], tmp_path: Path
) -> None:
    """Where nothing can be written it says so, and what is there is not touched."""
    folder, expected, _ = calm
    disk = tmp_path / "disk"
    with _small_disk(disk, "50m"):
        shutil.copytree(folder.parent / "calm", disk / "out")
        _remount(disk, "ro")
        process = faults.start(folder, disk / "out", "--fresh")
        said, _ = process.communicate(timeout=120)
        assert process.returncode == 1
        assert "results cannot be written" in said
        assert "Traceback" not in said
        _remount(disk, "rw")
        assert faults.check(disk / "out", expected) == []


@pytest.mark.parametrize("damage", ["overwritten", "cut", "in the middle"])
def test_a_damaged_results_file_is_told(
    faults: ModuleType, calm: tuple[Path, bytes, float], tmp_path: Path, damage: str
) -> None:
    """A damaged database is never gone on with; moved away, everything is graded again."""
    folder, expected, _ = calm
    out = tmp_path / "out"
    shutil.copytree(folder.parent / "calm", out)
    base = out / DATABASE
    data = base.read_bytes()
    damaged = {
        "overwritten": b"spilled coffee" * 1000,
        "cut": data[: len(data) // 2],
        "in the middle": data[:100] + b"\xff" * (len(data) - 100),
    }[damage]
    base.write_bytes(damaged)
    process = faults.start(folder, out)
    said, _ = process.communicate(timeout=120)
    assert process.returncode == 1
    assert "move it away and grade again" in said
    assert "Traceback" not in said
    base.unlink()
    again = faults.start(folder, out)
    again.communicate(timeout=120)
    assert again.returncode == 0
    assert faults.check(out, expected) == []


def test_two_graders_on_one_folder(
    faults: ModuleType, calm: tuple[Path, bytes, float], tmp_path: Path
) -> None:
    """The second is told to wait; the first is not disturbed."""
    folder, expected, _ = calm
    out = tmp_path / "out"
    first = faults.start(folder, out)
    _wait_for_results(out)
    first.send_signal(signal.SIGSTOP)
    second = faults.start(folder, out)
    said, _ = second.communicate(timeout=60)
    first.send_signal(signal.SIGCONT)
    first.communicate(timeout=120)
    assert second.returncode == 1
    assert "another nnv grade writes here" in said
    assert first.returncode == 0
    assert faults.check(out, expected) == []


def test_a_submission_that_changes_meanwhile(
    faults: ModuleType, calm: tuple[Path, bytes, float], tmp_path: Path
) -> None:
    """What was read is what was marked; the next run marks what is there then."""
    folder = tmp_path / "class"
    shutil.copytree(calm[0], folder)
    module = folder / "s00003" / "exercises" / "relu.py"
    right, wrong = references()["relu"], "def relu(z):\n    return 1\n"
    stop = threading.Event()

    def change() -> None:
        texts = [right, wrong]
        while not stop.wait(0.001):
            texts.reverse()
            module.with_suffix(".new").write_text(texts[0])
            module.with_suffix(".new").replace(module)

    changing = threading.Thread(target=change)
    changing.start()
    process = faults.start(folder, tmp_path / "out", "--json")
    said, _ = process.communicate(timeout=120)
    stop.set()
    changing.join()
    assert process.returncode == 0, said
    points = _points(tmp_path / "out", "s00003")
    assert points in {0.0, 8.0}
    module.write_text(right)
    again = faults.start(folder, tmp_path / "out")
    again.communicate(timeout=120)
    assert _points(tmp_path / "out", "s00003") == 8.0


def _points(out: Path, student: str) -> float:
    base = sqlite3.connect(out / DATABASE)
    try:
        query = "SELECT json_extract(record, '$.functions.relu.points') FROM submission"
        ((points,),) = base.execute(f"{query} WHERE student=?", (student,))
    finally:
        base.close()
    return float(points)


def test_a_stepped_clock_changes_no_mark(
    calm: tuple[Path, bytes, float], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The wall clock jumps by a day at every look, and the marks are the same."""
    hand_in = find_hand_ins(calm[0])[0]
    worker = Grader(Settings())
    try:
        before = worker.grade(hand_in)
        steps = iter(range(1, 10**6))
        wall = time.time()
        monkeypatch.setattr(
            time, "time", lambda: wall + 86400.0 * random.choice([-1, 1]) * next(steps)
        )
        after = worker.grade(hand_in)
    finally:
        monkeypatch.undo()
        worker.close()
    assert before is not None
    assert after == before


def test_no_limit_looks_at_the_wall_clock() -> None:
    """Nothing in the grader measures with a clock that can be set; `run.json` may tell the date."""
    folder = Path(grader.__file__).parent
    found = {
        f"{path.relative_to(folder)}: {ast.unparse(node)}"
        for path in folder.rglob("*.py")
        if "student_edition" not in path.parts
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and ast.unparse(node.func) in {"time.time", "time.time_ns", "datetime.now", "date.today"}
    }
    assert {
        entry for entry in found if not entry.startswith("whole_class.py: datetime.now")
    } == set()
