"""Mutants of the solutions, and whether the hidden suites kill them.

mutmut makes every mutant of every solution; each stands in for the solution in its hidden tests.
One that passes them all has survived: the suites would give full marks for it. Survivors must be
listed as equivalent in ``mutation_equivalents.yaml``, with the reason; any other one fails the run.

    python bench/mutation.py
    python bench/mutation.py --sample 40 --seed 7
"""

from __future__ import annotations

import difflib
import random
import signal
import sys
import types
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import click
import libcst as cst
import yaml
from mutmut.mutation.file_mutation import MutationVisitor
from mutmut.mutation.mutators import mutation_operators
from mutmut.mutation.pragma_handling import IgnoredCode

from grader import references
from grader.cases import LocalFunctions
from grader.collected import HiddenTest, by_function, collect
from grader.trial import attempt
from nnv.manifest import Manifest, manifest

HOME = Path(__file__).resolve().parent.parent
EQUIVALENTS = Path(__file__).with_name("mutation_equivalents.yaml")


@dataclass(frozen=True, slots=True)
class Mutant:
    """One mutant of a solution.

    Attributes:
        module: the solution's module.
        function: the function that is mutated, or "" outside of all functions.
        change: the lines before and after, as ``was → becomes``.
        source: the mutated module.
    """

    module: str
    function: str
    change: str
    source: str

    @property
    def name(self) -> str:
        """How the list of equivalent mutants names it."""
        return f"{self.module}.{self.function or '(module)'}: {self.change}"


class TooLate(BaseException):
    """A mutant ran out of time; no Exception, so that no mutant can catch it."""


def mutants_of(module: str) -> Iterator[Mutant]:
    """Make every mutant that mutmut knows of one solution."""
    source = (HOME / "solutions" / f"{module}.py").read_text(encoding="utf-8")
    # mutmut's own create_mutations wants a project's settings; this is what it does with them.
    visitor = MutationVisitor(mutation_operators, IgnoredCode(set(), set(), set()))
    tree = cst.MetadataWrapper(cst.parse_module(source)).visit(visitor)
    for mutation in visitor.mutations:
        changed = tree.deep_replace(mutation.original_node, mutation.mutated_node)
        mutated = cst.ensure_type(changed, cst.Module).code
        outer = mutation.contained_by_top_level_function
        yield Mutant(module, outer.name.value if outer else "", _change(source, mutated), mutated)


def _change(before: str, after: str) -> str:
    lines = list(difflib.ndiff(before.splitlines(), after.splitlines()))
    was = " ".join(line[2:].strip() for line in lines if line.startswith("- "))
    becomes = " ".join(line[2:].strip() for line in lines if line.startswith("+ "))
    return f"{was} → {becomes}"


class Judge:
    """Tells which mutants the hidden suites kill."""

    def __init__(self, exercises: Manifest, seconds: float) -> None:
        self._exercises = exercises
        self._seconds = seconds
        self._tests: dict[str, list[HiddenTest]] = by_function(exercises, collect())
        self._reference = LocalFunctions(references.functions(exercises))

    def kills(self, mutant: Mutant) -> bool:
        """Run the hidden tests of the mutated function; of all, where a helper is mutated."""
        names = [function.name for function in self._exercises.of_module(mutant.module)]
        judged = [mutant.function] if mutant.function in names else names
        try:
            with warnings.catch_warnings(), _limited(self._seconds):
                warnings.simplefilter("ignore")
                return self._fails(mutant, judged)
        except TooLate:
            return True

    def _fails(self, mutant: Mutant, names: list[str]) -> bool:
        module = types.ModuleType(f"mutant_{mutant.module}")
        try:
            exec(compile(mutant.source, f"{mutant.module}.py", "exec"), module.__dict__)
        except Exception:
            return True  # it cannot be loaded
        return any(
            attempt(name, getattr(module, name), self._tests[name], self._reference).failed
            for name in names
        )


@contextmanager
def _limited(seconds: float) -> Iterator[None]:
    def late(number: int, frame: types.FrameType | None) -> None:
        raise TooLate

    before = signal.signal(signal.SIGALRM, late)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def read_equivalents(path: Path) -> dict[str, str]:
    """Read the list of equivalent mutants: each one's name, and the reason."""
    groups = yaml.safe_load(path.read_text(encoding="utf-8")) or []
    return {name: group["reason"] for group in groups for name in group["mutants"]}


@click.command()
@click.option("--sample", type=click.IntRange(1), help="Try so many mutants only.")
@click.option("--seed", default=0, show_default=True, help="Which ones those are.")
@click.option("--module", "modules", multiple=True, help="Mutate this module only; repeatable.")
@click.option("--seconds", default=2.0, show_default=True, help="Limit of one mutant.")
@click.option(
    "--equivalents",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    default=EQUIVALENTS,
    help="The list of equivalent mutants.",
)
def main(
    sample: int | None, seed: int, modules: tuple[str, ...], seconds: float, equivalents: Path
) -> None:
    """Mutate the solutions; exit with 1 where a mutant survives that is not listed."""
    exercises = manifest()
    judge = Judge(exercises, seconds)
    mutants = [m for name in modules or exercises.modules for m in mutants_of(name)]
    names = {mutant.name for mutant in mutants}
    tried = mutants if sample is None else random.Random(seed).sample(mutants, sample)
    survivors = [mutant for mutant in tried if not judge.kills(mutant)]
    known = read_equivalents(equivalents)
    unlisted = sorted({mutant.name for mutant in survivors} - set(known))
    whole = sample is None and not modules
    stale = sorted(set(known) - {m.name for m in survivors}) if whole else []
    for name in unlisted:
        click.echo(f"survived: {name}")
    for name in stale:
        reason = "is killed" if name in names else "is no mutant"
        click.echo(f"listed as equivalent, but {reason}: {name}")
    click.echo(
        f"{len(tried)} of {len(mutants)} mutants tried: {len(tried) - len(survivors)} killed, "
        f"{len(survivors)} survived, {len(unlisted)} of them not listed as equivalent"
    )
    sys.exit(1 if unlisted or stale else 0)


if __name__ == "__main__":
    main()
