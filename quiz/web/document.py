"""The one HTML document of the front end, and the policy that forbids it everything else."""

from __future__ import annotations

import base64
import json
import re
from hashlib import sha256
from html import escape
from importlib.resources import files
from string import Template
from typing import Any

_IMPORT = re.compile(r'^import [^;]*? from "\./[a-z]+\.js";$', re.MULTILINE)
_POLICY = (
    "default-src 'none'; script-src {script}; style-src {style}; img-src data:; "
    "connect-src {connect}; base-uri 'none'; form-action 'none'"
)


def front(*names: str) -> str:
    """Files of the front end as one; what they import from each other stands in it already."""
    folder = files("quiz.web") / "front"
    texts = ((folder / name).read_text(encoding="utf-8") for name in names)
    return "\n".join(_IMPORT.sub("", text) for text in texts)


def document(title: str, script: str, connect: str = "'none'", data: Any = None) -> tuple[str, str]:
    """A page that holds all it needs, and its Content-Security-Policy.

    Args:
        title: The page's title.
        script: The script, an ES module; nothing else runs.
        connect: What the script may talk to, as the policy names it.
        data: Anything that JSON can hold, for the script to read.

    Returns:
        The HTML, with the policy in it, and the policy for a header.
    """
    style = front("quiz.css")
    policy = _POLICY.format(script=_digest(script), style=_digest(style), connect=connect)
    # "<" alone could end the element that the data stand in
    plain = json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    html = Template(front("page.html")).substitute(
        policy=escape(policy), title=escape(title), style=style, script=script, data=plain
    )
    return html, policy


def _digest(text: str) -> str:
    """What a policy calls the one inline element with this text."""
    return f"'sha256-{base64.b64encode(sha256(text.encode()).digest()).decode()}'"
