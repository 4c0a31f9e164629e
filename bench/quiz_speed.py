"""How fast a thousand `answers.yaml` are marked, and how soon the terminal quiz asks.

    python bench/quiz_speed.py [FILES]

Writes FILES (1000) varied hand-ins into a temporary folder, marks them with `nnv quiz mark` in a
fresh process, and starts `nnv quiz` in a terminal of its own until the first question is there.
Prints both times as JSON; on two ordinary cores they should stay below 3 s and 0.3 s.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from quiz.answers import Answer, AnswerFile, dumps
from quiz.loader import load
from quiz.model import Quiz
from quiz.variants import draw_numbers, shuffled

SAID = {
    "three-steps": "{n}: multiplies the inputs by weights, adds them up with a bias, bends the sum",
    "weight-and-bias": "the weight scales an input and the bias, {n}, is added to the sum",
    "collapse": "a line of a line is a line, so {n} layers are one linear layer",
    "layers-and-depth": "raw numbers in, answer out, hidden between; deep is {n} hidden layers",
    "weights-between-layers": "m*n weights, each stored and multiplied in pass {n}",
}


def hand_in(quiz: Quiz, student: str) -> str:
    """One student's answers: every question answered, no two students alike."""
    answers = {}
    for question in quiz.questions:
        if question.type == "free_text":
            given = SAID.get(question.id, "I do not know").format(n=student)
        elif question.type == "single_choice":
            given = shuffled(question.options, student)[0].id
        else:
            given = f"{int(student[1:]) * 7 % 900} {question.unit}"
        answers[question.id] = Answer(
            answer=given, at="2026-11-22T09:00:00Z", numbers=draw_numbers(question, student)
        )
    return dumps(AnswerFile(quiz=quiz.quiz, student=student, answers=answers))


def seconds_to_mark(count: int) -> float:
    """Seconds that `nnv quiz mark` takes over that many files, start and end of Python included."""
    quiz = load()
    with tempfile.TemporaryDirectory() as folder:
        for number in range(count):
            home = Path(folder, f"s{number:04}")
            home.mkdir()
            (home / "answers.yaml").write_text(hand_in(quiz, home.name), encoding="utf-8")
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
