"""The floor: the same calls after one fork of a warm process, and nothing else.

    python bench/floor.py FOLDER --workers 2

Each hand-in is read, a warm process forks once, the child runs the modules and makes every call of
the hidden suites once, and what comes back crosses a pipe. No confinement, no pytest, no judging,
no diagnosis, no second pass, nothing stored. It runs student code unconfined: for our own hand-ins.
"""

from __future__ import annotations

import argparse
import copy
import importlib.abc
import importlib.machinery
import multiprocessing
import os
import pickle
import sys
import types
from collections.abc import Mapping, Sequence
from pathlib import Path

import probes

from grader.cases import Call
from grader.hand_ins import HandIn, find_hand_ins
from grader.sandbox import wire
from grader.submission import read
from nnv.manifest import manifest


class _Modules(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Imports `exercises.relu` from a submission's sources."""

    def __init__(self, sources: Mapping[str, bytes]) -> None:
        self._sources = sources

    def find_spec(
        self, fullname: str, path: object = None, target: object = None
    ) -> importlib.machinery.ModuleSpec | None:
        package, _, name = fullname.partition(".")
        if package != "exercises" or (name and name not in self._sources):
            return None
        return importlib.machinery.ModuleSpec(fullname, self, is_package=not name)

    def exec_module(self, module: types.ModuleType) -> None:
        source = self._sources.get(module.__name__.partition(".")[2])
        if source is not None:
            exec(compile(source, module.__name__, "exec"), module.__dict__)


def _child(sources: Mapping[str, bytes], wanted: Mapping[str, Sequence[Call]], pipe: int) -> None:
    sys.meta_path.insert(0, _Modules(sources))
    outcomes = []
    for function in manifest().functions:
        try:
            called = getattr(importlib.import_module(f"exercises.{function.module}"), function.name)
        except Exception as error:
            outcomes.append(repr(error))
            continue
        for call in wanted[function.name]:
            args, kwargs = wire.with_activations(copy.deepcopy((call.args, dict(call.kwargs))))
            try:
                outcomes.append(called(*args, **kwargs))
            except Exception as error:
                outcomes.append(repr(error))
    with os.fdopen(pipe, "wb") as file:
        pickle.dump(outcomes, file)


def _one(hand_in: HandIn, wanted: Mapping[str, Sequence[Call]]) -> int:
    sources = dict(read(hand_in).sources)
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            _child(sources, wanted, writer)
        finally:
            os._exit(0)
    os.close(writer)
    with os.fdopen(reader, "rb") as file:
        outcomes = pickle.load(file)
    os.waitpid(pid, 0)
    return len(outcomes)


def _share(hand_ins: Sequence[HandIn], wanted: Mapping[str, Sequence[Call]]) -> None:
    for name in [n for n in sys.modules if n.split(".")[0] == "exercises"]:
        del sys.modules[name]
    for hand_in in hand_ins:
        _one(hand_in, wanted)


def main() -> None:
    """Run a folder's hand-ins in several processes."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--workers", type=int, default=2)
    asked = parser.parse_args()
    hand_ins = find_hand_ins(asked.folder)
    wanted = probes.calls()
    fork = multiprocessing.get_context("fork")
    shares = [hand_ins[i :: asked.workers] for i in range(asked.workers)]
    workers = [fork.Process(target=_share, args=(share, wanted)) for share in shares]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    sys.exit(any(worker.exitcode for worker in workers))


if __name__ == "__main__":
    main()
