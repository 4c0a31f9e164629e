"""Loading a quiz: a checked YAML file, or a released JSON file.

Reading YAML with places and checking it takes half a second; the cache makes the second time take a
few milliseconds. It is keyed by the file's bytes and by this package's own code, so that it can
never be out of date.
"""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

from quiz import codec
from quiz.model import Quiz
from quiz.problems import Place, Problem, QuizFileError, place_of, spell

HERE = Path(__file__).parent
DEFAULT = "lesson04"
PRACTICE = "practice"
_CODE = (
    "model.py",
    "codec.py",
    "check.py",
    "schema.py",
    "tree.py",
    "expressions.py",
    "units.py",
    "unit_table.py",
)


def bundled(name: str = DEFAULT) -> Path:
    """The quiz file that comes along: YAML where one authors, JSON in a student edition."""
    authored = HERE / f"{name}.yaml"
    return authored if authored.exists() else HERE / f"{name}.json"


def load(path: str | Path | None = None, cache: bool = True) -> Quiz:
    """Load a quiz.

    Args:
        path: A YAML file of an author or a JSON file of a student edition; left out: the lesson's
            quiz.
        cache: Whether what was checked before may be taken from the cache.

    Raises:
        QuizFileError: The file cannot be read or is wrong; it holds every problem with line and
            column.
    """
    file = bundled() if path is None else Path(path)
    content = read_bytes(file)
    if file.suffix == ".json":
        quiz = codec.loads(content, file.name)
    elif not (HERE / "schema.py").exists():
        message = "a student edition reads released quizzes (.json) only: ask for that file"
        raise QuizFileError([Problem(Place(1, 1), "", message, str(file))])
    else:
        quiz = _cached(content, file.name) if cache else loads(content, file.name)
    return replace(quiz, folder=str(file.resolve().parent))


def read_bytes(file: Path) -> bytes:
    """A quiz file's bytes.

    Raises:
        QuizFileError: There is no such file, or it cannot be read.
    """
    try:
        return file.read_bytes()
    except OSError as error:
        message = f"cannot be read ({error.strerror or error}): check the path"
        raise QuizFileError([Problem(Place(1, 1), "", message, str(file))]) from None


def loads(content: bytes, file: str = "quiz.yaml") -> Quiz:
    """Read and check what an author wrote.

    Args:
        content: The YAML file's bytes.
        file: Its name, for messages.

    Raises:
        QuizFileError: It is wrong; the error holds every problem of the first stage that found one:
            YAML, shape, meaning.
    """
    from quiz.check import check_quiz
    from quiz.schema import validated
    from quiz.tree import read_authored

    tree = read_authored(content, file)
    quiz = validated(tree, file)
    problems = [
        Problem(place_of(path, tree.places), spell(path), message, file)
        for path, message in check_quiz(quiz)
    ]
    if problems:
        raise QuizFileError(problems)
    return quiz


def _cached(content: bytes, file: str) -> Quiz:
    kept = cache_folder() / f"quiz-{_cache_key(content)}.json"
    try:
        return codec.loads(kept.read_bytes(), kept.name)
    except (OSError, QuizFileError):
        pass
    quiz = loads(content, file)
    _keep(kept, codec.dumps(quiz))
    return quiz


def _cache_key(content: bytes) -> str:
    digest = sha256(content)
    for name in _CODE:
        digest.update((HERE / name).read_bytes())
    return digest.hexdigest()[:32]


def cache_folder() -> Path:
    """Where checked quizzes are remembered; need not exist."""
    if sys.platform == "win32":
        root = os.environ.get("LOCALAPPDATA") or os.environ.get("TEMP", ".")
    else:
        root = os.environ.get("XDG_CACHE_HOME") or os.environ.get("HOME", ".") + "/.cache"
    return Path(root) / "nn-visually"


def _keep(file: Path, text: str) -> None:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        beside = file.with_name(f"{file.name}.{os.getpid()}")
        beside.write_text(text, encoding="utf-8")
        beside.replace(file)
    except OSError:
        pass  # a cache that cannot be written only costs time
