"""The small language in which the rules say how a thing may be said, and its translation.

A text is coded as one character a token, so that a pattern becomes an ordinary regular expression
over tokens. The language (docs/free-text.md shows it with examples):

    multiply        the word in any form (its stem); `=weighted` that form only
    @scale          any member of a set
    a b             a, then b, at most two tokens between them
    a_b             a, then b at once
    a ... b         at most seven tokens between; `...12` at most twelve
    a .. b          the same, but not over a comma, colon, bracket or dash; `..4` at most four
    (a|b c)         one of these; `a?` may be missing; `!a` is not the next token
    [a & b & c]8    all of them in any order, at most eight tokens from one to the next
    {x}             any word; a second {x} is the same word again ("a copy of a copy is a copy")
    #               a number;  ~  one that is the product of two others in the answer
    %               a word that no rule knows
    ,               a comma, colon, bracket or dash;  :  a colon;  <  an opening bracket
    ^  $            beginning and end of a sentence

What lies between two parts never holds the end of a sentence or a word of negation.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

_FEWEST_IN_A_RANGE = 3
_LEX = re.compile(
    r"\s*(?:(?P<dots>\.{2,3}\d*)|(?P<same>\{[a-z]\})|(?P<punct>[()|&?!_^$#%,~:<\[])|(?P<close>\]\d*)"
    r"|@(?P<set>[a-z0-9-]+)|(?P<exact>=?)(?P<word>[^\s()|&?!_^$#%,~:<{}\[\]@=.]+))"
)
GAP = 2
LONG_GAP = 7


class PatternError(ValueError):
    """A pattern that does not follow the language; says what was found and what was expected."""


@dataclass(frozen=True, slots=True)
class Node:
    """A part of a pattern.

    Attributes:
        kind: `word`, `exact`, `set`, `special`, `same`, `seq`, `alt`, `all`, `not` or `optional`.
        value: the word, the set's name or the special sign.
        parts: what it is made of; in a `seq` joined by `gaps`.
        gaps: how many tokens may lie before each part but the first (`all`: one number for all);
            below zero: that many, but no pause.
    """

    kind: str
    value: str = ""
    parts: tuple[Node, ...] = ()
    gaps: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class _Lexeme:
    kind: str
    value: str
    spaced: bool


def parse(source: str, gap: int = GAP) -> Node:
    """Read a pattern.

    Args:
        source: the pattern's text.
        gap: how many tokens a plain space allows.

    Raises:
        PatternError: with the place in the pattern and what was expected there.
    """
    lexemes = list(_lex(source))
    node, rest = _alternatives(lexemes, 0, gap)
    if rest != len(lexemes):
        raise PatternError(f"found {lexemes[rest].value!r} where nothing more was expected")
    return node


def _lex(source: str) -> Iterator[_Lexeme]:
    place = 0
    while place < len(source.rstrip()):
        match = _LEX.match(source, place)
        if match is None:
            raise PatternError(
                f"cannot read {source[place:]!r}; write words, @sets or one of ()[]|&?!_#%^$,"
            )
        kind = match.lastgroup or ""
        value = match[kind]
        if kind == "word" and match["exact"]:
            kind = "exact"
        yield _Lexeme("set" if kind == "set" else kind, value, match[0][:1].isspace())
        place = match.end()


def _alternatives(lexemes: list[_Lexeme], at: int, gap: int) -> tuple[Node, int]:
    parts = []
    while True:
        node, at = _sequence(lexemes, at, gap)
        parts.append(node)
        if at < len(lexemes) and lexemes[at].value == "|":
            at += 1
            continue
        return (parts[0] if len(parts) == 1 else Node("alt", parts=tuple(parts))), at


def _sequence(lexemes: list[_Lexeme], at: int, gap: int) -> tuple[Node, int]:
    parts: list[Node] = []
    gaps: list[int] = []
    pending = gap
    while (
        at < len(lexemes)
        and lexemes[at].value not in ("|", "&", ")")
        and lexemes[at].kind != "close"
    ):
        lexeme = lexemes[at]
        if lexeme.kind == "dots":
            size = int(lexeme.value.lstrip(".") or LONG_GAP)
            # A gap that must stay within a part is written as a negative size.
            pending, at = (size if lexeme.value.startswith("...") else -size), at + 1
            continue
        if lexeme.value == "_" and lexeme.kind == "punct":
            pending, at = 0, at + 1
            continue
        node, at = _item(lexemes, at, gap)
        parts.append(node)
        gaps.append(pending)
        pending = gap
    if not parts:
        raise PatternError("an empty part; write at least one word there")
    return (
        parts[0] if len(parts) == 1 else Node("seq", parts=tuple(parts), gaps=tuple(gaps[1:]))
    ), at


def _item(lexemes: list[_Lexeme], at: int, gap: int) -> tuple[Node, int]:
    lexeme = lexemes[at]
    if lexeme.kind in ("word", "exact", "set"):
        node, at = Node(lexeme.kind, lexeme.value), at + 1
    elif lexeme.value == "(":
        node, at = _alternatives(lexemes, at + 1, gap)
        at = _expect(lexemes, at, ")")
    elif lexeme.value == "[":
        node, at = _all_of(lexemes, at + 1, gap)
    elif lexeme.value == "!":
        inner, at = _item(lexemes, at + 1, gap)
        return Node("not", parts=(inner,)), at
    elif lexeme.kind == "same":
        node, at = Node("same", lexeme.value[1]), at + 1
    elif lexeme.value in tuple("#%^$,~:<"):
        node, at = Node("special", lexeme.value), at + 1
    else:
        raise PatternError(f"found {lexeme.value!r} where a word was expected")
    if at < len(lexemes) and lexemes[at].value == "?":
        return Node("optional", parts=(node,)), at + 1
    return node, at


def _all_of(lexemes: list[_Lexeme], at: int, gap: int) -> tuple[Node, int]:
    parts = []
    while True:
        node, at = _alternatives(lexemes, at, gap)
        parts.append(node)
        if at < len(lexemes) and lexemes[at].value == "&":
            at += 1
        elif at < len(lexemes) and lexemes[at].kind == "close":
            width = int(lexemes[at].value[1:] or LONG_GAP)
            return Node("all", parts=tuple(parts), gaps=(width,)), at + 1
        else:
            raise PatternError("a '[' without its ']'")


def _expect(lexemes: list[_Lexeme], at: int, sign: str) -> int:
    if at >= len(lexemes) or lexemes[at].value != sign:
        raise PatternError(f"expected {sign!r}")
    return at + 1


def leaves(node: Node) -> Iterator[Node]:
    """All words, set names and special signs of a pattern."""
    if not node.parts and node.kind != "same" and node.value not in tuple("^$"):
        yield node
    for part in node.parts:
        yield from leaves(part)


@dataclass(frozen=True, slots=True)
class Alphabet:
    """How words and sets are written in coded text.

    Attributes:
        code: codes of a `word`, `exact`, `set` or `special` node, as a set of single characters.
        phrases: a set's members of several words.
        between: the regular expression of one token that may lie between two parts.
        within: the same without pauses.
        word: the regular expression of any word.
        unknown: the regular expression of a word that no rule knows.
        unknowns: the codes of such words.
        ends: the codes that end a sentence.
    """

    code: Callable[[Node], frozenset[str]]
    phrases: Callable[[str], tuple[Node, ...]]
    between: str
    within: str
    word: str
    unknown: str
    unknowns: frozenset[str]
    ends: str


def to_regex(node: Node, alphabet: Alphabet) -> str:
    """Translate a pattern into a regular expression over coded text."""
    written = _regex(node, alphabet)
    for name in set(re.findall(r"\(\?P<(\w)>", written)):
        first, *others = written.split(f"(?P<{name}>{alphabet.word})")
        written = (
            f"(?P<{name}>{alphabet.word})".join([first, f"(?P={name})".join(others)])
            if others
            else first
        )
    return written


def _regex(node: Node, alphabet: Alphabet) -> str:
    if node.kind == "seq":
        return _sequence_regex(node, alphabet)
    if node.kind == "alt":
        return "(?:" + "|".join(_regex(part, alphabet) for part in node.parts) + ")"
    if node.kind == "all":
        return _all_regex(node, alphabet)
    if node.kind == "not":
        return f"(?!{_regex(node.parts[0], alphabet)})"
    if node.kind == "optional":
        return f"(?:{_regex(node.parts[0], alphabet)})?"
    if node.kind == "same":
        return f"(?P<{node.value}>{alphabet.word})"
    return _leaf_regex(node, alphabet)


def _gap(size: int, alphabet: Alphabet) -> str:
    if size < 0:
        return f"{alphabet.within}{{0,{-size}}}?"
    return f"{alphabet.between}{{0,{size}}}?" if size else ""


def _sequence_regex(node: Node, alphabet: Alphabet) -> str:
    written = _regex(node.parts[0], alphabet)
    if node.parts[0].kind == "optional":
        written = _with_gap_inside(node.parts[0], "", alphabet, after=node.gaps[0])
    skip = node.parts[0].kind == "optional"
    for part, size in zip(node.parts[1:], node.gaps, strict=True):
        if part.kind == "optional":
            written += _with_gap_inside(part, _gap(size, alphabet), alphabet)
        else:
            written += ("" if skip else _gap(size, alphabet)) + _regex(part, alphabet)
        skip = False
    return written


def _with_gap_inside(node: Node, gap: str, alphabet: Alphabet, after: int = 0) -> str:
    inner = _regex(node.parts[0], alphabet)
    return f"(?:{gap}{inner}{_gap(after, alphabet)})?"


def _all_regex(node: Node, alphabet: Alphabet) -> str:
    parts = [_regex(part, alphabet) for part in node.parts]
    gap = _gap(node.gaps[0], alphabet)
    return "(?:" + "|".join(gap.join(order) for order in itertools.permutations(parts)) + ")"


def as_ranges(codes: Iterable[str]) -> str:
    """Codes as a character class holds them, neighbours as a range: that compiles faster."""
    written: list[str] = []
    ordered = sorted(set(codes))
    # Where neighbours stand, a code less its place is the same.
    for _, run in itertools.groupby(enumerate(ordered), lambda item: ord(item[1]) - item[0]):
        members = [code for _, code in run]
        is_range = len(members) > _FEWEST_IN_A_RANGE and members[0] > "\x7f"
        written.append(f"{members[0]}-{members[-1]}" if is_range else "".join(members))
    return "".join(written)


def _leaf_regex(node: Node, alphabet: Alphabet) -> str:
    if node.kind == "special" and node.value in "^$":
        ends = alphabet.ends
        return f"(?<![^{ends}])" if node.value == "^" else f"(?![^{ends}])"
    if node.value == "%" and node.kind == "special":
        return alphabet.unknown
    codes = alphabet.code(node)
    options = (
        [_regex(phrase, alphabet) for phrase in alphabet.phrases(node.value)]
        if node.kind == "set"
        else []
    )
    if codes:
        # Codes are characters beyond ASCII, or pauses: none needs escaping in a character class.
        options.append(f"[{as_ranges(codes)}]" if len(codes) > 1 else re.escape(next(iter(codes))))
    return "(?:" + "|".join(options) + ")" if len(options) > 1 else options[0]


def needs(node: Node, alphabet: Alphabet) -> tuple[frozenset[str], ...]:
    """Sets of codes of which a matching text must hold at least one each."""
    if node.kind in ("seq", "all"):
        return tuple(itertools.chain.from_iterable(needs(part, alphabet) for part in node.parts))
    if node.kind == "alt":
        options = [needs(part, alphabet) for part in node.parts]
        return (frozenset().union(*(option[0] for option in options)),) if all(options) else ()
    if node.kind in ("optional", "not", "same") or (node.kind == "special" and node.value in "^$"):
        return ()
    if node.kind == "special" and node.value == "%":
        return (alphabet.unknowns,)
    codes = alphabet.code(node)
    if node.kind == "set":
        starts = [needs(phrase, alphabet) for phrase in alphabet.phrases(node.value)]
        if not all(starts):
            return ()
        codes = codes.union(*(start[0] for start in starts))
    return (codes,)
