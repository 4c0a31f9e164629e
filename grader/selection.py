"""Which of a hand-in's files count: its modules, or else its notebook; its answers to the quiz.

Only names are looked at here. The modules are those of the folder `exercises`, or of the folder
with most of the exercises' own modules; beside `exercises`, its parent's help out.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cache

from grader.trees import Parts, Tree, path_text
from nnv.manifest import manifest

_NEVER_LOADED = frozenset({"__init__", "__main__", "conftest", "setup"})
# What browsers, Canvas and file managers append when a file of that name is there already.
_COPY = re.compile(r"(?i)(?:[ _]?\(\d+\)|-\d+| ?- ?copy(?: ?\(\d+\))?| copy(?: \d+)?)$")
_ANSWERS = ("answers.yaml", "answers.yml")
_NOTEBOOK = "neural_networks"
_MAX_NAMED = 5


@cache
def known_modules() -> frozenset[str]:
    """The names of the exercises' own modules."""
    return frozenset(manifest().modules)


def original_stem(name: str) -> str:
    """Take suffix and marks of a copy off a file name: `relu (1).py` and `relu-2.py` → `relu`."""
    stem = name.rpartition(".")[0]
    return _COPY.sub("", stem) or stem


def find_modules(files: Sequence[Parts]) -> tuple[dict[str, Parts], tuple[str, ...]]:
    """Choose the Python modules of a hand-in.

    Returns:
        name to import by → file, ordered by name; and notes on those that do not count.
    """
    modules = [parts for parts in files if _is_module(parts[-1])]
    if not modules:
        return {}, ()
    home = _home(modules)
    chosen: dict[str, Parts] = {}
    notes: list[str] = []
    unused: list[Parts] = []
    # The home folder first, and in each folder those first whose names are no copy's.
    order = sorted(modules, key=lambda parts: (parts[:-1] != home, _is_copy(parts), parts))
    for parts in order:
        if parts[:-1] != home and not _is_beside(parts[:-1], home):
            unused.append(parts)
        elif (name := _module_name(parts[-1])) in chosen:
            used = path_text(chosen[name])
            notes.append(f"{path_text(parts)}: was not used, because {used} counts.")
        else:
            chosen[name] = parts
    if unused:
        notes.append(_not_used(unused))
    return dict(sorted(chosen.items())), tuple(notes)


def find_notebook(tree: Tree) -> tuple[Parts | None, tuple[str, ...]]:
    """Choose the notebook that counts: the assignment's by its name, else the newest."""
    notebooks = [parts for parts in tree.files if parts[-1].lower().endswith(".ipynb")]
    if len(notebooks) < 2:
        return (notebooks[0] if notebooks else None), ()
    best = max(
        notebooks, key=lambda parts: (_is_assignment(parts[-1]), tree.modified(parts), parts)
    )
    rest = ", ".join(path_text(parts) for parts in notebooks if parts != best)
    return best, (f"{path_text(best)}: was used; other notebooks were not: {rest}.",)


def find_archive(tree: Tree) -> tuple[Parts | None, tuple[str, ...]]:
    """Choose the newest zip of a hand-in that holds nothing else."""
    archives = [parts for parts in tree.files if parts[-1].lower().endswith(".zip")]
    if not archives:
        return None, ()
    best = max(archives, key=lambda parts: (tree.modified(parts), parts))
    rest = ", ".join(path_text(parts) for parts in archives if parts != best)
    return best, ((f"{path_text(best)}: was used; other zips were not: {rest}.",) if rest else ())


def find_answers(files: Iterable[Parts]) -> Parts | None:
    """Find the answers to the quiz, the outermost if there are several."""
    found = [parts for parts in files if is_answers(parts[-1])]
    return min(found, key=lambda parts: (len(parts), parts), default=None)


def is_answers(name: str) -> bool:
    """Whether a file of this name holds answers to the quiz."""
    lower = name.lower()
    return lower in _ANSWERS or (
        lower.endswith((".yaml", ".yml")) and original_stem(lower) == "answers"
    )


def _is_module(name: str) -> bool:
    lower = name.lower()
    if not lower.endswith(".py"):
        return False
    stem = lower[: -len(".py")]
    return not (stem.startswith("test_") or stem.endswith("_test") or stem in _NEVER_LOADED)


def _is_copy(parts: Parts) -> bool:
    return original_stem(parts[-1]) != parts[-1].rpartition(".")[0]


def _is_assignment(name: str) -> bool:
    return name.lower().replace("-", "_").replace(" ", "_").startswith(_NOTEBOOK)


def _is_beside(folder: Parts, home: Parts) -> bool:
    return bool(home) and home[-1].lower() == "exercises" and folder == home[:-1]


def _home(modules: list[Parts]) -> Parts:
    """Choose the folder whose modules count."""
    folders = {parts[:-1] for parts in modules}
    if len(folders) == 1:
        return folders.pop()
    known = known_modules()
    n_known = Counter(parts[:-1] for parts in modules if original_stem(parts[-1]) in known)

    def rank(folder: Parts) -> tuple[bool, int, int, Parts]:
        is_exercises = bool(folder) and folder[-1].lower() == "exercises"
        return (not is_exercises, -n_known[folder], len(folder), folder)

    return min(folders, key=rank)


def _module_name(file_name: str) -> str:
    """Give the name by which a file can be imported, as like its own as may be."""
    stem = file_name[: -len(".py")]
    if stem.isidentifier():
        return stem
    name = re.sub(r"\W", "_", original_stem(file_name))
    return name if name.isidentifier() else f"_{name}"


def _not_used(unused: list[Parts]) -> str:
    named = ", ".join(path_text(parts) for parts in unused[:_MAX_NAMED])
    more = f" and {len(unused) - _MAX_NAMED} more" if len(unused) > _MAX_NAMED else ""
    return f"Python files in other folders were not used: {named}{more}."
