"""The command `nnv` as students have it: check, quiz, submit.

Commands are imported when they are called, so that `nnv --help` need not wait for numpy. The
instructor's commands are added to the same group by `grader.cli`.
"""

from __future__ import annotations

import importlib
import sys
from dataclasses import dataclass

import click

DISTRIBUTIONS = ("nn-visually", "nn-visually-student")


@dataclass(frozen=True, slots=True)
class Lazy:
    """A command that is imported when it is called.

    Attributes:
        target: where it is, as ``package.module:attribute``.
        help: its line in ``nnv --help``.
    """

    target: str
    help: str


class LazyGroup(click.Group):
    """A group whose commands are imported when they are called."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.lazy: dict[str, Lazy] = {}

    def add_lazy(self, name: str, target: str, help: str) -> None:  # noqa: A002 # click's word
        """Add a command.

        Args:
            name: as it is typed.
            target: where it is, as ``package.module:attribute``.
            help: its line in the list of commands.
        """
        self.lazy[name] = Lazy(target, help)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The commands in the order in which they were added."""
        return [*self.lazy, *super().list_commands(ctx)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import a command; a usage error where this installation lacks it."""
        lazy = self.lazy.get(cmd_name)
        if lazy is None:
            return super().get_command(ctx, cmd_name)
        module, _, attribute = lazy.target.partition(":")
        try:
            command = getattr(importlib.import_module(module), attribute)
        except ModuleNotFoundError as error:
            raise click.UsageError(
                f"{cmd_name} is not part of this installation: no module {error.name}"
            ) from None
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands without importing any."""
        rows = [(name, lazy.help) for name, lazy in self.lazy.items()]
        for name in super().list_commands(ctx):
            command = super().get_command(ctx, name)
            if command is not None and not command.hidden:
                rows.append((name, command.get_short_help_str(60)))
        with formatter.section("Commands"):
            formatter.write_dl(rows)


def version() -> str:
    """The version of whichever edition is installed."""
    from importlib import metadata

    for distribution in DISTRIBUTIONS:
        try:
            return metadata.version(distribution)
        except metadata.PackageNotFoundError:
            continue
    return "unknown"


def _show_version(ctx: click.Context, _parameter: click.Parameter, wanted: bool) -> None:
    if wanted and not ctx.resilient_parsing:
        click.echo(f"nnv {version()}")
        ctx.exit()


def student_group() -> LazyGroup:
    """A new group `nnv` with the student's commands, for others to add theirs."""
    option = click.Option(
        ["--version"], is_flag=True, is_eager=True, expose_value=False,
        callback=_show_version, help="Show the version and exit.",
    )  # fmt: skip
    found = LazyGroup(name="nnv", help=_HELP, params=[option])
    found.add_lazy("check", "nnv.check:check", "Run the self-checks and say what to do next.")
    found.add_lazy("quiz", "quiz.cli:quiz", "Answer the quiz; saves answers.yaml.")
    found.add_lazy("submit", "nnv.submit:submit", "Check that all is there and pack one zip.")
    return found


_HELP = """Neural networks, visually: write the functions, answer the quiz, hand in.

\b
Examples:
  nnv check --watch     tells you what to do next, at every save
  nnv quiz              asks the quiz
  nnv submit            packs what you hand in
"""


def run(group: click.Group) -> None:
    """Run a group as the command `nnv`."""
    for stream in (sys.stdout, sys.stderr):
        # A Windows console may lack a character; a "?" is better than a crash.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    group(prog_name="nnv")


def main() -> None:
    """The command of the student edition."""
    run(student_group())


if __name__ == "__main__":
    main()
