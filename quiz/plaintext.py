"""Markdown with maths as plain text for a terminal: parsed by markdown-it, wrapped to a width."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator
from functools import cache
from typing import Any

MATHS = re.compile(
    r"\$\$(?=\S)(.+?)(?<=\S)\$\$|(?<![\\$\w])\$(?! )([^$\n]+?)(?<! )\$(?![\w$])", re.DOTALL
)
_FRACTION = re.compile(r"\\[dt]?frac\{([^{}]*)\}\{([^{}]*)\}")
_WORDS = re.compile(r"\\(?:text|mathrm|mathbf|operatorname)\{([^{}]*)\}")
_FUNCTIONS = re.compile(r"\\(max|min|log|exp|sin|cos|tanh|ln)\b")
_BRACKETS = re.compile(r"\\(?:left|right)(?![a-z])")
_SPACES = re.compile(r"\\[,;:! ]|\\q?quad\b")


def maths(source: str) -> str:
    r"""LaTeX as people type it in plain text: `\frac{m}{n}` is m/n, `2^{30}` is 2³⁰."""
    import unicodedata

    import unicodeit

    text = _WORDS.sub(r"\1", _FRACTION.sub(r"\1/\2", source))
    text = (
        _SPACES.sub(" ", _FUNCTIONS.sub(r"\1", text)).replace("\\left", "").replace("\\right", "")
    )
    return unicodedata.normalize("NFC", unicodeit.replace(text)).replace("⋅", "·")


def with_maths(text: str) -> str:
    """A text whose maths between dollar signs is plain."""
    if "$" not in text:
        return text
    return MATHS.sub(lambda match: maths(match[1] or match[2]), text)


def plain(markdown: str, width: int = 80, indent: str = "") -> str:
    """Markdown as plain text.

    Args:
        markdown: The text, with maths between dollar signs.
        width: Columns of the terminal.
        indent: What each line begins with.
    """
    blocks = list(_blocks(with_maths(markdown), width - len(indent)))
    return textwrap.indent("\n\n".join(blocks), indent)


@cache
def _parser() -> Any:
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark", {"html": False})


def _blocks(markdown: str, width: int) -> Iterator[str]:
    marker = ""
    for token in _parser().parse(markdown):
        if token.type == "list_item_open":
            marker = f"{token.info}{token.markup} " if token.info else "- "
        elif token.type == "inline":
            text = _inline(token.children or ())
            yield (
                textwrap.fill(
                    text, width, initial_indent=marker, subsequent_indent=" " * len(marker)
                )
                if text.count("\n") == 0
                else marker + text
            )
            marker = ""
        elif token.type in {"fence", "code_block"}:
            yield textwrap.indent(token.content.rstrip(), "    ")


def _inline(tokens: Any) -> str:
    """The words of a paragraph, without what only decorates them."""
    said = []
    for token in tokens:
        if token.type in {"text", "code_inline"}:
            said.append(token.content)
        elif token.type == "softbreak":
            said.append(" ")
        elif token.type == "hardbreak":
            said.append("\n")
        elif token.type == "image":
            said.append(f"[picture: {token.content or 'no description'} ({token.attrs['src']})]")
    return "".join(said)
