"""What README and docs say is so: commands, outputs, links, keys."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from conftest import Mark

from bench.readme import BLOCK, block, demo_output
from grader.cli import group

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]


@pytest.mark.slow
def test_the_readme_shows_what_the_demo_prints() -> None:
    """The block in the README is the output of `nnv demo`, line by line."""
    found = BLOCK.search((ROOT / "README.md").read_text(encoding="utf-8"))
    assert found is not None
    assert found[0] == block(demo_output())


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_links_lead_somewhere(page: Path) -> None:
    """Every file that a page links to or shows is there."""
    text = re.sub(r"`[^`\n]*`", "", page.read_text(encoding="utf-8"))
    for target in re.findall(r"\]\(([^)#\s]+)", text):
        if "://" not in target:
            assert (page.parent / target).exists(), target


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_commands_exist(page: Path) -> None:
    """Every `nnv` command that a page names is a command."""
    names = set(group().lazy)
    for line in page.read_text(encoding="utf-8").splitlines():
        for name in re.findall(r"(?:^    |`|&& )nnv ([a-z][a-z-]+)", line):
            assert name in names, line


@pytest.mark.parametrize("name", [*group().lazy])
def test_every_command_has_help_with_an_example(name: str) -> None:
    """`nnv COMMAND --help` works and shows how the command is used."""
    shown = CliRunner().invoke(group(), [name, "--help"])
    assert shown.exit_code == 0
    assert "xample" in shown.output


def _keys(value: Any) -> set[str]:
    if isinstance(value, dict):
        return set(value).union(*map(_keys, value.values()))
    if isinstance(value, list):
        return set().union(*map(_keys, value))
    return set()


def test_every_key_of_the_results_is_explained(mark: Mark, tmp_path: Path) -> None:
    """docs/results.md names each key that a mark can have."""
    marks = mark(relu="def relu(z):\n    return abs(z)\n", dense=None)
    text = (ROOT / "docs" / "results.md").read_text(encoding="utf-8")
    found = json.loads(json.dumps([m.as_json() for m in marks.functions.values()]))
    assert {key for key in _keys(found) if f"`{key}`" not in text} == set()
