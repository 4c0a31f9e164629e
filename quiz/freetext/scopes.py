"""What of a coded text counts: blanks out copies, corrections and requests, finds what is denied."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from quiz.freetext.lexicon import BLANK
from quiz.freetext.model import Question, Way
from quiz.freetext.rules import COPIED_RUN, ENDS, Negation, Rules
from quiz.freetext.lexicon import stem
from quiz.freetext.tokens import COLON, HARD, MARKS, OPEN, PAUSES, SOFT, Token

Span = tuple[int, int]
SHORT_REACH = 3


def spans(ways: Iterable[Way], text: str) -> Iterator[Span]:
    """Where a text holds any of these ways."""
    present = set(text)
    for way in ways:
        if not any(present.isdisjoint(codes) for codes in way.needs):
            for match in way.regex.finditer(text):
                yield match.span()


def blank(text: str, start: int, end: int) -> str:
    """The text with a stretch made meaningless; what ends a sentence stays."""
    kept = "".join(code if code in ENDS else BLANK for code in text[start:end])
    return text[:start] + kept + text[end:]


def without_copies(rules: Rules, question: str, tokens: Sequence[Token], text: str) -> str:
    """Blank what repeats the question's own words, four or more in a row."""
    known = rules.copied[question]
    places = [i for i, token in enumerate(tokens) if token.text not in MARKS]
    if len(places) < COPIED_RUN:
        return text
    stems = [stem(tokens[i].text) for i in places]
    for k in range(len(places) - COPIED_RUN + 1):
        if " ".join(stems[k : k + COPIED_RUN]) in known:
            text = blank(text, places[k], places[k + COPIED_RUN - 1] + 1)
    return text


def without_requests(rules: Rules, text: str) -> str:
    """Blank words addressed to the grader."""
    for start, end in spans(rules.requests, text):
        text = blank(text, start, end)
    return text


def without_questions(rules: Rules, text: str) -> str:
    """Blank sentences that ask instead of saying, or all of them where the text mostly asks."""
    if "?" not in text:
        return text
    asked = list(re.finditer(r"[^.?]*\?", text))
    everything = len(asked) >= 3
    for match in asked:
        inverted = any(start == 0 for start, _ in spans(rules.asking, match[0].lstrip(PAUSES)))
        # "How strongly does it pull? Weight." says what a weight is.
        inverted = inverted and not re.match(r"[^.?]{1,4}(?:[.?]|$)", text[match.end() :])
        refuted = text[match.end() :].lstrip(PAUSES)[:1] in rules.refusals
        if everything or inverted or refuted:
            text = blank(text, *match.span())
    return text


def without_corrected(rules: Rules, text: str) -> str:
    """Blank what the student takes back with "no wait": the part of the sentence before it."""
    for start, end in sorted(spans(rules.corrections, text)):
        before = text[:start].rstrip(PAUSES + ENDS + BLANK)
        # A correction that begins a sentence takes back the sentence before it.
        marks = ENDS if text[:start].rstrip(PAUSES).endswith(tuple(ENDS)) else ENDS + PAUSES
        place = max(before.rfind(mark) for mark in marks)
        text = blank(text, place + 1, end)
    return text


def with_void_negators(rules: Rules, text: str) -> str:
    """Give negators that deny nothing ("no matter", "not only") their second code."""
    void = rules.lexicon.void
    for start, end in list(spans(rules.negation.void, text)):
        text = text[:start] + "".join(void.get(code, code) for code in text[start:end]) + text[end:]
    return text


def denied(negation: Negation, text: str) -> list[bool]:
    """For each token: does it stand in the reach of a word of negation?"""
    flags = [False] * len(text)
    for place, code in enumerate(text):
        if code in negation.reach:
            _deny_from(negation, text, place, flags)
    for _, end in spans(negation.whole, text):
        rest = re.match(f"[^{ENDS}]*", text[end:])
        flags[end : end + (rest.end() if rest else 0)] = [True] * (rest.end() if rest else 0)
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
        if text[at] in ENDS or text[at] in negation.stops:
            return False
    return False


def taken_back(negation: Negation, text: str, end: int) -> bool:
    """Does what follows a statement deny it ("... never happens", "... is a common error")?"""
    rest = re.match(r"[^.?]{0,16}", text[end:])
    tail = rest[0] if rest else ""
    if any(code in negation.objects for code in tail[:1]):
        return True
    return any(_is_near(tail[:start]) for start, _ in spans(negation.wrong_after, tail))


def _is_near(between: str) -> bool:
    """Three tokens at most, or the rest of a list: "weigh, sum, bend are not its steps"."""
    return len(between) <= 3 or all(len(part) <= 2 for part in re.split(f"[{PAUSES}]", between))


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
    return {code for code in codes if code not in rules.glue and code not in rules.negation.reach and code != BLANK}


def parts_about(rules: Rules, question: Question, text: str) -> dict[str, str]:
    """For each topic the text with all that speaks of another topic cut out.

    "Weight: a factor. Bias: an offset" speaks of a topic from its name on; "X arrive (input), Y leave
    (output)" speaks of it up to its name. A name at the beginning of a part speaks of what follows.

    Args:
        rules: for the words that point at a name.
        question: whose topics are looked for.
        text: coded text.
    """
    mentions = _mentions(question, text)
    if not mentions and question.unnamed:
        return dict.fromkeys(question.topics, text)
    starts = [_start(rules, text, mentions, k) for k in range(len(mentions))]
    parts = {topic: [HARD] * len(text) for topic in question.topics}
    for k, (_, _, topic) in enumerate(mentions):
        stop = len(text)
        for later in range(k + 1, len(mentions)):
            if mentions[later][2] != topic:
                stop = max(starts[later], mentions[k][1])
                break
        parts[topic][starts[k] : stop] = text[starts[k] : stop]
    return {topic: "".join(codes) for topic, codes in parts.items()}


def _mentions(question: Question, text: str) -> list[tuple[int, int, str]]:
    hidden = list(spans(question.not_topics, text))
    found = []
    for topic, way in question.topics.items():
        for start, end in spans((way,), text):
            if not any(low <= start and end <= high for low, high in hidden):
                found.append((start, end, topic))
    return sorted(found)


def _start(rules: Rules, text: str, mentions: Sequence[tuple[int, int, str]], k: int) -> int:
    """Where the text begins to speak of mention k's topic."""
    place, end, topic = mentions[k]
    sentence = 1 + max(text.rfind(mark, 0, place) for mark in ENDS)
    part = max(sentence, 1 + max(text.rfind(mark, sentence, place) for mark in PAUSES))
    previous = mentions[k - 1] if k else None
    first = previous is None or previous[0] < sentence
    if _closes_a_short_sentence(text, sentence, end) and sentence >= 2:
        before = 1 + max(text.rfind(mark, 0, sentence - 1) for mark in ENDS)
        if previous is None or previous[0] < before:
            return before
    if first and sentence < part and text[end : end + 1] in ("", *ENDS):
        return sentence
    if place - part <= 2 and not _names_what_is_before(rules, text, part, place, end):
        conditional = first and sentence < part and text[sentence] in rules.conditions
        return sentence if conditional else place
    if previous is None or previous[0] < sentence:
        return sentence
    if previous[2] == topic or text[previous[1] : previous[1] + 1] == COLON:
        return place
    pauses = [at for mark in PAUSES if (at := text.find(mark, previous[1], place)) >= 0]
    return min(pauses) + 1 if pauses else place


def _closes_a_short_sentence(text: str, sentence: int, end: int) -> bool:
    """Whether a name ends a sentence that has little more: "... does it pull? That's the weight."."""
    return end - sentence <= 4 and text[end : end + 1] in ("", *ENDS) and COLON not in text[sentence:end]


def _names_what_is_before(rules: Rules, text: str, part: int, place: int, end: int) -> bool:
    """Whether a name stands behind what it names: "pots on the stove (hidden)", "pixels -> input"."""
    if text[place - 1 : place] in rules.pointers:
        return text[end : end + 1] in ("", *MARKS)
    if any(code in rules.copulas for code in text[part:place]):
        return True
    before = text[part - 1 : part]
    if before == COLON and text[end : end + 1] in ("", *ENDS, SOFT):
        return len(text[:part].rstrip(COLON)) - max(text.rfind(mark, 0, part - 1) for mark in ENDS + PAUSES) > 2
    return before == OPEN and SOFT in text[end : end + 3]

