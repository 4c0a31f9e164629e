"""Who takes what the front end asks: plain JSON in, plain JSON out, one request after the other.

A graded quiz is a `Session`, practice is a `Practice`: the same as in the terminal, with the same
files. A session is opened anew for every request, so that several tabs, or a terminal beside them,
go on from what is saved and never write over it.

    {"do": "open", "student": "ada"}             everything to show, or {"need_id": true, …}
    {"do": "give", "question": …, "answer": …, "seconds": …, "hints": …}     graded
    {"do": "next"}                               practice: what to ask now
    {"do": "try", "question": …, "round": …, "answer": …, "hints": …}        practice
    {"do": "skip", "question": …, "round": …, "hints": …}                    practice

A reply that holds "problem" says to the student why nothing was done.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock
from typing import Any

from quiz.answers import MAX_BYTES, Answer, AnswerFile, dumps
from quiz.expressions import ExpressionError
from quiz.model import Quiz
from quiz.practice import Practice
from quiz.problems import QuizError
from quiz.scoring.outcome import Outcome
from quiz.session import Session, SessionError, Shown, read_saved
from quiz.terminal_practice import PROGRESS, when
from quiz.web.card import card, clean, said, taken
from quiz.web.markup import to_html, to_text

Request = dict[str, Any]
Reply = dict[str, Any]

MAX_ID = 100
_REMEMBERED_ROUNDS = 500


class Desk:
    """Replies to the front end; what it knows of a quiz is in the files.

    Attributes:
        quiz: The quiz.
        path: Where the answers are saved.
        student: The student's id; empty until it is known.
        suggested: An id to suggest where the student is asked for one.
    """

    def __init__(self, quiz: Quiz, path: Path, student: str = "", suggested: str = "") -> None:
        self.quiz = quiz
        self.path = path
        self.student = student.strip()
        self.suggested = suggested
        self._lock = Lock()

    def reply(self, request: Any) -> Reply:
        """Do what is asked; whatever is asked, it gives a reply and does not raise."""
        with self._lock:
            try:
                asked = request.get("do") if isinstance(request, dict) else None
                action = self._actions().get(asked) if isinstance(asked, str) else None
                if action is None:
                    return {
                        "problem": "The page and the quiz do not understand each other: reload."
                    }
                return action(request)
            except (QuizError, ExpressionError) as error:
                return {"problem": str(error)}
            except OSError as error:
                return {"problem": f"Not saved: {error.strerror or error} ({self.path.name})."}

    def _actions(self) -> dict[str, Callable[[Request], Reply]]:
        return {"open": self._open, "give": self._give}

    def check(self) -> None:
        """Look whether the saved answers can be used.

        Raises:
            QuizAnswersError: They cannot; the text says why and what to do.
        """
        saved = read_saved(self.path)
        if self.student or (saved is not None and saved.student):
            Session.open(self.quiz, self.path, self.student)

    def _session(self, student: str = "") -> Session | None:
        """The session as it is saved; None while nobody's id is known."""
        saved = read_saved(self.path)
        name = self.student or student
        if not name and (saved is None or not saved.student):
            return None
        session = Session.open(self.quiz, self.path, name)
        self.student = session.student
        return session

    def _open(self, request: Request) -> Reply:
        wanted = clean(request.get("student", ""), MAX_ID)
        if wanted and wanted != self.student and not self._begun():
            self.student = ""  # an id may be put right until the first answer
        session = self._session(wanted)
        if session is None:
            return {**self._front(), "need_id": True, "suggested": self.suggested}
        folder = self.quiz.folder
        shown = [session.shown(position) for position in range(1, len(session) + 1)]
        return {
            **self._front(),
            "student": session.student,
            "place": self.path.name,
            "auto": self.quiz.policy.attempts is None and not self._feedback(),
            "parts": [
                {"id": part.id, "title": to_text(part.title), "text": to_html(part.text, folder)}
                for part in self.quiz.parts
            ],
            "questions": [card(each, folder) for each in shown],
            "answers": {
                each.question.id: session.answers[each.question.id].answer
                for each in shown
                if each.question.id in session.answers
            },
            "left": {each.question.id: session.attempts_left(each.question) for each in shown},
        }

    def _begun(self) -> bool:
        saved = read_saved(self.path)
        return saved is not None and bool(saved.answers)

    def _feedback(self) -> bool:
        return self.quiz.keyed and self.quiz.policy.feedback != "never"

    def _front(self) -> Reply:
        return {
            "quiz": self.quiz.quiz,
            "mode": self.quiz.policy.mode,
            "title": to_text(self.quiz.title or self.quiz.quiz),
            "text": to_html(self.quiz.text, self.quiz.folder),
        }

    def _give(self, request: Request) -> Reply:
        session = self._session()
        if session is None:
            raise SessionError("Your id is not known yet: reload the page.")
        shown = _find(session, request.get("question"))
        answer = taken(shown, request.get("answer"))
        _must_fit(session, shown, answer)
        seconds, hints = _amount(request.get("seconds")), int(_amount(request.get("hints")))
        outcome = session.give(shown.question, answer, seconds, min(hints, len(shown.hints)))
        return {
            "saved": answer,
            "outcome": said(outcome, self.quiz.folder),
            "left": session.attempts_left(shown.question),
        }


def _find(session: Session, name: Any) -> Shown:
    for position in range(1, len(session) + 1):
        shown = session.shown(position)
        if shown.question.id == name:
            return shown
    raise SessionError("There is no such question in this quiz: reload the page.")


def _must_fit(session: Session, shown: Shown, answer: Any) -> None:
    """What is saved must be small enough to be read again."""
    entries = {**session.answers, shown.question.id: Answer(answer=answer, at="0" * 20)}
    # texts are written out at no more than this and a third, so most need no second writing
    if sum(len(ascii(each.answer)) for each in entries.values()) < MAX_BYTES // 2:
        return
    whole = dumps(AnswerFile(quiz=session.quiz.quiz, student=session.student, answers=entries))
    if len(whole.encode("utf-8", "replace")) > MAX_BYTES - 4096:
        raise SessionError("All answers together are too long: shorten this one.")


def _amount(value: Any) -> float:
    """A number that was sent as a note; 0 where it is none."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return 0.0
    return max(0.0, min(float(value), 86_400.0))


class PracticeDesk(Desk):
    """Replies while a bank is practised; progress is saved beside the answers."""

    def __init__(self, quiz: Quiz, path: Path, student: str = "") -> None:
        super().__init__(quiz, path.with_name(PROGRESS), student)
        self._shown: dict[tuple[str, int], Shown] = {}

    def _actions(self) -> dict[str, Callable[[Request], Reply]]:
        return {"open": self._start, "next": self._next, "try": self._try, "skip": self._skip}

    def check(self) -> None:
        """Look whether the saved progress can be used.

        Raises:
            QuizAnswersError: It cannot; the text says why and what to do.
        """
        self._practice()

    def _practice(self) -> Practice:
        return Practice.open(self.quiz, self.path, self.student)

    def _start(self, request: Request) -> Reply:
        return {**self._front(), "student": self.student, "place": self.path.name}

    def _next(self, request: Request) -> Reply:
        practice = self._practice()
        now = datetime.now(UTC)
        queue = practice.queue(now)
        question = queue[0] if queue else practice.soonest()
        due = None if queue else practice.due(question)
        known = practice.remembered.get(question.id)
        rounds = known.rounds if known is not None else 0
        shown = practice.shown(question)
        self._shown[question.id, rounds] = shown
        while len(self._shown) > _REMEMBERED_ROUNDS:
            self._shown.pop(next(iter(self._shown)))
        return {
            "question": card(shown, self.quiz.folder),
            "round": rounds,
            "waiting": len(queue),
            "early": when(due, now) if due is not None else None,
        }

    def _try(self, request: Request) -> Reply:
        shown = self._asked(request)
        practice = self._practice()
        outcome = practice.try_out(shown, _readable(shown, taken(shown, request.get("answer"))))
        again = self._remember(practice, shown, request, outcome)
        return {"outcome": said(outcome, self.quiz.folder), "again": again}

    def _skip(self, request: Request) -> Reply:
        shown = self._asked(request)
        nothing = Outcome(0.0, shown.question.points)
        return {"again": self._remember(self._practice(), shown, request, nothing)}

    def _asked(self, request: Request) -> Shown:
        key = (str(request.get("question")), int(_amount(request.get("round"))))
        if key not in self._shown:
            raise SessionError("This question comes with new numbers now: reload the page.")
        return self._shown[key]

    def _remember(
        self, practice: Practice, shown: Shown, request: Request, outcome: Outcome
    ) -> str | None:
        """Remember the first try of a round; None where this is another one."""
        known = practice.remembered.get(shown.question.id)
        if (known.rounds if known is not None else 0) != int(_amount(request.get("round"))):
            return None
        now = datetime.now(UTC)
        hints = int(_amount(request.get("hints")))
        return when(practice.remember(shown.question, outcome, hints, now), now)


def _readable(shown: Shown, answer: Any) -> Any:
    """A number that cannot be read is sent back, and costs nothing.

    Raises:
        SessionError: It cannot be read; the text says what to write.
    """
    if shown.question.type == "numeric":
        from quiz.numbers import NumberError, read_number

        try:
            read_number(str(answer), shown.question.unit)
        except NumberError as error:
            raise SessionError(str(error)) from None
    return answer


def desk_for(quiz: Quiz, path: Path, student: str = "", suggested: str = "") -> Desk:
    """The desk for a quiz: to practise where it is a bank, else to be graded."""
    if quiz.policy.mode == "practice":
        return PracticeDesk(quiz, path, student)
    return Desk(quiz, path, student, suggested)
