"""Answer keys as expressions: arithmetic on drawn numbers, evaluated by simpleeval.

Allowed are numbers, the drawn names, `+ - * / // % **`, comparisons, `and or not`, `a if b else c`,
and the functions `min max abs round ceil floor log2 sqrt`. Sizes are bounded, so that no expression
can hang or fill the memory.
"""

from __future__ import annotations

import ast
import math
import operator
import warnings
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from quiz.problems import QuizError

Number = int | float
Scalar = int | float | str

MAX_LENGTH = 500
MAX_BITS = 4096


class ExpressionError(QuizError):
    """An expression cannot be evaluated; the text says why."""


def _power(base: Any, exponent: Any) -> Any:
    if not isinstance(exponent, int | float) or abs(exponent) > MAX_BITS:
        raise ExpressionError(f"the power {exponent!r} is larger than {MAX_BITS}")
    if isinstance(base, int) and base.bit_length() * abs(exponent) > MAX_BITS:
        raise ExpressionError(f"{base} ** {exponent} has more than {MAX_BITS} bits")
    return base**exponent


def _times(left: Any, right: Any) -> Any:
    for factor in (left, right):
        if not isinstance(factor, int | float):
            raise ExpressionError(f"cannot multiply {factor!r}: it is no number")
        if isinstance(factor, int) and factor.bit_length() > MAX_BITS:
            raise ExpressionError(f"a number of more than {MAX_BITS} bits")
    return left * right


_OPERATORS: dict[type, Callable[..., Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: _times,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
    ast.Pow: _power,
    ast.USub: operator.neg,
    ast.UAdd: operator.pos,
    ast.Not: operator.not_,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}

FUNCTIONS: dict[str, Callable[..., Any]] = {
    "min": min,
    "max": max,
    "abs": abs,
    "round": round,
    "ceil": math.ceil,
    "floor": math.floor,
    "log2": math.log2,
    "sqrt": math.sqrt,
}

_NODES = (
    ast.Expression,
    ast.BinOp,
    ast.UnaryOp,
    ast.BoolOp,
    ast.And,
    ast.Or,
    ast.Compare,
    ast.IfExp,
    ast.Call,
    ast.Name,
    ast.Load,
    ast.Constant,
    *_OPERATORS,
)


def names_in(expression: Scalar) -> frozenset[str]:
    """The names that an expression uses, functions left out.

    Raises:
        ExpressionError: It is no expression of the allowed kind.
    """
    if not isinstance(expression, str):
        return frozenset()
    tree = _parsed(expression)
    found = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    return frozenset(found - set(FUNCTIONS))


def evaluate(expression: Scalar, names: Mapping[str, Scalar]) -> Number:
    """The number that an expression comes to.

    Args:
        expression: A number, or text such as `billions * bits / 8`.
        names: What the drawn names stand for.

    Raises:
        ExpressionError: It is not allowed, uses a name that is not there, or comes to no finite
            number.
    """
    if isinstance(expression, bool) or not isinstance(expression, str):
        return _finite(expression, str(expression))
    return _evaluate(expression, tuple(sorted(names.items())))


@lru_cache(maxsize=65_536)
def _evaluate(expression: str, names: tuple[tuple[str, Scalar], ...]) -> Number:
    from simpleeval import SimpleEval

    tree = _parsed(expression)
    # simpleeval's own limits stop numbers above four million from being squared: ours are in the
    # operators
    evaluator = SimpleEval(operators=_OPERATORS, functions=FUNCTIONS, names=dict(names))
    try:
        result = evaluator.eval(expression, previously_parsed=tree.body)
    except ExpressionError as error:
        raise ExpressionError(f"{expression!r}: {error}") from None
    except Exception as error:
        raise ExpressionError(f"{expression!r}: {error}") from None
    return _finite(result, expression)


def _finite(result: Any, expression: str) -> Number:
    if isinstance(result, bool) or not isinstance(result, int | float):
        raise ExpressionError(f"{expression!r} comes to {result!r}, which is no number")
    if isinstance(result, int):
        if result.bit_length() > MAX_BITS:
            raise ExpressionError(f"{expression!r} has more than {MAX_BITS} bits")
        return result
    if not math.isfinite(result):
        raise ExpressionError(f"{expression!r} comes to {result}, which is no finite number")
    return int(result) if result.is_integer() and abs(result) < 2**53 else result


@lru_cache(maxsize=4096)
def _parsed(expression: str) -> ast.Expression:
    if len(expression) > MAX_LENGTH:
        raise ExpressionError(f"longer than {MAX_LENGTH} characters")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of odd escapes in texts: they are refused or harmless
            tree = ast.parse(expression.strip(), mode="eval")
    except (SyntaxError, ValueError, MemoryError, RecursionError) as error:
        said = error.msg if isinstance(error, SyntaxError) else str(error)
        raise ExpressionError(f"{expression!r} is no expression: {said}") from None
    for node in ast.walk(tree):
        if not isinstance(node, _NODES):
            raise ExpressionError(f"{expression!r}: {type(node).__name__} is not allowed")
        if isinstance(node, ast.Constant) and not isinstance(node.value, int | float | str):
            raise ExpressionError(f"{expression!r}: {node.value!r} is not allowed")
        if isinstance(node, ast.Call) and not isinstance(node.func, ast.Name):
            raise ExpressionError(f"{expression!r}: only {', '.join(FUNCTIONS)} can be called")
    return tree
