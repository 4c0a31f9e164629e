"""The command `nnv` starts fast and says plainly what it can do."""

import subprocess
import sys

from click.testing import CliRunner

from nnv.cli import LazyGroup, student_group


def test_help_lists_the_students_commands_with_examples():
    """A student has check, quiz and submit, and examples of them."""
    result = CliRunner().invoke(student_group(), ["--help"], prog_name="nnv")
    assert result.exit_code == 0
    listed = result.stdout.partition("Commands:")[2]
    assert [line.split()[0] for line in listed.split("\n") if line] == ["check", "quiz", "submit"]
    assert "nnv check --watch" in result.stdout


def test_version_is_that_of_the_distribution():
    """--version prints the name of the command and a version."""
    result = CliRunner().invoke(student_group(), ["--version"], prog_name="nnv")
    assert result.stdout.startswith("nnv 0.")


def test_help_imports_nothing_heavy():
    """`nnv --help` and the command's own modules need neither numpy nor pytest."""
    program = (
        "import sys, nnv.check, nnv.submit\n"
        "from nnv.cli import student_group\n"
        "student_group()(['--help'], standalone_mode=False)\n"
        "print(sorted({'numpy', 'pytest', 'watchfiles', 'quiz'} & set(sys.modules)))\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert run.stdout.splitlines()[-1] == "[]"


def test_python_m_nnv_is_the_command():
    """Where the command is not on the path, `python -m nnv` does the same."""
    run = subprocess.run(
        [sys.executable, "-m", "nnv", "--help"], capture_output=True, text=True, check=True
    )
    assert run.stdout.startswith("Usage: nnv ")


def test_a_command_whose_package_is_missing_is_a_usage_error():
    """A command that this installation lacks is said to be lacking, without a traceback."""
    group = LazyGroup(name="nnv")
    group.add_lazy("paint", "no_such_package.cli:paint", "Paint.")
    result = CliRunner().invoke(group, ["paint"])
    assert result.exit_code == 2
    assert "paint is not part of this installation: no module no_such_package" in result.stderr


def test_others_add_commands_to_a_group_of_their_own():
    """Commands added to one group do not appear in the next."""
    first = student_group()
    first.add_lazy("grade", "grader.commands:grade", "Grade.")
    assert "grade" in first.lazy
    assert "grade" not in student_group().lazy
