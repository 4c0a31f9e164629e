"""`pytest` over the exercises tells a student in plain words how they stand."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

MODULES = ("relu", "neuron", "dense", "network", "parameters", "memory")


def run_pytest(root: Path, *args: str) -> subprocess.CompletedProcess[str]:
    environment = {name: os.environ[name] for name in os.environ if name != "PYTEST_ADDOPTS"}
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *args],
        cwd=root,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_untouched_stubs_get_a_few_plain_lines(workspace):
    """No traceback, no dots: what to do first, in fewer than ten lines."""
    run = run_pytest(workspace, "exercises")
    assert run.returncode == 1
    lines = run.stdout.strip().splitlines()
    assert lines[0] == "Neural networks, visually: 14 functions to write. None is written yet."
    assert lines[-1] == "Save the file, then run pytest again."
    assert len(lines) < 10


def test_a_finished_set_is_praised(workspace, solve):
    """All pass, with status 0."""
    solve(workspace / "exercises", *MODULES)
    run = run_pytest(workspace, "exercises")
    assert run.returncode == 0
    assert "All 14 functions pass their self-checks. Well done!" in run.stdout


def test_a_wrong_function_shows_its_smallest_failure_and_no_traceback(workspace, solve):
    """The message of the first failing self-check, with what was printed in it."""
    solve(workspace / "exercises", *MODULES)
    code = "import numpy as np\ndef relu(z):\n    print('z =', z)\n    return np.abs(z)\n"
    (workspace / "exercises" / "relu.py").write_text(code)
    run = run_pytest(workspace, "exercises/test_relu.py")
    assert "expected  0.0" in run.stdout
    assert "    printed   z = " in run.stdout
    assert run.stdout.count("hint") == 1
    assert "Traceback" not in run.stdout
    assert "selfcheck.py" not in run.stdout
    assert run.stdout.splitlines()[-1] == "Next: repair relu, in relu.py."


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("def relu(z:\n    return z\n", "SyntaxError: '(' was never closed"),
        ("import nunpy\n", "No module named 'nunpy'"),
        ("def Relu(z):\n    return z\n", "relu.py has no function relu"),
    ],
)
def test_a_broken_module_costs_only_itself(workspace, solve, code, said):
    """File and line are said, and the other modules' self-checks run."""
    solve(workspace / "exercises", *MODULES)
    (workspace / "exercises" / "relu.py").write_text(code)
    run = run_pytest(workspace, "exercises")
    assert said in run.stdout
    assert "weighted_sum            passed" in run.stdout
    assert "fits                    passed" in run.stdout


def test_a_broken_file_of_self_checks_costs_only_itself(workspace, solve):
    """A file of self-checks that a student has spoilt is named, and the others run."""
    solve(workspace / "exercises", *MODULES)
    (workspace / "exercises" / "test_relu.py").write_text("def test_relu(:\n")
    run = run_pytest(workspace, "exercises")
    assert run.returncode != 0
    assert "exercises/test_relu.py cannot be read" in run.stdout
    assert "fits                    passed" in run.stdout


def test_warnings_of_the_students_code_are_no_failures(workspace, solve):
    """Even where a project turns warnings into errors, a student's division passes."""
    solve(workspace / "exercises", *MODULES)
    code = "import warnings\nimport numpy as np\ndef relu(z):\n    warnings.warn('mine')\n"
    (workspace / "exercises" / "relu.py").write_text(code + "    return np.maximum(z, 0)\n")
    assert run_pytest(workspace, "-W", "error", "exercises").returncode == 0


def test_verbose_brings_pytests_own_report_back(workspace):
    """With -v whoever wants test names gets them, still without tracebacks of ours."""
    run = run_pytest(workspace, "-v", "exercises/test_relu.py")
    assert "test_relu.py::test_relu_keeps_a_positive_number FAILED" in run.stdout
    assert "relu is not written yet" in run.stdout
    assert "selfcheck.py" not in run.stdout


def test_other_tests_keep_pytests_report(workspace):
    """Beside tests of other kinds the self-checks do not change how pytest looks."""
    (workspace / "test_mine.py").write_text("def test_mine():\n    assert True\n")
    run = run_pytest(workspace, "test_mine.py", "exercises/test_relu.py")
    assert "short test summary info" in run.stdout
    assert "1 passed" in run.stdout
