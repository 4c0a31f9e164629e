"""Namespaces: a network, processes and a disk that hold nothing of anyone else.

They come on top of Landlock and seccomp, where the machine lets us. The new disk is an empty one in
memory into which the standard library and numpy are mounted under their own paths, read-only; so it
also lets an unprivileged process read a Python that lives under root's home.
"""

from __future__ import annotations

import ctypes
import os
from collections.abc import Collection, Sequence
from pathlib import Path

from grader.sandbox.syscalls import NUMBERS, checked, die_with_parent, libc

FLAGS = {
    "mount": 0x00020000,
    "net": 0x40000000,
    "ipc": 0x08000000,
    "uts": 0x04000000,
    "pid": 0x20000000,
}
_NEW_USER = 0x10000000
_RDONLY, _NOSUID, _NODEV, _NOEXEC = 1, 2, 4, 8
_REMOUNT, _BIND, _REC, _PRIVATE, _DETACH = 32, 4096, 16384, 1 << 18, 2
_LOCKABLE = (
    {os.ST_NOSUID: _NOSUID, os.ST_NODEV: _NODEV, os.ST_NOEXEC: _NOEXEC}
    if hasattr(os, "ST_NODEV")
    else {}
)
NOBODY = 65534
SCRATCH = Path("/scratch")


def enter(wanted: Collection[str]) -> tuple[str, ...]:
    """Move into new namespaces, each where the kernel lets us.

    Args:
        wanted: of ``user``, ``mount``, ``net``, ``ipc``, ``uts``, ``pid``. A process that is not
            root needs ``user`` for any of the others; root does not need it.

    Returns:
        Those that were entered. ``pid`` holds for the processes that are forked from now on.
    """
    entered = []
    if os.geteuid() != 0:
        if "user" not in wanted or not _enter_user():
            return ()
        entered.append("user")
    for name, flag in FLAGS.items():
        if name in wanted and libc().unshare(flag) == 0:
            entered.append(name)
    return tuple(entered)


def _enter_user() -> bool:
    uid, gid = os.getuid(), os.getgid()
    if libc().unshare(_NEW_USER) != 0:
        return False
    try:
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(f"{NOBODY} {uid} 1")
        Path("/proc/self/gid_map").write_text(f"{NOBODY} {gid} 1")
    except OSError:
        return False
    return True


def fork_into_pid_namespace() -> None:
    """Go on in a child, the first process of the new namespace; this one waits for it."""
    child = os.fork()
    if child == 0:
        die_with_parent()
        return
    os.closerange(3, 128)
    status = os.waitpid(child, 0)[1]
    os._exit(os.waitstatus_to_exitcode(status) & 0xFF)


def change_root(
    shown: Sequence[Path], hidden: Sequence[Path], scratch_bytes: int, owner: int
) -> None:
    """Make an empty disk the root, with some folders of the old one mounted into it.

    Args:
        shown: folders that are there under the same paths, read-only.
        hidden: folders within those that are empty there; a folder of `shown` may lie in one.
        scratch_bytes: size of the writable folder `SCRATCH`.
        owner: whom the writable folder belongs to.

    Raises:
        OSError: the kernel refuses; nothing has changed for the caller's view of the disk.
    """
    _mount(None, "/", None, _REC | _PRIVATE)
    opened = [(path, os.open(path, os.O_PATH | os.O_CLOEXEC)) for path in shown]
    null = os.open("/dev/null", os.O_PATH | os.O_CLOEXEC)
    new = Path("/tmp")  # any folder will do: it is covered in this namespace only
    _mount("tmpfs", str(new), "tmpfs", _NOSUID | _NODEV, "size=1m,mode=755")
    try:
        for path, descriptor in opened:
            _show(
                descriptor,
                _within(new, path),
                [_within(new, h) for h in hidden if path in h.parents],
            )
        _within(new, Path("/dev")).mkdir()
        target = _within(new, Path("/dev/null"))
        target.touch()
        _mount(f"/proc/self/fd/{null}", str(target), None, _BIND)
        _make_scratch(_within(new, SCRATCH), scratch_bytes, owner)
        os.chdir(new)
        checked(libc().syscall(NUMBERS["pivot_root"], b".", b"."))
    except OSError:
        libc().umount2(str(new).encode(), _DETACH)
        raise
    checked(libc().umount2(b".", _DETACH))
    os.chdir("/")
    _mount(None, "/", None, _REMOUNT | _BIND | _RDONLY | _NOSUID | _NODEV)
    for descriptor in (null, *(descriptor for _, descriptor in opened)):
        os.close(descriptor)


def _within(root: Path, path: Path) -> Path:
    return root / path.relative_to("/")


def _show(descriptor: int, target: Path, hidden: Sequence[Path]) -> None:
    target.mkdir(parents=True, exist_ok=True)
    kept = os.fstatvfs(descriptor).f_flag
    locked = sum(flag for name, flag in _LOCKABLE.items() if kept & name)
    _mount(f"/proc/self/fd/{descriptor}", str(target), None, _BIND | _REC)
    for folder in hidden:
        _mount("tmpfs", str(folder), "tmpfs", _NOSUID | _NODEV, "size=64k,mode=755")
    _mount(None, str(target), None, _REMOUNT | _BIND | _RDONLY | _NOSUID | locked)


def _make_scratch(target: Path, size: int, owner: int) -> None:
    target.mkdir()
    options = f"size={size},nr_inodes=1024,mode=755"
    _mount("tmpfs", str(target), "tmpfs", _NOSUID | _NODEV | _NOEXEC, options)
    os.chown(target, owner, owner)


def _mount(
    source: str | None, target: str, kind: str | None, flags: int, options: str | None = None
) -> None:
    def text(value: str | None) -> bytes | None:
        return None if value is None else os.fsencode(value)

    checked(
        libc().mount(text(source), text(target), text(kind), ctypes.c_ulong(flags), text(options))
    )
