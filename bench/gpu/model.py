"""What PyTorch holds in memory during a training step, predicted to the byte.

The step is told as a list of events: a tensor is made, a tensor is let go. The sum of what is
alive is what the phase holds at its end; the largest sum on the way is its peak. The events
follow PyTorch's own order (autograd's saved tensors, `torch/optim`), read from its source:

- ReLU saves its *result*, which is the same storage as the next layer's saved input, so a hidden
  layer counts once; its pre-activation dies as soon as ReLU has run.
- Gradients appear in backward, layer by layer from the last, while activations go.
- Optimizer states appear in the first `step()`. Adam on a list of tensors (`foreach`, the default
  on a GPU) then needs a temporary as large as all weights; one tensor after the other
  (`for-loop`) needs twice the largest tensor; `fused` needs none.
- Autocast keeps weights, gradients and states in 32 bits and adds 16-bit copies of the weights.

The CUDA allocator hands out blocks of whole 512 bytes: `rounded=True` rounds each tensor up.
What libraries take for themselves (cuBLAS workspaces, the CUDA context) is not in here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from bench.gpu.case import ITERATIONS, Case

BLOCK = 512
MIB = 2**20
LABEL_BYTES = 8
COUNTER_BYTES = 4
STATES = {"sgd": 0, "momentum": 1, "adam": 2}


@dataclass(frozen=True, slots=True)
class Held:
    """Bytes that a phase holds at its end, and at most on the way.

    `large` counts the tensors of more than 1 MiB that are alive at the end: the default
    allocator may leave up to 1 MiB unused behind each.
    """

    iteration: int
    phase: str
    current: int
    peak: int
    large: int


def predict(case: Case, *, rounded: bool = False, device: str = "cuda") -> tuple[Held, ...]:
    """What each phase of two training iterations holds.

    Args:
        case: The training set-up.
        rounded: Count each tensor as the CUDA allocator does, in whole blocks of 512 bytes
            (PyTorch's `allocated_bytes`), instead of the bytes asked for (`requested_bytes`).
        device: `cuda`, or `cpu`, where Adam's step counters count too.

    Returns:
        `model` and `data` once, as iteration 0, then `forward`, `backward`, `step` and
        `zero_grad` of each iteration.
    """
    return tuple(_Step(case, rounded, device).run())


def weights(case: Case, *, rounded: bool = False) -> int:
    """Bytes of the weights and biases that the network computes with."""
    return sum(_sizer(rounded)(_weight_bytes(case) * n) for n in _numbers(case))


def in_blocks(size: int) -> int:
    """Bytes that the CUDA allocator sets aside for a tensor of so many bytes."""
    return BLOCK * max(1, -(-size // BLOCK))


def largest_sum(phases: Iterable[Held]) -> int:
    """The most bytes held at any moment of these phases."""
    return max(phase.peak for phase in phases)


@dataclass(slots=True)
class _Ledger:
    """What is alive, by name, and the highest sum since the last phase."""

    size: Callable[[int], int]
    alive: dict[str, int] = field(default_factory=dict)
    total: int = 0
    peak: int = 0

    def make(self, name: str, number_of_bytes: int) -> None:
        if name in self.alive:
            raise KeyError(f"{name} is alive already")
        self.alive[name] = self.size(number_of_bytes)
        self.total += self.alive[name]
        self.peak = max(self.peak, self.total)

    def drop(self, *names: str) -> None:
        for name in names:
            self.total -= self.alive.pop(name)

    def rename(self, old: str, new: str) -> None:
        self.alive[new] = self.alive.pop(old)

    def close(self, iteration: int, phase: str) -> Held:
        large = sum(size > MIB for size in self.alive.values())
        held = Held(iteration, phase, self.total, self.peak, large)
        self.peak = self.total
        return held


@dataclass(slots=True)
class _Step:
    """The events of a training step, phase by phase. Layers count from 1, tensors from 0."""

    case: Case
    rounded: bool
    device: str
    ledger: _Ledger = field(init=False)

    def __post_init__(self) -> None:
        self.ledger = _Ledger(_sizer(self.rounded))

    def run(self) -> Iterator[Held]:
        self.model()
        yield self.ledger.close(0, "model")
        self.data()
        yield self.ledger.close(0, "data")
        phases = (self.forward, self.backward, self.step, self.zero_grad)
        for iteration in range(1, ITERATIONS + 1):
            for phase in phases:
                phase()
                yield self.ledger.close(iteration, phase.__name__)

    @property
    def autocast(self) -> bool:
        return self.case.precision == "autocast"

    @property
    def value(self) -> int:
        """Bytes of an activation."""
        return 4 if self.case.precision == "fp32" else 2

    @property
    def loss_value(self) -> int:
        """Bytes of a number of the loss; autocast computes it in 32 bits."""
        return 4 if self.autocast else self.value

    @property
    def state_value(self) -> int:
        """Bytes of a number that the optimizer works on."""
        return 2 if self.case.precision == "bf16" else 4

    def outputs(self, layer: int, value: int) -> int:
        return value * self.case.batch * self.case.sizes[layer]

    def model(self) -> None:
        for i, n in enumerate(_numbers(self.case)):
            self.ledger.make(f"weight {i}", _weight_bytes(self.case) * n)
        if self.case.precision == "master":
            for i, n in enumerate(_numbers(self.case)):
                self.ledger.make(f"master {i}", 4 * n)

    def data(self) -> None:
        self.ledger.make("x", self.outputs(0, _weight_bytes(self.case)))
        self.ledger.make("y", LABEL_BYTES * self.case.batch)

    def forward(self) -> None:
        for layer, (m, n) in enumerate(self.case.layers, start=1):
            if self.autocast:
                self.cast_for(layer, m, n)
            self.ledger.make(f"z {layer}", self.outputs(layer, self.value))
            if layer < len(self.case.layers):
                self.ledger.make(f"h {layer}", self.outputs(layer, self.value))
                self.ledger.drop(f"z {layer}")
        self.loss()
        if self.autocast:
            biases = (f"bias copy {layer}" for layer in range(1, len(self.case.layers) + 1))
            self.ledger.drop("weight copy 1", *biases)

    def cast_for(self, layer: int, m: int, n: int) -> None:
        self.ledger.make(f"bias copy {layer}", 2 * n)
        self.ledger.make(f"weight copy {layer}", 2 * m * n)
        if layer == 1:
            self.ledger.make("x copy", self.outputs(0, 2))

    def loss(self) -> None:
        logits = self.outputs(-1, self.loss_value)
        if self.autocast:
            self.ledger.make("logits copy", logits)
        self.ledger.make("log probabilities", logits)
        # Autocast casts inside log_softmax on CUDA, around the whole loss on the CPU.
        if self.autocast and self.device == "cuda":
            self.ledger.drop("logits copy")
        self.ledger.make("loss", self.loss_value)
        self.ledger.make("total weight", self.loss_value)
        if self.autocast and self.device == "cpu":
            self.ledger.drop("logits copy")

    def backward(self) -> None:
        last = len(self.case.layers)
        self.ledger.make("seed", self.loss_value)
        self.loss_backward(last)
        for layer in range(last, 0, -1):
            self.layer_backward(layer)
        self.ledger.drop("seed")

    def loss_backward(self, last: int) -> None:
        logits = self.outputs(-1, self.loss_value)
        self.ledger.make("d log probabilities", logits)
        self.ledger.drop("total weight")
        self.ledger.make("d logits", logits)
        self.ledger.drop("d log probabilities", "log probabilities")
        if self.autocast:
            self.ledger.make(f"dz {last}", self.outputs(-1, 2))
            self.ledger.drop("d logits")
        else:
            self.ledger.rename("d logits", f"dz {last}")

    def layer_backward(self, layer: int) -> None:
        m, n = self.case.layers[layer - 1]
        below = layer - 1
        if below:
            self.ledger.make(f"dh {below}", self.outputs(below, self.value))
        self.parameter_gradients(layer, m, n)
        if below:
            self.ledger.make(f"dz {below}", self.outputs(below, self.value))
            self.ledger.drop(f"dh {below}", f"h {below}")

    def parameter_gradients(self, layer: int, m: int, n: int) -> None:
        weight, bias = 2 * layer - 2, 2 * layer - 1
        if not self.autocast:
            self.ledger.make(f"grad {weight}", self.value * m * n)
            self.ledger.make(f"grad {bias}", self.value * n)
            self.ledger.drop(f"dz {layer}")
            return
        self.ledger.make("16-bit dW", 2 * m * n)
        self.ledger.make("16-bit db", 2 * n)
        self.ledger.drop(f"dz {layer}", "x copy" if layer == 1 else f"weight copy {layer}")
        self.ledger.make(f"grad {weight}", 4 * m * n)
        self.ledger.drop("16-bit dW")
        self.ledger.make(f"grad {bias}", 4 * n)
        self.ledger.drop("16-bit db")

    def step(self) -> None:
        numbers = _numbers(self.case)
        if self.case.precision == "master":
            for i, n in enumerate(numbers):
                self.ledger.make(f"32-bit grad {i}", 4 * n)
        if "state 0.0" not in self.ledger.alive:
            self.states(numbers)
        if self.case.optimizer == "adam":
            self.adam_temporaries(numbers)
        if self.case.precision == "master":
            self.ledger.drop(*(f"32-bit grad {i}" for i in range(len(numbers))))

    def states(self, numbers: tuple[int, ...]) -> None:
        adam = self.case.optimizer == "adam"
        for i, n in enumerate(numbers):
            if adam and (self.device == "cpu" or self.case.implementation == "fused"):
                self.ledger.make(f"counter {i}", COUNTER_BYTES)
            for k in range(STATES[self.case.optimizer]):
                self.ledger.make(f"state {k}.{i}", self.state_value * n)

    def adam_temporaries(self, numbers: tuple[int, ...]) -> None:
        if self.case.implementation == "foreach":
            for i, n in enumerate(numbers):
                self.ledger.make(f"denominator {i}", self.state_value * n)
            self.ledger.drop(*(f"denominator {i}" for i in range(len(numbers))))
        elif self.case.implementation == "for-loop":
            self.one_tensor_at_a_time(numbers)

    def one_tensor_at_a_time(self, numbers: tuple[int, ...]) -> None:
        # The name `denom` keeps the tensor before alive until the next one is made.
        for i, n in enumerate(numbers):
            self.ledger.make("root", self.state_value * n)
            self.ledger.make(f"denominator {i}", self.state_value * n)
            self.ledger.drop("root", *([f"denominator {i - 1}"] if i else []))
        self.ledger.drop(f"denominator {len(numbers) - 1}")

    def zero_grad(self) -> None:
        gradients = (f"grad {i}" for i in range(len(_numbers(self.case))))
        self.ledger.drop(*gradients, f"z {len(self.case.layers)}", "loss")


def _numbers(case: Case) -> tuple[int, ...]:
    """Numbers in each weight and bias, in the order of `model.parameters()`."""
    return tuple(n for m, out in case.layers for n in (m * out, out))


def _weight_bytes(case: Case) -> int:
    return 4 if case.precision in ("fp32", "autocast") else 2


def _sizer(rounded: bool) -> Callable[[int], int]:
    return in_blocks if rounded else int
