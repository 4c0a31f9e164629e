"""The words of the sandbox: what goes in, what comes out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Ending = Literal["timeout", "memory", "crashed"]


class SandboxError(Exception):
    """A fault of the sandbox itself, never of a student: nothing can be said about the code."""


@dataclass(frozen=True, slots=True)
class Program:
    """A student's sources.

    Attributes:
        kind: ``modules`` (each loaded on its own) or ``notebook`` (cells in one namespace).
        sources: name and bytes of each, in order: ``("relu", b"...")`` or ``("cell 3", b"...")``.
    """

    kind: Literal["modules", "notebook"]
    sources: tuple[tuple[str, bytes], ...]


@dataclass(frozen=True, slots=True)
class Limits:
    """What a student's code may use.

    Attributes:
        test_cpu_s: CPU seconds of one `Guest.run`.
        test_wall_s: wall-clock seconds of one `Guest.run`.
        submission_s: seconds that a caller should give a submission in all (kept by the caller).
        memory_bytes: memory above what Python and numpy take.
        output_bytes: what is kept of a test's output.
        result_bytes: what the results of one `Guest.run` may take on the pipe.
        load_s: seconds that one module or cell may take to load.
        load_all_s: seconds that all of them may take together.
        scratch_bytes: what may be written to the scratch folder.
    """

    test_cpu_s: float = 5.0
    test_wall_s: float = 10.0
    submission_s: float = 60.0
    memory_bytes: int = 1 << 30
    output_bytes: int = 64 * 1024
    result_bytes: int = 10 << 20
    load_s: float = 5.0
    load_all_s: float = 20.0
    scratch_bytes: int = 16 << 20


@dataclass(frozen=True, slots=True)
class Isolation:
    """How well student code is confined on this machine.

    Attributes:
        level: ``full`` where Landlock, seccomp and rlimits hold, else ``weak``.
        missing: what lacks of that, in plain words.
        namespaces: the namespaces that are entered besides, such as ``("net", "pid")``.
    """

    level: Literal["full", "weak"]
    missing: tuple[str, ...] = ()
    namespaces: tuple[str, ...] = ()

    def __str__(self) -> str:
        return "full" if self.level == "full" else f"weak: {', '.join(self.missing)}"


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a module or a cell did not load whole.

    Attributes:
        where: the module's or cell's name.
        kind: the exception's type, or ``timeout``, ``memory`` or ``crashed``.
        message: the exception's message.
        line: the line of the student's source, if known.
    """

    where: str
    kind: str
    message: str
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Loaded:
    """What was found when the sources were loaded.

    Attributes:
        functions: the exercise functions that are there.
        problems: what did not load whole.
        reaches: for each of them, which other exercise functions its code can reach. A hint, on
            the generous side; it comes from the student's process.
        output: what was printed meanwhile.
    """

    functions: frozenset[str]
    problems: tuple[Problem, ...] = ()
    reaches: Mapping[str, frozenset[str]] = field(default_factory=dict)
    output: str = ""


@dataclass(frozen=True, slots=True)
class Returned:
    """A call that gave a result.

    Attributes:
        value: the result as plain data; `wire.Opaque` where it is none.
        changed: whether the call changed its arguments (seen, and forgeable, by the child only).
    """

    value: Any
    changed: bool = False


@dataclass(frozen=True, slots=True)
class Raised:
    """A call that raised.

    Attributes:
        type: name of the exception's type.
        message: its text, at most 300 characters.
        value_error: whether it is a `ValueError`.
        where: the student's module or cell in which it was raised, if known.
        line: the line there.
        changed: whether the call changed its arguments.
    """

    type: str
    message: str
    value_error: bool = False
    where: str | None = None
    line: int | None = None
    changed: bool = False


Outcome = Returned | Raised


@dataclass(frozen=True, slots=True)
class Reply:
    """What came of the calls of one `Guest.run`.

    Attributes:
        outcomes: one for each call; empty where the run was cut short.
        ending: None, or why it was cut short; the guest is of no use after that.
        in_flight: index of the call that was running then, if known.
        output: what was printed, as far as it is kept.
        called: the replaced functions that were called.
    """

    outcomes: tuple[Outcome, ...] = ()
    ending: Ending | None = None
    in_flight: int | None = None
    output: str = ""
    called: frozenset[str] = frozenset()
