"""What a check cell says to a student, without a kernel."""

from __future__ import annotations

import base64
import sys
from typing import Any

import numpy as np
import pytest
from nbgrader_school import solutions

from nnv import pictures
from nnv.calls import SelfCheckError
from nnv.notebook import check

START = "import numpy as np\nfrom typing import Any\nfrom collections.abc import *\n"
START += "from numpy.typing import ArrayLike\n"
STUB = "def {}(*args, **kwargs):\n    raise NotImplementedError('not written yet')\n"


class Notebook:
    """Stands for the notebook's own names, which are those of ``__main__``."""

    def run(self, source: str) -> None:
        """Run a cell."""
        exec(source, vars(sys.modules["__main__"]))


@pytest.fixture
def notebook(monkeypatch: pytest.MonkeyPatch) -> Notebook:
    """A notebook whose first cell was run."""
    import types

    monkeypatch.setitem(sys.modules, "__main__", types.ModuleType("__main__"))
    made = Notebook()
    made.run(START)
    return made


def said(name: str) -> str:
    """What a failing check says."""
    with pytest.raises(SelfCheckError) as caught:
        check(name)
    return caught.value.message


def test_a_right_function_gets_a_green_line(
    notebook: Notebook, capsys: pytest.CaptureFixture[str]
) -> None:
    """One line, green where the front end has colours, readable where it has none."""
    notebook.run(solutions()["relu"])
    check("relu")
    assert capsys.readouterr().out == "\x1b[1;32m✓ relu: all 5 self-checks pass.\x1b[0m\n"


def test_every_solution_passes_its_check(notebook: Notebook) -> None:
    """The cells of the instructor's version pass, function by function."""
    for name, source in solutions().items():
        notebook.run(source)
        check(name)


def test_a_wrong_value_is_shown_with_the_call(notebook: Notebook) -> None:
    """The message has the call, what came back and what was expected."""
    notebook.run("def relu(z):\n    return np.abs(z)\n")
    message = said("relu")
    assert "relu(-1.5)" in message.replace("z=", "")
    assert "1.5" in message
    assert "expected" in message


def test_a_cell_that_was_not_run_is_named(notebook: Notebook) -> None:
    """Where there is no function yet, the student is told to run the cell above."""
    assert said("dense") == (
        "There is no function dense yet: run the cell above, in which it is written."
    )


def test_a_stub_leads_to_its_cell(notebook: Notebook) -> None:
    """What to do first speaks of the cell, since there is no file to open."""
    notebook.run(STUB.format("relu"))
    assert said("relu").startswith("relu is not written yet. In the cell above, let relu")


def test_a_function_that_waits_for_another_says_so(notebook: Notebook) -> None:
    """The function that is missing is named, not the one that calls it."""
    notebook.run(STUB.format("relu"))
    notebook.run(solutions()["weighted_sum"] + "\n" + solutions()["neuron"])
    assert said("neuron") == "neuron calls relu, which is not written yet."


def test_a_helper_that_was_not_run_is_named(notebook: Notebook) -> None:
    """A name that no cell has defined is a NameError with its name."""
    notebook.run(solutions()["fits"])
    assert "NameError: name 'training_bytes' is not defined" in said("fits")


def test_an_unknown_function_is_refused(notebook: Notebook) -> None:
    """The functions that there are to check are listed."""
    with pytest.raises(ValueError, match="there are relu, weighted_sum"):
        check("rule")


def test_the_modules_of_the_exercises_are_back_afterwards(notebook: Notebook) -> None:
    """A check leaves no module of the notebook's behind."""
    before = {name: m for name, m in sys.modules.items() if name.startswith("exercises")}
    notebook.run(solutions()["relu"])
    check("relu")
    after = {name: m for name, m in sys.modules.items() if name.startswith("exercises")}
    assert before == after


@pytest.mark.parametrize("name", ["relu", "network", "xor_layers"])
def test_pictures_are_png_with_a_sentence(notebook: Notebook, name: str) -> None:
    """Front ends without pictures show the sentence."""
    for source in solutions().values():
        notebook.run(source)
    made = pictures.of(name, vars(sys.modules["__main__"]))
    assert made is not None
    assert base64.b64decode(made["image/png"]).startswith(b"\x89PNG")
    assert made["text/plain"].endswith(".")


def test_a_picture_is_never_a_reason_to_fail() -> None:
    """Where the function does something unforeseen there is no picture, and no error."""
    broken: dict[str, Any] = {"relu": lambda z: np.zeros(3)}
    assert pictures.of("relu", broken) is None
    assert pictures.of("fits", broken) is None
