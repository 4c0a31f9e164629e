"""Loads `checkpoint_rules.yaml`; every fault is reported with its line and column.

The file's keys are described in docs/free-text.md.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from quiz.freetext.compiler import compile_rules
from quiz.freetext.model import Rules
from quiz.freetext.parsed import ParsedRules
from quiz.freetext.second import beside, load_reader
from quiz.freetext.source import compose

DEFAULT = Path(__file__).parent.parent / "checkpoint_rules.yaml"


def load_rules(path: Path | str | None = None) -> Rules:
    """Read and compile a rules file, once per path.

    Args:
        path: the file, or None for the quiz's own.

    Raises:
        RulesError: with all faults of the file, each with line, column, what was found and what
            is allowed.
    """
    return _load(Path(path) if path else DEFAULT)


@lru_cache(maxsize=8)
def _load(path: Path) -> Rules:
    root, faults = compose(path)
    parsed = ParsedRules(root, faults)
    faults.stop_if_any()
    return replace(compile_rules(parsed), reader=load_reader(beside(path)))
