"""Names that strangers chose: how they are shown, and under which file name they are kept."""

import hashlib
import re
import unicodedata
from collections.abc import Iterable

# Zero-width joiners are invisible but belong to the spelling of Persian, Hindi and other names.
_KEPT = "\u200c\u200d"
_UNSAFE = re.compile(r'[/\\:*?"<>|\x00-\x1f\x7f]')
_RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?")
_MAX_BYTES = 180


def shown(name: str) -> str:
    r"""Make what cannot be seen in a name visible, and leave all other text as it is.

    Control characters, line breaks, marks that turn the direction of writing and bytes that are no
    text become escapes such as `\x1b` and `\u202e`.
    """
    if name.isprintable():
        return name
    return "".join(c if _is_visible(c) else _escape(c) for c in name)


def _is_visible(char: str) -> bool:
    return char.isprintable() or char in _KEPT or unicodedata.category(char) == "Zs"


def _escape(char: str) -> str:
    code = ord(char)
    if 0xDC80 <= code <= 0xDCFF:  # how Python keeps a byte of a file name that is not UTF-8
        code -= 0xDC00
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def safe_filename(name: str) -> str:
    """Give the file name, without suffix, under which something of one student is kept.

    It is the name itself where every file system takes that; otherwise what is left of it, with
    eight digits of its SHA-256. For a whole class use `safe_filenames`, which keeps names apart
    that a file system may take for the same.
    """
    text = unicodedata.normalize("NFC", _UNSAFE.sub("_", shown(name))).rstrip(". ").lstrip()
    text = text.encode()[:_MAX_BYTES].decode(errors="ignore")
    if text.startswith((".", "-", "~")) or _RESERVED.fullmatch(text) or not text:
        text = "_" + text
    return text if text == name else f"{text}-{_short_hash(name)}"


def safe_filenames(names: Iterable[str]) -> dict[str, str]:
    """Map each name to a file name of its own, also where upper and lower case are the same.

    Of names that differ only by case or by how their accents are encoded, the first in the order of
    their code points keeps the plain file name; the others get digits of their SHA-256.

    Returns:
        name → file name without suffix. No two are equal after case folding and normalisation.
    """
    taken: set[str] = set()
    chosen: dict[str, str] = {}
    for name in sorted(set(names)):
        candidate = safe_filename(name)
        attempt = 0
        while _folded(candidate) in taken:
            candidate = f"{safe_filename(name)}-{_short_hash(name, attempt)}"
            attempt += 1
        taken.add(_folded(candidate))
        chosen[name] = candidate
    return chosen


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())


def _short_hash(name: str, attempt: int = 0) -> str:
    salted = name.encode("utf-8", "surrogatepass") + b"\0" * attempt
    return hashlib.sha256(salted).hexdigest()[:8]
