"""How names are shown, and under which file names they are kept."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.names import safe_filename, safe_filenames, shown

NAMES = st.text(st.characters(), min_size=1, max_size=300)


@pytest.mark.parametrize(
    "name", ["ada", "Renée Ó Néill", "李小龍", "O'Brien", "علی\u200cرضا", "अदा"]
)
def test_names_of_people_are_shown_as_they_are(name: str) -> None:
    """Letters, blanks, quotes and joiners of any script are kept."""
    assert shown(name) == name


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("a\nb", r"a\x0ab"),
        ("\x1b[2J", r"\x1b[2J"),
        ("a\u202eb", r"a\u202eb"),
        ("a\u2028b", r"a\u2028b"),
        ("a\udce9b", r"a\xe9b"),
        ("\U000e0041", r"\U000e0041"),
    ],
)
def test_what_cannot_be_seen_is_spelt_out(name: str, expected: str) -> None:
    """Control characters, line ends, direction marks and broken bytes become escapes."""
    assert shown(name) == expected


@pytest.mark.parametrize("name", ["ada", "Ada Lovelace", "Renée", "anon_Ab12C"])
def test_ordinary_names_are_their_own_file_names(name: str) -> None:
    """Feedback for ada is found under ada."""
    assert safe_filename(name) == name


@pytest.mark.parametrize(
    "name", ["", ".", "..", "../../etc/passwd", "a/b", "CON", "nul.txt", "-rf"]
)
def test_dangerous_names_become_harmless(name: str) -> None:
    """No name leads out of a folder, is an option, or is one of Windows' devices."""
    made = safe_filename(name)
    assert made != name
    assert not made.startswith((".", "-"))
    assert "/" not in made
    assert made.partition(".")[0].lower() not in ("con", "nul")


@given(NAMES)
def test_any_name_gives_a_file_name_of_bounded_length(name: str) -> None:
    """Every name becomes 1 to 200 bytes of UTF-8 without separators or control characters."""
    made = safe_filename(name)
    assert 0 < len(made.encode()) <= 200
    assert not set(made) & set('/\\:*?"<>|\0\n\r')


@given(st.lists(NAMES, max_size=8))
def test_no_two_names_of_a_class_share_a_file(names: list[str]) -> None:
    """File names stay apart under case folding and normalisation."""
    made = safe_filenames(names)
    assert set(made) == set(names)
    folded = {unicodedata.normalize("NFKC", file).casefold() for file in made.values()}
    assert len(folded) == len(made)


def test_names_that_differ_by_case_or_accents_get_files_of_their_own() -> None:
    """One of ada and Ada keeps the plain name; so do names of differently encoded accents."""
    made = safe_filenames(["Ada", "ada", "Ren\u00e9", "Rene\u0301"])
    assert len({unicodedata.normalize("NFC", file).lower() for file in made.values()}) == 4
    assert made["Ada"] == "Ada"
