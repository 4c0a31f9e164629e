"""Says to a student what was found: which words earned which point, and what is missing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from quiz.freetext.model import Concept, Question


@dataclass(frozen=True, slots=True)
class Finding:
    """What an answer says about one concept.

    Attributes:
        earned: the point is given; where `doubtful`, as a best guess.
        doubtful: an instructor should look at it.
        said: the words that say it, or None.
        denied: the words that take it back, or None.
    """

    earned: bool
    doubtful: bool
    said: str | None
    denied: str | None


NOTHING = Finding(earned=False, doubtful=False, said=None, denied=None)


def explain(question: Question, findings: Mapping[str, Finding], *, heap: bool) -> str:
    """One line a concept, in the order of the question."""
    if heap:
        return "These are keywords. Say in a sentence what is done with them: what happens to what, and why."
    return "\n".join(_line(concept, findings[concept.id]) for concept in question.concepts)


def _line(concept: Concept, finding: Finding) -> str:
    if finding.doubtful:
        return f"{concept.id}: perhaps, “{finding.said}”; an instructor will read it ({concept.means})."
    if finding.earned:
        return f"{concept.id}: earned by “{finding.said}” ({concept.means})."
    if finding.said and finding.denied:
        return f"{concept.id}: “{finding.said}” says it, “{finding.denied}” takes it back ({concept.means})."
    if finding.denied:
        return f"{concept.id}: not earned, “{finding.denied}” denies it ({concept.means})."
    return f"{concept.id}: missing. An answer should say: {concept.means}."
