"""Which modules of a hand-in are graded, under which name, and with which bytes."""

from pathlib import Path

import pytest
from hand_in_folders import put, stems, submission


@pytest.mark.parametrize("home", ["", "exercises/", "my project/", "wrap/exercises/"])
def test_modules_are_found_flat_in_exercises_or_in_a_wrapping_folder(ada: Path, home: str) -> None:
    """Modules, helpers included, come ordered by name wherever their one folder lies."""
    for stem in ("relu", "dense", "utils"):
        put(ada, f"{home}{stem}.py", stem.encode())
    assert submission(ada).sources == (("dense", b"dense"), ("relu", b"relu"), ("utils", b"utils"))
    assert submission(ada).kind == "modules"


def test_exercises_wins_over_a_flat_module_of_the_same_name(ada: Path) -> None:
    """Of two modules of one name that in `exercises` counts, and a note says so."""
    put(ada, "exercises/relu.py", b"new")
    put(ada, "relu.py", b"old")
    found = submission(ada)
    assert found.sources == (("relu", b"new"),)
    assert found.notes == ("relu.py: was not used, because exercises/relu.py counts.",)


def test_a_helper_beside_exercises_is_loaded_too(ada: Path) -> None:
    """A module that lies beside `exercises` can be imported, as where the student ran it."""
    put(ada, "exercises/relu.py")
    put(ada, "utils.py")
    assert stems(ada) == ["relu", "utils"]


def test_the_folder_with_the_exercises_own_modules_counts(ada: Path) -> None:
    """`src/relu.py` counts, not a lone script further up; a note names what does not."""
    put(ada, "main.py")
    put(ada, "src/relu.py")
    put(ada, "src/dense.py")
    assert stems(ada) == ["dense", "relu"]
    assert submission(ada).notes == ("Python files in other folders were not used: main.py.",)


def test_tests_and_set_up_files_are_not_loaded(ada: Path) -> None:
    """Self-checks, conftest and setup.py are no modules of the student's."""
    for name in ("test_relu.py", "relu_test.py", "conftest.py", "setup.py", "__init__.py"):
        put(ada, f"exercises/{name}")
    put(ada, "exercises/relu.py")
    assert stems(ada) == ["relu"]


@pytest.mark.parametrize("name", ["relu (1).py", "relu-2.py", "relu - Copy.py", "relu(3).py"])
def test_marks_of_a_copy_are_taken_off_a_modules_name(ada: Path, name: str) -> None:
    """What a browser appends does not keep `import relu` from working."""
    put(ada, name)
    assert stems(ada) == ["relu"]


def test_an_original_counts_before_its_copy(ada: Path) -> None:
    """Of `relu.py` and `relu (1).py` the first counts, and a note names the other."""
    put(ada, "relu.py", b"original")
    put(ada, "relu (1).py", b"copy")
    assert submission(ada).sources == (("relu", b"original"),)
    assert submission(ada).notes == ("relu (1).py: was not used, because relu.py counts.",)


@pytest.mark.parametrize("name", ["my solution.py", "ada.lovelace.py", "04-nets.py", "lösung.py"])
def test_any_file_name_becomes_one_that_can_be_imported(ada: Path, name: str) -> None:
    """A module's name is always an identifier."""
    put(ada, name)
    assert stems(ada)[0].isidentifier()


def test_a_single_module_is_a_hand_in(tmp_path: Path) -> None:
    """`ada.py` with all functions in it is a module called ada."""
    assert stems(put(tmp_path, "ada.py")) == ["ada"]


def test_folders_of_tools_are_passed_over(ada: Path) -> None:
    """A virtual environment, caches and hidden folders neither count nor fill the limit."""
    for number in range(300):
        put(ada, f".git/objects/{number}")
        put(ada, f"myenv/lib/{number}.py")
    put(ada, "myenv/pyvenv.cfg")
    put(ada, "__pycache__/relu.py")
    put(ada, "relu.py")
    assert stems(ada) == ["relu"]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (b"\xef\xbb\xbfx = 1\r\n", b"\xef\xbb\xbfx = 1\r\n"),
        ("x = 'é'\n".encode("utf-16"), "x = 'é'\n".encode()),
        ("x = 'é'\n".encode("utf-16-le"), "x = 'é'\n".encode()),
        ("x = 'é'\n".encode("utf-16-be"), "x = 'é'\n".encode()),
        (b"# caf\xe9\nx = 1\n", "# café\nx = 1\n".encode()),
        (b"# -*- coding: latin-1 -*-\nx = '\xe9'\n", b"# -*- coding: latin-1 -*-\nx = '\xe9'\n"),
        (b"x = 1\rx = 2\r", b"x = 1\rx = 2\r"),
    ],
)
def test_sources_of_any_editor_can_be_compiled(ada: Path, source: bytes, expected: bytes) -> None:
    """Byte order marks, UTF-16, Windows-1252 and any line ends give sources that Python takes."""
    put(ada, "relu.py", source)
    ((_, found),) = submission(ada).sources
    assert found == expected
    compile(found, "relu.py", "exec")


@pytest.mark.parametrize("source", [b"x = 1\0\n" + b"#" * 40, b"\xff\xfe\x00", b"\0"])
def test_bytes_that_are_no_text_are_left_for_python_to_report(ada: Path, source: bytes) -> None:
    """One broken module costs no other: it is handed on, and fails where it is loaded."""
    put(ada, "relu.py", source)
    put(ada, "dense.py")
    assert stems(ada) == ["dense", "relu"]
