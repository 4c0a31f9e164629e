"""A page of memory that a guest shares with the grader: where it is, and what it printed.

It outlives the guest, so that after a crash or a timeout the grader still knows which call was
running. A hostile guest may write anything into it; whoever reads believes no number beyond its
bounds.

    0  index of the source that is being loaded, plus 1
    4  index of the call that is running, plus 1
    8  bytes of output
    64 the output
"""

from __future__ import annotations

import mmap
import os
import struct

_HEADER = 64
_LOADING, _CALLING, _PRINTED = 0, 4, 8
_word = struct.Struct("<I")


class Page:
    """One side's view of the page.

    Attributes:
        descriptor: of the memory, to be handed on.
    """

    def __init__(self, descriptor: int) -> None:
        """Map memory that has been made before."""
        self.descriptor = descriptor
        self._memory = mmap.mmap(descriptor, 0)
        self._size = len(self._memory) - _HEADER
        self._printed = 0
        # Taken now, from modules that a student's code can change later.
        self._store, self._fetch = _word.pack_into, _word.unpack_from

    @classmethod
    def make(cls, output_bytes: int) -> Page:
        """Make new memory, with room for so much output."""
        if hasattr(os, "memfd_create"):
            descriptor = os.memfd_create("page", os.MFD_CLOEXEC)
        else:  # not Linux
            import tempfile

            descriptor, path = tempfile.mkstemp()
            os.unlink(path)  # noqa: PTH108
        os.ftruncate(descriptor, _HEADER + output_bytes)
        return cls(descriptor)

    def clear(self) -> None:
        """Make it ready for the next guest, who is to find nothing of the last one's."""
        os.ftruncate(self.descriptor, 0)
        os.ftruncate(self.descriptor, _HEADER + self._size)

    def close(self) -> None:
        """Give the memory back."""
        self._memory.close()
        os.close(self.descriptor)

    def enter_source(self, index: int) -> None:
        """Note which source is being loaded from now on; -1 for none."""
        self._store(self._memory, _LOADING, index + 1)

    def enter_call(self, index: int) -> None:
        """Note which call is running from now on; -1 for none."""
        self._store(self._memory, _CALLING, index + 1)

    def source(self) -> int | None:
        """The index of the source that is being loaded."""
        return self._index(_LOADING)

    def call(self) -> int | None:
        """The index of the call that is running."""
        return self._index(_CALLING)

    def _index(self, place: int) -> int | None:
        index: int = self._fetch(self._memory, place)[0]
        return index - 1 if index else None

    def write(self, text: bytes) -> None:
        """Keep what was printed, as far as there is room."""
        start = self._printed
        kept = text[: self._size - start]
        if kept:
            end = start + len(kept)
            self._memory[_HEADER + start : _HEADER + end] = kept
            self._printed = end
            self._store(self._memory, _PRINTED, end)

    def forget_output(self) -> None:
        """Begin anew with what is printed."""
        if self._printed:
            self._printed = 0
            self._store(self._memory, _PRINTED, 0)

    def output(self) -> str:
        """What was printed since the last `forget_output`."""
        length = min(self._fetch(self._memory, _PRINTED)[0], self._size)
        if not length:
            return ""
        return self._memory[_HEADER : _HEADER + length].decode("utf-8", "replace")
