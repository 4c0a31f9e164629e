"""A student's process that something else kills: its code gets another one."""

from __future__ import annotations

import os
import signal
import threading
import time

import pytest
from conftest import references, submission

from grader.attempt import Attempt
from grader.cases import call, cases
from grader.sandbox import Program, Returned, Sandbox

SLOW = "import time\n\ndef relu(z):\n    time.sleep(0.3)\n    return z\n"


def _kill_soon(sandbox: Sandbox, seconds: float) -> None:
    """Kill the sandbox's only guest, as a machine that runs out of memory would."""

    def kill() -> None:
        time.sleep(seconds)
        (guest,) = sandbox._guests
        assert guest.handle.pid is not None
        os.kill(guest.handle.pid, signal.SIGKILL)

    threading.Thread(target=kill).start()


def test_a_call_is_made_again_once(sandbox: Sandbox) -> None:
    """A guest that was killed from outside in a call is no crash of the student's code."""
    if not hasattr(os, "pidfd_open"):
        pytest.skip("no descriptors of processes on this system")
    sources = {**references(), "relu": SLOW}
    attempt = Attempt(sandbox, submission(sources))
    given = cases(call(1.0), call(2.0))
    assert attempt.run("relu", given).outcomes == (Returned(1.0, False), Returned(2.0, False))
    _kill_soon(sandbox, 0.2)
    assert attempt.run("relu", given).outcomes == (Returned(1.0, False), Returned(2.0, False))
    _kill_soon(sandbox, 0.2)
    assert attempt.run("relu", given).ending == "crashed"
    attempt.close()


def test_a_module_is_loaded_again(sandbox: Sandbox) -> None:
    """A guest that was killed from outside while it loads takes no module's functions along."""
    if not hasattr(os, "pidfd_open"):
        pytest.skip("no descriptors of processes on this system")
    source = b"import time\ntime.sleep(0.5)\n\ndef relu(z):\n    return z\n"
    _kill_soon(sandbox, 0.3)
    with sandbox.open(Program("modules", (("relu", source),))) as guest:
        assert guest.loaded.problems == ()
        assert "relu" in guest.loaded.functions


def test_its_own_end_is_a_crash(sandbox: Sandbox) -> None:
    """Code that ends its process by itself is not called again."""
    source = "import os\n\ndef relu(z):\n    os._exit(9)\n"
    attempt = Attempt(sandbox, submission({**references(), "relu": source}))
    assert attempt.run("relu", cases(call(1.0))).ending == "crashed"
    assert not attempt._spared
    attempt.close()
