"""The plain data of the free-text marker: what is read from the rules and what comes out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass


class RulesError(ValueError):
    """A rules file that cannot be used; the message lists every fault with file, line and column."""


@dataclass(frozen=True, slots=True)
class Way:
    """One compiled way of saying something.

    Attributes:
        source: the pattern as it stands in the rules file.
        regex: the pattern over coded text, one character a token.
        needs: sets of codes; a text without at least one code of each set cannot match.
    """

    source: str
    regex: re.Pattern[str]
    needs: tuple[frozenset[str], ...]


@dataclass(frozen=True, slots=True)
class Concept:
    """One point of a question.

    Attributes:
        id: as in the quiz file.
        means: the concept in words, as a student reads it.
        topic: whose part of the text `says_about` looks at, or None.
        guess_with: where that concept is surely earned, `perhaps_not` earns this one as a best guess.
        own_denials: only `denies` takes the concept back; else a denied way of saying it does too.
        says: ways that earn the concept anywhere in the text.
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
        unnamed: a text that names no topic speaks of all of them.
        concepts: in the order in which they are marked.
    """

    id: str
    text: str
    topics: Mapping[str, Way]
    not_topics: tuple[Way, ...]
    unnamed: bool
    concepts: tuple[Concept, ...]


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
