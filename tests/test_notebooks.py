"""Notebooks of any age become cells of plain Python; what is none is refused with its place."""

import json
from typing import Any

import pytest

from grader.notebooks import read_notebook
from grader.reading import MIB, Unreadable


def code(source: object, key: str = "source") -> dict[str, Any]:
    return {"cell_type": "code", "metadata": {}, "outputs": [], key: source}


def cells(*found: dict[str, Any], **more: object) -> tuple[tuple[str, bytes], ...]:
    notebook = {"nbformat": 4, "cells": list(found), **more}
    return read_notebook(json.dumps(notebook).encode(), "nn.ipynb")[0]


def refusal(data: bytes) -> str:
    with pytest.raises(Unreadable) as caught:
        read_notebook(data, "nn.ipynb")
    return caught.value.reason


def test_code_cells_come_in_order_with_the_number_of_their_place() -> None:
    """Text cells are counted but not read; empty cells are left out."""
    found = cells(
        code("x = 1"),
        {"cell_type": "markdown", "source": "# y = 2"},
        {"cell_type": "raw", "source": "z"},
        code("  \n"),
        code(["def f():\n", "    return 3"]),
    )
    assert found == (("cell 1", b"x = 1"), ("cell 5", b"def f():\n    return 3"))


def test_format_3_is_read() -> None:
    """Old notebooks keep cells in worksheets and sources under `input`."""
    old = {"nbformat": 3, "worksheets": [{"cells": [code("x = 1", "input")]}, {"cells": []}]}
    assert read_notebook(json.dumps(old).encode(), "n")[0] == (("cell 1", b"x = 1"),)


def test_magics_are_taken_out_and_skipped_cells_are_noted() -> None:
    """A shell cell is named by its number in a note."""
    notebook = {"cells": [code("%matplotlib inline\nx = 1"), code("%%bash\nls")]}
    found, notes = read_notebook(json.dumps(notebook).encode(), "nn.ipynb")
    assert found == (("cell 1", b"pass\nx = 1"),)
    assert notes == (
        "nn.ipynb, cell 2: %%bash: the cell is no Python of this notebook and was not run.",
    )


def test_a_lone_surrogate_is_spelt_out() -> None:
    """JSON allows what UTF-8 does not; in a string it means the same when spelt out."""
    assert cells(code("x = '\ud800é'")) == (("cell 1", "x = '\\ud800é'".encode()),)


def test_a_byte_order_mark_and_utf_16_are_read() -> None:
    """Notebooks that an editor saved anew are read as JSON allows."""
    text = json.dumps({"cells": [code("x = 'é'")]}, ensure_ascii=False)
    for encoding in ("utf-8-sig", "utf-16", "utf-32"):
        assert read_notebook(text.encode(encoding), "n")[0] == (("cell 1", "x = 'é'".encode()),)


def test_nan_and_big_numbers_in_outputs_do_no_harm() -> None:
    """Jupyter itself writes NaN; it has no meaning for us."""
    data = b'{"cells": [{"cell_type": "code", "source": "x", "n": [NaN, -Infinity, 1e999]}]}'
    assert read_notebook(data, "n")[0] == (("cell 1", b"x"),)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", "nn.ipynb: is empty; save the notebook and hand it in again."),
        (
            b'{"cells": [\n  oops]}',
            "nn.ipynb:2:3: is no notebook: Expecting value; open it in Jupyter, save it and hand "
            "it in again.",
        ),
        (b"[]", "nn.ipynb: is no notebook: holds a list where an object is due."),
        (b"{}", "nn.ipynb: is no notebook: cells: must be a list, found nothing."),
        (b'{"cells": 3}', "nn.ipynb: is no notebook: cells: must be a list, found a number."),
        (b'{"cells": [null]}', "nn.ipynb: cells[0]: must be an object, found null."),
        (
            b'{"cells": [{"cell_type": "code", "source": {"a": 1}}]}',
            "nn.ipynb: cells[0].source: must be text or a list of lines, found an object.",
        ),
        (
            b'{"worksheets": [{"cells": [{"cell_type": "code", "input": ["a", true]}]}]}',
            "nn.ipynb: worksheets[0].cells[0].input: must be text or a list of lines, found a "
            "list.",
        ),
        (b'{"worksheets": ["x"]}', "nn.ipynb: worksheets[0]: must be an object, found text."),
        (
            b'{"metadata": {"kernelspec": {"language": "R"}}, "cells": []}',
            "nn.ipynb: metadata.kernelspec.language: must be python, found 'R'.",
        ),
    ],
)
def test_what_is_no_notebook_is_refused_with_the_place(data: bytes, expected: str) -> None:
    """The student reads which entry is wrong, what was found and what is due."""
    assert refusal(data) == expected


@pytest.mark.parametrize(
    "data",
    [
        b'{"cells": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        b'{"a":' * 50_000 + b"1" + b"}" * 50_000,
        b'{"cells": [' + b"[]," * 3 * MIB + b"[]]}",
        b'{"cells": [' + b"1," * 5 * MIB + b"1]}",
        b'{"cells": [' + b"9" * 5 * MIB + b"]}",
        b"\xff\xfe\xfd{}",
        b'{"cells": [] \x00}',
    ],
)
def test_json_bombs_are_refused(data: bytes) -> None:
    """Deep nesting, millions of entries and endless digits end in a plain refusal."""
    assert refusal(data).startswith("nn.ipynb")


def test_too_much_code_is_refused() -> None:
    """All cells together may hold as much as a module."""
    notebook = {"cells": [code("#" * (MIB // 2)), code("#" * (MIB // 2 + 1))]}
    assert refusal(json.dumps(notebook).encode()).startswith("nn.ipynb, code cells: holds")


def test_too_many_cells_are_refused() -> None:
    """A thousand cells are allowed, one more is not."""
    assert len(cells(*[code("x")] * 1000)) == 1000
    with pytest.raises(Unreadable, match="has 1001 code cells; at most 1000"):
        cells(*[code("x")] * 1001)
