"""The server of `nnv quiz --web`: whom it answers, and what it survives."""

from __future__ import annotations

import _thread
import json
import signal
import socket
import threading
import webbrowser
from collections.abc import Callable, Iterator
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from quiz_pages import Program

from quiz.answers import read_answers
from quiz.cli import quiz as command
from quiz.web.server import MAX_BODY, QuizServer

EVERY_TYPE = Path(__file__).parent.parent / "data" / "every-type.yaml"


def port_of(url: str) -> int:
    return int(url.partition("#")[0].rstrip("/").rpartition(":")[2])


def send(
    url: str,
    body: Any,
    method: str = "POST",
    path: str = "/ask",
    **changed: str | None,
) -> tuple[int, Any]:
    """Ask as the page does, with some headers changed; None leaves one out."""
    port = port_of(url)
    headers: dict[str, str | None] = {
        "Host": f"127.0.0.1:{port}",
        "Origin": f"http://127.0.0.1:{port}",
        "Content-Type": "application/json",
        "X-Quiz-Token": url.partition("#")[2],
    }
    headers |= {name.replace("_", "-"): value for name, value in changed.items()}
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    headers.setdefault("Content-Length", str(len(content)))
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
        for name, value in headers.items():
            if value is not None:
                connection.putheader(name, value)
        connection.endheaders()
        if method == "POST":
            connection.send(content)
        response = connection.getresponse()
        text = response.read().decode()
        kind = response.headers.get_content_type()
        return response.status, json.loads(text) if kind == "application/json" else text
    finally:
        connection.close()


def give(question: str, answer: Any) -> dict[str, Any]:
    return {"do": "give", "question": question, "answer": answer, "seconds": 1, "hints": 0}


def test_an_answer_is_saved_by_the_same_engine(served: QuizServer) -> None:
    """What the page sends stands in answers.yaml when the reply comes."""
    status, reply = send(served.url, give("count-exactly", "12"))
    assert (200, "12", None) == (status, reply["saved"], reply["outcome"])
    saved = read_answers(served.desk.path.read_bytes())
    assert ("ada", "12") == (saved.student, saved.answers["count-exactly"].answer)


@pytest.mark.parametrize(
    ("status", "headers"),
    [
        (401, {"X_Quiz_Token": "wrong"}),
        (401, {"X_Quiz_Token": None}),
        (401, {"X_Quiz_Token": "\u00fc"}),
        (403, {"Origin": "http://evil.example"}),
        (403, {"Origin": None}),
        (403, {"Origin": "null"}),
        (403, {"Sec_Fetch_Site": "cross-site"}),
        (421, {"Host": "evil.example"}),
        (421, {"Host": "127.0.0.1"}),
        (400, {"Host": None}),
        (415, {"Content_Type": "text/plain"}),
        (411, {"Content_Length": None}),
        (411, {"Content_Length": "-1"}),
        (411, {"Transfer_Encoding": "chunked"}),
        (413, {"Content_Length": str(MAX_BODY + 1)}),
    ],
)
def test_a_stranger_is_refused(
    served: QuizServer, status: int, headers: dict[str, str | None]
) -> None:
    """Another host, origin, kind or size, or a wrong token: refused, and nothing is saved."""
    found, _ = send(served.url, give("count-exactly", "12"), **headers)
    assert status == found
    assert not served.desk.path.exists()


@pytest.mark.parametrize("path", ["/answers.yaml", "/quiz.js", "/../etc/passwd", "/ask", "/%2e"])
def test_there_is_nothing_but_the_page(served: QuizServer, path: str) -> None:
    """No file and no folder is served."""
    assert send(served.url, b"", method="GET", path=path)[0] == 404


def test_the_page_holds_nothing_secret(served: QuizServer) -> None:
    """Whoever gets the page without a token gets neither questions, nor token, nor id."""
    status, html = send(served.url, b"", method="GET", path="/", X_Quiz_Token=None, Origin=None)
    assert status == 200
    assert served.token not in html
    assert "straight" not in html
    assert "default-src" in html


def test_it_listens_on_the_loopback_address_only(served: QuizServer) -> None:
    """No other machine can connect."""
    assert served.server_address[0] == "127.0.0.1"


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[" * 5000, b"\xff", b"null", b'{"do": []}', b'{"do": "give"}']
)
def test_a_spoilt_request_is_answered(served: QuizServer, body: bytes) -> None:
    """Anything that is no request is refused or gets a problem, and the server goes on."""
    status, reply = send(served.url, body)
    assert status == 400 or "problem" in reply
    assert send(served.url, {"do": "open"})[0] == 200


def test_a_code_is_worth_a_token_once(served: QuizServer) -> None:
    """The code of the browser's start gives the token, and is nothing afterwards."""
    once = served.once()
    assert send(once, {"do": "open"})[0] == 401
    assert send(once, {"do": "enter"}) == (200, {"token": served.token})
    assert send(once, {"do": "enter"})[0] == 401


def test_many_at_once_lose_nothing(served: QuizServer) -> None:
    """Answers that come at the same moment are all saved."""
    answers = {"pick-one": "straight", "count-exactly": "12", "name-it": "ReLU", "how-many": "14"}
    threads = [
        threading.Thread(target=send, args=(served.url, give(name, answer)))
        for name, answer in answers.items()
        for _ in range(5)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    saved = read_answers(served.desk.path.read_bytes()).answers
    assert answers == {name: each.answer for name, each in saved.items()}
    assert {5} == {each.attempts for each in saved.values()}


def test_a_connection_that_says_nothing_holds_up_nobody(served: QuizServer) -> None:
    """While one program keeps a connection open, the page is answered."""
    with socket.create_connection(("127.0.0.1", port_of(served.url))):
        assert send(served.url, {"do": "open"})[0] == 200


def test_killed_at_any_moment_the_answers_stay(
    program: Callable[..., Program], tmp_path: Path
) -> None:
    """After kill -9 the file holds the last answer, and another program goes on from it."""
    first = program("--quiz", str(EVERY_TYPE), "--student", "ada")
    send(first.url, give("pick-one", "straight"))
    first.end(signal.SIGKILL)
    second = program("--quiz", str(EVERY_TYPE))
    assert second.url != first.url
    _, state = send(second.url, {"do": "open"})
    assert ("ada", {"pick-one": "straight"}) == (state["student"], state["answers"])
    assert ["answers.yaml"] == [file.name for file in tmp_path.iterdir()]


def test_ctrl_c_stops_it(program: Callable[..., Program]) -> None:
    """Ctrl-C ends the program with status 0, a sentence and no traceback."""
    running = program("--quiz", str(EVERY_TYPE), "--student", "ada")
    status, said = running.end(signal.SIGINT)
    assert status == 0
    assert "Stopped. Your answers are in" in said
    assert "Traceback" not in said


def test_only_one_address_takes_requests(served: QuizServer) -> None:
    """A request to any other path is refused."""
    assert send(served.url, {"do": "open"}, path="/answers.yaml")[0] == 404


@pytest.fixture
def ctrl_c() -> Iterator[Callable[[], None]]:
    """Presses Ctrl-C from another thread, also where the tests run in the background."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield _thread.interrupt_main
    signal.signal(signal.SIGINT, before)


def test_a_browser_is_sent_to_the_page_and_away_again(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, ctrl_c: Callable[[], None]
) -> None:
    """`--web` opens the browser with a code that is worth a token once; Ctrl-C ends it well."""
    replies: list[Any] = []

    def browse(url: str) -> None:
        try:
            replies.extend(send(url, {"do": "enter"}) for _ in range(2))
        finally:
            ctrl_c()

    monkeypatch.setattr(webbrowser, "open", browse)
    path = tmp_path / "answers.yaml"
    result = CliRunner().invoke(command, ["--web", "--student", "ada", "--answers", str(path)])
    assert (0, [200, 401]) == (result.exit_code, [status for status, _ in replies])
    assert result.stdout.startswith("The quiz is at http://127.0.0.1:")
    assert f"Stopped. Your answers are in {path}." in result.stderr


def test_answers_that_cannot_be_read_are_not_served(tmp_path: Path) -> None:
    """A damaged answers.yaml is named before anything is served, and the status is 1."""
    path = tmp_path / "answers.yaml"
    path.write_text("[")
    result = CliRunner().invoke(command, ["--web", "--answers", str(path)])
    assert (1, "") == (result.exit_code, result.stdout)
    assert str(path) in result.stderr


def test_a_browser_that_goes_away_is_no_error(
    served: QuizServer, capsys: pytest.CaptureFixture[str]
) -> None:
    """A connection that is reset writes nothing to the terminal; a fault of ours does."""
    for fault, shown in ((ConnectionResetError(), False), (ValueError("ours"), True)):
        try:
            raise fault
        except (ConnectionResetError, ValueError):
            served.handle_error(None, ("127.0.0.1", 1))
        assert shown == ("ours" in capsys.readouterr().err)
