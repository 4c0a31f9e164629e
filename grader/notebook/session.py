"""The one sandbox and marker of a process that grades notebooks.

Both are made when the first notebook comes and serve all that follow: to start them for each
student would cost more than the marking.
"""

from __future__ import annotations

import atexit
import threading
from dataclasses import dataclass

from grader.marking import Marker
from grader.marks import SubmissionMarks
from grader.sandbox import SandboxError
from grader.sandbox.box import Sandbox
from grader.submission import Submission
from nnv.manifest import manifest

_lock = threading.Lock()
_WEAK = (
    "student code cannot be confined whole on this machine ({}). Nothing was graded. Grade on "
    "Linux 5.13 or later, or write c.MarkCells.allow_weak_isolation = True into "
    "nbgrader_config.py, at your own risk."
)


class WeakIsolationError(Exception):
    """Student code cannot be confined whole here, and the course's config does not allow less."""


@dataclass(slots=True)
class _Session:
    sandbox: Sandbox | None = None
    marker: Marker | None = None

    def ready(self, allow_weak: bool) -> Marker:
        """The marker, made where there is none yet."""
        if self.sandbox is None:
            self.sandbox = Sandbox()
        if self.sandbox.isolation.level != "full" and not allow_weak:
            raise WeakIsolationError(_WEAK.format(self.sandbox.isolation))
        if self.marker is None:
            self.marker = Marker(manifest(), self.sandbox)
        return self.marker

    def close(self) -> None:
        sandbox, self.sandbox, self.marker = self.sandbox, None, None
        if sandbox is not None:
            sandbox.close()


_session = _Session()


@atexit.register
def close() -> None:
    """End the sandbox, if one was started."""
    _session.close()


def mark(submission: Submission, *, allow_weak: bool) -> SubmissionMarks:
    """Mark a submission in this process's sandbox.

    Args:
        submission: what was handed in.
        allow_weak: whether to go on where isolation is not full.

    Raises:
        WeakIsolationError: isolation is not full, and that is not allowed.
        SandboxError, SuiteError: a fault of ours, never a verdict; the next call starts afresh.
    """
    with _lock:
        try:
            return _session.ready(allow_weak).mark(submission)
        except SandboxError:
            _session.close()
            raise
