"""The fork server: faults of the sandbox are told apart from a student's, and nothing is left."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from measured_sandbox import sandboxes

from grader.sandbox import Returned, Sandbox, SandboxError, fork_server
from grader.sandbox.model import Isolation

RELU = "def relu(z):\n    return z\n"


def _processes_of(box):
    """Every process beneath the sandbox's servers."""
    found = {server._process.pid for server in box._servers.values()}
    while True:
        more = {
            int(path.name)
            for path in Path("/proc").glob("[0-9]*")
            if _parent(path) in found and int(path.name) not in found
        }
        if not more:
            return found
        found |= more


def _parent(path):
    try:
        return int((path / "stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return None


def _state(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return None


def _gone_soon(pids):
    until = time.monotonic() + 20
    while time.monotonic() < until:
        if all(_state(pid) in {None, "Z"} for pid in pids):
            return True
        time.sleep(0.02)
    return False


@pytest.fixture(params=sandboxes())
def own_box(request):
    """A sandbox of the test's own, to be broken."""
    with request.param({"relu": "relu"}) as sandbox:
        yield sandbox


def _kill(box):
    for server in box._servers.values():
        os.kill(server._process.pid, signal.SIGKILL)
        server._process.wait()
    time.sleep(0.1)


def test_a_dead_server_is_the_sandboxs_fault_and_is_replaced(own_box, modules, ask):
    """The submission in hand gets a `SandboxError`, the next one a new server."""
    _kill(own_box)
    with pytest.raises(SandboxError):
        own_box.open(modules(relu=RELU))
    with own_box.open(modules(relu=RELU)) as guest:
        assert ask(guest, "relu", (1,)).outcomes == (Returned(1),)


def test_guests_of_a_dead_server_die_with_it(own_box, modules):
    """No guest outlives its server."""
    guest = own_box.open(modules(relu=RELU))
    before = _processes_of(own_box)
    _kill(own_box)
    assert _gone_soon(before)
    with pytest.raises(SandboxError):
        guest.close()


def test_the_death_of_a_server_is_told_once(own_box, modules):
    """Further guests of it are closed without ado."""
    first, second = (own_box.open(modules(relu=RELU)) for _ in range(2))
    _kill(own_box)
    with pytest.raises(SandboxError):
        first.close()
    second.close()


def test_closing_ends_every_process(modules):
    """Guests that are still open are ended with the sandbox."""
    with Sandbox({"relu": "relu"}) as box:
        box.open(modules(relu=RELU))
        box.open(modules(relu="import time\nimport random\n" + RELU))
        before = _processes_of(box)
        assert len(before) >= 4
    assert _gone_soon(before)


def test_guests_are_buried_when_they_are_closed(own_box, modules):
    """No dead process waits to be asked how it ended."""
    for source in (RELU, "import os\nos._exit(1)\n", "raise SystemExit"):
        own_box.open(modules(relu=source)).close()
    assert all(_state(pid) != "Z" for pid in _processes_of(own_box))


def test_the_death_of_the_grader_ends_everything(tmp_path):
    """A grader that is killed leaves no process, not even of a guest that computes."""
    script = (
        "import time\nfrom grader.sandbox import Calls, Program, Sandbox, wire\n"
        "box = Sandbox({'relu': 'relu'})\n"
        "guest = box.open(Program('modules', (('relu', b'def relu(z):\\n  while True: pass'),)))\n"
        "print(next(iter(box._servers.values()))._process.pid, flush=True)\n"
        "guest.run(Calls('relu', wire.encode_calls([((1,), {})]), 1))\n"
    )
    root = Path(__file__).resolve().parents[2]
    grader = subprocess.Popen(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, text=True, cwd=root
    )
    assert grader.stdout is not None
    server = int(grader.stdout.readline())
    time.sleep(0.2)
    beneath = {server} | {int(p.name) for p in Path("/proc").glob("[0-9]*") if _parent(p) == server}
    beneath |= {int(p.name) for p in Path("/proc").glob("[0-9]*") if _parent(p) in beneath}
    assert len(beneath) >= 2
    grader.kill()
    grader.wait()
    grader.stdout.close()
    assert _gone_soon(beneath)


@pytest.mark.parametrize(
    ("without", "missing"),
    [
        (("landlock",), "no Landlock"),
        (("seccomp",), "no seccomp"),
        (("landlock", "seccomp", "namespaces"), "no Landlock"),
    ],
)
@pytest.mark.parametrize("kind", sandboxes())
def test_what_is_missing_is_said_and_the_rest_works(modules, ask, kind, without, missing):
    """With fewer parts the same submissions are graded, and the isolation is called weak."""
    with kind({"relu": "relu"}, without=without) as box:
        assert box.isolation.level == "weak"
        assert missing in str(box.isolation)
        with box.open(modules(relu=RELU)) as guest:
            assert ask(guest, "relu", (1,)).outcomes == (Returned(1),)


@pytest.mark.parametrize("kind", sandboxes())
def test_isolation_is_full_without_namespaces(modules, ask, kind):
    """Landlock and seccomp are enough; nothing at all can be written then."""
    with kind({"relu": "relu"}, without=("namespaces",)) as box:
        assert str(box.isolation) == "full"
        source = (
            "def relu(z):\n    try:\n        open('a', 'w')\n    except OSError:\n"
            "        return 'denied'\n"
        )
        with box.open(modules(relu=source)) as guest:
            assert ask(guest, "relu", (1,)).outcomes == (Returned("denied"),)


def test_weak_isolation_names_what_lacks():
    """The text goes into the results as it is."""
    assert str(Isolation("weak", ("no Landlock", "no seccomp"))) == "weak: no Landlock, no seccomp"


def test_a_server_that_does_not_start_is_a_fault_of_the_sandbox(monkeypatch):
    """The error says what the server said last."""
    monkeypatch.setattr(fork_server, "_BOOT", "raise SystemExit('no Python today')")
    with pytest.raises(SandboxError, match="no Python today"):
        Sandbox({"relu": "relu"})


@pytest.mark.parametrize("kind", sandboxes())
def test_guests_end_where_there_are_no_descriptors_of_processes(monkeypatch, modules, ask, kind):
    """As on macOS: they are killed by number instead, those too that have ended before."""
    old = "import os\nif hasattr(os, 'pidfd_open'):\n    del os.pidfd_open\n"
    monkeypatch.setattr(fork_server, "_BOOT", old + fork_server._BOOT)
    with kind({"relu": "relu"}) as box:
        before = _processes_of(box)
        with box.open(modules(relu=RELU)) as guest:
            assert guest.handle.descriptor is None
            assert ask(guest, "relu", (1,)).outcomes == (Returned(1),)
            beneath = _processes_of(box) - before
        assert len(beneath) == 1
        assert _gone_soon(beneath)
        with box.open(modules(relu="import os\ndef relu(z):\n    os._exit(0)\n")) as guest:
            assert ask(guest, "relu", (1,)).ending == "crashed"


def test_functions_are_those_of_the_manifest():
    """Without a list of functions the manifest's are taken."""
    from nnv.manifest import manifest

    with Sandbox() as box:
        assert tuple(box._functions) == manifest().names


def test_many_guests_can_be_open_at_once(own_box, modules, ask):
    """More guests than there are scratch folders: each still answers."""
    guests = [own_box.open(modules(relu=f"def relu(z):\n    return {n}\n")) for n in range(10)]
    assert [ask(guest, "relu", (1,)).outcomes for guest in guests] == [
        (Returned(n),) for n in range(10)
    ]
