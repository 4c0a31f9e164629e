"""Loading a submission: modules and cells each on their own, honest but awkward ones included."""

import pytest

from grader.sandbox import Problem, Raised, Returned

RELU = "import numpy as np\ndef relu(z):\n    return np.maximum(z, 0)\n"
SAME = "def same(z):\n    return z\n"


@pytest.mark.parametrize(
    "line",
    [
        "from exercises.relu import relu",
        "from .relu import relu",
        "from relu import relu",
        "import exercises.relu\nrelu = exercises.relu.relu",
        "import relu as module\nrelu = module.relu",
        "from exercises import relu as module\nrelu = module.relu",
        "from . import relu as module\nrelu = module.relu",
        "from exercises.relu import *",
        "import importlib\nrelu = importlib.import_module('exercises.relu').relu",
    ],
)
def test_every_way_to_import_a_module_works(box, modules, ask, line):
    """The package, a relative and a flat import give the same function."""
    program = modules(neuron=f"{line}\ndef neuron(z):\n    return relu(z)\n", relu=RELU)
    with box.open(program) as guest:
        assert guest.loaded.problems == ()
        assert ask(guest, "neuron", (-1.0,)).outcomes == (Returned(0.0),)


def test_all_names_give_the_same_module(box, modules, ask):
    """A module runs once and is the same object under each of its names."""
    program = modules(
        relu="count = []\n" + RELU,
        neuron="import relu as a\nimport exercises.relu as b\nfrom . import relu as c\n"
        "def neuron(z):\n    return a is b is c\n",
    )
    with box.open(program) as guest:
        assert ask(guest, "neuron", (1,)).outcomes == (Returned(True),)


def test_modules_of_a_students_own_can_be_imported(box, modules, ask):
    """Helper files come along."""
    program = modules(utils=SAME, relu="from utils import same\ndef relu(z):\n    return same(z)\n")
    with box.open(program) as guest:
        assert ask(guest, "relu", (3,)).outcomes == (Returned(3),)


def test_what_was_defined_before_a_failure_counts(box, modules, ask):
    """A module that fails while it loads keeps what it had defined by then."""
    program = modules(relu=RELU + "1 / 0\n", neuron="from relu import relu\nneuron = relu\n")
    with box.open(program) as guest:
        assert guest.loaded.functions == {"relu", "neuron"}
        assert guest.loaded.problems == (
            Problem("relu", "ZeroDivisionError", "division by zero", 4),
        )
        assert ask(guest, "neuron", (-1,)).outcomes == (Returned(0),)


def test_a_syntax_error_is_a_problem_with_its_line(box, modules):
    """It costs the module, and no other one."""
    with box.open(modules(relu="x = 1\ndef relu(z:\n", neuron="def neuron(): pass")) as guest:
        (problem,) = guest.loaded.problems
        assert (problem.where, problem.kind, problem.line) == ("relu", "SyntaxError", 2)
        assert guest.loaded.functions == {"neuron"}


def test_a_missing_function_can_be_imported_and_raises_when_called(box, modules, ask):
    """Whoever imports a function that is not there fails only where it is called."""
    source = (
        "from exercises.relu import relu\ndef neuron(z):\n    return relu(z)\ndef dense(): pass"
    )
    with box.open(modules(neuron=source)) as guest:
        assert guest.loaded.problems == ()
        assert "relu" not in guest.loaded.functions
        (outcome,) = ask(guest, "neuron", (1,)).outcomes
    assert isinstance(outcome, Raised)
    assert "relu is not defined" in outcome.message
    assert not outcome.value_error


@pytest.mark.parametrize(
    "line",
    [
        "import matplotlib.pyplot as plt",
        "from torch import nn",
        "import requests, pandas as pd",
        "import torch.nn.functional as F",
        "from sklearn.metrics import *",
        "import tkinter, turtle, sqlite3",
        "import matplotlib.pyplot as plt\nplt.style.use('ggplot')\nplt.rcParams['x'] = 1",
        "import matplotlib.pyplot as plt\nfig, ax = plt.subplots()\nax.plot([1])",
        "from torch import nn\nclass Net(nn.Module):\n    pass",
        "import torch\ndef f(x: torch.Tensor | None) -> list[torch.Tensor]:\n    return x",
        "from numba import njit\n@njit\ndef g(x):\n    return x",
        "import torch\n@torch.no_grad()\ndef g(x):\n    return x",
        "import torch\nwith torch.no_grad():\n    n = 1",
        "import pandas as pd\npd.options.display['rows'] = pd.options.display['rows']",
        "import torch\nassert not hasattr(torch.nn, '__version__')",
        "import torch\nassert 'torch.nn' in repr(torch.nn)",
    ],
)
def test_packages_that_are_not_there_cost_nothing_to_import(box, modules, line):
    """Importing one, and using it at the top of a module, is let through."""
    with box.open(modules(relu=f"{line}\n{RELU}")) as guest:
        assert guest.loaded.problems == ()
        assert guest.loaded.functions == {"relu"}


def test_a_package_that_is_not_there_fails_where_it_is_used(once):
    """A function that needs it raises what Python would have raised at the import."""
    outcome = once("import torch\nreturn torch.relu(z)")
    assert isinstance(outcome, Raised)
    assert (outcome.type, outcome.message) == ("ModuleNotFoundError", "No module named 'torch'")


def test_an_import_within_try_fails_at_once(once):
    """Code that asks whether a package is there gets an honest answer."""
    outcome = once("try:\n    import torch\nexcept ImportError:\n    return 'none'\nreturn 'torch'")
    assert outcome == Returned("none")
    outcome = once("try:\n    import turtle\nexcept ImportError:\n    return 'no screen'\nreturn 1")
    assert outcome == Returned("no screen")


def test_only_the_statement_within_try_counts(once):
    """A long function with a ``try`` elsewhere imports as if there were none."""
    body = "try:\n    z = z / 2\nexcept ZeroDivisionError:\n    z = 0\n" + "z = z + 1\n" * 300
    assert once(f"{body}import torch\nreturn z") == Returned(300.0)
    assert once(f"{body}try:\n    import torch\nexcept ImportError:\n    return 0") == Returned(0)


def test_a_module_that_numpy_lacks_is_missing(box, modules):
    """A slip in the name of a part of numpy is told at once."""
    with box.open(modules(relu=f"import numpy.linagl\n{RELU}")) as guest:
        assert [problem.kind for problem in guest.loaded.problems] == ["ModuleNotFoundError"]


def test_a_package_may_have_an_init(box, modules, ask):
    """What `__init__.py` defines can be imported from the package."""
    program = modules(__init__="SLOPE = 2\n", relu="from . import SLOPE\n" + RELU)
    with box.open(program) as guest:
        assert guest.loaded.problems == ()
        assert guest.loaded.functions == {"relu"}


def test_an_error_without_a_text_is_a_problem_all_the_same(box, modules):
    """An exception that cannot be shown is known by its type."""
    source = "class Odd(Exception):\n    def __str__(self):\n        return 1 / 0\nraise Odd\n"
    with box.open(modules(relu=source)) as guest:
        assert [(p.kind, p.message) for p in guest.loaded.problems] == [("Odd", "")]


def test_jupyters_shell_has_nothing_secret(box, notebook):
    """What asks `get_ipython()` for special methods is told that there are none."""
    with box.open(notebook("assert not hasattr(get_ipython(), '__magic__')")) as guest:
        assert guest.loaded.problems == ()


@pytest.mark.parametrize(
    "line",
    [
        "import statistics, fractions, json, decimal, itertools, textwrap, colorsys, bz2, lzma",
        "import numpy.polynomial, numpy.fft, numpy.ma, numpy.testing, numpy.random",
        "from numpy.lib.stride_tricks import sliding_window_view",
        "import random, uuid, csv, html.parser, xml.etree.ElementTree, email, unittest, doctest",
        "import concurrent.futures, asyncio, multiprocessing, ctypes, logging, tempfile, argparse",
    ],
)
def test_the_standard_library_and_numpy_are_there(box, modules, line):
    """Modules that the server has not loaded can be imported by a guest."""
    with box.open(modules(relu=f"{line}\n{RELU}")) as guest:
        assert guest.loaded.problems == ()


def test_main_blocks_of_modules_do_not_run(box, modules):
    """A module is imported, not run as a program."""
    with box.open(modules(relu=RELU + "if __name__ == '__main__':\n    1 / 0\n")) as guest:
        assert guest.loaded.problems == ()


def test_circular_imports_work(box, modules, ask):
    """Modules that import each other find each other's functions when they are called."""
    program = modules(
        relu="from neuron import neuron\ndef relu(z):\n    return neuron(z)\n",
        neuron="from relu import relu\ndef neuron(z):\n    return z\n",
    )
    with box.open(program) as guest:
        assert guest.loaded.problems == ()
        assert ask(guest, "relu", (2,)).outcomes == (Returned(2),)


@pytest.mark.parametrize(
    "source",
    [
        b"\xef\xbb\xbfdef relu(z):\n    return z\n",
        b"def relu(z):\r\n    return z\r\n",
        b"# -*- coding: latin-1 -*-\n# \xe9\ndef relu(z):\n    return z\n",
        b"def relu(z):\n\treturn z",
        b"input('name? ')\nimport sys\nsys.argv[1:]\ndef relu(z):\n    return z\n",
        b"from __future__ import annotations\ndef relu(z: Later):\n    return z\n",
        b"import os\nos.chdir('..')\ndef relu(z):\n    return z\n",
        b"name = input()\nwhile name:\n    name = input()\ndef relu(z):\n    return z\n",
    ],
)
def test_awkward_sources_load(box, ask, source):
    """Byte-order marks, Windows line ends, other encodings, questions to the user."""
    from grader.sandbox import Program

    with box.open(Program("modules", (("relu", source),))) as guest:
        assert guest.loaded.problems == ()
        assert ask(guest, "relu", (1,)).outcomes == (Returned(1),)


@pytest.mark.parametrize(
    "source",
    [
        b"\x00",
        b"\xff\xfe\x00",
        b"(" * 100_000,
        b"-" * 200_000 + b"1",
        b"x = " + b"+".join([b"1"] * 50_000),
        b"[" * 90 + b"]" * 90 + b"\n" + b"a." * 50_000 + b"b",
        b"def " * 1000,
        b"import sys\nsys.exit(0)\n",
        b"raise KeyboardInterrupt\n",
        b"import os\nos._exit(0)\n",
        b"import os\nos.abort()\n",
        b"x = bytes(10**11)\n",
        b"from exercises import relu\nfrom relu import relu\nrelu(1)\n",
    ],
)
def test_broken_sources_cost_only_their_own_module(box, ask, source):
    """Whatever is in a module, or wherever its process ends, the others load."""
    from grader.sandbox import Program

    sources = (("relu", source), ("neuron", b"def neuron(z):\n    return z\n"))
    with box.open(Program("modules", sources)) as guest:
        assert [problem.where for problem in guest.loaded.problems] == ["relu"]
        assert ask(guest, "neuron", (1,)).outcomes == (Returned(1),)


def test_cells_share_one_namespace_and_fail_alone(box, notebook, ask):
    """Cells run in order; one that raises does not stop the next."""
    program = notebook(RELU, "1 / 0", "def neuron(z):\n    return relu(z)", "def broken(:")
    with box.open(program) as guest:
        assert guest.loaded.functions == {"relu", "neuron"}
        assert [(p.where, p.kind, p.line) for p in guest.loaded.problems] == [
            ("cell 2", "ZeroDivisionError", 1),
            ("cell 4", "SyntaxError", 1),
        ]
        assert ask(guest, "neuron", (-1,)).outcomes == (Returned(0),)


def test_notebooks_may_import_the_exercises(box, notebook, ask):
    """`from exercises.relu import relu` in a notebook finds the notebook's own."""
    program = notebook("from exercises.relu import relu\ndef neuron(z):\n    return relu(z)", RELU)
    with box.open(program) as guest:
        assert guest.loaded.problems == ()
        assert ask(guest, "neuron", (-1,)).outcomes == (Returned(0),)


def test_notebooks_have_what_jupyter_gives(box, notebook):
    """`display` and `get_ipython()` do nothing, and `__name__` is `__main__`."""
    cell = "display(1)\nget_ipython().run_line_magic('matplotlib', 'inline')\n" + RELU
    with box.open(notebook(cell, "assert __name__ == '__main__'\nexit()")) as guest:
        assert [problem.kind for problem in guest.loaded.problems] == ["SystemExit"]


def test_what_is_printed_while_loading_is_kept(box, modules):
    """On both streams, whatever is written to them."""
    source = "import sys\nprint('été')\nsys.stderr.write('b\\n')\nsys.stdout.buffer.write(b'c')"
    with box.open(modules(relu=source)) as guest:
        assert guest.loaded.output == "été\nb\nc"


def test_a_module_that_hangs_keeps_what_it_had_defined(quick_box, modules, ask):
    """It is stopped from within, and the next time it does not get that far."""
    program = modules(relu=RELU + "while True:\n    x = 1\n", neuron=SAME)
    for _ in range(2):
        with quick_box.open(program) as guest:
            assert guest.loaded.problems == (
                Problem(
                    "relu", "timeout", "took longer than 0.4 s to load and was stopped at line 4", 4
                ),
            )
            assert ask(guest, "relu", (-1,)).outcomes == (Returned(0),)


def test_a_module_that_resists_being_stopped_is_left_out(quick_box, modules, ask):
    """The process is killed, and the others are loaded in another one."""
    stubborn = "while True:\n    try:\n        while True: pass\n    except BaseException: pass\n"
    with quick_box.open(modules(relu=stubborn, neuron="def neuron(z): return z")) as guest:
        (problem,) = guest.loaded.problems
        assert (problem.where, problem.kind) == ("relu", "timeout")
        assert ask(guest, "neuron", (1,)).outcomes == (Returned(1),)


def test_a_module_that_imports_one_that_hangs_loads(quick_box, modules):
    """Each module has its own time."""
    program = modules(
        neuron="from relu import relu\ndef neuron(z):\n    return relu(z)\n",
        relu="def relu(z):\n    return z\nwhile True: pass\n",
    )
    with quick_box.open(program) as guest:
        assert guest.loaded.functions == {"relu", "neuron"}
        assert [problem.where for problem in guest.loaded.problems] == ["relu"]


def test_reaches_follows_helpers_defaults_and_classes(box, modules):
    """For each function, the others that its code can reach."""
    program = modules(
        relu=RELU,
        neuron="from relu import relu\nimport functools\n"
        "def weighted_sum(x):\n    return x\n"
        "def helper(x):\n    return weighted_sum(x)\n"
        "class Layer:\n    def __call__(self, x):\n        return helper(x)\n"
        "neuron = Layer()\n",
        dense="from neuron import helper\nfrom relu import relu\n"
        "def dense(x, activation=relu):\n    return activation(helper(x))\n",
        network="import functools, dense\nnetwork = functools.partial(dense.dense, 1)\n",
    )
    with box.open(program) as guest:
        assert guest.loaded.reaches == {
            "relu": frozenset(),
            "weighted_sum": frozenset(),
            "neuron": {"weighted_sum"},
            "dense": {"relu", "weighted_sum"},
            "network": {"dense", "relu", "weighted_sum"},
        }


def test_reaches_is_generous_where_it_is_unclear(box, modules):
    """Code that looks its helpers up by name reaches all."""
    program = modules(relu="def relu(z):\n    return globals()['ne' + 'uron'](z)\n")
    with box.open(program) as guest:
        assert guest.loaded.reaches["relu"] == {"weighted_sum", "neuron", "dense", "network"}


@pytest.mark.parametrize(
    "source",
    [
        "class Odd:\n    @property\n    def __dict__(self):\n        raise ValueError\n"
        "odd = Odd()\ndef relu(z):\n    return odd\n",
        "deep = [[n] for n in range(6000)]\ndef relu(z):\n    return deep\n",
    ],
    ids=["resists", "is too much"],
)
def test_reaches_gives_up_on_what_cannot_be_followed(box, modules, source):
    """An object that resists being looked at, or never ends, is taken to reach all."""
    with box.open(modules(relu=source)) as guest:
        assert guest.loaded.reaches["relu"] == {"weighted_sum", "neuron", "dense", "network"}


def test_reaches_follows_methods_and_closures(box, modules):
    """Methods lead to their objects, circles end, and empty closures lead nowhere."""
    program = modules(
        relu="def make():\n    def relu(z):\n        return late(z)\n    return relu\n"
        "    late = 1\nrelu = make()\n",
        neuron="from relu import relu\n"
        "class Layer:\n    def __init__(self):\n        self.me, self.f = self, relu\n"
        "    def go(self, x):\n        return self.f(x)\n"
        "step = Layer().go\ndef neuron(x):\n    return step(x)\n",
    )
    with box.open(program) as guest:
        assert guest.loaded.reaches == {"relu": frozenset(), "neuron": {"relu"}}
