"""`nnv report`: from an output folder to pages."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner
from feedback.conftest import hand_in

from grader import report
from grader.cli import group
from grader.report import write_pages
from grader.results import ResultsError


def copied(results: Path, folder: Path, *names: str) -> Path:
    """The results in a folder of their own, or only some of its files."""
    folder.mkdir()
    for name in names or ("results.json", "results.sqlite"):
        shutil.copy(results / name, folder / name)
    return folder


def pages(folder: Path) -> dict[str, bytes]:
    root = folder / "pages"
    return {str(p.relative_to(root)): p.read_bytes() for p in root.rglob("*.html")}


def test_the_command_names_the_class_page(results: Path, tmp_path: Path) -> None:
    """`nnv report DIR` prints where the class page is."""
    folder = copied(results, tmp_path / "out")
    result = CliRunner().invoke(group(), ["report", str(folder)])
    assert (result.exit_code, Path(result.output.strip())) == (0, folder / "pages" / "class.html")
    assert len(pages(folder)) == 6


def test_a_folder_without_results_is_explained(tmp_path: Path) -> None:
    """What is missing and what to do, with exit status 1 and no traceback."""
    result = CliRunner().invoke(group(), ["report", str(tmp_path)])
    assert result.exit_code == 1
    assert "nnv grade" in result.output


def test_pages_that_cannot_be_written_are_explained(results: Path, tmp_path: Path) -> None:
    """A file in the place of the folder of pages is named."""
    folder = copied(results, tmp_path / "out")
    (folder / "pages").write_text("in the way")
    with pytest.raises(ResultsError, match="pages cannot be written"):
        write_pages(folder)


def test_the_results_file_alone_is_enough(results: Path, tmp_path: Path) -> None:
    """Without the database there are marks and messages, but no tables and pictures."""
    write_pages(copied(results, tmp_path / "out", "results.json"))
    ben = pages(tmp_path / "out")["students/ben.html"].decode()
    assert "an absolute value" in ben
    assert "<figure" not in ben


def test_several_processes_write_the_same_pages(
    results: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A large class is shared out, and not a byte is different."""
    write_pages(copied(results, tmp_path / "one"), workers=1)
    monkeypatch.setattr(report, "SMALL_CLASS", 0)
    monkeypatch.setattr(report, "BATCH", 2)
    write_pages(copied(results, tmp_path / "two"), workers=2)
    assert pages(tmp_path / "one") == pages(tmp_path / "two")


def test_who_left_the_class_has_no_page_any_more(results: Path, tmp_path: Path) -> None:
    """Pages of an earlier run are taken away where the student is gone."""
    folder = copied(results, tmp_path / "out", "results.json")
    write_pages(folder)
    found = json.loads((folder / "results.json").read_text())
    found["submissions"] = [s for s in found["submissions"] if s["student"] != "ben"]
    (folder / "results.json").write_text(json.dumps(found))
    write_pages(folder)
    assert "students/ben.html" not in pages(folder)
    assert "students/ada.html" in pages(folder)


def test_the_reference_is_shown_only_where_allowed_and_wrong(results: Path, tmp_path: Path) -> None:
    """Pale pictures stand beside a wrong function's, if the instructor says so."""
    write_pages(copied(results, tmp_path / "shown"), show_reference=True)
    write_pages(copied(results, tmp_path / "hidden"))
    shown, hidden = pages(tmp_path / "shown"), pages(tmp_path / "hidden")
    assert b'<figure class="pale"' in shown["students/ben.html"]
    assert b'<figure class="pale"' not in shown["students/ada.html"]
    assert b'<figure class="pale"' not in hidden["students/ben.html"]


def test_the_page_says_what_is_wrong_and_why(results: Path, tmp_path: Path) -> None:
    """The misconception, the failing call, what was carried forward, and what to reread."""
    write_pages(copied(results, tmp_path / "out"))
    ben = pages(tmp_path / "out")["students/ben.html"].decode()
    assert "behaves like an absolute value" in ben
    assert "your function gave" in ben
    assert "Why the bend matters" in ben
    assert "in the place of yours" in ben


def test_no_page_names_another_student(results: Path, tmp_path: Path) -> None:
    """A student's page can be handed out: no classmate, no link to the class."""
    write_pages(copied(results, tmp_path / "out"))
    ada = pages(tmp_path / "out")["students/ada.html"].decode()
    assert not any(other in ada for other in (">ben<", ">zoe<", "class.html", "gnp.exe"))


def test_grading_with_pages_writes_them_with_pictures(tmp_path: Path) -> None:
    """`nnv grade --pages` says where the class page is, and the pictures are there."""
    hand_in(tmp_path / "submissions", "ada")
    out = tmp_path / "out"
    arguments = ["grade", str(tmp_path / "submissions"), "--out", str(out), "--pages"]
    result = CliRunner().invoke(group(), [*arguments, "--workers", "1", "--allow-weak-isolation"])
    assert result.exit_code == 0
    assert f"pages: {out / 'pages' / 'class.html'}" in result.output
    assert b"<figure" in pages(out)["students/ada.html"]
