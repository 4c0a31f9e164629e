"""What the loader says of a rules file with faults, and that the shipped one has none."""

from __future__ import annotations

from pathlib import Path

import pytest

from quiz.freetext import RulesError, load_rules, mark
from quiz.freetext.rules import DEFAULT

GOOD = """\
schema_version: 1
sets: {scale: [multiply, turn up]}
not_typos: [epoch]
glue: [the, it]
joints: [and]
pointers: [called]
copulas: [is]
conditions: [if]
negation:
  reach: {not: 9}
  short_stops: [is]
  lists: [or]
  void: ['not _ only']
  whole: ['not _ true _ that']
  stops: [but]
  objects: [nothing]
  wrong_after: ['is _ wrong']
corrections: ['no _ wait']
hearsay: ['^ _ friend _ say']
retractions: ['just _ kidding']
revocations: ['none _ of _ this']
asides: ['^ _ some _ say ... but _ i']
requests: ['give ... points']
asking: ['^ _ what']
questions:
  q:
    text: What does it do?
    topics: {}
    concepts:
      weigh:
        means: it multiplies
        says: ['@scale']
"""


def load(folder: Path, text: str) -> object:
    path = folder / "rules.yaml"
    path.write_text(text, encoding="utf-8")
    return load_rules(path)


def fault(folder: Path, text: str) -> str:
    with pytest.raises(RulesError) as caught:
        load(folder, text)
    return str(caught.value)


def test_a_new_way_of_saying_is_a_line_in_the_file(tmp_path: Path) -> None:
    """Rules live in the file: a set's new member counts at once."""
    rules = load(tmp_path, GOOD)
    assert mark(rules, "q", "it is turned up").concepts == {"weigh": True}  # type: ignore[arg-type]
    assert mark(rules, "q", "it is not multiplied").concepts == {"weigh": False}  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("version: 1", "version: 2", "rules.yaml:1:17: schema_version: must be 1"),
        ("says:", "say:", "32:9: questions.q.concepts.weigh.say: unknown key"),
        ("says:", "say:", "did you mean 'says'?"),
        ("says:", "say:", "questions.q.concepts.weigh.says: is missing"),
        (
            "'@scale'",
            "'@skale'",
            "32:16: questions.q.concepts.weigh.says: @skale: @skale is not among",
        ),
        ("'@scale'", "'(a'", "32:16: questions.q.concepts.weigh.says: '(a': expected ')'"),
        (
            "'@scale'",
            "[a]",
            "32:16: questions.q.concepts.weigh.says[0]: must be a text, found a list",
        ),
        (
            "['@scale']",
            "word",
            "questions.q.concepts.weigh.says: must be a list, found the text 'word'",
        ),
        ("turn up]", "'@scale']", "sets.scale: holds itself"),
        ("not: 9", "not: far", "negation.reach.not: must be a word and a number, found 'far'"),
        ("topics: {}", "topics: []", "questions.q.topics: must be a mapping, found a list"),
        ("means:", "topic: t\n        means:", "found 't', allowed are none: the question has no"),
        ("means:", "guess_with: y\n        means:", "found 'y', allowed are weigh"),
        ("joints: [and]", "joints: [and]\njoints: [or]", "joints: is there twice; keep one"),
        ("[multiply,", "[&a multiply, *a,", "holds an alias (*name)"),
        ("sets:", "sets: [", "is not YAML"),
    ],
)
def test_a_fault_is_told_with_its_place(tmp_path: Path, old: str, new: str, message: str) -> None:
    """Each fault says where it is, what was found and what is allowed."""
    assert message in fault(tmp_path, GOOD.replace(old, new, 1))


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    """An author doesn't mend one fault to see the next."""
    text = GOOD.replace("'@scale'", "'(a'").replace("not: 9", "not: far")
    assert len(fault(tmp_path, text).splitlines()) == 2


def test_a_file_that_cannot_be_read_is_a_rules_error(tmp_path: Path) -> None:
    """No file, an empty one and one that is far too large are told in a sentence."""
    with pytest.raises(RulesError, match="cannot be read: No such file"):
        load_rules(tmp_path / "none.yaml")
    assert "is empty" in fault(tmp_path, "")
    assert "at most 1,000,000 are read" in fault(tmp_path, "#" * 1_000_001)


def test_the_quiz_s_own_rules_load() -> None:
    """The shipped file has no fault and knows the five questions with their fourteen concepts."""
    rules = load_rules()
    assert rules is load_rules(None)
    assert DEFAULT.name == "checkpoint_rules.yaml"
    assert sum(len(question.concepts) for question in rules.questions.values()) == 14
