"""`nnv submit`: look whether the hand-in is whole, and pack it into one zip."""

from __future__ import annotations

from pathlib import Path

import click

from nnv.check import open_workspace
from nnv.handin import gather, pack

_HELP = """Check that the hand-in is whole and pack it into one zip.

What is missing or not written yet is named; it is packed all the same, so that you can
always hand in what you have.

\b
Examples:
  nnv submit
  nnv submit --student ada

Exit status: 0 where it is whole, 1 where something is missing, 2 where there is nothing to pack.
"""


@click.command(help=_HELP)
@click.option("--student", help="Your name or number, for the zip's name.", metavar="NAME")
@click.option("--notebook", is_flag=True, help="Hand in the notebook and not the modules.")
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    help="Folder for the zip, in place of the exercises' own.",
)
def submit(student: str | None, notebook: bool, out: Path | None) -> None:
    """Pack the hand-in; see `_HELP`."""
    workspace = open_workspace()
    if notebook and workspace.notebook is None:
        raise click.UsageError(f"there is no notebook in {workspace.folder}")
    hand_in = gather(workspace, student, notebook)
    if not hand_in.files:
        raise click.UsageError(f"nothing to pack in {workspace.folder}")
    target = (out or workspace.root) / hand_in.name
    pack(hand_in, target)
    click.secho(f"Packed {target.name}:", fg="green")
    for name, content in hand_in.files:
        click.echo(f"  {name:<28}{len(content):>8,} bytes")
    if hand_in.problems:
        click.secho("\nNot whole yet (packed all the same):", fg="yellow")
        _list(hand_in.problems)
    if hand_in.notes:
        click.echo("\nGood to know:")
        _list(hand_in.notes)
    click.echo(f"\nHand in this one file where your course takes hand-ins:\n  {target}")
    click.echo("You changed something afterwards? Run nnv submit again and hand in the new one.")
    if hand_in.problems:
        raise SystemExit(1)


def _list(lines: tuple[str, ...]) -> None:
    for line in lines:
        click.echo(f"  - {line}")
