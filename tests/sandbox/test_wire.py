"""The plain-data codec: values come back as they went, and hostile bytes do no harm."""

import decimal
import enum
import fractions
import random
import time
from collections import OrderedDict, namedtuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.sandbox import Opaque, WireError, named, wire
from grader.sandbox.activations import FUNCTIONS

plain = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**200), 2**200)
    | st.floats(allow_nan=False)
    | st.text()
    | st.complex_numbers(allow_nan=False)
    | st.fractions()
    | st.binary(max_size=9),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.lists(inner, max_size=4).map(tuple)
        | st.dictionaries(st.text(max_size=3), inner, max_size=3)
    ),
    max_leaves=12,
)


@given(plain)
def test_plain_data_comes_back(value):
    """Lists stay lists, tuples tuples, whole numbers whole, of any size that prints."""
    assert wire.decode(wire.encode(value)) == value


@pytest.mark.parametrize(
    "kind",
    [*("?", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8"), *("f2", "f4", "f8", "c8", "c16")],
)
@pytest.mark.parametrize("shape", [(), (3,), (2, 3), (0, 3), (1, 1, 2)])
def test_arrays_come_back(kind, shape):
    """Type, shape and values are kept, whatever the order in memory."""
    array = np.asfortranarray(
        (np.arange(np.prod(shape, dtype=int)) % 2).reshape(shape).astype(kind)
    )
    back = wire.decode(wire.encode(array))
    assert type(back) is np.ndarray
    assert back.dtype == array.dtype
    assert back.shape == array.shape
    assert np.array_equal(back, array)
    assert back.flags.writeable


@pytest.mark.parametrize("kind", ["?", "i1", "i8", "u8", "f2", "f4", "f8", "c16"])
def test_numpy_scalars_keep_their_type(kind):
    """A `float32` comes back as a `float32`."""
    scalar = np.dtype(kind).type(1)
    back = wire.decode(wire.encode(scalar))
    assert type(back) is type(scalar)
    assert back == scalar


class _Level(enum.IntEnum):
    LOW = 1


_Pair = namedtuple("_Pair", "a b")


@pytest.mark.parametrize(
    ("value", "due"),
    [
        (np.longdouble(1.5), np.float64(1.5)),
        (np.array([1, None, "a"], dtype=object), [1, None, "a"]),
        (np.arange(3, dtype=">i4"), [0, 1, 2]),
        (_Level.LOW, 1),
        (_Pair(1, 2), (1, 2)),
        (OrderedDict(a=1), {"a": 1}),
        (decimal.Decimal("1.50"), decimal.Decimal("1.50")),
        (fractions.Fraction(1, 3), fractions.Fraction(1, 3)),
        (bytearray(b"x"), b"x"),
        (FUNCTIONS["tanh"], named("tanh")),
        (named("square"), named("square")),
        ({1, 2}, Opaque("set")),
        (range(3), Opaque("range")),
        ({1: 2}, Opaque("dict")),
        (10**2000, Opaque("int")),
        (decimal.Decimal("1e100000"), Opaque("Decimal")),
        (np.array(["a"]), Opaque("ndarray")),
        (print, Opaque("builtin_function_or_method")),
        ("\ud800", "\\ud800"),
    ],
)
def test_what_is_almost_plain_becomes_plain(value, due):
    """Subclasses count as what they are made of; the rest is known by its type."""
    back = wire.decode(wire.encode(value))
    assert (back.tolist() if isinstance(back, np.ndarray) else back) == due


def test_activations_become_functions_only_where_asked():
    """The grader's side never decodes a function."""
    data = wire.encode([named("identity")])
    assert wire.decode(data) == [named("identity")]
    assert wire.decode(data, functions=True) == [FUNCTIONS["identity"]]


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_activations_take_numbers_and_arrays_of_any_shape(name):
    """Each number of an array becomes what the number alone would become."""
    function = named(name)
    array = np.array([[-2.0, 0.0], [0.5, 3.0]])
    assert function(array).shape == (2, 2)
    assert function(array)[0, 0] == function(-2.0)
    assert np.ndim(function(-2.0)) == 0


def test_unknown_activations_are_refused():
    """The message says what is allowed."""
    with pytest.raises(ValueError, match="identity"):
        named("relu")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xc1",
        b"\x92\x01",
        b"\x01\x01",
        b"\xa1\xff",
        b"\x81\x01\x01",
        b"\x81\x90\x01",
        b"\xd4\x63\x00",
        b"\xd4\x01\x00",
        b"\xd5\x01\x63\x00",
        b"\xd5\x01\x00\x40",
        b"\xd4\x08\x78",
        b"\xd6\x06" + b"1/0 ",
        b"\xd6\x07" + b"1e99",
        b"\xc7\x09\x07" + b"1e9999999",
        b"\xdd\xff\xff\xff\xff",
        b"\xdb\xff\xff\xff\xff",
        b"\xc7\x0a\x01\x0b\x01" + b"\xff" * 8,
        b"\xd4\x03\x00"[:2],
        b"\x91" * 5000 + b"\x00",
        b"\x90" * 2,
        b"\xc7\x12\x02\x0b\x01" + (1).to_bytes(8, "little") + bytes(8),
        b"\xc8\x40\x05\x06" + b"1" * 0x4003 + b"/1",
        b"\xc8\x30\x01\x07" + b"1" * 0x3001,
    ],
)
def test_bytes_that_are_no_plain_data_are_refused(data):
    """Every fault is a `WireError`."""
    if data == b"\xd6\x07" + b"1e99":
        assert wire.decode(data) == decimal.Decimal("1e99")
        return
    with pytest.raises(WireError):
        wire.decode(data)


def test_spoilt_bytes_are_refused_or_read():
    """Whatever bytes come, nothing but `WireError` is raised."""
    chance = random.Random(7)
    good = wire.encode(
        [(1, 2.5), np.ones((2, 2)), {"a": None}, 2**80, fractions.Fraction(1, 3), named("tanh"), 1j]
    )
    refused = 0
    for _ in range(5000):
        data = bytearray(good)
        for _ in range(chance.randint(1, 4)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        try:
            wire.decode(bytes(data))
        except WireError:
            refused += 1
    assert refused > 0


@pytest.mark.parametrize(
    "data",
    [
        b"\xdd\x00\x98\x96\x80" + b"\x90" * 10_000_000,
        b"\xdd\x00\x01\x86\xa0" * 2_000_000,
        b"\xdd\x00\x01\x86\xa0" + b"\xdd\x00\x00\x00\x05\x90\x90\x90\x90\x90" * 100_000,
        b"\x91" * 10_000_000,
    ],
    ids=["wide", "deep-and-wide", "many", "deep"],
)
def test_large_hostile_messages_are_refused_soon(data):
    """Bombs of lists are refused before they take memory or time."""
    started = time.process_time()
    with pytest.raises(WireError):
        wire.decode(data)
    assert time.process_time() - started < 10


def test_results_beyond_the_limits_are_told_apart():
    """What cannot be decoded again is not encoded in the first place."""
    with pytest.raises(OverflowError):
        wire.encode([0] * (wire.MAX_ITEMS + 1))


def test_with_activations_keeps_all_other_objects():
    """Only the named activations of a call are exchanged."""
    values = [1.0]
    args, kwargs = wire.with_activations(((values, named("tanh")), {"activation": named("square")}))
    assert args[0] is values
    assert args[1] is FUNCTIONS["tanh"]
    assert kwargs == {"activation": FUNCTIONS["square"]}


def test_a_part_that_repeats_crosses_the_pipe_once():
    """Two hundred layers come out as a plain list of the same few, for a few bytes."""
    layers = [(np.eye(2), np.zeros(2)), (np.ones((2, 2)), np.ones(2))]
    once = wire.encode_calls([((layers,), {})])
    often = wire.encode_calls([((wire.Repeated(layers, 100),), {"more": wire.Repeated([1], 3)})])
    ((args, kwargs), watched) = wire.decode_calls(often)[0]
    assert (type(args[0]), len(args[0]), kwargs, watched) == (list, 200, {"more": [1, 1, 1]}, 1)
    assert args[0][0] is args[0][2]
    assert np.array_equal(args[0][199][0], layers[1][0])
    assert len(often) < len(once) + 40


def test_no_student_makes_the_grader_repeat_anything():
    """A few bytes could stand for more than memory holds."""
    part = wire.Repeated([1], 2)
    part.times = 10**9
    forged = wire.encode_calls([((part,), {})])
    with pytest.raises(WireError, match="no extension type"):
        wire.decode(forged)


@pytest.mark.parametrize("shape", [(2**30, 0), (10**5, 10**5, 0), (0, 2**30)])
def test_arrays_of_nothing_stay_small(shape):
    """An array without numbers takes no room, until somebody makes lists of it."""
    with pytest.raises(WireError, match="an empty array"):
        wire.decode(wire.encode_trusted(np.empty(shape)))
    assert wire.decode(wire.encode(np.empty((0, 3)))).shape == (0, 3)
