"""The sample class of `nnv demo` is varied, and the same every time."""

from pathlib import Path

import pytest

from grader.hand_ins import HandIn, survey
from grader.sample import DUE, write_sample_class
from grader.submission import Submission, Unreadable, read
from nnv.manifest import manifest


@pytest.fixture(scope="module")
def hand_ins(tmp_path_factory: pytest.TempPathFactory) -> dict[str, HandIn]:
    folder = tmp_path_factory.mktemp("class")
    due = write_sample_class(folder)
    return {hand_in.student: hand_in for hand_in in survey(folder, due).hand_ins}


@pytest.fixture(scope="module")
def outcomes(hand_ins: dict[str, HandIn]) -> dict[str, Submission | str]:
    """What each student's hand-in becomes: a submission, or why it is none."""
    found: dict[str, Submission | str] = {}
    for student, hand_in in hand_ins.items():
        try:
            found[student] = read(hand_in)
        except Unreadable as refusal:
            found[student] = refusal.reason
    return found


def test_it_has_at_least_twelve_students(hand_ins: dict[str, HandIn]) -> None:
    """Canvas' and Moodle's students are known by the names that these give them."""
    assert len(hand_ins) >= 12
    assert {"ada", "okaforemeka", "Grace Novák", "Hiro Tanaka", "latiffatima"} <= set(hand_ins)


def test_modules_and_notebooks_are_there(outcomes: dict[str, Submission | str]) -> None:
    """Folders, single files, zips and notebooks can all be read."""
    kinds = [found.kind for found in outcomes.values() if isinstance(found, Submission)]
    assert kinds.count("notebook") == 2
    assert kinds.count("modules") >= 10


def test_the_empty_folder_and_the_broken_zip_say_what_is_wrong(
    outcomes: dict[str, Submission | str],
) -> None:
    """Two hand-ins cannot be read, and their sentences differ."""
    refused = {name: found for name, found in outcomes.items() if isinstance(found, str)}
    assert refused["lena"] == "lena: holds no Python module and no notebook."
    assert refused["mateo"].startswith("mateo.zip: is no zip or damaged")
    assert len(refused) == 2


def test_one_is_late_and_says_when(hand_ins: dict[str, HandIn]) -> None:
    """Who handed in three hours late is late; nobody else is."""
    assert [student for student, found in hand_ins.items() if found.late] == ["latiffatima"]
    assert hand_ins["latiffatima"].submitted == "2026-11-22T12:00:00Z"


def test_what_was_handed_in_again_counts(outcomes: dict[str, Submission | str]) -> None:
    """Of the two relu that Canvas has of one student, the second is used."""
    emeka = outcomes["okaforemeka"]
    assert isinstance(emeka, Submission)
    assert b"first" not in dict(emeka.sources)["relu"]
    assert len(emeka.sources) == 6
    assert len(emeka.notes) == 1


def test_answers_come_along(outcomes: dict[str, Submission | str]) -> None:
    """Three students did the quiz, one of them nothing else."""
    answered = {
        name
        for name, found in outcomes.items()
        if isinstance(found, Submission) and found.answers is not None
    }
    assert answered == {"ada", "ben", "pia"}


def test_both_styles_define_every_function(outcomes: dict[str, Submission | str]) -> None:
    """Ada and ben hand in all that is asked for."""
    for student in ("ada", "ben"):
        found = outcomes[student]
        assert isinstance(found, Submission)
        text = b"\n".join(source for _, source in found.sources).decode()
        assert [name for name in manifest().names if f"def {name}(" not in text] == []


def test_it_is_the_same_every_time(hand_ins: dict[str, HandIn], tmp_path: Path) -> None:
    """Names, times and bytes are those of the last time, so that results are too."""
    assert write_sample_class(tmp_path) == DUE
    again = {hand_in.student: hand_in for hand_in in survey(tmp_path, DUE).hand_ins}
    assert {name: found.submitted for name, found in again.items()} == {
        name: found.submitted for name, found in hand_ins.items()
    }
    for name in ("ada", "dmitri", "Grace Novák", "olga"):
        assert read(again[name]).digest == read(hand_ins[name]).digest
