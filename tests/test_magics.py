"""Cells as IPython takes them become plain Python, line for line."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.magics import without_magics

ipython = pytest.importorskip("IPython.core.inputtransformer2")


def plain(cell: str) -> str:
    return without_magics(cell)[0]


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("%matplotlib inline\nx = 1", "pass\nx = 1"),
        ("!pip install numpy\nx = 1", "pass\nx = 1"),
        ("pip install numpy\nx = 1", "pass\nx = 1"),
        ("if True:\n    %cd ..\n    x = 1", "if True:\n    pass\n    x = 1"),
        ("relu?\n?relu\nnp.dot??\nx = 1", "pass\npass\npass\nx = 1"),
        ("%time x = relu(3)", "x = relu(3)"),
        ("%timeit relu(3)", "pass"),
        ("files = !ls\nt = %timeit -o f()", "files = None\nt = None"),
        ("!ls \\\n  -l\nx = 1", "pass\nx = 1"),
        ("%%time\nx = 1", "\nx = 1"),
        ("%%capture out\n%cd ..\nx = 1", "\npass\nx = 1"),
        ("\n\n%%timeit -n 1\r\nx = 1", "\n\n\r\nx = 1"),
        ("x = 1\r\n%cd ..\r\ny = 2", "x = 1\r\npass\r\ny = 2"),
    ],
)
def test_magics_are_taken_out(cell: str, expected: str) -> None:
    """A magic becomes `pass` in its place; what it times is run."""
    assert plain(cell) == expected


@pytest.mark.parametrize(
    "cell",
    [
        "x = (17\n  % 5)",
        "x = [17\n% 5,\n]",
        "print('%d'\n      % 3) if (True) else 0",
        "x = 17 \\\n  % 5",
        's = """\n%matplotlib inline\n!ls\nwhat?\n"""',
        "s = '''a\\'''\n%magic\n'''",
        "s = r'''\\'''\nx = 1",
        "# why?\nx = 1  # really?",
        "x = 'what?'\ny = \"50 %\"",
        "s = '# not a comment'; t = [\n  1 % 1]",
        "s = 'it\\'s (' + \"(\\\"\"\nx = 1",
        "if x != 3: pass",
        "x %= 3",
        "f = lambda s: s == '!'",
    ],
)
def test_plain_python_is_left_alone(cell: str) -> None:
    """`%`, `!` and `?` inside brackets, strings and comments are no magics."""
    assert plain(cell) == cell


@pytest.mark.parametrize("magic", ["bash", "html", "javascript", "latex", "R", "sh", "sql", "!"])
def test_a_cell_of_another_language_is_skipped_with_a_note(magic: str) -> None:
    """Shell commands and HTML are no Python of this notebook."""
    source, note = without_magics(f"%%{magic}\nrm -rf /")
    assert source == ""
    assert note == f"%%{magic}: the cell is no Python of this notebook and was not run."


def test_a_cell_that_writes_a_module_is_run() -> None:
    """`%%writefile relu.py` holds code that the student means to hand in."""
    source, note = without_magics("%%writefile relu.py\ndef relu(z): ...")
    assert source == "\ndef relu(z): ..."
    assert note == "%%writefile relu.py: its lines were run as a cell."


def test_a_cell_that_writes_another_file_is_skipped() -> None:
    """`%%writefile notes.txt` holds no code."""
    assert plain("%%writefile notes.txt\nhello") == ""


LINES = st.sampled_from(
    [
        "x = 1", "y = (", ")", "z = [1,", "]", "%matplotlib inline", "!ls", "x?", "% 3", "s = '''",
        "'''", "if x:", "    y = 2", "    %cd a", "# what?", "x = 'a", "a = 5 \\", "t = !ls", "",
        '"""', "x = f(\"%\"", "%%time", "%time q = 2", "?x", "!cat \\", "pip install x", "{", "}",
    ]
)  # fmt: skip
PIECES = st.lists(LINES | st.text(max_size=8), max_size=12)


@given(PIECES)
def test_what_ipython_leaves_alone_is_left_alone(lines: list[str]) -> None:
    """Valid Python is never changed, whatever it holds; and lines keep their numbers."""
    cell = "\n".join(lines)
    found = plain(cell)
    try:
        compile(cell, "cell", "exec")
    except (SyntaxError, ValueError):
        return
    assert found == cell


WHOLE = st.sampled_from(
    [
        "x = 1", "y = (\n% 3)", "z = [1,\n!ls\n]", "%matplotlib inline", "!ls", "x?", "% 3", "?x",
        "s = '''\n%cd\n'''", "if x:", "    y = 2", "    %cd a", "# what?", "t = !ls", "", "  ",
        "%time q = 2", "!cat \\\n  x", "d = {\n}", "    if y:\n        !ls", "a = 1 \\\n  % 2",
        "x??", "    np.dot?", "for i in x:\n    %timeit i", "e = %timeit -o i",
    ]
)  # fmt: skip


@settings(max_examples=300)
@given(st.lists(WHOLE, max_size=8))
def test_what_runs_in_ipython_runs_here(lines: list[str]) -> None:
    """A cell that IPython can compile after its own changes can be compiled after ours."""
    cell = "\n".join(lines) + "\n"
    try:
        compile(ipython.TransformerManager().transform_cell(cell), "cell", "exec")
    except (SyntaxError, ValueError):
        return
    compile(plain(cell), "cell", "exec")
