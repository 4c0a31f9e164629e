"""Landlock: which files a process may reach. Needs no privilege; Linux 5.13 or later."""

from __future__ import annotations

import ctypes
import os
from collections.abc import Iterable
from pathlib import Path

from grader.sandbox.syscalls import NUMBERS, checked, libc

_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR = 1 << 0, 1 << 1, 1 << 2, 1 << 3
_REMOVE_DIR, _REMOVE_FILE, _MAKE_DIR, _MAKE_REG = 1 << 4, 1 << 5, 1 << 7, 1 << 8
_MOVE, _TRUNCATE = 1 << 13, 1 << 14
_READ = _READ_FILE | _READ_DIR
_CHANGE = (
    *(_READ_FILE, _READ_DIR, _WRITE_FILE, _REMOVE_DIR, _REMOVE_FILE),
    *(_MAKE_DIR, _MAKE_REG, _MOVE, _TRUNCATE),
)
_OF_FILES = _EXECUTE | _WRITE_FILE | _READ_FILE | _TRUNCATE

# How many rights of files each version of the interface knows, and what else it can take away.
_RIGHTS_BY_ABI = {1: 13, 2: 14, 3: 15, 4: 15, 5: 16}
_NET_TCP = 0b11  # bind and connect, from version 4
_SCOPES = 0b11  # abstract sockets and signals, from version 6


class _Attributes(ctypes.Structure):
    _fields_ = (
        ("handled_access_fs", ctypes.c_uint64),
        ("handled_access_net", ctypes.c_uint64),
        ("scoped", ctypes.c_uint64),
    )


class _PathBeneath(ctypes.Structure):
    _pack_ = 1
    _layout_ = "ms"
    _fields_ = (("allowed_access", ctypes.c_uint64), ("parent_fd", ctypes.c_int32))


def abi() -> int:
    """The version of Landlock that this kernel has; 0 for none."""
    if "landlock_create_ruleset" not in NUMBERS:
        return 0
    found = int(libc().syscall(NUMBERS["landlock_create_ruleset"], None, 0, 1))
    return max(found, 0)


def make_ruleset(
    readable: Iterable[Path], changeable: Iterable[Path], writable_files: Iterable[Path]
) -> int:
    """Write down the rules once; a process installs them with `restrict`.

    Args:
        readable: files and folders that may be read, folders with all beneath them.
        changeable: folders in which files may be made, changed and removed.
        writable_files: files such as /dev/null that may be read and written.

    Returns:
        The descriptor of the ruleset. Everything that is not named is denied.

    Raises:
        OSError: the kernel does not take them.
    """
    version = abi()
    known = (1 << _RIGHTS_BY_ABI.get(version, 16)) - 1
    attributes = _Attributes(known, _NET_TCP if version >= 4 else 0, _SCOPES if version >= 6 else 0)
    size = 24 if version >= 6 else 16 if version >= 4 else 8
    ruleset = checked(
        libc().syscall(
            NUMBERS["landlock_create_ruleset"], ctypes.byref(attributes), ctypes.c_size_t(size), 0
        )
    )
    for paths, rights in (
        (readable, _READ),
        (changeable, sum(_CHANGE)),
        (writable_files, _READ_FILE | _WRITE_FILE),
    ):
        for path in paths:
            _allow(ruleset, path, rights & known)
    return ruleset


def _allow(ruleset: int, path: Path, rights: int) -> None:
    try:
        descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return  # what cannot be opened here is not allowed there either
    try:
        if not path.is_dir():
            rights &= _OF_FILES
        rule = _PathBeneath(rights, descriptor)
        checked(libc().syscall(NUMBERS["landlock_add_rule"], ruleset, 1, ctypes.byref(rule), 0))
    finally:
        os.close(descriptor)


def restrict(ruleset: int) -> None:
    """Install the rules on the calling process, for good. Needs `no_new_privs`.

    Raises:
        OSError: the kernel refuses.
    """
    checked(libc().syscall(NUMBERS["landlock_restrict_self"], ruleset, 0))
