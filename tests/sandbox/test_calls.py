"""What comes of calls: results, exceptions, changed arguments, and the limits of a test."""

import threading
import time
from pathlib import Path

import numpy as np
import pytest

from grader.sandbox import Calls, Limits, Opaque, Raised, Reply, Returned, Sandbox, named, wire


def test_outcomes_come_in_the_order_of_the_calls(box, modules, ask):
    """One for each call, with what it returned."""
    with box.open(modules(relu="def relu(z):\n    return z + 1\n")) as guest:
        assert ask(guest, "relu", (1,), (2,), (3,)).outcomes == (
            Returned(2),
            Returned(3),
            Returned(4),
        )


@pytest.mark.parametrize(
    "value",
    [
        None,
        True,
        -(2**70),
        2**63 + 1,
        1.5,
        "é",
        [1, (2, [3])],
        np.float32(1.5),
        np.int64(3),
        np.bool_(True),
        1 + 2j,
    ],
)
def test_values_come_back_as_they_went(box, modules, ask, value):
    """Type and value are kept across the pipe, both ways."""
    with box.open(modules(relu="def relu(z):\n    return z\n")) as guest:
        (outcome,) = ask(guest, "relu", (value,)).outcomes
    assert isinstance(outcome, Returned)
    assert outcome.value == value
    assert type(outcome.value) is type(value)


def test_arrays_come_back_as_they_went(box, modules, ask):
    """Shape, type and order of the numbers are kept; the copy may be written to."""
    given = np.arange(6, dtype=np.float32).reshape(2, 3)
    with box.open(modules(relu="def relu(z):\n    z[0, 0] = 9\n    return z.T\n")) as guest:
        (outcome,) = ask(guest, "relu", (given,)).outcomes
    assert isinstance(outcome, Returned)
    assert outcome.value.dtype == np.float32
    assert outcome.value.tolist() == [[9, 3], [1, 4], [2, 5]]
    assert outcome.changed
    assert given[0, 0] == 0


@pytest.mark.parametrize(
    ("body", "name"),
    [
        ("return (x for x in [1])", "generator"),
        ("return {1, 2}", "set"),
        ("return lambda: 0", "function"),
        ("return {1: 2}", "dict"),
        ("class Result: pass\nreturn Result()", "Result"),
        ("x = []\nx.append(x)\nreturn x", "list"),
        ("return 10**5000", "int"),
        ("import fractions\nreturn fractions.Fraction(1, 10**5000)", "Fraction"),
        ("import collections\nreturn collections.OrderedDict({1: 2})", "dict"),
        ("class Odd:\n    __hash__ = None\n    def __call__(self): pass\nreturn Odd()", "Odd"),
        ("def odd(): pass\nclass F:\n    __class__ = type(odd)\nreturn F()", "F"),
    ],
)
def test_what_is_no_plain_data_is_known_by_its_type(once, body, name):
    """Anything else crosses the pipe as the name of its type."""
    assert once(body) == Returned(Opaque(name))


def test_activations_are_functions_in_the_guest(box, modules, ask):
    """A named activation can be called there, and stays a name here."""
    source = "def relu(z, activation):\n    return [activation(z), activation]\n"
    with box.open(modules(relu=source)) as guest:
        (outcome,) = ask(guest, "relu", (-2.0, named("absolute"))).outcomes
    assert outcome == Returned([2.0, named("absolute")])


@pytest.mark.parametrize(
    "body",
    [
        *("z.append(1)", "z[0] = 7", "z.clear()", "z.sort(reverse=True)", "z.append(1)\n1 / 0"),
        "z.append(z)",
    ],
)
def test_changed_arguments_are_seen(box, modules, ask, body):
    """Also where the call raises."""
    lines = body.replace("\n", "\n    ")
    with box.open(modules(relu=f"def relu(z):\n    {lines}\n    return 1\n")) as guest:
        assert ask(guest, "relu", ([1, 2],)).outcomes[0].changed is True


def test_arguments_left_alone_are_seen(box, modules, ask):
    """A function that only looks has changed nothing."""
    with box.open(modules(relu="import numpy as np\ndef relu(z):\n    return z * 2\n")) as guest:
        assert not ask(guest, "relu", (np.ones(3),)).outcomes[0].changed


def test_changes_are_looked_for_only_where_asked(box, modules):
    """Looking takes time; a call that is not watched has changed nothing, as far as is known."""
    request = wire.encode_calls([(([1],), {}), (([1],), {})], watched=[False, True])
    with box.open(modules(relu="def relu(z):\n    z.append(2)\n")) as guest:
        outcomes = guest.run(Calls("relu", request, 2)).outcomes
    assert [outcome.changed for outcome in outcomes] == [False, True]


def test_an_exception_says_what_and_where(box, modules, ask):
    """Type, message, whether it is a ValueError, and the innermost line of the student's."""
    program = modules(
        utils="def check(z):\n    raise ValueError('bad ' * 200)\n",
        relu="import utils\ndef relu(z):\n    utils.check(z)\n",
    )
    with box.open(program) as guest:
        (outcome,) = ask(guest, "relu", (1,)).outcomes
    assert outcome == Raised("ValueError", ("bad " * 200)[:300], True, "utils", 2, False)


@pytest.mark.parametrize(
    ("body", "name"),
    [
        ("import sys\nsys.exit(0)", "SystemExit"),
        ("exit()", "SystemExit"),
        ("raise KeyboardInterrupt", "KeyboardInterrupt"),
        ("def f(): return f()\nf()", "RecursionError"),
        ("raise NotImplementedError('x')", "NotImplementedError"),
        ("return open('nothing')", "FileNotFoundError"),
        ("class E(Exception):\n    def __str__(self): raise E\nraise E", "E"),
        ("int('x')", "ValueError"),
        ("return bytes(11 << 20)", "ResultTooLarge"),
        ("return [0.5] * 200_000", "ResultTooLarge"),
        ("import numpy as np\nreturn np.zeros(2_000_000)", "ResultTooLarge"),
    ],
)
def test_whatever_a_call_raises_is_its_outcome(once, body, name):
    """Nothing that is raised ends more than the call."""
    outcome = once(body)
    assert isinstance(outcome, Raised)
    assert outcome.type == name


def test_addresses_in_messages_are_taken_out(once):
    """Messages do not differ from run to run."""
    outcome = once("raise TypeError(object())")
    assert isinstance(outcome, Raised)
    assert outcome.message == "<object object at 0x…>"


def test_deep_recursions_that_are_right_work(box, modules, ask):
    """A recursion over a thousand layers is a correct way to write a function."""
    source = "def relu(n):\n    return 0 if n == 0 else 1 + relu(n - 1)\n"
    with box.open(modules(relu=source)) as guest:
        assert ask(guest, "relu", (1500,)).outcomes == (Returned(1500),)


def test_recursion_without_limit_ends_only_the_guest(quick_box, modules, ask):
    """Even where the student lifts Python's limit."""
    source = "import sys\nsys.setrecursionlimit(10**9)\ndef relu(z):\n    return [relu(z)]\n"
    with quick_box.open(modules(relu=source)) as guest:
        assert ask(guest, "relu", (1,)).ending is not None


def test_closing_the_pipe_ends_the_guest(box, modules, ask):
    """A guest that can no longer answer has crashed."""
    with box.open(modules(relu="import os\ndef relu(z):\n    os.close(3)\n")) as guest:
        assert ask(guest, "relu", (1,)).ending == "crashed"


def test_printing_is_kept_up_to_its_limit(box, modules, ask):
    """The first 64 KiB of each test's output are kept."""
    source = "def relu(z):\n    for _ in range(z):\n        print('x' * 99)\n    return z\n"
    with box.open(modules(relu=source)) as guest:
        reply = ask(guest, "relu", (10_000,))
        assert reply.outcomes == (Returned(10_000),)
        assert len(reply.output) == 64 * 1024
        assert ask(guest, "relu", (1,)).output == "x" * 99 + "\n"


def test_questions_find_an_empty_line(once):
    """`input()` does not wait."""
    assert once("import sys\nreturn [input('name? '), sys.stdin.read()]") == Returned(["", ""])


def test_naps_are_shortened(box, modules, ask):
    """A short sleep in every call, as in an animation, does not use the time up."""
    source = "import time\ndef relu(z):\n    time.sleep(0.2)\n    return z\n"
    started = time.monotonic()
    with box.open(modules(relu=source)) as guest:
        assert len(ask(guest, "relu", *[(1,)] * 40).outcomes) == 40
    assert time.monotonic() - started < 40 * 0.2


def test_threads_work(once):
    """Threads of its own are allowed."""
    body = (
        "import threading\nfound = []\n"
        "threads = [threading.Thread(target=found.append, args=(n,)) for n in range(8)]\n"
        "for t in threads: t.start()\nfor t in threads: t.join()\nreturn sorted(found)"
    )
    assert once(body) == Returned(list(range(8)))


@pytest.mark.parametrize(
    ("body", "ending"),
    [
        ("while True: pass", "timeout"),
        ("import time\ntime.sleep(100)", "timeout"),
        ("import threading\nthreading.Event().wait()", "timeout"),
        ("import signal\nsignal.pause()", "timeout"),
        ("return 7 ** (7 ** 20)", "timeout"),
        ("import os\nos._exit(0)", "crashed"),
        ("import os\nos.abort()", "crashed"),
        ("import os, signal\nos.kill(os.getpid(), signal.SIGKILL)", "crashed"),
        ("import ctypes\nctypes.string_at(0)", "crashed"),
        ("import numpy as np\nreturn np.ones(10**10)", "memory"),
        ("x = [0]\nwhile True: x += x", "memory"),
        ("return 'x' * 10**12", "memory"),
        ("raise MemoryError", "memory"),
    ],
)
def test_endings_say_which_call_was_running(quick_box, modules, ask, body, ending):
    """A call that ends the test leaves no outcomes, but its number."""
    lines = body.replace("\n", "\n    ")
    source = f"def relu(z):\n    if z == 0: return 0\n    {lines}\n"
    with quick_box.open(modules(relu=source)) as guest:
        reply = ask(guest, "relu", (0,), (0,), (1,), (0,))
        assert (reply.ending, reply.in_flight, reply.outcomes) == (ending, 2, ())
        assert ask(guest, "relu", (0,)) == Reply(ending=ending)


def test_output_before_a_crash_is_kept(box, modules, ask):
    """What was printed lies outside the process that is gone."""
    source = "import os\ndef relu(z):\n    print('so far')\n    os._exit(1)\n"
    with box.open(modules(relu=source)) as guest:
        assert ask(guest, "relu", (1,)).output == "so far\n"


def test_cpu_time_of_threads_counts(modules, ask):
    """Threads cannot be used to compute for longer."""
    source = (
        "import threading, hashlib\n"
        "def burn():\n    while True: hashlib.pbkdf2_hmac('sha256', b'', b'', 100_000)\n"
        "def relu(z):\n    for _ in range(4): threading.Thread(target=burn).start()\n"
        "    threading.Event().wait()\n"
    )
    limits = Limits(test_cpu_s=0.5, test_wall_s=60)
    with Sandbox({"relu": "relu"}, limits=limits) as box, box.open(modules(relu=source)) as guest:
        started = time.monotonic()
        assert ask(guest, "relu", (1,)).ending == "timeout"
        assert time.monotonic() - started < 30


@pytest.mark.parametrize(
    "body",
    [
        "import threading\nn = 0\nwhile True:\n    threading.Thread(target=threading.Event().wait)"
        ".start()\n    n += 1\n    if n > 5000: return n",
        "n = 0\nwhile True:\n    open(str(n), 'wb').write(bytes(1 << 20))\n    n += 1\n",
        "while True: print('flood' * 1000)",
        "import os\nfiles = []\nwhile True: files.append(os.pipe())",
        "import os\nwhile True: os.write(1, b'x' * 65536)",
    ],
    ids=["threads", "disk", "output", "descriptors", "bytes"],
)
def test_floods_end_in_time(quick_box, modules, ask, body):
    """Bombs of any kind hit a limit, and the next guest does not notice."""
    lines = body.replace("\n", "\n    ")
    with quick_box.open(modules(relu=f"def relu(z):\n    {lines}\n")) as guest:
        reply = ask(guest, "relu", (1,))
        assert reply.ending is not None or isinstance(reply.outcomes[0], Raised)
    with quick_box.open(modules(relu="def relu(z):\n    return z\n")) as guest:
        assert ask(guest, "relu", (1,)).outcomes == (Returned(1),)


def test_a_deadline_ends_a_call(box, modules, ask):
    """A caller's deadline holds where it comes before the test's own limit."""
    program = modules(relu="def relu(z):\n    while True: pass\n")
    with box.open(program, deadline=time.monotonic() + 0.5) as guest:
        assert ask(guest, "relu", (1,)).ending == "timeout"


def test_calls_of_unknown_functions_are_not_made(box, modules, ask):
    """A function that is not there gives no outcome."""
    with box.open(modules(relu="x = 1")) as guest:
        assert guest.loaded.functions == frozenset()
        assert ask(guest, "relu", (1,)) == Reply(ending="crashed")


def test_state_is_kept_between_calls(box, modules, ask):
    """Calls of one guest meet the state that earlier ones left, so that it can be noticed."""
    source = "seen = []\ndef relu(z):\n    seen.append(z)\n    return len(seen)\n"
    with box.open(modules(relu=source)) as guest:
        ask(guest, "relu", (1,))
        assert ask(guest, "relu", (1,)).outcomes == (Returned(2),)


def test_nothing_is_left_behind(modules, ask):
    """No processes, threads or descriptors remain of guests that are closed."""
    descriptors = Path("/proc/self/fd")
    opened = {path.name for path in descriptors.iterdir()}
    with Sandbox({"relu": "relu"}) as box:
        for _ in range(60):
            with box.open(modules(relu="def relu(z):\n    return z\n")) as guest:
                ask(guest, "relu", (1,))
        kept = len(list(descriptors.iterdir()))
        for _ in range(60):
            box.open(modules(relu="def relu(z):\n    return z\n")).close()
        assert len(list(descriptors.iterdir())) == kept
    assert {path.name for path in descriptors.iterdir()} == opened
    assert threading.active_count() == 1


def test_large_requests_and_results_pass(box, modules, ask):
    """Arrays of a few megabytes cross the pipe whole."""
    given = np.arange(400_000.0)
    with box.open(modules(relu="def relu(z):\n    return z\n")) as guest:
        (outcome,) = ask(guest, "relu", (given,)).outcomes
    assert isinstance(outcome, Returned)
    assert np.array_equal(outcome.value, given)


def test_requests_are_plain_bytes():
    """The same calls always give the same request."""
    calls = [(([1.0], np.ones(2)), {"activation": named("tanh")})]
    assert wire.encode_calls(calls) == wire.encode_calls(calls)
