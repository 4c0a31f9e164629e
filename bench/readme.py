"""Puts the real output of `nnv demo` into the README: `python bench/readme.py`.

`tests/test_docs.py` fails where the README shows something else than the command prints.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

README = Path(__file__).parents[1] / "README.md"
BLOCK = re.compile(r"<!-- demo -->\n.*?<!-- /demo -->\n", re.DOTALL)


def demo_output() -> str:
    """Run `nnv demo` and give what it prints, without what varies from run to run.

    Raises:
        subprocess.CalledProcessError: it failed.
    """
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-c", "from grader.cli import main; main()", "demo"]
        environment = {**os.environ, "COLUMNS": "80", "NO_COLOR": "1"}
        environment.pop("FORCE_COLOR", None)
        done = subprocess.run(
            command, cwd=folder, env=environment, capture_output=True, text=True, check=True
        )
    text = re.sub(r"in \d+\.\d s", "in … s", done.stdout)
    text = re.sub(r"isolation: .*", "isolation: full", text)
    return "\n".join(line.rstrip() for line in text.strip().splitlines())


def block(output: str) -> str:
    """The README's block with this output."""
    lines = "\n".join(f"    {line}".rstrip() for line in output.splitlines())
    return f"<!-- demo -->\n{lines}\n<!-- /demo -->\n"


if __name__ == "__main__":
    text = README.read_text(encoding="utf-8")
    README.write_text(BLOCK.sub(lambda _: block(demo_output()), text), encoding="utf-8")
