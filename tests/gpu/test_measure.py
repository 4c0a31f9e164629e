"""bench/gpu/measure.py as one runs it by hand."""

import subprocess
import sys
from pathlib import Path

import pytest
from gpu_cases import needs_torch

from bench.gpu import compare, measure
from bench.gpu.case import Case

SCRIPT = Path(__file__).parents[2] / "bench" / "gpu" / "measure.py"


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Runs the script as one would by hand."""
    return subprocess.run(
        [sys.executable, str(SCRIPT), *arguments], capture_output=True, text=True, check=False
    )


def test_help_has_an_example() -> None:
    """--help names the options and shows a command."""
    answer = run("--help")
    assert answer.returncode == 0
    assert "--only" in answer.stdout
    assert "example: python bench/gpu/measure.py" in answer.stdout


def test_list_names_the_cases_that_only_chooses() -> None:
    """--only takes words that a case's name must have, and may be given again."""
    answer = run("--list", "--only", "3-5-7-2 fused fp32", "--only", "8192 sgd bf16")
    assert answer.stdout.splitlines() == [
        "3-5-7-2 b64 adam fused fp32",
        "1024-8192-8192-8192-10 b64 sgd foreach bf16",
    ]


@needs_torch
def test_without_a_gpu_the_script_says_what_to_do() -> None:
    """Where PyTorch finds no GPU, the exit status is 2 and the message offers the tracker."""
    import torch

    if torch.cuda.is_available():
        pytest.skip("this machine has a GPU")
    answer = run("--only", "3-5-7-2 b64 sgd fp32")
    assert (answer.returncode, answer.stdout) == (2, "")
    assert "no CUDA GPU is found" in answer.stderr
    assert "--device cpu" in answer.stderr


@needs_torch
def test_a_misspelt_case_is_an_error() -> None:
    """Words that no case has are told, not answered with an empty file."""
    answer = run("--device", "cpu", "--only", "nonsense")
    assert (answer.returncode, answer.stdout) == (2, "")
    assert "no case is called ['nonsense']: --list names them" in answer.stderr


@needs_torch
def test_the_script_measures_with_the_tracker(tmp_path: Path) -> None:
    """A run on the CPU writes a file that the comparison reads and finds right."""
    out = tmp_path / "cpu.json"
    answer = run("--device", "cpu", "--only", "3-5-7-2 b64 sgd fp32", "--out", str(out))
    assert answer.returncode == 0, answer.stderr
    written = compare.read(out)
    assert written["device"]["type"] == "cpu"
    assert set(written["versions"]) == {"torch", "cuda", "python"}
    outcome = compare.compare(written)
    assert (outcome.compared, outcome.differences) == (40, ())


@needs_torch
def test_a_case_that_fails_is_kept_with_its_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A process that dies leaves its last line in the file, and the exit status is 1."""
    import torch

    if torch.cuda.is_available():
        pytest.skip("this machine has a GPU, on which the case would not fail")
    options = measure.parser().parse_args(["--device", "cuda"])
    entry = measure.in_a_process(Case((3, 5, 7, 2), 1), "default", options)
    assert "snapshots" not in entry
    assert "CUDA" in entry["error"]
    assert measure.write({"cases": [entry]}, tmp_path / "failed.json") == 1
    assert "failed" in capsys.readouterr().err
