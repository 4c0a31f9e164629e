"""The terminal's dialogue, line by line, without a terminal."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from quiz.answers import read_answers
from quiz.cli import quiz as command
from quiz.terminal_practice import when

DATA = Path(__file__).parent / "data"
NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def in_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def ask(*lines: str, student: str = "ada", sample: bool = True, practice: bool = False) -> Result:
    """Run the quiz with these lines typed."""
    arguments = ["--student", student] if student else []
    arguments += ["--quiz", str(DATA / "every-type.yaml")] if sample else []
    arguments += ["--practice"] if practice else []
    return CliRunner().invoke(command, arguments, input="\n".join(lines) + "\n")


def saved() -> dict[str, object]:
    """What answers.yaml holds, by question."""
    found = read_answers(Path("answers.yaml").read_bytes()).answers
    return {name: answer.answer for name, answer in found.items()}


def test_id_is_asked_for_once() -> None:
    """The id is asked for, saved, and not asked for again."""
    first = ask("", "ada", "1", ":q", student="")
    assert "Your id on the class list" in first.stdout
    again = ask(":q", student="")
    assert "Your id" not in again.stdout
    assert "Welcome back, ada: 1 of 10" in again.stdout


def test_end_of_input_stops_quietly() -> None:
    """Where the input ends, the quiz stops with status 0, at the id too."""
    assert 0 == CliRunner().invoke(command, [], input="").exit_code
    assert "0 of 10 answered" in ask().stdout


def test_slips_are_answered_and_nothing_is_saved() -> None:
    """What makes no sense is told, and the question stays."""
    result = ask("9", "", ":g x", ":?", ":h", ":h", ":h", ":q")
    for said in ("none of the numbers", "or :s to skip", "numbered 1 to 10", "go to question 7",
                 "Hint 2 of 2", "That was the last hint."):  # fmt: skip
        assert said in result.stdout
    assert not Path("answers.yaml").exists()


def test_answers_can_be_kept_or_changed() -> None:
    """Going back shows the answer so far; Enter keeps it, another answer replaces it."""
    result = ask(":g 5", "12", ":g 5", "", ":g 5", "13", ":q")
    assert "Your answer so far: 12" in result.stdout
    assert {"count-exactly": "13"} == saved()


def test_after_the_last_question() -> None:
    """After the last question the open ones come, and at the end Enter stops."""
    result = ask(":g 10", ":s", ":l", ":g 5", "12", *[":s"] * 5, "", ":q")
    assert "10 of 10 questions are still open" in result.stdout
    assert "5. open" in result.stdout
    assert "9 of 10 questions are still open" in result.stdout
    assert {"count-exactly": "12"} == saved()


def test_limited_attempts_are_said(tmp_path: Path) -> None:
    """Where no attempt is left, the question says so and the answer stays."""
    text = (DATA / "every-type.yaml").read_text().replace("rules: ../../../quiz/", "rules: ")
    file = tmp_path / "limited.yaml"
    file.write_text(text.replace("parts:", "policy: {attempts: 1, feedback: full}\nparts:", 1))
    arguments = ["--quiz", str(file), "--student", "ada"]
    typed = ":g 5\n11\n:g 5\n12\n:q\n"
    result = CliRunner().invoke(command, arguments, input=typed)
    assert "it is too small" in result.stdout
    assert "No attempt is left here." in result.stdout
    assert {"count-exactly": "11"} == saved()


def test_folder_that_cannot_be_written(tmp_path: Path) -> None:
    """An answer that cannot be saved ends with status 1 and says which file it is about."""
    arguments = ["--quiz", str(DATA / "every-type.yaml"), "--student", "ada"]
    arguments += ["--answers", str(tmp_path / "no" / "such" / "answers.yaml")]
    result = CliRunner().invoke(command, arguments, input="1\n")
    assert (1, True) == (result.exit_code, "could not be saved" in result.stderr)


def test_practice_feedback_and_second_try(tmp_path: Path) -> None:
    """Wrong is said at once with its reason; the second try is right; then it is planned."""
    file = tmp_path / "bank.yaml"
    file.write_text(
        "schema_version: 1\nquiz: bank\ntitle: Bank\npolicy: {mode: practice}\nquestions:\n"
        "  - {id: a, type: true_false, text: Lines?, answer: true, feedback: No bend.}\n"
    )
    result = CliRunner().invoke(command, ["--quiz", str(file)], input="f\nwhat\nt\n:q\n")
    shown = result.stdout
    told = ("No bend.", "Try again, or :s to go on.", "Type t for true", "Right.", "comes again in")
    places = [shown.index(text) for text in told]
    assert 0 == result.exit_code
    assert places[0] < places[1] < places[3] < places[4]


def test_practice_goes_on_when_nothing_is_due() -> None:
    """When everything was asked, the student may go on with what comes next."""
    typed = [line for _ in range(12) for line in (":s",)]
    result = ask(*typed, "", ":h", ":s", ":q", sample=False, practice=True)
    assert "Nothing is due now; the next question comes again in a minute." in result.stdout
    assert "Stopped." in result.stdout


def test_practice_with_broken_progress() -> None:
    """Progress that cannot be read is named and left alone."""
    Path("practice-progress.json").write_text("{")
    result = ask(sample=False, practice=True)
    assert (1, True) == (result.exit_code, "practice-progress.json" in result.stderr)


@pytest.mark.parametrize(
    ("wait", "said"),
    [
        (timedelta(seconds=-5), "in a minute"),
        (timedelta(minutes=10), "in 10 minutes"),
        (timedelta(hours=5), "in 5 hours"),
        (timedelta(days=8, hours=3), "in 8 days"),
    ],
)
def test_times_to_come_are_said_as_people_do(wait: timedelta, said: str) -> None:
    """Minutes, hours and days, rounded."""
    assert said == when(NOW + wait, NOW)


SHORT = """schema_version: 1
quiz: short
parts: [{id: only, shuffle: false}]
questions:
  - {id: lines, part: only, type: true_false, text: Lines?, answer: true}
  - {id: say, part: only, type: free_text, text: Say it., concepts: [{id: bend, text: bends}]}
"""


def test_a_quiz_from_its_first_to_its_last_question(tmp_path: Path) -> None:
    """At the end one may go back or stop; a text of several lines ends at an empty one."""
    file = tmp_path / "short.yaml"
    file.write_text(SHORT)
    arguments = ["--quiz", str(file), "--student", "ada"]
    typed = "t\nfirst it adds,\nthen it bends\n\n:g 1\nf\n:s\n\n"
    result = CliRunner().invoke(command, arguments, input=typed)
    assert 0 == result.exit_code
    assert 2 == result.stdout.count("All 2 questions are answered and saved")
    assert "──" not in result.stdout.partition("Say it.")[0]
    assert {"lines": "false", "say": "first it adds,\nthen it bends"} == saved()


def test_answers_that_cannot_be_read_are_left_alone() -> None:
    """A damaged answers.yaml is named, and is the same afterwards."""
    Path("answers.yaml").write_text("[")
    for student in ("ada", ""):
        result = ask("1", student=student)
        assert (1, True) == (result.exit_code, "answers.yaml: " in result.stderr)
    assert "[" == Path("answers.yaml").read_text()


def test_a_bank_in_rounds(tmp_path: Path) -> None:
    """An empty line waits, a wrong answer may be left, and `:q` stops within a question too."""
    file = tmp_path / "bank.yaml"
    file.write_text(SHORT.replace("parts:", "text: Try.\npolicy: {mode: practice}\nparts:"))
    first = ["f", ":s", "", "it adds", "", ":s", "", ":q"]
    result = CliRunner().invoke(command, ["--quiz", str(file)], input="\n".join(first) + "\n")
    assert 0 == result.exit_code
    assert 1 == result.stdout.count("It is the other way round.")
    assert "Nothing is due now; the next question comes again in a minute." in result.stdout
    assert "Stopped. Progress is saved in practice-progress.json." in result.stdout


def test_progress_that_cannot_be_saved(tmp_path: Path) -> None:
    """Practice ends with status 1 and the file's name where progress cannot be kept."""
    arguments = ["--practice", "--answers", str(tmp_path / "no" / "such" / "answers.yaml")]
    result = CliRunner().invoke(command, arguments, input=":s\n")
    assert (1, True) == (result.exit_code, "progress could not be saved" in result.stderr)
