"""The quiz as a page: served on this machine, exported as one file, and in a notebook's widget.

All three show the front end in `front/` and speak to it through one function that takes a request
and gives a reply, both plain JSON:

    front/fields.js    an input for each type of question
    front/view.js      what surrounds them: progress, hints, feedback, the list of questions
    front/served.js    asks the server of `server.py`           ┐
    front/widget.js    asks the kernel through `quiz.widget`    ├ one of these
    front/offline.js   answers by itself, for an exported page  ┘
    desk.py            replies for the first two, out of the session that the terminal has too
"""

from __future__ import annotations

from pathlib import Path

from quiz.model import Quiz


def serve(quiz: Quiz, answers: Path, student: str | None = None, open_browser: bool = True) -> int:
    """Ask a quiz on a page that only this machine can reach, until Ctrl-C.

    Args:
        quiz: The quiz; a practice bank is practised.
        answers: Where the answers are saved.
        student: The student's id; the page asks for it where it is neither given nor saved.
        open_browser: Whether to open the page in the browser.

    Returns:
        The exit status: 0, or 1 where the saved answers cannot be used.
    """
    from quiz.web.server import run

    return run(quiz, answers, student or "", open_browser)
