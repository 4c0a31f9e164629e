"""Feed the hand-in reader with broken and hostile bytes, for as long as you like.

    python bench/fuzz_submission.py --seconds 600 --seed 1

Whatever comes in, the reader may answer with a submission or with `Unreadable` and with nothing
else, within two seconds and 300 MiB of memory. A finding ends the run with
status 1 and says the seed that repeats it; keep it as a test.
"""

import argparse
import io
import json
import os
import random
import resource
import struct
import sys
import tempfile
import time
import traceback
import warnings
import zipfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from grader.hand_ins import find_hand_ins
from grader.names import shown
from grader.submission import Unreadable, read, single_hand_in

MAX_SECONDS = 2.0
MAX_MEMORY_KIB = 300 * 1024

_CODE = "def relu(z):\n    return max(z, 0)\n"
_NAMES = [
    "exercises/relu.py", "relu.py", "dense.py", "../x.py", "/etc/x.py", "a\\b.py", "C:\\x.py", "",
    ".", "..", "a" * 250 + ".py", "answers.yaml", "neural_networks.ipynb", "n.ipynb", "in.zip",
    "é.py", "relu (1).py", "a\nb.py", "\x1b[31m.py", "test_relu.py", "__MACOSX/relu.py",
    "d/" * 12 + "x.py", "lovelaceada_1_2_relu.py", "lovelaceada_LATE_1_3_relu-1.py",
    "anon_x1_3_relu.py", "Ada L_12_assignsubmission_file_/relu.py",
    "A_1_assignsubmission_file_relu.py", "x_1_text.html", "x_" + "9" * 5000 + "_1_a.py", "-1.py",
    "().py", "con.py",
]  # fmt: skip
_LINES = [
    "%", "!", "?", "%%", "%%time", "%time x", "'''", '"""', "\\", "(", ")", "#", "'", "x = !a",
    "\r", "\n", " " * 50, "\t", "\0", "\u2028", "x.y?", "pip install", "=", "a" * 50, "\ud800",
]  # fmt: skip
_WORDS = [0, 1, 0xFFFF, 0x7FFFFFFF, 0xFFFFFFFF, 0x06054B50, 0x07064B50, 0x02014B50]
_TOKENS = [
    b"{",
    b"}",
    b"[",
    b"]",
    b'"',
    b",",
    b":",
    b"null",
    b"9" * 5000,
    b"NaN",
    b"\\ud800",
    b"\xff",
]


def some_cell(rng: random.Random) -> str:
    """Make a cell of lines that are hard to tell magics from."""
    return "".join(rng.choice(_LINES) for _ in range(rng.randrange(40)))


def some_notebook(rng: random.Random) -> bytes:
    """Make a notebook, often with an entry of a wrong type."""
    odd: list[object] = [None, 3, "x", [], {}, [None], {"source": 1}, True]
    cells: list[object] = [
        {"cell_type": rng.choice(["code", "code", "raw", 3]), "source": some_cell(rng)}
        for _ in range(rng.randrange(4))
    ]
    if rng.random() < 0.3:
        cells.insert(0, rng.choice(odd))
    notebook: dict[str, object] = {
        "cells": cells,
        "metadata": rng.choice([*odd, {"kernelspec": 1}]),
    }
    if rng.random() < 0.3:
        notebook = {"worksheets": rng.choice([[{"cells": cells}], odd, cells])}
    return mutated(json.dumps(notebook).encode(), rng)


def some_zip(rng: random.Random, depth: int = 0) -> bytes:
    """Make an archive with names and contents of all kinds, often damaged."""
    buffer = io.BytesIO()
    methods = [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA]
    with warnings.catch_warnings(), zipfile.ZipFile(buffer, "w", rng.choice(methods)) as archive:
        warnings.simplefilter("ignore")  # of names that are there twice
        for _ in range(rng.randrange(6)):
            name = rng.choice(_NAMES)
            info = zipfile.ZipInfo(name, (rng.randrange(1980, 2100), 1, 1, 0, 0, 0))
            info.external_attr = rng.choice([0, 0o120777, 0o100644, 0o040755, 0o010644]) << 16
            archive.writestr(info, some_bytes(name, rng, depth))
    return mutated(buffer.getvalue(), rng)


def some_bytes(name: str, rng: random.Random, depth: int = 0) -> bytes:
    """Make what a file of that name could hold, or something quite different."""
    kind = rng.random()
    if kind < 0.1:
        return rng.randbytes(rng.randrange(200))
    if kind < 0.15:
        return bytes(rng.randrange(3 * 2**20))
    if name.endswith(".ipynb"):
        return some_notebook(rng)
    if name.endswith(".zip") and depth < 2:
        return some_zip(rng, depth + 1)
    encoding = rng.choice(["utf-8", "utf-16", "cp1252", "utf-16-be", "utf-8-sig"])
    return mutated((_CODE + "# é\n").encode(encoding), rng)


def mutated(data: bytes, rng: random.Random) -> bytes:
    """Damage bytes in a few places, or leave them alone half of the time."""
    if rng.random() < 0.5 or not data:
        return data
    found = bytearray(data)
    for _ in range(rng.randrange(1, 6)):
        at = rng.randrange(len(found) + 1)
        _damage(found, at, rng)
    return bytes(found)


def _damage(found: bytearray, at: int, rng: random.Random) -> None:
    how = rng.randrange(6)
    if how == 0:
        found[at : at + 1] = rng.randbytes(1)
    elif how == 1:
        found[at : at + 4] = struct.pack("<I", rng.choice(_WORDS))
    elif how == 2:
        del found[at : at + rng.randrange(20)]
    elif how == 3:
        found[at:at] = rng.choice(_TOKENS)
    elif how == 4:
        found[at:at] = found[at : at + rng.randrange(50)]
    else:
        del found[at:]


def fill(folder: Path, rng: random.Random) -> None:
    """Put a hostile class into a folder."""
    for _ in range(rng.randrange(1, 6)):
        name = rng.choice(_NAMES).replace("\\", "/").lstrip("/") or "x"
        path = folder / "/".join(part for part in name.split("/") if part not in ("", ".", ".."))
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            _put(path, rng)
        except OSError:  # the name is too long, or is there as another kind
            continue


def _put(path: Path, rng: random.Random) -> None:
    kind = rng.random()
    if os.path.lexists(path):  # may be a pipe, which must not be opened
        return
    if kind < 0.05:
        path.symlink_to(rng.choice(["/etc/passwd", "/", "nowhere", path.name]))
    elif kind < 0.1:
        os.mkfifo(path)
    elif kind < 0.15:
        path.mkdir()
    else:
        path.write_bytes(some_bytes(path.name, rng))


def one_round(rng: random.Random, folder: Path, outcomes: Counter[str]) -> None:
    """Make one class of hostile hand-ins and read all of it."""
    (folder / "ada.zip").write_bytes(some_zip(rng))
    (folder / "ada.ipynb").write_bytes(some_notebook(rng))
    fill(folder, rng)
    paths = [single_hand_in(path) for path in (folder, folder / "ada.zip", folder / "ada.ipynb")]
    for hand_in in (*find_hand_ins(folder), *paths):
        outcomes[_timed(lambda hand_in=hand_in: read(hand_in))] += 1


def _timed(action: Callable[[], object]) -> str:
    start = time.perf_counter()
    try:
        action()
        outcome = "read"
    except Unreadable as refusal:
        outcome = "unreadable"
        if refusal.reason != shown(refusal.reason):
            raise AssertionError(f"not fit to be shown: {refusal.reason!r}") from refusal
    seconds = time.perf_counter() - start
    if seconds > MAX_SECONDS:
        raise AssertionError(f"took {seconds:.1f} s")
    return outcome


def fuzz(seconds: float, seed: int) -> Counter[str]:
    """Read hostile hand-ins for so many seconds.

    Returns:
        how many rounds there were, and how many hand-ins were read and refused.

    Raises:
        AssertionError: the reader took too long or too much memory; its text has the seed.
        Exception: whatever else came out of the reader.
    """
    outcomes: Counter[str] = Counter()
    end = time.monotonic() + seconds
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    while time.monotonic() < end:
        with tempfile.TemporaryDirectory() as name:
            try:
                one_round(random.Random(seed), Path(name), outcomes)
            except Exception as error:
                error.add_note(f"round with seed {seed}")
                raise
        outcomes["rounds"] += 1
        seed += 1
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    if grown > MAX_MEMORY_KIB:
        raise AssertionError(f"memory grew by {grown // 1024} MiB")
    return outcomes


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--seconds", type=float, default=600, help="how long to go on")
    parser.add_argument("--seed", type=int, default=1, help="of the first round")
    options = parser.parse_args()
    try:
        outcomes = fuzz(options.seconds, options.seed)
    except Exception:
        traceback.print_exc()
        return 1
    print(", ".join(f"{count} {name}" for name, count in sorted(outcomes.items())))
    return 0


if __name__ == "__main__":
    sys.exit(main())
