"""`nnv check`: run the self-checks and say what they found."""

from __future__ import annotations

import difflib
import json
from collections.abc import Sequence
from pathlib import Path

import click

from nnv.manifest import Manifest, ManifestError
from nnv.results import Line, Result, as_json, report
from nnv.runner import Runner
from nnv.workspace import NoWorkspaceError, Workspace, find

_HELP = """Run the self-checks of your functions and say what to do next.

\b
Examples:
  nnv check                  all functions
  nnv check relu dense       these two
  nnv check --watch          again whenever you save a file

Exit status: 0 where all pass, 1 where something is left to do, 2 where the command makes no sense.
"""


@click.command(help=_HELP)
@click.argument("functions", nargs=-1, metavar="[FUNCTION …]")
@click.option("--watch", is_flag=True, help="Check again at every save, until Ctrl-C.")
@click.option("--json", "json_", is_flag=True, help="Print the results for a program to read.")
def check(functions: tuple[str, ...], watch: bool, json_: bool) -> None:
    """Run the self-checks and print what they found; see `_HELP`."""
    workspace = open_workspace()
    if not any(workspace.file(module).is_file() for module in workspace.manifest.modules):
        raise click.UsageError(
            f"no module such as relu.py in {workspace.folder}; "
            "in the notebook, run the checks beneath each function"
        )
    names = chosen(functions, workspace.manifest)
    if watch and json_:
        raise click.UsageError("--watch and --json do not go together; leave one out")
    if watch:
        from nnv.watch import follow

        follow(workspace, names)
        return
    results = run_once(workspace, names)
    if json_:
        click.echo(json.dumps(as_json(results, workspace.manifest), indent=2, ensure_ascii=False))
    else:
        show(report(results, workspace.manifest, "nnv check"))
    if not all(result.passed for result in results):
        raise SystemExit(1)


def open_workspace() -> Workspace:
    """The student's folder; a usage error where there is none."""
    try:
        return find(Path.cwd())
    except (NoWorkspaceError, ManifestError) as error:
        raise click.UsageError(str(error)) from None


def chosen(functions: Sequence[str], manifest: Manifest) -> list[str]:
    """The functions that are asked for, in the manifest's order; all of them for none."""
    for name in functions:
        if name not in manifest.names:
            near = difflib.get_close_matches(name, manifest.names, n=1, cutoff=0.4)
            remedy = f"did you mean {near[0]}?" if near else f"there are {_listed(manifest)}"
            raise click.UsageError(f"no function {name}; {remedy}")
    return [name for name in manifest.names if not functions or name in functions]


def run_once(workspace: Workspace, names: Sequence[str]) -> list[Result]:
    """Run the self-checks of these functions once."""
    runner = Runner()
    try:
        return runner.check(workspace, names)
    finally:
        runner.close()


def show(lines: Sequence[Line]) -> None:
    """Print a report, in colour where the terminal has colours."""
    for line in lines:
        click.secho(line.text, fg=line.colour) if line.colour else click.echo(line.text)


def _listed(manifest: Manifest) -> str:
    return ", ".join(manifest.names)
