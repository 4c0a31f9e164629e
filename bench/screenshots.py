"""The two screenshots of the README, made from what `nnv demo` really writes.

    python bench/screenshots.py

It runs the demo in a temporary folder, opens its pages in Chromium and writes
``docs/images/class-page.png`` and ``docs/images/student-page.png``.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import chromium
import click
from playwright.sync_api import Browser

from grader.demo import demo

IMAGES = Path(__file__).resolve().parents[1] / "docs" / "images"
SHOTS = (
    ("class-page.png", "class.html", 1180, 1560),
    ("student-page.png", "students/dmitri.html", 1000, 1738),
)
"""File, page, and the size of the window in CSS pixels."""


def shoot(browser: Browser, pages: Path) -> None:
    """Photograph the pages as a visitor sees them first."""
    for name, path, width, height in SHOTS:
        page = browser.new_page(
            viewport={"width": width, "height": height}, color_scheme="light", device_scale_factor=1
        )
        page.goto((pages / path).as_uri())
        page.screenshot(path=IMAGES / name)
        page.close()
        click.echo(f"{IMAGES / name}: {(IMAGES / name).stat().st_size // 1024} KB")


@click.command()
@chromium.option
def main(program: str) -> None:
    """Run the demo and photograph its pages."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "demo"
        demo(out)
        with chromium.opened(program) as browser:
            shoot(browser, (out / "results" / "pages").resolve())


if __name__ == "__main__":
    main()
