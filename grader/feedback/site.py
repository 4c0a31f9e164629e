"""What every page shares: the templates, and a policy that lets nothing in but our own lines.

A page is one file: its style and script stand in it and are allowed by their hashes, so that a
browser runs and loads nothing else, whatever a student's name or message contains.
"""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from grader.names import shown

SHARED_STYLE = "shared.css"
WITHOUT_SCRIPT = "tr[hidden] { display: table-row; } .filters { display: none; }"


@cache
def environment() -> Environment:
    """The templates; whatever is put into them stands as text."""
    made = Environment(
        loader=PackageLoader("grader.feedback"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["shown"] = text
    made.filters["points"] = points
    made.filters["words"] = words
    return made


def text(value: object) -> str:
    """What a stranger wrote, with everything visible that could disguise it; lines stay lines."""
    return "\n".join(shown(line) for line in str(value).split("\n"))


def points(value: float) -> str:
    """A number of points, as short as it can be: ``8``, ``7.5``."""
    return f"{round(value, 2):g}"


def words(name: str) -> str:
    """An id as words: ``three-steps`` → three steps."""
    return text(name).replace("-", " ").replace("_", " ")


def page(template: str, style: str, script: str = "", **values: Any) -> str:
    """Fill a template and set its policy.

    Args:
        template: its file name.
        style: file name of the style sheet that goes in after the one that all pages share.
        script: file name of the script that goes in, if any.
        values: what the template shows.

    Returns:
        A whole HTML page.
    """
    css, js = source(SHARED_STYLE) + source(style), source(script) if script else ""
    return (
        environment()
        .get_template(template)
        .render(
            policy=_policy(css, js),
            css=Markup(css),
            js=Markup(js),
            bare=Markup(WITHOUT_SCRIPT),
            **values,
        )
    )


@cache
def source(name: str) -> str:
    """The text of a style sheet or script of ours."""
    loader = environment().loader
    assert loader is not None
    return loader.get_source(environment(), name)[0]


@cache
def _policy(css: str, js: str) -> str:
    script = f"'{_hash(js)}'" if js else "'none'"
    return (
        f"default-src 'none'; style-src '{_hash(css)}' '{_hash(WITHOUT_SCRIPT)}'; "
        f"script-src {script}; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
