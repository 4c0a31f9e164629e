"""docs/memory.md and its picture: made from the kept measurement, and whole."""

from pathlib import Path

import pytest
import yaml
from gpu_cases import ON_A_GPU

from bench.gpu import compare, page, picture

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "memory.md"
COUNTING = ("parameters", "memory")


def test_the_page_has_a_line_for_every_number_that_is_marked() -> None:
    """Each counting function and each numeric question of the quiz stands in a table."""
    quiz = yaml.safe_load((ROOT / "quiz" / "lesson04.yaml").read_text(encoding="utf-8"))
    exercises = yaml.safe_load((ROOT / "exercises" / "exercises.yaml").read_text(encoding="utf-8"))
    marked = [q["id"] for q in quiz["questions"] if q["type"] == "numeric"]
    marked += [f["name"] for f in exercises["functions"] if f["module"] in COUNTING]
    lines = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line[:1] == "|"]
    missing = [name for name in marked if not any(f"`{name}" in line for line in lines)]
    assert len(marked) >= 10 + 7
    assert missing == []


def test_the_tables_are_those_of_the_measurement() -> None:
    """The page's tables are what bench/gpu/page.py makes of the kept measurement."""
    text = PAGE.read_text(encoding="utf-8")
    assert page.filled(text) == text


def test_the_page_counts_what_was_compared() -> None:
    """The number of comparisons that the page names is the one that the comparison makes."""
    kept = compare.read(compare.FOLDER / "cpu-tracker.json")
    assert f"{compare.compare(kept).compared:,} numbers" in PAGE.read_text(encoding="utf-8")


def test_the_page_says_what_was_measured() -> None:
    """While no GPU measurement is kept the page says so, and no longer."""
    text = PAGE.read_text(encoding="utf-8")
    assert ("No GPU has been measured yet" in text) == (not ON_A_GPU)


def test_a_page_without_a_place_for_a_table_is_refused() -> None:
    """A table that would be lost is an error."""
    with pytest.raises(ValueError, match="'<!-- table: phases -->' is due, found 0"):
        page.filled("nothing here")


def test_the_picture_shows_prediction_and_measurement() -> None:
    """Each phase has two bars of two parts, and the legend says who measured."""
    drawn = picture.draw()
    axes = drawn.axes[0]
    phases = [label.get_text() for label in axes.get_xticklabels()]
    assert phases == ["model", "data", "forward", "backward", "step", "zero_grad"]
    assert len(axes.patches) == 4 * len(phases)
    labels = " ".join(axes.get_legend_handles_labels()[1])
    assert ("tracker, on the CPU" in labels) == (not ON_A_GPU)
    assert picture.FILE.stat().st_size > 0
