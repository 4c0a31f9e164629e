"""What a hand-in's files become: sources, answers, notes, or a plain refusal."""

import os
import pickle
import shutil
import socket
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from grader.reading import MAX_MODULE_BYTES
from grader.submission import Submission, Unreadable, read, single_hand_in
from grader.trees import read_regular
from nnv.manifest import default_path, manifest

RELU = b"def relu(z):\n    return max(z, 0)\n"
NOTEBOOK = b'{"cells": [{"cell_type": "code", "source": "x = 1"}], "nbformat": 4}'


@pytest.fixture
def ada(tmp_path: Path) -> Path:
    """An empty folder of a student called ada."""
    folder = tmp_path / "ada"
    folder.mkdir()
    return folder


def put(folder: Path, name: str, data: bytes = RELU) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def submission(path: Path) -> Submission:
    return read(single_hand_in(path))


def stems(path: Path) -> list[str]:
    return [name for name, _ in submission(path).sources]


def refusal(path: Path) -> str:
    with pytest.raises(Unreadable) as caught:
        submission(path)
    return caught.value.reason


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


@pytest.mark.parametrize("name", ["neural_networks.ipynb", "deep/er/neural_networks.ipynb"])
def test_a_notebook_counts_where_no_module_is(ada: Path, name: str) -> None:
    """A folder with a notebook alone is a notebook, and a note says so."""
    put(ada, name, NOTEBOOK)
    found = submission(ada)
    assert (found.kind, found.sources) == ("notebook", (("cell 1", b"x = 1"),))
    assert found.notes == (f"{name}: the notebook was used.",)


def test_modules_count_before_a_notebook(ada: Path) -> None:
    """Where both are, the modules are graded, and a note says so."""
    put(ada, "neural_networks.ipynb", NOTEBOOK)
    put(ada, "relu.py")
    found = submission(ada)
    assert found.kind == "modules"
    assert found.notes == (
        "neural_networks.ipynb: was not used, because there are Python modules.",
    )


def test_a_helper_without_an_exercise_does_not_replace_a_notebook(ada: Path) -> None:
    """A plotting script beside a notebook is no module of the exercises."""
    put(ada, "neural_networks.ipynb", NOTEBOOK)
    put(ada, "plots.py", b"def plot(): pass\n")
    assert submission(ada).kind == "notebook"


def test_untouched_stubs_do_not_replace_a_notebook(ada: Path) -> None:
    """Who worked in the notebook hands in the stubs as they were given out; they do not count."""
    for name in manifest().modules:
        stub = default_path().with_name(f"{name}.py").read_bytes()
        put(ada, f"exercises/{name}.py", stub.replace(b"\n", b"\r\n"))
    put(ada, "exercises/neural_networks.ipynb", NOTEBOOK)
    assert submission(ada).kind == "notebook"
    put(ada, "exercises/relu.py")
    assert submission(ada).kind == "modules"


def test_untouched_stubs_alone_are_graded(ada: Path) -> None:
    """Where there is no notebook, what is there is graded, and earns nothing."""
    put(ada, "relu.py", default_path().with_name("relu.py").read_bytes())
    assert stems(ada) == ["relu"]


def test_a_module_of_another_name_that_defines_an_exercise_counts(ada: Path) -> None:
    """`solution.py` with `relu` in it is graded, also beside a notebook."""
    put(ada, "neural_networks.ipynb", NOTEBOOK)
    put(ada, "solution.py")
    assert submission(ada).kind == "modules"


def test_of_several_notebooks_that_of_the_assignment_counts(ada: Path) -> None:
    """The assignment's name decides, and a note names the others."""
    put(ada, "zoo.ipynb", b"not a notebook")
    put(ada, "Neural_Networks-1.ipynb", NOTEBOOK)
    found = submission(ada)
    assert found.sources == (("cell 1", b"x = 1"),)
    assert found.notes == (
        "Neural_Networks-1.ipynb: was used; other notebooks were not: zoo.ipynb.",
    )


def test_without_that_name_the_newest_notebook_counts(ada: Path) -> None:
    """Of notebooks with other names the newest is used."""
    os.utime(put(ada, "b.ipynb", b"not a notebook"), (1, 1))
    os.utime(put(ada, "a.ipynb", NOTEBOOK), (2, 2))
    assert submission(ada).sources == (("cell 1", b"x = 1"),)


def test_in_a_zip_the_newest_notebook_counts_too(tmp_path: Path) -> None:
    """Members of a zip are ordered by the times that the zip gives them."""
    with zipfile.ZipFile(tmp_path / "ada.zip", "w") as archive:
        archive.writestr(zipfile.ZipInfo("b.ipynb", (2026, 11, 1, 0, 0, 0)), b"not a notebook")
        archive.writestr(zipfile.ZipInfo("a.ipynb", (2026, 11, 2, 0, 0, 0)), NOTEBOOK)
    assert submission(tmp_path / "ada.zip").sources == (("cell 1", b"x = 1"),)


@pytest.mark.parametrize("name", ["answers.yaml", "exercises/answers.yaml", "answers (1).yml"])
def test_answers_to_the_quiz_are_picked_up(ada: Path, name: str) -> None:
    """`answers.yaml` comes along, byte for byte."""
    put(ada, "exercises/relu.py")
    put(ada, name, b"answers: {}\r\n")
    assert submission(ada).answers == b"answers: {}\r\n"


def test_answers_alone_are_a_hand_in(ada: Path) -> None:
    """Who did the quiz only gets the quiz marked, and nothing for the exercises."""
    put(ada, "answers.yaml", b"answers: {}")
    assert submission(ada).sources == ()
    assert submission(ada).answers == b"answers: {}"


def test_answers_that_are_too_large_cost_the_exercises_nothing(ada: Path) -> None:
    """The quiz is not marked, a note says why, and the modules are graded."""
    put(ada, "relu.py")
    put(ada, "answers.yaml", b"x" * 300_000)
    found = submission(ada)
    assert found.answers is None
    assert found.notes == (
        "The quiz was not marked: answers.yaml: holds 293 KiB; at most 256 KiB may be handed in.",
    )
    assert stems(ada) == ["relu"]


@pytest.mark.parametrize("name", ["readme.txt", "relu.txt", "__pycache__/relu.py"])
def test_a_folder_without_work_says_so(ada: Path, name: str) -> None:
    """What holds neither module nor notebook nor answers is refused in plain words."""
    put(ada, name)
    assert refusal(ada) == "ada: holds no Python module and no notebook."


@pytest.mark.parametrize("name", ["ada.pdf", "ada.rar", "ada.tar.gz", "ada"])
def test_a_file_of_another_kind_says_what_is_allowed(tmp_path: Path, name: str) -> None:
    """A PDF or another archive is refused, with the kinds that can be graded."""
    assert refusal(put(tmp_path, name)).endswith("hand in a folder, a .py, an .ipynb or a .zip.")


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


def test_the_only_zip_in_a_folder_is_opened(ada: Path, tmp_path: Path) -> None:
    """Moodle hands out folders with a student's zip in them; answers may lie beside it."""
    put(tmp_path, "work/exercises/relu.py")
    shutil.make_archive(os.fspath(ada / "hand-in"), "zip", tmp_path / "work")
    put(ada, "answers.yaml", b"a")
    assert stems(ada) == ["relu"]
    assert submission(ada).answers == b"a"


def test_of_several_zips_in_a_folder_the_newest_is_opened(ada: Path, tmp_path: Path) -> None:
    """A note names the zips that were not used."""
    put(tmp_path, "work/relu.py")
    os.utime(shutil.make_archive(os.fspath(ada / "b"), "zip", tmp_path / "work"), (1, 1))
    put(tmp_path, "work/dense.py")
    os.utime(shutil.make_archive(os.fspath(ada / "a"), "zip", tmp_path / "work"), (2, 2))
    assert stems(ada) == ["dense", "relu"]
    assert submission(ada).notes == ("a.zip: was used; other zips were not: b.zip.",)


def test_a_zip_in_a_zip_is_not_opened(tmp_path: Path) -> None:
    """Zips may be nested without end; the second one is named and left shut."""
    put(tmp_path, "work/in.zip", b"PK")
    packed = Path(shutil.make_archive(os.fspath(tmp_path / "ada"), "zip", tmp_path / "work"))
    assert refusal(packed) == (
        "ada.zip: holds no Python module and no notebook. in.zip: a zip in a zip is not opened."
    )


def test_a_file_that_changes_while_it_is_read_is_refused() -> None:
    """A file that gives more than it said it holds is not taken for whole."""
    with pytest.raises(Unreadable, match="status: changed while it was read; grade it again"):
        read_regular("/proc/self/status", 1000, "status")


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
