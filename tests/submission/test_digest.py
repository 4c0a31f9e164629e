"""A submission's digest, and its way between processes."""

import os
import pickle
import shutil
from pathlib import Path

import pytest
from hand_in_folders import NOTEBOOK, RELU, put, submission

from grader.submission import Unreadable


def test_the_digest_depends_on_what_is_graded_and_on_nothing_else(tmp_path: Path) -> None:
    """Same sources, same digest, whether in a folder or a zip, and whenever they were saved."""
    one = put(tmp_path, "one/exercises/relu.py").parents[1]
    two = put(tmp_path, "two/relu.py").parent
    os.utime(two / "relu.py", (1, 1))
    packed = Path(shutil.make_archive(os.fspath(tmp_path / "three"), "zip", one))
    assert submission(one).digest == submission(two).digest == submission(packed).digest


@pytest.mark.parametrize(
    "files",
    [
        {"relu.py": RELU + b"#"},
        {"relu2.py": RELU},
        {"relu.py": RELU, "answers.yaml": b""},
        {"relu.py": RELU, "dense.py": b""},
        {"neural_networks.ipynb": NOTEBOOK},
    ],
)
def test_the_digest_changes_with_anything_that_is_graded(
    tmp_path: Path, files: dict[str, bytes]
) -> None:
    """Another byte, name, answer, module or kind is another submission."""
    before = submission(put(tmp_path, "one/relu.py").parent).digest
    for name, data in files.items():
        put(tmp_path, f"two/{name}", data)
    assert before != submission(tmp_path / "two").digest


def test_submissions_and_refusals_travel_between_processes(ada: Path) -> None:
    """Workers send both back whole."""
    put(ada, "relu.py")
    found = submission(ada)
    assert pickle.loads(pickle.dumps(found)) == found
    assert pickle.loads(pickle.dumps(Unreadable("why"))).reason == "why"
