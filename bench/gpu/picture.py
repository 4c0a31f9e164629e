"""Draws docs/images/memory-phases.png: what each phase holds, predicted and measured.

python -m bench.gpu.picture
"""

from __future__ import annotations

from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from bench.gpu.compare import read
from bench.gpu.model import Held, predict
from bench.gpu.page import ALIVE, SHOWN, Measured, measurements, source

FILE = Path(__file__).resolve().parents[2] / "docs" / "images" / "memory-phases.png"
MEGABYTE = 10**6
WIDTH = 0.38
PREDICTED, MEASURED, CONTRACT = "#4477aa", "#ee6677", "#222222"


def draw() -> Figure:
    """A pair of bars a phase: dark up to what is held at its end, light up to its peak."""
    figure = Figure(figsize=(8, 4.5), layout="constrained")
    axes = figure.add_subplot()
    one = measurements()[SHOWN]
    shown = [held for held in predict(SHOWN) if (held.iteration, held.phase) in ALIVE]
    _predicted(axes, shown)
    _measured(axes, shown, one)
    axes.axhline(one.contract / MEGABYTE, color=CONTRACT, linestyle="--", linewidth=1)
    axes.annotate(
        f"training_bytes: {one.contract / MEGABYTE:.1f} MB",
        (-0.5, one.contract / MEGABYTE),
        xytext=(0, 4),
        textcoords="offset points",
    )
    _label(axes, shown)
    return figure


def _predicted(axes: Axes, shown: list[Held]) -> None:
    places = [i - WIDTH / 2 for i in range(len(shown))]
    _bars(axes, places, [(h.current, h.peak) for h in shown], PREDICTED, "predicted")


def _measured(axes: Axes, shown: list[Held], one: Measured) -> None:
    places = [i + WIDTH / 2 for i in range(len(shown))]
    by = {"cuda": "the GPU's allocator", "cpu": "PyTorch's tracker, on the CPU"}
    kind = by[read(source())["device"]["type"]]
    numbers = [one.phases[h.iteration, h.phase] for h in shown]
    _bars(axes, places, numbers, MEASURED, f"measured by {kind}")


def _bars(
    axes: Axes, places: list[float], numbers: list[tuple[int, int]], color: str, label: str
) -> None:
    ends = [end / MEGABYTE for end, _ in numbers]
    rises = [(most - end) / MEGABYTE for end, most in numbers]
    axes.bar(places, ends, WIDTH, color=color, label=f"{label}: at the end")
    axes.bar(places, rises, WIDTH, bottom=ends, color=color, alpha=0.35, label=f"{label}: at most")


def _label(axes: Axes, shown: list[Held]) -> None:
    case = SHOWN
    axes.set_title(
        f"One training step of {'-'.join(map(str, case.sizes))}, {case.batch} inputs, "
        "Adam, 32 bits",
        loc="left",
    )
    axes.set_xticks(range(len(shown)), [held.phase for held in shown])
    axes.set_ylabel("MB (10⁶ bytes)")
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(frameon=False, loc="upper center", bbox_to_anchor=(0.5, -0.08), ncols=2)


def main() -> None:
    """Writes the picture."""
    FILE.parent.mkdir(parents=True, exist_ok=True)
    draw().savefig(FILE, dpi=150, metadata={"Software": None})


if __name__ == "__main__":
    main()
