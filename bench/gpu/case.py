"""One training set-up to predict or to measure, and the matrix of all that are measured.

Plain data: nothing here needs PyTorch.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

OPTIMIZERS = ("sgd", "momentum", "adam")
IMPLEMENTATIONS = ("foreach", "for-loop", "fused")
PRECISIONS = ("fp32", "bf16", "autocast", "master")
ALLOCATORS = ("default", "expandable_segments")
PHASES = ("model", "data", "forward", "backward", "step", "zero_grad")
ITERATIONS = 2

NETWORKS = (
    (3, 5, 7, 2),
    (784, 300, 100, 10),
    (784, 512, 512, 10),
    (784, 4096, 4096, 10),
    (1024, 8192, 8192, 8192, 10),
)
BATCHES = (1, 64, 300, 4096)
USUAL_BATCH = 64


@dataclass(frozen=True, slots=True)
class Case:
    """A network, a batch, an optimizer and a precision.

    Attributes:
        sizes: Widths of the layers, input first, at least two.
        batch: Inputs in the batch.
        optimizer: One of `OPTIMIZERS`.
        implementation: How PyTorch runs the optimizer, one of `IMPLEMENTATIONS`.
        precision: `fp32`; `bf16` (everything in 16 bits); `autocast` (32-bit weights, 16-bit
            arithmetic); `master` (16-bit weights and gradients beside a 32-bit copy that the
            optimizer works on: what the exercises call `mixed`).

    Raises:
        ValueError: Where a field has another value.
    """

    sizes: tuple[int, ...]
    batch: int
    optimizer: str = "adam"
    implementation: str = "foreach"
    precision: str = "fp32"

    def __post_init__(self) -> None:
        _one_of("optimizer", self.optimizer, OPTIMIZERS)
        _one_of("implementation", self.implementation, IMPLEMENTATIONS)
        _one_of("precision", self.precision, PRECISIONS)
        if len(self.sizes) < 2 or min(self.sizes) < 1:
            raise ValueError(f"sizes: two or more widths of at least 1 are due, found {self.sizes}")
        if self.batch < 1:
            raise ValueError(f"batch: must be at least 1, found {self.batch}")

    @property
    def layers(self) -> tuple[tuple[int, int], ...]:
        """Inputs and outputs of each layer, first layer first."""
        return tuple(zip(self.sizes, self.sizes[1:], strict=False))

    @property
    def name(self) -> str:
        """A short name that no other case has: `784-300-100-10 b64 adam foreach fp32`."""
        widths = "-".join(map(str, self.sizes))
        return f"{widths} b{self.batch} {self.optimizer} {self.implementation} {self.precision}"

    def to_dict(self) -> dict[str, Any]:
        """The fields as they stand in a measurement file."""
        return asdict(self) | {"sizes": list(self.sizes)}

    @classmethod
    def from_dict(cls, fields: dict[str, Any]) -> Case:
        """Reads what `to_dict` wrote; other keys are left alone."""
        return cls(
            tuple(fields["sizes"]),
            fields["batch"],
            fields["optimizer"],
            fields["implementation"],
            fields["precision"],
        )


def _one_of(field: str, value: str, allowed: tuple[str, ...]) -> None:
    if value not in allowed:
        raise ValueError(f"{field}: must be one of {', '.join(allowed)}; found {value!r}")


def matrix() -> tuple[Case, ...]:
    """Every case that is measured.

    Each network and precision runs at every batch with the usual optimizer (Adam, foreach) and
    at one batch with the others, so that a run takes minutes, not hours.
    """
    return tuple(
        Case(sizes, batch, optimizer, implementation, precision)
        for sizes in NETWORKS
        for precision in PRECISIONS
        for batch, optimizer, implementation in _variations()
    )


def _variations() -> tuple[tuple[int, str, str], ...]:
    usual = tuple((batch, "adam", "foreach") for batch in BATCHES)
    others = (("sgd", "foreach"), ("momentum", "foreach"), ("adam", "for-loop"), ("adam", "fused"))
    return usual + tuple((USUAL_BATCH, *other) for other in others)
