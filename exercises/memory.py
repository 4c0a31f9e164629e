"""Memory: how many bytes a network takes, and how wide it may be."""

from collections.abc import Sequence

from exercises.parameters import dense_parameters, network_parameters


def weight_bytes(parameters: int, bits: int = 16) -> int:
    """Count the bytes that hold the parameters: parameters * bits / 8, rounded up.

    Args:
        parameters: how many numbers are stored, at least 0.
        bits: bits of each number, at least 1. There are 8 bits in a byte.

    Returns:
        Whole bytes, exact: a last byte that is only partly used counts too.

    Raises:
        ValueError: where parameters is below 0 or bits is below 1.

    Example (3 numbers of 4 bits are 12 bits, and a byte and a half takes 2 bytes):
        >>> weight_bytes(3, bits=4)
        2

    Lesson 04, "The engineering cost of depth and width".
    """
    raise NotImplementedError("weight_bytes: multiply parameters by bits, divide by 8, round up")


def training_bytes(
    sizes: Sequence[int], batch: int, optimizer: str = "adam", precision: str = "fp32"
) -> int:
    """Count the bytes of one training step: parameters and activations.

    Each parameter takes its weight, its gradient, an fp32 master copy and the optimizer's
    state, in bytes:

        precision  weight  gradient  master copy  sgd  momentum  adam
        fp32       4       4         0            0    4         8
        mixed      2       2         4            0    4         8

    The activations kept for the backward pass are the input batch and the output of every
    layer: batch * sum(sizes) numbers, of 4 bytes in fp32 and 2 bytes in mixed.

    Args:
        sizes: widths of the layers, input first, output last: a list, tuple or array of at
            least two whole numbers.
        batch: how many inputs go through the network in one step, at least 1.
        optimizer: "sgd", "momentum" or "adam".
        precision: "fp32" or "mixed".

    Returns:
        Whole bytes, exact.

    Raises:
        ValueError: for another optimizer or precision, where there are fewer than two
            sizes, or where one of them or batch is not a whole number of at least 1.

    Example (26 parameters of 4 + 4 + 8 bytes, and 10 * (3 + 4 + 2) activations of 4 bytes):
        >>> training_bytes([3, 4, 2], batch=10)
        776

    Lesson 04, "The engineering cost of depth and width".
    """
    raise NotImplementedError(
        "training_bytes: add the bytes of the parameters and of the activations"
    )


def fits(
    sizes: Sequence[int],
    batch: int,
    budget_bytes: int,
    optimizer: str = "adam",
    precision: str = "fp32",
) -> bool:
    """Say whether a training step takes no more bytes than the budget.

    Args:
        sizes: widths of the layers, input first, output last: a list, tuple or array of at
            least two whole numbers.
        batch: how many inputs go through the network in one step, at least 1.
        budget_bytes: the bytes that there are. Nothing fits into a negative budget.
        optimizer: "sgd", "momentum" or "adam".
        precision: "fp32" or "mixed".

    Returns:
        True where the step takes budget_bytes or less, also exactly that many, else False.

    Raises:
        ValueError: as training_bytes does.

    Example (the step takes 776 bytes):
        >>> fits([3, 4, 2], batch=10, budget_bytes=776)
        True
        >>> fits([3, 4, 2], batch=10, budget_bytes=775)
        False

    Lesson 04, "The engineering cost of depth and width".
    """
    raise NotImplementedError("fits: compare training_bytes with budget_bytes")


def widest_hidden_layer(
    inputs: int, outputs: int, hidden_layers: int, budget_bytes: int, bits: int = 16
) -> int:
    """Find the largest width w with which [inputs, w, ..., w, outputs] fits the budget.

    The weights and biases of all layers, stored at bits bits each, take no more than
    budget_bytes. Budgets reach 10**12 bytes: halve the range of widths again and again
    instead of trying one width at a time.

    Args:
        inputs: width of the input layer, at least 1.
        outputs: width of the output layer, at least 1.
        hidden_layers: how many hidden layers there are, all of width w, at least 1.
        budget_bytes: the bytes that there are, at least 0.
        bits: bits of each number, at least 1.

    Returns:
        The largest width, an exact whole number; 0 where not even a width of 1 fits.

    Raises:
        ValueError: where inputs, outputs, hidden_layers or bits is below 1, inputs, outputs
            or hidden_layers is not whole, or budget_bytes is below 0.

    Example (3*4 + 4 + 4*2 + 2 = 26 parameters of 2 bytes; a width of 5 would take 64 bytes):
        >>> widest_hidden_layer(3, 2, hidden_layers=1, budget_bytes=60)
        4

    Lesson 04, "The engineering cost of depth and width".
    """
    raise NotImplementedError("widest_hidden_layer: halve the range of widths until one is left")
