"""Rosters: any CSV of students, the columns that name them, extensions; who is who."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.people import Student, match
from grader.roster import MAX_BYTES, Roster, RosterError, load, parse

DUE = datetime(2026, 11, 22, 18, tzinfo=UTC)


def test_an_extension_is_a_time_or_so_many_days() -> None:
    """A time without a zone is UTC; days are added to the class's due time."""
    people = parse(
        "login,extension\na,2026-11-24T18:00\nb,2026-11-24T18:00+01:00\nc,2\nd,1.5 days\ne,\n"
    ).people
    assert [person.due(DUE) for person in people] == [
        datetime(2026, 11, 24, 18, tzinfo=UTC),
        datetime(2026, 11, 24, 17, tzinfo=UTC),
        DUE + timedelta(days=2),
        DUE + timedelta(days=1, hours=12),
        DUE,
    ]
    assert people[2].due(None) is None


def test_all_wrong_extensions_come_at_once() -> None:
    """A slip here would cost a student points, so nothing is guessed."""
    with pytest.raises(RosterError) as caught:
        parse("login,extension,submitted\na,soon,\nb,,yesterday\n", "r.csv")
    assert str(caught.value).split("\n") == [
        "r.csv:2: extension: must be a number of days or a time such as 2026-11-24T18:00, "
        "found 'soon'",
        "r.csv:3: submitted: must be a time such as 2026-11-24T18:00, found 'yesterday'",
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no line of column names"),
        (",,\n", "no line of column names"),
        ("grade,points\n1,2\n", "no column names the students: found grade, points"),
        ('login\n"a\n', "is no CSV"),
        ('login\n"a"b\n', "roster.csv:2: is no CSV"),
    ],
)
def test_what_is_no_roster_is_explained(text: str, said: str) -> None:
    """The message says what was found and what must be there."""
    with pytest.raises(RosterError, match=said):
        parse(text)


def test_every_encoding_of_a_spreadsheet_is_read(tmp_path: Path) -> None:
    """UTF-8 with and without a mark, and what Excel calls Unicode text."""
    path = tmp_path / "r.csv"
    for content in ("name\nZoë\n".encode(), "name\nZoë\n".encode("utf-8-sig")):
        path.write_bytes(content)
        assert load(path).people[0].name == "Zoë"
    path.write_bytes("name\tlogin\r\nZoë\tz\r\n".encode("utf-16"))
    assert load(path).people[0].logins == {"z"}


def test_what_cannot_be_read_is_explained(tmp_path: Path) -> None:
    """Another encoding, no file, far too large a file."""
    path = tmp_path / "r.csv"
    path.write_bytes("name\nZoë\n".encode("latin-1"))
    with pytest.raises(RosterError, match="save it as “CSV UTF-8”"):
        load(path)
    with pytest.raises(RosterError, match="cannot be read"):
        load(tmp_path / "none.csv")
    path.write_bytes(b"x" * (MAX_BYTES + 1))
    with pytest.raises(RosterError, match="larger than"):
        load(path)


def test_lines_may_be_short_long_or_empty() -> None:
    """Missing cells are empty, cells too many are left out, empty lines are none."""
    found = parse("login,name\na\n\n,\nb,Ben,x,y\n")
    assert [(p.line, p.cells) for p in found.people] == [(2, ("a", "")), (5, ("b", "Ben"))]


def _pairs(students: list[Student], roster: Roster) -> dict[str, int]:
    return {name: person.line for name, person in match(students, roster.people).pairs.items()}


@pytest.mark.parametrize(
    ("student", "line"),
    [
        (Student("x", "21"), "id\n21\n"),
        (Student("x", "4410021"), "Identifier\nParticipant 4410021\n"),
        (Student("Ada"), "Username\nada\n"),
        (Student("ada@uni.example"), "Email address\nADA@uni.example\n"),
        (Student("ada"), "Email address\nada@uni.example\n"),
        (Student("12345"), "ID number\n12345\n"),
        (Student("lovelaceada"), 'Student\n"Lovelace, Ada"\n'),
        (Student("Ada Lovelace"), 'Student\n"Lovelace, Ada"\n'),
        (Student("ada-lovelace"), "First name,Last name\nAda,Lovelace\n"),
        (Student("Novak Grace"), "Full name\nNovák Grace\n"),
        (Student("Zoe\u0308"), "Full name\nZoë\n"),
    ],
)
def test_a_student_is_found_by_what_both_sides_know(student: Student, line: str) -> None:
    """Number, login, e-mail or name, however case, accents and order are written."""
    assert _pairs([student], parse(line)) == {student.name: 2}


def test_a_number_goes_before_a_name() -> None:
    """Whoever bears another's name is still known by the number."""
    roster = parse('Student,ID\n"Ng, Li",1\n"Ng, Li",2\n')
    assert _pairs([Student("ngli", "2")], roster) == {"ngli": 3}


def test_doubt_is_told_on_both_sides() -> None:
    """Of two who could be meant neither is taken; who is left alone is no doubt."""
    found = match([Student("li ng"), Student("eve")], parse("name\nLi Ng\nLi-Ng\nMax\n").people)
    assert found.pairs == {}
    assert found.students == ("li ng", "eve")
    assert [person.name for person in found.people] == ["Li Ng", "Li-Ng", "Max"]
    assert found.doubts == {"li ng", "Li Ng", "Li-Ng"}


_cells = st.text(alphabet="aAbé,;\t\"'\n\r =-1@.\x00", max_size=8)


@given(st.lists(st.lists(_cells, max_size=4).map(",".join), max_size=5).map("\n".join))
@settings(max_examples=200, deadline=None)
def test_any_text_is_a_roster_or_a_plain_error(text: str) -> None:
    """Whatever a file holds, it is read or refused in words."""
    for header in ("login,name,extension\n", "First name;Last name\n", ""):
        problem, found = "", None
        try:
            found = parse(header + text)
        except RosterError as error:
            problem = str(error)
        assert problem.startswith("" if found else "roster.csv:")
        if found is not None:
            assert all(len(person.cells) == len(found.header) for person in found.people)


@given(st.lists(_names := st.sampled_from(["ada", "Ada L", "L, Ada", "lada", "bob"]), unique=True),
       st.lists(_names, max_size=6))  # fmt: skip
@settings(max_examples=200, deadline=None)
def test_nobody_is_matched_twice_and_nobody_is_lost(students: list[str], names: list[str]) -> None:
    """Every student and every line is in one pair or among those who are reported."""
    people = parse("login,name\n" + "".join(f'x{n},"{name}"\n' for n, name in enumerate(names)))
    found = match([Student(name) for name in students], people.people)
    lines = [person.line for person in (*found.pairs.values(), *found.people)]
    assert sorted(lines) == [person.line for person in people.people]
    assert sorted((*found.pairs, *found.students)) == sorted(students)
