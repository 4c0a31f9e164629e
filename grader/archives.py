"""The files of a zip, read in memory: nothing is ever unpacked to a disk."""

import io
import stat
import zipfile

from grader.names import shown
from grader.reading import (
    MAX_DEPTH,
    MAX_FILES,
    MIB,
    Unreadable,
    amount,
    is_hidden,
    too_deep,
    too_large,
    too_many_files,
)
from grader.trees import Parts, path_text

# zipfile reads the whole directory of an archive before it says how many members there are.
_MAX_DIRECTORY_BYTES = 1 * MIB
_MAX_MEMBERS = 5000
_MAX_UNPACKED_BYTES = 200 * MIB
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_IS_ENCRYPTED = 0x1
_AGAIN = "pack it again with your system's own zip program"


class ZipTree:
    """The files of a zip archive.

    Args:
        data: the archive.
        where: its name, for messages.

    Raises:
        Unreadable: it is no zip, is damaged, would fill the disk, has too many members, or has
            one that would land outside the folder it is unpacked into.
    """

    def __init__(self, data: bytes, where: str) -> None:
        self._where = shown(where)
        self._notes: list[str] = []
        self._archive = self._open(data)
        members = self._archive.infolist()
        if len(members) > _MAX_MEMBERS:
            raise too_many_files(self._where)
        unpacked = sum(member.file_size for member in members)
        if unpacked > _MAX_UNPACKED_BYTES:
            raise too_large(f"{self._where}, unpacked", unpacked, _MAX_UNPACKED_BYTES)
        self._members = self._index(members)
        self.files: tuple[Parts, ...] = tuple(sorted(self._members))

    @property
    def notes(self) -> tuple[str, ...]:
        """What was passed over, in sentences."""
        return tuple(sorted(self._notes))

    def load(self, parts: Parts, limit: int) -> bytes:
        """Read one member whole, see `Tree.load`; its checksum must be right."""
        where = f"{path_text(parts)} in {self._where}"
        member = self._members[parts]
        self._check(member, limit, where)
        try:
            with self._archive.open(member) as opened:
                data = opened.read(limit + 1)
        except Exception as error:  # zipfile raises a dozen types on damaged members
            raise Unreadable(f"{where}: is damaged ({_short(error)}); {_AGAIN}.") from None
        if len(data) != member.file_size:
            raise Unreadable(
                f"{where}: holds {amount(len(data))}, but the zip says "
                f"{amount(member.file_size)}; {_AGAIN}."
            )
        return data

    def modified(self, parts: Parts) -> float:
        """When a member was last changed, as far as its zip says; good for ordering only."""
        year, month, day, hour, minute, second = self._members[parts].date_time
        return ((((year * 12 + month) * 31 + day) * 24 + hour) * 60 + minute) * 60.0 + second

    def _open(self, data: bytes) -> zipfile.ZipFile:
        file = _Archive(data)
        try:
            archive = zipfile.ZipFile(file)
        except Unreadable:
            raise too_many_files(self._where) from None
        except Exception as error:  # as above: BadZipFile, struct.error, OverflowError, …
            found = "is empty" if not data else f"is no zip or damaged ({_short(error)})"
            raise Unreadable(f"{self._where}: {found}; {_AGAIN}.") from None
        file.is_open = True
        return archive

    def _index(self, members: list[zipfile.ZipInfo]) -> dict[Parts, zipfile.ZipInfo]:
        index: dict[Parts, zipfile.ZipInfo] = {}
        for member in members:
            parts = self._parts(member.filename)
            if not parts or member.is_dir() or any(map(is_hidden, parts)):
                continue
            if not self._is_ordinary(member):
                self._notes.append(
                    f"{path_text(parts)} in {self._where}: is a link or device and was not opened."
                )
                continue
            if parts in index:
                raise Unreadable(f"{path_text(parts)} in {self._where}: is there twice; {_AGAIN}.")
            if len(parts) > MAX_DEPTH + 1:
                raise too_deep(f"{path_text(parts)} in {self._where}")
            index[parts] = member
            if len(index) > MAX_FILES:
                raise too_many_files(self._where)
        return index

    def _parts(self, name: str) -> Parts:
        """Split a member's name at slashes of either kind: Windows programs write both."""
        pieces = name.replace("\\", "/").split("/")
        is_absolute = not pieces[0] or pieces[0][1:2] == ":"
        if (is_absolute and len(pieces) > 1) or ".." in pieces:
            raise Unreadable(f"{shown(name)} in {self._where}: leads out of the archive; {_AGAIN}.")
        return tuple(piece for piece in pieces if piece not in ("", "."))

    @staticmethod
    def _is_ordinary(member: zipfile.ZipInfo) -> bool:
        kind = stat.S_IFMT(member.external_attr >> 16)
        return kind in (0, stat.S_IFREG)

    @staticmethod
    def _check(member: zipfile.ZipInfo, limit: int, where: str) -> None:
        if member.flag_bits & _IS_ENCRYPTED:
            raise Unreadable(f"{where}: is encrypted; pack it without a password.")
        if member.compress_type not in _METHODS:
            raise Unreadable(
                f"{where}: is packed by method {member.compress_type}, which is none of an "
                f"ordinary zip; {_AGAIN}."
            )
        if member.file_size > limit:
            raise too_large(where, member.file_size, limit)


class _Archive(io.BytesIO):
    """Bytes that, until opened, are not handed out in larger pieces than an honest directory."""

    is_open = False

    def read(self, size: int | None = -1) -> bytes:
        data = super().read(size)
        if not self.is_open and len(data) > _MAX_DIRECTORY_BYTES:
            raise Unreadable("too large a directory")
        return data


def _short(error: Exception) -> str:
    text = shown(str(error)).partition("\n")[0]
    return text[:100] or type(error).__name__
