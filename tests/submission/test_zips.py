"""Zips that lie in a hand-in: the newest is opened, and none within another."""

import os
import shutil
from pathlib import Path

from hand_in_folders import put, refusal, stems, submission


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
