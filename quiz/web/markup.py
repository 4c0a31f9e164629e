"""Markdown with maths and pictures as HTML that needs nothing else and runs nothing.

HTML that stands in a quiz is shown as text. Pictures go into the page itself, so that it can forbid
itself to load anything; maths is written with the signs that Unicode has for it.
"""

from __future__ import annotations

import base64
import re
from functools import cache
from html import escape, unescape
from pathlib import Path
from typing import Any

from quiz.check import gaps
from quiz.plaintext import MATHS, maths

PICTURES = {
    ".gif": "image/gif",
    ".jpeg": "image/jpeg",
    ".jpg": "image/jpeg",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".webp": "image/webp",
}
MAX_PICTURE = 2 * 1024 * 1024

_HELD = re.compile("\ue8f0(\\d+)\ue8f1")
_HOLDERS = re.compile("[\ue8f0\ue8f1]")
_TAG = re.compile("<[^>]*>")
_OUTER = re.compile(r"<p>(.*)</p>\Z", re.DOTALL)


def to_html(markdown: str, folder: str = "") -> str:
    """Markdown as HTML; one paragraph comes without `<p>`.

    Args:
        markdown: The text, with maths between dollar signs.
        folder: Where its pictures lie; left out: pictures are named, not shown.
    """
    held: list[str] = []

    def hold(match: re.Match[str]) -> str:
        held.append(match[1] or match[2])
        return f"\ue8f0{len(held) - 1}\ue8f1"

    text = MATHS.sub(hold, _HOLDERS.sub("", markdown))
    html = _parser().render(text, {"folder": folder}).strip()
    html = _HELD.sub(lambda match: _maths(held[int(match[1])]), html)
    only = _OUTER.match(html)
    return only[1] if only and "<p>" not in only[1] else str(html)


def with_gaps(markdown: str, folder: str = "") -> str:
    """A fill-in text as HTML, with an empty element where each gap is."""
    html = to_html(markdown, folder)
    for name in gaps(markdown):
        html = html.replace(f"[[{escape(name)}]]", f'<span data-gap="{escape(name)}"></span>')
    return html


def to_text(markdown: str) -> str:
    """Markdown in one line without any marks, for places that hold only text."""
    return " ".join(unescape(_TAG.sub("", to_html(markdown))).split())


def _maths(source: str) -> str:
    return f'<span class="maths">{escape(maths(source), quote=False)}</span>'


@cache
def _parser() -> Any:
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark", {"html": False})
    parser.add_render_rule("image", _image)
    parser.add_render_rule("link_open", _link)
    return parser


def _image(renderer: Any, tokens: Any, place: int, options: Any, env: Any) -> str:
    token = tokens[place]
    words = renderer.renderInlineAsText(token.children, options, env)
    source = _as_data(str(token.attrs["src"]), env["folder"])
    if source is None:
        return f"<em>[picture: {escape(words or 'no description')}]</em>"
    return f'<img src="{source}" alt="{escape(words)}">'


def _as_data(name: str, folder: str) -> str | None:
    """A picture as a data URL; None where it is none of the quiz's own."""
    kind = PICTURES.get(Path(name).suffix.lower())
    if not folder or kind is None:
        return None
    home = Path(folder).resolve()
    try:
        file = (home / name).resolve()
        if not file.is_relative_to(home) or file.stat().st_size > MAX_PICTURE:
            return None
        content = file.read_bytes()
    except (OSError, ValueError):
        return None
    return f"data:{kind};base64,{base64.b64encode(content).decode()}"


def _link(renderer: Any, tokens: Any, place: int, options: Any, env: Any) -> str:
    """A link opens beside the quiz, and the other side does not learn where from."""
    tokens[place].attrSet("target", "_blank")
    tokens[place].attrSet("rel", "noopener noreferrer")
    return str(renderer.renderToken(tokens, place, options, env))
