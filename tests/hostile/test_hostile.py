"""Hostile hand-ins in a class of honest ones, graded by `nnv grade` as an instructor would.

The class is graded once. No attack gains a point, touches anything, changes another's mark or stops
the grader; each ends with a plain verdict and a message that can be shown.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from class_folders import adopting, run, running
from conftest import references, submission
from hostile.builders import ANYTHING, NAMES, READ, Builder, named
from hostile.hand_in import ROOT, Attack, attacks, places

from grader.marking import Marker
from grader.sandbox import Limits, Sandbox
from grader.verdict import Verdict
from nnv.manifest import manifest

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="full isolation is Linux's")
ATTACKS = attacks("hand_ins")
ENDLESS = attacks("endless")
EVERY = 6  # an honest neighbour after so many attacks
WHEN = 1_750_000_000
LEFT = "left-by-nnv-hostile"
FULL = {function.name: function.points for function in manifest().functions}


@dataclass(frozen=True)
class Graded:
    """What came of the class.

    Attributes:
        out: the folder of results.
        records: the entries of ``results.json``, by student.
        alone: the same of the honest ones, graded without any attacker.
        left: processes that were still there afterwards.
        canary: what became of a file that everyone may change.
        said: what the grader printed.
    """

    out: Path
    records: dict[str, dict[str, Any]]
    alone: dict[str, dict[str, Any]]
    left: set[int]
    canary: tuple[str, int, int]
    said: str


def _honest(number: int) -> dict[str, str]:
    """Right hand-ins, wrong ones and ones with threads of their own, in turn."""
    right = references()
    if number % 3 == 1:
        wrong = "import numpy as np\ndef relu(z):\n    return np.where(np.asarray(z) > 0, z, 0.1)\n"
        return right | {"relu": wrong}
    if number % 3 == 2:
        threads = "from concurrent.futures import ThreadPoolExecutor\n"
        body = "\n\ndef relu(z):\n    with ThreadPoolExecutor(4) as pool:\n"
        body += "        return pool.submit(_relu, z).result()\n"
        return right | {"relu": threads + right["relu"].replace("def relu(", "def _relu(") + body}
    return right


def _hand_in(folder: Path, sources: dict[str, str] | dict[str, bytes]) -> None:
    folder.mkdir()
    for name, text in sources.items():
        data = text if isinstance(text, bytes) else text.encode()
        (folder / f"{name}.py").write_bytes(data)


def _build(folder: Path, canary: Path) -> dict[str, object]:
    """Write the class; gives what each student of it is."""
    folder.mkdir()
    known = places(folder, canary)
    makers: list[Attack | Builder] = [*ATTACKS, *READ]
    students: dict[str, object] = {}
    for number, maker in enumerate(makers):
        if number % EVERY == 0:
            students[name := f"{number:03}-honest"] = number // EVERY
            _hand_in(folder / name, _honest(number // EVERY))
        if isinstance(maker, Attack):
            students[name := f"{number:03}-{maker.name}"] = maker
            _hand_in(folder / name, maker.sources(known))
        else:
            students[name := f"{number:03}-{maker.__name__}"] = maker
            maker(folder / name)
    for name in NAMES:
        named(folder, name)
    for path in folder.glob("*"):
        if not path.is_symlink():
            for file in path.glob("*"):
                os.utime(file, (WHEN, WHEN), follow_symlinks=False)
    return students


def _grade(folder: Path, out: Path) -> str:
    command = ("grade", folder, "--out", out, "--workers", "2")
    status, printed, said = run(*command, NNV_SECRET="the instructor's secret")
    assert status == 0, said
    return printed + said


@pytest.fixture(scope="module")
def graded(sandbox: Sandbox, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Graded]:
    """The class, graded once with all attackers and once without."""
    place = tmp_path_factory.mktemp("hostile")
    place.chmod(0o755)
    canary = place / "canary"
    canary.write_text("untouched", encoding="utf-8")
    canary.chmod(0o666)
    os.utime(canary, (WHEN, WHEN))
    students = _build(place / "class", canary)
    with adopting() as before:
        said = _grade(place / "class", place / "out")
        left = running() - before
    alone = place / "alone"
    alone.mkdir()
    for name, kind in students.items():
        if isinstance(kind, int):
            shutil.copytree(place / "class" / name, alone / name)
    _grade(alone, place / "alone-out")
    stat = canary.stat()
    yield Graded(
        place / "out",
        _records(place / "out"),
        _records(place / "alone-out"),
        left,
        (canary.read_text(encoding="utf-8"), stat.st_mode & 0o777, int(stat.st_mtime)),
        said,
    )
    shutil.rmtree(place, ignore_errors=True)


def _records(out: Path) -> dict[str, dict[str, Any]]:
    found = json.loads((out / "results.json").read_text(encoding="utf-8"))
    assert found["isolation"] == "full"
    return {record["student"]: record for record in found["submissions"]}


def _of(graded: Graded, name: str) -> dict[str, Any]:
    (record,) = [r for s, r in graded.records.items() if re.fullmatch(rf"\d\d\d-{name}", s)]
    return record


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
def test_an_attack_gains_nothing(graded: Graded, attack: Attack) -> None:
    """Every function gets just the points that it earned, with a plain verdict and message."""
    record = _of(graded, attack.name)
    assert record["status"] == "graded"
    points = {name: mark["points"] for name, mark in record["functions"].items()}
    earned = FULL | attack.earns
    if attack.spoils:
        earned = {name: min(earned[name], points[name]) for name in points}
    assert points == earned
    first = next(iter(attack.earns))
    assert record["functions"][first]["verdict"] in attack.verdicts
    assert_plain(record)


def assert_plain(record: dict[str, Any]) -> None:
    """Nothing of a record disguises itself, floods, or is outside the closed sets of words."""
    for mark in record["functions"].values():
        assert mark["verdict"] in set(Verdict)
        for message in (mark["message"], *(test["message"] for test in mark["tests"])):
            lines = (message or "").split("\n")
            assert len(lines) <= 8
            assert all(line.isprintable() for line in lines)
            assert all(len(line) <= 500 for line in lines)


@pytest.mark.parametrize("builder", READ, ids=lambda builder: builder.__name__)
def test_a_hostile_file_is_read_or_refused(graded: Graded, builder: Builder) -> None:
    """What cannot be read says so in a sentence; the rest earns what its modules earn."""
    record = _of(graded, builder.__name__)
    status, points = READ[builder]
    assert record["status"] in ({"graded", "unreadable"} if status == ANYTHING else {status})
    assert record["points"] == points
    assert_plain(record)
    assert record["status"] == "graded" or (record["reason"] and record["reason"].isprintable())


def test_honest_neighbours_keep_their_marks(graded: Graded) -> None:
    """Their records are the same, byte for byte, as without any attacker in the class."""
    with_attackers = {name: json.dumps(graded.records[name]) for name in graded.alone}
    assert {name: json.dumps(r) for name, r in graded.alone.items()} == with_attackers
    assert len(graded.alone) > 10


def test_hostile_names_cost_nothing(graded: Graded) -> None:
    """Each gets full points under a name that can be shown, and a feedback file of its own."""
    others = [r for s, r in graded.records.items() if not re.match(r"\d\d\d-", s)]
    assert [r["points"] for r in others] == [100.0] * len(NAMES)
    assert all(r["student"].isprintable() for r in others)
    files = {path.name.casefold() for path in (graded.out / "feedback").iterdir()}
    assert len(files) == len(graded.records)


def test_no_attack_stops_the_grader(graded: Graded) -> None:
    """No fault of the grader's own was found in any hand-in."""
    assert "grader_error" not in {record["status"] for record in graded.records.values()}


def test_nothing_is_touched(graded: Graded) -> None:
    """A file that everyone may change is as it was, and nothing was left anywhere."""
    assert graded.canary == ("untouched", 0o666, WHEN)
    folders = [graded.out.parent, ROOT, *map(Path, ("/tmp", "/var/tmp", "/dev/shm", "/run", "/"))]
    assert [f for f in folders if (f / LEFT).exists()] == []


def test_no_process_is_left(graded: Graded) -> None:
    """No process outlives the grading: no daemon, no fork server, no guest."""
    assert graded.left == set()


def test_what_is_printed_is_plain(graded: Graded) -> None:
    """Table and messages of the run hold no control codes of a student's."""
    assert {c for c in graded.said if not c.isprintable()} <= {"\n", "\xa0"}


def test_feedback_holds_no_markup(graded: Graded) -> None:
    """Names and messages stand in the feedback as text: no control codes, no open tags."""
    for path in (graded.out / "feedback").iterdir():
        text = path.read_text(encoding="utf-8")
        assert all(c.isprintable() or c == "\n" for c in text), path.name
        outside = re.sub(r"```text\n.*?\n```", "", text, flags=re.S)
        assert not re.search(r"(?<!\\)<", outside), path.name


@pytest.fixture(scope="module")
def quick_marker() -> Iterator[Marker]:
    """The real suites with short limits, for hand-ins that use all the time they get."""
    limits = Limits(test_cpu_s=0.6, test_wall_s=1.2, load_s=0.5, load_all_s=3.0)
    with Sandbox(limits=limits) as box:
        yield Marker(manifest(), box)


@pytest.mark.parametrize("attack", ENDLESS, ids=lambda attack: attack.name)
def test_what_has_no_end_is_ended(quick_marker: Marker, attack: Attack, tmp_path: Path) -> None:
    """A hand-in that never answers loses the function that hangs and no other."""
    marks = quick_marker.mark(submission(attack.sources(places(tmp_path, tmp_path))))
    assert marks.functions["relu"].verdict in attack.verdicts
    assert {n: m.points for n, m in marks.functions.items()} == FULL | attack.earns
    assert_plain({"functions": {n: m.as_json() for n, m in marks.functions.items()}})


def test_there_are_enough_attacks() -> None:
    """Well over forty hand-ins attack from within or as files."""
    assert len(ATTACKS) + len(ENDLESS) + len(READ) >= 60
