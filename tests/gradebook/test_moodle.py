"""The CSVs for Moodle: its worksheet filled in, and one for its gradebook."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from gradebook.conftest import MakeClass, graded, quiz, rows

from grader.export import ExportError, export
from grader.gradebook.gathered import Wishes

WORKSHEET = (
    "Identifier,Full name,Email address,Status,Grade,Maximum Grade,Grade can be changed,"
    "Last modified (submission),Last modified (grade),Feedback comments\n"
    "Participant 4410021,Grace Novák,grace@uni.example,Submitted,,100.00,Yes,-,-,\n"
    "Participant 4410022,Hiro Tanaka,hiro@uni.example,Submitted,40.00,100.00,Yes,-,-,old\n"
)
Roster = Callable[[str], Path]


def test_the_worksheet_comes_back_filled_in(make_class: MakeClass, roster: Roster) -> None:
    """All columns stay, in their order; only grade and feedback of those graded are written."""
    folder = make_class(
        graded("Grace Novák", ["relu"]), hand_ins=[("Grace Novák", "4410021", ["x"])]
    )
    path = roster(WORKSHEET)
    written = export("moodle", folder, roster=path)
    table = rows(written.files[0])
    assert table[0] == WORKSHEET.split("\n", 1)[0].split(",")
    assert table[1][:9] == [
        "Participant 4410021", "Grace Novák", "grace@uni.example", "Submitted", "92", "100.00",
        "Yes", "-", "-",
    ]  # fmt: skip
    assert table[1][9].startswith("<p>92 of 100 points</p><ul><li>relu: 0 of 8, wrong result</li>")
    assert table[2][4:] == ["40.00", "100.00", "Yes", "-", "-", "old"]
    assert written.problems == (f"{path}:3: Hiro Tanaka: no hand-in",)


def test_the_gradebook_file_holds_the_quiz_too(make_class: MakeClass, roster: Roster) -> None:
    """Names, e-mail, points, quiz; nobody without a mark, whom an empty cell would cost one."""
    folder = make_class(graded("grace", quiz=quiz(1.5)))
    written = export("moodle", folder, roster=roster(WORKSHEET))
    assert rows(written.files[1]) == [
        ["Full name", "Email address", "Neural networks, visually",
         "Neural networks, visually: quiz"],
        ["Grace Novák", "grace@uni.example", "100", "1.5"],
    ]  # fmt: skip


def test_an_exported_gradebook_will_do_as_roster(make_class: MakeClass, roster: Roster) -> None:
    """First and last name are one name; there is no worksheet to fill in then."""
    text = "First name,Last name,ID number,Email address\nGrace,Novák,77,g@uni.example\n"
    written = export("moodle", make_class(graded("Grace Novák")), roster=roster(text))
    assert written.problems == ()
    assert [path.name for path in written.files] == ["moodle-gradebook.csv"]
    assert rows(written.files[0])[1] == ["Grace", "Novák", "77", "g@uni.example", "100"]


def test_a_worksheet_in_another_language_needs_the_columns_name(
    make_class: MakeClass, roster: Roster
) -> None:
    """Moodle names the columns in the site's language, so that --column can tell."""
    text = "ID,Full name,Nota\nParticipante 5,Ada Lovelace,\n"
    folder = make_class(graded("Ada Lovelace"))
    with pytest.raises(ExportError, match="name that of the grade with --column"):
        export("moodle", folder, roster=roster(text))
    written = export("moodle", folder, roster=roster(text), wishes=Wishes(column="Nota"))
    assert rows(written.files[0])[1] == ["Participante 5", "Ada Lovelace", "100"]


def test_another_maximum_in_moodle_is_reported(make_class: MakeClass, roster: Roster) -> None:
    """Moodle drops a grade above the maximum without a word; we do not."""
    text = WORKSHEET.replace("100.00", "10.00")
    folder = make_class(graded("grace"), graded("hiro"))
    written = export("moodle", folder, roster=roster(text))
    assert len(written.problems) == 1
    assert "worth 10 points in Moodle and 100 here" in written.problems[0]


def test_there_must_be_a_roster(make_class: MakeClass) -> None:
    """The error says where to get one."""
    with pytest.raises(ExportError, match="grading worksheet"):
        export("moodle", make_class(graded("ada")))
