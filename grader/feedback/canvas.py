"""matplotlib, fast enough for thousands of pages, as SVG that a strict policy lets through.

Drawing a whole figure takes 20 ms, most of it for axes and ticks, which are the same for every
student. So a figure is drawn once without the artists that change; these alone are drawn again for
each student, in a fraction of a millisecond, and laid over it.

Colours are named by marker colours, which become CSS classes: a page's style sheet says what they
are in light and in dark.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

import matplotlib as mpl
from markupsafe import Markup, escape
from matplotlib import style
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG, RendererSVG
from matplotlib.figure import Figure

INK, SOFT, ACCENT, ZERO, ONE, GRID, FOLD, PAPER = (f"#0a0b{n:02x}" for n in range(8))
LEVELS = tuple(f"#0a0c{n:02x}" for n in range(10))
"""From far below 0.5 to far above it."""
_CLASSES = {
    INK: "ink",
    SOFT: "soft",
    ACCENT: "accent",
    ZERO: "zero",
    ONE: "one",
    GRID: "grid",
    FOLD: "fold",
    PAPER: "paper",
    **{color: f"v{n}" for n, color in enumerate(LEVELS)},
}
_SETTINGS: Any = {
    "svg.fonttype": "none",  # text stays text: it can be searched, and takes the page's font
    "svg.hashsalt": "pictures",  # the same picture gives the same bytes
    "font.size": 11,
    "text.color": SOFT,
    "axes.edgecolor": GRID,
    "axes.facecolor": "none",
    "axes.labelcolor": SOFT,
    "axes.labelsize": 11,
    "axes.linewidth": 1,
    "xtick.color": GRID,
    "ytick.color": GRID,
    "xtick.labelcolor": SOFT,
    "ytick.labelcolor": SOFT,
    "xtick.labelsize": 10,
    "ytick.labelsize": 10,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "figure.facecolor": "none",
    "lines.solid_capstyle": "round",
    "lines.solid_joinstyle": "round",
}
_RENDERER: Any = RendererSVG  # matplotlib leaves it untyped
_STYLE = re.compile(r'style="([^"]*)"')
_LONG = re.compile(r"(?<=\.\d)\d+")
_GROUP_ID = re.compile(r'<g id="[^"]*"')
_SPACE = re.compile(r"\s*\n\s*")
_DIMENSION = 72
_NO_METADATA = dict.fromkeys(("Date", "Creator", "Format", "Type"))


@contextmanager
def drawing() -> Iterator[None]:
    """Set matplotlib up for our pictures, whatever a matplotlibrc says.

    Artists take their looks when they are made, so those who make them stand inside, too. Around
    many pictures it saves a millisecond for each.
    """
    if mpl.rcParams["svg.hashsalt"] == _SETTINGS["svg.hashsalt"]:
        yield
        return
    with style.context(["default", _SETTINGS]):
        yield


class Canvas:
    """A figure of one pair of axes whose frame is drawn once.

    Attributes:
        axes: where to put artists.
    """

    def __init__(self, name: str, width: float, height: float) -> None:
        """Make an empty figure.

        Args:
            name: goes before every id, so that pictures on one page do not meet.
            width: in CSS pixels.
            height: likewise.
        """
        self.name = name
        self._size = (width, height)
        with drawing():
            self._figure = Figure(figsize=(width / _DIMENSION, height / _DIMENSION), dpi=_DIMENSION)
            FigureCanvasSVG(self._figure)
            self.axes: Axes = self._figure.add_axes((0, 0, 1, 1))
        self._frame: str | None = None

    def place(self, left: float, bottom: float, right: float, top: float) -> None:
        """Set the axes' margins, in CSS pixels."""
        width, height = self._size
        self.axes.set_position(
            (left / width, bottom / height, 1 - (left + right) / width, 1 - (bottom + top) / height)
        )

    def draw(self, artists: Iterable[Artist], title: str) -> Markup:
        """Give the picture with these artists over its frame.

        Args:
            artists: what changes from student to student, made on `axes` with ``animated=True``.
            title: what the picture shows, for those who do not see it.
        """
        with drawing():
            if self._frame is None:
                figure = self.axes.get_figure()
                assert figure is not None
                self._frame = self._render([figure])
            parts = self._render(artists)
        width, height = self._size
        return Markup(
            f'<svg viewBox="0 0 {width:g} {height:g}" role="img" aria-label="{escape(title)}">'
            f"{self._frame}{parts}</svg>"
        )

    def _render(self, artists: Iterable[Artist]) -> str:
        file = io.StringIO()
        renderer: Any = _RENDERER(*self._size, file, image_dpi=_DIMENSION, metadata=_NO_METADATA)
        for artist in artists:
            artist.draw(renderer)
        renderer.finalize()
        drawn = file.getvalue()
        return self._clean(drawn[drawn.index("</defs>", drawn.index("<style")) + 7 :])

    def _clean(self, svg: str) -> str:
        """Inline styles become attributes, marker colours classes, and ids this picture's own."""
        svg = svg.removesuffix("\n").removesuffix("</svg>")
        svg = _STYLE.sub(lambda found: _attributes(found[1]), svg)
        svg = _GROUP_ID.sub("<g", svg)
        for opening in ('id="', 'href="#', "url(#"):
            svg = svg.replace(opening, f"{opening}{self.name}-")
        return _SPACE.sub(" ", _LONG.sub("", svg))


@lru_cache(maxsize=1024)
def _attributes(style: str) -> str:
    classes, kept = [], {}
    for part in style.split(";"):
        key, _, value = (piece.strip() for piece in part.partition(":"))
        if key in {"fill", "stroke"} and value in _CLASSES:
            classes.append(f"{key}-{_CLASSES[value]}")
        elif key == "font":
            size = re.search(r"([\d.]+)px", value)
            kept["font-size"] = size[1] if size else "11"
        elif key:
            kept[key] = value
    texts = [f'class="{" ".join(classes)}"'] if classes else []
    return " ".join(texts + [f'{key}="{value}"' for key, value in kept.items()])
