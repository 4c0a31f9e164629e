"""The command `nnv quiz` and its subcommands."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from quiz.cli import quiz as command
from quiz.codec import dumps
from quiz.edition import without_key
from quiz.loader import HERE
from quiz.model import Quiz

DATA = Path(__file__).parent / "data"
EVERY_TYPE = DATA / "every-type.yaml"
GOOD = "schema_version: 1\nquiz: lesson04\nstudent: {0}\nanswers:\n  weights-7b: 14 GB\n"


def run(*arguments: object) -> Result:
    return CliRunner().invoke(command, [str(argument) for argument in arguments])


@pytest.fixture
def hand_ins(tmp_path: Path) -> Path:
    for name in ("ada", "bob"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "answers.yaml").write_text(GOOD.format(name))
    return tmp_path


def test_mark_prints_the_promised_json(hand_ins: Path) -> None:
    """Files give one document with an entry a student."""
    result = run("mark", *sorted(hand_ins.glob("*/answers.yaml")), "--json")
    document = json.loads(result.stdout)
    assert (0, 1, "lesson04") == (
        result.exit_code,
        document["schema_version"],
        document["quiz"],
    )
    assert ["ada", "bob"] == [entry["student"] for entry in document["students"]]
    assert 30.0 == document["students"][0]["max_points"]


def test_bad_file_costs_the_others_nothing(hand_ins: Path) -> None:
    """A file that cannot be read gives an entry with its error and exit status 1."""
    (hand_ins / "bob" / "answers.yaml").write_text("{")
    (hand_ins / "eve").mkdir()
    (hand_ins / "eve" / "answers.yaml").mkdir()
    result = run("mark", hand_ins, hand_ins / "nobody.yaml", "--json")
    entries = {entry["student"]: entry for entry in json.loads(result.stdout)["students"]}
    assert 1 == result.exit_code
    assert ["bob", "eve", "nobody"] == sorted(n for n, e in entries.items() if "error" in e)
    assert "no YAML" in entries["bob"]["error"]
    assert entries["ada"]["points"] == 1.0


def test_folder_names_the_student(hand_ins: Path) -> None:
    """In a folder of hand-ins, the folder's name is the id that answers are held against."""
    (hand_ins / "bob" / "answers.yaml").write_text(GOOD.format("ada"))
    document = json.loads(run("mark", hand_ins, "--json").stdout)
    bob = next(entry for entry in document["students"] if entry["student"] == "bob")
    assert bob["questions"]["weights-7b"]["unsure"]


def test_mark_for_people(hand_ins: Path) -> None:
    """Without --json a line a student."""
    assert ["ada: 1 of 30", "bob: 0 of 30"] == [
        line.split("  ")[0] for line in run("mark", hand_ins).stdout.splitlines()
    ]


def test_many_files_are_marked_as_few_are(tmp_path: Path) -> None:
    """On several cores the entries come in the same order and say the same."""
    for number in range(130):
        folder = tmp_path / f"s{number:03}"
        folder.mkdir()
        (folder / "answers.yaml").write_text(GOOD.format(folder.name))
    (tmp_path / "s077" / "answers.yaml").write_text("[")
    together = json.loads(run("mark", tmp_path, "--json").stdout)["students"]
    alone = [
        json.loads(run("mark", folder, "--by-folder", "--json").stdout)["students"][0]
        for folder in (tmp_path / "s003", tmp_path / "s129")
    ]
    assert [f"s{number:03}" for number in range(130)] == [entry["student"] for entry in together]
    assert alone == [together[3], together[129]]
    assert "error" in together[77]


def test_validate_lists_every_problem() -> None:
    """All problems are printed and the status is 1; good files are counted."""
    result = run("validate", DATA / "many-mistakes.yaml", DATA / "every-type.yaml")
    assert 1 == result.exit_code
    assert (DATA / "many-mistakes.txt").read_text() in result.stdout
    assert "every-type.yaml: 10 questions, 17 points" in result.stdout
    assert 0 == run("validate").exit_code


def test_validate_holds_free_texts_against_their_rules(tmp_path: Path) -> None:
    """A rules file that is missing, or that knows other concepts, is said."""
    text = (DATA / "every-type.yaml").read_text().replace("../../../quiz/", "")
    (tmp_path / "sample.yaml").write_text(text)
    missing = run("validate", tmp_path / "sample.yaml")
    assert (1, True) == (missing.exit_code, "no file 'checkpoint_rules.yaml'" in missing.stdout)
    rules = (HERE / "checkpoint_rules.yaml").read_bytes()
    (tmp_path / "checkpoint_rules.yaml").write_bytes(rules)
    assert 0 == run("validate", tmp_path / "sample.yaml").exit_code
    (tmp_path / "sample.yaml").write_text(
        text.replace('{id: weigh, text: "mult', '{id: w, text: "mult')
    )
    assert (
        "three-steps: checkpoint_rules.yaml knows"
        in run("validate", tmp_path / "sample.yaml").stdout
    )


def test_schema_is_json() -> None:
    """The schema is printed as JSON."""
    assert "properties" in json.loads(run("schema").stdout)


@pytest.mark.parametrize("name", ["qti", "moodle", "gift", "jupyterquiz", "print"])
def test_export_says_what_is_lost(tmp_path: Path, name: str) -> None:
    """An export writes a file, names it, and warns of what the format cannot hold."""
    result = run("export", name, tmp_path, "--student", "ada")
    assert 0 == result.exit_code
    written = Path(result.stdout.strip())
    assert written.stem == "lesson04"
    assert written.stat().st_size > 1000
    assert "warning: weights-7b: one variant only" in result.stderr


@pytest.mark.parametrize("name", ["qti", "moodle", "gift", "jupyterquiz"])
def test_import_gives_a_quiz_that_loads(tmp_path: Path, name: str) -> None:
    """What was exported can be imported and passes validation."""
    exported = Path(run("export", name, tmp_path).stdout.strip())
    target = tmp_path / "back.yaml"
    assert 0 == run("import", name, exported, target).exit_code
    assert 0 == run("validate", target).exit_code


def test_wrong_formats_are_told(tmp_path: Path) -> None:
    """An unknown format is a usage error; a file of another format is not imported."""
    result = run("export", "moodel")
    assert (2, True) == (result.exit_code, "did you mean 'moodle'?" in result.stderr)
    target = tmp_path / "x.yaml"
    result = run("import", "moodle", DATA / "every-type.yaml", target)
    assert (1, False) == (result.exit_code, target.exists())


def test_analyse_writes_its_files(hand_ins: Path, tmp_path: Path) -> None:
    """The analysis prints a table and writes CSV and a picture."""
    result = run("analyse", hand_ins, "--out", tmp_path / "out")
    assert 0 == result.exit_code
    assert "lesson04: 2 students, Cronbach's alpha" in result.stdout
    assert ["analysis.csv", "analysis.png", "mistakes.csv"] == sorted(
        file.name for file in (tmp_path / "out").iterdir()
    )
    assert 2 == json.loads(run("analyse", hand_ins, "--json").stdout)["students"]


def test_broken_quiz_stops_every_command(hand_ins: Path) -> None:
    """A quiz file that is wrong is said with its problems, whatever was asked for."""
    for arguments in (("mark", hand_ins), ("export", "gift"), ()):
        result = run(*arguments, "--quiz", DATA / "many-mistakes.yaml")
        assert (1, True) == (result.exit_code, "schema_version: must be 1" in result.stderr)


def test_an_edition_without_key_marks_nothing(hand_ins: Path, lesson: Quiz) -> None:
    """Marking and exporting with a student edition's quiz say what is needed instead."""
    edition = hand_ins / "lesson04.json"
    edition.write_text(dumps(without_key(lesson)), encoding="utf-8")
    for arguments in (("mark", hand_ins), ("export", "gift", hand_ins)):
        result = run(*arguments, "--quiz", edition)
        assert (1, "") == (result.exit_code, result.stdout)
        assert "holds no key" in result.stderr


def test_mark_for_people_says_why_not(hand_ins: Path) -> None:
    """Without --json a file that cannot be read is named with its fault."""
    (hand_ins / "bob" / "answers.yaml").write_text("[")
    result = run("mark", hand_ins)
    assert 1 == result.exit_code
    assert "ada: 1 of 30" in result.stdout
    assert f"bob: not marked  {hand_ins / 'bob' / 'answers.yaml'}: line 2" in result.stdout


def test_export_takes_the_name_of_a_file(tmp_path: Path) -> None:
    """TARGET may be the file to write."""
    assert 0 == run("export", "gift", tmp_path / "bank.txt", "--quiz", EVERY_TYPE).exit_code
    assert b"::" in (tmp_path / "bank.txt").read_bytes()


def test_unknown_formats_cannot_be_imported(tmp_path: Path) -> None:
    """The formats that can be read are told, and the nearest one."""
    result = run("import", "gitf", EVERY_TYPE, tmp_path / "x.yaml")
    assert (2, True) == (result.exit_code, "did you mean 'gift'?" in result.stderr)


def test_import_says_what_is_lost(tmp_path: Path) -> None:
    """What could not be taken over is a warning, and the rest is imported."""
    bank = tmp_path / "bank.gift"
    bank.write_text("::a:: Is it? {T}\n\n::b:: Open { no answer\n")
    result = run("import", "gift", bank, tmp_path / "x.yaml")
    assert (0, True) == (result.exit_code, "1 questions" in result.stdout)
    assert "warning: " in result.stderr


def test_analyse_goes_on_without_a_broken_file(hand_ins: Path) -> None:
    """A file that cannot be read is named, the others are analysed, the status is 1."""
    (hand_ins / "bob" / "answers.yaml").write_text("[")
    result = run("analyse", hand_ins)
    assert (1, True) == (result.exit_code, "lesson04: 1 students" in result.stdout)
    assert "bob" in result.stderr


@pytest.mark.parametrize("name", ["mark", "analyse"])
def test_wrong_rules_stop_the_marking(hand_ins: Path, name: str) -> None:
    """Rules of free texts that cannot be used are said with their place, and nobody is marked."""
    text = EVERY_TYPE.read_text().replace("../../../quiz/checkpoint_", "")
    (hand_ins / "sample.yaml").write_text(text)
    (hand_ins / "rules.yaml").write_text("questions: [")
    (hand_ins / "ada" / "answers.yaml").write_text(
        "schema_version: 1\nquiz: every-type\nstudent: ada\nanswers: {three-steps: weigh}\n"
    )
    result = run(name, hand_ins / "ada", "--quiz", hand_ins / "sample.yaml")
    assert (1, "") == (result.exit_code, result.stdout)
    assert "rules.yaml:1:1: rules.yaml: is not YAML" in result.stderr
