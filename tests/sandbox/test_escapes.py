"""Submissions that attack: none reads, writes, starts or signals anything outside its process."""

import os
import sys
from pathlib import Path

import numpy as np
import pytest

import grader
from grader.sandbox import Reply, Returned, Sandbox, wire

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="full isolation is Linux's")
ROOT = Path(grader.__file__).resolve().parent.parent


def test_isolation_is_full_here(box):
    """On this kernel nothing of full isolation is missing."""
    assert str(box.isolation) == "full"


@pytest.mark.parametrize(
    "path",
    [
        "/etc/passwd",
        "/etc/hostname",
        "/proc/self/environ",
        "/proc/self/maps",
        "/proc/self/mem",
        "/proc/1/cmdline",
        "/dev/mem",
        str(ROOT / "solutions" / "memory.py"),
        str(ROOT / "grader" / "suites" / "__init__.py"),
        str(ROOT / "grader" / "sandbox" / "wire.py"),
        str(Path(__file__)),
    ],
)
def test_files_of_others_cannot_be_read(denied, path):
    """Suites, solutions, the system's files and /proc are out of reach."""
    assert denied(f"return open({path!r}, 'rb').read(1)")


@pytest.mark.parametrize("folder", ["/", "/etc", "/tmp", "/proc", "/root", "/home", str(ROOT)])
def test_folders_cannot_be_listed(denied, folder):
    """Not even the names of files are to be seen."""
    assert denied(f"import os\nreturn os.listdir({folder!r})")


def test_site_packages_cannot_be_read(denied):
    """Of what is installed only numpy can be read."""
    path = Path(pytest.__file__)
    assert denied(f"return open({str(path)!r}).read(1)")


def test_paths_that_climb_out_of_numpy_are_denied(denied):
    """A path through numpy's folder leads nowhere else."""
    path = Path(np.__file__).parent / ".." / "msgpack" / "__init__.py"
    assert denied(f"return open({str(path)!r}).read(1)")


@pytest.mark.parametrize("folder", ["/tmp", "/", "/dev/shm", "/var/tmp", str(ROOT)])
def test_nothing_can_be_written_elsewhere(denied, folder):
    """Files can be made in the scratch folder only."""
    path = Path(folder) / "left-by-a-student"
    assert denied(f"open({str(path)!r}, 'w').close()")
    assert not path.exists()


def test_numpy_cannot_be_changed(denied):
    """What may be read may not be written."""
    assert denied(f"open({np.__file__!r}, 'a').close()")


@pytest.mark.parametrize("call", ["os.chmod(PATH, 0)", "os.utime(PATH)", "os.truncate(PATH, 0)"])
def test_modes_and_times_cannot_be_changed(denied, call, tmp_path):
    """Landlock does not govern chmod and utime: seccomp denies them."""
    victim = tmp_path / "victim"
    victim.write_text("x")
    victim.chmod(0o666)
    before = victim.stat()
    assert denied("import os\n" + call.replace("PATH", repr(str(victim))))
    assert victim.stat().st_mtime_ns == before.st_mtime_ns
    assert victim.stat().st_mode == before.st_mode


@pytest.mark.parametrize(
    "family",
    ["AF_INET, socket.SOCK_STREAM", "AF_INET, socket.SOCK_DGRAM", "AF_UNIX", "AF_NETLINK"],
)
def test_sockets_cannot_be_opened(denied, family):
    """No network, no sockets of the machine."""
    assert denied(f"import socket\nsocket.socket(socket.{family})")


@pytest.mark.parametrize(
    "body",
    [
        "import os\nos.execv('/bin/true', ['true'])",
        "import os\nos.fork()",
        "import os\nos.posix_spawn('/bin/true', ['true'], {})",
        "import subprocess\nsubprocess.run(['true'])",
        "import os\nif os.system('true') != 0: raise OSError",
        "import multiprocessing as m\np = m.get_context('fork').Process()\np.start()",
    ],
)
def test_no_process_can_be_started(denied, body):
    """Neither exec nor fork."""
    assert denied(body)


def test_the_grader_cannot_be_signalled(denied):
    """Signals reach only the process itself."""
    assert denied(f"import os\nos.kill({os.getpid()}, 9)")
    assert denied("import os\nos.kill(os.getppid(), 9)")
    assert denied("import os\nos.kill(-1, 9)")
    assert denied("import os\nos.kill(0, 9)")


_SYSCALL = """
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
if libc.syscall({}) < 0:
    raise OSError(ctypes.get_errno(), 'denied')
"""


@pytest.mark.skipif(os.uname().machine != "x86_64", reason="numbers of x86_64")
@pytest.mark.parametrize(
    "call",
    {
        "ptrace attach": "101, 16, os.getppid(), 0, 0",
        "process_vm_readv": "310, os.getppid(), 0, 0, 0, 0, 0",
        "mount": "165, 0, 0, 0, 0, 0",
        "unshare": "272, 0x10000000",
        "io_uring_setup": "425, 1, 0",
        "bpf": "321, 0, 0, 0",
        "keyctl": "250, 0, 0",
        "add_key": "248, 0, 0, 0, 0, 0",
        "memfd_create": "319, b'x', 0",
        "personality": "135, 0xffffffff",
        "userfaultfd": "323, 0",
        "perf_event_open": "298, 0, 0, 0, 0, 0",
        "clone with a new process": "56, 17, 0, 0, 0, 0",
        "clone of a thread in a new namespace": "56, 0x10010900, 0, 0, 0, 0",
        "clone3": "435, 0, 0",
        "vfork": "58",
        "setuid": "105, 0",
        "prctl": "157, 38, 0, 0, 0, 0",
        "pidfd_open": "434, 1, 0",
        "pidfd_getfd": "438, 3, 3, 0",
        "open_by_handle_at": "304, 0, 0, 0",
        "tkill": "200, 1, 9",
        "rt_sigqueueinfo": "129, 1, 9, 0",
        "fcntl F_SETOWN": "72, 0, 8, 1",
        "ioctl TIOCSTI": "16, 0, 0x5412, 0",
        "prlimit that sets": "302, 0, 7, ctypes.byref(ctypes.create_string_buffer(16)), 0",
        "x32": "0x40000000 + 57",
        "a call that no kernel has": "9999",
    }.items(),
    ids=lambda item: item[0].replace(" ", "-"),
)
def test_calls_of_the_kernel_are_denied(denied, call):
    """What has no use in computing is denied by number."""
    assert denied(_SYSCALL.format(call[1]))


def test_the_environment_is_empty(once):
    """No variable of the grader's environment is there, but those that numpy needs."""
    outcome = once("import os\nreturn sorted(os.environ)")
    assert isinstance(outcome, Returned)
    assert set(outcome.value) <= {
        *("LC_ALL", "PYTHONHASHSEED", "OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"),
        *("MALLOC_ARENA_MAX", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS", "LD_LIBRARY_PATH"),
    }


def test_it_is_nobody(once):
    """The process is not root, whoever started the grader."""
    outcome = once("import os\nreturn [os.getuid(), os.geteuid(), os.getgid(), os.getegid()]")
    assert isinstance(outcome, Returned)
    assert 0 not in outcome.value


def test_only_the_pipe_is_open(once):
    """Besides the three standard descriptors, which lead to /dev/null, only the pipe is left."""
    outcome = once(
        "import os\nopened = []\nfor n in range(64):\n"
        "    try:\n        os.fstat(n)\n        opened.append(n)\n    except OSError: pass\n"
        "return opened"
    )
    assert outcome == Returned([0, 1, 2, 3])


def test_suites_and_solutions_cannot_be_imported(once):
    """Nothing of the grader is on the path, nor among what is loaded."""
    outcome = once(
        "import sys\nreturn [n for n in sys.modules if n.split('.')[0] in "
        "{'grader', 'solutions', 'nnv', 'quiz', 'pytest', 'msgpack'}]"
    )
    assert outcome == Returned([])


def test_no_text_of_a_solution_is_in_memory(once):
    """Not a trace of suites and solutions among all strings that Python has."""
    outcome = once(
        "import gc, sys\n"
        "frozen = [v for m in list(sys.modules.values()) for v in vars(m).values()]\n"
        "texts = [o for o in gc.get_objects() + frozen if isinstance(o, str)]\n"
        "return any('solutions' in t and 'misconception' in t for t in texts)"
    )
    assert outcome == Returned(False)


@pytest.mark.parametrize(
    "forged",
    [
        "b''",
        "b'\\xff' * 100",
        "b'\\x00\\x00\\x00\\x00' * 10",
        "b'\\xff\\xff\\xff\\x7f' + b'x' * 99",
    ],
)
def test_forged_replies_end_the_guest(box, modules, ask, forged):
    """Bytes on the pipe that are no reply count as a crash, never as a result."""
    body = f"import os\ndef relu(z):\n    os.write(3, {forged} or bytes(8))\n    return 1.0\n"
    with box.open(modules(relu=body)) as guest:
        assert ask(guest, "relu", (1,)).ending == "crashed"
        assert ask(guest, "relu", (1,)) == Reply(ending="crashed")


def test_a_forged_reply_is_worth_what_it_says(box, modules, ask):
    """A reply forged in full is a result like any other: it has to be right to earn points."""
    reply = wire.encode([[1, False, []], [0, False, 5.0]])
    frame = len(reply).to_bytes(4, "little") + reply
    body = f"import os\ndef relu(z):\n    os.write(3, {frame!r})\n    os._exit(0)\n"
    with box.open(modules(relu=body)) as guest:
        assert ask(guest, "relu", (1,)).outcomes == (Returned(5.0),)


def test_replies_to_later_requests_do_not_stick(box, modules, ask):
    """A reply that was sent ahead, with a number of its own, ends the guest."""
    reply = wire.encode([[77, False, []], [0, False, 5.0]])
    frame = len(reply).to_bytes(4, "little") + reply
    body = f"import os\nos.write(3, {frame!r})\ndef relu(z):\n    return 1.0\n"
    with box.open(modules(relu=body)) as guest:
        assert ask(guest, "relu", (1,)).ending == "crashed"


def test_a_student_cannot_reach_another_submission(box, modules, ask):
    """What one leaves behind, in its scratch folder or its memory, is gone for the next."""
    leave = "import os, numpy\ndef relu(z):\n    numpy.left = 1\n    open('left', 'w').close()\n"
    look = "import os, numpy\ndef relu(z):\n    return [hasattr(numpy, 'left'), os.listdir('.')]\n"
    with box.open(modules(relu=leave)) as guest:
        ask(guest, "relu", (1,))
    with box.open(modules(relu=look)) as guest:
        outcome = ask(guest, "relu", (1,)).outcomes[0]
    assert isinstance(outcome, Returned)
    assert outcome.value[0] is False
    assert outcome.value[1] == []


def test_folders_that_forbid_everything_are_removed_too(box, modules, ask):
    """However deep they are nested, and whatever their modes say."""
    leave = (
        "import os\ndef relu(z):\n    try:\n        for n in range(40):\n"
        "            open('f', 'w').close()\n            os.mkdir('closed', 0)\n"
        "            os.mkdir('d' * 200)\n            os.mkdir('d' * 200 + '/e', 0)\n"
        "            os.chdir('d' * 200)\n"
        "    except OSError as error:\n        return repr(error)\n"
    )
    look = "import os\ndef relu(z):\n    return os.listdir('.')\n"
    with box.open(modules(relu=leave)) as guest:
        found = ask(guest, "relu", (1,)).outcomes[0]
        can_write = "mount" in box.isolation.namespaces
        assert (found == Returned(None)) == can_write
    with box.open(modules(relu=look)) as guest:
        assert not can_write or ask(guest, "relu", (1,)).outcomes == (Returned([]),)


def test_a_student_cannot_read_what_another_printed(box, modules, ask):
    """The page on which output is kept is empty for the next guest."""
    look = (
        "import sys\ndef relu(z):\n    frame = sys._getframe()\n"
        "    while 'page' not in frame.f_locals:\n        frame = frame.f_back\n"
        "    return frame.f_locals['page']._memory[64:]\n"
    )
    with box.open(modules(relu="def relu(z):\n    print('secret')\n")) as guest:
        assert ask(guest, "relu", (1,)).output == "secret\n"
    with box.open(modules(relu=look)) as guest:
        assert ask(guest, "relu", (1,)).outcomes == (Returned(bytes(64 * 1024)),)


def test_two_guests_at_once_share_no_folder(box, modules, ask):
    """Guests that live at the same time have scratch folders of their own."""
    leave = "def relu(z):\n    open('left', 'w').close()\n    return 1.0\n"
    look = "import os\ndef relu(z):\n    return os.listdir('.') + os.listdir('..')\n"
    with box.open(modules(relu=leave)) as first, box.open(modules(relu=look)) as second:
        ask(first, "relu", (1,))
        outcome = ask(second, "relu", (1,)).outcomes[0]
    assert not (isinstance(outcome, Returned) and "left" in outcome.value)


def test_the_scratch_folder_can_be_written(box, once):
    """Where there is one, files can be made, read and removed in the current folder."""
    if "mount" not in box.isolation.namespaces:
        pytest.skip("no mount namespace here, so nothing at all can be written")
    body = (
        "import os\nopen('a.txt', 'w').write('7')\nos.mkdir('d')\nos.rename('a.txt', 'd/b.txt')\n"
        "text = open('d/b.txt').read()\nos.remove('d/b.txt')\nos.rmdir('d')\nreturn text"
    )
    assert once(body) == Returned("7")


def test_stop_signals_do_not_hold_up_the_grader(quick_box, modules, ask):
    """A process that stops itself is killed when its time is up."""
    body = "import os, signal\ndef relu(z):\n    os.kill(os.getpid(), signal.SIGSTOP)\n"
    with quick_box.open(modules(relu=body)) as guest:
        assert ask(guest, "relu", (1,)).ending == "timeout"


def test_patched_numpy_and_builtins_spoil_only_their_own(box, modules, ask):
    """Whatever a submission puts in place of Python's parts, its results are still its own."""
    body = (
        "import builtins, sys, numpy as np, struct, os\n"
        "def relu(z):\n    return 2.0\n"
        "np.ndarray = np.asarray = np.allclose = None\n"
        "builtins.isinstance = builtins.len = builtins.type = lambda *a: 0\n"
        "builtins.map = builtins.sum = None\n"
        "os.write = struct.pack = None\n"
        "sys.modules.clear()\n"
    )
    with box.open(modules(relu=body)) as guest:
        reply = ask(guest, "relu", (1,))
    assert reply.outcomes in ((Returned(2.0),), ())


def test_results_that_lie_about_themselves_are_plain_data(once):
    """`__eq__`, `__class__` and subclasses of arrays and numbers do not cross the pipe."""
    body = (
        "import numpy as np\n"
        "class Yes(np.ndarray):\n    def __eq__(self, other): return True\n"
        "class Number(float):\n    def __eq__(self, other): return True\n"
        "class Fake:\n    __class__ = np.ndarray\n"
        "return [np.zeros(2).view(Yes), Number(3.0), Fake()]"
    )
    outcome = once(body)
    assert isinstance(outcome, Returned)
    array, number, fake = outcome.value
    assert type(array) is np.ndarray
    assert type(number) is float
    assert fake == wire.Opaque("Fake")


def test_confinement_holds_in_threads(denied):
    """A thread of a submission is as confined as the rest of it."""
    assert denied(
        "import threading\nfailed = []\n"
        "def read():\n    try: open('/etc/passwd')\n    except OSError as e: failed.append(e)\n"
        "t = threading.Thread(target=read)\nt.start()\nt.join()\nraise failed[0]"
    )


def test_the_sandbox_survives_all_of_this(box, modules, ask):
    """After the attacks the same sandbox still grades."""
    assert isinstance(box, Sandbox)
    with box.open(modules(relu="def relu(z):\n    return z + 1\n")) as guest:
        assert ask(guest, "relu", (1,)).outcomes == (Returned(2),)
