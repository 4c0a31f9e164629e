"""What the self-checks found, function by function, and how that is told to a student.

`pytest`, `nnv check` and `nnv check --watch` tell it in the same words.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from nnv.manifest import Function, Manifest

SCHEMA_VERSION = 1
WIDTH = 88

WORDS = {
    "passed": "passed",
    "wrong": "wrong",
    "not_written": "not written yet",
    "waits": "waits for another function",
    "broken": "its file does not load",
    "missing": "no such function",
    "timeout": "does not finish",
    "crashed": "stops Python",
    "unchecked": "has no self-check",
}
COLOURS = {"passed": "green", "not_written": "yellow", "waits": "yellow", "unchecked": "yellow"}


@dataclass(frozen=True, slots=True)
class Result:
    """What the self-checks of one function found.

    Attributes:
        function: its name.
        module: the module it belongs to.
        status: one of `WORDS`.
        message: at most eight lines on what is the matter; empty where it passed.
        printed: what the function printed while it was checked.
    """

    function: str
    module: str
    status: str
    message: str = ""
    printed: str = ""

    @property
    def passed(self) -> bool:
        """Whether all its self-checks passed."""
        return self.status == "passed"


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a report, and the colour it is shown in where colours are."""

    text: str
    colour: str | None = None


def function_of(test: str, manifest: Manifest) -> Function | None:
    """The function that a self-check is about: the longest name that follows ``test_``."""
    rest = test.removeprefix("test_")
    matches = [f for f in manifest.functions if rest == f.name or rest.startswith(f"{f.name}_")]
    return max(matches, key=lambda f: len(f.name), default=None)


def untouched(results: Sequence[Result], manifest: Manifest) -> bool:
    """Whether nothing has been written yet."""
    stubs = all(result.status == "not_written" for result in results)
    return stubs and {result.function for result in results} == set(manifest.names)


def next_step(results: Iterable[Result]) -> Result | None:
    """What to do next: repair what is begun, then write what is not, in the manifest's order."""
    begun, stubs, waiting = [], [], []
    for result in results:
        if result.status == "not_written":
            stubs.append(result)
        elif result.status == "waits":
            waiting.append(result)
        elif result.status not in {"passed", "unchecked"}:
            begun.append(result)
    return next(iter([*begun, *stubs, *waiting]), None)


def report(results: Sequence[Result], manifest: Manifest, again: str) -> list[Line]:
    """The whole report: a line a function, messages of the wrong ones, what to do next.

    Args:
        results: what the self-checks found.
        manifest: the functions.
        again: the command that shows this report again, such as ``pytest``.
    """
    if not results:
        return [Line("No self-check was run.")]
    if untouched(results, manifest):
        return [*_start(results, manifest), Line(f"Save the file, then run {again} again.")]
    lines = [line for result in results for line in _function_lines(result, results)]
    gap = [Line("")] if lines[-1].text else []
    return [*lines, *gap, *_closing(results, manifest)]


def brief(results: Sequence[Result], manifest: Manifest) -> list[Line]:
    """The report of ``--watch``: how many pass, and the one thing to do next."""
    if untouched(results, manifest):
        return _start(results, manifest)
    todo = next_step(results)
    if todo is None or todo.status in {"not_written", "waits"}:
        return _closing(results, manifest)
    return [*_closing(results, manifest), Line(""), *_message(todo)]


def as_json(results: Sequence[Result], manifest: Manifest) -> dict[str, object]:
    """The results for a program to read.

    Returns:
        ``schema_version``, ``assignment``, ``passed`` (how many), ``next`` (the function to turn
        to, or None) and ``functions``: name → ``module``, ``status`` (a key of `WORDS`),
        ``message`` and ``printed`` (text or None).
    """
    todo = next_step(results)
    return {
        "schema_version": SCHEMA_VERSION,
        "assignment": manifest.assignment,
        "passed": sum(result.passed for result in results),
        "next": todo.function if todo else None,
        "functions": {
            result.function: {
                "module": result.module,
                "status": result.status,
                "message": result.message or None,
                "printed": result.printed or None,
            }
            for result in results
        },
    }


def _start(results: Sequence[Result], manifest: Manifest) -> list[Line]:
    first = manifest.function(results[0].function)
    return [
        Line(f"{manifest.title}: {len(results)} functions to write. None is written yet."),
        Line(""),
        Line(f"Start with {first.name}:", "cyan"),
        *_wrapped(first.next),
        Line(""),
    ]


def _function_lines(result: Result, results: Sequence[Result]) -> list[Line]:
    colour = COLOURS.get(result.status, "red")
    head = Line(f"{result.function:<24}{WORDS[result.status]}", colour)
    if result.status == "waits":
        return [Line(f"{result.function:<24}{result.message}", colour)]
    if result.status in {"passed", "not_written", "unchecked"}:
        return [head]
    if result.status == "broken" and _told_before(result, results):
        return [head]
    return [head, *_message(result), Line("")]


def _told_before(result: Result, results: Sequence[Result]) -> bool:
    """Whether an earlier function has shown the same message: one file holds several."""
    earlier = results[: results.index(result)]
    return any(other.message == result.message for other in earlier)


def _message(result: Result) -> list[Line]:
    lines = [part for line in result.message.splitlines() for part in _folded(line)]
    return [Line(f"    {line}") for line in lines] + _printed(result)


def _folded(line: str) -> list[str]:
    """A hint is prose, so that it is folded; values stay on their line."""
    if not line.startswith("  hint "):
        return [line]
    return textwrap.wrap(line, WIDTH, subsequent_indent=" " * 12, drop_whitespace=True)


def _printed(result: Result, most: int = 6) -> list[Line]:
    """What the student's own print() wrote, which is how beginners look for a mistake."""
    lines = result.printed.splitlines()
    shown = [Line(f"    printed   {line[:200]}") for line in lines[:most]]
    if len(lines) > most:
        shown.append(Line(f"    printed   … {len(lines) - most} more lines"))
    return shown


def _closing(results: Sequence[Result], manifest: Manifest) -> list[Line]:
    passed = sum(result.passed for result in results)
    todo = next_step(results)
    if todo is None:
        return _cheer(results, manifest)
    count = Line(f"Passed so far: {passed} of {len(results)}.")
    function = manifest.function(todo.function)
    if todo.status == "not_written":
        return [count, Line(f"Next: {todo.function}", "cyan"), *_wrapped(function.next)]
    what = _repair(todo)
    return [count, Line(f"Next: {what}", "cyan")]


def _repair(todo: Result) -> str:
    file = f"{todo.module}.py"
    if todo.status == "broken":
        return f"repair {todo.message.partition(' does not load')[0]}, so that it loads."
    if todo.status == "waits":
        return todo.message
    if todo.status == "missing":
        return f"write {todo.function}, which is not in {file}."
    return f"repair {todo.function}, in {file}."


def _cheer(results: Sequence[Result], manifest: Manifest) -> list[Line]:
    if len(results) < len(manifest.functions):
        names = ", ".join(result.function for result in results)
        return [Line(f"Passed: {names}.", "green")]
    return [
        Line(f"All {len(results)} functions pass their self-checks. Well done!", "green"),
        Line("The grader tries more inputs than these. When you are ready: nnv submit"),
    ]


def _wrapped(text: str) -> list[Line]:
    lines = textwrap.wrap(text, WIDTH, initial_indent="  ", subsequent_indent="  ")
    return [Line(line) for line in lines]
