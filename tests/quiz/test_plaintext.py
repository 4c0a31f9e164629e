"""Markdown and maths as plain text."""

from __future__ import annotations

import pytest

from quiz.plaintext import maths, plain


@pytest.mark.parametrize(
    ("latex", "text"),
    [
        (r"m \times n + n", "m × n + n"),
        (r"2^{30}", "2³⁰"),
        (r"\frac{m}{n}", "m/n"),
        (r"\text{bytes}", "bytes"),
        (r"\max(0, z)", "max(0, z)"),
        (r"w_1 \cdot x_1", "w₁ · x₁"),
    ],
)
def test_maths_is_readable(latex: str, text: str) -> None:
    """Maths is shown as people type it."""
    assert text == maths(latex)


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        ("A *layer* of `W`", "A layer of W"),
        ("costs $5 and $6 now", "costs $5 and $6 now"),
        ("![a plot](x.png)", "[picture: a plot (x.png)]"),
        ("one\n\ntwo", "one\n\ntwo"),
        ("- a\n- b", "- a\n\n- b"),
        ("```\ncode  x\n```", "    code  x"),
        ("a\nb", "a b"),
    ],
)
def test_markdown_keeps_its_words(markdown: str, text: str) -> None:
    """What only decorates goes, words stay."""
    assert text == plain(markdown)


def test_lines_are_wrapped() -> None:
    """No line is wider than asked for."""
    assert max(map(len, plain("word " * 100, 40).split("\n"))) <= 40
