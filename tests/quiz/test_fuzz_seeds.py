"""Inputs that once went wrong, or that fuzzing should start from, stay harmless."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]
SEEDS = sorted((Path(__file__).parent / "data" / "seeds").iterdir())


@pytest.fixture(scope="module")
def fuzz_quiz() -> ModuleType:
    """The fuzzing script as a module."""
    spec = importlib.util.spec_from_file_location("fuzz_quiz", ROOT / "bench" / "fuzz_quiz.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("seed", SEEDS, ids=[seed.name for seed in SEEDS])
def test_seeds_are_harmless(fuzz_quiz: ModuleType, seed: Path) -> None:
    """A seed is accepted or refused by its target as it should be; its name says which target."""
    target, _ = fuzz_quiz.targets()[seed.name.partition("-")[0]]
    target(seed.read_bytes())


def test_fuzzing_finds_nothing_in_a_second(fuzz_quiz: ModuleType, tmp_path: Path) -> None:
    """A second of fuzzing every target, with a seed that never changes, has no find."""
    names = list(fuzz_quiz.targets())
    assert 0 == fuzz_quiz.run(names, seconds=1.0, seed=4, finds=tmp_path)


def test_fuzzing_can_find(fuzz_quiz: ModuleType, tmp_path: Path) -> None:
    """A target that breaks its promise is found and its input kept."""

    def broken(content: bytes) -> None:
        raise fuzz_quiz.Wrong("on purpose")

    assert 1 == fuzz_quiz._try("broken", broken, b"x", tmp_path)
    assert [b"x"] == [file.read_bytes() for file in tmp_path.iterdir()]
