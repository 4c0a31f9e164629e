"""Practising: feedback at once, new numbers each time, and what went wrong comes again.

When a question comes again is decided by the `fsrs` library (free spaced repetition scheduler).
What it needs to remember lies in a file of its own beside the answers; nothing of it is handed in.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from quiz.answers import write_whole
from quiz.model import AnyQuestion, Quiz
from quiz.problems import QuizAnswersError
from quiz.scoring import Outcome, score
from quiz.session import Shown, show
from quiz.variants import shown_numbers, shuffled

SCHEMA_VERSION = 1


@dataclass(slots=True)
class Remembered:
    """What is known about one question.

    Attributes:
        rounds: How often it was answered.
        right: How often rightly, the first time in its round.
        card: The scheduler's card, as `fsrs` writes it; None before the first answer.
    """

    rounds: int = 0
    right: int = 0
    card: dict[str, Any] | None = None


@dataclass(slots=True)
class Practice:
    """One student practising one bank.

    Attributes:
        quiz: The bank, with its key.
        path: Where progress is saved.
        student: The student's id, for numbers of their own; may be empty.
        remembered: What is known, by question.
    """

    quiz: Quiz
    path: Path
    student: str = ""
    remembered: dict[str, Remembered] = field(default_factory=dict)

    @classmethod
    def open(cls, quiz: Quiz, path: Path, student: str = "") -> Practice:
        """Start, or go on with what was saved.

        Raises:
            QuizAnswersError: There is a file of progress that cannot be read.
        """
        try:
            plain = json.loads(path.read_bytes())
            if plain["schema_version"] != SCHEMA_VERSION or plain["quiz"] != quiz.quiz:
                raise ValueError("it belongs to another quiz or version")
            known = {name: Remembered(**entry) for name, entry in plain["questions"].items()}
            practice = cls(quiz, path, student or str(plain["student"]), known)
            for question in quiz.questions:
                practice.due(question)
        except FileNotFoundError:
            return cls(quiz, path, student)
        except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            remedy = "move it away to start afresh"
            raise QuizAnswersError(f"{path}: cannot be read ({error}): {remedy}") from None
        return practice

    def due(self, question: AnyQuestion) -> datetime | None:
        """When a question comes again; None where it was never answered."""
        card = self.remembered.get(question.id, Remembered()).card
        return None if card is None else datetime.fromisoformat(card["due"]).astimezone(UTC)

    def queue(self, now: datetime) -> list[AnyQuestion]:
        """What to ask now: what is due, the longest overdue first, then what is new."""
        due = [(when, q) for q in self.quiz.questions if (when := self.due(q)) and when <= now]
        new = [question for question in self.quiz.questions if self.due(question) is None]
        late = [question for _, question in sorted(due, key=lambda pair: pair[0])]
        return late + shuffled(new, self.student, self.quiz.quiz)

    def soonest(self) -> AnyQuestion:
        """The question that comes next, though it is not due yet."""
        return min(
            self.quiz.questions,
            key=lambda question: self.due(question) or datetime.min.replace(tzinfo=UTC),
        )

    def shown(self, question: AnyQuestion, position: int = 1) -> Shown:
        """A question with the numbers of its next round."""
        return show(self.quiz, question, self.student, position, self._round(question))

    def _round(self, question: AnyQuestion) -> str:
        return f"round {self.remembered.get(question.id, Remembered()).rounds}"

    def try_out(self, shown: Shown, answer: Any) -> Outcome:
        """Mark an answer without remembering it: a second try in the same round."""
        rules = str(Path(self.quiz.folder) / self.quiz.rules) if self.quiz.rules else ""
        numbers = shown_numbers(shown.question, shown.numbers)
        return score(shown.question, answer, numbers, rules)

    def remember(
        self, question: AnyQuestion, outcome: Outcome, hints: int, now: datetime
    ) -> datetime:
        """Remember how the first try of a round went, and save it.

        Args:
            question: The question.
            outcome: The mark of the first try.
            hints: How many hints were shown before it.
            now: The time, with its zone.

        Returns:
            When the question comes again.

        Raises:
            OSError: It cannot be saved.
        """
        from fsrs import Card, Rating, Scheduler

        known = self.remembered.setdefault(question.id, Remembered())
        right = outcome.points == outcome.max_points
        rating = (Rating.Hard if hints else Rating.Good) if right else Rating.Again
        card = Card() if known.card is None else Card.from_dict(known.card)  # type: ignore[arg-type]
        # without fuzz: the same practice gives the same plan
        card, _ = Scheduler(enable_fuzzing=False).review_card(card, rating, now)
        known.card = json.loads(json.dumps(card.to_dict(), default=str))
        known.rounds += 1
        known.right += right
        self._save()
        return datetime.fromisoformat(str(known.card["due"])).astimezone(UTC)

    def _save(self) -> None:
        questions = {
            name: {"rounds": entry.rounds, "right": entry.right, "card": entry.card}
            for name, entry in self.remembered.items()
        }
        plain = {
            "schema_version": SCHEMA_VERSION,
            "quiz": self.quiz.quiz,
            "student": self.student,
            "questions": questions,
        }
        write_whole(self.path, json.dumps(plain, ensure_ascii=False, indent=1) + "\n")
