"""What the tests share: one sandbox, one marker, and hand-ins made in memory."""

from __future__ import annotations

import hashlib
import importlib
import signal
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from grader.marking import Marker
from grader.marks import SubmissionMarks
from grader.sandbox import Sandbox
from grader.submission import Submission
from nnv.manifest import manifest

Mark = Callable[..., SubmissionMarks]
CHROMIUM = Path("/usr/bin/chromium")
CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # as in a shell's background jobs
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def sandbox() -> Iterator[Sandbox]:
    """A sandbox that confines student code whole; else the test is skipped, with the reason."""
    with Sandbox() as box:
        if box.isolation.level != "full":
            pytest.skip(f"isolation is {box.isolation}")
        yield box


@pytest.fixture(scope="session")
def marker(sandbox: Sandbox) -> Marker:
    """The real suites in a real sandbox."""
    return Marker(manifest(), sandbox)


def references() -> dict[str, str]:
    """The references as a student would hand them in, by module."""
    return {
        module: Path(str(importlib.import_module(f"solutions.{module}").__file__))
        .read_text(encoding="utf-8")
        .replace("from solutions.", "from exercises.")
        for module in manifest().modules
    }


def submission(sources: Mapping[str, str | bytes], kind: str = "modules") -> Submission:
    """A hand-in of these sources."""
    encoded = tuple(
        (name, text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass"))
        for name, text in sources.items()
    )
    return Submission(
        student="ada",
        kind=kind,  # type: ignore[arg-type]
        sources=encoded,
        answers=None,
        submitted=None,
        late=False,
        digest=hashlib.sha256(repr(encoded).encode()).hexdigest(),
        notes=(),
    )


@pytest.fixture(scope="session")
def mark(marker: Marker) -> Mark:
    """Mark the references with some modules written otherwise: ``mark(relu="...")``."""

    def marked(**modules: str | bytes | None) -> SubmissionMarks:
        sources: dict[str, str | bytes] = {**references()}
        for name, text in modules.items():
            if text is None:
                del sources[name]
            else:
                sources[name] = text
        return marker.mark(submission(sources))

    return marked


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """A real Chromium for the tests of one module; without one they are skipped.

    It ends with the module: its event loop would be in the way of others that need one.
    """
    if not CHROMIUM.exists():
        pytest.skip(f"there is no {CHROMIUM}")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=str(CHROMIUM), args=CHROMIUM_ARGUMENTS)
        yield opened
        opened.close()
