"""Grading on a Dask cluster: a real scheduler and worker processes of its own, on loopback."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

import pytest
from conftest import references

from grader.classroom import ClusterError, Task
from grader.cluster import Cluster
from grader.fingerprint import fingerprint
from grader.hand_ins import HandIn, find_hand_ins
from grader.results import Record, read_results
from grader.run import Options, grade
from grader.sandbox import Sandbox
from grader.settings import Settings

pytest.importorskip("distributed", reason="needs the extra [cluster]")

ROOT = Path(__file__).parents[1]
PACKAGES = ("grader", "solutions", "quiz", "nnv", "exercises")
WEAK_WORKER = """
import functools
import grader.grading
grader.grading.Sandbox = functools.partial(grader.grading.Sandbox, without=["landlock"])
"""


class Dask:
    """A scheduler and its workers, each a process of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._processes: list[subprocess.Popen[str]] = []
        scheduler = self._start("dask_scheduler", "--port", "0", "--host", "127.0.0.1")
        self.address = self._read(scheduler, r"Scheduler at: +(tcp://\S+)")
        self.dashboard = self._read(scheduler, r"dashboard at: +(http://\S+)")
        self.scheduler = scheduler

    def _start(self, program: str, *arguments: str, **variables: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-m", f"distributed.cli.{program}", *arguments],
            stderr=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            text=True,
            cwd=self.folder,
            env=os.environ
            | {"DASK_DISTRIBUTED__DASHBOARD__LINK": "{scheme}://{host}:{port}"}
            | variables,
        )
        self._processes.append(process)
        return process

    @staticmethod
    def _read(process: subprocess.Popen[str], pattern: str) -> str:
        """Wait for a line of the log; go on emptying the pipe then."""
        assert process.stderr is not None
        seen = ""
        for line in process.stderr:
            seen += line
            if found := re.search(pattern, line):
                return found[1]
        raise AssertionError(f"the process ended: {seen}")

    def worker(self, *arguments: str, **variables: str) -> subprocess.Popen[str]:
        """Start a worker and wait until the scheduler knows it."""
        process = self._start(
            *("dask_worker", self.address, "--nthreads", "1", "--no-nanny", "--no-dashboard"),
            *("--local-directory", str(self.folder), *arguments),
            **variables,
        )
        self._read(process, r"(Registered) to: ")
        _drain(process.stderr)
        return process

    def close(self) -> None:
        """End all processes."""
        for process in reversed(self._processes):
            process.kill()
            process.wait()
            if process.stderr is not None:
                process.stderr.close()


def _drain(pipe: IO[str] | None) -> None:
    def read() -> None:
        assert pipe is not None
        try:
            for _ in pipe:
                pass
        except ValueError:
            pass  # closed

    threading.Thread(target=read, daemon=True).start()


@pytest.fixture
def dask(tmp_path: Path, sandbox: Sandbox) -> Iterator[Dask]:
    """A scheduler without workers; skipped where isolation is not full."""
    folder = tmp_path / "dask"
    folder.mkdir()
    cluster = Dask(folder)
    _drain(cluster.scheduler.stderr)
    yield cluster
    cluster.close()


def _class(folder: Path, count: int) -> Path:
    """Hand-ins, right and wrong ones, each different, and one that cannot be read."""
    for number in range(count):
        place = folder / f"s{number:02d}"
        place.mkdir(parents=True)
        sources = references()
        if number % 3 == 1:
            sources["dense"] = sources["dense"].replace("x @ W + b", "x @ W")
        if number % 3 == 2:
            sources["memory"] = "def weight_bytes(:"
        for module, source in sources.items():
            (place / f"{module}.py").write_text(f"{source}\nNUMBER = {number}\n")
    (folder / "zed.zip").write_bytes(b"no zip")
    return folder


def _settings() -> Settings:
    return Settings(fingerprint=fingerprint())


def test_results_are_those_of_a_local_run(dask: Dask, tmp_path: Path) -> None:
    """Two workers on loopback give the same results, byte for byte; again, nothing is graded."""
    dask.worker()
    dask.worker()
    hand_ins = _class(tmp_path / "class", 12)
    here = grade(Options(hand_ins, tmp_path / "here", workers=2, quiet=True))
    there = Options(hand_ins, tmp_path / "there", cluster=dask.address, quiet=True)
    assert grade(there).graded == here.graded == 13
    results = (tmp_path / "here" / "results.json").read_bytes()
    assert (tmp_path / "there" / "results.json").read_bytes() == results
    again = grade(there)
    assert (again.graded, again.unchanged) == (0, 13)


def test_a_killed_worker_loses_nothing(dask: Dask, tmp_path: Path) -> None:
    """What a killed worker had in hand is graded by others, once, and with the same results."""
    victims = [dask.worker(), dask.worker()]
    hand_ins = _class(tmp_path / "class", 16)
    grade(Options(hand_ins, tmp_path / "here", workers=2, quiet=True))
    graded: list[dict[str, Any]] = []
    said: list[str] = []

    def done(_task: Task, record: Record | None) -> None:
        assert record is not None
        graded.append(record.record)
        if len(graded) == 3:
            os.kill(victims[0].pid, signal.SIGKILL)
        if len(graded) == 8:
            dask.worker()
            os.kill(victims[1].pid, signal.SIGKILL)

    cluster = Cluster(_settings(), dask.address, say=said.append)
    cluster.grade(find_hand_ins(hand_ins), {}, done)
    expected = read_results(tmp_path / "here")["submissions"]
    assert sorted(graded, key=lambda entry: str(entry["student"])) == expected
    assert sum("the worker is gone" in line for line in said) == 2


def test_the_dashboard_is_there_while_it_grades(dask: Dask, tmp_path: Path) -> None:
    """The address that is told serves Dask's page while a class is graded."""
    pytest.importorskip("bokeh", reason="draws the dashboard; comes with the extra [cluster]")
    dask.worker()
    said: list[str] = []
    pages: list[str] = []

    def done(_task: Task, _record: Record | None) -> None:
        if not pages:
            port = dask.dashboard.split(":")[2].split("/")[0]
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/status") as page:
                pages.append(page.read().decode())

    cluster = Cluster(_settings(), dask.address, say=said.append)
    cluster.grade(find_hand_ins(_class(tmp_path / "class", 2)), {}, done)
    assert said[0].startswith("dashboard: http://")
    assert "Dask" in pages[0]


def test_a_worker_without_isolation_takes_no_work(dask: Dask, tmp_path: Path) -> None:
    """Only the worker that confines student code whole grades; the other is named."""
    weak = tmp_path / "weak.py"
    weak.write_text(WEAK_WORKER)
    dask.worker("--preload", str(weak))
    said: list[str] = []
    hand_ins = find_hand_ins(_class(tmp_path / "class", 3))
    cluster = Cluster(_settings(), dask.address, say=said.append)
    with pytest.raises(ClusterError, match=r"no worker may grade: .*Landlock"):
        cluster.grade(hand_ins, {}, _never)
    dask.worker()
    cluster = Cluster(_settings(), dask.address, say=said.append)
    records: list[Record | None] = []
    cluster.grade(hand_ins, {}, lambda _task, record: records.append(record))
    assert len(records) == len(hand_ins)
    assert cluster.isolation == "full"
    assert any("takes no work" in line for line in said)


def _never(task: Task, record: Record | None) -> None:
    raise AssertionError(f"{task.hand_in.student} was graded: {record}")


def test_a_worker_with_other_code_takes_no_work(dask: Dask, tmp_path: Path) -> None:
    """A worker whose suites differ would give other marks: it is refused."""
    copy = tmp_path / "copy"
    for package in PACKAGES:
        shutil.copytree(
            ROOT / package, copy / package, ignore=shutil.ignore_patterns("__pycache__")
        )
    with (copy / "solutions" / "relu.py").open("a") as file:
        file.write("\nOTHER = True\n")
    dask.worker(PYTHONPATH=str(copy))
    cluster = Cluster(_settings(), dask.address, say=_silent)
    with pytest.raises(ClusterError, match="has other suites, code"):
        cluster.grade([HandIn("ada", ())], {}, _never)


def _silent(_: str) -> None:
    pass


def test_without_scheduler_the_address_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """An address where nothing answers is told so, with what to do."""
    monkeypatch.setattr("grader.cluster.CONNECT_SECONDS", 1)
    cluster = Cluster(_settings(), "tcp://127.0.0.1:9")
    with pytest.raises(ClusterError, match=r"127\.0\.0\.1:9: no Dask scheduler answers there"):
        cluster.grade([HandIn("ada", ())], {}, _never)


def test_without_workers_it_gives_up_after_a_while(dask: Dask) -> None:
    """A scheduler without workers is waited for, and then told."""
    cluster = Cluster(_settings(), dask.address, say=_silent, patience=1)
    with pytest.raises(ClusterError, match="no worker that may grade for 1 s"):
        cluster.grade([HandIn("ada", ())], {}, _never)


def test_a_lost_scheduler_is_told_and_loses_nothing(
    dask: Dask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When the scheduler ends in the middle, what is stored is kept and the next run goes on."""
    monkeypatch.setattr("grader.cluster.CONNECT_SECONDS", 3)
    dask.worker()
    hand_ins = _class(tmp_path / "class", 12)
    graded: list[str] = []

    def done(task: Task, record: Record | None) -> None:
        graded.append(task.hand_in.student)
        if len(graded) == 3:
            dask.scheduler.kill()
            time.sleep(0.5)

    cluster = Cluster(_settings(), dask.address, say=_silent)
    with pytest.raises(ClusterError, match="the scheduler is gone; what was graded is kept"):
        cluster.grade(find_hand_ins(hand_ins), {}, done)
    assert 3 <= len(graded) < 13
