"""The files of a hand-in as they lie on the disk, listed and read without following anything.

Only regular files are read. Links are never followed, pipes and devices never opened for real:
each open says `O_NOFOLLOW | O_NONBLOCK`, and what was opened is looked at again before it is read.
"""

import errno
import os
import stat
from collections.abc import Iterator, Mapping
from itertools import islice
from types import TracebackType
from typing import Protocol, Self

from grader.names import shown
from grader.reading import (
    MAX_DEPTH,
    MAX_ENTRIES,
    MAX_FILES,
    Unreadable,
    is_hidden,
    too_deep,
    too_large,
    too_many_files,
)

Parts = tuple[str, ...]
"""Where a file lies in a hand-in: `("exercises", "relu.py")`."""

_OPEN = os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK
_OPEN_FOLDER = _OPEN | os.O_DIRECTORY
_REASONS = {
    errno.EACCES: "cannot be opened: permission denied.",
    errno.EPERM: "cannot be opened: permission denied.",
    errno.ENOENT: "vanished while it was read; grade it again.",
    errno.ENOTDIR: "changed while it was read; grade it again.",
    errno.ELOOP: "is a link; hand in the file itself.",
    errno.ENXIO: "is not a file; hand in ordinary files and folders.",
    errno.ENAMETOOLONG: "has too long a name.",
}


class Tree(Protocol):
    """Files that can be listed and read, wherever they lie."""

    @property
    def files(self) -> tuple[Parts, ...]:
        """All files, sorted."""

    @property
    def notes(self) -> tuple[str, ...]:
        """What was passed over, in sentences."""

    def load(self, parts: Parts, limit: int) -> bytes:
        """Read one file whole.

        Raises:
            Unreadable: it is larger than `limit` bytes, no regular file, or cannot be read.
        """

    def modified(self, parts: Parts) -> float:
        """When a file was last changed; good for ordering only."""


def path_text(parts: Parts) -> str:
    """Write where a file lies, fit to be shown."""
    return shown("/".join(parts))


def unreadable(where: str, error: OSError) -> Unreadable:
    """Say in plain words why the system refused to open or read something."""
    reason = _REASONS.get(error.errno or 0)
    return Unreadable(f"{where}: {reason or f'cannot be read: {error.strerror}.'}")


def read_regular(path: str, limit: int, where: str, dir_fd: int | None = None) -> bytes:
    """Read a regular file of at most `limit` bytes.

    Raises:
        Unreadable: it is a link, a pipe, a folder or a device, too large, may not be opened, or
            was changed while it was read.
    """
    try:
        fd = os.open(path, _OPEN, dir_fd=dir_fd)
    except OSError as error:
        raise unreadable(where, error) from None
    try:
        return _read_opened(fd, limit, where)
    except OSError as error:
        raise unreadable(where, error) from None
    finally:
        os.close(fd)


def _read_opened(fd: int, limit: int, where: str) -> bytes:
    before = os.fstat(fd)
    if not stat.S_ISREG(before.st_mode):
        raise Unreadable(f"{where}: is not a file; hand in ordinary files and folders.")
    if before.st_size > limit:
        raise too_large(where, before.st_size, limit)
    chunks = []
    left = before.st_size + 1
    while left > 0 and (chunk := os.read(fd, left)):
        chunks.append(chunk)
        left -= len(chunk)
    after = os.fstat(fd)
    unchanged = (before.st_size, before.st_mtime_ns) == (after.st_size, after.st_mtime_ns)
    if left != 1 or not unchanged:
        raise Unreadable(f"{where}: changed while it was read; grade it again.")
    return b"".join(chunks)


class FolderTree:
    """A folder and what lies in it. Holds one descriptor until it is closed."""

    def __init__(self, path: str) -> None:
        self._name = shown(os.path.basename(path))  # noqa: PTH119 - pathlib is too slow here
        try:
            self._root = os.open(path, _OPEN_FOLDER)
        except OSError as error:
            raise unreadable(self._name, error) from None
        self._notes: list[str] = []
        self._n_seen = 0
        self._n_files = 0
        try:
            self.files = tuple(sorted(self._walk(self._root, ())))
        except OSError as error:  # where a file system does not say what its entries are
            self.close()
            raise unreadable(self._name, error) from None
        except BaseException:
            self.close()
            raise

    @property
    def notes(self) -> tuple[str, ...]:
        """What was passed over, in sentences."""
        return tuple(sorted(self._notes))

    def close(self) -> None:
        """Give the descriptor back."""
        os.close(self._root)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def load(self, parts: Parts, limit: int) -> bytes:
        """Read one file whole, see `Tree.load`."""
        folders = self._descend(parts)
        try:
            return read_regular(parts[-1], limit, path_text(parts), dir_fd=folders[-1])
        finally:
            _close_all(folders[1:])

    def modified(self, parts: Parts) -> float:
        """When a file was last changed, in seconds since 1970; 0 where nobody can tell."""
        folders = self._descend(parts)
        try:
            return os.stat(parts[-1], dir_fd=folders[-1], follow_symlinks=False).st_mtime
        except OSError:
            return 0.0
        finally:
            _close_all(folders[1:])

    def _descend(self, parts: Parts) -> list[int]:
        """Open the folders on the way to a file, one by one, so that none can be a link."""
        opened = [self._root]
        try:
            for name in parts[:-1]:
                opened.append(os.open(name, _OPEN_FOLDER, dir_fd=opened[-1]))
        except OSError as error:
            _close_all(opened[1:])
            raise unreadable(path_text(parts), error) from None
        return opened

    def _walk(self, folder: int, above: Parts) -> Iterator[Parts]:
        for entry in self._entries(folder, above):
            parts = (*above, entry.name)
            if entry.is_dir(follow_symlinks=False):
                if not _is_environment(entry.name, folder):
                    yield from self._walk_below(folder, parts)
                continue
            self._n_files += 1
            if self._n_files > MAX_FILES:
                raise too_many_files(self._name)
            if entry.is_symlink():
                self._notes.append(f"{path_text(parts)}: is a link and was not followed.")
            elif entry.is_file(follow_symlinks=False):
                yield parts
            else:
                self._notes.append(f"{path_text(parts)}: is not a file and was not opened.")

    def _walk_below(self, folder: int, parts: Parts) -> Iterator[Parts]:
        if len(parts) > MAX_DEPTH:
            raise too_deep(path_text(parts))
        try:
            below = os.open(parts[-1], _OPEN_FOLDER, dir_fd=folder)
        except OSError as error:
            raise unreadable(path_text(parts), error) from None
        try:
            yield from self._walk(below, parts)
        finally:
            os.close(below)

    def _entries(self, folder: int, above: Parts) -> Iterator[os.DirEntry[str]]:
        """List what is not hidden, and look at no more than anybody hands in."""
        try:
            with os.scandir(folder) as entries:
                for entry in entries:
                    self._n_seen += 1
                    if self._n_seen > MAX_ENTRIES:
                        raise too_many_files(self._name)
                    if not is_hidden(entry.name):
                        yield entry
        except OSError as error:
            raise unreadable(path_text(above) or self._name, error) from None


class LooseTree:
    """Single files that belong together, such as one student's in a bulk download.

    Args:
        paths: the name that the student gave a file → its path.
    """

    def __init__(self, paths: Mapping[str, str]) -> None:
        self._paths: dict[Parts, str] = {(name,): path for name, path in paths.items()}
        self.files: tuple[Parts, ...] = tuple(sorted(self._paths))
        self.notes: tuple[str, ...] = ()

    def load(self, parts: Parts, limit: int) -> bytes:
        """Read one file whole, see `Tree.load`."""
        return read_regular(self._paths[parts], limit, path_text(parts))

    def modified(self, parts: Parts) -> float:
        """When a file was last changed, in seconds since 1970; 0 where nobody can tell."""
        try:
            return os.lstat(self._paths[parts]).st_mtime
        except OSError:
            return 0.0


def newest_change(path: str) -> float | None:
    """Say when the newest file of a folder (or a file itself) was changed last.

    A folder's own time tells only when something was added, and unpacking sets it, so that it
    counts only where there are no files. Looks at no more than a hand-in may hold.

    Returns:
        seconds since 1970, or None where nobody can tell.
    """
    try:
        own = os.lstat(path)
    except OSError:
        return None
    if not stat.S_ISDIR(own.st_mode):
        return own.st_mtime
    seen = islice(_times(path, 0), MAX_ENTRIES)
    return max((time for time in seen if time is not None), default=own.st_mtime)


def _times(path: str, depth: int) -> Iterator[float | None]:
    """Yield the times of files, and None for each folder, so that these can be counted too."""
    try:
        with os.scandir(path) as entries:
            for entry in entries:
                if is_hidden(entry.name) or entry.is_symlink():
                    continue
                if entry.is_file(follow_symlinks=False):
                    yield entry.stat(follow_symlinks=False).st_mtime
                elif depth < MAX_DEPTH and entry.is_dir(follow_symlinks=False):
                    yield None
                    yield from _times(entry.path, depth + 1)
    except OSError:
        return


def _is_environment(name: str, folder: int) -> bool:
    """Whether a folder is a virtual environment, whatever its name: not the student's own work."""
    try:
        os.stat(f"{name}/pyvenv.cfg", dir_fd=folder, follow_symlinks=False)
    except OSError:
        return False
    return True


def _close_all(descriptors: list[int]) -> None:
    for descriptor in descriptors:
        os.close(descriptor)
