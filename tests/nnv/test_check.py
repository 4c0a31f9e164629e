"""`nnv check` says for every function how it stands, whatever a student has written."""

import json
import os
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from nnv import runner
from nnv.cli import student_group

MODULES = ("relu", "neuron", "dense", "network", "parameters", "memory")


def nnv(*args: str) -> Result:
    return CliRunner().invoke(student_group(), args, prog_name="nnv")


def statuses(*args: str) -> dict[str, str]:
    functions = json.loads(nnv("check", "--json", *args).stdout)["functions"]
    return {name: function["status"] for name, function in functions.items()}


def test_untouched_stubs_get_a_few_lines(workspace):
    """Who has written nothing yet is told where to start, and no list of failures."""
    result = nnv("check")
    assert result.exit_code == 1
    assert "None is written yet" in result.stdout
    assert "Start with relu:" in result.stdout
    assert len(result.stdout.splitlines()) < 10


def test_a_finished_set_passes(workspace, solve):
    """All references pass, with a word of praise and the next command."""
    solve(workspace / "exercises", *MODULES)
    result = nnv("check")
    assert result.exit_code == 0
    assert "All 14 functions pass their self-checks. Well done!" in result.stdout
    assert "nnv submit" in result.stdout


def test_the_first_function_passed_leads_to_the_second(workspace, solve):
    """What is next is the first function of the manifest that is left."""
    solve(workspace / "exercises", "relu")
    result = nnv("check")
    assert "relu                    passed" in result.stdout
    assert "Passed so far: 1 of 14.\nNext: weighted_sum" in result.stdout


def test_a_wrong_function_shows_its_message(workspace):
    """The message stands beneath the function, with what it printed."""
    code = "def relu(z):\n    print('hello')\n    return -1\n"
    (workspace / "exercises" / "relu.py").write_text(code)
    lines = nnv("check", "relu").stdout.splitlines()
    assert lines[0] == "relu                    wrong"
    assert lines[2].strip() == "gave      -1"
    assert "    printed   hello" in lines
    assert lines[-1] == "Next: repair relu, in relu.py."


def test_a_syntax_error_costs_only_its_file(workspace, solve):
    """File, line and source of the error are shown; other files are checked all the same."""
    solve(workspace / "exercises", *MODULES)
    (workspace / "exercises" / "parameters.py").write_text("# mine\ndef dense_parameters(m, n)\n")
    result = nnv("check", "dense", "dense_parameters", "network_parameters")
    assert "dense                   passed" in result.stdout
    assert "because   SyntaxError: expected ':'" in result.stdout
    assert "at line   2: def dense_parameters(m, n)" in result.stdout
    assert result.stdout.count("because") == 1
    assert "Next: repair parameters.py, so that it loads." in result.stdout


def test_an_error_while_loading_is_shown_with_its_line(workspace):
    """A file that raises while it is imported says where."""
    (workspace / "exercises" / "relu.py").write_text("import nunpy as np\n")
    stdout = nnv("check", "relu").stdout
    assert "because   ModuleNotFoundError: No module named 'nunpy'" in stdout
    assert "at line   1: import nunpy as np" in stdout


def test_a_file_with_a_byte_order_mark_and_windows_line_ends_loads(workspace):
    """What an editor on Windows writes is Python as well."""
    code = "import numpy as np\ndef relu(z):\n    return np.maximum(z, 0)\n"
    file = workspace / "exercises" / "relu.py"
    file.write_bytes(b"\xef\xbb\xbf" + code.replace("\n", "\r\n").encode())
    assert statuses("relu") == {"relu": "passed"}


def test_a_function_that_calls_a_stub_waits(workspace, solve):
    """Dense is right, but relu is still a stub: dense waits, and relu comes next."""
    solve(workspace / "exercises", "dense")
    (workspace / "exercises" / "memory.py").write_text("from exercises.dense import dense\n")
    assert statuses("relu", "dense", "fits") == {
        "relu": "not_written",
        "dense": "waits",
        "fits": "missing",
    }


def test_a_renamed_function_is_missing(workspace):
    """A file that lacks the function says under which name it is due."""
    (workspace / "exercises" / "relu.py").write_text("def Relu(z):\n    return z\n")
    assert "relu.py has no function relu" in nnv("check", "relu").stdout


def test_a_function_without_a_name_of_its_own_is_checked(workspace):
    """A lambda or an instance counts under the name it was given."""
    code = "import numpy as np\nrelu = lambda z: np.maximum(z, 0)\n"
    (workspace / "exercises" / "relu.py").write_text(code)
    assert statuses("relu") == {"relu": "passed"}


@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("while True: pass", "timeout"),
        ("import os; os._exit(0)", "crashed"),
        ("import sys; sys.exit(0)", "wrong"),
        ("return input('your answer? ')", "wrong"),
        ('import os; os.write(1, b\'{"event": "done"}\\n\'); return 5', "wrong"),
        ("return relu(z)", "wrong"),
    ],
)
def test_code_that_does_not_come_back_costs_only_itself(
    workspace, solve, monkeypatch, code, status
):
    """An endless loop, a dying process and the like leave the next function to be checked."""
    monkeypatch.setattr(runner, "LIMIT_S", 1.0)
    solve(workspace / "exercises", "parameters")
    (workspace / "exercises" / "relu.py").write_text(f"def relu(z):\n    {code}\n")
    found = statuses("relu", "dense_parameters", "network_parameters")
    assert found == {"relu": status, "dense_parameters": "passed", "network_parameters": "passed"}


def test_a_module_that_hangs_while_loading_costs_only_itself(workspace, solve, monkeypatch):
    """A loop at the top of a file is found, and what does not need the file is checked."""
    monkeypatch.setattr(runner, "LIMIT_S", 1.0)
    solve(workspace / "exercises", "parameters")
    (workspace / "exercises" / "relu.py").write_text("while True: pass\n")
    assert statuses("relu", "dense_parameters") == {"relu": "broken", "dense_parameters": "passed"}
    assert "loading it does not finish within 1 seconds" in nnv("check", "relu").stdout


@pytest.mark.parametrize("spelling", ["exercises.relu", "relu", ".relu"])
def test_modules_import_each_other_in_any_spelling(workspace, solve, spelling):
    """`from exercises.relu`, `from relu` and `from .relu` all work."""
    folder = workspace / "exercises"
    solve(folder, "relu", "neuron")
    source = (folder / "neuron.py").read_text()
    (folder / "neuron.py").write_text(source.replace("from exercises.relu", f"from {spelling}"))
    assert statuses("relu", "neuron") == {"relu": "passed", "neuron": "passed"}


def test_modules_may_lie_flat(workspace, solve, tmp_path, monkeypatch):
    """Modules without their folder are checked with the self-checks that were installed."""
    flat = tmp_path / "flat"
    flat.mkdir()
    solve(flat, "relu", "neuron", "dense")
    monkeypatch.chdir(flat)
    assert statuses("relu", "dense", "fits") == {
        "relu": "passed",
        "dense": "passed",
        "fits": "broken",
    }


def test_files_named_like_pythons_own_do_no_harm(workspace, solve):
    """A student's random.py or json.py does not get in the way of Python's."""
    solve(workspace / "exercises", "relu")
    for name in ("random", "json", "numpy"):
        (workspace / "exercises" / f"{name}.py").write_text("boom\n")
        (workspace / f"{name}.py").write_text("boom\n")
    assert statuses("relu") == {"relu": "passed"}


def test_the_exercises_are_found_from_below(workspace, solve, monkeypatch):
    """The command works inside exercises/ too."""
    solve(workspace / "exercises", "relu")
    monkeypatch.chdir(workspace / "exercises")
    assert statuses("relu") == {"relu": "passed"}


def test_an_unknown_function_is_a_usage_error(workspace):
    """A misspelt function is answered with the nearest name and status 2."""
    result = nnv("check", "colapse")
    assert result.exit_code == 2
    assert "no function colapse; did you mean collapse?" in result.stderr


def test_without_exercises_the_folder_is_named(tmp_path, monkeypatch):
    """Outside of any exercises the message says what to do."""
    monkeypatch.chdir(tmp_path)
    result = nnv("check")
    assert result.exit_code == 2
    assert f"no exercises in {tmp_path.resolve()} or above it" in result.stderr


def test_what_is_begun_comes_before_what_is_not(workspace):
    """Who starts with another function than the first is told about that one."""
    (workspace / "exercises" / "parameters.py").write_text("def dense_parameters(m, n): return 1\n")
    assert "Next: repair dense_parameters" in nnv("check", "relu", "dense_parameters").stdout


def test_json_names_what_is_next(workspace):
    """A program reads the status of every function and which is next."""
    found = json.loads(nnv("check", "--json").stdout)
    assert found["schema_version"] == 1
    assert found["next"] == "relu"
    assert len(found["functions"]) == 14
    assert found["functions"]["relu"]["status"] == "not_written"


@pytest.mark.skipif(os.name == "nt", reason="looks for the process as Unix does")
def test_an_endless_loop_does_not_outlive_the_command(workspace):
    """Where nnv itself is killed, the process with the student's loop ends too."""
    code = "import os\ndef relu(z):\n    open('pid', 'w').write(str(os.getpid()))\n"
    code += "    while True: pass\n"
    (workspace / "exercises" / "relu.py").write_text(code)
    command = subprocess.Popen([sys.executable, "-m", "nnv", "check", "relu"])
    pid = eventually(lambda: int((workspace / "pid").read_text()))
    command.kill()
    command.wait()
    assert eventually(lambda: not _runs(pid))


def eventually(question):
    """The first answer that is neither an error nor false."""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        with suppress(OSError, ValueError):
            if answer := question():
                return answer
        time.sleep(0.02)
    return pytest.fail("it did not happen")


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    state = Path(f"/proc/{pid}/stat")
    return not (state.exists() and state.read_text().rpartition(")")[2].split()[0] == "Z")


def test_a_notebook_alone_is_a_usage_error(tmp_path, monkeypatch):
    """Where there are no modules, the message leads to the notebook's own checks."""
    (tmp_path / "neural_networks.ipynb").write_text("{}")
    monkeypatch.chdir(tmp_path)
    result = nnv("check")
    assert result.exit_code == 2
    assert "in the notebook, run the checks beneath each function" in result.stderr


def test_damaged_self_checks_are_named(workspace, solve):
    """A file of self-checks that a student has spoilt is said to be at fault."""
    folder = workspace / "exercises"
    solve(folder, "relu")
    Path(folder / "test_relu.py").write_text("def test_relu(:\n")
    assert "test_relu.py does not load: SyntaxError" in nnv("check", "relu").stdout
