"""Waiting for a page that forbids `eval`.

Playwright's `wait_for_function` evaluates its predicate with `eval` inside the page from the
second look on, which our pages' Content-Security-Policy refuses; `evaluate` comes in through the
debugger and is let be.
"""

from __future__ import annotations

import time
from typing import Any


def wait_until(page: Any, predicate: str, arg: Any = None, *, seconds: float = 30.0) -> None:
    """Look at the page every 20 ms until `predicate` gives a true value.

    Args:
        page: Playwright's page.
        predicate: A JavaScript expression, or a function of `arg`.
        arg: What a function is called with.
        seconds: How long to go on looking.

    Raises:
        AssertionError: If it is not true by then.
    """
    end = time.monotonic() + seconds
    while not page.evaluate(predicate, arg):
        assert time.monotonic() < end, f"not true after {seconds:g} s: {predicate}"
        page.wait_for_timeout(20)
