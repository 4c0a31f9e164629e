"""The training step that is measured, phase by phase, the same on a GPU and on the CPU.

Needs PyTorch. Each phase is a context, so that a meter can read before and after:

    for iteration, phase, work in phases(case, device):
        with meter.phase(iteration, phase):
            work()
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import nn

from bench.gpu.case import ITERATIONS, Case

LEARNING_RATE = 1e-3
Phase = tuple[int, str, Callable[[], None]]


def phases(case: Case, device: str) -> Iterator[Phase]:
    """Yields iteration, name and work of each phase, in order; iteration 0 is the set-up.

    Args:
        case: The training set-up.
        device: `cuda` or `cpu`.
    """
    training = Training(case, device)
    yield 0, "model", training.model
    yield 0, "data", training.data
    for iteration in range(1, ITERATIONS + 1):
        yield iteration, "forward", training.forward
        yield iteration, "backward", training.backward
        yield iteration, "step", training.step
        yield iteration, "zero_grad", training.zero_grad


@dataclass(slots=True)
class Training:
    """A network in training. What is alive on the device is alive in `held`, and nowhere else.

    Attributes:
        case: The training set-up.
        device: `cuda` or `cpu`.
        held: The network, its masters, the optimizer, `x`, `y`, `out` and `loss` by name.
    """

    case: Case
    device: str
    held: dict[str, Any] = field(default_factory=dict)

    @property
    def weight_type(self) -> torch.dtype:
        """What the network stores its weights in."""
        return torch.bfloat16 if self.case.precision in ("bf16", "master") else torch.float32

    def model(self) -> None:
        """Makes the network, its 32-bit masters where there are any, and the optimizer."""
        layers: list[nn.Module] = []
        for m, n in self.case.layers:
            layers += [nn.Linear(m, n, device=self.device, dtype=self.weight_type), nn.ReLU()]
        network = nn.Sequential(*layers[:-1])
        self.held["network"] = network
        trained: list[torch.Tensor] = list(network.parameters())
        if self.case.precision == "master":
            trained = [p.detach().to(torch.float32, copy=True) for p in trained]
            self.held["masters"] = trained
        self.held["optimizer"] = optimizer(trained, self.case)

    def data(self) -> None:
        """Makes a batch of random inputs and labels."""
        rows, inputs, classes = self.case.batch, self.case.sizes[0], self.case.sizes[-1]
        self.held["x"] = torch.randn(rows, inputs, device=self.device, dtype=self.weight_type)
        self.held["y"] = torch.randint(classes, (rows,), device=self.device)

    def forward(self) -> None:
        """Runs the network and the loss; logits and loss stay alive."""
        mixed = self.case.precision == "autocast"
        with torch.autocast(self.device, dtype=torch.bfloat16, enabled=mixed):
            self.held["out"] = self.held["network"](self.held["x"])
            self.held["loss"] = nn.functional.cross_entropy(self.held["out"], self.held["y"])

    def backward(self) -> None:
        """Makes the gradients."""
        self.held["loss"].backward()

    def step(self) -> None:
        """Lets the optimizer take a step, on the masters where there are any."""
        masters = self.held.get("masters")
        if masters is None:
            self.held["optimizer"].step()
            return
        trained = list(zip(masters, self.held["network"].parameters(), strict=True))
        for master, parameter in trained:
            master.grad = parameter.grad.to(torch.float32)
        self.held["optimizer"].step()
        with torch.no_grad():
            for master, parameter in trained:
                parameter.copy_(master)
                master.grad = None

    def zero_grad(self) -> None:
        """Lets go of the gradients, the logits and the loss."""
        self.held["network"].zero_grad(set_to_none=True)
        del self.held["out"], self.held["loss"]


def optimizer(trained: list[torch.Tensor], case: Case) -> torch.optim.Optimizer:
    """The case's optimizer over these tensors, in the case's implementation."""
    way: dict[str, Any] = {
        "foreach": case.implementation == "foreach",
        "fused": case.implementation == "fused",
    }
    if case.optimizer == "adam":
        return torch.optim.Adam(trained, lr=LEARNING_RATE, **way)
    momentum = 0.9 if case.optimizer == "momentum" else 0.0
    return torch.optim.SGD(trained, lr=LEARNING_RATE, momentum=momentum, **way)
