"""Which entries of a folder of submissions are whose, and which count."""

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from grader.hand_ins import find_hand_ins, single_hand_in, survey
from grader.submission import Unreadable, read

NINE = datetime(2026, 11, 22, 9, tzinfo=UTC)
RELU = "def relu(z):\n    return max(z, 0)\n"


def put(folder: Path, name: str, text: str = RELU, hours: float = 0) -> Path:
    """Write a file and set its time to so many hours after nine."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    seconds = NINE.timestamp() + hours * 3600
    os.utime(path, (seconds, seconds))
    return path


def names(folder: Path) -> list[str]:
    return [hand_in.student for hand_in in find_hand_ins(folder)]


def counted(folder: Path) -> dict[str, list[str]]:
    """Student → what the student called the files that count."""
    return {h.student: [part.name for part in h.parts] for h in find_hand_ins(folder)}


def test_every_kind_of_entry_is_one_hand_in_named_after_the_student(tmp_path: Path) -> None:
    """A folder, a notebook, a module and a zip are hand-ins of ada, bob, carl and dora."""
    put(tmp_path, "ada/relu.py")
    put(tmp_path, "bob.ipynb")
    put(tmp_path, "carl.py")
    put(tmp_path, "dora.zip")
    assert names(tmp_path) == ["ada", "bob", "carl", "dora"]


def test_hidden_files_and_papers_get_a_note(tmp_path: Path) -> None:
    """What is no hand-in is named with the reason, so that nothing is lost."""
    for name in (".DS_Store", "README.md", "roster.csv", "__MACOSX/x", "answers.yaml"):
        put(tmp_path, name)
    found = survey(tmp_path)
    assert found.hand_ins == ()
    assert found.notes == (
        ".DS_Store: was not graded: it is hidden or made by a program.",
        "README.md: was not graded: it is no student's work.",
        "__MACOSX: was not graded: it is hidden or made by a program.",
        "answers.yaml: was not graded: it is no student's work.",
        "roster.csv: was not graded: it is no student's work.",
    )


def test_files_of_one_canvas_id_belong_together(tmp_path: Path) -> None:
    """Loose files of one Canvas user are one hand-in with the names the student gave them."""
    put(tmp_path, "lovelaceada_123_9001_relu.py")
    put(tmp_path, "lovelaceada_123_9002_dense.py")
    put(tmp_path, "lovelaceada_123_9003_answers.yaml", "answers: {}\n")
    put(tmp_path, "hopper_124_9004_neural_networks.ipynb")
    assert counted(tmp_path) == {
        "hopper": ["neural_networks.ipynb"],
        "lovelaceada": ["answers.yaml", "dense.py", "relu.py"],
    }
    assert [h.lms_id for h in find_hand_ins(tmp_path)] == ["124", "123"]


def test_of_a_canvas_file_handed_in_again_the_newest_upload_counts(tmp_path: Path) -> None:
    """The upload with the greatest number counts, whatever the time of the file says."""
    put(tmp_path, "ada_123_9001_relu.py", "first", hours=5)
    put(tmp_path, "ada_123_9010_relu-1.py", "second")
    put(tmp_path, "ada_123_9100_relu-2.py", "third")
    (hand_in,) = find_hand_ins(tmp_path)
    assert read(hand_in).sources == (("relu", b"third"),)
    assert hand_in.notes == (
        "ada_123_9001_relu.py: was not used, because ada_123_9100_relu-2.py is newer and counts.",
        "ada_123_9010_relu-1.py: was not used, because ada_123_9100_relu-2.py is newer and counts.",
    )


def test_a_students_own_numbers_are_no_resubmission(tmp_path: Path) -> None:
    """`part-1.py` and `part-2.py` without a `part.py` are two files, and both are kept."""
    put(tmp_path, "ada_123_9001_part-1.py")
    put(tmp_path, "ada_123_9002_part-2.py")
    assert counted(tmp_path) == {"ada": ["part-1.py", "part-2.py"]}


def test_canvas_says_who_is_late(tmp_path: Path) -> None:
    """`_LATE_` in the name is understood, and is no part of the student's name."""
    put(tmp_path, "ada_LATE_123_9001_relu.py")
    put(tmp_path, "bob_124_9002_relu.py")
    assert [(h.student, h.late) for h in find_hand_ins(tmp_path)] == [("ada", True), ("bob", False)]


def test_a_newer_zip_of_one_canvas_id_replaces_loose_files(tmp_path: Path) -> None:
    """Of loose files and a zip the newer upload counts; answers beside the zip are kept."""
    put(tmp_path, "ada_123_9001_relu.py")
    put(tmp_path, "ada_123_9002_answers.yaml")
    put(tmp_path, "ada_123_9003_exercises.zip")
    (hand_in,) = find_hand_ins(tmp_path)
    assert [part.name for part in hand_in.parts] == ["exercises.zip"]
    assert hand_in.answers is not None
    assert hand_in.answers.name == "answers.yaml"
    assert len(hand_in.notes) == 1


def test_anonymous_canvas_names_are_understood(tmp_path: Path) -> None:
    """Where grading is anonymous, the student is called by Canvas' anonymous id."""
    put(tmp_path, "anon_Ab12C_9001_relu.py")
    put(tmp_path, "LATE_anon_Zz9yX_9002_relu.py")
    found = find_hand_ins(tmp_path)
    assert [(h.student, h.late) for h in found] == [("anon_Ab12C", False), ("anon_Zz9yX", True)]


def test_moodle_folders_and_files_are_understood(tmp_path: Path) -> None:
    """Both forms of Moodle's download name the student; names may have spaces and accents."""
    put(tmp_path, "Ada Lovelace_1234567_assignsubmission_file_/relu.py")
    put(tmp_path, "Renée Ó Néill_1234568_assignsubmission_file_relu.py")
    put(tmp_path, "Renée Ó Néill_1234568_assignsubmission_file_dense.py")
    found = counted(tmp_path)
    assert found["Renée Ó Néill"] == ["dense.py", "relu.py"]
    assert list(found) == ["Ada Lovelace", "Renée Ó Néill"]


def test_what_was_typed_into_a_form_gets_a_note(tmp_path: Path) -> None:
    """Moodle's online text and Canvas' text entry hold no code and are named in a note."""
    put(tmp_path, "Ada Lovelace_1234567_assignsubmission_onlinetext_/onlinetext.html")
    put(tmp_path, "lovelaceada_123_text.html")
    found = survey(tmp_path)
    assert found.hand_ins == ()
    assert len(found.notes) == 2


def test_two_students_of_one_name_are_told_apart_by_their_number(tmp_path: Path) -> None:
    """Two ids are two students, also where both are called the same."""
    put(tmp_path, "Ada Lovelace_1_assignsubmission_file_/relu.py")
    put(tmp_path, "Ada Lovelace_2_assignsubmission_file_/relu.py")
    assert names(tmp_path) == ["Ada Lovelace (1)", "Ada Lovelace (2)"]


def test_of_two_entries_of_one_student_the_newest_counts(tmp_path: Path) -> None:
    """`ada/` and `ada.zip` are one student's; the older one is named in a note."""
    put(tmp_path, "ada/relu.py", hours=2)
    put(tmp_path, "ada.zip", hours=1)
    (hand_in,) = find_hand_ins(tmp_path)
    assert [part.name for part in hand_in.parts] == ["ada"]
    assert hand_in.notes == ("ada.zip: was not used, because ada is newer and counts.",)


def test_an_entry_that_cannot_be_read_never_hides_one_that_can(tmp_path: Path) -> None:
    """A newer `ada.pdf` does not count where there is an `ada.py`."""
    put(tmp_path, "ada.py")
    put(tmp_path, "ada.pdf", hours=1)
    assert counted(tmp_path) == {"ada": ["ada.py"]}


def test_submitted_is_the_time_of_the_newest_file(tmp_path: Path) -> None:
    """A folder was handed in when its newest file was changed, not when it was unpacked."""
    put(tmp_path, "ada/relu.py")
    put(tmp_path, "ada/exercises/dense.py", hours=1.5)
    (hand_in,) = find_hand_ins(tmp_path)
    assert hand_in.submitted == "2026-11-22T10:30:00Z"


@pytest.mark.parametrize(
    ("due", "late"),
    [
        (datetime(2026, 11, 22, 9, tzinfo=UTC), False),
        (datetime(2026, 11, 22, 8, 59, 59, tzinfo=UTC), True),
        (datetime(2026, 11, 22, 8, 59, 59), True),
        (None, False),
    ],
)
def test_late_is_what_came_after_the_due_time(
    tmp_path: Path, due: datetime | None, late: bool
) -> None:
    """In time is what came at the due time at the latest; without a zone it is UTC."""
    put(tmp_path, "ada/relu.py")
    (hand_in,) = find_hand_ins(tmp_path, due)
    assert late == hand_in.late


def test_a_time_before_1970_is_a_time_like_any_other(tmp_path: Path) -> None:
    """A computer whose clock is wrong costs its owner nothing."""
    path = put(tmp_path, "ada.py")
    os.utime(path, (-3600, -3600))
    (hand_in,) = find_hand_ins(tmp_path)
    assert hand_in.submitted == "1969-12-31T23:00:00Z"


@pytest.mark.parametrize("name", ["   ", " .py", "...zip"])
def test_a_name_that_names_nobody_is_refused_with_a_note(tmp_path: Path, name: str) -> None:
    """Blanks and dots are no student's name."""
    put(tmp_path, name)
    found = survey(tmp_path)
    assert found.hand_ins == ()
    assert len(found.notes) == 1


def test_control_characters_in_names_are_made_visible(tmp_path: Path) -> None:
    """Line breaks, escapes and marks that turn the direction of writing cannot fool a reader."""
    put(tmp_path, "a\nb\x1b[31m\u202ec.py")
    assert names(tmp_path) == [r"a\x0ab\x1b[31m\u202ec"]


def test_a_name_that_is_no_text_is_kept(tmp_path: Path) -> None:
    """Bytes that are not UTF-8 become visible escapes, and the file is still read."""
    path = os.fsencode(tmp_path) + b"/ad\xe9.py"
    Path(os.fsdecode(path)).write_text(RELU)
    (hand_in,) = find_hand_ins(tmp_path)
    assert hand_in.student == r"ad\xe9"
    assert len(read(hand_in).sources) == 1


def test_names_that_look_the_same_stay_two_students(tmp_path: Path) -> None:
    """A name with an escape in it and one that is shown so are told apart."""
    put(tmp_path, "a\x1bb.py")
    put(tmp_path, r"a\x1bb.zip")
    assert len(set(names(tmp_path))) == 2


def test_a_folder_that_cannot_be_listed_is_the_callers_fault(tmp_path: Path) -> None:
    """A wrong path is no hand-in; the system's own error says what is wrong."""
    with pytest.raises(FileNotFoundError):
        find_hand_ins(tmp_path / "nowhere")


def test_one_path_can_be_read_without_a_class(tmp_path: Path) -> None:
    """`single_hand_in` takes any folder or file and names the student after it."""
    put(tmp_path, "ada/relu.py")
    hand_in = single_hand_in(tmp_path / "ada")
    assert (hand_in.student, hand_in.submitted) == ("ada", "2026-11-22T09:00:00Z")
    assert [name for name, _ in read(hand_in).sources] == ["relu"]


def test_the_order_of_a_class_is_that_of_its_names(tmp_path: Path) -> None:
    """Hand-ins come sorted by student, so that two runs are alike."""
    for name in ("zoe.py", "Ada.py", "ada.py", "émile.py"):
        put(tmp_path, name)
    assert names(tmp_path) == ["Ada", "ada", "zoe", "émile"]


def test_a_plain_zip_joins_what_canvas_has_of_the_same_student(tmp_path: Path) -> None:
    """An instructor who adds `lovelaceada.zip` by hand means the student that Canvas calls so."""
    put(tmp_path, "lovelaceada_123_9001_relu.py")
    put(tmp_path, "lovelaceada.zip", hours=1)
    assert counted(tmp_path) == {"lovelaceada": ["lovelaceada.zip"]}


def test_a_plain_zip_joins_nobody_where_two_are_called_so(tmp_path: Path) -> None:
    """Whose of two it is cannot be known, so that it stays a hand-in of its own."""
    put(tmp_path, "Ada_1_assignsubmission_file_/relu.py")
    put(tmp_path, "Ada_2_assignsubmission_file_/relu.py")
    put(tmp_path, "Ada.zip")
    found = [(hand_in.student, hand_in.lms_id) for hand_in in find_hand_ins(tmp_path)]
    assert found == [("Ada (1)", "1"), ("Ada (2)", "2"), ("Ada (3)", None)]


def test_two_thousand_files_of_one_student_are_sorted_at_once(tmp_path: Path) -> None:
    """Every file is kept or named in a note, however many there are."""
    for number in range(2000):
        (tmp_path / f"ada_1_{number + 1}_{number % 1000}.py").touch()
    (hand_in,) = find_hand_ins(tmp_path)
    assert len(hand_in.parts) + len(hand_in.notes) == 2000
    with pytest.raises(Unreadable, match="holds more than 200 files"):
        read(hand_in)


def test_the_zip_of_nnv_submit_is_named_after_the_student(tmp_path: Path) -> None:
    """`lesson04-ada.zip`, as `nnv submit` calls it, is ada's; a folder keeps its whole name."""
    put(tmp_path, "lesson04-ada.zip")
    put(tmp_path, "lesson04-bob/relu.py")
    assert names(tmp_path) == ["ada", "lesson04-bob"]
