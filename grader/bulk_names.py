r"""What Canvas and Moodle call the files of a bulk download.

Canvas (`lib/content_zipper.rb` in its sources), with the sortable name in lower case and without
punctuation:

    lovelaceada_12345_67890_relu.py
    lovelaceada_LATE_12345_67890_relu-1.py     user 12345, upload 67890, handed in again
    anon_Ab12C_67890_relu.py                   where grading is anonymous
    lovelaceada_12345_text.html                typed into Canvas, or `_link.html`

Moodle (`mod/assign/classes/downloader.php`), as folders or as single files:

    Ada Lovelace_1234567_assignsubmission_file_/relu.py
    Ada Lovelace_1234567_assignsubmission_file_relu.py
    Ada Lovelace_1234567_assignsubmission_onlinetext_onlinetext.html
"""

import re
from dataclasses import dataclass

from nnv.manifest import manifest

_CANVAS = re.compile(
    r"(?P<name>\w+?)_(?P<late>LATE_)?(?P<id>\d+)_(?P<upload>\d+)_(?P<file>.+)", re.S
)
_ANONYMOUS = re.compile(
    r"(?P<late>LATE_)?(?P<name>anon_(?P<id>[A-Za-z0-9]+))_(?P<upload>\d+)_(?P<file>.+)", re.S
)
_CANVAS_TYPED = re.compile(r"(?P<name>\w+?)_(?:LATE_)?(?P<id>\d+)_(?P<file>(?:text|link)\.html)")
_MOODLE = re.compile(
    r"(?P<name>.+?)(?:_(?P<id>\d+))?_assignsubmission_(?P<type>[a-z]+)(?:_(?P<file>.*))?", re.S
)
# Canvas' ids stay below 2^63; a longer number is none, and would cost time to convert.
_MAX_DIGITS = 19


@dataclass(frozen=True, slots=True)
class Named:
    """What the name of an entry says.

    Attributes:
        student: the student's name, as it stands there.
        file: what the student called it.
        lms_id: the student's number in Canvas, or the submission's in Moodle.
        upload: Canvas' number of the upload; a later one is greater. 0 where there is none.
        late: whether Canvas says so.
        is_typed: whether it is text or a link typed into a form, and no file.
        is_bulk: whether the name is of Canvas' or Moodle's making.
    """

    student: str
    file: str
    lms_id: str | None = None
    upload: int = 0
    late: bool = False
    is_typed: bool = False
    is_bulk: bool = False


def parse(entry: str, *, is_folder: bool) -> Named:
    """Take the name of an entry of a folder of submissions apart.

    Any name that is neither Canvas' nor Moodle's is the student's: whole for a folder, without its
    suffix for a file.
    """
    if found := _MOODLE.fullmatch(entry):
        # A folder has the files in it; its own name says nothing of them.
        file = found["file"] or entry
        is_typed = found["type"] != "file"
        return Named(found["name"], file, found["id"], is_typed=is_typed, is_bulk=True)
    if found := _CANVAS_TYPED.fullmatch(entry):
        return Named(found["name"], found["file"], found["id"], is_typed=True, is_bulk=True)
    found = _ANONYMOUS.fullmatch(entry) or _CANVAS.fullmatch(entry)
    if found and len(found["upload"]) <= _MAX_DIGITS:
        return Named(
            found["name"],
            found["file"],
            found["id"],
            upload=int(found["upload"]),
            late=bool(found["late"]),
            is_bulk=True,
        )
    return Named(entry if is_folder else _stem(entry), entry)


def _stem(name: str) -> str:
    stem, dot, suffix = name.rpartition(".")
    if not dot or " " in suffix:
        return name
    if suffix.lower() == "zip":  # `nnv submit` calls its zip lesson04-ada.zip
        stem = stem.removeprefix(f"{manifest().assignment}-") or stem
    return stem.removesuffix(".tar")
