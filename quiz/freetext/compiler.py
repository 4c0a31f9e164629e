"""The second pass over the rules: gives every word its code and turns patterns into expressions."""

from __future__ import annotations

import re
from collections.abc import Iterable

import yaml

from quiz.freetext.lexicon import (
    BLANK,
    NUMBER_CODE,
    PRODUCT_CODE,
    UNKNOWN,
    UNKNOWN_CODES,
    UNKNOWNS,
    Lexicon,
)
from quiz.freetext.model import Concept, Negation, Question, Rules
from quiz.freetext.parsed import CONCEPT_WAYS, QUESTION_WAYS, ParsedRules
from quiz.freetext.pattern import Alphabet, Node, as_ranges, leaves, needs, to_regex
from quiz.freetext.scopes import runs
from quiz.freetext.source import mapping, string, strings
from quiz.freetext.tokens import COLON, ENDS, OPEN, PAUSES
from quiz.freetext.ways import Sieve, Way, Ways

_ASSENTS = ("yes", "correct", "exactly", "indeed", "right", "sure")
_OPERATORS = ("times", "plus", "minus", "slash")
_SPECIAL = {
    "#": NUMBER_CODE + PRODUCT_CODE,
    "~": PRODUCT_CODE,
    "%": UNKNOWN,
    ",": PAUSES,
    ":": COLON,
    "<": OPEN,
}


def compile_rules(parsed: ParsedRules) -> Rules:
    """All rules of a file without faults."""
    return _Compiler(parsed).rules()


class _Compiler:
    def __init__(self, parsed: ParsedRules) -> None:
        self.parsed = parsed
        self.reach = parsed.reach()
        self.lexicon = self._lexicon()
        self.set_codes: dict[str, frozenset[str]] = {}
        self.word_codes: dict[tuple[str, bool], frozenset[str]] = {}
        self.ways: dict[str, Way] = {}
        self.sieve = Sieve()
        self.glue = self._words("glue", parsed.top["glue"])
        self.alphabet = self._alphabet()

    def rules(self) -> Rules:
        """Everything that marking needs."""
        top = self.parsed.top
        questions = {
            name: self._question(name, node) for name, node in self.parsed.questions.items()
        }
        operators = frozenset(map(self.lexicon.code, _OPERATORS)) - {UNKNOWN}
        return Rules(
            lexicon=self.lexicon,
            negation=self._negation(),
            corrections=self._ways("corrections", top["corrections"]),
            retractions=self._ways("retractions", top["retractions"]),
            revocations=self._ways("revocations", top["revocations"]),
            hearsay=self._ways("hearsay", top["hearsay"]),
            asides=self._ways("asides", top["asides"]),
            requests=self._ways("requests", top["requests"]),
            asking=self._ways("asking", top["asking"]),
            glue=self.glue,
            joints="".join(sorted(self._words("joints", top["joints"]))),
            pointers=self._words("pointers", top["pointers"]),
            copulas=self._words("copulas", top["copulas"]),
            but=self.lexicon.code("but"),
            conditions=self._words("conditions", top["conditions"]),
            articles=frozenset(map(self.lexicon.code, ("the", "a", "an"))),
            refusals=frozenset(map(self.lexicon.code, ("no", "not"))),
            assents=frozenset(map(self.lexicon.code, _ASSENTS)) - {UNKNOWN},
            operators=operators,
            formula=self._formula("".join(sorted(operators))),
            questions=questions,
            kinds=self._kinds(),
            copied={name: runs(question.text) for name, question in questions.items()},
        )

    def _kinds(self) -> dict[str, tuple[str, ...]]:
        """For each code the sets that hold it; call it when all patterns are compiled."""
        found: dict[str, list[str]] = {}
        for name in sorted(self.set_codes):
            for code in self.set_codes[name]:
                found.setdefault(code, []).append(name)
        return {code: tuple(names) for code, names in found.items()}

    def _lexicon(self) -> Lexicon:
        words = [leaf for node in self.parsed.nodes.values() for leaf in leaves(node)]
        real = strings(self.parsed.top["not_typos"], "not_typos", self.parsed.faults)
        return Lexicon(
            stems=(leaf.value for leaf in words if leaf.kind == "word"),
            exact=(leaf.value for leaf in words if leaf.kind == "exact"),
            negators=self.reach,
            real_words=(text for text, _ in real),
        )

    def _alphabet(self) -> Alphabet:
        denying = frozenset(map(self.lexicon.code, self.reach))
        negators, silent = as_ranges(denying), self.glue - {NUMBER_CODE, PRODUCT_CODE}
        return Alphabet(
            code=self._code,
            phrases=lambda name: tuple(m for m in self.parsed.members(name) if not _is_word(m)),
            between=f"[^{ENDS}{negators}]",
            within=f"[^{ENDS}{PAUSES}{negators}]",
            word=f"[^{ENDS}{PAUSES}{as_ranges({*denying, BLANK, *silent})}]",
            unknown=UNKNOWNS,
            unknowns=UNKNOWN_CODES,
            ends=ENDS,
        )

    def _formula(self, operators: str) -> re.Pattern[str]:
        known = self.lexicon.letters - {UNKNOWN}
        values = "".join(sorted({*known, *self.lexicon.digits, NUMBER_CODE, PRODUCT_CODE}))
        # Rules that name no operator know no formula: then nothing may match.
        return re.compile(f"[{values}][{operators}](?=[{values}])" if operators else "(?!)")

    def _code(self, node: Node) -> frozenset[str]:
        if node.kind == "set":
            if node.value not in self.set_codes:
                members = (self._code(m) for m in self.parsed.members(node.value) if _is_word(m))
                self.set_codes[node.value] = frozenset().union(*members)
            return self.set_codes[node.value]
        if node.kind == "special":
            digits = self.lexicon.digits if node.value == "#" else ""
            return frozenset(_SPECIAL[node.value] + digits)
        word = (node.value, node.kind == "exact")
        if word not in self.word_codes:
            self.word_codes[word] = self.lexicon.codes_of(node.value, exact=word[1])
        return self.word_codes[word]

    def _words(self, path: str, node: yaml.Node) -> frozenset[str]:
        """The codes of a list of words."""
        found = (leaf for _, tree in self.parsed.patterns(node, path) for leaf in leaves(tree))
        return frozenset().union(*map(self._code, found))

    def _ways(self, path: str, node: yaml.Node | None) -> Ways:
        return self.sieve.add(self._way(*pattern) for pattern in self.parsed.patterns(node, path))

    def _way(self, source: str, node: Node) -> Way:
        if source not in self.ways:
            expression = to_regex(node, self.alphabet)
            words = frozenset().union(*map(self._code, leaves(node)))
            negative = not words.isdisjoint(map(self.lexicon.code, self.reach))
            needed = tuple(sorted(set(needs(node, self.alphabet)), key=len))
            self.ways[source] = Way(source, expression, needed, negative)
        return self.ways[source]

    def _negation(self) -> Negation:
        def words(key: str) -> frozenset[str]:
            return self._words(f"negation.{key}", self.parsed.negation[key])

        def ways(key: str) -> Ways:
            return self._ways(f"negation.{key}", self.parsed.negation[key])

        return Negation(
            reach={self.lexicon.code(word): reach for word, reach in self.reach.items()},
            short_stops=words("short_stops"),
            lists=words("lists"),
            stops=words("stops"),
            objects=words("objects").difference(self.lexicon.void.values()),
            void=ways("void"),
            whole=ways("whole"),
            wrong_after=ways("wrong_after"),
        )

    def _question(self, name: str, node: yaml.Node) -> Question:
        path, faults = f"questions.{name}", self.parsed.faults
        entries = mapping(node, path, faults)
        topics = mapping(entries["topics"], f"{path}.topics", faults)
        concepts = mapping(entries["concepts"], f"{path}.concepts", faults)
        return Question(
            id=name,
            text=string(entries["text"], path, faults),
            topics={
                topic: self.sieve.add(
                    (self._way(*self.parsed.topic(f"{path}.topics.{topic}", item)),)
                )
                for topic, item in topics.items()
            },
            unnamed=bool(string(entries.get("unnamed"), path, faults)),
            concepts=tuple(
                self._concept(f"{path}.concepts.{key}", key, item) for key, item in concepts.items()
            ),
            **self._all_ways(path, entries, QUESTION_WAYS),
        )

    def _concept(self, path: str, name: str, node: yaml.Node) -> Concept:
        fields = mapping(node, path, self.parsed.faults)
        topic, guess_with, own, means = (
            string(fields.get(key), path, self.parsed.faults)
            for key in ("topic", "guess_with", "own_denials", "means")
        )
        return Concept(
            id=name,
            means=means,
            topic=topic or None,
            guess_with=guess_with or None,
            own_denials=bool(own),
            **self._all_ways(path, fields, CONCEPT_WAYS),
        )

    def _all_ways(
        self, path: str, fields: dict[str, yaml.Node], keys: Iterable[str]
    ) -> dict[str, Ways]:
        return {key: self._ways(f"{path}.{key}", fields.get(key)) for key in keys}


def _is_word(node: Node) -> bool:
    return node.kind in ("word", "exact", "special")
