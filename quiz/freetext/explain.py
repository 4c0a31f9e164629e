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
        second: the second reader disagrees with the rules.
    """

    earned: bool
    doubtful: bool
    said: str | None
    denied: str | None
    second: bool = False

    @property
    def why_doubtful(self) -> str:
        """What speaks for the concept, and what against it."""
        if not self.second:
            return f"by “{self.said}”"
        if self.said is None:
            return "for answers in such words mostly say it"
        return f"by “{self.said}”, but answers in such words mostly don't say it"


NOTHING = Finding(earned=False, doubtful=False, said=None, denied=None)


def explain(question: Question, findings: Mapping[str, Finding], *, heap: bool) -> str:
    """One line a concept, in the order of the question."""
    if heap:
        return "These are keywords. Say in sentences what happens to what, and why."
    return "\n".join(_line(concept, findings[concept.id]) for concept in question.concepts)


def _line(concept: Concept, finding: Finding) -> str:
    name, said, denied = concept.id, finding.said, finding.denied
    if finding.doubtful:
        why = finding.why_doubtful
        return f"{name}: perhaps, {why}; an instructor will read it ({concept.means})."
    if finding.earned:
        return f"{name}: earned by “{said}” ({concept.means})."
    if said and denied:
        return f"{name}: “{said}” says it, “{denied}” takes it back ({concept.means})."
    if denied:
        return f"{name}: not earned, “{denied}” denies it ({concept.means})."
    return f"{name}: missing. An answer should say: {concept.means}."
