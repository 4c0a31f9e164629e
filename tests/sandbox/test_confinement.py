"""The confinement's parts by themselves: who may install them, and what a filter lets through."""

from __future__ import annotations

import ctypes
import errno
import json
import os
import sys
from typing import Any

import pytest
from measured_sandbox import printed_by

from grader.sandbox import seccomp, syscalls

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the parts are Linux's")

BEGIN = """
import ctypes, json, os
from pathlib import Path
import numpy
from grader.sandbox import isolation, namespaces
without = {without!r}
library = [p for p in sys.path if Path(p, "os.py").exists() or p.endswith("lib-dynload")]
places = isolation.find_places(library, Path(numpy.__path__[0]))
"""
ORDINARY_USER = """
if os.geteuid() == 0:
    os.setgroups([])
    os.setresgid(65534, 65534, 65534)
    os.setresuid(65534, 65534, 65534)
    ctypes.CDLL(None).prctl(4, 1, 0, 0, 0)  # as a program that this user has started
"""
ONLY_ROOT = """
user, group = os.getuid(), os.getgid()
if ctypes.CDLL(None).unshare(0x10000000) != 0:
    print(json.dumps(None), flush=True)
    os._exit(0)
Path("/proc/self/setgroups").write_text("deny")
Path("/proc/self/uid_map").write_text(f"0 {user} 1")
Path("/proc/self/gid_map").write_text(f"0 {group} 1")
"""
CONFINE = """
confinement = isolation.Confinement(without, 1 << 30)
confinement.prepare(places, 1 << 20)
confinement.prepare_slot(0)
confinement.install(0, 3, 1 << 30)
print(json.dumps([confinement.missing, confinement.namespaces, isolation.escapes()]))
"""


def _confined(user: str, without: tuple[str, ...] = ()) -> Any:
    """What is missing, which namespaces were entered, and what a confined process still can."""
    begin = BEGIN.replace("{without!r}", repr(without))
    return json.loads(printed_by(begin + user + CONFINE))


def _confined(user: str, without: tuple[str, ...] = ()) -> Any:
    """What is missing, which namespaces were entered, and what a confined process still can."""
    begin = BEGIN.replace("{without!r}", repr(without))
    return json.loads(printed_by(begin + user + CONFINE))


@pytest.mark.parametrize("without", [(), ("namespaces",)], ids=["with-namespaces", "without"])
def test_an_ordinary_user_can_confine_a_process(without: tuple[str, ...]) -> None:
    """Landlock and seccomp need no root, nor do namespaces where the kernel lets users have them.

    Nothing of what must fail then succeeds.
    """
    missing, entered, escapes = _confined(ORDINARY_USER, without)
    assert (missing, escapes) == ([], [])
    assert "namespaces" not in without or entered == []


def test_a_container_without_other_users_is_told() -> None:
    """Where root cannot become anybody else, that is said; all other parts hold."""
    found = _confined(ONLY_ROOT)
    if found is None:
        pytest.skip("no namespaces of users here")
    missing, _, escapes = found
    assert (missing, escapes) == (["no way to give up root"], [])


def test_a_trial_that_succeeds_is_told() -> None:
    """What checks the confinement would see an unconfined process start another."""
    program = "from grader.sandbox import isolation\nprint(isolation._fails(isolation._fork))\n"
    assert printed_by(program) == "False\n"


class Kernel:
    """Runs a filter on a call, as the kernel does (Documentation/networking/filter.rst)."""

    def __init__(self, program: list[seccomp.Instruction]) -> None:
        self._program = program

    def judge(self, number: int, *arguments: int, machine: int | None = None) -> int:
        """What the filter returns for a call with these arguments."""
        arch = seccomp._AUDIT_ARCH if machine is None else machine
        assert arch is not None
        six = [*arguments, 0, 0, 0, 0, 0, 0][:6]
        data = b"".join(
            value.to_bytes(size, "little")
            for value, size in [(number, 4), (arch, 4), (0, 8), *((a, 8) for a in six)]
        )
        place = accumulator = 0
        while True:
            code, if_true, if_false, constant = self._program[place]
            place += 1
            if code == 0x20:  # load a word
                accumulator = int.from_bytes(data[constant : constant + 4], "little")
            elif code == 0x54:  # and
                accumulator &= constant
            elif code == 0x15:  # jump if equal
                place += if_true if accumulator == constant else if_false
            elif code == 0x35:  # jump if greater or equal
                place += if_true if accumulator >= constant else if_false
            else:
                assert code == 0x06, code  # return
                return constant


ALLOW, DENY = 0x7FFF0000, 0x50000 | errno.EPERM
NO_SUCH_CALL, KILL = 0x50000 | errno.ENOSYS, 0x80000000
OWN = seccomp._OWN_PID
THREAD = 0x3D0F00  # what a C library's pthread_create asks of clone
needs_machine = pytest.mark.skipif(
    not syscalls.numbers(seccomp._JUDGED), reason="calls are known for x86_64 and aarch64"
)


@pytest.fixture(scope="module")
def kernel() -> Kernel:
    """One that judges by our filter."""
    return Kernel(seccomp.assemble())


@needs_machine
def test_exactly_the_listed_calls_are_allowed(kernel: Kernel) -> None:
    """Of all calls that there are, no other gets through; unknown ones do not exist."""
    judged = set(syscalls.numbers(seccomp._JUDGED).values())
    allowed = set(syscalls.numbers(seccomp._ALLOWED).values())
    for number in set(range(seccomp._NEWEST + 1)) - judged:
        assert kernel.judge(number) == (ALLOW if number in allowed else DENY), number
    assert kernel.judge(seccomp._NEWEST + 1) == NO_SUCH_CALL
    assert kernel.judge(0x40000000) == DENY  # the numbers of x32
    assert kernel.judge(0xFFFFFFFF) == DENY


@needs_machine
def test_another_machines_calls_end_the_process(kernel: Kernel) -> None:
    """32-bit calls have other numbers: none is looked at."""
    assert kernel.judge(0, machine=0x40000003) == KILL


@needs_machine
@pytest.mark.parametrize(
    ("name", "arguments", "verdict"),
    [
        ("clone", (THREAD,), ALLOW),
        ("clone", (17,), DENY),  # fork
        ("clone", (0x4111,), DENY),  # vfork
        ("clone", (THREAD | 0x10000000,), DENY),  # with a namespace of users
        ("clone", (THREAD | 0x2000,), DENY),  # traced
        ("clone3", (0, 88), NO_SUCH_CALL),
        ("kill", (OWN, 9), ALLOW),
        ("kill", (1, 9), DENY),
        ("kill", (0xFFFFFFFF, 9), DENY),  # everyone
        ("tgkill", (OWN, 5, 9), ALLOW),
        ("tgkill", (1, 1, 9), DENY),
        ("prlimit64", (0, 7, 0, 1), ALLOW),
        ("prlimit64", (OWN, 7, 0, 1), ALLOW),
        ("prlimit64", (1, 7, 0, 1), DENY),  # another's
        ("prlimit64", (0, 7, 4096, 0), DENY),  # sets
        ("prlimit64", (0, 7, 1 << 32, 0), DENY),  # sets, by an address whose low half is 0
        ("ioctl", (1, 0x5401), ALLOW),  # is it a terminal?
        ("ioctl", (1, 0x5412), DENY),  # types into it
        ("fcntl", (0, 3), ALLOW),
        ("fcntl", (0, 8), DENY),  # whom to signal
        ("fcntl", (0, 6), DENY),  # locks
        ("futex", (0, 0x80), ALLOW),
        ("futex", (0, 0x81), ALLOW),  # wakes its own threads
        ("futex", (0, 0), ALLOW),
        ("futex", (0, 9), ALLOW),
        ("futex", (0, 1), DENY),  # wakes another process
    ],
)
def test_arguments_decide(
    kernel: Kernel, name: str, arguments: tuple[int, ...], verdict: int
) -> None:
    """Threads, signals to oneself and questions are let through; what reaches others is not."""
    assert kernel.judge(syscalls.numbers(seccomp._JUDGED)[name], *arguments) == verdict


def test_a_call_that_the_kernel_refuses_raises() -> None:
    """The error has the kernel's own reason."""
    ctypes.set_errno(errno.EACCES)
    with pytest.raises(PermissionError, match=os.strerror(errno.EACCES)):
        syscalls.checked(-1)
    assert syscalls.checked(3) == 3
