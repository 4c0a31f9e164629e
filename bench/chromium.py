"""A Chromium without a window, as every script here that opens a page starts it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import click
from playwright.sync_api import Browser, sync_playwright

ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]

option = click.option("--chromium", "program", default="/usr/bin/chromium", show_default=True)
"""The option that says which Chromium is started."""


@contextmanager
def opened(chromium: str) -> Iterator[Browser]:
    """Start this Chromium; it ends with the block.

    Args:
        chromium: Path of the program.
    """
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        try:
            yield browser
        finally:
            browser.close()
