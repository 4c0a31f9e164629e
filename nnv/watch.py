"""`nnv check --watch`: at every save, the next thing to do, within a tenth of a second.

Two children wait with numpy loaded (`nnv.runner`); a thread passes on what the operating system
says about the folder. A save while checks run ends them and starts over.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from pathlib import Path
from queue import Empty

import click
import watchfiles

from nnv.check import show
from nnv.results import Result, brief
from nnv.runner import CHANGED, ChangedError, Events, Runner
from nnv.workspace import Workspace

# Milliseconds without another change after which a save counts as over. Editors that write in two
# steps take less; what is seen half-written is simply checked again.
_QUIET_MS = 5
_MOST_MS = 50
_SAME_SAVE_S = 0.3


def follow(workspace: Workspace, names: Sequence[str]) -> None:
    """Show what is left to do, again at every save, until Ctrl-C."""
    runner = Runner(ahead=2)
    stop = threading.Event()
    watcher = threading.Thread(
        target=_watch, args=(workspace.folder, runner.events, stop), daemon=True
    )
    try:
        runner.warm_up()
        watcher.start()
        _loop(runner, workspace, names)
    except KeyboardInterrupt:
        click.echo("\nStopped.")
    finally:
        stop.set()
        runner.close()


def _loop(runner: Runner, workspace: Workspace, names: Sequence[str]) -> None:
    shown: list[tuple[str, bytes]] = []
    shown_at = 0.0
    while True:
        sources = _sources(workspace.folder)
        # Some editors touch a file several times in one save; saying it once is enough.
        if sources != shown or time.monotonic() - shown_at > _SAME_SAVE_S:
            try:
                results = runner.check(workspace, names)
            except ChangedError:
                continue
            _print(results, workspace)
            shown, shown_at = sources, time.monotonic()
            runner.warm_up()
        _wait(runner.events)


def _print(results: Sequence[Result], workspace: Workspace) -> None:
    click.clear()
    show(brief(results, workspace.manifest))
    click.secho(f"\n{time.strftime('%H:%M:%S')}  waiting for you to save (Ctrl-C stops)", dim=True)


def _wait(events: Events) -> None:
    """Wait for a save. In turns, because Windows hears Ctrl-C only between them."""
    while True:
        try:
            source, _ = events.get(timeout=0.3)
        except Empty:
            continue
        if source is None:
            return


def _watch(folder: Path, events: Events, stop: threading.Event) -> None:
    changes = watchfiles.watch(
        folder,
        watch_filter=lambda _change, path: path.endswith(".py"),
        step=_QUIET_MS,
        debounce=_MOST_MS,
        stop_event=stop,
        recursive=False,
        rust_timeout=500,
    )
    for _ in changes:
        events.put(CHANGED)


def _sources(folder: Path) -> list[tuple[str, bytes]]:
    """What stands in the folder's modules; a file that is being replaced counts as empty."""
    found = []
    for file in sorted(folder.glob("*.py")):
        try:
            found.append((file.name, file.read_bytes()))
        except OSError:
            found.append((file.name, b""))
    return found
