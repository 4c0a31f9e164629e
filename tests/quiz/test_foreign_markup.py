"""HTML and plain text as other programs and people write them, not as we do."""

from __future__ import annotations

import pytest

from quiz.formats.markup import from_plain, to_html, to_markdown


@pytest.mark.parametrize(
    ("html", "markdown"),
    [
        ("<p>a</p><p>b</p>", "a\n\nb"),
        ("a<br>b", "a\\\nb"),
        ("<ul><li>a</li><li>b</li></ul>", "- a\n- b"),
        ("<ol><li>a</li><li>b</li></ol>", "1. a\n2. b"),
        ("<pre>x = `1`\n</pre>", "```\nx = `1`\n```"),
        ("<code>a`b</code>", "``a`b``"),
        ('<a href="http://x.y">z</a>', "[z](http://x.y)"),
        ('<img alt="a plot" src="p.png">', "![a plot](p.png)"),
        ("<h2>Head</h2>text", "## Head\n\ntext"),
        ("<b>a</b> <i>b</i>", "**a** *b*"),
        ("<script>alert(1)</script>a<style>b</style>", "a"),
        ("1. no list", "1\\. no list"),
        ("# no head", "\\# no head"),
        (r"\(x &lt; y\) and \[z\]", "$x < y$ and $z$"),
        ("{{name}}", "{\\{name}}"),
        ("</ul></a>stray", "stray"),
    ],
)
def test_html_of_others(html: str, markdown: str) -> None:
    """Ordinary HTML becomes the Markdown that one would write; scripts go."""
    assert markdown == to_markdown(html)


def test_plain_text_means_itself() -> None:
    """Text without markup shows as it is."""
    text = "# a *b* 1. [c](d) <e> $f$ {{g}}"
    assert "# a *b* 1. [c](d) &lt;e&gt; $f$ {{g}}" == to_html(from_plain(text))
