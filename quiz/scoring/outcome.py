"""What marking one answer gives."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Score:
    """What the function of one type finds.

    Attributes:
        share: Share of the points, from 0 to 1.
        feedback: What to say to the student.
        mistake: The id of the mistake that was recognised.
        unsure: Whether an instructor should look.
    """

    share: float
    feedback: str = ""
    mistake: str | None = None
    unsure: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """The mark of one question.

    Attributes:
        points: Points earned.
        max_points: Points that could be earned.
        feedback: What to say to the student.
        mistake: The id of the mistake that was recognised in a numeric or short answer.
        unsure: Whether an instructor decides; the points are the best guess.
        concepts: For a free text, which of its concepts were said.
    """

    points: float
    max_points: float
    feedback: str = ""
    mistake: str | None = None
    unsure: bool = False
    concepts: dict[str, bool] = field(default_factory=dict)

    def as_json(self) -> dict[str, object]:
        """The mark as the results file holds it."""
        return {
            "points": float(self.points),
            "max_points": float(self.max_points),
            "unsure": self.unsure,
            "mistake": self.mistake,
            "feedback": self.feedback,
            "concepts": dict(self.concepts),
        }
