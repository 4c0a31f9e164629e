"""The student edition is whole, works by itself, and gives nothing away."""

import ast
import json
import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from grader.release import ReleaseError, write_student_edition
from nnv.manifest import manifest
from solutions import misconceptions

HOUSE = Path(__file__).resolve().parents[1]
MODULES = ("relu", "neuron", "dense", "network", "parameters", "memory")
LONG_ENOUGH = 25
PACKAGES = ("nnv/", "quiz")
KEY_OF_A_QUESTION = {"answer", "correct", "feedback", "mistakes", "concepts"}


@pytest.fixture(scope="module")
def edition(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("release") / "edition"
    write_student_edition(folder)
    return folder


def contents(folder: Path) -> dict[str, bytes]:
    files = (file for file in folder.rglob("*") if file.is_file())
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in files}


def normalised(text: str) -> str:
    return re.sub(r"\s+", "", text).replace('"', "'")


def telling_lines(folder: Path) -> Iterator[tuple[str, str]]:
    """Lines of code and prose long enough to give something away, without what stubs say too."""
    public = "".join(normalised(file.read_text()) for file in (HOUSE / "exercises").glob("*.*"))
    files = [f for f in folder.rglob("*.py") if f.stem.removeprefix("test_") in MODULES]
    for file in sorted(files):
        for line in code_of(file.read_text(encoding="utf-8")).splitlines():
            short = normalised(line)
            if len(short) > LONG_ENOUGH and short not in public:
                yield f"{file.relative_to(HOUSE)}: {line.strip()}", short


def code_of(source: str) -> str:
    """The source without what any module has: imports."""
    lines = source.splitlines()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            for number in range(node.lineno - 1, node.end_lineno or node.lineno):
                lines[number] = ""
    return "\n".join(lines)


def given_away(edition: Path, lines: Iterator[tuple[str, str]]) -> list[str]:
    text = "".join(normalised(content.decode()) for content in contents(edition).values())
    return [shown for shown, line in lines if line in text]


def test_the_edition_has_what_students_need(edition):
    """Stubs, self-checks, the commands, a guide, and how to install it all."""
    files = set(contents(edition))
    assert {"README.md", "pyproject.toml", "exercises/exercises.yaml", "nnv/cli.py"} <= files
    assert {"quiz/cli.py", "quiz/lesson04.json", "quiz/practice.json"} <= files
    assert {f"exercises/{name}.py" for name in MODULES} <= files
    assert {f"exercises/test_{name}.py" for name in MODULES} <= files


def test_the_edition_has_nothing_else(edition):
    """Of the other packages nothing is there, not even by name."""
    tops = {name.split("/")[0] for name in contents(edition)}
    assert tops <= {"README.md", "pyproject.toml", ".gitignore", "exercises", "nnv", "quiz"}


@pytest.mark.parametrize("secret", ["solutions", "grader/suites"])
def test_no_line_of_solutions_misconceptions_or_suites_is_in_it(edition, secret):
    """Neither code nor prose of what is the instructor's is in any file of the edition."""
    lines = list(telling_lines(HOUSE / secret))
    assert len(lines) > 100
    assert given_away(edition, iter(lines)) == []


def test_a_line_that_is_given_away_would_be_found(edition, tmp_path):
    """The search itself works: a solution's line put into a file is reported."""
    write_student_edition(tmp_path / "leak")
    shown, _ = next(telling_lines(HOUSE / "solutions"))
    (tmp_path / "leak" / "nnv" / "leak.py").write_text("    " + shown.partition(": ")[2])
    assert shown in given_away(tmp_path / "leak", telling_lines(HOUSE / "solutions"))


def test_no_misconception_is_named_in_it(edition):
    """The names and texts by which misconceptions are known stay with the instructor."""
    text = "\n".join(content.decode(errors="replace") for content in contents(edition).values())
    known = [found for name in manifest().names for found in misconceptions.of(name)]
    assert len(known) > 100
    assert [m.text for m in known if m.text in text] == []


def quiz_secrets() -> Iterator[tuple[str, str]]:
    """What the quiz's key says: feedback, concepts, mistakes, and the rules of the marker."""
    practice = HOUSE / "quiz" / "practice.yaml"  # it comes with its key, and may say the same
    public = normalised(practice.read_text(encoding="utf-8")) if practice.is_file() else ""
    content = yaml.safe_load((HOUSE / "quiz" / "lesson04.yaml").read_text(encoding="utf-8"))
    lines = [text for question in content["questions"] for text in _key_texts(question, False)]
    rules = (HOUSE / "quiz" / "checkpoint_rules.yaml").read_text(encoding="utf-8")
    for line in [*lines, *rules.splitlines()]:
        short = normalised(line)
        if len(short) > LONG_ENOUGH and short not in public:
            yield line.strip(), short


def _key_texts(node: object, secret: bool) -> Iterator[str]:
    if isinstance(node, dict):
        for key, value in node.items():
            yield from _key_texts(value, secret or key in KEY_OF_A_QUESTION)
    elif isinstance(node, list):
        for item in node:
            yield from _key_texts(item, secret)
    elif secret and isinstance(node, str):
        yield node


def test_no_feedback_concept_or_rule_of_the_quiz_is_in_it(edition):
    """What the graded quiz's key says is in no file of the edition."""
    lines = list(quiz_secrets())
    assert len(lines) > 200
    assert given_away(edition, iter(lines)) == []


def test_no_question_of_the_graded_quiz_has_a_key(edition):
    """Questions leave without answers, right options, mistakes, concepts and feedback."""
    quiz = json.loads((edition / "quiz" / "lesson04.json").read_text(encoding="utf-8"))
    assert len(quiz["questions"]) == 18
    assert set(_keys(quiz["questions"])) & KEY_OF_A_QUESTION == set()


def _keys(node: object) -> Iterator[str]:
    """All keys of all mappings in it, however deep."""
    if isinstance(node, dict):
        yield from node
        node = list(node.values())
    for item in node if isinstance(node, list) else ():
        yield from _keys(item)


def test_no_name_of_the_other_packages_is_imported(edition):
    """The edition runs without grader and solutions."""
    for name, content in contents(edition).items():
        if name.endswith(".py"):
            imported = re.findall(r"^\s*(?:from|import) (\w+)", content.decode(), re.MULTILINE)
            assert not {"grader", "solutions"} & set(imported), name


def test_the_same_content_gives_the_same_files(edition, tmp_path):
    """Two releases are equal, byte for byte."""
    write_student_edition(tmp_path / "again")
    assert contents(tmp_path / "again") == contents(edition)


def test_the_guide_is_the_one_in_the_documentation(edition):
    """What students read is what docs/students.md says."""
    assert (edition / "README.md").read_bytes() == (HOUSE / "docs" / "students.md").read_bytes()


def test_a_folder_with_something_in_it_is_refused(tmp_path):
    """A folder that is not empty is left as it is, unless the instructor insists."""
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(ReleaseError, match="is not an empty folder"):
        write_student_edition(tmp_path)
    assert list(contents(tmp_path)) == ["mine.txt"]


def test_force_replaces_the_editions_own_files_only(tmp_path):
    """An old edition's files go, whatever else is in the folder stays."""
    (tmp_path / "exercises").mkdir()
    (tmp_path / "exercises" / "old_solution.py").write_text("secret")
    (tmp_path / "mine.txt").write_text("mine")
    written = write_student_edition(tmp_path, force=True)
    assert set(contents(tmp_path)) == {*written, "mine.txt"}


@pytest.fixture(scope="module")
def python(edition: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh environment with the edition installed, as a student makes it."""
    home = tmp_path_factory.mktemp("student") / "venv"
    subprocess.run([sys.executable, "-m", "venv", str(home)], check=True)
    found = home / ("Scripts" if os.name == "nt" else "bin") / "python"
    subprocess.run([found, "-m", "pip", "install", "-q", str(edition)], check=True)
    return found


@pytest.mark.slow
def test_a_student_installs_it_and_works_with_it(edition, python):
    """From untouched stubs to the zip, in an environment that has nothing else."""

    def student(*command: str, typed: str = "") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(python.with_name(command[0])), *command[1:]],
            cwd=edition,
            env={"PATH": os.environ["PATH"], "HOME": str(edition.parent)},
            input=typed,
            capture_output=True,
            text=True,
            check=False,
        )

    untouched = student("pytest")
    assert untouched.returncode == 1
    assert "Start with relu:" in untouched.stdout
    assert "Start with relu:" in student("nnv", "check").stdout
    relu = edition / "exercises" / "relu.py"
    stub = relu.read_text()
    relu.write_text("import numpy as np\n\ndef relu(z):\n    return np.maximum(z, 0)\n")
    green = student("nnv", "check", "relu")
    assert green.returncode == 0
    assert green.stdout == "relu                    passed\n\nPassed: relu.\n"
    assert "Next: weighted_sum" in student("pytest").stdout
    quiz = student("nnv", "quiz", "--student", "ada", typed="weigh, sum, bend\n\n:q\n")
    assert quiz.returncode == 0, quiz.stderr
    student("nnv", "submit")
    with zipfile.ZipFile(edition / "lesson04-ada.zip") as archive:
        assert {"exercises/relu.py", "answers.yaml"} <= set(archive.namelist())
    relu.write_text(stub)
    names = [name for name in contents(edition) if name.endswith(".py") and name[:4] in PACKAGES]
    modules = [name[:-3].replace("/", ".") for name in names if "__" not in name]
    imports = "; ".join(f"import {name}" for name in modules)
    assert student("python", "-c", imports).stderr == ""
    commands = student("nnv", "--help").stdout.partition("Commands:")[2].split("\n")
    assert [line.split()[0] for line in commands if line] == ["check", "quiz", "submit"]
