"""The class page (first version)."""

from __future__ import annotations
from typing import Any
from grader.feedback.site import page
from nnv.manifest import Manifest


def class_page(
    records: list[dict[str, Any]], links: dict[str, str], isolation: str, manifest: Manifest
) -> str:
    """Write it."""
    rows = [{"record": r, "href": links[r["student"]]} for r in records]
    return page("class.html", "page.css", rows=rows, manifest=manifest)
