"""Confinement, in the order in which it happens: the server prepares, each child installs.

What a machine lacks is left out and named, so that `Sandbox.isolation` can say it. Nothing is taken
on trust: before the first submission the server confines a child and lets it try what must fail.
"""

from __future__ import annotations

import _socket
import os
import resource
import signal
import sys
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from grader.sandbox import landlock, namespaces, seccomp, syscalls

PIPE = 3  # a guest's descriptor of its pipe; those of `Confinement.kept` follow
_RESERVED = range(PIPE, PIPE + 12)
NOBODY = namespaces.NOBODY
PARTS = ("landlock", "seccomp", "namespaces")
SLOTS = 8  # guests of one sandbox that have a scratch folder of their own at the same time
_MAX_PROCESSES = 256
_USERS = 2_000_000_000  # above these are users of no one
_MAX_DESCRIPTORS = 64
_MAX_FILE = 8 << 20
_MAX_CPU_S = 120
_PATH_ONLY = getattr(os, "O_PATH", os.O_RDONLY)
_REASONS = {
    "landlock": "no Landlock (Linux 5.13 or later)",
    "seccomp": "no seccomp filters (Linux on x86_64 or aarch64)",
    "root": "no way to give up root",
}


@dataclass(frozen=True, slots=True)
class Places:
    """Where the only files lie that a student's code may read.

    Attributes:
        folders: the folders on Python's path, and numpy's.
        entries: what of them may be read, with all beneath.
        hidden: folders within `folders` that are no part of the standard library.
    """

    folders: tuple[Path, ...]
    entries: tuple[Path, ...]
    hidden: tuple[Path, ...]


def find_places(library: Sequence[str], numpy_folder: Path) -> Places:
    """List what may be read: the standard library's own entries, by name, and numpy.

    Args:
        library: the folders of the standard library.
        numpy_folder: the folder of the package numpy.
    """
    folders = [Path(path) for path in library if Path(path).is_dir()]
    entries: list[Path] = []
    hidden: list[Path] = []
    for folder in folders:
        for entry in sorted(folder.iterdir()):
            if entry in folders or _is_own(entry):
                entries.append(entry)
            elif entry.is_dir() and not entry.is_symlink():
                hidden.append(entry)
    beside = [p for p in (numpy_folder, numpy_folder.parent / "numpy.libs") if p.is_dir()]
    outer = [f for f in folders if not any(o in f.parents for o in folders)]
    return Places((*outer, *beside), (*entries, *beside), tuple(hidden))


def _is_own(entry: Path) -> bool:
    stem = entry.name.partition(".")[0]
    return (
        stem in sys.stdlib_module_names
        or stem.startswith("_sysconfigdata")
        or stem in {"__pycache__", "lib-dynload"}
    )


def reserve_descriptors() -> None:
    """Keep the low numbers free for what a guest is to have, before others are opened."""
    null = os.open("/dev/null", os.O_RDWR)
    for number in _RESERVED:
        os.dup2(null, number)
    if null not in _RESERVED:
        os.close(null)


class Confinement:
    """What the server has prepared and a child installs on itself.

    Attributes:
        missing: what full isolation lacks here, in plain words.
        namespaces: the namespaces that were entered.
        kept: descriptors that a child needs to find Python's files.
    """

    def __init__(self, without: Collection[str], memory_bytes: int) -> None:
        self._without = frozenset(without)
        self._memory_bytes = memory_bytes
        self._rulesets: list[int] = []
        self._filter: seccomp.Filter | None = None
        self._places = Places((), (), ())
        self._has_scratch = False
        self._use_landlock = False
        self._max_processes = _MAX_PROCESSES
        self._user = _own_user() if os.geteuid() == 0 else NOBODY
        self.missing: list[str] = []
        self.namespaces: tuple[str, ...] = ()
        self.kept: list[int] = []

    def prepare(self, places: Places, scratch_bytes: int) -> None:
        """Do once what can be done once. Forks where processes get a namespace of their own."""
        self._places = places
        if sys.platform == "linux":
            self._enter_namespaces(places, scratch_bytes)
        was_root = os.geteuid() == 0
        if was_root:
            self._give_up_root(places)
        if "pid" in self.namespaces:
            namespaces.fork_into_pid_namespace()
        if sys.platform != "linux":
            self.missing += [_REASONS["landlock"], _REASONS["seccomp"]]
            return
        if not was_root and "user" not in self.namespaces:  # the limit counts all of the user's
            self._max_processes += _threads_of_user()
        syscalls.set_no_new_privileges()
        if syscalls.NUMBERS:
            syscalls.drop_capabilities()
        self._use_landlock = "landlock" not in self._without and landlock.abi() > 0
        if self._use_landlock:
            self._ruleset(0)
        else:
            self.missing.append(_REASONS["landlock"])
        if "seccomp" not in self._without and seccomp.available():
            self._filter = seccomp.Filter()
        else:
            self.missing.append(_REASONS["seccomp"])

    def _enter_namespaces(self, places: Places, scratch_bytes: int) -> None:
        wanted = {"user", *namespaces.FLAGS} if "namespaces" not in self._without else set()
        self.namespaces = namespaces.enter(wanted)
        if "mount" not in self.namespaces:
            return
        try:
            namespaces.change_root(places.folders, places.hidden, scratch_bytes, self._user)
            self._has_scratch = True
        except OSError:
            self.namespaces = tuple(n for n in self.namespaces if n != "mount")

    def _give_up_root(self, places: Places) -> None:
        opened = [os.open(p, _PATH_ONLY | os.O_DIRECTORY) for p in places.folders]
        try:
            os.setgroups([])
            os.setresgid(self._user, self._user, self._user)
            os.setresuid(self._user, self._user, self._user)
        except OSError:
            self.missing.append(_REASONS["root"])
        for folder, descriptor in zip(places.folders, opened, strict=True):
            if not os.access(folder, os.R_OK | os.X_OK):
                kept = os.dup2(descriptor, PIPE + 1 + len(self.kept))
                self._places = _reach_by_descriptor(self._places, folder, kept)
                self.kept.append(kept)
            os.close(descriptor)

    def _ruleset(self, slot: int) -> int:
        """The rules for a slot, written down when it is first used."""
        while len(self._rulesets) <= slot:
            scratch = self.scratch(len(self._rulesets))
            if scratch is not None:
                scratch.mkdir(mode=0o700, exist_ok=True)
            self._rulesets.append(
                landlock.make_ruleset(
                    self._places.entries,
                    [] if scratch is None else [scratch],
                    [Path("/dev/null")],
                )
            )
        return self._rulesets[slot]

    def scratch(self, slot: int) -> Path | None:
        """The folder that a slot's guest may write to, if there is one."""
        return namespaces.SCRATCH / str(slot) if self._has_scratch else None

    def prepare_slot(self, slot: int) -> None:
        """Do, before the fork, what the slot's first guest needs."""
        if self._use_landlock:
            self._ruleset(slot)
        elif (scratch := self.scratch(slot)) is not None:
            scratch.mkdir(mode=0o700, exist_ok=True)

    def install(self, slot: int, keep: int, base_bytes: int) -> None:
        """Confine the calling process for good.

        Args:
            slot: whose scratch folder it gets.
            keep: the number of descriptors, from 0 on, that stay open.
            base_bytes: the address space that it takes already.

        Raises:
            OSError: the kernel refuses a part that was there before.
        """
        scratch = self.scratch(slot)
        os.chdir(scratch if scratch is not None else "/")
        linux = sys.platform == "linux"
        if linux:
            syscalls.die_with_parent()
        if self._use_landlock:
            landlock.restrict(self._rulesets[slot])
        os.closerange(keep, _highest_descriptor())
        _limit(self._max_processes, base_bytes + self._memory_bytes if linux else None)
        if self._filter is not None:
            self._filter.install(os.getpid())


def _highest_descriptor() -> int:
    return 1 << 20 if sys.platform == "linux" else resource.getrlimit(resource.RLIMIT_NOFILE)[0]


def _own_user() -> int:
    """A user that nobody else is, where root may be any: limits of a user's threads are shared."""
    own = _USERS + os.getpid()
    for kind in ("uid_map", "gid_map"):
        try:
            lines = Path(f"/proc/self/{kind}").read_text().splitlines()
        except OSError:
            return NOBODY
        ranges = [(int(first), int(count)) for first, _, count in map(str.split, lines)]
        if not any(first <= own < first + count for first, count in ranges):
            return NOBODY
    return own


def _threads_of_user() -> int:
    """How many threads the user has already."""
    count = 0
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if folder.stat().st_uid == os.getuid():
                count += len(os.listdir(folder / "task"))  # noqa: PTH208
        except OSError:  # it has ended
            continue
    return count


def _limit(processes: int, memory: int | None) -> None:
    limits = {
        resource.RLIMIT_CPU: _MAX_CPU_S,
        resource.RLIMIT_FSIZE: _MAX_FILE,
        resource.RLIMIT_NOFILE: _MAX_DESCRIPTORS,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_NPROC: processes,
    }
    if memory is not None:
        limits[resource.RLIMIT_AS] = memory
    for kind, most in limits.items():
        resource.setrlimit(kind, (most, most))


def _reach_by_descriptor(places: Places, folder: Path, descriptor: int) -> Places:
    """Have Python look for a folder's modules through a descriptor that root has opened.

    The way to the folder leads through one that only root may enter; `/proc/self/fd` does not.

    Returns:
        The places, as they are called from now on.
    """
    old, new = str(folder), f"/proc/self/fd/{descriptor}"

    def moved(path: str) -> str:
        return new + path[len(old) :] if path == old or path.startswith(old + "/") else path

    sys.path[:] = [moved(path) for path in sys.path]
    for module in list(sys.modules.values()):
        paths = getattr(module, "__path__", None)
        if isinstance(paths, list):
            paths[:] = [moved(path) for path in paths]
    return replace(places, entries=tuple(Path(moved(str(entry))) for entry in places.entries))


def escapes() -> list[str]:
    """Try, in a confined child, what must fail; name what did not."""
    trials = {
        "reading other files": lambda: os.scandir("/").close(),
        "reading the environment": lambda: Path("/proc/self/environ").read_bytes(),
        "making a file": lambda: os.close(os.open("/tmp/trial", os.O_CREAT | os.O_WRONLY)),
        "opening a socket": lambda: _socket.socket().close(),
        "starting a process": _fork,
        "running a program": lambda: os.execv("/bin/true", ["true"]),
        "signalling another process": lambda: os.kill(os.getppid(), signal.SIG_DFL),
        "being root": lambda: os.setuid(0),
    }
    return [name for name, trial in trials.items() if not _fails(trial)]


def _fork() -> None:
    if os.fork() == 0:
        os._exit(0)


def _fails(trial: object) -> bool:
    try:
        trial()  # type: ignore[operator]
    except OSError:
        return True
    return False
