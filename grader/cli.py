"""The command `nnv` as instructors have it: the student's commands and these.

Commands are declared in `grader.commands` and imported when they are called. This module loads
nothing by itself: it is the main program, which Python loads in every worker again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nnv.cli import LazyGroup

COMMANDS = {
    "demo": "Grade the sample class that comes along and show its pages.",
    "grade": "Grade a folder of hand-ins.",
    "report": "Write pages for the class and for each student.",
    "export": "Write results for Canvas, Moodle, Gradescope, JUnit, GitHub.",
    "release": "Write the student edition.",
    "course": "Write an nbgrader course.",
    "check-content": "Prove that stubs, solutions, suites and quiz fit together.",
}


def group() -> LazyGroup:
    """The group `nnv` with the commands of students, instructors and authors."""
    from nnv.cli import student_group

    found = student_group()
    found.help = _HELP
    for name, line in COMMANDS.items():
        found.add_lazy(name, f"grader.commands:{name.replace('-', '_')}", line)
    return found


_HELP = """Neural networks, visually: exercises, quiz and their grading.

\b
Examples:
  nnv demo                                 a small class, graded before your eyes
  nnv release for-students                 the edition that students install
  nnv grade submissions --out results      a whole class
"""


def main() -> None:
    """The command `nnv`."""
    from nnv.cli import run

    run(group())
