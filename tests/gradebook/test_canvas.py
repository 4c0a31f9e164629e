"""The CSV for Canvas: its own columns, our marks, and nobody lost on the way."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from gradebook.conftest import MakeClass, graded, quiz, rows, stopped

from grader.export import ExportError, export
from grader.gradebook.gathered import Wishes
from grader.results import ResultsError

HEADER = "Student,ID,SIS User ID,SIS Login ID,Section,Lesson 04 (991),Essay (992),Final Score\n"
POSSIBLE = "    Points Possible,,,,,100,10,(read only)\n"
CANVAS = (
    HEADER
    + ",,,,,Manual Posting,,\n"
    + POSSIBLE
    + '"Lovelace, Ada",11,s11,ada,A,,7,\n'
    + '"Novák, Ben",12,s12,bn12,A,50,8,\n'
    + '"Test, Zoe",13,s13,zt13,A,EX,9,\n'
    + '"Student, Test",14,,,A,,,\n'
)
Roster = Callable[[str], Path]


def test_marks_stand_in_canvas_own_columns(make_class: MakeClass, roster: Roster) -> None:
    """Login, number and name find the student; only the assignment's column is written."""
    folder = make_class(graded("ada", ["relu"]), graded("novákben"), graded("test zoe"))
    written = export("canvas", folder, roster=roster(CANVAS))
    assert written.problems == ()
    assert rows(written.files[0]) == [
        ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "Lesson 04 (991)"],
        ["", "", "", "", "", "Manual Posting"],
        ["    Points Possible", "", "", "", "", "100"],
        ["Lovelace, Ada", "11", "s11", "ada", "A", "92"],
        ["Novák, Ben", "12", "s12", "bn12", "A", "100"],
        ["Test, Zoe", "13", "s13", "zt13", "A", "100"],
        ["Student, Test", "14", "", "", "A", ""],
    ]


def test_who_is_on_one_side_only_is_named_and_keeps_the_mark(
    make_class: MakeClass, roster: Roster
) -> None:
    """A student without a hand-in keeps Canvas' cell; both sides are reported by name."""
    folder = make_class(graded("ada"), graded("eve"))
    path = roster(CANVAS)
    written = export("canvas", folder, roster=path)
    assert [row[5] for row in rows(written.files[0])][3:6] == ["100", "50", "EX"]
    assert written.problems == (
        f"eve: handed in, and is not in {path}",
        f"{path}:5: Novák, Ben: no hand-in",
        f"{path}:6: Test, Zoe: no hand-in",
    )


def test_the_number_in_canvas_file_names_goes_first(make_class: MakeClass, roster: Roster) -> None:
    """Two students of one name are told apart by the number that Canvas gave the files."""
    text = HEADER + '"Ng, Li",21,,a,A,,,\n"Ng, Li",22,,b,A,,,\n'
    folder = make_class(
        graded("ngli (21)", ["relu"]),
        graded("ngli (22)"),
        hand_ins=[("ngli (21)", "21", ["x"]), ("ngli (22)", "22", ["x"])],
    )
    written = export("canvas", folder, roster=roster(text))
    assert written.problems == ()
    assert [row[5] for row in rows(written.files[0])] == ["Lesson 04 (991)", "92", "100"]


def test_two_of_one_name_are_not_guessed(make_class: MakeClass, roster: Roster) -> None:
    """Without a number nobody gets the other's mark; all three are reported."""
    text = HEADER + '"Ng, Li",21,,a,A,,,\n"Ng, Li",22,,b,A,,,\n'
    written = export("canvas", make_class(graded("ngli")), roster=roster(text))
    assert [row[5] for row in rows(written.files[0])][1:] == ["", ""]
    assert len(written.problems) == 3
    assert all("several could be meant" in problem for problem in written.problems)


def test_the_quiz_has_a_column_of_its_own(make_class: MakeClass, roster: Roster) -> None:
    """Without one in the roster it is new, with its maximum; who took no quiz has no cell."""
    folder = make_class(graded("ada", quiz=quiz(2.5)), graded("novákben"))
    written = export("canvas", folder, roster=roster(CANVAS))
    table = rows(written.files[0])
    assert [row[6] for row in table][:5] == [
        "Neural networks, visually: quiz", "", "3", "2.5", "",
    ]  # fmt: skip
    assert written.notes == (
        "“Neural networks, visually: quiz” is not in the roster: Canvas offers to create it",
    )


def test_the_quiz_goes_into_its_column_where_there_is_one(
    make_class: MakeClass, roster: Roster
) -> None:
    """The column called Quiz is taken, or the one that is named, by name or id."""
    text = CANVAS.replace("Essay (992)", "Quiz (992)")
    folder = make_class(graded("ada", quiz=quiz(2)))
    found = export("canvas", folder, roster=roster(text))
    wished = export("canvas", folder, roster=roster(text), wishes=Wishes(quiz_column="992"))
    assert rows(found.files[0])[0][5:] == ["Lesson 04 (991)", "Quiz (992)"]
    assert rows(found.files[0])[3][5:] == ["100", "2"]
    assert rows(wished.files[0])[3][5:] == ["100", "2"]


def test_which_column_is_meant_must_be_clear(make_class: MakeClass, roster: Roster) -> None:
    """Of several columns none of ours is named: the error lists them, --column decides."""
    text = CANVAS.replace("Lesson 04 (991)", "Homework (991)")
    folder = make_class(graded("ada"))
    with pytest.raises(ExportError, match=r"--column: Homework \(991\), Essay \(992\)"):
        export("canvas", folder, roster=roster(text))
    written = export("canvas", folder, roster=roster(text), wishes=Wishes(column="homework"))
    assert rows(written.files[0])[0][5:] == ["Homework (991)"]


def test_another_maximum_in_canvas_is_reported(make_class: MakeClass, roster: Roster) -> None:
    """92 of 10 points would be a surprise, so it is said beforehand."""
    text = CANVAS.replace(",,,,,100,", ",,,,,10,")
    names = ("ada", "novákben", "testzoe")
    written = export("canvas", make_class(*map(graded, names)), roster=roster(text))
    assert len(written.problems) == 1
    assert "is worth 10 points in Canvas and 100 here" in written.problems[0]


def test_a_fault_of_the_grader_is_no_mark(make_class: MakeClass, roster: Roster) -> None:
    """Its student keeps Canvas' cell and is reported; an unreadable hand-in is 0 points."""
    folder = make_class(
        stopped("novákben", "grader_error", "oh"), stopped("ada", "unreadable", "empty")
    )
    written = export("canvas", folder, roster=roster(CANVAS))
    table = rows(written.files[0])
    assert [table[3][5], table[4][5]] == ["0", "50"]
    assert "novákben: no mark, a fault of the grader stopped it: left out" in written.problems


def test_a_students_name_is_no_formula(make_class: MakeClass, roster: Roster) -> None:
    """A name that a spreadsheet would run gets an apostrophe; the id still finds its owner."""
    text = HEADER + "\"=cmd|'/c calc'!A1\",11,s,@ada,A,,,\n"
    hand_ins = [("x", "11", ["x"])]
    written = export("canvas", make_class(graded("x"), hand_ins=hand_ins), roster=roster(text))
    assert rows(written.files[0])[1] == ["'=cmd|'/c calc'!A1", "11", "s", "'@ada", "A", "100"]


def test_a_roster_with_semicolons_and_a_mark_is_read(make_class: MakeClass, roster: Roster) -> None:
    """Canvas writes so where a user's language wants it, also with a byte order mark."""
    text = "\ufeff" + HEADER.replace(",", ";") + '"Lovelace, Ada";11;s11;ada;A;85,5;;\n'
    written = export("canvas", make_class(graded("ada")), roster=roster(text))
    assert written.problems == ()
    assert rows(written.files[0])[1] == ["Lovelace, Ada", "11", "s11", "ada", "A", "100"]


def test_first_and_last_name_may_have_columns_of_their_own(
    make_class: MakeClass, roster: Roster
) -> None:
    """Canvas can be set to export LastName and FirstName instead of Student."""
    text = "LastName,FirstName,ID,SIS Login ID,Section,Lesson 04 (991)\nLovelace,Ada,11,al,A,\n"
    written = export("canvas", make_class(graded("Ada Lovelace")), roster=roster(text))
    assert written.problems == ()
    assert rows(written.files[0])[1] == ["Lovelace", "Ada", "11", "al", "A", "100"]


def test_what_is_missing_is_said(make_class: MakeClass, roster: Roster, tmp_path: Path) -> None:
    """No roster, another program's roster, no results: each error says what to do."""
    folder = make_class(graded("ada"))
    with pytest.raises(ExportError, match="--roster"):
        export("canvas", folder)
    with pytest.raises(ExportError, match="Student, ID and Section must be there"):
        export("canvas", folder, roster=roster("Full name,Email address\nAda,a@b.c\n"))
    with pytest.raises(ResultsError, match="grade first"):
        export("canvas", tmp_path / "nothing", roster=roster(CANVAS))
