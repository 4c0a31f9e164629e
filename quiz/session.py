"""Taking a quiz: which question comes, what is shown, and saving every answer at once.

The terminal, the web page and the widget all talk to a `Session`; none of them marks or saves by
itself. What was answered lives in `answers.yaml` alone, so that a session that was killed goes on
from that file, and one front end goes on where another stopped.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from quiz.answers import Answer, AnswerFile, dumps, read_answers, write_whole
from quiz.expressions import Scalar
from quiz.model import AnyQuestion, FreeText, Item, Numeric, Option, Part, Quiz
from quiz.problems import QuizAnswersError, QuizError
from quiz.scoring import Outcome, score
from quiz.variants import draw_numbers, filled, same_student, shown_numbers, shuffled


class SessionError(QuizError):
    """An answer cannot be taken; the text says why, written to the student."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A question as one student sees it.

    Attributes:
        question: The question.
        position: Its place in this student's order, from 1.
        part: The part it belongs to; None where the quiz has none.
        text: Its text with this student's numbers, Markdown.
        options: Options, items to order or blanks' ids, in this student's order; may be empty.
        choices: The right sides of a matching question, in this student's order.
        hints: The hints with this student's numbers.
        numbers: The numbers that were drawn.
    """

    question: AnyQuestion
    position: int
    part: Part | None
    text: str
    options: tuple[Option | Item, ...]
    choices: tuple[Item, ...]
    hints: tuple[str, ...]
    numbers: Mapping[str, Scalar]


def show(
    quiz: Quiz, question: AnyQuestion, student: str, position: int = 1, again: str = ""
) -> Shown:
    """A question with the numbers and the order of one student.

    Args:
        quiz: The quiz that it is in.
        question: The question.
        student: The student's id.
        position: What to count it as.
        again: Anything that makes other numbers and another order of it.
    """
    drawn = draw_numbers(question, student, again)
    numbers = shown_numbers(question, drawn)
    records: Any = getattr(question, "options", None) or getattr(question, "items", ())
    seed = (student, question.id, again)
    return Shown(
        question=question,
        position=position,
        part=next((part for part in quiz.parts if part.id == question.part), None),
        text=filled(question.text, numbers),
        options=_arranged(records, question.fixed, numbers, *seed, "options"),
        choices=_arranged(
            getattr(question, "choices", ()), question.fixed, numbers, *seed, "choices"
        ),
        hints=tuple(filled(hint, numbers) for hint in question.hints),
        numbers=drawn,
    )


def _arranged(
    records: Any, fixed: bool, numbers: Mapping[str, Scalar], *seed: str
) -> tuple[Any, ...]:
    """Options in the order that a student sees, with their numbers put in."""
    if not fixed:
        # by id first: a student edition lists the items of an ordering in another order
        records = shuffled(sorted(records, key=lambda record: str(record.id)), *seed)
    return tuple(replace(record, text=filled(record.text, numbers)) for record in records)


class Session:
    """One student taking one quiz.

    Attributes:
        quiz: The quiz.
        path: Where the answers are saved.
        student: The student's id.
    """

    def __init__(self, quiz: Quiz, path: Path, student: str) -> None:
        self.quiz = quiz
        self.path = path
        self.student = student
        self._order = tuple(ordered(quiz, student))
        self._file = AnswerFile(quiz=quiz.quiz, student=student, answers={})

    @classmethod
    def open(cls, quiz: Quiz, path: Path, student: str = "") -> Session:
        """Start, or go on with what was saved.

        Args:
            quiz: The quiz.
            path: The `answers.yaml`; need not exist yet.
            student: The student's id; left out: the one in the file.

        Raises:
            QuizAnswersError: The file cannot be read, answers another quiz or is another student's,
                or there is no id at all.
        """
        saved = read_saved(path)
        if saved is not None and saved.quiz != quiz.quiz:
            raise QuizAnswersError(
                f"{path}: holds answers to {saved.quiz!r}, this quiz is {quiz.quiz!r}: "
                "move that file away or name another with --answers"
            )
        signed = saved.student if saved is not None else ""
        if signed and student and not same_student(signed, student):
            raise QuizAnswersError(
                f"{path}: holds the answers of {signed!r}, not of {student!r}: "
                "move that file away or name another with --answers"
            )
        name = signed or student.strip()
        if not name:
            raise QuizAnswersError("no student's id yet: give it with --student")
        session = cls(quiz, path, name)
        if saved is not None:
            session._file = replace(saved, student=name)
        return session

    @property
    def answers(self) -> Mapping[str, Answer]:
        """What is saved, by question."""
        return self._file.answers

    @property
    def answered(self) -> int:
        """How many questions of this quiz have an answer."""
        return sum(question.id in self.answers for question in self._order)

    def __len__(self) -> int:
        return len(self._order)

    def shown(self, position: int) -> Shown:
        """The question at a place of this student's order.

        Args:
            position: From 1.
        """
        return show(self.quiz, self._order[position - 1], self.student, position)

    def first_open(self) -> int:
        """The place of the first question without an answer; after the last one where none is."""
        for position, question in enumerate(self._order, 1):
            if question.id not in self.answers:
                return position
        return len(self._order) + 1

    def attempts_left(self, question: AnyQuestion) -> int | None:
        """How often a question may still be answered; None for as often as one likes."""
        if self.quiz.policy.attempts is None:
            return None
        saved = self.answers.get(question.id)
        return max(0, self.quiz.policy.attempts - (saved.attempts if saved else 0))

    def give(
        self, question: AnyQuestion, answer: Any, seconds: float = 0.0, hints: int = 0
    ) -> Outcome | None:
        """Take and save an answer.

        Args:
            question: The question.
            answer: As `answers.yaml` holds it: text, a list of ids, or a mapping.
            seconds: How long the student took over it, this time.
            hints: How many hints were shown.

        Returns:
            What may be said about it by the quiz's policy; None for nothing.

        Raises:
            SessionError: No attempt is left, or the answer cannot be read.
            OSError: It cannot be saved.
        """
        if self.attempts_left(question) == 0:
            raise SessionError("This question has no attempt left; your last answer stays.")
        self._readable(question, answer)
        before = self.answers.get(question.id)
        saved = Answer(
            answer=answer,
            at=datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            numbers=draw_numbers(question, self.student) or None,
            attempts=(before.attempts if before else 0) + 1,
            seconds=round((before.seconds if before else 0.0) + seconds, 1),
            hints=max(before.hints if before else 0, hints),
        )
        self._save({**self.answers, question.id: saved})
        return self._feedback(question, saved)

    def _save(self, answers: Mapping[str, Answer]) -> None:
        changed = replace(self._file, answers=answers)
        write_whole(self.path, dumps(changed))
        self._file = changed

    def _readable(self, question: AnyQuestion, answer: Any) -> None:
        """A number that cannot be read is sent back at once rather than marked wrong later."""
        if isinstance(question, Numeric):
            from quiz.numbers import NumberError, read_number

            try:
                read_number(str(answer), question.unit)
            except NumberError as error:
                raise SessionError(str(error)) from None

    def _feedback(self, question: AnyQuestion, saved: Answer) -> Outcome | None:
        policy = self.quiz.policy.feedback
        if not self.quiz.keyed or policy == "never" or isinstance(question, FreeText):
            return None
        numbers = shown_numbers(question, draw_numbers(question, self.student))
        outcome = score(question, saved.answer, numbers)
        if policy == "full":
            return outcome
        said = "Right." if outcome.points == outcome.max_points else "Not right yet."
        return Outcome(outcome.points, outcome.max_points, said)


def ordered(quiz: Quiz, student: str) -> Iterator[AnyQuestion]:
    """The questions in a student's own order: part by part, shuffled where the part is."""
    for part in quiz.parts or (Part(id="", shuffle=False),):
        own = [question for question in quiz.questions if question.part == part.id]
        yield from shuffled(own, student, quiz.quiz, part.id) if part.shuffle else own


def read_saved(path: Path) -> AnswerFile | None:
    """What was saved; None where there is no file yet.

    Raises:
        QuizAnswersError: There is a file, but it cannot be read.
    """
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise QuizAnswersError(f"{path}: cannot be read: {error.strerror or error}") from None
    if not content.strip():
        return None
    try:
        return read_answers(content)
    except QuizAnswersError as error:
        raise QuizAnswersError(f"{path}: {error}") from None
