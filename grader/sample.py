"""The sample class of `nnv demo`: how each of its students hands in, and laying it all out.

The sources lie in `sample_class/`, as `.py.txt` so that no tool takes a student's mistakes for
ours. Who has nothing of their own to say about a module hands in that of a style.
"""

import io
import os
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib import resources
from pathlib import Path

DUE = datetime(2026, 11, 22, 9, tzinfo=UTC)
"""When the sample class was due."""

_MODULES = ("relu", "neuron", "dense", "network", "parameters", "memory")
_NUMPY = {f"{name}.py": f"with_numpy/{name}.py.txt" for name in _MODULES}
_LOOPS = {f"{name}.py": f"with_loops/{name}.py.txt" for name in _MODULES}
_MOODLE = "_assignsubmission_file_"


@dataclass(frozen=True, slots=True)
class Sample:
    """How one student hands in.

    Attributes:
        place: where a file goes, `{name}` for its name and `{upload}` for the number that Canvas
            gives it; what stands before `!` is a zip.
        files: name of a file as handed in → its source in `sample_class/`.
        hours: how long before the due time the newest file was saved.
        kept: which part of a zip arrives; less than 1 for one that was cut off on its way.
    """

    place: str
    files: Mapping[str, str] = field(default_factory=dict)
    hours: float = 24
    kept: float = 1


SAMPLES = (
    # Everything right, with the answers to the quiz.
    Sample("ada/exercises/{name}", _NUMPY, 40),
    Sample("ada/{name}", {"answers.yaml": "answers/ada.yaml"}, 41),
    # Everything right, with loops.
    Sample("ben/{name}", {**_LOOPS, "answers.yaml": "answers/ben.yaml"}, 30),
    # A notebook that forgets the bias.
    Sample("{name}", {"chiara.ipynb": "chiara/chiara.ipynb"}, 12),
    # A wrong relu that costs its points once.
    Sample("dmitri.zip!exercises/{name}", {**_NUMPY, "relu.py": "dmitri/relu.py.txt"}, 8),
    # Canvas; relu was handed in again.
    Sample("okaforemeka_20431_{upload}_{name}", {"relu.py": "emeka/relu_first_try.py.txt"}, 50),
    Sample(
        "okaforemeka_20431_{upload}_{name}",
        {
            **{name: source for name, source in _LOOPS.items() if name != "relu.py"},
            "relu-1.py": _LOOPS["relu.py"],
            "parameters.py": "emeka/parameters.py.txt",
        },
        26,
    ),
    # Canvas, late, a notebook.
    Sample(
        "latiffatima_LATE_20434_{upload}_{name}",
        {"neural_networks.ipynb": "fatima/neural_networks.ipynb"},
        -3,
    ),
    # Moodle's folders, with a zip in one.
    Sample(
        f"Grace Novák_4410021{_MOODLE}/exercises.zip!exercises/{{name}}",
        {**_NUMPY, "memory.py": "grace/memory.py.txt"},
        20,
    ),
    # Moodle's loose files.
    Sample(f"Hiro Tanaka_4410022{_MOODLE}{{name}}", {**_LOOPS, "memory.py": "hiro/memory.py.txt"}),
    # One file with half of the functions.
    Sample("{name}", {"ines.py": "ines/ines.py.txt"}, 2),
    # A module that does not load.
    Sample("jonas/exercises/{name}", {**_NUMPY, "dense.py": "jonas/dense.py.txt"}, 5),
    # One who would rather have the points than the answers.
    Sample(
        "kim/{name}", {f"{name}.py": f"kim/{name}.py.txt" for name in ("relu", "neuron", "memory")}
    ),
    # Nothing at all.
    Sample("lena/"),
    # A zip that broke on its way.
    Sample("mateo.zip!exercises/{name}", _LOOPS, 1, kept=0.6),
    # A search that never ends.
    Sample("noor/exercises/{name}", {**_LOOPS, "memory.py": "noor/memory.py.txt"}, 16),
    # Several small mistakes, in a folder in a zip.
    Sample(
        "olga.zip!my homework/exercises/{name}",
        {
            **_NUMPY,
            **{f"{name}.py": f"olga/{name}.py.txt" for name in ("relu", "dense", "parameters")},
        },
        6,
    ),
    # The quiz only.
    Sample("pia/{name}", {"answers.yaml": "answers/pia.yaml"}, 3),
)


def write_sample_class(folder: str | os.PathLike[str]) -> datetime:
    """Lay the sample class out as a folder of submissions.

    The same bytes and the same times every time, so that grading it gives the same results.

    Args:
        folder: is made if it is not there.

    Returns:
        When the class was due.
    """
    root = Path(folder)
    root.mkdir(parents=True, exist_ok=True)
    source = resources.files("grader") / "sample_class"
    upload = 880_000
    for sample in SAMPLES:
        contents = {name: source.joinpath(path).read_bytes() for name, path in sample.files.items()}
        for path, data in _laid_out(sample, contents, upload):
            _write(root / path, data, DUE.timestamp() - sample.hours * 3600)
        upload += len(contents)
    return DUE


def _laid_out(
    sample: Sample, contents: Mapping[str, bytes], upload: int
) -> Iterator[tuple[str, bytes | None]]:
    """Yield each path of a hand-in with its bytes, None for an empty folder."""
    archive, is_packed, member = sample.place.rpartition("!")
    if not contents:
        yield sample.place, None
    elif is_packed:
        packed = _packed({member.format(name=name): data for name, data in contents.items()})
        yield archive, packed[: int(len(packed) * sample.kept)]
    else:
        for number, (name, data) in enumerate(contents.items(), start=upload):
            yield sample.place.format(name=name, upload=number), data


def _packed(members: Mapping[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in members.items():
            # The time is set: that of the packing would change the bytes with every run.
            archive.writestr(zipfile.ZipInfo(name, DUE.timetuple()[:6]), data)
    return buffer.getvalue()


def _write(path: Path, data: bytes | None, time: float) -> None:
    if data is None:
        path.mkdir(parents=True, exist_ok=True)
    else:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    os.utime(path, (time, time))
