"""Calls that are sent ahead of the sources, and sources that are loaded once more in a process."""

from __future__ import annotations

import pytest

from grader.sandbox import Calls, Returned, SandboxError, wire

RELU = "def relu(z):\n    return z + 1\n"


def calls(function: str, *numbers: float) -> Calls:
    return Calls(function, wire.encode_calls([((n,), {}) for n in numbers]), len(numbers))


def test_calls_that_are_sent_ahead_are_answered_in_order(box, modules):
    """Each function's outcomes come in turn; one that is not there has none."""
    program = modules(relu=RELU, dense="def dense(z):\n    return 2 * z\n")
    ahead = [calls("relu", 1, 2), calls("network", 1), calls("dense", 3)]
    with box.open(program, ahead=ahead) as guest:
        replies = [guest.next_reply() for _ in ahead]
        assert not guest.sent_ahead
        after = guest.run(calls("relu", 9))
    assert [[o.value for o in reply.outcomes] for reply in replies] == [[2, 3], [], [6]]
    assert [reply.ending for reply in replies] == [None, None, None]
    assert after.outcomes == (Returned(10),)


def test_nothing_else_is_asked_before_the_replies_are_read(box, modules):
    """A reply can never be taken for another's."""
    with (
        box.open(modules(relu=RELU), ahead=[calls("relu", 1)]) as guest,
        pytest.raises(SandboxError, match="have not been read"),
    ):
        guest.run(calls("relu", 2))


def test_what_is_printed_ahead_comes_whole_with_the_last_reply(box, modules):
    """Output of loading and of all calls, in order."""
    program = modules(relu="print('loaded')\ndef relu(z):\n    print(z)\n")
    with box.open(program, ahead=[calls("relu", 1), calls("relu", 2)]) as guest:
        guest.next_reply()
        assert guest.next_reply().output == "loaded\n1\n2\n"
        assert guest.run(calls("relu", 3)).output == "3\n"


def test_a_process_that_ends_answers_nothing_more(box, modules):
    """Calls from the one that ended it on come to nothing, and are no results."""
    program = modules(relu=RELU, dense="import os\ndef dense(z):\n    os._exit(0)\n")
    ahead = [calls("relu", 1), calls("dense", 1), calls("relu", 2)]
    with box.open(program, ahead=ahead) as guest:
        replies = [guest.next_reply() for _ in ahead]
    assert [reply.ending for reply in replies[1:]] == ["crashed", "crashed"]
    assert [reply.outcomes for reply in replies[1:]] == [(), ()]


def test_a_call_that_hangs_is_given_up_in_its_time(box, modules):
    """The others of those that were sent ahead are lost with it."""
    program = modules(relu="def relu(z):\n    while True:\n        pass\n")
    with box.open(program, ahead=[calls("relu", 1), calls("relu", 2)]) as guest:
        assert guest.next_reply(within_s=0.3).ending == "timeout"
        assert guest.next_reply().ending == "timeout"


def test_what_a_pipe_cannot_hold_is_not_sent_ahead(box, modules):
    """Neither side may wait for the other to read."""
    many = Calls("relu", wire.encode_calls([((n,), {}) for n in range(20_000)]), 20_000)
    with box.open(modules(relu=RELU), ahead=[many]) as guest:
        assert not guest.sent_ahead
        assert guest.run(calls("relu", 1)).outcomes == (Returned(2),)


def test_modules_that_are_loaded_again_remember_nothing(box, modules, ask):
    """Counters and caches begin anew, in every module and under every name."""
    relu = (
        "from . import dense\ndef relu(z):\n    dense.seen.append(z)\n    return len(dense.seen)\n"
    )
    program = modules(dense="seen = []\n", relu=relu, neuron="def neuron(z): pass\n")
    with box.open(program) as guest:
        assert ask(guest, "relu", (5,), (6,)).outcomes == (Returned(1), Returned(2))
        assert guest.load_again({"neuron": "def neuron(z):\n    return 7\n"})
        assert ask(guest, "relu", (5,)).outcomes == (Returned(1),)
        assert ask(guest, "neuron", (5,)).outcomes == (Returned(7),)


def test_a_notebook_is_loaded_again(box, notebook, ask):
    """Its cells run in a new namespace."""
    cells = ("n = 0", "def relu(z):\n    global n\n    n += 1\n    return n")
    with box.open(notebook(*cells)) as guest:
        assert ask(guest, "relu", (0,), (0,)).outcomes == (Returned(1), Returned(2))
        assert guest.load_again({})
        assert ask(guest, "relu", (0,)).outcomes == (Returned(1),)


def test_a_file_named_like_a_module_of_python_is_loaded_again(box, modules, ask):
    """The student's `string.py` takes the place of Python's, both times."""
    program = modules(relu="from string import n\ndef relu(z):\n    return n\n", string="n = 4\n")
    with box.open(program) as guest:
        before = ask(guest, "relu", (0,)).outcomes
        assert guest.load_again({})
        assert ask(guest, "relu", (0,)).outcomes == before


def test_a_reference_never_leaves_a_process_again(box, modules):
    """A process with a replaced function is not used where that function is the student's own."""
    reference = {"relu": "def relu(z):\n    return 100\n"}
    with box.open(modules(relu=RELU), replaced=reference) as guest:
        assert not guest.load_again({})
        assert not guest.load_again({"dense": "def dense(z):\n    return 1\n"})
        assert guest.load_again(reference)


@pytest.mark.parametrize(
    "source",
    [
        "import builtins\nif hasattr(builtins, 'mine'):\n    1 / 0\nbuiltins.mine = 1\n" + RELU,
        "import builtins\nif not hasattr(builtins, 'mine'):\n    "
        + RELU.replace("\n ", "\n     ")
        + "builtins.mine = 1\n",
        "import builtins, os\nif hasattr(builtins, 'mine'):\n    os._exit(0)\nbuiltins.mine = 1\n",
    ],
    ids=["raises", "is not defined", "ends the process"],
)
def test_sources_that_load_otherwise_are_told(box, modules, source):
    """What raises, lacks or ends the second time is no ground for a mark."""
    with box.open(modules(relu=source)) as guest:
        assert not guest.load_again({})


def test_a_lost_process_loads_nothing_again(box, modules, ask):
    """After a crash there is nothing to go on with."""
    with box.open(modules(relu="import os\ndef relu(z):\n    os._exit(0)\n")) as guest:
        ask(guest, "relu", (0,))
        assert not guest.load_again({})
