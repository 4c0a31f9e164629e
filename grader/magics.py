"""IPython's magics, taken out of a cell so that plain Python runs what is left.

A magic is a line that starts with `%` or `!` or asks for help with `?`, but only where a statement
may start: inside brackets, strings or after a backslash `%` is an operator. Lines keep their number
and indentation, so that a traceback still points at what the student sees.
"""

import re
from collections.abc import Iterator

_SUSPECT = re.compile(r"^[ \t]*(?:[%!?]|(?:pip3?|conda|mamba) )|[=?][ \t]*[%!]|\?[ \t]*$", re.M)
_LINE_END = re.compile(r"\r\n|\r|\n")
_CELL_MAGIC = re.compile(r"\s*%%(!|\w+)[ \t]*([^\r\n]*)")
_FIRST_INDENT = re.compile(r"(?:[ \t]*+[\r\n]+)*+([ \t]++)(?!\Z)")
_RUNS_THE_REST = frozenset({"time", "timeit", "capture", "prun", "debug"})
_WRITES_A_FILE = frozenset({"writefile", "file"})

_STATEMENT = re.compile(r"%time[ \t]+(?![ \t-])(.+)")
_MAGIC = re.compile(
    r"""% | ! | \?{1,2}[ \t]*\S            # %matplotlib inline, !ls, ?relu
      | %{0,2}[\w.*]++(?:\[\w*\])?[ \t]*+\?{1,2}[ \t]*$  # relu?
      | (?:pip3?|conda|mamba)[ \t]+(?:install|list|show)\b""",
    re.VERBOSE,
)
_ASSIGNED = re.compile(r"([\w.,\[\] \t]++=)[ \t]*+(?:%\w|!)")

_TOKEN = re.compile(
    r"""(?P<comment>\#[^\r\n]*)
      | (?P<triple>'''|\"\"\")
      | (?P<string>'(?:[^'\\\r\n]|\\(?:\r\n|.))*+'? | "(?:[^"\\\r\n]|\\(?:\r\n|.))*+"?)
      | (?P<open>[(\[{]) | (?P<close>[)\]}])
      | (?P<joined>\\[ \t]*(?:\r\n|\r|\n))
      | (?P<end>\r\n|\r|\n)""",
    re.VERBOSE | re.DOTALL,
)


def without_magics(source: str) -> tuple[str, str | None]:
    """Turn a cell as IPython takes it into plain Python.

    Returns:
        The source, and a note where a cell was skipped or taken for something else. The source of
        a skipped cell is empty.
    """
    source = _dedented(source)
    if "%%" in source and (found := _CELL_MAGIC.match(source)):
        return _cell(source, found)
    return _lines(source), None


def _dedented(source: str) -> str:
    """Take the first line's indentation off all lines that have it, as IPython does."""
    found = _FIRST_INDENT.match(source)
    return re.sub(f"(?m)^{found[1]}", "", source) if found else source


def _cell(source: str, found: re.Match[str]) -> tuple[str, str | None]:
    name, argument = found[1], found[2].strip()
    blank = "\n" * len(_LINE_END.findall(source[: found.end()]))
    rest = blank + source[found.end() :]
    if name in _RUNS_THE_REST:
        return _lines(rest), None
    if name in _WRITES_A_FILE and argument.endswith(".py"):
        return _lines(rest), f"%%{name} {argument}: its lines were run as a cell."
    return "", f"%%{name}: the cell is no Python of this notebook and was not run."


def _lines(source: str) -> str:
    if not _SUSPECT.search(source):
        return source
    kept = []
    position = 0
    for start, end in _statements(source):
        indented = source[start:end]
        line = indented.lstrip(" \t")
        plain = _plain(line)
        if plain is not None:
            kept += [source[position:start], indented[: len(indented) - len(line)], plain]
            position = end
    kept.append(source[position:])
    return "".join(kept)


def _plain(line: str) -> str | None:
    """Give what stands for a magic, or None where the line is none."""
    if found := _STATEMENT.match(line):
        return found[1]
    if found := _ASSIGNED.match(line):
        return f"{found[1]} None"
    if _MAGIC.match(line):
        return "pass"
    return None


def _statements(source: str) -> Iterator[tuple[int, int]]:
    """Find the lines on which a statement may start.

    Yields:
        Start and end of each such line; a shell command that goes on after a backslash is one line.
    """
    position = 0
    while position < len(source):
        line_end = _end_of_line(source, position)
        line = source[position:line_end].lstrip(" \t")
        if _plain(line) is not None:
            while source[line_end - 1] == "\\" and line_end < len(source):
                line_end = _end_of_line(source, _after_line_end(source, line_end))
            yield position, line_end
            position = _after_line_end(source, line_end)
        else:
            position = _end_of_statement(source, position)


def _end_of_statement(source: str, position: int) -> int:
    """Find where a statement's next line starts: in no bracket or string, not after a backslash."""
    depth = 0
    while found := _TOKEN.search(source, position):
        position = found.end()
        kind = found.lastgroup
        if kind == "triple":
            position = _end_of_triple(source, position, found[0])
        elif kind == "open":
            depth += 1
        elif kind == "close":
            depth = max(0, depth - 1)
        elif kind == "end" and depth == 0:
            return position
    return len(source)


def _end_of_triple(source: str, position: int, quotes: str) -> int:
    while (end := source.find(quotes, position)) >= 0:
        n_backslashes = 0
        while source[end - n_backslashes - 1] == "\\":
            n_backslashes += 1
        if n_backslashes % 2 == 0:
            return end + 3
        position = end + 1
    return len(source)


def _end_of_line(source: str, position: int) -> int:
    found = _LINE_END.search(source, position)
    return found.start() if found else len(source)


def _after_line_end(source: str, position: int) -> int:
    found = _LINE_END.match(source, position)
    return found.end() if found else position
