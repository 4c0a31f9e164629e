"""The manifest is read whole, or all that is wrong with it is said at once."""

from pathlib import Path

import pytest

from nnv.manifest import Function, Manifest, ManifestError, default_path, load, manifest, parse

RELU = """\
  - name: relu
    module: relu
    points: 8
    section: Why the bend matters
    hint: Look at one number.
    next: Open relu.py.
"""
TOP = "schema_version: 1\nassignment: lesson04\ntitle: Neural networks\nfunctions:\n"


def problems(text: str) -> tuple[str, ...]:
    with pytest.raises(ManifestError) as caught:
        parse(text, "m.yaml")
    return caught.value.problems


def test_reads_a_function():
    """Every key of a function arrives in the model."""
    function = Function(
        "relu", "relu", 8.0, "Why the bend matters", "Look at one number.", "Open relu.py."
    )
    assert Manifest("lesson04", "Neural networks", (function,)) == parse(TOP + RELU)


def test_our_own_manifest_is_the_contract():
    """Fourteen functions in six modules, for 100 points, as the contract lists them."""
    ours = manifest()
    assert len(ours.names) == 14
    assert ours.modules == ("relu", "neuron", "dense", "network", "parameters", "memory")
    assert ours.max_points == 100


def test_the_manifest_lies_beside_the_exercises():
    """An installation finds its own manifest, wherever it is called from."""
    assert manifest() == load(default_path())


def test_functions_are_found_by_name_and_by_module():
    """A function is found by its name, and a module knows its functions in order."""
    ours = manifest()
    assert ours.function("collapse").module == "network"
    assert [f.name for f in ours.of_module("neuron")] == ["weighted_sum", "neuron"]
    assert ours.of_module("unknown") == ()


def test_an_unknown_function_names_the_nearest():
    """A misspelt name is answered with the name that was meant."""
    with pytest.raises(KeyError, match="did you mean 'collapse'"):
        manifest().function("colapse")


def test_an_unknown_key_names_the_nearest():
    """A misspelt key is rejected at its line and column, with the key that was meant."""
    found = problems(TOP + RELU.replace("section:", "sectoin:"))
    assert found[0] == "m.yaml:8:5: functions[0].sectoin: unknown key; did you mean 'section'?"
    assert found[1] == "m.yaml:5:5: functions[0].section: is missing"


def test_an_unknown_key_far_from_all_lists_what_is_allowed():
    """Where no key is near, all of them are named."""
    found = problems(TOP + RELU + "zzz: 1\n")
    allowed = "schema_version, assignment, title, functions"
    assert (f"m.yaml:11:1: zzz: unknown key; allowed: {allowed}",) == found


def test_all_problems_are_reported_at_once():
    """Two functions with a mistake each give two lines, in the order of the file."""
    text = TOP + RELU.replace("8", "-1") + RELU.replace("name: relu", "name: 2b")
    assert problems(text) == (
        "m.yaml:7:13: functions[0].points: must be a number above 0, found -1",
        "m.yaml:11:11: functions[1].name: must be a name that Python allows, found '2b'",
    )


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("8", "yes", "must be a number above 0, found yes"),
        ("8", ".inf", "must be a number above 0, found .inf"),
        ("Look at one number.", "[a, b]", "must be one line of text, found a list"),
        ("Look at one number.", "{a: b}", "must be one line of text, found a mapping"),
        ("Look at one number.", "", "must be one line of text, found nothing"),
        ("Look at one number.", '"two\\nlines"', "must be one line of text, found"),
        ("schema_version: 1", "schema_version: 2", "must be 1, found 2"),
        ("lesson04", "lesson 4", "must be letters, digits, - and _ only, found 'lesson 4'"),
        ("    points: 8", "    points: 8\n    points: 9", "is there twice; keep one"),
    ],
)
def test_a_value_that_is_not_allowed_is_shown(old, new, said):
    """What was found stands beside what is allowed."""
    found = problems((TOP + RELU).replace(old, new, 1))
    assert len(found) == 1
    assert said in found[0]


def test_a_function_is_named_once():
    """Two functions of one name are reported at the second."""
    found = problems(TOP + RELU + RELU)
    assert found == ("m.yaml:11:11: functions: names 'relu' twice; keep one",)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "m.yaml:1:1: is empty"),
        ("- a\n", "m.yaml:1:1: (the file): must be a mapping"),
        ("a: [\n", "m.yaml:2:1: is not YAML"),
        (TOP.replace("functions:", "functions: []"), "must be a list of at least one function"),
    ],
)
def test_a_file_of_another_form_is_refused(text, said):
    """What is no manifest at all is refused in one line."""
    assert said in problems(text)[0]


def test_a_missing_file_is_named(tmp_path: Path):
    """The file that is not there is in the message."""
    with pytest.raises(ManifestError, match=r"nowhere\.yaml: cannot be read"):
        load(tmp_path / "nowhere.yaml")
