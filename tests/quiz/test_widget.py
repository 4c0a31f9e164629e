"""The kernel's side of the notebook widget, without a notebook."""

from __future__ import annotations

import runpy
import sys
from pathlib import Path
from typing import Any

import pytest

from quiz import QuizAnswersError, load
from quiz.answers import read_answers
from quiz.loader import PRACTICE, bundled

pytest.importorskip("anywidget", reason="the extra `pages` is not installed")

EVERY_TYPE = Path(__file__).parent / "data" / "every-type.yaml"


class Wire:
    """What a widget's page and its kernel say to each other."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, widget: Any) -> None:
        self.widget = widget
        self.sent: list[Any] = []
        monkeypatch.setattr(widget.comm, "send", self._take)

    def _take(self, data: Any = None, metadata: Any = None, buffers: Any = None) -> None:
        self.sent.append(data["content"])

    def say(self, content: Any) -> None:
        """Send as the page does."""
        message = {"content": {"data": {"method": "custom", "content": content}}, "buffers": []}
        self.widget.comm.handle_msg(message)


@pytest.fixture
def wire(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Wire:
    """A widget of ada's with a question of each type."""
    from quiz.widget import QuizWidget

    return Wire(monkeypatch, QuizWidget(tmp_path / "answers.yaml", "ada", quiz=EVERY_TYPE))


def test_a_reply_bears_the_number_of_its_request(wire: Wire, tmp_path: Path) -> None:
    """Each request of the page gets its own reply, and an answer is saved when it comes."""
    give = {"do": "give", "question": "count-exactly", "answer": "12", "seconds": 1, "hints": 0}
    wire.say({"id": "a-1", "request": give})
    wire.say({"id": "a-2", "request": {"do": "open"}})
    assert ["a-1", "a-2"] == [message["id"] for message in wire.sent]
    assert "12" == wire.sent[0]["reply"]["saved"]
    assert {"count-exactly": "12"} == wire.sent[1]["reply"]["answers"]
    assert (
        "12"
        == read_answers((tmp_path / "answers.yaml").read_bytes()).answers["count-exactly"].answer
    )


def test_what_is_no_request_gets_no_reply(wire: Wire) -> None:
    """A message of another kind is passed over; a request that means nothing gets a problem."""
    wire.say("hello")
    assert [] == wire.sent
    wire.say({"id": "a-1", "request": 3})
    assert "do not understand each other" in wire.sent[0]["reply"]["problem"]


def test_a_jupyterhub_suggests_its_own_name(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Where nobody's id is known, the page may offer the one that the hub knows."""
    from quiz.widget import QuizWidget

    monkeypatch.setenv("JUPYTERHUB_USER", "eve")
    wire = Wire(monkeypatch, QuizWidget(tmp_path / "answers.yaml", quiz=EVERY_TYPE))
    wire.say({"id": 1, "request": {"do": "open"}})
    reply = wire.sent[0]["reply"]
    assert (True, "eve") == (reply["need_id"], reply["suggested"])


def test_practice_is_a_bank_of_its_own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A widget may practise; the answers to the graded quiz are not touched by it."""
    from quiz.widget import QuizWidget

    monkeypatch.chdir(tmp_path)
    wire = Wire(monkeypatch, QuizWidget(practice=True))
    wire.say({"id": 1, "request": {"do": "open"}})
    assert load(bundled(PRACTICE)).title == wire.sent[0]["reply"]["title"]
    assert [] == [file.name for file in tmp_path.iterdir()]


def test_damaged_answers_are_said_when_the_cell_runs(tmp_path: Path) -> None:
    """A cell with a widget over answers that cannot be read raises with the file's name."""
    from quiz.widget import QuizWidget

    (tmp_path / "answers.yaml").write_text("[")
    with pytest.raises(QuizAnswersError, match=r"answers\.yaml"):
        QuizWidget(tmp_path / "answers.yaml")


def test_without_anywidget_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """The module imports everywhere; a widget needs anywidget, and says how to get it."""
    import quiz.widget

    monkeypatch.setitem(sys.modules, "anywidget", None)
    made = runpy.run_path(str(quiz.widget.__file__))
    with pytest.raises(ImportError, match="pip install anywidget"):
        made["QuizWidget"]()
