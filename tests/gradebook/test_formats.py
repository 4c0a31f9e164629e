"""Gradescope, JUnit, GitHub, CSV, feedback in a zip: read back by readers that are not ours."""

from __future__ import annotations

import ast
import csv
import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import junitparser
import nbformat
import pytest
from gradebook.conftest import MakeClass, graded, quiz, stopped
from markdown_it import MarkdownIt

from grader.export import ExportError, export
from grader.gradebook.cells import defused, number
from grader.gradebook.gathered import Wishes
from grader.gradebook.github import MAX_BYTES
from grader.gradebook.junit import legal

# The keys that Gradescope documents ("Output format" of its autograder specifications).
TOP = {
    "score", "execution_time", "output", "output_format", "test_output_format",
    "test_name_format", "visibility", "stdout_visibility", "extra_data", "tests", "leaderboard",
}  # fmt: skip
TEST = {
    "score", "max_score", "status", "name", "name_format", "number", "output", "output_format",
    "tags", "visibility", "extra_data",
}  # fmt: skip


def _json(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def test_gradescope_gets_its_documented_keys(make_class: MakeClass) -> None:
    """A test a function; the quiz in a file of its own; a fault of the grader is no score."""
    folder = make_class(graded("ada", ["relu"], quiz=quiz(2)), stopped("bob", "grader_error", "oh"))
    wishes = Wishes(visibility="after_published")
    written = export("gradescope", folder, wishes=wishes)
    assert [str(path.relative_to(folder)) for path in written.files] == [
        "export-gradescope/ada/results.json", "export-gradescope/ada/quiz.json",
    ]  # fmt: skip
    assert written.problems == ("bob: no mark, a fault of the grader stopped it: left out",)
    results, answers = map(_json, written.files)
    for found in (results, answers):
        assert set(found) <= TOP
        assert all(set(test) <= TEST for test in found["tests"])
        assert found["visibility"] == "after_published"
    assert results["score"] == sum(test["score"] for test in results["tests"]) == 92
    assert sum(test["max_score"] for test in results["tests"]) == 100
    assert results["tests"][0]["output"].startswith("wrong result\nrelu(1)")
    assert answers["score"] == 2


def test_gradescope_says_what_was_done_after_grading(make_class: MakeClass) -> None:
    """The score is what counts; the output says what lateness cost and what was set by hand."""
    after = {
        "points": 82.8,
        "penalty": {"percent": 10.0, "late_seconds": 60, "points": 9.2, "quiz_points": 0.0},
        "overrides": [{"function": "relu", "points": 0.0, "graded": 8.0, "reason": "copied"}],
    }
    written = export("gradescope", make_class(graded("ada", ["relu"], **after)))
    found = _json(written.files[0])
    assert found["score"] == 82.8
    assert found["output"] == (
        "Handed in late: 10 % taken off, 9.2 points.\n"
        "Set by hand: relu, 0 instead of 8 points. copied"
    )


def test_gradescope_says_why_points_are_missing(make_class: MakeClass) -> None:
    """What cannot be read, what came late, a helper of ours, and a mistake that is known."""
    known = {"id": "abs", "text": "takes the absolute value"}
    ada = graded("ada", ["relu", "dense"], late=True)
    ada["functions"]["relu"]["misconception"] = known
    ada["functions"]["dense"]["carried_forward"] = ["relu"]
    folder = make_class(ada, stopped("bob", "unreadable", "the zip is damaged"))
    found = {path.parent.name: _json(path) for path in export("gradescope", folder).files}
    assert found["ada"]["output"] == "Handed in late."
    assert (found["bob"]["output"], found["bob"]["score"]) == ("the zip is damaged", 0)
    tests = {test["name"]: test["output"] for test in found["ada"]["tests"]}
    assert "Your relu takes the absolute value." in tests["relu"]
    assert "Graded with a right relu in the place of yours, which is wrong." in tests["dense"]


def test_junit_is_read_by_another_program(make_class: MakeClass) -> None:
    """A suite a student; wrong values are failures, what ended is an error, the rest skipped."""
    ada = graded("ada", ["relu", "dense", "fits"])
    ada["functions"]["dense"]["tests"][0]["verdict"] = "timeout"
    ada["functions"]["fits"]["tests"][0]["verdict"] = "not_run"
    folder = make_class(ada, stopped("bob", "unreadable", "the zip is damaged"))
    written = export("junit", folder)
    found = junitparser.JUnitXml.fromfile(str(written.files[0]))
    assert (found.tests, found.failures, found.errors) == (15, 1, 2)
    suites = {suite.name: suite for suite in found}
    assert (suites["ada"].tests, suites["ada"].skipped) == (14, 1)
    results = {case.classname: case.result for case in suites["ada"] if case.result}
    assert [type(result[0]).__name__ for result in results.values()] == [
        "Failure", "Error", "Skipped",
    ]  # fmt: skip
    assert results["relu"][0].message == "relu(1)"
    assert results["dense"][0].type == "timeout"
    assert [case.result[0].message for case in suites["bob"]] == ["the zip is damaged"]


def test_junit_holds_what_xml_cannot(make_class: MakeClass) -> None:
    """Colours of a terminal, zero bytes and half characters stand as escapes."""
    ada = graded("a\x00da", ["relu"])
    ada["functions"]["relu"]["tests"][0]["message"] = "gave \x1b[31m & <b>\ufffe]]>"
    written = export("junit", make_class(ada))
    (suite,) = junitparser.JUnitXml.fromfile(str(written.files[0]))
    (result,) = next(case.result for case in suite if case.result)
    assert suite.name == r"a\x00da"
    assert result.text == r"gave \x1b[31m & <b>\ufffe]]>"
    assert legal("\ud800") == r"\ud800"


def test_github_shows_one_student_the_feedback(make_class: MakeClass) -> None:
    """A classroom's repository holds one hand-in: its summary is the feedback."""
    written = export("github", make_class(graded("ada", ["relu"])))
    text = written.files[0].read_text(encoding="utf-8")
    assert text.startswith("# Neural networks, visually: feedback for ada\n\n**92 of 100 points**")


def test_github_shows_a_class_as_a_table(make_class: MakeClass) -> None:
    """A row a student and what is not right; names cannot break the table or be markup."""
    folder = make_class(graded("a|<b>x", ["relu"]), stopped("bob", "unreadable", "oh"))
    written = export("github", folder)
    text = written.files[0].read_text(encoding="utf-8")
    html = MarkdownIt("commonmark").enable("table").render(text)
    assert "<td>a|&lt;b&gt;x</td>" in html
    assert "<td><code>relu</code></td>" in html
    assert "<td>not readable</td>" in html
    assert "<summary>a|&lt;b&gt;x</summary>" in html
    assert "<b>" not in html


def test_a_github_summary_fits(make_class: MakeClass) -> None:
    """GitHub refuses a summary above 1 MiB: the last students' details are left out, and named."""
    ada = graded("ada", ["relu"])
    ada["functions"]["relu"]["message"] = "x" * (MAX_BYTES // 2)
    folder = make_class(ada, *({**ada, "student": f"s{n}"} for n in range(4)))
    written = export("github", folder)
    assert written.files[0].stat().st_size <= MAX_BYTES
    assert written.notes == (f"{written.files[0]}: the details of 4 students did not fit",)


def test_github_shows_the_quiz_and_what_was_not_graded(make_class: MakeClass) -> None:
    """A column for the quiz where anybody has one; a fault of the grader has no points."""
    folder = make_class(graded("ada", quiz=quiz(2), late=True), stopped("bob", "grader_error", "x"))
    text = export("github", folder).files[0].read_text(encoding="utf-8")
    assert "| student | points | of | quiz | not right |" in text
    assert "| ada (late) | 100 | 100 | 2 |  |" in text
    assert "| bob | – | 100 |  | a fault of the grader |" in text


def test_a_github_table_fits(make_class: MakeClass) -> None:
    """Of a class too large for the table itself the last rows are left out, never half of one."""
    name = "n" * 90_000
    folder = make_class(*(graded(f"{n}{name}") for n in range(12)))
    written = export("github", folder)
    text = written.files[0].read_text(encoding="utf-8")
    assert len(text.encode()) <= MAX_BYTES
    assert text.endswith("|  |\n")
    assert written.notes == (f"{written.files[0]}: the details of 12 students did not fit",)


def test_the_csv_holds_everything_and_begins_with_a_mark(
    make_class: MakeClass, roster: Callable[[str], Path]
) -> None:
    """Excel knows UTF-8 by the mark; points, quiz, functions and the roster's name are there."""
    folder = make_class(graded("ada", ["relu"], quiz=quiz(2)), stopped("=bob", "unreadable", "-x"))
    written = export("csv", folder, roster=roster("login,name\nada,Ada Lovelace\n"))
    content = written.files[0].read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    table = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    assert table[1]["student"] == "ada"
    assert table[1]["name in the roster"] == "Ada Lovelace"
    assert [table[1][name] for name in ("points", "quiz points", "relu", "dense")] == [
        "92", "2", "0", "12",
    ]  # fmt: skip
    assert (table[0]["student"], table[0]["notes"]) == ("'=bob", "'-x")


CANVAS_FILES = [
    ("ada", "11", ["ada_11_900_relu.py", "ada_11_901_dense.py"]),
    ("ben", "12", ["ben_LATE_12_902_neural_networks.ipynb"]),
    ("zoe", "13", ["zoe_13_903_lesson04.zip"]),
]


def test_canvas_takes_the_feedback_back(make_class: MakeClass) -> None:
    """Under the name of each one's newest file, and as what that name promises."""
    folder = make_class(
        graded("ada", ["relu"]), graded("ben"), graded("zoe"), hand_ins=CANVAS_FILES
    )
    written = export("feedback-zip", folder)
    assert written.problems == ()
    assert [path.name for path in written.files] == ["canvas-feedback.zip"]
    with zipfile.ZipFile(written.files[0]) as archive:
        assert archive.namelist() == [
            "ada_11_901_dense.py", "ben_LATE_12_902_neural_networks.ipynb",
            "zoe_13_903_lesson04.zip",
        ]  # fmt: skip
        module, notebook, packed = map(archive.read, archive.namelist())
    assert ast.parse(module.decode()).body == []
    assert b"# **92 of 100 points**" in module
    read = nbformat.reads(notebook.decode(), as_version=4)
    nbformat.validate(read)
    assert "100 of 100 points" in read.cells[0].source
    with zipfile.ZipFile(io.BytesIO(packed)) as inside:
        assert inside.namelist() == ["feedback.md"]


def test_moodle_takes_the_feedback_back(make_class: MakeClass) -> None:
    """In the folders of its own download, as the page where there is one."""
    name = "Grace Novák_4410021_assignsubmission_file_"
    folder = make_class(graded("Grace Novák"), hand_ins=[("Grace Novák", "4410021", [name])])
    (folder / "pages" / "students").mkdir(parents=True)
    (folder / "pages" / "students" / "Grace Novák.html").write_text("<p>page")
    (path,) = export("feedback-zip", folder).files
    with zipfile.ZipFile(path) as archive:
        assert archive.namelist() == [f"{name}/feedback.html"]


def test_the_same_results_give_the_same_zip(make_class: MakeClass) -> None:
    """Nothing of the time of packing is in it."""
    folder = make_class(*(graded(name) for name, _, _ in CANVAS_FILES), hand_ins=CANVAS_FILES)
    first = export("feedback-zip", folder).files[0].read_bytes()
    assert first == export("feedback-zip", folder).files[0].read_bytes()


def test_whose_feedback_cannot_go_back_is_named(make_class: MakeClass) -> None:
    """A hand-in that came another way is reported; where all did, it is an error."""
    folder = make_class(
        graded("ada"), graded("eve"), hand_ins=[CANVAS_FILES[0], ("eve", None, ["eve.zip"])]
    )
    (problem,) = export("feedback-zip", folder).problems
    assert problem.startswith("eve: its hand-in has no name that Canvas or Moodle gave it")
    with pytest.raises(ExportError, match="bulk download"):
        export("feedback-zip", make_class(graded("eve"), hand_ins=[("eve", None, ["eve"])]))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("=1+1", "'=1+1"),
        ("+cmd", "'+cmd"),
        ("-2+3", "'-2+3"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\tx", "'\tx"),
        ("\rx", "'\rx"),
        ("  =1", "'  =1"),
        ("＝1", "'＝1"),
        ("-", "-"),
        ("-1.5", "-1.5"),
        ("Ada-Maria", "Ada-Maria"),
        ("", ""),
    ],
)
def test_no_cell_is_a_formula(text: str, shown: str) -> None:
    """What a spreadsheet would run gets an apostrophe; numbers and names stay as they are."""
    assert shown == defused(text)


def test_points_have_two_decimals_at_most() -> None:
    """No exponent, no trailing zeros, whatever the size."""
    assert [number(value) for value in (92.0, 71.10, 0.005, 1234567.5, 0.0)] == [
        "92", "71.1", "0.01", "1234567.5", "0",
    ]  # fmt: skip
