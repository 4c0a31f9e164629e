"""What all parts of the hand-in reader share: its one exception and its limits.

Exception
└── Unreadable     a hand-in that cannot be graded, with a sentence for student and instructor
"""

KIB = 2**10
MIB = 2**20

MAX_MODULE_BYTES = 1 * MIB
MAX_NOTEBOOK_BYTES = 10 * MIB
MAX_ANSWERS_BYTES = 256 * KIB
MAX_ZIP_BYTES = 20 * MIB
MAX_TOTAL_BYTES = 20 * MIB
MAX_FILES = 200
MAX_DEPTH = 8
# Entries that are looked at in all, those that are passed over (hidden ones, caches) included.
MAX_ENTRIES = 5000
MAX_CELLS = 1000

NOT_OURS = frozenset(
    {"__macosx", "__pycache__", "node_modules", "site-packages", "venv", "env", "nnv"}
)
"""Folders (in lower case) that hold no work of a student's own and are passed over silently.

`nnv` is the package with the self-checks that lies beside a student's notebook."""


class Unreadable(Exception):
    """A hand-in that cannot be read. Its text says where, what was found and what is allowed."""

    @property
    def reason(self) -> str:
        """The sentence that is shown to the student and to the instructor."""
        return str(self.args[0])


def amount(n_bytes: int) -> str:
    """Say a number of bytes to a person: `1.5 MiB`, `300 bytes`."""
    for unit, size in (("GiB", 2**30), ("MiB", MIB), ("KiB", KIB)):
        if n_bytes >= size:
            return f"{n_bytes / size:.1f}".removesuffix(".0") + f" {unit}"
    return f"{n_bytes} byte" + ("" if n_bytes == 1 else "s")


def too_large(where: str, found: int, allowed: int) -> Unreadable:
    """Make the refusal of a file that is larger than it may be."""
    # Rounded, 1 MiB and one byte would read "holds 1 MiB, at most 1 MiB".
    shown = amount(found) if amount(found) != amount(allowed) else f"{found} bytes"
    return Unreadable(f"{where}: holds {shown}; at most {amount(allowed)} may be handed in.")


def too_many_files(where: str) -> Unreadable:
    """Make the refusal of a hand-in with more files than anybody writes."""
    return Unreadable(
        f"{where}: holds more than {MAX_FILES} files; "
        "hand in the exercises only, without packages or data."
    )


def too_deep(where: str) -> Unreadable:
    """Make the refusal of folders that lie too deep in each other."""
    return Unreadable(f"{where}: lies deeper than {MAX_DEPTH} folders, which is the most allowed.")


def is_hidden(name: str) -> bool:
    """Whether a file or folder of this name is none of the student's own work."""
    return name.startswith(".") or name.lower() in NOT_OURS
