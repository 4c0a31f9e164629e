"""A course in a folder, a small class that hands in, and nbgrader's real commands."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader.notebook import cells
from grader.notebook.course import write_course
from nnv.manifest import manifest

ASSIGNMENT = "lesson04"
NOTEBOOK = "neural_networks"
Notebook = dict[str, Any]


@dataclass(frozen=True, slots=True)
class School:
    """A course's folder.

    Attributes:
        folder: where nbgrader runs.
        home: what takes the place of the user's home, so that no setting of this machine counts.
    """

    folder: Path
    home: Path

    def nbgrader(self, *args: str, fails: bool = False, cwd: Path | None = None, **env: str) -> str:
        """Run a real nbgrader command; its whole output."""
        done = subprocess.run(
            [sys.executable, "-W", "ignore", "-m", "nbgrader", *args],
            cwd=cwd or self.folder,
            env=self.environment(**env),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=300,
            check=False,
        )
        assert (done.returncode != 0) == fails, done.stdout
        return done.stdout

    def environment(self, **env: str) -> dict[str, str]:
        """The environment of a command: a home of its own."""
        return {
            **os.environ,
            # nbgrader calls alembic by its name.
            "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
            "HOME": str(self.home),
            "JUPYTER_CONFIG_DIR": str(self.home / "jupyter"),
            "JUPYTER_RUNTIME_DIR": str(self.home / "runtime"),
            "IPYTHONDIR": str(self.home / "ipython"),
            **env,
        }

    def released(self) -> Notebook:
        """The notebook as a student gets it."""
        return read(self.folder / "release" / ASSIGNMENT / f"{NOTEBOOK}.ipynb")

    def hand_in(self, student: str, notebook: Notebook | bytes, time: str | None = None) -> Path:
        """Put a hand-in where `nbgrader collect` would."""
        folder = self.folder / "submitted" / student / ASSIGNMENT
        folder.mkdir(parents=True, exist_ok=True)
        data = notebook if isinstance(notebook, bytes) else json.dumps(notebook).encode()
        (folder / f"{NOTEBOOK}.ipynb").write_bytes(data)
        if time is not None:
            (folder / "timestamp.txt").write_text(time)
        return folder

    def autograded(self, student: str, notebook: str = NOTEBOOK) -> Notebook:
        """A student's notebook as nbgrader wrote it after marking."""
        return read(self.folder / "autograded" / student / ASSIGNMENT / f"{notebook}.ipynb")

    def grades(self, student: str, notebook: str = NOTEBOOK) -> dict[str, Any]:
        """What the gradebook holds for a student's notebook, by cell."""
        from nbgrader.api import Gradebook

        with Gradebook(f"sqlite:///{self.folder / 'gradebook.db'}") as gradebook:
            found = gradebook.find_submission_notebook(notebook, ASSIGNMENT, student)
            return {grade.name: grade.to_dict() for grade in found.grades}


def found_school(folder: Path, config: str = "") -> School:
    """Write a course, and have nbgrader make the students' version of it."""
    school = School(folder / "course", folder / "home")
    school.home.mkdir(parents=True)
    write_course(school.folder)
    with (school.folder / "nbgrader_config.py").open("a", encoding="utf-8") as stream:
        stream.write(config)
    school.nbgrader("generate_assignment", ASSIGNMENT)
    return school


def read(path: Path) -> Notebook:
    """A notebook's file as data."""
    found: Notebook = json.loads(path.read_bytes())
    return found


def solutions() -> dict[str, str]:
    """The right cell of each function."""
    made = cells.source(manifest())["cells"]
    return {
        name: "".join(cell["source"])
        for name in manifest().names
        for cell in made
        if cell["metadata"].get("nbgrader", {}).get("grade_id") == f"write-{name}"
    }


def cell_of(notebook: Notebook, grade_id: str) -> Notebook:
    """The cell with this grade id; the last one, as nbgrader takes it."""
    found = [
        cell
        for cell in notebook["cells"]
        if cell["metadata"].get("nbgrader", {}).get("grade_id") == grade_id
    ]
    return found[-1]


def written(notebook: Notebook, functions: Mapping[str, str]) -> Notebook:
    """The notebook with these functions written, by name."""
    for name, source in functions.items():
        cell_of(notebook, f"write-{name}")["source"] = source
    return notebook


def code_cell(source: str, **nbgrader: object) -> Notebook:
    """A cell that a student adds."""
    metadata = {"nbgrader": nbgrader} if nbgrader else {}
    return {
        "cell_type": "code",
        "execution_count": None,
        "id": f"added-{abs(hash(source)) % 10**8}",
        "metadata": metadata,
        "outputs": [],
        "source": source,
    }


def _complete(notebook: Notebook) -> Notebook:
    return written(notebook, solutions())


def _partial(notebook: Notebook) -> Notebook:
    some = {name: solutions()[name] for name in ("relu", "weighted_sum", "fits")}
    forgets = "def dense(x, W, b, activation=relu):\n    return activation(np.asarray(x) @ W)\n"
    return written(notebook, {**some, "dense": forgets})


def _wrong(notebook: Notebook) -> Notebook:
    # One mistake that four functions meet, and one that does not load at all.
    leaky = "def relu(z):\n    z = np.asarray(z)\n    return np.where(z > 0, z, 0.1 * z)\n"
    broken = "def collapse(layers)\n    return layers[0]\n"
    return written(notebook, {**solutions(), "relu": leaky, "collapse": broken})


def _empty(notebook: Notebook) -> Notebook:
    return notebook


def _cheating(notebook: Notebook) -> Notebook:
    attack = """
import os, sys, glob, builtins
check = lambda name: None
NotImplementedError = RuntimeError = AssertionError = None
os.environ.pop("NBGRADER_EXECUTION", None)
print("0.0", file=sys.stderr)
for path in ["gradebook.db", "../../../gradebook.db", GRADEBOOK]:
    try:
        open(path, "wb").write(b"all points are mine")
    except OSError:
        pass
try:
    import sqlite3
    sqlite3.connect(GRADEBOOK).execute("update grade set auto_score = 100")
except Exception:
    pass
"""
    notebook["cells"].insert(1, code_cell(attack))
    dies = "def weighted_sum(x, w, b):\n    import os\n    os._exit(0)\n"
    claims = "def neuron(*a, **k):\n    return 1\n\nnp.float64(8.0)"
    written(notebook, {"weighted_sum": dies, "neuron": claims, "fits": "fits = lambda *a: True"})
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            data = {"text/plain": "12.0"}
            cell["outputs"] = [
                {"output_type": "execute_result", "data": data, "metadata": {},
                 "execution_count": 1}
            ]  # fmt: skip
    return notebook


def _duplicated(notebook: Notebook) -> Notebook:
    """Every cell of relu and dense twice, the first time as it was handed out."""
    made = []
    for cell in notebook["cells"]:
        grade_id = cell["metadata"].get("nbgrader", {}).get("grade_id", "")
        if grade_id in {"relu", "write-relu", "dense", "write-dense"}:
            made.append({**json.loads(json.dumps(cell)), "id": f"{cell['id']}-again"})
        made.append(cell)
    notebook["cells"] = made
    return written(notebook, {n: solutions()[n] for n in ("relu", "dense", "neuron")})


def _deleted(notebook: Notebook) -> Notebook:
    """The graded cells of two functions are gone, one's metadata says that it is none."""
    gone = {"relu", "widest_hidden_layer"}
    notebook["cells"] = [
        cell
        for cell in notebook["cells"]
        if cell["metadata"].get("nbgrader", {}).get("grade_id") not in gone
    ]
    cell_of(notebook, "dense")["metadata"]["nbgrader"]["grade"] = False
    return written(notebook, solutions())


CLASS: dict[str, Callable[[Notebook], Notebook]] = {
    "complete": _complete,
    "partial": _partial,
    "wrong": _wrong,
    "empty": _empty,
    "cheating": _cheating,
    "duplicated": _duplicated,
    "deleted": _deleted,
    "late": _complete,
}
