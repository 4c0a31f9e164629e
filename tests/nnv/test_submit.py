"""`nnv submit` packs what belongs into a hand-in, and says what is missing."""

import json
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from nnv.cli import student_group
from nnv.handin import written

MODULES = ("relu", "neuron", "dense", "network", "parameters", "memory")
FILES = [f"exercises/{name}.py" for name in MODULES]


def submit(*args: str) -> Result:
    return CliRunner().invoke(student_group(), ["submit", *args], prog_name="nnv")


def packed(root: Path, student: str = "ada") -> dict[str, bytes]:
    with zipfile.ZipFile(root / f"lesson04-{student}.zip") as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def write_notebook(folder: Path, *cells: str) -> None:
    content = {"cells": [{"cell_type": "code", "source": cell.splitlines(True)} for cell in cells]}
    (folder / "neural_networks.ipynb").write_text(json.dumps(content))


@pytest.fixture
def finished(workspace, solve) -> Path:
    (workspace / "exercises" / "neural_networks.ipynb").unlink(missing_ok=True)
    solve(workspace / "exercises", *MODULES)
    (workspace / "answers.yaml").write_text("schema_version: 1\nstudent: ada\nanswers: {}\n")
    return workspace


def test_a_whole_hand_in_is_packed(finished):
    """Modules and answers are in the zip, named after who answered; no self-check is."""
    result = submit()
    assert result.exit_code == 0
    assert list(packed(finished)) == [*FILES, "answers.yaml"]
    assert "Packed lesson04-ada.zip:" in result.stdout
    assert "Not whole" not in result.stdout
    assert str(finished / "lesson04-ada.zip") in result.stdout


def test_the_same_files_give_the_same_zip(finished):
    """Packing again, later, gives the same bytes."""
    submit()
    first = (finished / "lesson04-ada.zip").read_bytes()
    for file in (finished / "exercises").glob("*.py"):
        file.touch()
    submit()
    assert (finished / "lesson04-ada.zip").read_bytes() == first


def test_helper_files_go_along(finished):
    """A file of the student's own beside the modules belongs to the hand-in."""
    (finished / "exercises" / "helpers.py").write_text("TWO = 2\n")
    submit()
    assert list(packed(finished)) == [*FILES, "exercises/helpers.py", "answers.yaml"]


def test_what_is_not_written_is_named_and_packed(workspace, solve):
    """An unfinished hand-in is packed with a warning and status 1."""
    solve(workspace / "exercises", "relu", "neuron", "parameters", "memory")
    result = submit("--student", "ada")
    assert result.exit_code == 1
    assert "not written yet: dense, network, collapse, xor_layers" in result.stdout
    assert "no answers.yaml yet: nnv quiz" in result.stdout
    assert list(packed(workspace)) == FILES


def test_a_file_that_does_not_load_is_named_and_packed(finished):
    """A syntax error is named with its line; the hand-in is packed all the same."""
    (finished / "exercises" / "dense.py").write_text("\ndef dense(x, W, b\n    return x\n")
    (finished / "exercises" / "memory.py").unlink()
    result = submit()
    assert result.exit_code == 1
    assert "dense.py does not load: line 2: '(' was never closed" in result.stdout
    assert "memory.py is not there" in result.stdout
    assert "exercises/dense.py" in packed(finished)


def test_student_code_is_not_run(finished):
    """Packing only reads the files."""
    (finished / "exercises" / "relu.py").write_text("raise SystemExit('ran')\nrelu = abs\n")
    assert submit().exit_code == 0


def test_the_notebook_is_packed_where_only_it_was_written(workspace):
    """Modules that are still stubs stay out, so that the notebook is what counts."""
    cells = ["%matplotlib inline\ndef relu(z):\n    return max(z, 0)\n", "def dense(:"]
    write_notebook(workspace / "exercises", *cells)
    result = submit("--student", "ada")
    assert list(packed(workspace)) == ["neural_networks.ipynb"]
    assert "not written yet: weighted_sum, neuron" in result.stdout


def test_modules_go_before_a_notebook_that_was_written_too(finished):
    """Only one of the two is graded; which one, and how to choose, is said."""
    write_notebook(finished / "exercises", "def relu(z):\n    return max(z, 0)\n")
    assert "neural_networks.ipynb stays out" in submit().stdout
    assert list(packed(finished)) == [*FILES, "answers.yaml"]
    submit("--notebook")
    assert list(packed(finished)) == ["neural_networks.ipynb", "answers.yaml"]


def test_an_untouched_notebook_is_not_mentioned(finished):
    """The notebook that was handed out holds stubs, and who wrote modules need not hear of it."""
    stub = 'def relu(z):\n    """Bend."""\n    raise NotImplementedError("x")\n'
    write_notebook(finished / "exercises", stub)
    assert "neural_networks.ipynb" not in submit().stdout
    assert list(packed(finished)) == [*FILES, "answers.yaml"]


def test_answers_are_found_inside_exercises_too(finished):
    """Who called `nnv quiz` inside exercises/ has the answers there."""
    (finished / "answers.yaml").replace(finished / "exercises" / "answers.yaml")
    submit()
    assert "answers.yaml" in packed(finished)


@pytest.mark.parametrize("content", ["student: [\n", "- 1\n", "student:\n"])
def test_damaged_answers_are_packed_too(finished, content):
    """Answers that cannot be read are the grader's to judge, and lose nothing here."""
    (finished / "answers.yaml").write_text(content)
    submit("--student", "ada")
    assert packed(finished)["answers.yaml"] == content.encode()


@pytest.mark.parametrize(
    ("student", "name"),
    [
        ("Ada Lovelace", "lesson04-Ada-Lovelace.zip"),
        ("../../etc/x", "lesson04-etc-x.zip"),
        ("Zoë", "lesson04-Zoë.zip"),
        ("///", "lesson04-student.zip"),
    ],
)
def test_any_name_gives_a_file_name(finished, student, name):
    """A name with blanks or slashes cannot lead the zip anywhere else."""
    submit("--student", student)
    assert (finished / name).is_file()


def test_out_sets_the_folder(finished, tmp_path):
    """The zip can be written elsewhere."""
    submit("--out", str(tmp_path))
    assert (tmp_path / "lesson04-ada.zip").is_file()


def test_a_notebook_that_is_not_there_is_a_usage_error(finished):
    """--notebook without a notebook says so."""
    result = submit("--notebook")
    assert result.exit_code == 2
    assert "there is no notebook" in result.stderr


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("def f():\n    raise NotImplementedError('f: do it')\n", set()),
        ("def f():\n    '''Doc.'''\n    raise NotImplementedError\n", set()),
        ("def f():\n    '''Doc.'''\n    pass\n", set()),
        ("def f():\n    '''Doc.'''\n", set()),
        ("def f():\n    return 1\n", {"f"}),
        ("def f():\n    raise ValueError\n", {"f"}),
        ("f = lambda: 1\n", {"f"}),
        ("class f:\n    def __call__(self): return 1\n", {"f"}),
        ("def f(:\n", set()),
        ("\0", set()),
    ],
)
def test_a_stub_is_told_from_a_written_function(source, names):
    """What still only raises NotImplementedError is not written."""
    assert written([source]) == names
