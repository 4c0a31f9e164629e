"""When a notebook is graded, and which one."""

import os
import zipfile
from pathlib import Path

import pytest
from hand_in_folders import NOTEBOOK, put, stems, submission

from nnv.manifest import default_path, manifest


@pytest.mark.parametrize("name", ["neural_networks.ipynb", "deep/er/neural_networks.ipynb"])
def test_a_notebook_counts_where_no_module_is(ada: Path, name: str) -> None:
    """A folder with a notebook alone is a notebook, and a note says so."""
    put(ada, name, NOTEBOOK)
    found = submission(ada)
    assert (found.kind, found.sources) == ("notebook", (("cell 1", b"x = 1"),))
    assert found.notes == (f"{name}: the notebook was used.",)


def test_modules_count_before_a_notebook(ada: Path) -> None:
    """Where both are, the modules are graded, and a note says so."""
    put(ada, "neural_networks.ipynb", NOTEBOOK)
    put(ada, "relu.py")
    found = submission(ada)
    assert found.kind == "modules"
    assert found.notes == (
        "neural_networks.ipynb: was not used, because there are Python modules.",
    )


def test_a_helper_without_an_exercise_does_not_replace_a_notebook(ada: Path) -> None:
    """A plotting script beside a notebook is no module of the exercises."""
    put(ada, "neural_networks.ipynb", NOTEBOOK)
    put(ada, "plots.py", b"def plot(): pass\n")
    assert submission(ada).kind == "notebook"


def test_untouched_stubs_do_not_replace_a_notebook(ada: Path) -> None:
    """Who worked in the notebook hands in the stubs as they were given out; they do not count."""
    for name in manifest().modules:
        stub = default_path().with_name(f"{name}.py").read_bytes()
        put(ada, f"exercises/{name}.py", stub.replace(b"\n", b"\r\n"))
    put(ada, "exercises/neural_networks.ipynb", NOTEBOOK)
    assert submission(ada).kind == "notebook"
    put(ada, "exercises/relu.py")
    assert submission(ada).kind == "modules"


def test_untouched_stubs_alone_are_graded(ada: Path) -> None:
    """Where there is no notebook, what is there is graded, and earns nothing."""
    put(ada, "relu.py", default_path().with_name("relu.py").read_bytes())
    assert stems(ada) == ["relu"]


def test_a_module_of_another_name_that_defines_an_exercise_counts(ada: Path) -> None:
    """`solution.py` with `relu` in it is graded, also beside a notebook."""
    put(ada, "neural_networks.ipynb", NOTEBOOK)
    put(ada, "solution.py")
    assert submission(ada).kind == "modules"


def test_of_several_notebooks_that_of_the_assignment_counts(ada: Path) -> None:
    """The assignment's name decides, and a note names the others."""
    put(ada, "zoo.ipynb", b"not a notebook")
    put(ada, "Neural_Networks-1.ipynb", NOTEBOOK)
    found = submission(ada)
    assert found.sources == (("cell 1", b"x = 1"),)
    assert found.notes == (
        "Neural_Networks-1.ipynb: was used; other notebooks were not: zoo.ipynb.",
    )


def test_without_that_name_the_newest_notebook_counts(ada: Path) -> None:
    """Of notebooks with other names the newest is used."""
    os.utime(put(ada, "b.ipynb", b"not a notebook"), (1, 1))
    os.utime(put(ada, "a.ipynb", NOTEBOOK), (2, 2))
    assert submission(ada).sources == (("cell 1", b"x = 1"),)


def test_in_a_zip_the_newest_notebook_counts_too(tmp_path: Path) -> None:
    """Members of a zip are ordered by the times that the zip gives them."""
    with zipfile.ZipFile(tmp_path / "ada.zip", "w") as archive:
        archive.writestr(zipfile.ZipInfo("b.ipynb", (2026, 11, 1, 0, 0, 0)), b"not a notebook")
        archive.writestr(zipfile.ZipInfo("a.ipynb", (2026, 11, 2, 0, 0, 0)), NOTEBOOK)
    assert submission(tmp_path / "ada.zip").sources == (("cell 1", b"x = 1"),)
