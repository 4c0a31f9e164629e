"""How fast a thousand `answers.yaml` are marked, and how soon the terminal quiz asks.

    python bench/quiz_speed.py [FILES]

Writes FILES (1000) hand-ins into a temporary folder, marks them with `nnv quiz mark` in a fresh
process, and starts `nnv quiz` in a terminal of its own until the first question is there. Free
texts are those of the labelled sets, no two students' alike; numbers are right, named mistakes or
plainly wrong, as people type them. Prints both times as JSON; on two ordinary cores they should
stay below 3 s and 0.3 s.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from fractions import Fraction
from functools import cache
from pathlib import Path

import yaml

from quiz.answers import Answer, AnswerFile, dumps
from quiz.expressions import Scalar, evaluate
from quiz.loader import load
from quiz.model import FreeText, Numeric, Quiz, SingleChoice
from quiz.variants import draw_numbers, shown_numbers, shuffled

LABELLED = Path(__file__).parent.parent / "tests" / "quiz" / "freetext" / "data"
OPENINGS = ("", "I think: ", "From memory: ", "As far as I remember, ", "well, ")
CLOSINGS = ("", ".", " I think", " (I hope)", "!")
SIZES = {"B": 1, "kB": 10**3, "MB": 10**6, "GB": 10**9, "MiB": 2**20, "GiB": 2**30}
WRITTEN = {
    "B": ("bytes", "B", "Byte"),
    "MB": ("MB", "megabytes", "mb"),
    "GB": ("GB", "gigabytes", "gb", "G"),
    "MiB": ("MiB", "mebibytes"),
    "GiB": ("GiB", "gibibytes"),
}
ODD = ("no idea", "14 apples", "about 12 GB or 13 GB", "42 seconds", "12 GB/s", "a lot")


@cache
def labelled(question: str) -> list[str]:
    """Every text of the labelled sets that answers a question, each once."""
    sets = [
        yaml.load(path.read_text("utf-8"), yaml.CSafeLoader)
        for path in sorted(LABELLED.glob("*.yaml"))
    ]
    return list(dict.fromkeys(item["text"] for found in sets for item in found.get(question, ())))


def free_text(question: FreeText, number: int) -> str:
    """The text of the student of that number: a labelled one, framed where it comes again."""
    texts = shuffled(labelled(question.id), question.id)
    again, place = divmod(number, len(texts))
    closing, opening = divmod(again, len(OPENINGS))
    return f"{OPENINGS[opening]}{texts[place]}{CLOSINGS[closing % len(CLOSINGS)]}"


def typed(chance: random.Random, question: Numeric, numbers: Mapping[str, Scalar]) -> str:
    """A number as somebody types it: right, a named mistake or wrong, in one of many spellings."""
    if chance.random() < 0.01:
        return chance.choice(ODD)
    mistakes = [mistake.value for mistake in question.mistakes]
    meant = chance.choice([question.answer or 0] * 3 + mistakes)
    value = Fraction(evaluate(meant, numbers))
    if chance.random() < 0.15:
        value = value * chance.choice((3, 5, Fraction(1, 10))) + chance.randrange(100)
    if question.unit not in SIZES:
        return f"{spelled(chance, value)}{chance.choice(('', f' {question.unit}'))}"
    unit = chance.choice([question.unit] * 4 + list(WRITTEN))
    value = value * SIZES[question.unit] / SIZES[unit]
    return f"{spelled(chance, value)}{chance.choice((' ', ''))}{chance.choice(WRITTEN[unit])}"


def spelled(chance: random.Random, value: Fraction) -> str:
    """A number's digits in one of the ways in which people write them."""
    rounded = float(value)
    ways = [f"{rounded:.6g}", f"{rounded:.10g}", f"{rounded:.4g}", f"about {rounded:.3g}"]
    if value.denominator == 1:
        ways += [f"{int(value)}", f"{int(value):,}", f"{int(value):,}".replace(",", " ")]
    if abs(rounded) >= 1e6:
        ways += [f"{rounded / 1e6:.4g} million", f"{rounded:.3e}", f"{rounded / 1e6:.4g}*10^6"]
    return chance.choice(ways)


def hand_in(quiz: Quiz, number: int) -> str:
    """One student's file as a session saves it: every question answered."""
    student, chance = f"s{number:04}", random.Random(number)
    answers = {}
    for question in quiz.questions:
        drawn = draw_numbers(question, student)
        if isinstance(question, FreeText):
            given = free_text(question, number)
        elif isinstance(question, Numeric):
            given = typed(chance, question, shown_numbers(question, drawn))
        elif isinstance(question, SingleChoice):
            given = shuffled(question.options, student)[0].id
        else:
            raise TypeError(f"{question.id}: there are no answers here to {question.type}")
        answers[question.id] = Answer(
            answer=given,
            at=f"2026-11-22T{chance.randrange(8, 20):02}:{chance.randrange(60):02}:00Z",
            numbers=drawn or None,
            attempts=chance.choice((1, 1, 1, 2)),
            seconds=chance.randrange(50, 3000) / 10,
            hints=chance.choice((0, 0, 1)),
        )
    return dumps(AnswerFile(quiz=quiz.quiz, student=student, answers=answers))


def write_class(folder: Path, count: int) -> None:
    """Write the hand-ins of a whole class, a folder a student."""
    quiz = load()
    for number in range(count):
        home = folder / f"s{number:04}"
        home.mkdir()
        (home / "answers.yaml").write_text(hand_in(quiz, number), encoding="utf-8")


def seconds_to_mark(count: int) -> float:
    """Seconds that `nnv quiz mark` takes over that many files, start and end of Python included."""
    with tempfile.TemporaryDirectory() as folder:
        write_class(Path(folder), count)
        command = [sys.executable, "-c", "from quiz.cli import quiz; quiz()", "mark", folder]
        start = time.perf_counter()
        subprocess.run([*command, "--json"], check=True, stdout=subprocess.DEVNULL)
        return time.perf_counter() - start


def seconds_to_ask() -> float:
    """Seconds from starting `nnv quiz` to its first question on the screen of a terminal."""
    import pty

    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        child, screen = pty.fork()
        if child == 0:
            os.chdir(folder)
            code = "from quiz.cli import quiz; quiz(['--student', 'ada'])"
            os.execv(sys.executable, [sys.executable, "-c", code])
        seen = b""
        while b"Question 1" not in seen:
            seen += os.read(screen, 65_536)
        took = time.perf_counter() - start
        os.close(screen)
        os.waitpid(child, 0)
        return took


def main() -> None:
    """Measure both and print them."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    load()
    figures = {
        "files": count,
        "mark_seconds": round(seconds_to_mark(count), 2),
        "first_question_seconds": round(min(seconds_to_ask() for _ in range(5)), 3),
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
