"""The closed set of outcomes of a test."""

from __future__ import annotations

from enum import StrEnum


class Verdict(StrEnum):
    """The outcome of a hidden test; nothing but `PASSED` earns points."""

    NOT_RUN = "not_run"
    PASSED = "passed"
    FAILED = "failed"
    ERROR = "error"
    TIMEOUT = "timeout"
    MEMORY = "memory"
    CRASHED = "crashed"
    MISSING = "missing"
