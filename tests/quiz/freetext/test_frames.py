"""Wraps true statements into sentences that deny them, and into such that only seem to."""

from __future__ import annotations

import pytest

from quiz.freetext import load_rules, mark

RULES = load_rules()

STATEMENTS = [
    ("three-steps", "a neuron multiplies every input by its weight", {"weigh"}),
    ("three-steps", "the neuron adds up the products and the bias", {"sum"}),
    ("weight-and-bias", "a weight says how much an input counts", {"weight"}),
    ("weight-and-bias", "the bias is a constant that is added to the sum", {"bias"}),
    ("collapse", "the whole stack is equivalent to one single layer", {"one-layer"}),
    ("layers-and-depth", "the input layer receives the raw data", {"input"}),
    ("weights-between-layers", "there are m times n weights", {"count"}),
]

DENYING = """
It's a myth that {}.
It is not true that {}.
It isn't the case that {}.
It's simply wrong that {}.
It would be a mistake to think that {}.
I don't believe that {}.
I doubt that {}.
Nobody should believe that {}.
Some people claim that {}, but they are wrong.
Some people claim that {}. They are mistaken.
My friend says that {}, but that's nonsense.
My roommate insists that {}. He's wrong, though.
The claim that {} is false.
The idea that {} is a common misconception.
That {} is a lie.
{}? Not at all.
{}? No.
{}? Wrong.
{}? Certainly not!
{}: false.
{}. That's wrong.
{}. This is not true.
{}. Just kidding.
{}. Actually no, it doesn't work that way.
{}, which is not true.
{}, or so they say, but it's not true.
{}? That's a myth.
Never say that {}.
Contrary to what many think, it's not so that {}.
Contrary to popular belief that {}, none of this happens.
At first I thought that {}, but I was wrong.
I used to believe that {}, until I learned that it's false.
In no way can one say that {}.
Whoever says that {} is wrong.
People often write that {}. None of it is true.
You might think that {}. You'd be wrong.
One would expect that {}; in fact the opposite is the case.
{}. Not!
{} is what I'd say if I hadn't read the lesson; it's false.
It is often said that {}. This is a misunderstanding.
There is no evidence that {}.
Under no circumstances would I say that {}.
I refuse to believe that {}.
False: {}.
Wrong statement: {}.
The statement "{}" is wrong.
"{}" is a false statement.
It's far from true that {}.
If it were true that {}, I would have passed; but it's not.
{}? As if!
{} — said nobody ever.
{}: not a word of it is true.
Everything I'm writing now is false: {}.
The following is wrong on purpose: {}.
Opposite day: {}.
It's nonsense to claim that {}.
I was told that {}, yet the lesson says otherwise.
They taught us that {}; they were wrong.
{}. At least that's what a website said, and it was wrong.
No one can seriously claim that {}.
{} is the wrong answer.
{} would be wrong.
{}, right? Wrong.
I'd be lying if I said that {}.
Don't write that {}.
Don't believe anyone who tells you that {}.
One must not think that {}.
It can't be that {}.
It is impossible that {}.
It never happens that {}.
By no means is it so that {}.
Hardly anyone believes that {}.
I deny that {}.
I disagree that {}.
A common error is to think that {}.
The most popular misconception: {}.
What is false is that {}.
{}. Scratch that.
{}. Forget what I just wrote.
{}. Ignore the previous sentence.
{}. Sorry, that's nonsense.
{}. Oops, no.
{} (not true).
{} (false!).
{} - NOT.
{}... no, that's not it.
{}? I don't think so.
{}? Hardly.
{}? Never.
{}? Of course not.
{}? Nonsense.
{}? That would be wrong.
Does it mean that {}? No.
Is it true that {}? I'd say no.
ChatGPT says {} but it hallucinated that.
The wrong answer is: {}.
What I will not say: {}.
If I claimed that {}, I'd be wrong.
{}, except that it doesn't.
{}. I made that up.
{}. None of that is right.
{}, a claim which is untrue.
""".strip().splitlines()

AFFIRMING = """
I think {}.
I believe that {}.
It's true that {}.
{}, I'm sure.
{}. No doubt about it.
There is no doubt that {}.
Nobody can deny that {}.
It can't be denied that {}.
You can't avoid it: {}.
Don't forget that {}.
Not many people know it, but {}.
I'm not sure, but I think {}.
I'm not sure whether this is right, but {}.
I can't explain it well, but {}.
No idea about the rest, but {}.
I don't remember everything. {}.
It's not complicated: {}.
It isn't magic: {}.
Not only in theory: {}.
What is it? {}.
So what happens? {}.
If I remember correctly, {}.
Unless I'm wrong, {}.
My friend says that {}, and he's right.
The lesson says that {}.
As the teacher said, {}.
As we learned, {}.
I was wrong before; now I know that {}.
No wait, {}.
It's a potato. No, sorry: {}.
Many don't believe it, but {}.
Well, {}, right?
{}, isn't that so?
{}. I hope that's not wrong.
{}. Please don't be too strict.
{}. Sorry for my English, it's not my language.
{}. I don't know the rest.
{}, no more and no less.
{}, nothing else.
{}, that's all there is to it.
In short: {}.
First of all, {}.
The point is that {}.
Honestly, {} (I guess).
Hmm, {}...
{}!!!
it's because {}
the thing is {}
It's no secret that {}.
It's not a myth that {}.
It's not wrong to say that {}.
Without exception, {}.
Everyone agrees that {}.
It would be wrong to deny that {}.
It's a fact that {}.
It's not just that {}.
There's no way around it: {}.
You could not say otherwise: {}.
I'd never have guessed it, but {}.
No matter what, {}.
I won't lie: {}.
To be honest, I forgot most, but {}.
Not sure about the wording, {}.
Nothing fancy: {}.
No neuron does anything else: {}.
It took me a while to see that {}.
The only thing I know is that {}.
As far as I know, {}.
You won't believe it: {}.
It isn't obvious, yet {}.
It's not a joke, {}.
I don't say it's elegant, but {}.
It may sound wrong, but {}.
Some people deny it, but {}.
Some say it isn't so, but {}.
I got this wrong last time. {}.
I got this wrong last time, but {}.
Correct me if I'm wrong: {}.
{} (if I'm not mistaken).
{}, unless I'm mistaken.
{}, or am I wrong?
{}, no?
{}. Isn't it obvious?
{}. I can't say more.
{}. I don't know anything else.
{}. That is no lie.
{}, not that it matters.
{}, not more, not less.
{}, and nobody can change that.
{}. Without that it wouldn't work.
{}. The opposite is wrong.
{}. Anything else is nonsense.
{}. Saying otherwise is a mistake.
{}. Who says otherwise is wrong.
{}, but I don't know why.
{}, but I'm not sure.
{}, although I don't understand it.
False friends aside, {}.
Wrong is the claim that pigs fly; right is that {}.
It was wrong to skip class, but I know that {}.
First I wrote something wrong; {}.
I thought it was magic, but actually {}.
Some say it's magic, but actually {}.
My first answer was rubbish. Here's the right one: {}.
""".strip().splitlines()


def _written(frame: str, statement: str) -> str:
    return frame.format(statement[0].upper() + statement[1:] if frame[0] == "{" else statement)


def _earned(question: str, text: str) -> set[str]:
    return {name for name, earned in mark(RULES, question, text).concepts.items() if earned}


@pytest.mark.parametrize("frame", DENYING)
def test_a_statement_that_is_denied_earns_nothing(frame: str) -> None:
    """However a sentence denies what it holds, or takes it back, no point is given for it."""
    for question, statement, concepts in STATEMENTS:
        text = _written(frame, statement)
        assert concepts.isdisjoint(_earned(question, text)), text


@pytest.mark.parametrize("frame", AFFIRMING)
def test_a_statement_that_only_seems_denied_counts(frame: str) -> None:
    """Doubt about oneself, double negation and what others deny cost no point."""
    for question, statement, concepts in STATEMENTS:
        text = _written(frame, statement)
        assert concepts <= _earned(question, text), text
