"""Fuzz everything of the quiz that reads what others wrote.

    python bench/fuzz_quiz.py [--seconds 600] [--only yaml,answers,...]

Each target takes bytes, and may answer with its own error and nothing else, in bounded time; what
it accepts must hold what the target promises. Inputs are good files with pieces changed, and
rubbish; `fuzz_quiz_coverage.py` lets atheris choose them by coverage. A find is written to
fuzz-finds/ and makes the exit status 1; put it under tests/quiz/data/seeds/, where
test_fuzz_seeds.py keeps it.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
import traceback
from collections.abc import Callable, Sequence
from hashlib import sha256
from pathlib import Path

from quiz import formats, loader
from quiz.answers import dumps, read_answers
from quiz.codec import loads as loads_json
from quiz.expressions import ExpressionError, evaluate
from quiz.marking import mark_answers
from quiz.model import Quiz
from quiz.numbers import NumberError, read_number
from quiz.problems import QuizAnswersError, QuizFileError
from quiz.scoring import score
from quiz.variants import draw_numbers

ROOT = Path(__file__).parent.parent
DATA = ROOT / "tests" / "quiz" / "data"
SLOW = 20.0
UNITS = ("", "GB", "parameters", "times", "GB/s")
PIECES = (
    b"{", b"}", b"[", b"]", b"&a ", b"*a", b"!!", b"? ", b"- ", b": ", b"\n", b"'", b'"', b"|\n",
    b"\x00", b"\xff", b"\xc3\xa9", b"\\", b"#", b"=", b"~", b"->", b"%50%", b"<", b">", b"&amp;",
    b"]]>", b"<!DOCTYPE x>", b"1e999", b"9" * 40, b"-", b"nan", b"GiB", b" 000", b",", b"^", b"**",
    b"true", b"null", b"{{x}}", b"[[x]]", b"$", b"..", b"\xe2\x80\xae", b"x" * 200, b"\t", b"\r",
)  # fmt: skip


class Wrong(AssertionError):
    """A target accepted what it must not accept."""


def fuzz_yaml(content: bytes) -> None:
    """A quiz in YAML loads and can be asked and marked, or raises QuizFileError."""
    try:
        quiz = loader.loads(content)
    except QuizFileError as error:
        if not error.problems or error.problems[0].place.line < 1:
            raise Wrong("an error without a place") from error
        return
    for question in quiz.questions:
        score(question, "1", draw_numbers(question, "ada"))


def fuzz_json(content: bytes) -> None:
    """A released quiz loads, or raises QuizFileError."""
    try:
        loads_json(content, "q.json")
    except QuizFileError:
        return


def fuzz_answers(content: bytes, quiz: Quiz) -> None:
    """Answers are read, marked within limits and written again, or raise QuizAnswersError."""
    try:
        answers = read_answers(content)
        mark = mark_answers(quiz, answers, "ada")
    except QuizAnswersError:
        return
    for outcome in mark.questions.values():
        if not 0 <= outcome.points <= outcome.max_points:
            raise Wrong(f"{outcome.points} of {outcome.max_points} points")
    if read_answers(dumps(answers).encode("utf-8", "surrogatepass")).quiz != answers.quiz:
        raise Wrong("written answers are not read back")


def fuzz_numbers(content: bytes) -> None:
    """A number is read, or raises NumberError; never two numbers, nan or infinity."""
    text = content.decode("utf-8", "replace")
    for unit in UNITS:
        try:
            reading = read_number(text, unit)
        except NumberError:
            continue
        if abs(reading.value) > 10**430:
            raise Wrong(f"{text!r} is read as a number without bounds")
        if "=" not in text and (" or " in text or "nan" in text.lower()):
            raise Wrong(f"{text!r} is read as {reading.value}")


def fuzz_expressions(content: bytes) -> None:
    """An expression comes to a number, or raises ExpressionError."""
    try:
        evaluate(content.decode("utf-8", "replace"), {"m": 3, "n": 4.5, "k": "adam"})
    except ExpressionError:
        return


def fuzz_format(name: str) -> Callable[[bytes], None]:
    """A target that imports one format and exports what it took."""

    def target(content: bytes) -> None:
        try:
            imported = formats.read(content, name)
        except formats.FormatError:
            return
        for question in imported.quiz.questions:
            options = getattr(question, "options", ())
            if options and not any(option.correct for option in options):
                raise Wrong(f"{question.id} was taken without a key")
        formats.write(imported.quiz, name)

    return target


def targets() -> dict[str, tuple[Callable[[bytes], None], list[bytes]]]:
    """What is fuzzed, each with good inputs to start from."""
    quiz = loader.load()
    sample = loader.load(DATA / "every-type.yaml")
    answers = b"schema_version: 1\nquiz: lesson04\nstudent: ada\nanswers:\n"
    answers += b"  three-steps: {answer: 'it multiplies, adds, bends', at: 2026-11-22T09:00:00Z}\n"
    answers += b"  weights-7b: {answer: 14 GB, numbers: {bits: 16}}\n  what-is-deep: [a, b]\n"
    made: dict[str, tuple[Callable[[bytes], None], list[bytes]]] = {
        "yaml": (fuzz_yaml, [(DATA / "every-type.yaml").read_bytes()]),
        "json": (fuzz_json, [loader.codec.dumps(sample).encode()]),
        "answers": (lambda content: fuzz_answers(content, quiz), [answers]),
        "numbers": (fuzz_numbers, [b"14 GB", b"16,777,216", b"1.4*10^10 bytes", b"four times"]),
        "expressions": (fuzz_expressions, [b"max(0, m * n + n) / 8 if k == 'adam' else m ** 2"]),
    }
    for name in formats.READERS:
        made[name] = (fuzz_format(name), [formats.write(sample, name).content])
    return made


def mutated(good: bytes, chance: random.Random) -> bytes:
    """A good input with up to six pieces cut out, doubled, moved or put in."""
    content = good
    for _ in range(chance.randint(0, 6)):
        start = chance.randint(0, len(content))
        end = min(len(content), start + int(chance.expovariate(1 / 12)))
        piece = chance.choice(
            (chance.choice(PIECES), content[start:end] * 2, b"", chance.randbytes(3), good[:end])
        )
        content = content[:start] + piece + content[end:]
    return content


def run(names: Sequence[str], seconds: float, seed: int, finds: Path) -> int:
    """Fuzz the named targets by turns; the number of finds."""
    chance = random.Random(seed)
    chosen = {name: target for name, target in targets().items() if name in names}
    counts = dict.fromkeys(chosen, 0)
    found = 0
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        for name, (target, good) in chosen.items():
            content = mutated(chance.choice(good), chance)
            counts[name] += 1
            found += _try(name, target, content, finds)
    done = ", ".join(f"{name} {count}" for name, count in counts.items())
    print(f"{sum(counts.values())} inputs ({done}), {found} finds, seed {seed}")
    return found


def _try(name: str, target: Callable[[bytes], None], content: bytes, finds: Path) -> int:
    start = time.monotonic()
    try:
        target(content)
        if time.monotonic() - start > SLOW:
            raise Wrong(f"took {time.monotonic() - start:.0f} s")
    except Exception:
        finds.mkdir(parents=True, exist_ok=True)
        file = finds / f"{name}-{sha256(content).hexdigest()[:12]}"
        file.write_bytes(content)
        print(f"{file}:\n{traceback.format_exc()}", file=sys.stderr)
        return 1
    return 0


def main() -> int:
    """Read the command line and fuzz."""
    parser = argparse.ArgumentParser(description="Fuzz what the quiz reads.")
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--only", default=",".join(("yaml", "json", "answers", "numbers",
                        "expressions", *formats.READERS)))  # fmt: skip
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--finds", type=Path, default=Path("fuzz-finds"))
    given = parser.parse_args()
    return 1 if run(given.only.split(","), given.seconds, given.seed, given.finds) else 0


if __name__ == "__main__":
    sys.exit(main())
