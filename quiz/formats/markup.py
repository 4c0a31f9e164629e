"""Markdown to HTML for programs that want HTML, and back."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from html import escape
from html.parser import HTMLParser
from typing import Any

from quiz.formats.common import clean, harmless
from quiz.plaintext import MATHS

_HELD = re.compile("\ue000(\\d+)\ue001")
_PRIVATE = re.compile("[\ue000-\ue00f]")
_OUTER = re.compile(r"<p>(.*)</p>\Z", re.DOTALL)
_TEX = re.compile(r"\\\((.+?)\\\)|\\\[(.+?)\\\]|\$\$(?=\S)(.+?)(?<=\S)\$\$", re.DOTALL)
_SPECIAL = re.compile(r"[\\`*_\[\]$]|<(?=[A-Za-z/!?])|&(?=[#A-Za-z])")
_LINE_START = re.compile(r"^(?:([#>+=~-])|(?<![\d])(\d{1,9})(?=[.)]))", re.MULTILINE)
_MARKER = re.compile(r"\n *(?:-|\d+\.) \Z")


def parenthesised(latex: str) -> str:
    r"""Maths as Canvas and Moodle read it: `\(x\)`."""
    return f"\\({latex}\\)"


def dollars(latex: str) -> str:
    """Maths as Jupyter reads it: `$x$`."""
    return f"${latex}$"


@cache
def _parser() -> Any:
    from markdown_it import MarkdownIt

    # HTML that an author wrote is shown as text: nothing foreign gets into a course
    return MarkdownIt("commonmark", {"html": False})


def to_html(markdown: str, maths: Callable[[str], str] = parenthesised) -> str:
    """Markdown as HTML; one paragraph comes without `<p>`.

    Args:
        markdown: The text, with maths between dollar signs.
        maths: How the target writes maths.
    """
    held: list[str] = []

    def hold(match: re.Match[str]) -> str:
        held.append(match[1] or match[2])
        return f"\ue000{len(held) - 1}\ue001"

    text = MATHS.sub(hold, _PRIVATE.sub("", clean(markdown)))
    html = _parser().render(text).strip()
    html = _HELD.sub(lambda match: escape(maths(held[int(match[1])]), quote=False), html)
    only = _OUTER.match(html)
    return only[1] if only and "<p>" not in only[1] else html


_BLOCKS = ("p", "div", "table", "tr")
_OPENING = dict.fromkeys(_BLOCKS, "\n\n") | {"br": "\\\n"}
_OPENING |= {f"h{level}": f"\n\n{'#' * level} " for level in range(1, 7)}
_OPENING |= {"em": "*", "i": "*", "strong": "**", "b": "**"}


def _picture(given: dict[str, str]) -> str:
    """A picture, or the maths of which Canvas made one."""
    alt = given.get("alt", "")
    latex = given.get("data-equation-content") or (alt[7:] if alt.startswith("LaTeX: ") else "")
    return dollars(latex.strip()) if latex.strip() else f"![{alt}]({given.get('src', '')})"


class _Reader(HTMLParser):
    """Puts Markdown together while HTML goes by."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._lists: list[int | None] = []
        self._links: list[str] = []
        self._verbatim = ""
        self._code = ""
        self._skip = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag in _OPENING:
            self.parts.append(_OPENING[tag])
        elif tag == "code" and not self._verbatim:
            self._verbatim = "code"
            self._code = ""
        elif tag == "pre":
            self._verbatim = "pre"
            self._code = ""
        elif tag in {"ul", "ol"}:
            self._lists.append(1 if tag == "ol" else None)
            self.parts.append("\n\n")
        elif tag == "li":
            self.parts.append(self._marker())
        else:
            self._other_start(tag, given)

    def _other_start(self, tag: str, given: dict[str, str]) -> None:
        if tag == "a":
            self._links.append(given.get("href", ""))
            self.parts.append("[")
        elif tag == "img":
            self.parts.append(_picture(given))
        elif tag in {"script", "style"}:
            self._skip += 1

    def _marker(self) -> str:
        indent = "  " * max(0, len(self._lists) - 1)
        if not self._lists or self._lists[-1] is None:
            return f"\n{indent}- "
        number = self._lists[-1]
        self._lists[-1] = number + 1
        return f"\n{indent}{number}. "

    def handle_endtag(self, tag: str) -> None:
        if tag in _OPENING and tag != "br":
            self.parts.append("\n\n" if tag in _BLOCKS or tag[0] == "h" else _OPENING[tag])
        elif tag == "code" and self._verbatim == "code":
            self._verbatim = ""
            self.parts.append(_code_span(self._code))
        elif tag == "pre":
            self._verbatim = ""
            content = self._code.strip("\n")
            fence = "`" * max(3, _longest_run(content) + 1)
            self.parts.append(f"\n\n{fence}\n{content}\n{fence}\n\n")
        elif tag in {"ul", "ol"}:
            if self._lists:
                self._lists.pop()
            self.parts.append("\n\n")
        elif tag == "a" and self._links:
            self.parts.append(f"]({self._links.pop()})")
        elif tag in {"script", "style"}:
            self._skip = max(0, self._skip - 1)

    def handle_data(self, data: str) -> None:
        if self._skip:
            return
        if self._verbatim:
            self._code += data
            return
        text = _SPECIAL.sub(r"\\\g<0>", re.sub(r"\s+", " ", data))
        before = "".join(self.parts[-2:])
        if not before.strip() or before.endswith("\n") or _MARKER.search(before):
            text = _LINE_START.sub(_escaped_start, text.lstrip())
        self.parts.append(text)


def _escaped_start(match: re.Match[str]) -> str:
    """What would begin a heading, a list or a quotation, as itself: the dot is what counts in 1."""
    return f"\\{match[1]}" if match[1] else f"{match[2]}\\"


def _longest_run(text: str) -> int:
    return max((len(run) for run in re.findall("`+", text)), default=0)


def _code_span(content: str) -> str:
    """Code between as many backticks as it takes."""
    content = content.replace("\n", " ")
    ticks = "`" * (_longest_run(content) + 1)
    touching = content[:1] == "`" or content[-1:] == "`"
    padded = touching or (content.strip() and content[:1] == " " == content[-1:])
    return f"{ticks} {content} {ticks}" if padded else f"{ticks}{content}{ticks}"


def to_markdown(html: str, dollars_too: bool = False) -> str:
    """HTML as Markdown, maths between dollar signs; what has no Markdown keeps its words.

    Args:
        html: The text.
        dollars_too: Whether single dollar signs mean maths there too.
    """
    held: list[str] = []

    def hold(match: re.Match[str]) -> str:
        held.append(next(group for group in match.groups() if group))
        return f"\ue000{len(held) - 1}\ue001"

    text = _TEX.sub(hold, _PRIVATE.sub("", html))
    reader = _Reader()
    reader.feed(MATHS.sub(hold, text) if dollars_too else text)
    reader.close()
    lines = (line.rstrip(" ") for line in "".join(reader.parts).split("\n"))
    text = re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
    return harmless(_HELD.sub(lambda match: _maths(held[int(match[1])]), text))


def _maths(latex: str) -> str:
    from html import unescape

    return dollars(" ".join(unescape(latex).split()))


def from_plain(text: str) -> str:
    """Plain text as Markdown that shows it as it is."""
    return harmless(_LINE_START.sub(_escaped_start, _SPECIAL.sub(r"\\\g<0>", clean(text))).strip())
