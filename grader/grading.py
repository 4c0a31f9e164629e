"""One hand-in → one record of the results: what every worker does, here and on a cluster."""

from __future__ import annotations

import hashlib
import time
from typing import Any

from grader.attempt import Attempt
from grader.feedback.markdown import student_feedback
from grader.hand_ins import HandIn
from grader.marking import Marker
from grader.results import Record, empty_record
from grader.sandbox import Sandbox, SandboxError
from grader.settings import IsolationError, Settings
from grader.submission import Submission, Unreadable, read
from nnv.manifest import manifest

PICTURE_SECONDS = 5.0


class Grader:
    """Grades hand-ins one after the other; owns a sandbox."""

    def __init__(self, settings: Settings) -> None:
        """Start the sandbox and rehearse the suites.

        Raises:
            IsolationError: isolation is not full, and weak isolation is not allowed.
        """
        self._settings = settings
        self._manifest = manifest()
        self._sandbox = Sandbox()
        self.isolation = str(self._sandbox.isolation)
        try:
            require_isolation(self._sandbox, settings.allow_weak)
            self._marker = Marker(self._manifest, self._sandbox, seconds=settings.seconds)
        except BaseException:
            self._sandbox.close()
            raise
        self._quiz: Any = None

    def grade(self, hand_in: HandIn, known: str | None = None) -> Record | None:
        """Read and mark one hand-in.

        Args:
            hand_in: whose it is and where.
            known: the key of its stored result; the same key is not graded again.

        Returns:
            Its record; None where the stored one still counts.
        """
        try:
            found = contents(hand_in)
        except Exception as error:  # a fault of ours, as below
            reason = f"{type(error).__name__}: {error}"
            return self._record(_head(hand_in), "", "grader_error", reason)
        return self.grade_contents(hand_in, found, known)

    def grade_contents(
        self, hand_in: HandIn, found: Submission | str, known: str | None = None
    ) -> Record | None:
        """Mark what `contents` found in a hand-in, which may be on another machine's disk."""
        head = _head(hand_in)
        if isinstance(found, str):
            key = self._key(head, found)
            return None if key == known else self._record(head, key, "unreadable", found)
        key = self._key(head, found.digest)
        if key == known:
            return None
        try:
            try:
                return self._marked(head, key, found)
            except SandboxError:  # a process of the sandbox was lost: a new one takes its place
                return self._marked(head, key, found)
        except Exception as error:  # a fault of ours stops this submission and no other
            reason = f"{type(error).__name__}: {error}"
            return self._record(head, "", "grader_error", reason)

    def _key(self, head: dict[str, Any], digest: str) -> str:
        parts = (self._settings.fingerprint, self.isolation, repr(sorted(head.items())), digest)
        return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()

    def _record(self, head: dict[str, Any], key: str, status: str, reason: str) -> Record:
        record = empty_record(self._manifest, head, status, reason)
        return Record.of(key, record, feedback=student_feedback(record, self._manifest))

    def _marked(self, head: dict[str, Any], key: str, submission: Submission) -> Record:
        marks = self._marker.mark(submission)
        record = {
            "student": head["student"],
            "status": "graded",
            "reason": None,
            "source": submission.kind,
            "submitted": head["submitted"],
            "late": head["late"],
            "points": round(marks.points, 6),
            "max_points": self._manifest.max_points,
            "functions": {name: mark.as_json() for name, mark in marks.functions.items()},
            "quiz": self._quiz_mark(submission, head["student"]),
        }
        detail = {
            "functions": {
                name: mark.detail.as_json()
                for name, mark in marks.functions.items()
                if mark.detail is not None
            },
            "notes": list(submission.notes),
        }
        if self._settings.pictures:
            detail["pictures"] = self._pictures(submission)
        feedback = student_feedback(record, self._manifest)
        return Record.of(key, record, detail, marks.printed[:65536], feedback)

    def _pictures(self, submission: Submission) -> dict[str, Any]:
        """Sample the student's functions in a process of their own; what hangs gives nothing."""
        from grader.feedback import samples

        deadline = time.monotonic() + PICTURE_SECONDS
        attempt = Attempt(self._sandbox, submission, deadline=deadline)
        try:
            return samples.take(attempt.run)
        finally:
            attempt.close()

    def _quiz_mark(self, submission: Submission, student: str) -> dict[str, Any] | None:
        """Mark the quiz answers that came with the hand-in; None where there are none."""
        if submission.answers is None:
            return None
        import quiz

        if self._quiz is None:
            self._quiz = quiz.load()
        try:
            mark = quiz.mark_bytes(self._quiz, submission.answers, student=student)
        except quiz.QuizAnswersError as error:
            return {"error": str(error)}
        return {key: value for key, value in mark.as_json().items() if key != "student"}

    def close(self) -> None:
        """End the sandbox."""
        self._sandbox.close()


def contents(hand_in: HandIn) -> Submission | str:
    """Read a hand-in: its sources, or the reason why it cannot be read."""
    try:
        return read(hand_in)
    except Unreadable as error:
        return str(error)


def _head(hand_in: HandIn) -> dict[str, Any]:
    return {"student": hand_in.student, "submitted": hand_in.submitted, "late": hand_in.late}


def require_isolation(sandbox: Sandbox, allow_weak: bool) -> None:
    """Refuse to run student code that is not confined whole, unless told otherwise.

    Raises:
        IsolationError: what is missing, and what to do.
    """
    if sandbox.isolation.level == "full" or allow_weak:
        return
    raise IsolationError(
        f"student code cannot be confined whole on this machine ({sandbox.isolation}). "
        "Grade on Linux 5.13 or later, or go on at your own risk with --allow-weak-isolation."
    )
