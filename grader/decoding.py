"""Python sources as Python itself reads them, whatever editor wrote them."""

import codecs
import re

# As PEP 263 has it: in the first or second line, after nothing but blanks.
_DECLARED = re.compile(rb"\A(?:[ \t\f]*(?:#[^\r\n]*)?(?:\r\n|\r|\n))?[ \t\f]*#.*?coding[:=]")
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def as_python(data: bytes) -> tuple[bytes, str | None]:
    """Recode a source that Python would refuse for its encoding alone.

    UTF-16, which some Windows editors save, and cp1252 without a declaration become UTF-8. All else
    is given back as it is: byte order marks, line ends of any kind and declared encodings are no
    trouble to Python, and NUL bytes are for it to report.

    Returns:
        The source, and what was done to it, if anything: `"was saved as UTF-16"`.
    """
    if data.isascii() and b"\0" not in data:
        return data, None
    if data.startswith(_UTF16):
        return _recode(data, "utf-16", "was saved as UTF-16")
    if data.count(b"\0") * 3 >= len(data):
        little = data[1::2].count(b"\0") >= data[::2].count(b"\0")
        return _recode(data, "utf-16-le" if little else "utf-16-be", "was saved as UTF-16")
    try:
        data.decode()
    except UnicodeDecodeError:
        if not _DECLARED.match(data) and b"\0" not in data:
            return _recode(data, "cp1252", "is not UTF-8 and was read as Windows-1252")
    return data, None


def _recode(data: bytes, encoding: str, done: str) -> tuple[bytes, str | None]:
    try:
        return data.decode(encoding).encode(), done
    except UnicodeError:
        return data, None
