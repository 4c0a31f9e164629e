"""The few calls of the kernel that Python does not offer, by number."""

from __future__ import annotations

import ctypes
import os
import platform
import sys
from functools import cache

MACHINE = platform.machine() if sys.platform == "linux" else ""

# name: (x86_64, aarch64); None where a machine lacks it.
TABLE: dict[str, tuple[int | None, int | None]] = {
    "prctl": (157, 167),
    "capset": (126, 91),
    "landlock_create_ruleset": (444, 444),
    "landlock_add_rule": (445, 445),
    "landlock_restrict_self": (446, 446),
    "pivot_root": (155, 41),
    "close_range": (436, 436),
}

_COLUMN = {"x86_64": 0, "aarch64": 1, "arm64": 1}.get(MACHINE)


def numbers(table: dict[str, tuple[int | None, int | None]]) -> dict[str, int]:
    """The numbers of a table's calls on this machine; empty where we do not know the machine."""
    if _COLUMN is None:
        return {}
    return {name: n for name, row in table.items() if (n := row[_COLUMN]) is not None}


NUMBERS = numbers(TABLE)


@cache
def libc() -> ctypes.CDLL:
    """The C library, with `errno` kept."""
    library = ctypes.CDLL(None, use_errno=True)
    library.syscall.restype = ctypes.c_long
    return library


def checked(result: int) -> int:
    """Give a call's result.

    Raises:
        OSError: it says that the call failed.
    """
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return int(result)


_PR_SET_PDEATHSIG, _PR_SET_NO_NEW_PRIVS = 1, 38


def set_no_new_privileges() -> None:
    """Let no exec ever give privileges; Landlock and seccomp need this of ordinary users."""
    checked(libc().prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))


def die_with_parent() -> None:
    """Have the kernel kill this process when the one that forked it ends."""
    checked(libc().prctl(_PR_SET_PDEATHSIG, 9, 0, 0, 0))


class _CapHeader(ctypes.Structure):
    _fields_ = (("version", ctypes.c_uint32), ("pid", ctypes.c_int))


def drop_capabilities() -> None:
    """Give up every capability, for good.

    Raises:
        OSError: the kernel refuses.
    """
    header = _CapHeader(0x20080522, 0)
    empty = (ctypes.c_uint32 * 6)()
    checked(libc().syscall(NUMBERS["capset"], ctypes.byref(header), ctypes.byref(empty)))
