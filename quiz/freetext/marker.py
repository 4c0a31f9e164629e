"""Marks one free text: which concepts it says, which it takes back, and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from quiz.freetext import denial, scopes
from quiz.freetext.explain import NOTHING, Finding, explain
from quiz.freetext.model import Concept, FreeTextMark, Question, Rules
from quiz.freetext.reading import Reading, is_heap, read
from quiz.freetext.second import traits_of
from quiz.freetext.tokens import PAUSES
from quiz.freetext.ways import Span, Ways

MOST_CHARACTERS = 4000
#: So sure the second reader must be to raise a doubt: of what was missed, of what was given.
SURE_OF_A_MISS = 0.95
SURE_OF_A_GIFT = 0.9
#: So sure it must be to settle what the rules leave open: against the point, and for it.
SURE = 0.7
SURE_OF_A_GUESS = 0.9
#: In a shorter answer there is too little to miss a point.
FEWEST_TO_MISS = 8


def mark(rules: Rules, question_id: str, text: str) -> FreeTextMark:
    """Mark one free text.

    Args:
        rules: from `load_rules`.
        question_id: a question of the rules.
        text: the student's answer; what is beyond 4,000 characters is not read.

    Raises:
        KeyError: where the rules hold no such question.
    """
    if question_id not in rules.questions:
        known = ", ".join(rules.questions)
        raise KeyError(f"no free-text question {question_id!r} in the rules, there are: {known}")
    question = rules.questions[question_id]
    reading = read(rules, question, text[:MOST_CHARACTERS])
    heap = is_heap(rules, reading.codes)
    findings = {
        concept.id: NOTHING if heap else find(rules, reading, concept)
        for concept in question.concepts
    }
    findings |= dict(guesses(question, findings))
    if not heap:
        findings |= dict(reviewed(rules, question, reading, findings))
    doubts = tuple(
        f"{concept.id}: perhaps, {findings[concept.id].why_doubtful} ({concept.means})"
        for concept in question.concepts
        if findings[concept.id].doubtful
    )
    return FreeTextMark(
        concepts={name: finding.earned for name, finding in findings.items()},
        unsure=bool(doubts),
        doubts=doubts,
        explanation=explain(question, findings, heap=heap),
    )


def guesses(question: Question, findings: Mapping[str, Finding]) -> Iterator[tuple[str, Finding]]:
    """Doubtful findings whose best guess is yes, because the concept they come with is there."""
    for concept in question.concepts:
        finding, other = findings[concept.id], findings.get(concept.guess_with or "", NOTHING)
        if finding.doubtful and other.earned and not other.doubtful:
            yield concept.id, replace(finding, earned=True)


def reviewed(
    rules: Rules, question: Question, reading: Reading, findings: Mapping[str, Finding]
) -> Iterator[tuple[str, Finding]]:
    """Findings that the second reader doubts, or doubts that it settles.

    It never gives a point that no rule gives: then an instructor is asked. What a rule denies, or
    an answer to another question, stays without a point.
    """
    if rules.reader is None:
        return
    chances = rules.reader.chances(question.id, *traits_of(rules, question, reading))
    for name, chance in chances.items():
        finding = findings[name]
        against = 1 - chance if finding.earned else chance
        if finding.doubtful:
            turned = finding.earned ^ (against > SURE)
            open_until = 1 - (SURE_OF_A_GUESS if finding.earned else SURE)
            yield name, replace(finding, doubtful=against > open_until, earned=turned)
        elif finding.earned and against >= SURE_OF_A_GIFT:
            yield name, replace(finding, doubtful=True, earned=False, second=True)
        elif not finding.earned and against >= SURE_OF_A_MISS and _may_be_missed(reading, finding):
            yield name, replace(finding, doubtful=True, earned=True, second=True)


def _may_be_missed(reading: Reading, finding: Finding) -> bool:
    enough = len(reading.tokens) >= FEWEST_TO_MISS
    return enough and finding.denied is None and not reading.beside


def find(rules: Rules, reading: Reading, concept: Concept) -> Finding:
    """Look for ways of saying a concept, of denying it and, failing both, of meaning it."""
    search = _Search(rules, reading, concept)
    said, refused = search.said()
    guess = None if said else search.first(concept.perhaps) if search.may_guess else None
    hit = said or guess
    denied = search.denied(hit, refused)
    hint = None
    if hit is None and denied is None and search.may_guess:
        hint = search.first(concept.perhaps_not)
    quoted = hit or hint
    return Finding(
        earned=hit is not None and denied is None,
        doubtful=hint is not None or (guess is not None and denied is None),
        said=reading.quote(quoted) if quoted else None,
        denied=reading.quote(denied) if denied else None,
    )


class _Search:
    """One concept's patterns over one answer."""

    def __init__(self, rules: Rules, reading: Reading, concept: Concept) -> None:
        self.rules = rules
        self.reading = reading
        self.concept = concept
        self.about = reading.parts.get(concept.topic or "", "")
        self.unless = list(scopes.spans(concept.unless, reading.codes))

    @property
    def may_guess(self) -> bool:
        """Whether the text speaks of the topic, and of nothing that a wrong answer speaks of."""
        if self.reading.beside or (self.concept.topic and self.about == self.reading.codes):
            return False
        text = self.about or self.reading.codes
        return next(scopes.spans(self.concept.not_perhaps, text), None) is None

    def first(self, ways: Ways) -> Span | None:
        """The first match that stands, where the text speaks of the topic."""
        return self._match(ways, self.about or self.reading.codes)[0]

    def said(self) -> tuple[Span | None, Span | None]:
        """What says the concept, and what says it under a negation."""
        concept, codes = self.concept, self.reading.codes
        places = [(concept.says, codes)]
        if not self.reading.beside:
            places += [(concept.says_weakly, codes), (concept.says_about, self.about)]
        refused = None
        for ways, text in places:
            said, denied = self._match(ways, text)
            refused = refused or denied
            if said:
                return said, refused
        said, denied = self._match(concept.either_way, codes)
        either = said or (denied if denied and not self.reading.refuted[denied[0]] else None)
        return (either, None) if either else (None, refused)

    def denied(self, said: Span | None, refused: Span | None) -> Span | None:
        """What takes the concept back."""
        concept, reading = self.concept, self.reading
        if refused and not concept.own_denials and self._speaks_of_the_same(said, refused):
            return refused
        found = self._taken_back()
        if found or not said:
            return found
        return denial.contradicted(self.rules, reading.codes, reading.denied, said)

    def _taken_back(self) -> Span | None:
        """The first way of taking the concept back that stands."""
        concept, codes = self.concept, self.reading.codes
        if not (concept.denies.may_be_in(codes) or concept.denies_about.may_be_in(self.about)):
            return None
        # What stands behind "but" is no part of what "not" denies. "Without X it couldn't" denies
        # nothing, but "not" is void in "doesn't bend", for straight lines don't.
        lexicon = self.rules.lexicon
        idle = {self.rules.but, *lexicon.void.values()} - {lexicon.void.get(lexicon.code("not"))}
        but = [(at, at + 1) for at, code in enumerate(codes) if code in idle]
        found = self._match(concept.denies, codes, [*but, *self._doubled()])[0]
        return found or self._match(concept.denies_about, self.about, but)[0]

    def _doubled(self) -> Iterator[Span]:
        """What seems denied by two negations that cancel each other ("can't avoid storing")."""
        codes, void = self.reading.codes, set(self.rules.lexicon.void.values())
        if sum(code in void for code in codes) < 2:
            return
        for start, end in scopes.spans(self.concept.denies, codes):
            inside = codes[start:end]
            live = not self.rules.negation.reach.keys().isdisjoint(inside)
            if not live and sum(code in void for code in inside) > 1:
                yield start, end

    def _speaks_of_the_same(self, said: Span | None, refused: Span) -> bool:
        """Whether what is denied is what is said ("it shifts ..., it doesn't shift ...")."""
        if said is None:
            return True
        root, codes = self.rules.lexicon.root, self.reading.codes
        words = {root.get(code, code) for code in codes[slice(*said)]}
        return not words.isdisjoint(root.get(code, code) for code in codes[slice(*refused)])

    def _match(
        self, ways: Ways, text: str, unless: Sequence[Span] | None = None
    ) -> tuple[Span | None, Span | None]:
        """The first match that stands, and the first denied one that is no part of such a match."""
        said: list[Span] = []
        refused: list[Span] = []
        negation, codes = self.rules.negation, self.reading.codes
        unless = self.unless if unless is None else unless
        for (start, end), negative in ways.in_text(text):
            if unless and _overlaps(start, end, unless):
                continue
            if _leaves_denial(self.reading, start, end):
                continue
            back = self.reading.denied[start] or denial.taken_back(negation, codes, end)
            # "It's nonsense that X is Y" holds no word of negation between "it's" and X.
            back = back or (not negative and self.reading.denied[end - 1])
            (refused if back else said).append((start, end))
        alone = (span for span in refused if not _overlaps(*span, said))
        return (said[0] if said else None), next(alone, None)


def _leaves_denial(reading: Reading, start: int, end: int) -> bool:
    """Whether a match begins in a denied part and ends in the next ("not at all, they add")."""
    if not reading.denied[start] or reading.denied[end - 1] or reading.refuted[start]:
        return False
    return any(code in PAUSES for code in reading.codes[start:end])


def _overlaps(start: int, end: int, others: Iterable[Span]) -> bool:
    return any(start < high and low < end for low, high in others)
