"""The executor fails closed: every way that was seen to give marks for nothing is shut."""

from __future__ import annotations

import json
import logging
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbgrader import utils
from nbgrader.api import Gradebook
from nbgrader.nbgraderformat import ValidationError
from nbgrader.preprocessors import SaveAutoGrades
from nbgrader_school import cell_of, code_cell, solutions, written

from grader.notebook import cells, page, session
from grader.notebook.executor import HideTests, MarkCells, RestoreCells, submission_of
from grader.notebook.quiz_cells import quiz_notebook
from grader.notebook.saving import CheckMetadata, LatePenalties, NotGradedError, SaveMarks
from grader.sandbox import Isolation
from nnv.manifest import manifest

# SQLAlchemy warns of the way in which nbgrader makes a submission.
pytestmark = pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")
RELU = manifest().function("relu")
Grades = dict[str, Any]


def as_nb(data: dict[str, Any]) -> Any:
    """A notebook or a cell as nbgrader has it, the lines of each source joined."""
    if "cells" in data:
        return nbformat.reads(json.dumps(data), as_version=4)
    source = "".join(data["source"])
    return nbformat.from_dict({**data, "source": source})


class Desk:
    """A gradebook with our assignment and one student, and the executor's steps one by one."""

    def __init__(self, blank: Path, folder: Path, notebook: dict[str, Any], name: str) -> None:
        self.url = f"sqlite:///{folder / 'gradebook.db'}"
        shutil.copy(blank, folder / "gradebook.db")
        self.resources: dict[str, Any] = {
            "nbgrader": {
                "notebook": name,
                "assignment": "lesson04",
                "student": "ada",
                "db_url": self.url,
            }
        }
        self.source = as_nb(notebook)
        with Gradebook(self.url) as gradebook:
            gradebook.add_assignment("lesson04")
            gradebook.add_notebook(name, "lesson04", kernelspec="{}")
            for cell in self.source.cells:
                self._record(gradebook, cell, name)
            gradebook.add_student("ada")
            gradebook.add_submission("lesson04", "ada")

    def _record(self, gradebook: Gradebook, cell: Any, name: str) -> None:
        meta = cell.metadata.get("nbgrader", {})
        if not meta:
            return
        meta["checksum"] = utils.compute_checksum(cell)
        where = (meta["grade_id"], name, "lesson04")
        if utils.is_grade(cell):
            gradebook.add_grade_cell(*where, max_score=meta["points"], cell_type=cell.cell_type)
        if utils.is_solution(cell):
            gradebook.add_solution_cell(*where)
        gradebook.add_source_cell(
            *where,
            source=cell.source,
            checksum=meta["checksum"],
            cell_type=cell.cell_type,
            locked=utils.is_locked(cell),
        )

    def run(self, nb: Any, *steps: Any) -> Any:
        """Send a notebook through steps."""
        nb = as_nb(nb)
        for step in steps:
            nb, self.resources = step.preprocess(nb, self.resources)
        return nb

    def grades(self) -> Grades:
        """What the gradebook holds."""
        with Gradebook(self.url) as gradebook:
            name = self.resources["nbgrader"]["notebook"]
            found = gradebook.find_submission_notebook(name, "lesson04", "ada")
            return {grade.name: grade.to_dict() for grade in found.grades}

    def change(self, name: str, **values: object) -> None:
        """Do as a person does in formgrader."""
        with Gradebook(self.url) as gradebook:
            book = self.resources["nbgrader"]["notebook"]
            grade = gradebook.find_grade(name, book, "lesson04", "ada")
            for key, value in values.items():
                setattr(grade, key, value)
            gradebook.db.commit()


@pytest.fixture(scope="module")
def blank(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A gradebook with nothing in it; to make one takes nbgrader a second."""
    path = tmp_path_factory.mktemp("blank") / "gradebook.db"
    with pytest.MonkeyPatch.context() as patch:
        # nbgrader calls alembic by its name.
        scripts = Path(sys.executable).parent
        patch.setenv("PATH", f"{scripts}{os.pathsep}{os.environ['PATH']}")
        Gradebook(f"sqlite:///{path}").close()
        yield path


@pytest.fixture
def desk(blank: Path, tmp_path: Path, sandbox: object) -> Desk:
    """A gradebook with the exercises."""
    return Desk(blank, tmp_path, cells.source(manifest()), cells.NAME)


@pytest.fixture(scope="module", autouse=True)
def _one_sandbox() -> Iterator[None]:
    yield
    session.close()


def handed_out() -> dict[str, Any]:
    """The notebook as a student gets it."""
    return cells.released(cells.source(manifest()))


def mark_of(points: float, verdict: str = "failed", message: str = "") -> dict[str, Any]:
    """A mark of relu."""
    return {
        "points": points, "max_points": 8.0, "verdict": verdict, "carried_forward": [],
        "misconception": None, "message": message,
    }  # fmt: skip


def graded_by_nbgrader(outputs: list[dict[str, Any]]) -> float:
    """What nbgrader's own code takes from a graded cell's outputs."""
    cell = code_cell("", **cells.marks("relu", points=8.0))
    cell["outputs"] = outputs
    return float(utils.determine_grade(as_nb(cell), logging.getLogger())[0])


@pytest.mark.parametrize("points", [0, 0.0, 1e-7, 0.5, 1 / 3, 7.999999, 8])
def test_nbgrader_takes_exactly_our_points(points: float) -> None:
    """Whatever the points, nbgrader's own reading of the cell is the same number."""
    outputs = page.outputs(RELU, mark_of(points, message="<b>100</b>"))
    assert graded_by_nbgrader(outputs) == round(points, 6)


@pytest.mark.parametrize("points", [float("nan"), float("inf"), -1.0, -1e-9, 8.000001])
def test_points_that_nbgrader_would_mistake_are_refused(points: float) -> None:
    """Not a number, below zero or above the maximum: nothing is written at all."""
    with pytest.raises(page.BadPointsError, match="no number of points between 0 and 8"):
        page.outputs(RELU, mark_of(points))


def test_a_numpy_number_is_written_as_a_plain_one() -> None:
    """`np.float64(0.5)` would count as full marks."""
    import numpy as np

    assert graded_by_nbgrader([page.points(np.float64(0.5), 8)]) == 0.5


def test_without_the_executor_nobody_gets_points(desk: Desk) -> None:
    """Nbgrader gives a cell without output full marks; a cell that we closed has none."""
    nb = desk.run(written(handed_out(), solutions()), RestoreCells(), SaveAutoGrades())
    assert {grade["auto_score"] for grade in desk.grades().values()} == {0}
    assert cell_of(nb, "relu").outputs[0].output_type == "error"


def test_without_the_executor_the_last_step_refuses(desk: Desk) -> None:
    """`SaveMarks` says which setting is missing."""
    with pytest.raises(NotGradedError, match="autograde_preprocessors"):
        desk.run(handed_out(), RestoreCells(), SaveMarks())


def test_points_changed_on_the_way_are_noticed(desk: Desk) -> None:
    """What nbgrader takes from the cells is compared with what was marked."""
    nb = desk.run(handed_out(), RestoreCells(), MarkCells())
    cell_of(nb, "relu").outputs = []
    with pytest.raises(NotGradedError, match=r"relu: nbgrader took 8.0 where 0.0 was due"):
        desk.run(nb, SaveMarks())
    assert desk.grades()["relu"]["auto_score"] is None


def test_nbgraders_own_step_saves_the_same_points(desk: Desk) -> None:
    """`SaveAutoGrades` itself takes exactly our points from the cells."""
    wrong = "def relu(z):\n    return np.abs(z)\n"
    nb = desk.run(written(handed_out(), {**solutions(), "relu": wrong}), RestoreCells())
    nb = desk.run(nb, MarkCells(), SaveMarks())
    ours = {name: grade["auto_score"] for name, grade in desk.grades().items()}
    desk.run(nb, SaveAutoGrades())
    assert ours == {name: grade["auto_score"] for name, grade in desk.grades().items()}
    assert 0 < sum(ours.values()) < 100


STEPS = (RestoreCells, CheckMetadata, MarkCells, SaveMarks, LatePenalties, CheckMetadata)


def graded(desk: Desk, nb: Any) -> Grades:
    """The grades after all steps."""
    desk.run(nb, *(step() for step in STEPS))
    return desk.grades()


def test_output_on_stderr_costs_nothing(desk: Desk) -> None:
    """Nbgrader gives 0 to a cell with anything on stderr; ours never has it."""
    noisy = "import sys\n" + solutions()["relu"].replace(
        "return np", "print('oh', file=sys.stderr)\n    return np"
    )
    grades = graded(desk, written(handed_out(), {"relu": noisy}))
    assert grades["relu"]["auto_score"] == 8


@pytest.mark.parametrize(
    "ends",
    ["import os; os._exit(0)", "import sys; sys.exit()", "import os; os.kill(os.getpid(), 9)"],
)
def test_a_process_that_ends_costs_only_what_ended_it(desk: Desk, ends: str) -> None:
    """In nbgrader a dead kernel ends the grading; here one function loses its points."""
    dies = f"def weighted_sum(x, w, b):\n    {ends}\n"
    grades = graded(desk, written(handed_out(), {**solutions(), "weighted_sum": dies}))
    assert grades["weighted_sum"]["auto_score"] == 0
    assert [grades[name]["auto_score"] for name in ("relu", "neuron", "dense")] == [8, 8, 12]


def test_a_cell_that_ends_the_process_costs_itself_alone(desk: Desk) -> None:
    """A cell that ends the process is passed over; what the others define is marked."""
    nb = written(handed_out(), solutions())
    nb["cells"].insert(2, code_cell("import os; os._exit(0)"))
    assert sum(grade["auto_score"] for grade in graded(desk, nb).values()) == 100


def test_code_that_writes_to_the_gradebook_cannot(desk: Desk) -> None:
    """The gradebook's file is out of the sandbox's sight."""
    path = desk.url.removeprefix("sqlite:///")
    nb = handed_out()
    attack = f"f = open({path!r}, 'wb'); f.write(b'mine'); relu = lambda z: np.maximum(z, 0)"
    nb["cells"].insert(2, code_cell(attack))
    assert graded(desk, nb)["relu"]["auto_score"] == 0
    assert not Path(path).read_bytes().startswith(b"mine")


def test_no_code_of_a_student_runs_in_this_process(desk: Desk) -> None:
    """A cell that would mark this process leaves no mark."""
    import builtins

    nb = handed_out()
    nb["cells"].insert(2, code_cell("import builtins; builtins.was_here = True"))
    graded(desk, nb)
    assert not hasattr(builtins, "was_here")


def test_what_is_unsure_is_flagged_after_the_scores(desk: Desk) -> None:
    """A graded cell that is none of ours earns nothing and waits for a person."""
    nb = handed_out()
    foreign = code_cell("assert True", **cells.marks("extra", points=5.0))
    desk.source.cells.append(as_nb(foreign))
    with Gradebook(desk.url) as gradebook:
        gradebook.remove_submission("lesson04", "ada")
        desk._record(gradebook, desk.source.cells[-1], cells.NAME)
        gradebook.add_submission("lesson04", "ada")
    nb["cells"].append(foreign)
    grades = graded(desk, nb)
    assert (grades["extra"]["auto_score"], grades["extra"]["needs_manual_grade"]) == (0, True)
    assert not grades["relu"]["needs_manual_grade"]


def test_a_manual_score_stands(desk: Desk) -> None:
    """Grading again changes the automatic score alone, and asks for another look."""
    desk.change("relu", manual_score=5.0)
    grades = graded(desk, written(handed_out(), solutions()))
    assert (grades["relu"]["auto_score"], grades["relu"]["manual_score"]) == (8, 5)
    assert grades["relu"]["needs_manual_grade"]


def test_another_maximum_in_the_notebook_is_refused(
    blank: Path, tmp_path: Path, sandbox: object
) -> None:
    """Points that were changed in the course's notebook do not fit ours, and nothing is marked."""
    changed = cells.source(manifest())
    cell_of(changed, "relu")["metadata"]["nbgrader"]["points"] = 80
    with pytest.raises(NotGradedError, match="says 80 points, the exercises say 8"):
        Desk(blank, tmp_path, changed, cells.NAME).run(changed, MarkCells())


def test_a_missing_graded_cell_comes_back_or_is_refused(desk: Desk) -> None:
    """A student cannot choose what is graded by deleting cells."""
    nb = written(handed_out(), solutions())
    nb["cells"].remove(cell_of(nb, "relu"))
    with pytest.raises(NotGradedError, match="sanitize_preprocessors"):
        desk.run(nb, MarkCells())
    assert graded(desk, nb)["relu"]["auto_score"] == 8


def test_damaged_metadata_is_refused_as_by_nbgrader(desk: Desk) -> None:
    """Metadata that nbgrader does not allow ends the grading with nbgrader's own error."""
    nb = as_nb(handed_out())
    cell_of(nb, "relu")["metadata"]["nbgrader"]["points"] = "all"
    with pytest.raises(ValidationError, match="metadata may be corrupted"):
        desk.run(nb, CheckMetadata())


def test_a_notebook_with_too_much_code_earns_nothing_and_is_flagged(desk: Desk) -> None:
    """What cannot be read is no fault of nbgrader's: no points, the reason, a person looks."""
    nb = handed_out()
    nb["cells"].append(code_cell("#" * 2**21))
    grades = graded(desk, nb)
    assert {g["auto_score"] for g in grades.values()} == {0}
    assert all(grade["needs_manual_grade"] for grade in grades.values())


def test_weak_isolation_is_refused(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where student code cannot be confined whole, nothing is graded unless the config says so."""
    session.close()

    class Weak(session.Sandbox):
        def __init__(self) -> None:
            super().__init__()
            self.isolation = Isolation(level="weak", missing=("Landlock",))

    monkeypatch.setattr(session, "Sandbox", Weak)
    try:
        with pytest.raises(session.WeakIsolationError, match="allow_weak_isolation = True"):
            desk.run(handed_out(), RestoreCells(), MarkCells())
        nb = desk.run(handed_out(), RestoreCells(), MarkCells(allow_weak_isolation=True))
        assert cell_of(nb, "relu").outputs[1].data["text/plain"] == "0.0"
    finally:
        session.close()


def test_graded_cells_are_no_code_of_the_student(desk: Desk) -> None:
    """What stands in a graded cell does not run, and cells keep their numbers."""
    nb = as_nb(handed_out())
    cell_of(nb, "relu").source = "raise SystemExit"
    sources = dict(submission_of(nb, "ada").sources)
    assert b"raise SystemExit" not in sources.values()
    number = 1 + next(i for i, cell in enumerate(nb.cells) if cell.id == "write-dense")
    assert sources[f"cell {number}"].startswith(b"def dense(")


def test_text_of_a_student_stays_text(desk: Desk) -> None:
    """What a student's code raises cannot become markup of the feedback page."""
    evil = "def relu(z):\n    raise TypeError('<script>alert(1)</script>')\n"
    nb = desk.run(written(handed_out(), {"relu": evil}), RestoreCells(), MarkCells())
    shown = cell_of(nb, "relu").outputs[0].data["text/html"]
    assert "&lt;script&gt;" in shown
    assert "<script>" not in shown


def test_hidden_regions_are_cut_from_graded_cells_alone() -> None:
    """A student who writes nbgrader's marks cannot stop the feedback."""
    nb = as_nb(cells.source(manifest()))
    mine = "### BEGIN HIDDEN TESTS\n### BEGIN HIDDEN TESTS\nx = 1"
    nb.cells.append(as_nb(code_cell(mine)))
    nb, _ = HideTests().preprocess(nb, {})
    assert cell_of(nb, "relu").source == 'check("relu")'
    assert nb.cells[-1].source == mine


def test_answers_to_the_quiz_are_marked_and_the_unsure_flagged(
    blank: Path, tmp_path: Path, sandbox: object
) -> None:
    """The quiz engine's points are in the gradebook; what it cannot tell waits for a person."""
    desk = Desk(blank, tmp_path, quiz_notebook(), "quiz")
    nb = json.loads(json.dumps(quiz_notebook()))
    for cell in nb["cells"]:
        meta = cell["metadata"].get("nbgrader")
        if meta and not "".join(cell["source"]).startswith("- "):
            cell["source"] = ["**", *cell["source"], "**"]
        elif meta:
            cell["source"] = "YOUR ANSWER HERE"
    cell_of(nb, "quiz-neuron-computes")["source"] = "the first one"
    grades = graded(desk, nb)
    assert grades["quiz-layer-parameters"]["auto_score"] == 1
    assert not grades["quiz-layer-parameters"]["needs_manual_grade"]
    assert grades["quiz-three-steps"]["auto_score"] == 0
    assert grades["quiz-neuron-computes"]["needs_manual_grade"]
