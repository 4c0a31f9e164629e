"""`nnv grade` on whole folders: same results every time, resume, interruptions, exit statuses."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from class_folders import adopting, results, run, running, start, stored, wait_until, write

from grader.results import Results
from grader.run import Options, Summary, grade

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="full isolation is Linux's"),
    pytest.mark.usefixtures("sandbox"),
]
WRONG = "import numpy as np\n\n\ndef relu(z):\n    return np.abs(np.asarray(z, float))\n"
SLOW = "import time\n\ntime.sleep(0.5)\n"
WEAK = """
import functools
import grader.grading as grading

grading.Sandbox = functools.partial(grading.Sandbox, without={"landlock"})
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A class of five: right, wrong, empty, one that crashes, one that cannot be read."""
    place = tmp_path / "class"
    write(place, "ada")
    write(place, "bob", relu=WRONG)
    write(place, "cyd", relu="")
    write(place, "dan", dense="import os\n\n\ndef dense(x, W, b):\n    os._exit(0)\n")
    (place / "eve.zip").write_bytes(b"no zip")
    return place


def graded(folder: Path, out: Path, *, workers: int = 1, fresh: bool = False) -> Summary:
    """Grade quietly, in this process."""
    return grade(Options(folder, out, workers=workers, fresh=fresh, quiet=True))


def test_results_are_the_same_every_time(folder: Path, tmp_path: Path) -> None:
    """Byte for byte, with one worker, with two, and when graded afresh."""
    for name, workers in (("one", 1), ("two", 2)):
        graded(folder, tmp_path / name, workers=workers)
    first = (tmp_path / "one" / "results.json").read_bytes()
    assert (tmp_path / "two" / "results.json").read_bytes() == first
    graded(folder, tmp_path / "two", workers=2, fresh=True)
    assert (tmp_path / "two" / "results.json").read_bytes() == first


def test_only_what_changed_is_graded_again(folder: Path, tmp_path: Path) -> None:
    """What is as it was keeps its result; `fresh` grades all."""
    out = tmp_path / "out"
    assert graded(folder, out).graded == 5
    assert (graded(folder, out).graded, graded(folder, out).unchanged) == (0, 5)
    write(folder, "bob")
    again = graded(folder, out)
    assert (again.graded, again.unchanged) == (1, 4)
    assert results(out)["bob"]["points"] == 100.0
    assert graded(folder, out, fresh=True).graded == 5


def test_feedback_that_is_missing_is_written_again(folder: Path, tmp_path: Path) -> None:
    """As after a run that was killed between a mark and its feedback."""
    out = tmp_path / "out"
    graded(folder, out)
    lost = out / "feedback" / "bob.md"
    text = lost.read_bytes()
    lost.unlink()
    assert graded(folder, out).unchanged == 5
    assert lost.read_bytes() == text


def test_who_leaves_the_class_leaves_the_results(folder: Path, tmp_path: Path) -> None:
    """Results are of the hand-ins that are there; who comes back is not graded again."""
    out = tmp_path / "out"
    graded(folder, out)
    (folder / "eve.zip").rename(tmp_path / "eve.zip")
    graded(folder, out)
    assert sorted(results(out)) == ["ada", "bob", "cyd", "dan"]
    (tmp_path / "eve.zip").rename(folder / "eve.zip")
    assert graded(folder, out).unchanged == 5
    assert sorted(results(out)) == ["ada", "bob", "cyd", "dan", "eve"]


def test_what_cannot_be_read_costs_the_others_nothing(folder: Path, tmp_path: Path) -> None:
    """A hand-in that cannot be read says why; everyone else is graded, and the status is 0."""
    status, _, said = run("grade", folder, "--out", tmp_path / "out")
    assert (status, "eve: not readable: eve.zip" in said) == (0, True)
    found = results(tmp_path / "out")
    assert {s: r["status"] for s, r in found.items()} == {
        **dict.fromkeys(("ada", "bob", "cyd", "dan"), "graded"),
        "eve": "unreadable",
    }
    assert found["ada"]["points"] == 100.0


def test_wrong_requests_end_with_status_2(tmp_path: Path) -> None:
    """No folder, a folder of nothing: the status is 2, and the reason is said."""
    (tmp_path / "empty").mkdir()
    for name, reason in (("no-such", "not a folder"), ("empty", "no hand-in found")):
        status, _, said = run("grade", tmp_path / name, "--out", tmp_path / "out")
        assert (status, reason in said) == (2, True)


def test_results_that_cannot_be_written_end_with_status_1(folder: Path, tmp_path: Path) -> None:
    """A place where nothing can be written is named, and what to do."""
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    for out in (tmp_path / "file" / "out", Path("/proc/nnv-results")):
        status, _, said = run("grade", folder, "--out", out)
        assert (status, f"{out}: results cannot be written" in said) == (1, True)


def test_two_graders_do_not_share_a_folder(folder: Path, tmp_path: Path) -> None:
    """The second says that another writes there, and ends with status 1."""
    with Results(tmp_path / "out"):
        status, _, said = run("grade", folder, "--out", tmp_path / "out")
    assert (status, "another nnv grade writes here" in said) == (1, True)


def test_weak_isolation_is_refused_unless_allowed(folder: Path, tmp_path: Path) -> None:
    """Without Landlock the status is 1; told to go on, the results say what was missing."""
    (tmp_path / "sitecustomize.py").write_text(WEAK, encoding="utf-8")
    command = ("grade", folder, "--out", tmp_path / "out")
    status, _, said = run(*command, PYTHONPATH=str(tmp_path))
    assert (status, "no Landlock" in said, "--allow-weak-isolation" in said) == (1, True, True)
    status, _, _ = run(*command, "--allow-weak-isolation", PYTHONPATH=str(tmp_path))
    assert status == 0
    text = (tmp_path / "out" / "results.json").read_text(encoding="utf-8")
    assert '"isolation": "weak: no Landlock' in text
    assert results(tmp_path / "out")["ada"]["points"] == 100.0


@pytest.fixture
def slow_class(tmp_path: Path) -> Path:
    """A class of eight whose modules take half a second to load."""
    place = tmp_path / "slow"
    for number in range(8):
        write(place, f"s{number}", relu=f"{SLOW}{WRONG}# {number}\n")
    return place


def test_a_killed_grader_loses_nothing(slow_class: Path, tmp_path: Path) -> None:
    """Killed in the middle and started again, it keeps what was stored, and no process is left."""
    out = tmp_path / "out"
    with adopting() as before:
        process = start("grade", slow_class, "--out", out, "--workers", "2")
        assert wait_until(lambda: stored(out) >= 2)
        process.kill()
        process.communicate()
        assert wait_until(lambda: not running() - before, 20), "processes are left"
    kept = stored(out)
    assert 2 <= kept < 8
    status, _, said = run("grade", slow_class, "--out", out, "--workers", "2")
    assert (status, f"{8 - kept} graded, {kept} unchanged" in said) == (0, True), said
    assert len(list((out / "feedback").iterdir())) == 8
    run("grade", slow_class, "--out", tmp_path / "whole")
    whole = (tmp_path / "whole" / "results.json").read_bytes()
    assert (out / "results.json").read_bytes() == whole


def test_a_killed_worker_costs_nothing(slow_class: Path, tmp_path: Path) -> None:
    """What it had in hand goes to another worker; nobody's mark says anything of it."""
    out = tmp_path / "out"
    process = start("grade", slow_class, "--out", out, "--workers", "2")
    assert wait_until(lambda: stored(out) >= 1)
    worker = next(pid for pid in running() if _is_worker(pid, process.pid))
    os.kill(worker, signal.SIGKILL)
    process.communicate(timeout=200)
    assert process.returncode == 0
    found = results(out)
    assert [r["status"] for r in found.values()] == ["graded"] * 8
    assert len({r["points"] for r in found.values()}) == 1


def _is_worker(pid: int, parent: int) -> bool:
    try:
        line = Path(f"/proc/{pid}/cmdline").read_bytes()
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return False
    return b"spawn_main" in line and int(fields[1]) == parent


def test_ctrl_c_keeps_what_was_graded(slow_class: Path, tmp_path: Path) -> None:
    """Interrupted at the keyboard, it says that what was graded is kept."""
    out = tmp_path / "out"
    process = start("grade", slow_class, "--out", out, "--workers", "2")
    assert wait_until(lambda: stored(out) >= 1)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert (process.returncode, "what was graded is kept" in said) == (130, True)
    assert stored(out) >= 1


@pytest.mark.parametrize("later_s", [0.0, 0.3])
def test_ctrl_c_while_workers_start_says_one_thing(
    slow_class: Path, tmp_path: Path, later_s: float
) -> None:
    """As in a terminal all processes get it, and none shows a traceback."""
    process = start("grade", slow_class, "--out", tmp_path / "out", "--workers", "2", group=True)
    assert wait_until(lambda: any(_is_worker(pid, process.pid) for pid in running()))
    time.sleep(later_s)
    os.killpg(process.pid, signal.SIGINT)
    _, said = process.communicate(timeout=60)
    told = "stopped; what was graded is kept, run it again to go on\n"
    assert (said, process.returncode) == (told, 130)


def test_workers_are_started_before_anything_heavy_is_loaded() -> None:
    """Neither numpy nor pytest nor the quiz stands between the command and its workers."""
    code = "import sys, grader.commands, grader.run; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    modules = set(loaded.stdout.split())
    assert "grader.classroom" in modules
    assert not {"numpy", "pytest", "quiz", "rich", "grader.marking"} & modules


def test_the_main_program_which_workers_load_again_is_light() -> None:
    """Whatever the command is made of, a worker's start does not wait for it."""
    code = "import sys, grader.cli; print(*sys.modules)"
    modules = set(subprocess.check_output([sys.executable, "-c", code], text=True).split())
    assert "grader.cli" in modules
    assert "click" not in modules
