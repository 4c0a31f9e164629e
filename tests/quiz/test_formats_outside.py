"""What others' parsers say of our exports, and each of them shown to fail on a spoilt file."""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from quiz.formats import read, write
from quiz.model import Quiz

SAMPLE = """\
Quiz title: A sample

Title: Sum
Points: 2
1.  What is *2+3* and $x^2$?
... Think.
a)  6
... That is one more.
*c) 5
... Right.

2.  Which are even?
[*] 2
[ ] 3
[*] 4

3.  Which letter comes first?
*   alpha
*   a

4.  How much?
=   1.5 +- 0.1

5.  True?
*a) True
b) False

6.  Say why.
___
"""


def spoilt(content: bytes, change: Callable[[str, bytes], bytes]) -> dict[str, bytes]:
    """The members of a zip after a change to each."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return {name: change(name, package.read(name)) for name in package.namelist()}


def test_package_integrity(every_type: Quiz, tmp_path: Path) -> None:
    """qti-package-maker finds nothing dangling in our zip."""
    checker = pytest.importorskip(
        "qti_package_maker.common.package_integrity", reason="qti-package-maker is not installed"
    )
    file = tmp_path / "quiz.zip"
    file.write_bytes(write(every_type, "qti").content)
    assert [] == checker.check_package(str(file))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'identifierref="every-type_meta"', b'identifierref="nothing"'),
        (b'respident="response1">straight<', b'respident="response1">bent<'),
        (b'href="every-type/every-type.xml"', b'href="every-type/other.xml"'),
        (b'identifier="every-type"', b'identifier="every type"'),
    ],
)
def test_package_integrity_can_fail(every_type: Quiz, old: bytes, new: bytes) -> None:
    """A dangling id, a key that is no choice, a missing file or a bad id is found."""
    checker = pytest.importorskip(
        "qti_package_maker.common.package_integrity", reason="qti-package-maker is not installed"
    )
    content = write(every_type, "qti").content
    changed = spoilt(content, lambda name, member: member.replace(old, new))
    assert changed != spoilt(content, lambda name, member: member)
    assert checker.check_entries(changed)


def test_text2qti_is_read(tmp_path: Path) -> None:
    """What text2qti writes is read with question, options, key, points and feedback."""
    program = shutil.which("text2qti") or shutil.which(
        "text2qti",
        path=str(Path(os.sys.executable).parent),  # type: ignore[attr-defined]
    )
    if program is None:
        pytest.skip("text2qti is not installed")
    (tmp_path / "sample.txt").write_text(SAMPLE)
    env = {**os.environ, "HOME": str(tmp_path)}
    subprocess.run([program, "sample.txt"], cwd=tmp_path, check=True, capture_output=True, env=env)
    imported = read((tmp_path / "sample.zip").read_bytes(), "qti").quiz
    types = "single_choice multiple_choice short_answer numeric true_false free_text"
    assert types.split() == [question.type for question in imported.questions]
    first, second, third, fourth, fifth, _ = imported.questions
    assert ("What is *2+3* and $x^2$?", 2.0, "Think.") == (
        first.text,
        first.points,
        first.explanation,
    )
    assert [("6", False, "That is one more."), ("5", True, "Right.")] == [
        (o.text, o.correct, o.feedback)
        for o in first.options  # type: ignore[union-attr]
    ]
    assert [True, False, True] == [o.correct for o in second.options]  # type: ignore[union-attr]
    assert ("alpha", "a") == third.accept  # type: ignore[union-attr]
    assert (1.5, 0.1) == (fourth.answer, fourth.tolerance)  # type: ignore[union-attr]
    assert fifth.answer is True  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (b">100<", b">0<", "no key"),
        (b">straight</varequal>", b">bent</varequal>", "which is no choice"),
        (b"multiple_choice_question", b"strange_question", "is not read"),
    ],
)
def test_questions_without_key_are_not_taken(
    every_type: Quiz, old: bytes, new: bytes, said: str
) -> None:
    """A question whose key is gone or dangling is left out with a warning, not taken without."""
    content = write(every_type, "qti").content
    xml = spoilt(content, lambda name, member: member.replace(old, new))[
        "every-type/every-type.xml"
    ]
    imported = read(xml, "qti")
    assert "pick-one" not in {question.id for question in imported.quiz.questions}
    assert any("Pick: one" in warning and said in warning for warning in imported.warnings)


def gift_parser() -> str:
    """The code that parses GIFT with npm's gift-pegjs, or a skip."""
    if shutil.which("node") is None:
        pytest.skip("node is not installed")
    where = os.environ.get("GIFT_PEGJS", "gift-pegjs")
    done = subprocess.run(["node", "-e", f"require({where!r})"], capture_output=True, check=False)
    if done.returncode:
        pytest.skip("npm's gift-pegjs is not installed: npm install gift-pegjs")
    return (
        f"const parser = require({where!r});"
        "const text = require('fs').readFileSync(0, 'utf8');"
        "console.log(JSON.stringify(parser.parse(text)))"
    )


def test_gift_is_parsed(every_type: Quiz) -> None:
    """gift-pegjs reads our GIFT, and reads in it what we meant."""
    code = gift_parser()
    done = subprocess.run(
        ["node", "-e", code],
        input=write(every_type, "gift").content,
        capture_output=True,
        check=True,
    )
    parsed = {entry["id"]: entry for entry in json.loads(done.stdout)}
    kinds = {name: entry["type"] for name, entry in parsed.items()}
    assert {
        "pick-one": "MC",
        "pick-some": "MC",
        "true-or-not": "TF",
        "how-many": "Numerical",
        "count-exactly": "Numerical",
        "name-it": "Short",
        "pairs": "Matching",
        "three-steps": "Essay",
    } == kinds
    choices = parsed["pick-one"]["choices"]
    assert [True, False, False] == [choice["isCorrect"] for choice in choices]
    assert "A curve #1 {50%}" == choices[1]["text"]["text"]
    assert [50, 50, -50] == [choice["weight"] for choice in parsed["pick-some"]["choices"]]
    assert {"type": "range", "number": 26, "range": 0.26} == parsed["how-many"]["choices"][0][
        "text"
    ]


@pytest.mark.parametrize(("old", "new"), [(rb"\}", b"}"), (b"=A straight", b"{A straight")])
def test_gift_parser_can_fail(every_type: Quiz, old: bytes, new: bytes) -> None:
    """A brace that is not escaped is found."""
    code = gift_parser()
    text = write(every_type, "gift").content
    assert old in text
    done = subprocess.run(
        ["node", "-e", code], input=text.replace(old, new), capture_output=True, check=False
    )
    assert done.returncode != 0


def test_jupyterquiz_is_valid(every_type: Quiz, lesson: Quiz) -> None:
    """nbgrader-jupyterquiz accepts every question that we export."""
    validator = pytest.importorskip(
        "nbgrader_jupyterquiz.grader.validate", reason="nbgrader-jupyterquiz is not installed"
    )
    for quiz in (every_type, lesson):
        entries = json.loads(write(quiz, "jupyterquiz").content)
        assert entries
        for entry in entries:
            validator.validate_question(entry)


@pytest.mark.parametrize(
    ("place", "change"),
    [
        (0, {"answers": [{"answer": "x"}]}),
        (0, {"points": 0}),
        (3, {"answers": [{"range": [1], "correct": True}]}),
    ],
)
def test_jupyterquiz_validator_can_fail(
    every_type: Quiz, place: int, change: dict[str, object]
) -> None:
    """An answer without key, no points, or half a range is found."""
    validator = pytest.importorskip(
        "nbgrader_jupyterquiz.grader.validate", reason="nbgrader-jupyterquiz is not installed"
    )
    import jsonschema

    entry = json.loads(write(every_type, "jupyterquiz").content)[place] | change
    with pytest.raises(jsonschema.ValidationError):
        validator.validate_question(entry)
