r"""JUnit XML: a test suite a student, a test case a hidden test.

It is for the instructor's dashboards: the hidden tests' names are in it. Characters that XML 1.0
has no way to hold, such as those of a terminal's colours, stand as escapes: `\x1b`.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

from grader.adjusting import counts
from grader.gradebook.cells import number
from grader.gradebook.gathered import Gathered, Wishes, Written, quiz_of
from grader.names import shown
from grader.results import written_whole

FILE_NAME = "junit.xml"
_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write(gathered: Gathered, out: Path, wishes: Wishes) -> Written:
    """Write one file for the class. There is nothing in it to wish for."""
    suites = [_suite(record) for record in gathered.records]
    sums = {name: str(sum(int(suite.get(name, "0")) for suite in suites)) for name in _COUNTED}
    root = ET.Element("testsuites", {"name": legal(gathered.assignment), **sums})
    root.extend(suites)
    ET.indent(root)
    path = out / FILE_NAME
    with written_whole(path) as file:
        file.write('<?xml version="1.0" encoding="UTF-8"?>\n')
        file.write(ET.tostring(root, encoding="unicode") + "\n")
    return Written((path,))


_COUNTED = ("tests", "failures", "errors")  # Jenkins' schema knows no more of the whole


def legal(text: str) -> str:
    """A text as XML 1.0 can hold it."""
    return _ILLEGAL.sub(lambda found: _escaped(found[0]), text)


def _escaped(char: str) -> str:
    visible = shown(char)
    return visible if visible != char else f"\\u{ord(char):04x}"


def _suite(record: dict[str, Any]) -> ET.Element:
    cases = [
        _case(name, test) for name, mark in record["functions"].items() for test in mark["tests"]
    ]
    if record["status"] != "graded":
        cases = [_not_graded(record)]
    counted = {
        "tests": len(cases),
        "failures": sum(case.find("failure") is not None for case in cases),
        "errors": sum(case.find("error") is not None for case in cases),
        "skipped": sum(case.find("skipped") is not None for case in cases),
    }
    suite = ET.Element(
        "testsuite",
        {"name": legal(record["student"]), **{k: str(v) for k, v in counted.items()}, "time": "0"},
    )
    if record["submitted"]:
        suite.set("timestamp", record["submitted"].removesuffix("Z"))
    properties = ET.SubElement(suite, "properties")
    for name, value in _properties(record).items():
        ET.SubElement(properties, "property", {"name": name, "value": legal(value)})
    suite.extend(cases)
    return suite


def _properties(record: dict[str, Any]) -> dict[str, str]:
    found = {"status": record["status"], "late": str(record["late"]).lower()}
    if counts(record):
        found |= {
            "points": number(record["points"]),
            "max_points": number(record["max_points"]),
        }
    if quiz := quiz_of(record):
        found |= {
            "quiz_points": number(quiz["points"]),
            "quiz_max_points": number(quiz["max_points"]),
        }
    return found


def _case(function: str, test: dict[str, Any]) -> ET.Element:
    case = ET.Element("testcase", {"classname": function, "name": legal(test["name"]), "time": "0"})
    verdict = test["verdict"]
    if verdict == "passed":
        return case
    message = legal(test["message"] or "")
    if verdict == "not_run":
        ET.SubElement(case, "skipped", {"message": message or "not run"})
        return case
    first = message.split("\n", 1)[0] or verdict
    kind = "failure" if verdict == "failed" else "error"
    ET.SubElement(case, kind, {"type": verdict, "message": first}).text = message or verdict
    return case


def _not_graded(record: dict[str, Any]) -> ET.Element:
    case = ET.Element("testcase", {"classname": "hand-in", "name": "is graded", "time": "0"})
    reason = legal(record["reason"] or record["status"])
    ET.SubElement(case, "error", {"type": record["status"], "message": reason}).text = reason
    return case
