"""One hand-in, read but never run: a folder, a notebook, a module or a zip → its sources.

    hand-in → tree of files (folder, zip or loose files) → modules, or else a notebook's cells

What can be used is used, and `notes` say what was passed over. What cannot be read at all raises
`Unreadable`, whose sentence is shown to the student and to the instructor.
"""

import hashlib
import os
import re
import stat
from dataclasses import dataclass
from functools import cache
from typing import Literal

from grader.archives import ZipTree
from grader.decoding import as_python
from grader.hand_ins import HandIn, Part, find_hand_ins, single_hand_in, survey
from grader.names import shown
from grader.notebooks import read_notebook
from grader.reading import (
    MAX_ANSWERS_BYTES,
    MAX_FILES,
    MAX_MODULE_BYTES,
    MAX_NOTEBOOK_BYTES,
    MAX_TOTAL_BYTES,
    MAX_ZIP_BYTES,
    Unreadable,
    too_large,
    too_many_files,
)
from grader.selection import (
    find_answers,
    find_archive,
    find_modules,
    find_notebook,
    known_modules,
)
from grader.trees import FolderTree, LooseTree, Parts, Tree, path_text, read_regular, unreadable
from nnv.manifest import default_path, manifest

__all__ = [
    "HandIn",
    "Submission",
    "Unreadable",
    "find_hand_ins",
    "read",
    "single_hand_in",
    "survey",
]

Kind = Literal["modules", "notebook"]
Sources = tuple[tuple[str, bytes], ...]

_ARCHIVE = ".zip"
_LOOSE = (".py", ".ipynb", ".yaml", ".yml")


@dataclass(frozen=True, slots=True)
class Submission:
    """What one student handed in, as sources.

    Attributes:
        student: the name, fit to be shown.
        kind: `modules` or `notebook`.
        sources: of modules, `("relu", source)` ordered by name; of a notebook, `("cell 3", source)`
            in order. Empty where only answers to the quiz were handed in.
        answers: the bytes of `answers.yaml`, if there is one.
        submitted: time of the newest file in UTC, `2026-11-22T09:00:00Z`; None if unknown.
        late: whether it came too late.
        digest: SHA-256 over kind, names, sources and answers; times and notes have no part in it.
        notes: what was passed over or taken for something else, in sentences.
        lms_id: the student's number in Canvas, or the submission's in Moodle, where known.
    """

    student: str
    kind: Kind
    sources: Sources
    answers: bytes | None
    submitted: str | None
    late: bool
    digest: str
    notes: tuple[str, ...]
    lms_id: str | None = None


@dataclass(frozen=True, slots=True)
class _Contents:
    kind: Kind
    sources: Sources
    answers: bytes | None
    notes: tuple[str, ...]


def read(hand_in: HandIn) -> Submission:
    """Read a hand-in. Nothing of it is run, unpacked or followed.

    Raises:
        Unreadable: it is broken, hostile or too large, or there is nothing in it to grade.
    """
    contents = _read_parts(hand_in)
    answers, notes = contents.answers, contents.notes
    if answers is None and hand_in.answers is not None:
        beside = LooseTree({hand_in.answers.name: hand_in.answers.path})
        answers, more = _read_answers(beside)
        notes += more
    if not contents.sources and answers is None:
        raise Unreadable(_nothing_in(hand_in, contents.notes))
    return Submission(
        student=hand_in.student,
        kind=contents.kind,
        sources=contents.sources,
        answers=answers,
        submitted=hand_in.submitted,
        late=hand_in.late,
        digest=_digest(contents.kind, contents.sources, answers),
        notes=hand_in.notes + notes,
        lms_id=hand_in.lms_id,
    )


def _read_parts(hand_in: HandIn) -> _Contents:
    if len(hand_in.parts) > MAX_FILES:
        raise too_many_files(hand_in.student)
    if len(hand_in.parts) > 1:
        return _read_tree(LooseTree({part.name: part.path for part in hand_in.parts}))
    (part,) = hand_in.parts
    name = shown(part.name)
    try:
        kind = stat.S_IFMT(os.lstat(part.path).st_mode)
    except OSError as error:
        raise unreadable(name, error) from None
    if kind == stat.S_IFDIR:
        with FolderTree(part.path) as tree:
            return _read_tree(tree)
    if kind == stat.S_IFLNK:
        raise Unreadable(f"{name}: is a link; hand in the file or folder itself.")
    if kind != stat.S_IFREG:
        raise Unreadable(f"{name}: is not a file; hand in ordinary files and folders.")
    return _read_file(part, name)


def _read_file(part: Part, name: str) -> _Contents:
    suffix = os.path.splitext(part.name)[1].lower()  # noqa: PTH122 - pathlib is too slow here
    if suffix == _ARCHIVE:
        archive = ZipTree(read_regular(part.path, MAX_ZIP_BYTES, name), name)
        return _read_tree(archive, may_unpack=False)
    if suffix in _LOOSE:
        return _read_tree(LooseTree({part.name: part.path}))
    raise Unreadable(
        f"{name}: is a {suffix or 'file without suffix'}; hand in a folder, a .py, an .ipynb "
        "or a .zip."
    )


def _read_tree(tree: Tree, *, may_unpack: bool = True) -> _Contents:
    """Read what counts: modules, or else a notebook, or else what is in a zip."""
    modules, notes = find_modules(tree.files)
    notes = tree.notes + notes
    notebook, about = find_notebook(tree)
    answers, about_answers = _read_answers(tree)
    notes += about_answers
    sources: Sources = ()
    if modules:
        sources, recoded = _read_modules(tree, modules)
        if notebook is None or _has_work(sources):
            unused = () if notebook is None else (_unused_notebook(notebook),)
            return _Contents("modules", sources, answers, notes + recoded + unused)
        notes += ("The Python files hold no work on the exercises; the notebook was used.",)
    if notebook is not None:
        data = tree.load(notebook, MAX_NOTEBOOK_BYTES)
        sources, skipped = read_notebook(data, path_text(notebook))
        used = f"{path_text(notebook)}: the notebook was used."
        return _Contents("notebook", sources, answers, (*notes, *(about or (used,)), *skipped))
    packed, about = find_archive(tree)
    if packed is None or not may_unpack:
        nested = () if packed is None else (f"{path_text(packed)}: a zip in a zip is not opened.",)
        return _Contents("modules", (), answers, notes + nested)
    archive = ZipTree(tree.load(packed, MAX_ZIP_BYTES), path_text(packed))
    inner = _read_tree(archive, may_unpack=False)
    kept = inner.answers if inner.answers is not None else answers
    return _Contents(inner.kind, inner.sources, kept, notes + about + inner.notes)


def _read_modules(tree: Tree, modules: dict[str, Parts]) -> tuple[Sources, tuple[str, ...]]:
    sources: list[tuple[str, bytes]] = []
    notes: list[str] = []
    n_bytes = 0
    for name, parts in modules.items():
        source, done = as_python(tree.load(parts, MAX_MODULE_BYTES))
        n_bytes += len(source)
        if n_bytes > MAX_TOTAL_BYTES:
            raise too_large("all modules together", n_bytes, MAX_TOTAL_BYTES)
        if done:
            notes.append(f"{path_text(parts)}: {done}.")
        sources.append((name, source))
    return tuple(sources), tuple(notes)


def _has_work(sources: Sources) -> bool:
    """Whether any module is one of the exercises' or defines one, and is not as it was given out.

    Who writes in the notebook hands in the untouched stubs that lie beside it, too.
    """
    known = known_modules()
    return any(
        (name in known or _definitions().search(source)) and not _is_untouched(name, source)
        for name, source in sources
    )


def _is_untouched(name: str, source: bytes) -> bool:
    return name in known_modules() and _normal(source) == _stub(name)


@cache
def _stub(name: str) -> bytes | None:
    """Give the module as students get it."""
    path = default_path().with_name(f"{name}.py")
    return _normal(path.read_bytes()) if path.is_file() else None


def _normal(source: bytes) -> bytes:
    return b"\n".join(line.rstrip() for line in source.splitlines()).strip()


@cache
def _definitions() -> re.Pattern[bytes]:
    names = "|".join(map(re.escape, manifest().names)).encode()
    return re.compile(rb"(?m)^[ \t]*(?:(?:def|class)[ \t]+(?:%b)\b|(?:%b)[ \t]*=)" % (names, names))


def _read_answers(tree: Tree) -> tuple[bytes | None, tuple[str, ...]]:
    """Read the answers to the quiz; that they cannot be read costs the exercises nothing."""
    parts = find_answers(tree.files)
    if parts is None:
        return None, ()
    try:
        return tree.load(parts, MAX_ANSWERS_BYTES), ()
    except Unreadable as refusal:
        return None, (f"The quiz was not marked: {refusal.reason}",)


def _unused_notebook(notebook: Parts) -> str:
    return f"{path_text(notebook)}: was not used, because there are Python modules."


def _nothing_in(hand_in: HandIn, notes: tuple[str, ...]) -> str:
    name = ", ".join(shown(part.name) for part in hand_in.parts)
    found = " ".join(notes)
    return f"{name}: holds no Python module and no notebook. {found}".rstrip()


def _digest(kind: Kind, sources: Sources, answers: bytes | None) -> str:
    """Hash what counts. Each piece goes in after its length, so that none runs into the next."""
    hashed = hashlib.sha256()
    pieces = [kind.encode(), b"" if answers is None else b"answers" + answers]
    for name, source in sources:
        pieces += [name.encode("utf-8", "surrogatepass"), source]
    for piece in pieces:
        hashed.update(b"%d:" % len(piece))
        hashed.update(piece)
    return hashed.hexdigest()
