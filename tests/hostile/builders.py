"""Hand-ins that attack whoever reads them: archives, links, notebooks, names.

Each builder writes one entry of a class's folder. What it must come to is in `READ`: the status of
the submission, and its points.
"""

from __future__ import annotations

import json
import os
import struct
import zipfile
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

from conftest import references

Builder = Callable[[Path], None]
ANYTHING = "graded or unreadable"


def _write(folder: Path, files: dict[str, str | bytes]) -> Path:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode() if isinstance(text, str) else text)
    return folder


def _right(folder: Path) -> Path:
    return _write(folder, {f"{module}.py": text for module, text in references().items()})


def _zip(path: Path, members: dict[str, str | bytes], **options: int) -> zipfile.ZipFile:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in members.items():
            archive.writestr(name, text)
        for name, mode in options.items():
            info = zipfile.ZipInfo(name)
            info.external_attr = mode << 16
            archive.writestr(info, "/etc/passwd")
    return archive


def zip_slip(path: Path) -> None:
    """Members that would land outside the folder."""
    _zip(path.with_suffix(".zip"), {"../../left-by-nnv-hostile": "x", "relu.py": "x = 1"})


def zip_absolute(path: Path) -> None:
    """A member with an absolute path."""
    _zip(path.with_suffix(".zip"), {"/tmp/left-by-nnv-hostile": "x", "relu.py": "x = 1"})


def zip_windows(path: Path) -> None:
    """A member that climbs by backslashes, or names a drive."""
    _zip(path.with_suffix(".zip"), {"..\\..\\left-by-nnv-hostile": "x", "C:\\relu.py": "x"})


def zip_bomb(path: Path) -> None:
    """A module of a gigabyte of zeros, packed."""
    _zip(path.with_suffix(".zip"), {"relu.py": bytes(1 << 28)})


def zip_of_many(path: Path) -> None:
    """Tens of thousands of members."""
    _zip(path.with_suffix(".zip"), {f"{n}.py": "" for n in range(20_000)})


def zip_of_zips(path: Path) -> None:
    """A zip in a zip in a zip."""
    inner = path.with_suffix(".zip")
    _zip(inner, {"relu.py": "x = 1"})
    for _ in range(4):
        data = inner.read_bytes()
        _zip(inner, {"hand-in.zip": data})


def zip_that_overlaps(path: Path) -> None:
    """Many members that share the same packed bytes."""
    plain = path.with_suffix(".zip")
    _zip(plain, {"relu.py": bytes(1 << 22)})
    data = plain.read_bytes()
    start = data.index(b"PK\x01\x02")
    end = data.index(b"PK\x05\x06")
    entry = data[start:end]
    entries = entry * 3000
    tail = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 3000, 3000, len(entries), start, 0)
    plain.write_bytes(data[:start] + entries + tail)


def zip_encrypted(path: Path) -> None:
    """Members that say they are encrypted."""
    file = path.with_suffix(".zip")
    _zip(file, {"relu.py": "x = 1"})
    data = bytearray(file.read_bytes())
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + place] |= 1
    file.write_bytes(data)


def zip_with_links(path: Path) -> None:
    """Members that are symbolic links to the system's files."""
    _zip(path.with_suffix(".zip"), {"neuron.py": "x = 1"}, **{"relu.py": 0o120777})


def zip_cut_short(path: Path) -> None:
    """An archive that ends in the middle."""
    file = path.with_suffix(".zip")
    _zip(file, {"relu.py": "x = 1" * 1000})
    file.write_bytes(file.read_bytes()[:-30])


def zip_that_lies(path: Path) -> None:
    """A member that is larger than the archive says."""
    file = path.with_suffix(".zip")
    _zip(file, {"relu.py": bytes(1 << 24)})
    data = bytearray(file.read_bytes())
    place = data.index(b"PK\x01\x02") + 24
    data[place : place + 4] = struct.pack("<L", 10)
    file.write_bytes(data)


def links_in_a_folder(path: Path) -> None:
    """Modules that are links to the solutions, and a folder that is a link to the root."""
    path.mkdir()
    root = Path(__file__).resolve().parents[2]
    for module in references():
        (path / f"{module}.py").symlink_to(root / "solutions" / f"{module}.py")
    (path / "exercises").symlink_to(root / "solutions")


def link_as_hand_in(path: Path) -> None:
    """A hand-in that is a link to another student's."""
    path.symlink_to(path.parent / "000-honest")


def fifo(path: Path) -> None:
    """A module that is a pipe, at which a reader would wait for ever."""
    path.mkdir()
    os.mkfifo(path / "relu.py")


def fifo_as_hand_in(path: Path) -> None:
    """A hand-in that is a pipe."""
    os.mkfifo(path.with_suffix(".py"))


def folders_without_end(path: Path) -> None:
    """Folders in folders, deeper than any path may be long."""
    path.mkdir()
    here = os.open(path, os.O_RDONLY)
    for _ in range(600):
        os.mkdir("d" * 50, dir_fd=here)
        inner = os.open("d" * 50, os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = inner
    os.close(here)


def too_many_files(path: Path) -> None:
    """Thousands of modules."""
    _write(path, {f"helper{n}.py": "" for n in range(3000)})


def too_large(path: Path) -> None:
    """A module of twenty megabytes."""
    _write(path, {"relu.py": b"# " + b"x" * (20 << 20)})


def notebook_broken(path: Path) -> None:
    """A notebook that is no JSON."""
    path.with_suffix(".ipynb").write_text('{"cells": [', encoding="utf-8")


def notebook_nested(path: Path) -> None:
    """A notebook of lists in lists."""
    path.with_suffix(".ipynb").write_text("[" * 100_000, encoding="utf-8")


def notebook_of_other_types(path: Path) -> None:
    """A notebook with everything where nothing is due."""
    cells: list[object] = [None, 3, [], {"cell_type": 3, "source": {"a": []}}]
    cells += [{"cell_type": "code", "source": [1, None]}]
    document = {"cells": cells, "nbformat": "\x1b[31m", "nbformat_minor": [], "metadata": None}
    path.with_suffix(".ipynb").write_text(json.dumps(document), encoding="utf-8")


def notebook_of_magics(path: Path) -> None:
    """Cells of shell commands and magics, which would run them elsewhere."""
    lines = ["!touch /tmp/left-by-nnv-hostile", "%run /etc/passwd", "%%bash\ntouch /tmp/x"]
    lines += ["x = !ls /", "%load_ext x", "%%writefile /tmp/left-by-nnv-hostile\nx", "?open", "%"]
    cells = [{"cell_type": "code", "metadata": {}, "source": line} for line in lines]
    document = {"cells": cells, "nbformat": 4, "nbformat_minor": 5, "metadata": {}}
    path.with_suffix(".ipynb").write_text(json.dumps(document), encoding="utf-8")


def notebook_of_many_cells(path: Path) -> None:
    """A hundred thousand cells."""
    cell = {"cell_type": "code", "metadata": {}, "source": "x = 1"}
    document = {"cells": [cell] * 100_000, "nbformat": 4, "nbformat_minor": 5, "metadata": {}}
    path.with_suffix(".ipynb").write_text(json.dumps(document), encoding="utf-8")


def answers_bomb(path: Path) -> None:
    """Answers to the quiz that unfold to billions."""
    bomb = ["a: &a [x, x, x, x, x, x, x, x, x, x]"]
    names = "abcdefghij"
    bomb += [f"{n}: &{n} [{', '.join(['*' + m] * 10)}]" for m, n in pairwise(names)]
    _write(_right(path), {"answers.yaml": "\n".join(bomb)})


def answers_that_run(path: Path) -> None:
    """Answers to the quiz that would run code, are nested without end, or no text."""
    text = '!!python/object/apply:os.system ["touch /tmp/left-by-nnv-hostile"]\n' + "[" * 5000
    _write(_right(path), {"answers.yaml": text})


def helpers_with_great_names(path: Path) -> None:
    """Helper modules named like those of Python, numpy, the grader and pytest."""
    evil = "import os\nos._exit(0)\n" if path.name.endswith("x") else "raise SystemExit('evil')\n"
    names = ("numpy", "sys", "os", "msgpack", "grader", "pytest", "conftest", "solutions", "struct")
    names += ("sitecustomize", "usercustomize", "builtins", "__main__", "test_relu", "setup")
    _write(_right(path), {f"{name}.py": evil for name in names})


def package_of_their_own(path: Path) -> None:
    """A package `exercises` with an `__init__` that spoils what it can."""
    folder = path / "exercises"
    _right(folder)
    evil = "import sys, builtins\nbuiltins.float = None\nraise SystemExit('evil')\n"
    _write(folder, {"__init__.py": evil, "sub/__init__.py": evil})


def settings_of_their_own(path: Path) -> None:
    """Settings for pytest, Python and the grader beside the modules."""
    settings = "[pytest]\naddopts = --collect-only\n[tool.nnv]\npoints = 100\n"
    files = {"pytest.ini": settings, "pyproject.toml": settings, "exercises.yaml": "functions: []"}
    files |= {"results.json": "{}", "relu.pyc": "x", "__pycache__/relu.cpython-311.pyc": "x"}
    _write(_right(path), dict(files))


# What each comes to: status, and points where it is graded. All modules that are there are right,
# so full points are earned, and nothing but them.
READ: dict[Builder, tuple[str, float]] = {
    zip_slip: ("unreadable", 0),
    zip_absolute: ("unreadable", 0),
    zip_windows: ("unreadable", 0),
    zip_bomb: ("unreadable", 0),
    zip_of_many: ("unreadable", 0),
    zip_of_zips: ("unreadable", 0),
    zip_that_overlaps: ("unreadable", 0),
    zip_encrypted: ("unreadable", 0),
    zip_with_links: ("graded", 0),
    zip_cut_short: ("unreadable", 0),
    zip_that_lies: ("unreadable", 0),
    links_in_a_folder: ("unreadable", 0),
    link_as_hand_in: ("unreadable", 0),
    fifo: ("unreadable", 0),
    fifo_as_hand_in: ("unreadable", 0),
    folders_without_end: ("unreadable", 0),
    too_many_files: ("unreadable", 0),
    too_large: ("unreadable", 0),
    notebook_broken: ("unreadable", 0),
    notebook_nested: ("unreadable", 0),
    notebook_of_other_types: (ANYTHING, 0),
    notebook_of_magics: ("graded", 0),
    notebook_of_many_cells: (ANYTHING, 0),
    answers_bomb: ("graded", 100),
    answers_that_run: ("graded", 100),
    helpers_with_great_names: ("graded", 100),
    package_of_their_own: ("graded", 100),
    settings_of_their_own: ("graded", 100),
}

NAMES = (
    "=HYPERLINK(1)",
    "+1+1",
    "@SUM(A1)",
    "-rf",
    "<script>alert(1)<⁄script>",
    "\x1b[31mred\x1b[0m",
    "two\nlines",
    "\u202eevil",
    "`whoami` $(whoami)",
    "a" * 200,
    "CON",
    "con",
    "| table | row |",
    "%s %n {0} {x}",
    "é",
    "e\u0301",
)


def named(folder: Path, name: str) -> None:
    """A right hand-in of a student with a hostile name."""
    _right(folder / name)
