"""What is no hand-in, or too much of one, is refused in plain words."""

from pathlib import Path

import pytest
from hand_in_folders import put, refusal, stems, submission

from grader.reading import MAX_MODULE_BYTES


@pytest.mark.parametrize("name", ["readme.txt", "relu.txt", "__pycache__/relu.py"])
def test_a_folder_without_work_says_so(ada: Path, name: str) -> None:
    """What holds neither module nor notebook nor answers is refused in plain words."""
    put(ada, name)
    assert refusal(ada) == "ada: holds no Python module and no notebook."


@pytest.mark.parametrize("name", ["ada.pdf", "ada.rar", "ada.tar.gz", "ada"])
def test_a_file_of_another_kind_says_what_is_allowed(tmp_path: Path, name: str) -> None:
    """A PDF or another archive is refused, with the kinds that can be graded."""
    assert refusal(put(tmp_path, name)).endswith("hand in a folder, a .py, an .ipynb or a .zip.")


def test_a_module_may_hold_a_mebibyte_and_no_more(ada: Path) -> None:
    """The limit itself is allowed; one byte more is refused with both numbers."""
    put(ada, "relu.py", b"#" * MAX_MODULE_BYTES)
    assert len(submission(ada).sources[0][1]) == MAX_MODULE_BYTES
    put(ada, "relu.py", b"#" * (MAX_MODULE_BYTES + 1))
    assert refusal(ada) == ("relu.py: holds 1048577 bytes; at most 1 MiB may be handed in.")


def test_all_modules_together_are_limited(ada: Path) -> None:
    """Twenty-one modules of a mebibyte each are more than anybody writes."""
    for number in range(21):
        put(ada, f"m{number}.py", b"#" * MAX_MODULE_BYTES)
    assert refusal(ada).startswith("all modules together: holds 21 MiB")


def test_too_many_files_are_refused(ada: Path) -> None:
    """201 files are refused, wherever they lie."""
    for number in range(201):
        put(ada, f"{number % 3}/f{number}.txt")
    assert "more than 200 files" in refusal(ada)


def test_too_deep_folders_are_refused(ada: Path) -> None:
    """Eight folders deep is allowed, nine is not."""
    put(ada, "a/b/c/d/e/f/g/h/relu.py")
    assert stems(ada) == ["relu"]
    put(ada, "a/b/c/d/e/f/g/h/i/relu.py")
    assert "deeper than 8 folders" in refusal(ada)
