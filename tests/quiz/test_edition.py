"""The student edition: nothing in it tells what is right, and it asks the same questions."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from quiz.edition import without_key, write
from quiz.loader import HERE
from quiz.model import Numeric, Quiz
from quiz.session import Session


@pytest.fixture
def edition(tmp_path: Path) -> Path:
    """A folder with the student edition of the quiz package in it."""
    write(HERE, tmp_path / "edition" / "quiz")
    return tmp_path / "edition"


def secrets(quiz: Quiz) -> set[str]:
    """Every text of a quiz that students must not have."""
    found: set[str] = set()
    for question in quiz.questions:
        found.add(question.explanation)
        for name in ("options", "mistakes", "blanks"):
            found |= {getattr(record, "feedback", "") for record in getattr(question, name, ())}
        found |= {concept.text for concept in getattr(question, "concepts", ())}
        if isinstance(question, Numeric):
            values = [question.answer, *(mistake.value for mistake in question.mistakes)]
            found |= {str(value) for value in values if len(str(value)) > 6}
    shown = " ".join(o.text for q in quiz.questions for o in getattr(q, "options", ()))
    return {text for text in found if text and text not in shown}


def test_no_file_holds_the_key(edition: Path, lesson: Quiz) -> None:
    """No feedback, rubric or answer expression of the graded quiz is in any file."""
    texts = {f: f.read_text(errors="replace") for f in edition.rglob("*") if f.is_file()}
    everything = "\n".join(texts.values()).replace('\\"', '"')
    assert [] == [secret for secret in secrets(lesson) if secret in everything]
    names = {file.name for file in texts}
    assert not names & {"lesson04.yaml", "checkpoint_rules.yaml", "marker.py", "edition.py"}


def test_keys_are_not_even_empty(edition: Path) -> None:
    """The graded quiz's file has no place for a key; the practice bank has its key."""
    graded = json.loads((edition / "quiz" / "lesson04.json").read_text())
    assert graded["keyed"] is False

    def keys(value: Any) -> set[str]:
        if isinstance(value, dict):
            return set(value) | set().union(*map(keys, value.values()), set())
        return set().union(*map(keys, value), set()) if isinstance(value, list) else set()

    secret = {"answer", "correct", "feedback", "mistakes", "concepts", "accept", "match", "rules"}
    assert not keys(graded) & secret
    assert secret - {"concepts", "rules"} <= keys(
        json.loads((edition / "quiz" / "practice.json").read_text())
    )


def test_every_type_loses_its_key(every_type: Quiz) -> None:
    """Orders and matches do not show through, for any type."""
    stripped = without_key(every_type)
    assert secrets(every_type)
    text = repr(stripped)
    assert [] == [secret for secret in secrets(every_type) if secret in text]
    order: Any = stripped.question("in-order")
    pairs: Any = stripped.question("pairs")
    assert {"weigh", "sum", "bend"} == {item.id for item in order.items}
    assert {""} == {prompt.match for prompt in pairs.prompts}


def test_students_see_the_same_question(every_type: Quiz, tmp_path: Path) -> None:
    """Numbers, texts and orders are the same with the key and without."""
    with_key = Session(every_type, tmp_path / "a", "ada")
    without = Session(without_key(every_type), tmp_path / "b", "ada")
    for position in range(1, len(with_key) + 1):
        one, other = with_key.shown(position), without.shown(position)
        assert (one.text, one.numbers, one.hints) == (other.text, other.numbers, other.hints)
        assert [o.id for o in one.options] == [o.id for o in other.options]
        assert [c.id for c in one.choices] == [c.id for c in other.choices]


def test_it_runs_alone(edition: Path, tmp_path: Path) -> None:
    """The edition asks and saves without anything of this package but itself."""
    code = (
        "import sys; sys.path.insert(0, sys.argv.pop(1))\n"
        "import quiz; print(quiz.__file__)\n"
        "from quiz.cli import quiz; quiz(['--student', 'ada'])"
    )
    home = tmp_path / "home"
    home.mkdir()
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code, str(edition)],
        input=":g 6\n1\n:g 9\n14 GB\n15\n:q\n",
        capture_output=True,
        encoding="utf-8",
        cwd=home,
        check=True,
    )
    assert done.stdout.startswith(str(edition))
    assert "2 of 18 answered" in done.stdout
    assert (home / "answers.yaml").exists()


def test_commands_of_instructors_are_not_there(edition: Path) -> None:
    """Students' `nnv quiz` offers no marking, and says how to ask."""
    code = (
        "import sys; sys.path.insert(0, sys.argv.pop(1))\n"
        "from quiz.cli import quiz; print(sorted(quiz.commands))"
    )
    command = [sys.executable, "-W", "error", "-c", code, str(edition)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "[]" == done.stdout.strip()


def test_it_can_be_practised(edition: Path, tmp_path: Path) -> None:
    """The practice bank works in the edition, feedback included."""
    code = (
        "import sys; sys.path.insert(0, sys.argv.pop(1))\n"
        "from quiz.cli import quiz; quiz(['--practice'])"
    )
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code, str(edition)],
        input="1\n:q\n",
        capture_output=True,
        encoding="utf-8",
        cwd=tmp_path,
        check=True,
    )
    assert "Stopped." in done.stdout
