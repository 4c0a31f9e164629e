"""The server behind `nnv quiz --web`: one page and one question-and-answer path, for this machine.

It listens on the loopback address at a free port. Other programs of this machine, and pages of
other sites that are open in the browser, cannot speak to it:

- Every request must name us as its Host, so that no foreign name can be pointed at this machine.
- What is asked must come from our own page (Origin), as JSON, with a token in a header that no
  other page can send. The token reaches the page in the part of the address that is never sent.
- Programs' arguments can be read by other users of a machine. So the browser is started with a code
  that works once, and the page receives the token for it.
"""

from __future__ import annotations

import hmac
import json
import secrets
import sys
import threading
import webbrowser
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import click

from quiz.model import Quiz
from quiz.problems import QuizError
from quiz.web.desk import Desk, desk_for
from quiz.web.document import document, front
from quiz.web.markup import to_text

ADDRESS = "127.0.0.1"
MAX_BODY = 256 * 1024
SECONDS_FOR_A_REQUEST = 30
TOKEN_HEADER = "X-Quiz-Token"


class QuizServer(ThreadingHTTPServer):
    """Serves one desk at a free port of the loopback address.

    Attributes:
        desk: Who replies.
        token: What a request must bring.
        html: The page.
        policy: Its Content-Security-Policy.
    """

    daemon_threads = True
    # many tabs may ask at once
    request_queue_size = 64
    # on Windows, another program could take over a port that is shared
    allow_reuse_address = sys.platform != "win32"

    def __init__(self, desk: Desk) -> None:
        super().__init__((ADDRESS, 0), _Handler)
        self.desk = desk
        self.token = secrets.token_urlsafe(32)
        self._codes: set[str] = set()
        self._codes_lock = threading.Lock()
        script = front("fields.js", "view.js", "served.js")
        title = to_text(desk.quiz.title or desk.quiz.quiz)
        self.html, policy = document(title, script, connect="'self'")
        self.policy = f"{policy}; frame-ancestors 'none'"

    @property
    def hosts(self) -> frozenset[str]:
        """What a request may call us."""
        return frozenset(f"{name}:{self.server_address[1]}" for name in (ADDRESS, "localhost"))

    @property
    def url(self) -> str:
        """The page's address with the token."""
        return f"http://{ADDRESS}:{self.server_address[1]}/#{self.token}"

    def once(self) -> str:
        """The page's address with a code that works once."""
        code = secrets.token_urlsafe(32)
        with self._codes_lock:
            self._codes.add(code)
        return f"http://{ADDRESS}:{self.server_address[1]}/#{code}"

    def knows(self, token: str) -> bool:
        """Whether a request brought the token."""
        return hmac.compare_digest(token.encode("utf-8", "replace"), self.token.encode())

    def redeem(self, code: str) -> bool:
        """Whether a code was given out and not used before; it is used up now."""
        with self._codes_lock:
            known = code in self._codes
            self._codes.discard(code)
        return known

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A browser that went away is no error; anything else is shown."""
        if not isinstance(sys.exc_info()[1], ConnectionError | TimeoutError):
            super().handle_error(request, client_address)


class _Refused(Exception):
    """A request that is not answered; holds the status and what to say."""

    def __init__(self, status: HTTPStatus, text: str) -> None:
        super().__init__(text)
        self.status = status


class _Handler(BaseHTTPRequestHandler):
    server: QuizServer
    timeout = SECONDS_FOR_A_REQUEST
    protocol_version = "HTTP/1.1"
    server_version = "quiz"
    sys_version = ""

    def do_GET(self) -> None:
        try:
            self._must_be_meant_for_us()
            if self.path.partition("?")[0] != "/":
                raise _Refused(HTTPStatus.NOT_FOUND, "There is nothing here.")
        except _Refused as refused:
            self._send(refused.status, "text/plain", str(refused))
            return
        self._send(HTTPStatus.OK, "text/html", self.server.html)

    def do_POST(self) -> None:
        try:
            self._must_be_meant_for_us()
            self._must_come_from_our_page()
            request = self._body()
            reply = self._reply(request)
        except _Refused as refused:
            # the body was not read, so nothing more can be read from this connection
            self.close_connection = True
            self._send(refused.status, "text/plain", str(refused))
            return
        self._send(HTTPStatus.OK, "application/json", json.dumps(reply, ensure_ascii=False))

    def _must_be_meant_for_us(self) -> None:
        if self.headers.get_all("Host") is None or len(self.headers.get_all("Host", [])) != 1:
            raise _Refused(HTTPStatus.BAD_REQUEST, "One Host is expected.")
        if self.headers["Host"].lower() not in self.server.hosts:
            raise _Refused(HTTPStatus.MISDIRECTED_REQUEST, "This is not the host you mean.")

    def _must_come_from_our_page(self) -> None:
        if self.path != "/ask":
            raise _Refused(HTTPStatus.NOT_FOUND, "There is nothing here.")
        if self.headers.get("Origin", "") != f"http://{self.headers['Host'].lower()}":
            raise _Refused(HTTPStatus.FORBIDDEN, "Only the quiz's own page may ask.")
        if self.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
            raise _Refused(HTTPStatus.FORBIDDEN, "Only the quiz's own page may ask.")
        if self.headers.get_content_type() != "application/json":
            raise _Refused(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "JSON is expected.")

    def _body(self) -> Any:
        length = self.headers.get("Content-Length", "")
        if not (length.isascii() and length.isdigit()) or "Transfer-Encoding" in self.headers:
            raise _Refused(HTTPStatus.LENGTH_REQUIRED, "The length is missing.")
        if len(length) > 10 or int(length) > MAX_BODY:
            raise _Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"At most {MAX_BODY} bytes.")
        try:
            return json.loads(self.rfile.read(int(length)))
        except (ValueError, RecursionError):
            raise _Refused(HTTPStatus.BAD_REQUEST, "This is no JSON.") from None

    def _reply(self, request: Any) -> dict[str, Any]:
        token = self.headers.get(TOKEN_HEADER, "")
        if request == {"do": "enter"} and self.server.redeem(token):
            return {"token": self.server.token}
        if not self.server.knows(token):
            raise _Refused(HTTPStatus.UNAUTHORIZED, "The token is wrong or used up.")
        if request == {"do": "enter"}:
            return {"token": self.server.token}
        return self.server.desk.reply(request)

    def _send(self, status: HTTPStatus, kind: str, text: str) -> None:
        content = text.encode("utf-8", "replace")
        self.send_response(status)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Content-Security-Policy", self.server.policy)
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("X-Frame-Options", "DENY")
        self.send_header("Referrer-Policy", "no-referrer")
        self.send_header("Cross-Origin-Opener-Policy", "same-origin")
        self.send_header("Cross-Origin-Resource-Policy", "same-origin")
        self.send_header("Cache-Control", "no-store")
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 -- http.server's name
        """Say nothing: a request is no news."""


def run(quiz: Quiz, answers: Path, student: str, open_browser: bool) -> int:
    """Serve a quiz until Ctrl-C.

    Args:
        quiz: The quiz.
        answers: Where the answers are saved.
        student: The student's id; may be empty.
        open_browser: Whether to open the page in the browser.

    Returns:
        The exit status: 0, or 1 where the saved answers cannot be used.
    """
    desk = desk_for(quiz, answers, student)
    try:
        desk.check()
    except QuizError as error:
        click.echo(str(error), err=True)
        return 1
    try:
        with QuizServer(desk) as server:
            click.echo(f"The quiz is at {server.url}")
            click.echo("Every answer is saved at once. Ctrl-C here stops it.", err=True)
            if open_browser:
                threading.Thread(target=webbrowser.open, args=(server.once(),), daemon=True).start()
            server.serve_forever()
    except KeyboardInterrupt:
        click.echo(f"\nStopped. Your answers are in {desk.path}.", err=True)
    return 0
