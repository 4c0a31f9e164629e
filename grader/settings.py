"""What every worker is told, here and on a cluster, before it loads what grading takes."""

from __future__ import annotations

from dataclasses import dataclass

from grader.errors import GraderError

SUBMISSION_SECONDS = 60.0


class IsolationError(GraderError):
    """Student code cannot be confined whole here: what is missing, and what to do."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What a worker needs to know.

    Attributes:
        allow_weak: whether to go on where isolation is not full.
        seconds: wall-clock time that one submission has in all.
        fingerprint: hash of the grader, see `grader.fingerprint`.
        pictures: whether to sample the student's functions for the pictures of the pages.
    """

    allow_weak: bool = False
    seconds: float = SUBMISSION_SECONDS
    fingerprint: str = ""
    pictures: bool = False
