"""Zips, honest and hostile: read in memory, never unpacked, refused in plain words."""

import io
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable

import pytest

from grader.archives import ZipTree
from grader.reading import MAX_MODULE_BYTES, MIB, Unreadable

RELU = b"def relu(z):\n    return max(z, 0)\n"


def packed(members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def read_all(data: bytes) -> list[bytes]:
    tree = ZipTree(data, "ada.zip")
    return [tree.load(parts, MAX_MODULE_BYTES) for parts in tree.files]


def refusal(data: bytes) -> str:
    """Open the archive and read all of it; say why that was refused."""
    with pytest.raises(Unreadable) as caught:
        read_all(data)
    return caught.value.reason


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_members_are_listed_and_read(method: int) -> None:
    """An ordinary zip gives its files; caches and what macOS adds are passed over."""
    members = {
        "exercises/relu.py": RELU,
        "exercises/": b"",
        "__MACOSX/exercises/._relu.py": b"x",
        ".DS_Store": b"x",
        "answers.yaml": b"a",
    }
    tree = ZipTree(packed(members, method), "ada.zip")
    assert tree.files == (("answers.yaml",), ("exercises", "relu.py"))
    assert tree.load(("exercises", "relu.py"), 100) == RELU


def test_either_slash_parts_folders() -> None:
    r"""Some Windows programs write `exercises\relu.py`."""
    assert ZipTree(packed({"exercises\\relu.py": RELU}), "ada.zip").files == (
        ("exercises", "relu.py"),
    )


@pytest.mark.parametrize(
    "name", ["../relu.py", "/etc/passwd", "a/../../b.py", "..\\relu.py", "C:\\relu.py", "C:/b.py"]
)
def test_a_name_that_leads_out_of_the_archive_is_refused(name: str) -> None:
    """Zip slip is refused before anything is read."""
    assert "leads out of the archive" in refusal(packed({name: RELU}))


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_name_that_is_there_twice_is_refused() -> None:
    """Which of two members of one name counts would depend on the program that unpacks."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("relu.py", RELU)
        archive.writestr("relu.py", b"other")
    assert refusal(buffer.getvalue()).startswith("relu.py in ada.zip: is there twice")


def test_a_link_in_a_zip_is_passed_over_with_a_note() -> None:
    """A member that would become a link is not opened."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        link = zipfile.ZipInfo("relu.py")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
        archive.writestr("dense.py", RELU)
    tree = ZipTree(buffer.getvalue(), "ada.zip")
    assert tree.files == (("dense.py",),)
    assert tree.notes == ("relu.py in ada.zip: is a link or device and was not opened.",)


def test_a_bomb_is_refused_by_what_it_claims() -> None:
    """A member of 300 MiB is refused before a byte of it is unpacked."""
    data = packed({"big.bin": bytes(300 * MIB)})
    assert len(data) < MIB
    assert refusal(data) == ("ada.zip, unpacked: holds 300 MiB; at most 200 MiB may be handed in.")


def test_a_module_that_is_too_large_is_refused_before_it_is_unpacked() -> None:
    """What a member says of its size is held against the limit first."""
    assert refusal(packed({"relu.py": bytes(50 * MIB)})) == (
        "relu.py in ada.zip: holds 50 MiB; at most 1 MiB may be handed in."
    )


def _resized(data: bytes, size: int) -> bytes:
    """Make both headers of a zip's only member claim another size."""
    central = data.rindex(b"PK\x01\x02")
    size_bytes = struct.pack("<I", size)
    data = data[: central + 24] + size_bytes + data[central + 28 :]
    return data[:22] + size_bytes + data[26:]


@pytest.mark.parametrize("claim", [0, 10, 100_000, 2**32 - 2])
def test_a_member_that_lies_about_its_size_is_refused(claim: int) -> None:
    """A bomb that claims to be small gives no more bytes than it claims, and is refused."""
    data = _resized(packed({"relu.py": bytes(50_000)}), claim)
    assert "ada.zip" in refusal(data)


def test_a_wrong_checksum_is_refused() -> None:
    """A member that was damaged on its way is not graded as if it were whole."""
    data = packed({"relu.py": RELU}, zipfile.ZIP_STORED)
    assert "is damaged (Bad CRC-32" in refusal(data.replace(b"max", b"min"))


def test_an_encrypted_member_is_refused() -> None:
    """A password is asked for neither now nor later."""
    data = bytearray(packed({"relu.py": RELU}))
    data[6] |= 1
    data[data.rindex(b"PK\x01\x02") + 8] |= 1
    assert refusal(bytes(data)) == ("relu.py in ada.zip: is encrypted; pack it without a password.")


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_method_that_is_not_of_ordinary_zips_is_refused(method: int) -> None:
    """Methods whose output zipfile does not bound are not used at all."""
    assert "is packed by method" in refusal(packed({"relu.py": RELU}, method))


def test_too_many_members_are_refused() -> None:
    """201 files are more than the exercises need."""
    assert "more than 200 files" in refusal(packed({f"f{n}.py": b"" for n in range(201)}))


def test_thousands_of_passed_over_members_are_refused_too() -> None:
    """Hidden members cost time as well."""
    assert "more than 200 files" in refusal(packed({f".git/{n}": b"" for n in range(5001)}))


def test_a_huge_directory_is_refused_unread() -> None:
    """An archive of nothing but names costs no memory to refuse."""
    members = {f"{n:0>200}": b"" for n in range(6000)}
    assert "more than 200 files" in refusal(packed(members))


def test_too_deep_folders_in_a_zip_are_refused() -> None:
    """The same depth as on the disk is allowed."""
    assert ZipTree(packed({"a/b/c/d/e/f/g/h/relu.py": RELU}), "ada.zip").files
    assert "deeper than 8" in refusal(packed({"a/b/c/d/e/f/g/h/i/relu.py": RELU}))


def _truncated(data: bytes) -> bytes:
    return data[: len(data) // 2]


def _without_directory(data: bytes) -> bytes:
    return data[: data.rindex(b"PK\x01\x02")]


def _far_directory(data: bytes) -> bytes:
    end = data.rindex(b"PK\x05\x06")
    return data[: end + 16] + b"\xff\xff\xff\x7f" + data[end + 20 :]


def _zip64(data: bytes) -> bytes:
    """Append a zip64 directory that claims 2^63 entries somewhere far away."""
    end = data.rindex(b"PK\x05\x06")
    big = 2**63 - 1
    record = struct.pack("<4sQHHIIQQQQ", b"PK\x06\x06", 44, 45, 45, 0, 0, big, big, big, big)
    locator = struct.pack("<4sIQI", b"PK\x06\x07", 0, end, 1)
    return data[:end] + record + locator + data[end:]


def _bad_header(data: bytes) -> bytes:
    return b"XX" + data[2:]


def _bad_stream(data: bytes) -> bytes:
    raw = zlib.compress(RELU)
    start = data.index(b"relu.py") + len(b"relu.py")
    return data[:start] + b"\xff" * min(10, len(raw)) + data[start + 10 :]


@pytest.mark.parametrize(
    "damage",
    [_truncated, _without_directory, _far_directory, _zip64, _bad_header, _bad_stream],
)
def test_damaged_archives_are_refused_in_plain_words(damage: Callable[[bytes], bytes]) -> None:
    """Whatever is broken, the student reads which file it is and what to do."""
    reason = refusal(damage(packed({"relu.py": RELU * 20})))
    assert "ada.zip" in reason
    assert "pack it again" in reason


@pytest.mark.parametrize("data", [b"", b"hello", b"Rar!\x1a\x07\x00", b"PK\x05\x06"])
def test_what_is_no_zip_is_refused(data: bytes) -> None:
    """An empty file or another archive under the name of a zip is named as such."""
    assert refusal(data).startswith("ada.zip: is ")


def test_a_member_without_a_name_is_passed_over() -> None:
    """An empty name, which fuzzing found zipfile to stumble on, is no file."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(zipfile.ZipInfo(""), b"x")
        archive.writestr("relu.py", RELU)
    assert ZipTree(buffer.getvalue(), "ada.zip").files == (("relu.py",),)


def test_a_message_shows_no_control_characters() -> None:
    """A member's name cannot colour the instructor's terminal."""
    assert "\x1b" not in refusal(packed({"../\x1b[31mrelu.py": RELU}))
