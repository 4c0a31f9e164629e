"""How the free-text marker reads an answer: parts, dialogues, corrections, lists and headings."""

from __future__ import annotations

from dataclasses import replace

import pytest

from quiz.freetext import FreeTextMark, load_rules, mark
from quiz.freetext.lexicon import BLANK
from quiz.freetext.reading import is_heap


def marked(question: str, text: str) -> FreeTextMark:
    return mark(load_rules(), question, text)


def earned(question: str, text: str) -> set[str]:
    return {name for name, given in marked(question, text).concepts.items() if given}


def test_names_may_stand_behind_what_they_name() -> None:
    """`... (hidden)` and `pixels -> input` speak of what is before the name."""
    text = "Cloth comes in (input), sewing that nobody sees (hidden), a suit leaves (output)."
    assert {"input", "output"} <= earned("layers-and-depth", text)
    assert {"input"} == earned("layers-and-depth", "pixels -> input. Deep: no idea")


def test_a_corrected_part_goes_on_speaking_of_its_topic() -> None:
    """What stands behind "no wait" is still said of what the part named first."""
    text = "Bias is the learning rate, no wait: a constant that is put on top. A weight is heavy."
    assert {"bias"} == earned("weight-and-bias", text)


def test_what_follows_a_thought_taken_back_speaks_of_its_only_topic() -> None:
    """After "first I'd have said the bias ..., but no" there is "it", which is the bias."""
    text = "At first I thought that the bias was a factor. It isn't: it's added to the sum."
    assert {"bias"} == earned("weight-and-bias", text)


@pytest.mark.parametrize("end", ["None of this is true.", "Both are wrong.", "All of it is a lie."])
def test_what_takes_back_everything_takes_back_more_than_a_sentence(end: str) -> None:
    """A last sentence may void all before it, not what comes after it."""
    text = f"Weight: how much an input counts. Bias: an added constant. {end}"
    assert earned("weight-and-bias", text) == set()
    assert {"weight"} == earned("weight-and-bias", f"{text} Weight: a factor of the input.")


def test_a_question_that_is_answered_names_its_topic() -> None:
    """Where one asks "What is a weight?", the answer speaks of the weight."""
    text = "What is a weight? It says how much an input counts. And a bias? A number that is added."
    assert {"weight", "bias"} == earned("weight-and-bias", text)
    assert (
        earned("weight-and-bias", "Is a weight a factor of an input? Is a bias an offset?") == set()
    )


def test_it_is_what_was_named_before() -> None:
    """A sentence that begins with "it" speaks of the last topic up to the next name."""
    text = "A bias belongs to its neuron. It gets added once the weights are through."
    assert {"bias"} == earned("weight-and-bias", text)


def test_numbers_named_in_a_sentence_of_their_own_belong_to_the_one_before() -> None:
    """A sentence of numbers and a name says what the numbers before were."""
    text = "Milk is feed × 1.4 plus heat × −0.6. The 1.4 and −0.6 are weights."
    assert {"weight"} == earned("weight-and-bias", text)


@pytest.mark.parametrize(
    "naming",
    [
        "I'd call that the bias.",
        "This one is called bias.",
        "That's what I understood as bias.",
        "Bias works that way.",
        "Bias, all of that.",
    ],
)
def test_a_sentence_that_only_names_speaks_of_the_one_before(naming: str) -> None:
    """However a sentence of its own names it, what was said before it is meant."""
    text = f"The weight is learned. A constant gets added to whatever arrives. {naming}"
    assert {"bias"} == earned("weight-and-bias", text)


def test_what_stands_in_brackets_behind_a_name_speaks_of_it() -> None:
    """The next topic begins behind the brackets, though its name comes last."""
    text = "2.1 and 0.4 -> weights (a factor for each), the 4.00 you pay anyway -> bias"
    assert {"weight", "bias"} == earned("weight-and-bias", text)


def test_what_others_say_does_not_count_where_the_student_says_otherwise() -> None:
    """Only the student's own view is marked; what comes after it counts."""
    text = "Some say m·n, but I believe it's m + n. Each takes up two bytes."
    assert {"memory"} == earned("weights-between-layers", text)


def test_a_topic_with_a_question_mark_is_a_heading() -> None:
    """A name asked for by itself asks nothing, a row of guesses does."""
    text = "The weight? How strongly an input counts. The bias? How hungry I am."
    assert "weight" in earned("weight-and-bias", text)
    assert earned("three-steps", "Multiply? Add? Bend? I don't know.") == set()


@pytest.mark.parametrize(
    ("text", "concepts"),
    [
        ("Does it multiply? - Yes, inputs by weights. - Does it add? - No.", {"weigh"}),
        ("Multiplies? No. Sums? Yes, the inputs. Bends? Yes, with relu.", {"sum", "bend"}),
        ("Is there a sum? No. Nonlinearity: yes.", {"bend"}),
        ("Q: multiply? A: yes, by the weights. Q: add? A: no. Q: bend? A: yes.", {"weigh", "bend"}),
    ],
)
def test_a_question_with_an_answer_says_what_the_answer_says(text: str, concepts: set[str]) -> None:
    """One's own question counts where it is answered with yes, and not where with no."""
    assert concepts == earned("three-steps", text)


@pytest.mark.parametrize(
    ("text", "concepts"),
    [
        ("Inputs aren't weighted at all, they are summed and squashed.", {"sum", "bend"}),
        ("Multiplying and adding and bending are not what it does.", set()),
        ("Without weights it couldn't tell inputs apart, so it multiplies by them.", {"weigh"}),
    ],
)
def test_a_denial_reaches_no_further_than_its_part(text: str, concepts: set[str]) -> None:
    """What follows the denied part is said in earnest, what is denied from behind is not."""
    assert concepts == earned("three-steps", text)


def test_a_bracket_behind_a_name_speaks_of_that_name() -> None:
    """What an opening bracket adds to a name is no part of the next topic."""
    text = "pixels are the input layer, the h's are hidden (done on the way), and fast ones deep"
    assert earned("layers-and-depth", text) == {"input", "hidden"}


def test_a_long_answer_may_name_a_few_things_with_a_word_each() -> None:
    """Words that stand alone make a heap of a short text only."""
    text = (
        "Airport. Passengers arrive at the door with what they carry, input. The dogs, the "
        "scanner, the stamp, all that passengers never see, are hidden. The verdict comes out at "
        "the end, output. An airport which has twenty such hidden controls in a row is deep."
    )
    assert earned("layers-and-depth", text) == {"input", "output", "hidden", "deep"}


def test_a_denied_list_ends_before_the_next_heading() -> None:
    """An "or" behind a colon belongs to what the colon speaks of, not to the list before it."""
    text = "in: raw values / hid: intermediate values, not looked at / out: score or class"
    assert earned("layers-and-depth", text) == {"input", "output", "hidden"}


def test_a_weight_below_one_makes_a_product_too() -> None:
    """A worked example shows weighing by its numbers, but a number said twice is no square."""
    assert {"weigh"} == earned("three-steps", "5 comes in, the weight is 0.2, so 1 goes on")
    assert {"sum"} == earned("three-steps", "2, 3 and 4 come in, so it says 2 + 3 + 4 = 9")


def test_what_is_taken_back_and_what_is_counted_are_no_keywords() -> None:
    """Words that don't count and words of counting make no heap."""
    assert {"weigh", "sum", "bend"} == earned(
        "three-steps", "One, scale. Two, add. Three, distort it."
    )
    rules = load_rules()
    known = [rules.lexicon.code(word) for word in ("weigh", "sum", "bend")]
    assert not is_heap(rules, ",".join([BLANK] * 4 + known))


def test_code_is_no_heap_of_keywords() -> None:
    """Arguments and arrows that stand alone are no keywords."""
    text = """def neuron(x, w, b):
    acc = b
    for xi, wi in zip(x, w):
        acc += xi * wi
    return max(0.0, acc)"""
    assert {"weigh", "sum", "bend"} == earned("three-steps", text)


@pytest.mark.parametrize(
    "text",
    [
        "It can't do more than one layer without an activation function.",
        "Without a nonlinearity nothing is gained by a second layer.",
    ],
)
def test_what_the_question_supposes_makes_no_double_negation(text: str) -> None:
    """The denial in "not ... without a nonlinearity" holds: the question supposes to have none."""
    by_rules_alone = replace(load_rules(), reader=None)
    assert mark(by_rules_alone, "collapse", text).concepts["one-layer"]


def test_no_ends_a_sentence_and_refuses_the_question_before_it() -> None:
    """The word "no." is an abbreviation before a number only."""
    text = "The network equals one layer? No. Is linear of linear linear? No."
    assert not any(marked("collapse", text).concepts.values())


@pytest.mark.parametrize(
    ("text", "concepts"),
    [
        ("Where do my numbers go in? Input layer.", {"input"}),
        ("Q: who says if it is spam? A: the output layer does.", {"output"}),
        ("- and what's between? - hidden layers. - deep? - lots of those.", {"hidden", "deep"}),
        (
            "Input? The data. Output? The result. Hidden? Between. Deep? Good.",
            {"input", "output", "hidden"},
        ),
        ("The output layer computes the loss? No, it gives the answer.", {"output"}),
        ("Where do the data go in? Output layer. Where's the answer? Input layer.", set()),
        ("Who gets the raw data? Input layer?", set()),
        ("Who gets the raw data? It isn't the input layer.", set()),
        ("Does the input layer get raw data? No.", set()),
    ],
)
def test_a_question_and_its_answer_are_a_statement(text: str, concepts: set[str]) -> None:
    """What is asked counts for the topic that the answer names; a name alone is a heading."""
    assert concepts == earned("layers-and-depth", text)


def test_a_dash_or_a_bar_makes_a_name_a_heading() -> None:
    """A list with dashes and a table are no heap of keywords."""
    everything = {"input", "output", "hidden", "deep"}
    listed = "input - raw data; hidden - in between; output - answer; deep - many hidden"
    table = (
        "| input | raw data |\n| hidden | in between |\n| output | answer |\n| deep | many hidden |"
    )
    assert everything == earned("layers-and-depth", listed)
    assert everything == earned("layers-and-depth", table)


def test_words_across_two_sentences_are_no_copy_of_the_question() -> None:
    """Four of the question's words in a row count where a sentence ends between them."""
    text = "A verdict comes from my output layer. And what is hidden is in between."
    assert {"output", "hidden"} == earned("layers-and-depth", text)


def test_no_at_the_end_of_a_sentence_is_no_abbreviation() -> None:
    """The sentence after "yes or no." is one of its own."""
    text = "Output layer: it tells yes or no. Input layer: raw data."
    assert {"input", "output"} == earned("layers-and-depth", text)
