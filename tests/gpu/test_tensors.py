"""What the exercises count, against PyTorch's tensors; skipped where it is not installed."""

from typing import Any

import pytest
from gpu_cases import SMALL, needs_torch

from bench.gpu.case import OPTIMIZERS, Case
from solutions.memory import training_bytes, weight_bytes, widest_hidden_layer
from solutions.parameters import forward_multiplications, network_parameters

CONTRACT = {"fp32": "fp32", "master": "mixed"}


def trained(case: Case) -> Any:
    """A network after one step, its gradients still there."""
    from bench.gpu.training import Training

    training = Training(case, "cpu")
    for work in (training.model, training.data, training.forward, training.backward, training.step):
        work()
    return training


def real_bytes(tensors: list[Any]) -> int:
    """Bytes of the storages of these tensors, each storage once."""
    storages = {t.untyped_storage().data_ptr(): t.untyped_storage().nbytes() for t in tensors}
    return sum(storages.values())


def states(optimizer: Any) -> list[Any]:
    """The optimizer's tensors, without Adam's step counters: one number a tensor, on the CPU."""
    return [
        tensor
        for state in optimizer.state.values()
        for name, tensor in state.items()
        if name != "step" and tensor is not None
    ]


@needs_torch
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("precision", CONTRACT)
def test_weights_gradients_and_states_are_exact(optimizer: str, precision: str) -> None:
    """What training_bytes counts beside activations is what PyTorch's tensors take."""
    case = Case((784, 300, 100, 10), 4, optimizer, "foreach", precision)
    held = trained(case).held
    parameters = list(held["network"].parameters())
    gradients = [p.grad for p in parameters]
    tensors = [*parameters, *gradients, *held.get("masters", []), *states(held["optimizer"])]
    activations = weight_bytes(4 * sum(case.sizes), 32 if precision == "fp32" else 16)
    due = training_bytes(case.sizes, 4, optimizer, CONTRACT[precision]) - activations
    assert due == real_bytes(tensors)


@needs_torch
@pytest.mark.parametrize("precision", CONTRACT)
@pytest.mark.parametrize(("sizes", "batch"), SMALL)
def test_activations_are_exact(sizes: tuple[int, ...], batch: int, precision: str) -> None:
    """The input and every layer's output, once each: what autograd saves, and the logits."""
    import torch

    from bench.gpu.training import Training

    training = Training(Case(sizes, batch, "sgd", "foreach", precision), "cpu")
    training.model()
    training.data()
    saved: list[Any] = []

    def keep(tensor: Any) -> Any:
        saved.append(tensor)
        return tensor

    with torch.autograd.graph.saved_tensors_hooks(keep, lambda t: t):
        logits = training.held["network"](training.held["x"])
    own = {p.untyped_storage().data_ptr() for p in training.held["network"].parameters()}
    kept = [t for t in saved if t.untyped_storage().data_ptr() not in own]
    whole = training_bytes(sizes, batch, "sgd", CONTRACT[precision])
    # Autograd saves input and hidden layers; the logits are alive in the caller's hands.
    assert whole - 8 * network_parameters(sizes) == real_bytes([*kept, training.held["x"], logits])


@needs_torch
@pytest.mark.parametrize("bits", [16, 32])
@pytest.mark.parametrize("sizes", [sizes for sizes, _ in SMALL])
def test_weight_bytes_are_exact(sizes: tuple[int, ...], bits: int) -> None:
    """weight_bytes is what a network's weights take in 16 and in 32 bits."""
    from bench.gpu.training import Training

    training = Training(Case(sizes, 1, precision={16: "bf16", 32: "fp32"}[bits]), "cpu")
    training.model()
    parameters = list(training.held["network"].parameters())
    assert weight_bytes(network_parameters(sizes), bits) == real_bytes(parameters)


@needs_torch
@pytest.mark.parametrize("hidden_layers", [1, 2, 5])
@pytest.mark.parametrize("budget", [20_000, 1_000_000, 40_000_000])
def test_widest_hidden_layer_is_the_widest_that_torch_can_hold(
    hidden_layers: int, budget: int
) -> None:
    """PyTorch's weights of that width are within the budget, one neuron more is beyond it."""
    from bench.gpu.training import Training

    width = widest_hidden_layer(784, 10, hidden_layers, budget, bits=16)
    held = []
    for wide in (width, width + 1):
        training = Training(Case((784, *[wide] * hidden_layers, 10), 1, precision="bf16"), "cpu")
        training.model()
        held.append(real_bytes(list(training.held["network"].parameters())))
    assert held[0] <= budget < held[1]


@needs_torch
@pytest.mark.parametrize(("sizes", "batch"), SMALL)
def test_multiplications_are_those_that_torch_counts(sizes: tuple[int, ...], batch: int) -> None:
    """PyTorch's counter gives two operations for each multiplication."""
    from torch.utils.flop_counter import FlopCounterMode

    from bench.gpu.training import Training

    training = Training(Case(sizes, batch), "cpu")
    training.model()
    training.data()
    with FlopCounterMode(display=False) as counter:
        training.held["network"](training.held["x"])
    assert 2 * forward_multiplications(sizes, batch) == counter.get_total_flops()
