"""The only place where student code runs."""

from grader.sandbox.activations import Named, named
from grader.sandbox.box import Guest, Sandbox
from grader.sandbox.model import (
    Ending,
    Isolation,
    Limits,
    Loaded,
    Outcome,
    Problem,
    Program,
    Raised,
    Reply,
    Returned,
    SandboxError,
)
from grader.sandbox.wire import Opaque, WireError

__all__ = [
    "Ending",
    "Guest",
    "Isolation",
    "Limits",
    "Loaded",
    "Named",
    "Opaque",
    "Outcome",
    "Problem",
    "Program",
    "Raised",
    "Reply",
    "Returned",
    "Sandbox",
    "SandboxError",
    "WireError",
    "named",
]
