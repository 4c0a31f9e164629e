"""The plain data of the free-text marker: what is read from the rules and what comes out."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from quiz.freetext.lexicon import Lexicon
from quiz.freetext.ways import Ways


class RulesError(ValueError):
    """A rules file that cannot be used; lists every fault with file, line and column."""


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
    says: Ways
    says_weakly: Ways
    says_about: Ways
    either_way: Ways
    perhaps: Ways
    not_perhaps: Ways
    perhaps_not: Ways
    unless: Ways
    denies: Ways
    denies_about: Ways


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
        premises: what the question supposes ("without a nonlinearity"), which denies nothing.
        unnamed: a text that names no topic speaks of all of them.
        concepts: in the order in which they are marked.
    """

    id: str
    text: str
    topics: Mapping[str, Ways]
    not_topics: Ways
    beside: Ways
    needs: Ways
    premises: Ways
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
    void: Ways
    whole: Ways
    stops: frozenset[str]
    objects: frozenset[str]
    wrong_after: Ways


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
    weights: Mapping[Any, Sequence[int]]


@dataclass(frozen=True, slots=True)
class SecondReader:
    """How likely an answer earns a concept, by logistic regression.

    Attributes:
        questions: by id; of others it knows nothing.
    """

    questions: Mapping[str, Learned]

    def chances(
        self,
        question: str,
        common: Collection[Hashable],
        about: Mapping[str, Collection[Hashable]],
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
        known = learned.weights.get
        rows = filter(None, map(known, common))
        totals = [sum(column) for column in zip(*rows, strict=True)] or [0] * len(learned.concepts)
        found = {}
        for k, concept in enumerate(learned.concepts):
            more = about.get(concept, ())
            total = totals[k] + sum([row[k] for row in filter(None, map(known, more))])
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
        assents: codes of "yes" and the like, by which a question says what it asks.
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
    corrections: Ways
    retractions: Ways
    revocations: Ways
    hearsay: Ways
    asides: Ways
    requests: Ways
    asking: Ways
    glue: frozenset[str]
    questions: Mapping[str, Question]
    copied: Mapping[str, frozenset[tuple[str, ...]]]
    joints: str
    pointers: frozenset[str]
    articles: frozenset[str]
    refusals: frozenset[str]
    assents: frozenset[str]
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
