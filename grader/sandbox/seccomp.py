"""seccomp: which calls of the kernel a process may make, as a BPF program put together by hand.

An allow-list: what Python and numpy need to compute, to use threads of their own and files that
Landlock lets them have. All else fails with EPERM: no exec, no new process, no sockets, no ptrace,
no signals to others, no mounts, no keys, no io_uring. `clone` is allowed for threads only;
`clone3`, whose flags a filter cannot see, gives ENOSYS, and C libraries fall back to `clone`.

Changing owners, modes or times of files is not allowed either: Landlock does not govern those.

The program is a binary search over ranges of call numbers, so that the kernel, which runs it once
for every number when it is installed, is soon done.
"""

from __future__ import annotations

import ctypes
import errno
import struct
from collections.abc import Iterable

from grader.sandbox.syscalls import MACHINE, checked, libc, numbers

# name: (x86_64, aarch64)
_ALLOWED: dict[str, tuple[int | None, int | None]] = {
    # files
    "read": (0, 63), "write": (1, 64), "readv": (19, 65), "writev": (20, 66),
    "pread64": (17, 67), "pwrite64": (18, 68), "close": (3, 57), "lseek": (8, 62),
    "open": (2, None), "openat": (257, 56), "stat": (4, None), "fstat": (5, 80),
    "lstat": (6, None), "newfstatat": (262, 79), "statx": (332, 291), "access": (21, None),
    "faccessat": (269, 48), "faccessat2": (439, 439), "readlink": (89, None),
    "readlinkat": (267, 78), "getdents": (78, None), "getdents64": (217, 61),
    "getcwd": (79, 17), "chdir": (80, 49), "fchdir": (81, 50), "mkdir": (83, None),
    "mkdirat": (258, 34), "rmdir": (84, None), "unlink": (87, None), "unlinkat": (263, 35),
    "rename": (82, None), "renameat": (264, 38), "renameat2": (316, 276),
    "ftruncate": (77, 46), "fsync": (74, 82), "fdatasync": (75, 83), "fadvise64": (221, 223),
    "dup": (32, 23), "dup2": (33, None), "dup3": (292, 24),
    "pipe": (22, None), "pipe2": (293, 59), "close_range": (436, 436),
    "copy_file_range": (326, 285), "sendfile": (40, 71), "umask": (95, 166),
    # waiting
    "poll": (7, None), "ppoll": (271, 73), "select": (23, None), "pselect6": (270, 72),
    "epoll_create1": (291, 20), "epoll_ctl": (233, 21), "epoll_wait": (232, None),
    "epoll_pwait": (281, 22), "eventfd2": (290, 19), "pause": (34, None),
    "nanosleep": (35, 101), "clock_nanosleep": (230, 115),
    # memory
    "mmap": (9, 222), "munmap": (11, 215), "mprotect": (10, 226), "mremap": (25, 216),
    "madvise": (28, 233), "brk": (12, 214), "msync": (26, 227), "mincore": (27, 232),
    # threads of its own
    "set_robust_list": (273, 99), "get_robust_list": (274, 100),
    "rseq": (334, 293), "set_tid_address": (218, 96), "sched_yield": (24, 124),
    "sched_getaffinity": (204, 123), "membarrier": (324, 283), "exit": (60, 93),
    "exit_group": (231, 94),
    # who and when
    "gettid": (186, 178), "getpid": (39, 172), "getppid": (110, 173), "getpgrp": (111, None),
    "getpgid": (121, 155), "getsid": (124, 156), "getuid": (102, 174), "geteuid": (107, 175),
    "getgid": (104, 176), "getegid": (108, 177), "getgroups": (115, 158),
    "getresuid": (118, 148), "getresgid": (120, 150), "uname": (63, 160), "sysinfo": (99, 179),
    "getcpu": (309, 168), "getpriority": (140, 141), "getrandom": (318, 278),
    "clock_gettime": (228, 113), "clock_getres": (229, 114), "gettimeofday": (96, 169),
    "time": (201, None), "times": (100, 153), "getrusage": (98, 165), "getrlimit": (97, 163),
    # signals to itself
    "rt_sigaction": (13, 134), "rt_sigprocmask": (14, 135), "rt_sigreturn": (15, 139),
    "rt_sigpending": (127, 136), "rt_sigtimedwait": (128, 137), "rt_sigsuspend": (130, 133),
    "sigaltstack": (131, 132), "setitimer": (38, 103), "getitimer": (36, 102),
    "alarm": (37, None), "restart_syscall": (219, 128),
}  # fmt: skip

# Allowed for some arguments only: see `_judge`.
_JUDGED: dict[str, tuple[int | None, int | None]] = {
    "clone": (56, 220), "clone3": (435, 435), "kill": (62, 129), "tgkill": (234, 131),
    "prlimit64": (302, 261), "ioctl": (16, 29), "fcntl": (72, 25), "futex": (202, 98),
}  # fmt: skip

_AUDIT_ARCH = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7, "arm64": 0xC00000B7}.get(MACHINE)
_X32_BIT = 0x40000000
_NEWEST = 462  # calls beyond are unknown to us; ENOSYS sends a C library back to those it knows

_LOAD, _JUMP_EQUAL, _JUMP_AT_LEAST, _AND, _RETURN = 0x20, 0x15, 0x35, 0x54, 0x06
_ALLOW, _KILL, _ERRNO = 0x7FFF0000, 0x80000000, 0x00050000
_DENY = _ERRNO | errno.EPERM
_NO_SUCH_CALL = _ERRNO | errno.ENOSYS
_NUMBER, _ARCH = 0, 4
_THREAD_FLAGS = 0x00010000 | 0x00000800 | 0x00000100  # CLONE_THREAD, CLONE_SIGHAND, CLONE_VM
_FOREIGN_FLAGS = 0x7E020000 | 0x00002000 | 0x00004000  # new namespaces, CLONE_PTRACE, CLONE_VFORK
_TERMINAL_QUERIES = (0x5401, 0x5413, 0x541B, 0x5421, 0x5450, 0x5451)
# Not F_SETOWN, which would signal others, nor locks, by which two guests could talk.
_DESCRIPTOR_COMMANDS = (0, 1, 2, 3, 4, 1030)
_FUTEX_PRIVATE, _FUTEX_COMMAND = 0x80, 0x7F
_FUTEX_WAITS = (0, 9)  # how a thread waits for another's end; the kernel itself wakes it
_OWN_PID = 0x7FFFFFFF  # stands for the pid until the program is installed

Instruction = tuple[int, int, int, int]


def available() -> bool:
    """Whether this kernel takes filters, on a machine that we know."""
    if _AUDIT_ARCH is None:
        return False
    get_seccomp, set_seccomp, filter_mode = 21, 22, 2
    if libc().prctl(get_seccomp, 0, 0, 0, 0) < 0:
        return False
    libc().prctl(set_seccomp, filter_mode, None, 0, 0)  # EFAULT where filters are known
    return ctypes.get_errno() == errno.EFAULT


def _argument(index: int, high: bool = False) -> int:
    return 16 + 8 * index + (4 if high else 0)


def _return(action: int) -> Instruction:
    return (_RETURN, 0, 0, action)


def _one_of(index: int, values: Iterable[int]) -> list[Instruction]:
    """Allow where the argument is one of the values."""
    values = list(values)
    program: list[Instruction] = [(_LOAD, 0, 0, _argument(index))]
    for position, value in enumerate(values):
        program.append((_JUMP_EQUAL, len(values) - position, 0, value))
    return [*program, _return(_DENY), _return(_ALLOW)]


def _judge(name: str) -> list[Instruction]:
    """The part of the program for a call whose arguments decide."""
    if name == "clone":
        return [
            (_LOAD, 0, 0, _argument(0)),
            (_AND, 0, 0, _THREAD_FLAGS | _FOREIGN_FLAGS),
            (_JUMP_EQUAL, 1, 0, _THREAD_FLAGS),
            _return(_DENY),
            _return(_ALLOW),
        ]
    if name == "clone3":
        return [_return(_NO_SUCH_CALL)]
    if name == "ioctl":
        return _one_of(1, _TERMINAL_QUERIES)
    if name == "fcntl":
        return _one_of(1, _DESCRIPTOR_COMMANDS)
    if name == "futex":  # by waking waiters at a page of a file, two guests could talk
        return [
            (_LOAD, 0, 0, _argument(1)),
            (_AND, 0, 0, _FUTEX_PRIVATE),
            (_JUMP_EQUAL, 4, 0, _FUTEX_PRIVATE),
            (_LOAD, 0, 0, _argument(1)),
            (_AND, 0, 0, _FUTEX_COMMAND),
            (_JUMP_EQUAL, 1, 0, _FUTEX_WAITS[0]),
            (_JUMP_EQUAL, 0, 1, _FUTEX_WAITS[1]),
            _return(_ALLOW),
            _return(_DENY),
        ]
    if name == "prlimit64":  # to ask about itself, never to set
        return [
            (_LOAD, 0, 0, _argument(2)),
            (_JUMP_EQUAL, 0, 5, 0),
            (_LOAD, 0, 0, _argument(2, high=True)),
            (_JUMP_EQUAL, 0, 3, 0),
            (_LOAD, 0, 0, _argument(0)),
            (_JUMP_EQUAL, 2, 0, 0),
            (_JUMP_EQUAL, 1, 0, _OWN_PID),
            _return(_DENY),
            _return(_ALLOW),
        ]
    return _one_of(0, (_OWN_PID,))  # kill and tgkill


def _search(leaves: list[tuple[int, list[Instruction]]]) -> list[Instruction]:
    """A binary search: leaves are sorted, each holds from its number up to the next one's."""
    if len(leaves) == 1:
        return leaves[0][1]
    middle = len(leaves) // 2
    below, above = _search(leaves[:middle]), _search(leaves[middle:])
    if len(below) > 255:
        raise AssertionError("a jump of a filter reaches 255 instructions at most")
    return [(_JUMP_AT_LEAST, len(below), 0, leaves[middle][0]), *below, *above]


def assemble() -> list[Instruction]:
    """Put the program together for this machine."""
    deny, allow = [_return(_DENY)], [_return(_ALLOW)]
    starts: dict[int, list[Instruction]] = {0: deny}
    decided = dict.fromkeys(numbers(_ALLOWED).values(), allow)
    decided |= {number: _judge(name) for name, number in numbers(_JUDGED).items()}
    for number in sorted(decided):
        starts[number] = decided[number]
        starts.setdefault(number + 1, deny)
    starts[_NEWEST + 1] = [_return(_NO_SUCH_CALL)]
    starts[_X32_BIT] = deny
    leaves: list[tuple[int, list[Instruction]]] = []
    for number in sorted(starts):
        if not leaves or leaves[-1][1] != starts[number]:
            leaves.append((number, starts[number]))
    return [
        (_LOAD, 0, 0, _ARCH),
        (_JUMP_EQUAL, 1, 0, _AUDIT_ARCH or 0),
        _return(_KILL),
        (_LOAD, 0, 0, _NUMBER),
        *_search(leaves),
    ]


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_void_p))


class Filter:
    """The program as bytes, made once and installed by each child."""

    def __init__(self) -> None:
        program = assemble()
        code = b"".join(struct.pack("=HBBI", *instruction) for instruction in program)
        self._memory = ctypes.create_string_buffer(code, len(code))
        self._pid_places = [
            8 * place + 4 for place, line in enumerate(program) if line[3] == _OWN_PID
        ]
        self._program = _Program(len(program), ctypes.addressof(self._memory))

    def install(self, pid: int) -> None:
        """Install it on the calling process, for good. Needs `no_new_privs`.

        Args:
            pid: the only process that it may send signals to: itself.

        Raises:
            OSError: the kernel refuses.
        """
        for place in self._pid_places:
            struct.pack_into("=I", self._memory, place, pid)
        set_seccomp, filter_mode = 22, 2
        checked(libc().prctl(set_seccomp, filter_mode, ctypes.byref(self._program), 0, 0))
