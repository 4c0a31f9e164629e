# ruff: noqa: E501  (the table of holders is easier to read with one case a line)
"""References in place of a student's functions: everywhere, alone, and on record."""

import pytest

from grader.sandbox import Raised, Returned

REFERENCE = {"relu": "def relu(z):\n    return 100\n"}
NEURON = "def neuron(z):\n    return relu(z)\n"
WRONG = "def relu(z):\n    return -1\n"


@pytest.mark.parametrize(
    ("relu", "neuron"),
    [
        (WRONG, "from relu import relu\n" + NEURON),
        (WRONG, "import relu\ndef neuron(z):\n    return relu.relu(z)\n"),
        (WRONG, "from relu import relu as bend\nmine = bend\ndef neuron(z):\n    return mine(z)\n"),
        (WRONG, "from relu import relu\ndef neuron(z, f=relu):\n    return f(z)\n"),
        (WRONG, "from relu import relu\ndef neuron(z, *, f=relu):\n    return f(z)\n"),
        (WRONG, "from relu import relu\nparts = [relu]\ndef neuron(z):\n    return parts[0](z)\n"),
        (WRONG, "from relu import relu\nparts = {1: (relu,)}\ndef neuron(z):\n    return parts[1][0](z)"),
        (WRONG, "from relu import relu\nclass N:\n    f = staticmethod(relu)\ndef neuron(z):\n    return N.f(z)"),
        (WRONG, "from relu import relu\ndef make(f):\n    return lambda z: f(z)\nneuron = make(relu)\n"),
        (WRONG, "from relu import relu\nimport functools\nneuron = functools.partial(relu)\n"),
        (WRONG, "from relu import relu\nimport functools\nf = functools.lru_cache(relu)\ndef neuron(z):\n    return f(z)"),
        (WRONG, "from relu import relu\nimport numpy as np\nf = np.vectorize(relu)\ndef neuron(z):\n    return f(z)"),
        ("def outer():\n    k = -1\n    def relu(z):\n        return k\n    return relu\nrelu = outer()\n", "from relu import relu\n" + NEURON),
        ("class R:\n    def __call__(self, z):\n        return -1\nrelu = R()\n", "from relu import relu\n" + NEURON),
        ("class R:\n    def __call__(self, z):\n        return -1\nrelu = R()\n", "from relu import relu\ndef neuron(z, f=relu):\n    return f(z)"),
        ("class R:\n    def __call__(self, z):\n        return -1\nrelu = R()\n", "from relu import relu\nclass N:\n    def __init__(self): self.f = relu\n    def __call__(self, z): return self.f(z)\nneuron = N()"),
        ("class R:\n    def __call__(self, z):\n        return -1\nrelu = R()\n", "from relu import relu\ndef make(f):\n    return lambda z: f(z)\nneuron = make(relu)\n"),
        ("import functools\nrelu = functools.partial(max, -1)\n", "from relu import relu\nimport functools\nneuron = functools.partial(lambda f, z: f(z), relu)\n"),
        ("import functools\n@functools.lru_cache\ndef relu(z):\n    return -1\n", "from relu import relu\n" + NEURON),
        ("", "from relu import relu\n" + NEURON),
        ("", "from exercises.relu import relu\ndef neuron(z, f=relu):\n    return f(z)\n"),
        ("1 / 0\n" + WRONG, "import relu\ndef neuron(z):\n    return relu.relu(z)\n"),
        ("relu = 5\n", "from relu import relu\n" + NEURON),
    ],
)  # fmt: skip
def test_a_replaced_function_is_replaced_wherever_it_is_held(box, modules, ask, relu, neuron):
    """Names, aliases, defaults, containers, classes, closures; and where it is missing."""
    with box.open(modules(relu=relu, neuron=neuron), replaced=REFERENCE) as guest:
        reply = ask(guest, "neuron", (3,))
    with box.open(modules(relu=relu, neuron=neuron)) as guest:
        ask(guest, "neuron", (3,))
        assert guest.load_again(REFERENCE)
        again = ask(guest, "neuron", (3,))
    (outcome,) = reply.outcomes
    assert isinstance(outcome, Returned)
    assert outcome.value == 100
    assert reply.called == {"relu"}
    assert (again.outcomes, again.called) == (reply.outcomes, reply.called)


def test_replaced_functions_can_be_replaced_in_a_notebook(box, notebook, ask):
    """All cells see the reference."""
    with box.open(notebook(WRONG, NEURON), replaced=REFERENCE) as guest:
        assert ask(guest, "neuron", (3,)).outcomes == (Returned(100),)


def test_replaced_functions_that_are_not_called_are_not_on_record(box, modules, ask):
    """`Reply.called` has what this run called, not what an earlier one did."""
    source = "from relu import relu\ndef neuron(z):\n    return relu(z) if z else 0\n"
    with box.open(modules(relu=WRONG, neuron=source), replaced=REFERENCE) as guest:
        assert ask(guest, "neuron", (3,)).called == {"relu"}
        assert ask(guest, "neuron", (0,)).called == frozenset()


def test_a_reference_calls_the_students_other_functions(box, modules, ask):
    """Names in a reference are the student's own functions, or replaced ones."""
    program = modules(
        relu=WRONG,
        neuron="def weighted_sum(x):\n    return 7\ndef neuron(z):\n    return 0\n",
        dense="from neuron import neuron\ndef dense(z):\n    return neuron(z)\n",
    )
    references = {
        "neuron": "def neuron(z, activation=relu):\n    return [weighted_sum(z), activation(z)]\n"
    }
    with box.open(program, replaced=references) as guest:
        assert ask(guest, "dense", (1,)).outcomes == (Returned([7, -1]),)
    with box.open(program, replaced=REFERENCE | references) as guest:
        reply = ask(guest, "dense", (1,))
        assert reply.outcomes == (Returned([7, 100]),)
        assert reply.called == {"relu", "neuron"}


def test_references_see_each_other_whatever_their_order(box, modules, ask):
    """A replaced function that comes later in the manifest is seen by one that comes before."""
    references = {
        "network": "def network(z):\n    return 5\n",
        "relu": "def relu(z):\n    return network(z)\n",
    }
    with box.open(modules(neuron="from relu import relu\n" + NEURON), replaced=references) as guest:
        assert ask(guest, "neuron", (1,)).outcomes == (Returned(5),)


def test_no_other_reference_can_be_reached(box, modules, ask):
    """From a replaced helper a student gets at the student's own functions only."""
    spy = (
        "from relu import relu\ndef neuron(z):\n"
        "    inner = relu.__kwdefaults__['_reference'].__wrapped__\n"
        "    return sorted(k for k, v in inner.__globals__.items() if callable(v)\n"
        "        and getattr(v, '__code__', None) and v.__code__.co_filename == '<reference>')\n"
    )
    with box.open(modules(relu=WRONG, neuron=spy), replaced=REFERENCE) as guest:
        assert ask(guest, "neuron", (1,)).outcomes == (Returned(["relu"]),)


def test_the_function_under_test_stays_the_students(box, modules, ask):
    """Also where a student uses one function under two names, of which one is replaced."""
    program = modules(relu=WRONG, neuron="from relu import relu\nneuron = relu\n")
    with box.open(program, replaced=REFERENCE) as guest:
        assert ask(guest, "neuron", (3,)).outcomes == (Returned(-1),)


def test_errors_in_a_reference_point_at_the_students_line(box, modules, ask):
    """The place of an exception is the student's call, never a line of a reference."""
    references = {"relu": "def relu(z):\n    raise ValueError('no')\n"}
    source = "from relu import relu\n\ndef neuron(z):\n    return relu(z)\n"
    with box.open(modules(relu=WRONG, neuron=source), replaced=references) as guest:
        assert ask(guest, "neuron", (1,)).outcomes == (
            Raised("ValueError", "no", True, "neuron", 4),
        )


def test_a_missing_function_counts_as_there_once_it_is_replaced(box, modules):
    """`Loaded.functions` has the replaced ones too."""
    with box.open(modules(neuron=NEURON), replaced=REFERENCE) as guest:
        assert guest.loaded.functions == {"relu", "neuron"}
