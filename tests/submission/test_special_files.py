"""Links, pipes, and files that are closed, vanish or change: never followed, always named."""

import os
import shutil
import socket
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hand_in_folders import put, refusal, submission

from grader.submission import Unreadable, read, single_hand_in
from grader.trees import read_regular


def _link(path: Path) -> None:
    path.symlink_to("/etc/passwd")


def _folder_link(path: Path) -> None:
    path.symlink_to("/etc")


def _pipe(path: Path) -> None:
    os.mkfifo(path)


def _socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(os.fspath(path))


SPECIAL = pytest.mark.parametrize("make", [_link, _folder_link, _pipe, _socket])


@SPECIAL
def test_links_and_pipes_in_a_folder_are_passed_over_with_a_note(
    ada: Path, make: Callable[[Path], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing but regular files is opened, and the rest is graded."""
    monkeypatch.chdir(ada)
    make(Path("relu.py"))
    put(ada, "dense.py")
    found = submission(ada)
    assert [name for name, _ in found.sources] == ["dense"]
    assert len(found.notes) == 1
    assert found.notes[0].startswith("relu.py: is ")


@SPECIAL
@pytest.mark.parametrize("name", ["ada.py", "ada.zip", "ada.ipynb", "ada"])
def test_a_hand_in_that_is_a_link_or_pipe_is_refused(
    tmp_path: Path, make: Callable[[Path], None], name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A link could lead to another's work and a pipe would never end: both are refused at once."""
    monkeypatch.chdir(tmp_path)
    make(Path(name))
    assert refusal(tmp_path / name).startswith(f"{name}: is ")


def test_a_folder_may_not_be_a_link_into_anothers(ada: Path, tmp_path: Path) -> None:
    """`exercises` that is a link to another student's is not followed."""
    put(tmp_path, "bob/relu.py")
    (ada / "exercises").symlink_to(tmp_path / "bob")
    assert "exercises: is a link and was not followed." in refusal(ada)


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that everybody may enter, and an ordinary user's rights for as long as it lives."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        user = os.geteuid()
        try:
            yield folder
        finally:
            os.seteuid(user)


@pytest.mark.parametrize("closed", ["relu.py", "exercises", "."])
def test_what_may_not_be_opened_is_refused_in_plain_words(open_folder: Path, closed: str) -> None:
    """Files and folders without permission are named; nothing is skipped in silence."""
    ada = open_folder / "ada"
    put(ada, "relu.py")
    put(ada, "exercises/dense.py")
    (ada / closed).chmod(0)
    if os.geteuid() == 0:  # root may open everything
        os.seteuid(65534)
    name = "ada" if closed == "." else closed
    assert refusal(ada) == f"{name}: cannot be opened: permission denied."


def test_a_hand_in_that_vanishes_is_refused(ada: Path) -> None:
    """A folder that is gone when its turn comes costs no other student anything."""
    put(ada, "relu.py")
    hand_in = single_hand_in(ada)
    shutil.rmtree(ada)
    with pytest.raises(Unreadable, match="ada: vanished while it was read; grade it again"):
        read(hand_in)


def test_a_file_that_changes_while_it_is_read_is_refused() -> None:
    """A file that gives more than it said it holds is not taken for whole."""
    with pytest.raises(Unreadable, match="status: changed while it was read; grade it again"):
        read_regular("/proc/self/status", 1000, "status")
