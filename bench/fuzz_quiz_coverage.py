"""Fuzz the quiz's loaders by coverage, with atheris (Linux, `pip install '.[fuzz]'`).

    python bench/fuzz_quiz_coverage.py [SECONDS]

Ends with status 0 when the time is over; a find ends it at once, with its traceback and the input
in a file that libFuzzer names.
"""

from __future__ import annotations

import sys

import atheris

with atheris.instrument_imports(include=["quiz", "fuzz_quiz"]):
    import fuzz_quiz


HEAD = b"schema_version: 1\nquiz: lesson04\nstudent: ada\nanswers: "
QUIZ = fuzz_quiz.loader.load()


def one(content: bytes) -> None:
    """One input, given to everything that loads."""
    fuzz_quiz.fuzz_answers(content, QUIZ)
    fuzz_quiz.fuzz_answers(HEAD + content, QUIZ)
    fuzz_quiz.fuzz_json(content)
    fuzz_quiz.fuzz_numbers(content[:100])
    fuzz_quiz.fuzz_expressions(content[:100])
    fuzz_quiz.fuzz_yaml(content)


def main() -> None:
    """Fuzz until the time is over."""
    seconds = sys.argv[1] if len(sys.argv) > 1 else "600"
    options = ["-max_len=2048", "-timeout=30", "-print_final_stats=1", f"-max_total_time={seconds}"]
    atheris.Setup([sys.argv[0], *options], one)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
