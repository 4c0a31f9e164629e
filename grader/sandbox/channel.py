"""Frames on the pipe between a guest and the grader: a length of four bytes, then as many bytes."""

from __future__ import annotations

import os
import struct

_length = struct.Struct("<I")
_pack, _unpack, _read, _write = _length.pack, _length.unpack, os.read, os.write
HEADER_BYTES = _length.size


def frame(*parts: bytes) -> bytes:
    """Put the length before the bytes."""
    return _pack(sum(map(len, parts))) + b"".join(parts)


def frame_length(header: bytes) -> int:
    """The length that a header of `HEADER_BYTES` announces."""
    length: int = _unpack(header)[0]
    return length


def read_frame(descriptor: int) -> bytes | None:
    """Read one frame, waiting for it; None at the end. For the guest's side: it trusts us."""
    header = _read_exactly(descriptor, HEADER_BYTES)
    return None if header is None else _read_exactly(descriptor, _unpack(header)[0])


def _read_exactly(descriptor: int, length: int) -> bytes | None:
    data = _read(descriptor, length)
    while len(data) < length:
        more = _read(descriptor, length - len(data))
        if not more:
            return None
        data += more
    return data


def write_all(descriptor: int, data: bytes) -> None:
    """Write all of it, waiting where the pipe is full."""
    written = _write(descriptor, data)
    while written < len(data):
        written += _write(descriptor, memoryview(data)[written:])
