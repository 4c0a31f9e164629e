"""Finds which part of a coded text speaks of which topic, and whether it is to the question."""

from __future__ import annotations

from collections.abc import Sequence

from quiz.freetext.dialogue import name_end
from quiz.freetext.lexicon import BLANK, NUMBER_CODE, PRODUCT_CODE
from quiz.freetext.model import Question, Rules
from quiz.freetext.scopes import spans
from quiz.freetext.tokens import COLON, ENDS, HARD, MARKS, OPEN, PAUSES, SOFT


def is_beside(question: Question, text: str) -> bool:
    """Whether a text answers another question than this one."""
    if question.needs and next(spans(question.needs, text), None) is None:
        return True
    return next(spans(question.beside, text), None) is not None


def parts_about(rules: Rules, question: Question, text: str) -> dict[str, str]:
    """For each topic the text with all that speaks of another topic cut out.

    "Weight: a factor. Bias: an offset" speaks of a topic from its name on; "X arrive (input), Y
    leave (output)" speaks of it up to its name. A name that begins a part speaks of what follows.

    Args:
        rules: for the words that point at a name.
        question: whose topics are looked for.
        text: coded text.
    """
    mentions = _mentions(rules, question, text)
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


def _mentions(rules: Rules, question: Question, text: str) -> list[tuple[int, int, str]]:
    hidden = list(spans(question.not_topics, text))
    found = []
    for topic, ways in question.topics.items():
        for start, end in spans(ways, text):
            if not any(low <= start and end <= high for low, high in hidden):
                found.append((start, name_end(rules, text, end), topic))
    return sorted(found)


def _start(rules: Rules, text: str, mentions: Sequence[tuple[int, int, str]], k: int) -> int:
    """Where the text begins to speak of mention k's topic."""
    place, end, topic = mentions[k]
    sentence = 1 + max(text.rfind(mark, 0, place) for mark in ENDS)
    part = max(sentence, 1 + max(text.rfind(mark, sentence, place) for mark in PAUSES))
    previous = mentions[k - 1] if k else None
    first = previous is None or previous[0] < sentence
    points_back = _points_back(rules, text, sentence, place) or _closes_a_short_sentence(
        rules, text, sentence, end
    )
    if points_back and sentence >= 2:
        before = 1 + max(text.rfind(mark, 0, sentence - 1) for mark in ENDS)
        if previous is None or previous[0] < before:
            return before
    if first and sentence < part and text[end : end + 1] in ("", *ENDS):
        return sentence
    if place - part <= 2 and not _names_what_is_before(rules, text, part, place, end):
        conditional = first and sentence < part and text[sentence] in rules.conditions
        return sentence if conditional else place
    if previous is None or previous[0] < sentence:
        goes_on = previous is not None and _begins_with_it(rules, text, sentence)
        links = rules.copulas.union(rules.pointers, (OPEN, COLON))
        named_behind = not links.isdisjoint(text[max(part - 1, place - 2) : place])
        return place if goes_on and not named_behind else sentence
    if previous[2] == topic or text[previous[1] : previous[1] + 1] == COLON:
        return place
    since = _after_bracket(text, previous[1], place)
    pauses = [at for mark in PAUSES if (at := text.find(mark, since, place)) >= 0]
    if not pauses and _names_what_is_before(rules, text, part, place, end):
        # "1.8 is the weight and 32, which is added, the bias" changes its topic at "and".
        pauses = [at for at in range(previous[1], place - 2) if text[at] in rules.joints]
    return min(pauses) + 1 if pauses else place


def _after_bracket(text: str, end: int, place: int) -> int:
    """Where a bracket that follows a name is closed: "the input (raw data), the hidden ..."."""
    closed = text.find(SOFT, end, place) if text[end : end + 1] == OPEN else -1
    return end if closed < 0 else closed


def _begins_with_it(rules: Rules, text: str, sentence: int) -> bool:
    """Whether a sentence goes on about what was named: "It's added after the weights ..."."""
    said = text[sentence:].lstrip(PAUSES + BLANK)
    return said[:1] in (rules.lexicon.code("it"), rules.lexicon.code("they"))


def _points_back(rules: Rules, text: str, sentence: int, place: int) -> bool:
    """Whether a sentence begins by naming the one before it: "Those are the weights of ..."."""
    words = [code for code in text[sentence:place] if code not in rules.articles]
    pointers = map(rules.lexicon.code, ("this", "that", "these", "those"))
    return len(words) == 2 and words[0] in pointers and words[1] in rules.copulas


def _closes_a_short_sentence(rules: Rules, text: str, sentence: int, end: int) -> bool:
    """Whether a name ends a sentence that has little more: "... pull? That's the weight.".

    Numbers count for little: "rain times 3, sun times -2. The 3 and the -2 are weights."
    """
    numbers = rules.operators.union((NUMBER_CODE, PRODUCT_CODE, *rules.lexicon.digits))
    silent = numbers | rules.articles if numbers.intersection(text[sentence:end]) else ()
    return (
        sum(code not in silent for code in text[sentence:end]) <= 4
        and text[end : end + 1] in ("", HARD)
        and COLON not in text[sentence:end]
    )


def _names_what_is_before(rules: Rules, text: str, part: int, place: int, end: int) -> bool:
    """Whether a name stands behind what it names: "pots (hidden)", "pixels -> input"."""
    if text[place - 1 : place] in rules.pointers:
        return text[end : end + 1] in ("", *MARKS)
    if any(code in rules.copulas for code in text[part:place]):
        return True
    before = text[part - 1 : part]
    if before == COLON and text[end:].lstrip(BLANK)[:1] in ("", *ENDS, SOFT):
        return (
            len(text[:part].rstrip(COLON))
            - max(text.rfind(mark, 0, part - 1) for mark in ENDS + PAUSES)
            > 2
        )
    return before == OPEN and SOFT in text[end : end + 3]
