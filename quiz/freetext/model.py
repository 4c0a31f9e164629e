"""The plain data of the free-text marker: what is read from the rules and what comes out."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from quiz.freetext.lexicon import Lexicon


class RulesError(ValueError):
    """A rules file that cannot be used; lists every fault with file, line and column."""


@cache
def _compiled(expression: str) -> re.Pattern[str]:
    # Compiling all of a rules file takes half a second, and most answers need few patterns.
    return re.compile(expression)


@dataclass(frozen=True, slots=True)
class Way:
    """One way of saying something.

    Attributes:
        source: the pattern as it stands in the rules file.
        expression: the same as a regular expression over coded text, one character a token.
        rarest: codes; a text without at least one of them cannot match.
        needs: further such sets.
        negative: it may hold a word of negation itself ("not a curve").
    """

    source: str
    expression: str
    rarest: frozenset[str]
    needs: tuple[frozenset[str], ...]
    negative: bool = False

    @property
    def regex(self) -> re.Pattern[str]:
        """The expression, compiled when it is first needed."""
        return _compiled(self.expression)


@dataclass(frozen=True, slots=True)
class Concept:
    """One point of a question.

    Attributes:
        id: as in the quiz file.
        means: the concept in words, as a student reads it.
        topic: whose part of the text `says_about` looks at, or None.
        guess_with: where that concept is surely earned, `perhaps_not` earns this one as a guess.
        own_denials: only `denies` takes the concept back; else a denied way of saying it does too.
        says: ways that earn the concept anywhere in the text.
        says_weakly: ways that earn it unless the text answers another question.
        says_about: ways that earn it only where the text speaks of `topic`.
        either_way: ways that earn it, denied or not ("it doesn't fit into memory").
        perhaps: ways that earn it as a best guess and leave the marker unsure.
        not_perhaps: where the text (about the topic) holds one of these, `perhaps` does not count.
        perhaps_not: ways that leave the marker unsure and do not earn it as a best guess.
        unless: a match that overlaps with one of these does not count.
        denies: ways of taking the concept back.
        denies_about: the same, only where the text speaks of `topic`.
    """

    id: str
    means: str
    topic: str | None
    guess_with: str | None
    own_denials: bool
    says: tuple[Way, ...]
    says_weakly: tuple[Way, ...]
    says_about: tuple[Way, ...]
    either_way: tuple[Way, ...]
    perhaps: tuple[Way, ...]
    not_perhaps: tuple[Way, ...]
    perhaps_not: tuple[Way, ...]
    unless: tuple[Way, ...]
    denies: tuple[Way, ...]
    denies_about: tuple[Way, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """The rules of one free-text question.

    Attributes:
        id: as in the quiz file.
        text: what was asked, to recognise a copied question.
        topics: topic id to the way of naming it.
        not_topics: places where a topic's name is used without speaking of the topic.
        beside: signs that a text answers another question; then only `says` counts.
        needs: a text without any of these is beside the question, too.
        unnamed: a text that names no topic speaks of all of them.
        concepts: in the order in which they are marked.
    """

    id: str
    text: str
    topics: Mapping[str, Way]
    not_topics: tuple[Way, ...]
    beside: tuple[Way, ...]
    needs: tuple[Way, ...]
    unnamed: bool
    concepts: tuple[Concept, ...]


@dataclass(frozen=True, slots=True)
class Negation:
    """The words and constructions of denying.

    Attributes:
        reach: code of a negator to how many tokens after it are denied.
        short_stops: codes that end the reach of a negator of a noun ("without a bend it is ...").
        lists: codes that carry a negator's reach over a comma ("doesn't add, multiply or bend").
        void: constructions in which a negator denies nothing ("no matter").
        whole: what denies all the rest of its sentence ("it isn't true that ...").
        stops: codes that end a negator's reach.
        objects: codes of negators that deny what stands before them ("sums nothing").
        wrong_after: what takes back the statement before it ("... is a common error").
    """

    reach: Mapping[str, int]
    short_stops: frozenset[str]
    lists: frozenset[str]
    void: tuple[Way, ...]
    whole: tuple[Way, ...]
    stops: frozenset[str]
    objects: frozenset[str]
    wrong_after: tuple[Way, ...]


@dataclass(frozen=True, slots=True)
class Learned:
    """What the second reader knows of one question. Weights are whole tenths: sums are exact.

    Attributes:
        concepts: concept ids.
        constants: one weight a concept, for every answer.
        weights: feature to one weight a concept.
    """

    concepts: Sequence[str]
    constants: Sequence[int]
    weights: Mapping[str, Sequence[int]]


@dataclass(frozen=True, slots=True)
class SecondReader:
    """How likely an answer earns a concept, by logistic regression.

    Attributes:
        questions: by id; of others it knows nothing.
    """

    questions: Mapping[str, Learned]

    def chances(
        self, question: str, common: set[str], about: Mapping[str, set[str]]
    ) -> dict[str, float]:
        """The chance of each concept that it knows.

        Args:
            question: its id.
            common: features of the whole answer.
            about: further features by concept.
        """
        learned = self.questions.get(question)
        if learned is None:
            return {}
        weights, known = learned.weights, learned.weights.keys()
        totals = [0] * len(learned.concepts)
        rows = [weights[feature] for feature in known & common]
        totals = [sum(column) for column in zip(*rows, strict=True)] or totals
        found = {}
        for k, concept in enumerate(learned.concepts):
            more = about.get(concept, set())
            total = totals[k] + sum(weights[feature][k] for feature in known & more)
            odds = learned.constants[k] + total / math.sqrt(max(1, len(common) + len(more)))
            found[concept] = 1 / (1 + math.exp(-max(-30.0, min(30.0, odds / 10))))
        return found


@dataclass(frozen=True, slots=True)
class Rules:
    """A compiled rules file.

    Attributes:
        lexicon: words and their codes.
        negation: how denying works.
        corrections: "no wait" and the like.
        retractions: what takes back all of the sentence before it.
        revocations: what takes back all that was said before it.
        hearsay: how a sentence begins that tells what others say.
        asides: what others say, or one thought at first, before one's own view.
        requests: words addressed to the grader.
        asking: how a sentence with a question mark begins when it really asks.
        glue: codes of the words that make a statement of nouns.
        questions: by id.
        joints: codes of the words that join two clauses, as one text.
        pointers: codes of the words by which a thing points at its name ("->", "called").
        articles: codes of "the" and "a".
        refusals: codes of "no" and "not", by which an answer to one's own question begins.
        copulas: codes of the verbs between a description and its name ("that is the weight").
        but: code of "but".
        conditions: codes of the words that begin a condition ("if nothing comes in, the bias ...").
        operators: codes of the signs of arithmetic.
        formula: an operator beside a variable or a number, over coded text.
        kinds: code to the names of the sets that hold it.
        reader: the second reader, where one lies beside the rules.
        copied: per question, its text's runs of codes, to recognise a copy.
    """

    lexicon: Lexicon
    negation: Negation
    corrections: tuple[Way, ...]
    retractions: tuple[Way, ...]
    revocations: tuple[Way, ...]
    hearsay: tuple[Way, ...]
    asides: tuple[Way, ...]
    requests: tuple[Way, ...]
    asking: tuple[Way, ...]
    glue: frozenset[str]
    questions: Mapping[str, Question]
    copied: Mapping[str, frozenset[str]]
    joints: str
    pointers: frozenset[str]
    articles: frozenset[str]
    refusals: frozenset[str]
    copulas: frozenset[str]
    but: str
    conditions: frozenset[str]
    operators: frozenset[str]
    formula: re.Pattern[str]
    kinds: Mapping[str, tuple[str, ...]]
    reader: SecondReader | None = None


@dataclass(frozen=True, slots=True)
class FreeTextMark:
    """What the marker found in one answer.

    Attributes:
        concepts: concept id to earned or not; where unsure, the best guess.
        unsure: an instructor should decide.
        doubts: why the marker is unsure, one sentence each.
        explanation: to the student: which words earned which concept, and what is missing.
    """

    concepts: dict[str, bool]
    unsure: bool
    doubts: tuple[str, ...]
    explanation: str
