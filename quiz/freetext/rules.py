"""Compiles `checkpoint_rules.yaml`; every fault is reported with its line and column.

The file's keys are described in docs/free-text.md.
"""

from __future__ import annotations

import re
import string as string_module
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml

from quiz.freetext.lexicon import BLANK, NUMBER_CODE, PRODUCT_CODE, UNKNOWN, UNKNOWNS, Lexicon, stem
from quiz.freetext.model import Concept, Question, RulesError, Way
from quiz.freetext.pattern import Alphabet, Node, PatternError, leaves, needs, parse, to_regex
from quiz.freetext.source import Faults, compose, mapping, string, strings
from quiz.freetext.tokens import COLON, HARD, MARKS, PAUSES, tokenize

__all__ = ["Negation", "Rules", "RulesError", "load_rules"]

DEFAULT = Path(__file__).parent.parent / "checkpoint_rules.yaml"
ENDS = HARD + "?"
COPIED_RUN = 4
_KEYS = ("schema_version", "sets", "not_typos", "glue", "joints", "pointers", "copulas", "conditions", "negation", "corrections", "requests", "asking", "questions")
_NEGATION = ("reach", "short_stops", "lists", "void", "whole", "stops", "objects", "wrong_after")
_QUESTION = ("text", "topics", "not_topics", "unnamed", "concepts")
_CONCEPT = ("means", "topic", "guess_with", "own_denials", "says", "says_about", "either_way", "perhaps", "not_perhaps", "perhaps_not", "unless", "denies", "denies_about")
_WAYS = _CONCEPT[4:]
_OPERATORS = ("times", "plus", "minus", "slash")
_SPECIAL = {"#": NUMBER_CODE + PRODUCT_CODE, "~": PRODUCT_CODE, "%": UNKNOWN, ",": PAUSES, ":": COLON}


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
class Rules:
    """A compiled rules file.

    Attributes:
        lexicon: words and their codes.
        negation: how denying works.
        corrections: "no wait" and the like.
        requests: words addressed to the grader.
        asking: how a sentence with a question mark begins when it really asks.
        glue: codes of the words that make a statement of nouns.
        questions: by id.
        joints: codes of the words that join two clauses, as one text.
        pointers: codes of the words by which a thing points at its name ("->", "called").
        articles: codes of "the" and "a".
        refusals: codes of "no" and "not", by which an answer to one's own question begins.
        copulas: codes of the verbs between a description and its name ("that is the weight").
        conditions: codes of the words that begin a condition ("if nothing comes in, the bias ...").
        operators: codes of the signs of arithmetic.
        formula: an operator beside a variable or a number, over coded text.
        copied: per question, its text's runs of codes, to recognise a copy.
    """

    lexicon: Lexicon
    negation: Negation
    corrections: tuple[Way, ...]
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
    conditions: frozenset[str]
    operators: frozenset[str]
    formula: re.Pattern[str]


@lru_cache(maxsize=8)
def load_rules(path: Path | str | None = None) -> Rules:
    """Read and compile a rules file, once per path.

    Args:
        path: the file, or None for the quiz's own.

    Raises:
        RulesError: with all faults of the file, each with line, column, what was found and what is allowed.
    """
    root, faults = compose(Path(path) if path else DEFAULT)
    return _Compiler(root, faults).compile()


class _Compiler:
    """Two passes: parse every pattern and collect its words, then give out codes and compile."""

    def __init__(self, root: yaml.Node, faults: Faults) -> None:
        self.faults = faults
        self.top = mapping(root, "", faults, _KEYS, _KEYS)
        self.parsed: dict[str, Node] = {}
        self.ways: dict[str, Way] = {}
        self.sets = self._read_sets()

    def compile(self) -> Rules:
        """All of the file, or all of its faults."""
        if string(self.top.get("schema_version"), "schema_version", self.faults) != "1":
            self.faults.add(self.top.get("schema_version"), "schema_version", "must be 1")
        self._parse_all(self.top)
        self._check_sets()
        self.faults.stop_if_any()
        self._make_alphabet()
        negation = self._negation()
        questions = {
            name: self._question(name, node)
            for name, node in mapping(self.top["questions"], "questions", self.faults).items()
        }
        self.faults.stop_if_any()
        operators = frozenset(self.lexicon.code(sign) for sign in _OPERATORS) - {UNKNOWN}
        letters = [self.lexicon.code(letter) for letter in string_module.ascii_lowercase]
        variables = "".join({*letters, *self.lexicon.digits, NUMBER_CODE, PRODUCT_CODE} - {UNKNOWN})
        return Rules(
            lexicon=self.lexicon,
            negation=negation,
            corrections=self._ways("corrections"),
            requests=self._ways("requests"),
            asking=self._ways("asking"),
            glue=self.glue,
            questions=questions,
            pointers=self._codes(self._patterns(self.top["pointers"], "pointers")),
            refusals=frozenset(self.lexicon.code(word) for word in ("no", "not")),
            articles=frozenset(self.lexicon.code(word) for word in ("the", "a", "an")),
            copulas=self._codes(self._patterns(self.top["copulas"], "copulas")),
            conditions=self._codes(self._patterns(self.top["conditions"], "conditions")),
            operators=operators,
            formula=re.compile(f"[{variables}][{''.join(operators)}](?=[{variables}])"),
            joints="".join(self._codes(self._patterns(self.top["joints"], "joints"))),
            copied={name: self._copied(question) for name, question in questions.items()},
        )

    def _read_sets(self) -> dict[str, list[Node]]:
        found = {}
        for name, node in mapping(self.top.get("sets"), "sets", self.faults).items():
            path = f"sets.{name}"
            found[name] = [self._parse(text, item, path, gap=0) for text, item in strings(node, path, self.faults)]
        return found

    def _check_sets(self) -> None:
        """Every set that is used exists, and none holds itself."""
        for source, node in self.parsed.items():
            for leaf in leaves(node):
                if leaf.kind == "set" and leaf.value not in self.sets:
                    self.faults.add(None, source, f"@{leaf.value} is not among the sets")
        self.faults.stop_if_any()
        for name in self.sets:
            self._check_cycle(name, ())

    def _check_cycle(self, name: str, above: tuple[str, ...]) -> None:
        if name in above:
            self.faults.add(None, f"sets.{name}", "holds itself")
            return
        for member in self.sets[name]:
            for leaf in leaves(member):
                if leaf.kind == "set":
                    self._check_cycle(leaf.value, (*above, name))

    def _parse(self, text: str, item: yaml.Node, path: str, gap: int | None = None) -> Node:
        try:
            node = parse(text) if gap is None else parse(text, gap)
        except PatternError as error:
            self.faults.add(item, path, f"{text!r}: {error}")
            node = Node("word", "a")
        self.parsed[f"{path}: {text}"] = node
        return node

    def _parse_all(self, top: dict[str, yaml.Node]) -> None:
        """Parse every list of patterns below the questions and the general ones."""
        for key in ("corrections", "requests", "asking", "glue", "joints", "pointers", "conditions"):
            self._patterns(top.get(key), key)
        negation = mapping(top.get("negation"), "negation", self.faults, _NEGATION, _NEGATION)
        for key in _NEGATION[1:]:
            self._patterns(negation.get(key), f"negation.{key}")
        for word, node in mapping(negation.get("reach"), "negation.reach", self.faults).items():
            self._parse(f"={word}", node, "negation.reach")
        for name, node in mapping(top.get("questions"), "questions", self.faults).items():
            self._parse_question(f"questions.{name}", node)

    def _parse_question(self, path: str, node: yaml.Node) -> None:
        entries = mapping(node, path, self.faults, _QUESTION, ("text", "topics", "concepts"))
        topics = mapping(entries.get("topics"), f"{path}.topics", self.faults)
        for topic, item in topics.items():
            self._parse(string(item, path, self.faults), item, f"{path}.topics.{topic}")
        self._patterns(entries.get("not_topics"), f"{path}.not_topics")
        for concept, item in mapping(entries.get("concepts"), f"{path}.concepts", self.faults).items():
            where = f"{path}.concepts.{concept}"
            fields = mapping(item, where, self.faults, _CONCEPT, ("means", "says"))
            topic = string(fields.get("topic"), where, self.faults)
            if topic and topic not in topics:
                self.faults.add(fields["topic"], f"{where}.topic", f"found {topic!r}, allowed are {', '.join(topics)}")
            for key in _WAYS:
                self._patterns(fields.get(key), f"{where}.{key}")

    def _patterns(self, node: yaml.Node | None, path: str) -> list[Node]:
        return [
            self.parsed.get(f"{path}: {text}") or self._parse(text, item, path)
            for text, item in strings(node, path, self.faults)
        ]

    def _make_alphabet(self) -> None:
        words = [leaf for node in self.parsed.values() for leaf in leaves(node)]
        self.reach = {
            word: string(node, "negation.reach", self.faults)
            for word, node in mapping(self._negation_part("reach"), "negation.reach", self.faults).items()
        }
        self.lexicon = Lexicon(
            stems=(leaf.value for leaf in words if leaf.kind == "word"),
            exact=(leaf.value for leaf in words if leaf.kind == "exact"),
            negators=self.reach,
            real_words=(text for text, _ in strings(self.top["not_typos"], "not_typos", self.faults)),
        )
        self.set_codes: dict[str, frozenset[str]] = {}
        negators = "".join(sorted(self.lexicon.code(word) for word in self.reach))
        self.glue = self._codes(self._patterns(self.top["glue"], "glue"))
        glue = "".join(sorted(self.glue - {NUMBER_CODE, PRODUCT_CODE}))
        self.alphabet = Alphabet(
            code=self._code,
            phrases=lambda name: tuple(self._members(name, phrases=True)),
            between=f"[^{ENDS}{negators}]",
            within=f"[^{ENDS}{PAUSES}{negators}]",
            word=f"[^{ENDS}{PAUSES}{negators}{BLANK}{glue}]",
            unknown=UNKNOWNS,
            ends=ENDS,
        )

    def _negation_part(self, key: str) -> yaml.Node | None:
        return mapping(self.top["negation"], "negation", self.faults).get(key)

    def _members(self, name: str, *, phrases: bool) -> Iterator[Node]:
        for member in self.sets[name]:
            if member.kind == "set":
                yield from self._members(member.value, phrases=phrases)
            elif (member.kind not in ("word", "exact", "special")) == phrases:
                yield member

    def _code(self, node: Node) -> frozenset[str]:
        if node.kind == "set":
            if node.value not in self.set_codes:
                members = [self._code(member) for member in self._members(node.value, phrases=False)]
                self.set_codes[node.value] = frozenset().union(*members)
            return self.set_codes[node.value]
        if node.kind == "special":
            digits = self.lexicon.digits if node.value == "#" else ""
            return frozenset(_SPECIAL[node.value] + digits)
        return self.lexicon.codes_of(node.value, exact=node.kind == "exact")

    def _codes(self, nodes: list[Node]) -> frozenset[str]:
        return frozenset().union(*(self._code(leaf) for node in nodes for leaf in leaves(node)))

    def _way(self, source: str, node: Node) -> Way:
        if source not in self.ways:
            regex = re.compile(to_regex(node, self.alphabet))
            self.ways[source] = Way(source, regex, needs(node, self.alphabet))
        return self.ways[source]

    def _ways(self, path: str, node: yaml.Node | None = None) -> tuple[Way, ...]:
        node = node if node is not None else self.top.get(path)
        return tuple(self._way(text, self.parsed[f"{path}: {text}"]) for text, _ in strings(node, path, self.faults))

    def _negation(self) -> Negation:
        def part(key: str) -> list[Node]:
            return self._patterns(self._negation_part(key), f"negation.{key}")

        return Negation(
            reach={self.lexicon.code(word): int(reach) for word, reach in self.reach.items()},
            void=self._ways("negation.void", self._negation_part("void")),
            short_stops=self._codes(part("short_stops")),
            whole=self._ways("negation.whole", self._negation_part("whole")),
            lists=self._codes(part("lists")),
            stops=self._codes(part("stops")),
            objects=self._codes(part("objects")),
            wrong_after=self._ways("negation.wrong_after", self._negation_part("wrong_after")),
        )

    def _question(self, name: str, node: yaml.Node) -> Question:
        path = f"questions.{name}"
        entries = mapping(node, path, self.faults)
        topics = mapping(entries["topics"], path, self.faults)
        concepts = mapping(entries["concepts"], path, self.faults)
        return Question(
            id=name,
            text=string(entries["text"], path, self.faults),
            topics={
                topic: self._way(string(item, path, self.faults), self.parsed[f"{path}.topics.{topic}: {item.value}"])
                for topic, item in topics.items()
            },
            not_topics=self._ways(f"{path}.not_topics", entries["not_topics"]) if "not_topics" in entries else (),
            unnamed=string(entries.get("unnamed"), path, self.faults) == "whole",
            concepts=tuple(self._concept(f"{path}.concepts.{key}", key, item) for key, item in concepts.items()),
        )

    def _concept(self, path: str, name: str, node: yaml.Node) -> Concept:
        fields = mapping(node, path, self.faults)
        ways = {key: self._ways(f"{path}.{key}", fields[key]) if key in fields else () for key in _WAYS}
        return Concept(
            id=name,
            means=string(fields["means"], path, self.faults),
            topic=string(fields.get("topic"), path, self.faults) or None,
            guess_with=string(fields.get("guess_with"), path, self.faults) or None,
            own_denials=string(fields.get("own_denials"), path, self.faults) == "only",
            **ways,
        )

    def _copied(self, question: Question) -> frozenset[str]:
        words = [stem(token.text) for token in tokenize(question.text) if token.text not in MARKS]
        return frozenset(" ".join(words[i : i + COPIED_RUN]) for i in range(len(words) - COPIED_RUN + 1))
