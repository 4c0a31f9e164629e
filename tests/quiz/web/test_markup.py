"""Markdown, maths and pictures as HTML that runs and loads nothing."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from quiz.web.markup import MAX_PICTURE, to_html, to_text, with_gaps

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        ("a *b* `c`", "a <em>b</em> <code>c</code>"),
        ("$2^{30}$ bytes", '<span class="maths">2\u00b3\u2070</span> bytes'),
        ("$a<b$", '<span class="maths">a&lt;b</span>'),
        ("<img src=x onerror=y>", "&lt;img src=x onerror=y&gt;"),
        ("one\n\ntwo", "<p>one</p>\n<p>two</p>"),
        ("[x](javascript:alert(1))", "[x](javascript:alert(1))"),
        ("", ""),
    ],
)
def test_markdown_becomes_harmless_html(markdown: str, html: str) -> None:
    """Marks and maths are shown, tags and scripts of an author stay text."""
    assert to_html(markdown) == html


def test_a_link_tells_nobody_where_it_was_followed(tmp_path: Path) -> None:
    """Links open beside the quiz and send no referrer."""
    html = to_html("[x](https://example.org)")
    assert 'target="_blank"' in html
    assert 'rel="noopener noreferrer"' in html


def test_a_picture_goes_into_the_page(tmp_path: Path) -> None:
    """A picture beside the quiz becomes part of the page, with its description."""
    (tmp_path / "line.png").write_bytes(PNG)
    html = to_html('![a "line"](line.png)', str(tmp_path))
    data = base64.b64encode(PNG).decode()
    assert html == f'<img src="data:image/png;base64,{data}" alt="a &quot;line&quot;">'


@pytest.mark.parametrize(
    "name", ["../secret.png", "https://example.org/x.png", "gone.png", "x.html", "big.png", "%00"]
)
def test_other_pictures_are_only_named(tmp_path: Path, name: str) -> None:
    """What lies elsewhere, is missing, too large or no picture is not loaded."""
    home = tmp_path / "quiz"
    home.mkdir()
    (tmp_path / "secret.png").write_bytes(PNG)
    (home / "x.html").write_bytes(PNG)
    (home / "big.png").write_bytes(PNG + b"0" * MAX_PICTURE)
    assert to_html(f"![a line]({name})", str(home)) == "<em>[picture: a line]</em>"


def test_text_has_no_marks(tmp_path: Path) -> None:
    """For titles and lists of choices only the words are left."""
    assert to_text("a *b* <c> & $x^2$") == "a b <c> & x\u00b2"


def test_gaps_have_a_place(tmp_path: Path) -> None:
    """Each gap of a sentence becomes an element for its field."""
    assert with_gaps("a [[m]] b") == 'a <span data-gap="m"></span> b'
