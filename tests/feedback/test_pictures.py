"""The pictures: SVG that any page may hold, and that shows what the numbers say."""

from __future__ import annotations

import re
from typing import Any
from xml.etree import ElementTree

import matplotlib as mpl
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from grader.feedback import bars, pictures, samples
from grader.feedback.canvas import drawing
from grader.references import functions
from nnv.manifest import manifest

SIDE = len(samples.PLANE_AXIS)
FINITE = st.floats(-1e15, 1e15)


@pytest.fixture(scope="module")
def due() -> dict[str, Any]:
    """The samples of the references."""
    return samples.reference(functions(manifest()))


def drawn(due: dict[str, Any]) -> list[str]:
    """All pictures of the references."""
    folds = due["folds"]
    pages = [
        pictures.relu(due["relu"]),
        pictures.neuron(due["neuron"]),
        pictures.plane(),
        pictures.fold(folds["layers"][0], 1),
        pictures.surface(folds["answer"], "the answer"),
        pictures.surface(folds["collapsed"], "collapsed"),
        bars.counts(due["counts"]),
        bars.memory(due["weights"], due["steps"]),
    ]
    return [str(page) for page in pages]


def parsed(svg: object) -> ElementTree.Element:
    """The picture, read as strictly as XML is read."""
    text = str(svg).replace("<svg ", '<svg xmlns:xlink="http://www.w3.org/1999/xlink" ', 1)
    return ElementTree.fromstring(text)


def half_lines(svg: object) -> int:
    """How many separate lines a surface's border between 0 and 1 has."""
    lines = [p for p in parsed(svg).iter() if p.get("class") == "stroke-ink"]
    return sum((p.get("d") or "").count("M") for p in lines)


def test_a_picture_obeys_the_policy(due: dict[str, Any]) -> None:
    """No inline style, no script, no link to elsewhere, and every colour is the page's."""
    for svg in drawn(due):
        parsed(svg)
        assert not re.search(r'style=|<style|<script|https?:|(fill|stroke)="#', svg)


def test_a_picture_says_what_it_shows(due: dict[str, Any]) -> None:
    """It is one image with a name to those who hear the page."""
    for svg in drawn(due):
        assert parsed(svg).get("role") == "img"
        assert parsed(svg).get("aria-label")


def test_pictures_of_one_page_share_no_id(due: dict[str, Any]) -> None:
    """What one picture defines, another kind of picture never uses."""
    found = [set(re.findall(r'id="([^"]+)"', svg)) for svg in drawn(due)]
    kinds = [found[i] for i in (0, 1, 2, 4, 6, 7)]
    assert sum(map(len, kinds)) == len(set().union(*kinds))


def forget() -> None:
    """Draw everything anew from here on, the frames too."""
    for module in (pictures, bars):
        for found in vars(module).values():
            if hasattr(found, "cache_clear"):
                found.cache_clear()


def test_the_same_numbers_give_the_same_bytes(due: dict[str, Any]) -> None:
    """No random ids, no dates."""
    before = drawn(due)
    forget()
    assert drawn(due) == before


def test_ones_own_matplotlib_settings_change_nothing(due: dict[str, Any]) -> None:
    """Neither a matplotlibrc nor where the first picture of a process was asked for."""
    forget()
    with drawing():
        before = drawn(due)
    forget()
    mine = {"lines.solid_capstyle": "butt", "axes.grid": True, "xtick.major.size": 20}
    with mpl.rc_context(mine):
        after = drawn(due)
    forget()
    assert after == before


def test_the_xor_network_draws_two_lines_and_collapsed_only_one(due: dict[str, Any]) -> None:
    """What the lesson says: with the bend a shape that no line can give, without it a line."""
    folds = due["folds"]
    assert half_lines(pictures.surface(folds["answer"], "")) == 2
    assert half_lines(pictures.surface(folds["collapsed"], "")) == 1


def test_a_flat_answer_draws_no_line() -> None:
    """A network that says the same everywhere has no border."""
    assert half_lines(pictures.surface([0.2] * SIDE**2, "")) == 0


def test_a_bar_is_as_long_as_its_number(due: dict[str, Any]) -> None:
    """Twice the bytes, twice the bar; what is beyond the scale ends at its edge."""
    svg = bars.memory([2e9, 4e9, 8e9, 1e14, None], None)
    found = [p.get("d") or "" for p in parsed(svg).iter() if p.get("class") == "fill-accent"]
    spans = [re.findall(r"[ML] ([\d.]+)", d) for d in found]
    lengths = [max(map(float, xs)) - min(map(float, xs)) for xs in spans]
    assert lengths[1] == pytest.approx(2 * lengths[0], abs=0.2)
    assert lengths[2] == pytest.approx(2 * lengths[1], abs=0.2)
    assert lengths[3] < 360
    assert lengths[4] == 0
    assert "no number" in str(svg)


def test_nothing_to_draw_is_no_picture() -> None:
    """What gave no numbers has no picture."""
    nothing = [
        pictures.relu(None),
        pictures.neuron({"dots": None, "line": None}),
        pictures.fold(None, 1),
        pictures.surface(None, ""),
        bars.counts(None),
        bars.memory(None, None),
    ]
    assert nothing == [None] * 6


@settings(max_examples=25, deadline=None)
@given(arrays(float, (SIDE**2,), elements=FINITE), arrays(float, (SIDE**2, 2), elements=FINITE))
def test_any_finite_numbers_can_be_drawn(values: Any, points: Any) -> None:
    """However wild, they give a well-formed picture without nan or infinity in it."""
    svgs = [pictures.surface(values.tolist(), ""), pictures.fold(points.tolist(), 1)]
    dots = {"dots": values[:81].tolist(), "line": values[:9].tolist()}
    svgs += [pictures.neuron(dots), pictures.relu(values[:25].tolist())]
    for svg in svgs:
        parsed(svg)
        assert not re.search(r"\b(nan|inf)\b", str(svg))


def test_a_curve_with_gaps_is_drawn_in_pieces() -> None:
    """Where a function gave no number, its curve has a gap."""
    curve: list[float | None] = [float(x) for x in np.maximum(samples.RELU_X, 0)]
    curve[12] = None
    lines = [p for p in parsed(pictures.relu(curve)).iter() if p.get("class") == "stroke-accent"]
    assert sum((p.get("d") or "").count("M") for p in lines) == 2
