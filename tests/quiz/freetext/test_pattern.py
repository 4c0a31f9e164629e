"""The language of patterns, tried over letters that stand for themselves."""

from __future__ import annotations

import re

import pytest

from quiz.freetext.pattern import Alphabet, Node, PatternError, needs, parse, to_regex

ALPHABET = Alphabet(
    code=lambda node: frozenset({"set": "pq"}.get(node.kind, node.value)),
    phrases=lambda name: (parse("x y", gap=0),),
    between=r"[^.N]",
    within=r"[^.,N]",
    word=r"[^.,N]",
    unknown="[UV]",
    unknowns=frozenset(),
    ends=".",
)


def matches(pattern: str, text: str) -> bool:
    return re.search(to_regex(parse(pattern), ALPHABET), text) is not None


@pytest.mark.parametrize(
    ("pattern", "yes", "no"),
    [
        ("a b", "a--b", "a---b"),
        ("a _ b", "ab", "a-b"),
        ("a ... b", "a-------b", "a--------b"),
        ("a ...3 b", "a---b", "a----b"),
        ("a b", "a,b", "a.b"),
        ("a b", "a-b", "aNb"),
        ("a ..3 b", "a--b", "a,b"),
        ("(a|b _ c) d", "bcd", "bd"),
        ("a b? c", "a-c", "a---c"),
        ("a b? c", "a--b--c", "a--N--c"),
        ("a _ !b", "ac", "ab"),
        ("a _ !b ..2 c", "a-c", "abc"),
        ("[a & b & c]1", "c-a-b", "c--a-b"),
        ("@anything", "xy", "x"),
        ("@anything", "q", "r"),
        ("{x} _ b _ {x}", "cbc", "cbd"),
        ("% a", "Va", "wa"),
        ("^ _ a", ".a", "ba"),
        ("a _ $", "a.", "ab"),
    ],
)
def test_what_a_pattern_takes(pattern: str, yes: str, no: str) -> None:
    """Each sign of the language, by a text that it takes and one that it doesn't."""
    assert matches(pattern, yes)
    assert not matches(pattern, no)


@pytest.mark.parametrize(
    ("pattern", "message"),
    [
        ("a |", "an empty part"),
        ("(a b", r"expected '\)'"),
        ("[a & b", "without its ']'"),
        ("a ) b", "nothing more was expected"),
        ("a <> b =", "cannot read"),
        ("", "an empty part"),
    ],
)
def test_a_faulty_pattern_is_refused(pattern: str, message: str) -> None:
    """The message says what was found or missed."""
    with pytest.raises(PatternError, match=message):
        parse(pattern)


def test_needs_are_what_every_match_holds() -> None:
    """Parts that may be missing are no need; alternatives are one need together."""
    found = needs(parse("a b? (c|d)"), ALPHABET)
    assert (frozenset("a"), frozenset("cd")) == found
    assert needs(parse("(a|b?)"), ALPHABET) == ()
    assert (frozenset("pqx"),) == needs(Node("set", "anything"), ALPHABET)
