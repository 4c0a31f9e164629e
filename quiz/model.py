"""What a quiz is, as plain frozen data.

Authors write it as YAML (`loader.py`), students receive it without its key (`edition.py`). A
question is one of the nine classes at the end; their `type` names them in the file. Nothing here
imports a library that is slow to import, so that the terminal can ask its first question at once.
The docstrings below the fields become the descriptions in the JSON Schema.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated, Any, ClassVar, Literal, TypeAlias

from annotated_types import Ge, Gt, MaxLen, MinLen

SCHEMA_VERSION = 1

Identifier: TypeAlias = Annotated[str, MinLen(1), MaxLen(60)]
Text: TypeAlias = Annotated[str, MinLen(1), MaxLen(20_000)]
Expression: TypeAlias = Annotated[str, MinLen(1), MaxLen(500)] | int | float
Scalar: TypeAlias = int | float | str


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What all parts of a quiz file share: no unknown keys."""

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Option(Record):
    """One option of a choice."""

    id: Identifier
    """Stable name of the option; it is what `answers.yaml` holds."""
    text: Text
    """What the student reads; Markdown with maths."""
    correct: bool = False
    """Whether choosing it is right."""
    feedback: str = ""
    """Why it is right, or what it mistakes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Span(Record):
    """The numbers from `first` to `last` in steps of `step`."""

    first: int | float
    """Smallest number that is drawn."""
    last: int | float
    """Largest number that may be drawn."""
    step: Annotated[int | float, Gt(0)] = 1
    """Distance between neighbouring numbers."""


Draw: TypeAlias = tuple[Scalar, ...] | Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Mistake(Record):
    """A wrong number that students really arrive at."""

    id: Identifier
    """Stable name of the mistake."""
    value: Expression
    """The number it leads to, in the question's unit: an expression of the drawn names."""
    feedback: Text
    """What went wrong and how to put it right."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WrongText(Record):
    """A wrong short answer with feedback of its own."""

    id: Identifier
    """Stable name of the mistake."""
    accept: Annotated[tuple[Text, ...], MinLen(1)]
    """Texts that are this mistake; case and spaces do not count."""
    feedback: Text
    """What went wrong and how to put it right."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item(Record):
    """One thing to put in order."""

    id: Identifier
    """Stable name of the item; it is what `answers.yaml` holds."""
    text: Text
    """What the student reads."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt(Record):
    """The left side of a match."""

    id: Identifier
    """Stable name of the left side."""
    text: Text
    """What the student reads."""
    match: str = ""
    """The id of the choice that belongs to it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Blank(Record):
    """One gap of a fill-in text, written `[[id]]` there."""

    id: Identifier
    """The name between the brackets."""
    accept: tuple[Text, ...] = ()
    """Texts that are right; case and spaces do not count. The first one is shown as the answer."""
    feedback: str = ""
    """What to say where the gap was filled wrongly."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Concept(Record):
    """One thing that a free text must say; one point each, or its share of the points."""

    id: Identifier
    """Stable name of the concept."""
    text: str = ""
    """What is to be said, shown where it is missing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question(Record):
    """What every question has."""

    id: Identifier
    """Stable name of the question; answers and results go by it."""
    text: Text
    """The question: Markdown with maths between dollar signs; `{{name}}` shows a drawn number."""
    points: Annotated[float, Ge(0)] = 1.0
    """Most points that it can earn."""
    part: str = ""
    """The id of the part that it belongs to."""
    title: str = ""
    """A short name for tables and for formats that want one."""
    reread: str = ""
    """The section of the lesson to read again."""
    hints: tuple[Text, ...] = ()
    """Shown one after the other, on request."""
    explanation: str = ""
    """Shown with the mark, whatever was answered."""
    fixed: bool = False
    """Where true, options or items keep the order of the file."""
    draw: dict[Identifier, Draw] = field(default_factory=dict)
    """Names and what each is drawn from: a list, or `{first, last, step}`."""
    show: dict[Identifier, Expression] = field(default_factory=dict)
    """Further numbers for the text, computed from the drawn ones; students can read how."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SingleChoice(Question):
    """One option is right."""

    type: Literal["single_choice"] = "single_choice"
    options: Annotated[tuple[Option, ...], MinLen(2)]
    """What can be chosen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MultipleChoice(Question):
    """Any number of options may be right; a wrong one takes back what a right one earns."""

    type: Literal["multiple_choice"] = "multiple_choice"
    options: Annotated[tuple[Option, ...], MinLen(2)]
    """What can be chosen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrueFalse(Question):
    """A statement that is true or false."""

    type: Literal["true_false"] = "true_false"
    answer: bool | None = None
    """Whether the statement is true."""
    feedback: str = ""
    """What to say to the wrong answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Numeric(Question):
    """A number, with a unit where the question has one."""

    type: Literal["numeric"] = "numeric"
    answer: Expression | None = None
    """The key, in the question's unit: an expression of the drawn names."""
    unit: str = ""
    """The unit of the key and of an answer without one: `GB`, `parameters`, `times`."""
    tolerance: Annotated[float, Gt(0)] | str | None = None
    """How far off is right: `1%` of the key, or a number in its unit; left out: exact."""
    mistakes: tuple[Mistake, ...] = ()
    """Wrong numbers that are recognised, the more likely ones first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShortAnswer(Question):
    """A word or two."""

    type: Literal["short_answer"] = "short_answer"
    accept: tuple[Text, ...] = ()
    """Texts that are right; case and spaces do not count. The first one is shown as the answer."""
    case: bool = False
    """Where true, capital and small letters differ."""
    mistakes: tuple[WrongText, ...] = ()
    """Wrong texts that are recognised."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ordering(Question):
    """Items to put in order; each pair of neighbours that is right earns its share."""

    type: Literal["ordering"] = "ordering"
    items: Annotated[tuple[Item, ...], MinLen(2)]
    """The items in the right order; students see them shuffled."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Matching(Question):
    """Left sides to pair with right sides; each right pair earns its share."""

    type: Literal["matching"] = "matching"
    prompts: Annotated[tuple[Prompt, ...], MinLen(1)]
    """The left sides."""
    choices: Annotated[tuple[Item, ...], MinLen(2)]
    """The right sides; one may belong to several left sides or to none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FillIn(Question):
    """A text with gaps written `[[id]]`; each gap filled rightly earns its share."""

    type: Literal["fill_in"] = "fill_in"
    blanks: Annotated[tuple[Blank, ...], MinLen(1)]
    """The gaps."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FreeText(Question):
    """A few sentences; the quiz's rules file says how each concept may be said and denied."""

    type: Literal["free_text"] = "free_text"
    concepts: tuple[Concept, ...] = ()
    """What the answer must say."""


AnyQuestion: TypeAlias = (
    SingleChoice
    | MultipleChoice
    | TrueFalse
    | Numeric
    | ShortAnswer
    | Ordering
    | Matching
    | FillIn
    | FreeText
)

QUESTION_TYPES: dict[str, type[AnyQuestion]] = {
    "single_choice": SingleChoice,
    "multiple_choice": MultipleChoice,
    "true_false": TrueFalse,
    "numeric": Numeric,
    "short_answer": ShortAnswer,
    "ordering": Ordering,
    "matching": Matching,
    "fill_in": FillIn,
    "free_text": FreeText,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Part(Record):
    """A group of questions under one heading."""

    id: Identifier
    """Stable name of the part."""
    title: str = ""
    """Its heading."""
    text: str = ""
    """What to say before its first question."""
    shuffle: bool = True
    """Whether its questions come in an order of each student's own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy(Record):
    """How a quiz is taken."""

    mode: Literal["graded", "practice"] = "graded"
    """`practice` gives feedback at once and asks again what went wrong."""
    attempts: Annotated[int, Ge(1)] | None = None
    """How often an answer may be given; left out: as often as one likes."""
    feedback: Literal["never", "right-or-wrong", "full"] = "never"
    """What is said after an answer, while the quiz is taken; without key, nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quiz(Record):
    """A whole quiz."""

    schema_version: Literal[1] = 1
    """Version of this format."""
    quiz: Identifier
    """Stable name of the quiz; `answers.yaml` repeats it."""
    title: str = ""
    """Its heading."""
    text: str = ""
    """What to say before the first question."""
    rules: str = ""
    """The file beside this one that says how free texts are marked."""
    keyed: bool = True
    """False in a student edition: there is nothing to mark with."""
    policy: Policy = field(default_factory=Policy)
    """How the quiz is taken."""
    parts: tuple[Part, ...] = ()
    """The groups of questions, in order."""
    questions: tuple[AnyQuestion, ...] = ()
    """The questions."""
    folder: str = ""
    """Where the file lies: set when it is loaded, never written by an author."""

    @property
    def max_points(self) -> float:
        """The points that the whole quiz can earn."""
        return round(sum(question.points for question in self.questions), 6)

    def question(self, name: str) -> AnyQuestion:
        """The question with that id.

        Raises:
            KeyError: There is none.
        """
        for question in self.questions:
            if question.id == name:
                return question
        raise KeyError(name)
