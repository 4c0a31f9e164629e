"""The first pass over the rules: reads every pattern of the file and checks what it refers to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import yaml

from quiz.freetext.pattern import Node, PatternError, leaves, parse
from quiz.freetext.source import Faults, mapping, string, strings

WORDS = ("glue", "joints", "pointers", "copulas", "conditions")
PHRASES = ("corrections", "retractions", "revocations", "hearsay", "asides", "requests", "asking")
KEYS = ("schema_version", "sets", "not_typos", *WORDS, "negation", *PHRASES, "questions")
NEGATION_WORDS = ("short_stops", "lists", "stops", "objects")
NEGATION_PHRASES = ("void", "whole", "wrong_after")
NEGATION = ("reach", *NEGATION_WORDS, *NEGATION_PHRASES)
QUESTION_WAYS = ("not_topics", "beside", "needs", "premises")
QUESTION = ("text", "topics", "unnamed", *QUESTION_WAYS, "concepts")
SAYING = ("says", "says_weakly", "says_about", "either_way")
GUESSING = ("perhaps", "not_perhaps", "perhaps_not")
DENYING = ("unless", "denies", "denies_about")
CONCEPT_WAYS = (*SAYING, *GUESSING, *DENYING)
CONCEPT = ("means", "topic", "guess_with", "own_denials", *CONCEPT_WAYS)

Nodes = dict[str, yaml.Node]


class ParsedRules:
    """Every pattern of a rules file as a tree, by the place where it stands.

    Args:
        root: the file's YAML.
        faults: where what is wrong is noted.
    """

    def __init__(self, root: yaml.Node, faults: Faults) -> None:
        self.faults = faults
        self.top = mapping(root, "", faults, KEYS, KEYS)
        self.negation = mapping(self.top.get("negation"), "negation", faults, NEGATION, NEGATION)
        self.questions = mapping(self.top.get("questions"), "questions", faults)
        self.nodes: dict[str, Node] = {}
        self.sets: dict[str, list[Node]] = {}
        self._places: dict[str, yaml.Node] = {}
        if string(self.top.get("schema_version"), "schema_version", faults) != "1":
            faults.add(self.top.get("schema_version"), "schema_version", "must be 1")
        self._parse_sets()
        self._parse_lists()
        for name, node in self.questions.items():
            self._parse_question(f"questions.{name}", node)
        self._check_sets()

    def patterns(self, node: yaml.Node | None, path: str) -> list[tuple[str, Node]]:
        """A list of patterns with their trees; each is parsed once."""
        return [
            (text, self.nodes.get(f"{path}: {text}") or self._parse(text, item, path))
            for text, item in strings(node, path, self.faults)
        ]

    def topic(self, path: str, node: yaml.Node) -> tuple[str, Node]:
        """A topic's single pattern with its tree."""
        text = string(node, path, self.faults)
        return text, self.nodes.get(f"{path}: {text}") or self._parse(text, node, path)

    def reach(self) -> Mapping[str, int]:
        """Words of negation and how many tokens each denies."""
        found = {}
        for word, node in mapping(
            self.negation.get("reach"), "negation.reach", self.faults
        ).items():
            text = string(node, "negation.reach", self.faults)
            if not text.isdigit() or not word.isalpha():
                self.faults.add(
                    node, f"negation.reach.{word}", f"must be a word and a number, found {text!r}"
                )
            else:
                found[word] = int(text)
        return found

    def members(self, name: str) -> Iterator[Node]:
        """A set's members, those of its sets included."""
        for member in self.sets[name]:
            if member.kind == "set":
                yield from self.members(member.value)
            else:
                yield member

    def _parse(self, text: str, item: yaml.Node, path: str, gap: int | None = None) -> Node:
        try:
            node = parse(text) if gap is None else parse(text, gap)
        except PatternError as error:
            self.faults.add(item, path, f"{text!r}: {error}")
            node = Node("word", "a")
        self.nodes[f"{path}: {text}"] = node
        self._places[f"{path}: {text}"] = item
        return node

    def _parse_sets(self) -> None:
        for name, node in mapping(self.top.get("sets"), "sets", self.faults).items():
            path = f"sets.{name}"
            self.sets[name] = [
                self._parse(text, item, path, gap=0)
                for text, item in strings(node, path, self.faults)
            ]

    def _parse_lists(self) -> None:
        for key in (*WORDS, *PHRASES):
            self.patterns(self.top.get(key), key)
        for key in (*NEGATION_WORDS, *NEGATION_PHRASES):
            self.patterns(self.negation.get(key), f"negation.{key}")
        for word in self.reach():
            self._parse(f"={word}", self.negation["reach"], "negation.reach")

    def _parse_question(self, path: str, node: yaml.Node) -> None:
        needed = ("text", "topics", "concepts")
        entries = mapping(node, path, self.faults, QUESTION, needed)
        self._check_choice(entries, path, "unnamed", ("whole",))
        topics = mapping(entries.get("topics"), f"{path}.topics", self.faults)
        for topic, item in topics.items():
            self.topic(f"{path}.topics.{topic}", item)
        for key in QUESTION_WAYS:
            self.patterns(entries.get(key), f"{path}.{key}")
        concepts = mapping(entries.get("concepts"), f"{path}.concepts", self.faults)
        for concept, item in concepts.items():
            where = f"{path}.concepts.{concept}"
            fields = mapping(item, where, self.faults, CONCEPT, ("means", "says"))
            self._check_choice(fields, where, "topic", tuple(topics))
            self._check_choice(fields, where, "guess_with", tuple(concepts))
            self._check_choice(fields, where, "own_denials", ("only",))
            for key in CONCEPT_WAYS:
                self.patterns(fields.get(key), f"{where}.{key}")

    def _check_choice(self, fields: Nodes, path: str, key: str, allowed: tuple[str, ...]) -> None:
        found = string(fields.get(key), path, self.faults)
        if found and found not in allowed:
            names = ", ".join(allowed) or "none: the question has no topics"
            self.faults.add(fields[key], f"{path}.{key}", f"found {found!r}, allowed are {names}")

    def _check_sets(self) -> None:
        """Every set that is used exists, and none holds itself."""
        missing = False
        for where, node in self.nodes.items():
            for leaf in leaves(node):
                if leaf.kind == "set" and leaf.value not in self.sets:
                    missing = True
                    message = f"@{leaf.value} is not among the sets"
                    self.faults.add(self._places[where], where, message)
        for name in () if missing else self.sets:
            self._check_cycle(name, ())

    def _check_cycle(self, name: str, above: tuple[str, ...]) -> None:
        if name in above:
            self.faults.add(self.top["sets"], f"sets.{name}", "holds itself")
            return
        for member in self.sets[name]:
            for leaf in leaves(member):
                if leaf.kind == "set":
                    self._check_cycle(leaf.value, (*above, name))
