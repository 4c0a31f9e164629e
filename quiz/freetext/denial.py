"""Finds what a coded text denies: by negation, by taking back, by contradicting itself."""

from __future__ import annotations

import re
from collections.abc import Sequence

from quiz.freetext.lexicon import BLANK
from quiz.freetext.model import Negation, Rules
from quiz.freetext.scopes import spans
from quiz.freetext.tokens import COLON, ENDS, PAUSES
from quiz.freetext.ways import Span

SHORT_REACH = 3
#: So near a word of negation cancels what refutes: "nobody can deny that".
DOUBLED = 4


def refuted(rules: Rules, text: str) -> list[bool]:
    """For each token: is all the rest of its sentence denied ("it isn't true that ...")?

    "Nobody denies that" refutes nothing, and what comes after "but" is said in earnest.
    """
    flags = [False] * len(text)
    void = rules.lexicon.void.values()
    for start, end in spans(rules.negation.whole, text):
        before = re.split(f"[{ENDS}{PAUSES}{rules.but}]", text[:start])[-1][-DOUBLED:]
        if any(code in void for code in before):
            continue
        rest = re.match(f"[^{ENDS}{rules.but}]*", text[end:])
        flags[end : end + (rest.end() if rest else 0)] = [True] * (rest.end() if rest else 0)
    return flags


def denied(negation: Negation, text: str, refuted: Sequence[bool]) -> list[bool]:
    """For each token: does it stand in the reach of a word of negation?

    Args:
        negation: the rules.
        text: coded text.
        refuted: what is denied anyway.
    """
    flags = list(refuted)
    for place, code in enumerate(text):
        if code in negation.reach:
            _deny_from(negation, text, place, flags)
    return flags


def _deny_from(negation: Negation, text: str, place: int, flags: list[bool]) -> None:
    left = negation.reach[text[place]]
    stops = negation.stops | negation.short_stops if left <= SHORT_REACH else negation.stops
    for at in range(place + 1, len(text)):
        code = text[at]
        if code in ENDS or code in stops or left == 0:
            return
        if code in PAUSES:
            if not _list_goes_on(negation, text, at):
                return
            left = negation.reach[text[place]]
        flags[at] = True
        left -= 1


def _list_goes_on(negation: Negation, text: str, pause: int) -> bool:
    """Whether a comma divides a list that ends in "or": "doesn't add, multiply or bend"."""
    for at in range(pause + 1, min(pause + 8, len(text))):
        if text[at] in negation.lists:
            return True
        if text[at] in ENDS or text[at] in negation.stops or text[at] == COLON:
            return False
    return False


def taken_back(negation: Negation, text: str, end: int) -> bool:
    """Does what follows a statement deny it ("... never happens", "... is a common error")?"""
    if text[end : end + 1] in negation.objects:
        return True
    if not negation.wrong_after.may_be_in(text):
        return False
    rest = re.match(r"[^.?]{0,16}", text[end:])
    tail = rest[0] if rest else ""
    return any(_is_near(tail[:start]) for start, _ in spans(negation.wrong_after, tail))


def _is_near(between: str) -> bool:
    """Four tokens at most, or the rest of a list: "weigh, sum, bend are not its steps"."""
    return len(between) <= 4 or all(len(part) <= 2 for part in re.split(f"[{PAUSES}]", between))


def contradicted(rules: Rules, text: str, flags: Sequence[bool], said: Span) -> Span | None:
    """Where the text says the same clause again with a negation: "X, and also not X"."""
    clauses = [match.span() for match in re.finditer(rf"[^{ENDS}{PAUSES}{rules.joints}]+", text)]
    affirmed: set[str] = set()
    for start, end in clauses:
        if start < said[1] and said[0] < end:
            affirmed |= _content(rules, text[start:end])
    if len(affirmed) < 2:
        return None
    for start, end in clauses:
        if (start >= said[1] or end <= said[0]) and any(flags[start:end]):
            content = _content(rules, text[start:end])
            if len(content) >= 2 and content <= affirmed and len(content) >= 0.6 * len(affirmed):
                return start, end
    return None


def _content(rules: Rules, codes: str) -> set[str]:
    root = rules.lexicon.root
    return {
        root.get(code, code)
        for code in codes
        if code not in rules.glue and code not in rules.negation.reach and code != BLANK
    }
