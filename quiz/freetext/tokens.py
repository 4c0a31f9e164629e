"""Cuts an answer into words, numbers and signs, formulas and code included.

Every token keeps its place in the answer, so that an explanation can quote the student's own words.
Formulas are brought to one spelling: `w₁·x₁`, `w1*x1`, `w[i] * x[i]` and `wx` all read `w times x`.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

HARD = "."
SOFT = ","
COLON = ":"
QUESTION = "?"
OPEN = "("
ENDS = HARD + QUESTION
PAUSES = SOFT + COLON + OPEN
MARKS = frozenset((HARD, SOFT, COLON, QUESTION, OPEN))

# One character to one character, so that places in the text stay what they are.
_SAME_LENGTH = str.maketrans(
    {
        **dict.fromkeys("’‘`´ʼ", "'"),
        **dict.fromkeys("“”„«»", '"'),
        **dict.fromkeys("×·∙⋅∗✕✖@⊙⊗⨯", "*"),
        **dict.fromkeys("−", "-"),
        **dict.fromkeys("–—―", "\u2014"),
        **dict.fromkeys("→⇒⟶⟹➔➜↦▶➡⇔⟺", "→"),
        **dict.fromkeys("∑Σ", "∑"),
        **dict.fromkeys("ΦφϕψΨ", "φ"),
        **dict.fromkeys("\u00a0\u2009\u202f\t", " "),
        "ŷ": "y",
        **dict.fromkeys("²³", "^"),
        "ﬁ": "f",
    }
)
_TOKEN = re.compile(
    r"""
    (?P<bullet>\n\s*(?:[-*•]|\d+[.)])\s|\n+)
  | (?P<arrow>→|[-=]+>|>>+(?!\s*\d)|<-+\s)
  | (?P<dots>\.{2,}|…)
  | (?P<number>(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)?(?:e[-+]?\d+)?)
  | (?P<variable>
        [a-zα-ω](?:ᵀ|\^t(?![a-z])|\.t(?=\s*[*@]))
      | [a-zα-ω][ᵢⱼₖₙₘ₀-₉]+
      | [a-zα-ω](?:[̂'′]+|_(?:\{\w+\}|\w{1,3}(?!\w))|\d{1,2}(?![\d.,]*[a-z])
        |\[[\w,\s:]{1,9}\])+(?![a-z])
    )
  | (?P<run>(?:[a-z]\d){2,}(?![a-z\d]))
  | (?P<short>w/o(?!\w)|w/(?=\s[a-z]))
  | (?P<word>[a-zα-ωà-öø-ÿœŷ]+(?:'[a-z]+)?)
  | (?P<hard>[.!?;]+)
  | (?P<sign>\S)
    """,
    re.VERBOSE,
)
_CONTRACTED = {"'re": "are", "'ve": "have", "'ll": "will", "'d": "would", "'m": "am"}
_IS = frozenset(
    ("it", "that", "there", "what", "he", "she", "here", "where", "who", "how", "when", "this")
)
_UNWRITTEN_APOSTROPHE = {
    **{word + "nt": word for word in ("do", "does", "did", "is", "are", "was", "were", "would")},
    **{word + "nt": word for word in ("should", "could", "have", "has", "need")},
}
_IRREGULAR_NOT = {"won": "will", "can": "can", "ca": "can", "sha": "shall"}
_TOGETHER = {"cannot": "can", "cant": "can", "wont": "will", "aint": "is"}
_SIGNS = {"*": "times", "+": "plus", "=": "equals", "∘": "compose", "∑": "summation", "^": "caret"}
_SIGNS |= {"#": "count"}
_SIGNS |= {
    "~": "equals",
    "≈": "equals",
    "∝": "proportional",
    "∈": "in",
    "&": "and",
    ">": "above",
    "<": "below",
    "≥": "above",
    "≫": "above",
    "≪": "below",
    "≤": "below",
    "←": "from",
    "≠": "not",
    "¬": "not",
    "⟨": "inner",
}
_SIGNS |= dict.fromkeys("≡≙≅≃", "equals")
_LATEX = {"cdot": "times", "sigma": "σ", "phi": "φ", "circ": "compose", "equiv": "equals"}
# In tables of layers: "in | hid | out".
_LATEX |= {"hid": "hidden"}
_SOFT_SIGNS = frozenset(",)[]\u2014|")
_PRODUCT = re.compile(r"(?:[mn]{2}|(?:[wabcdkm]|w[wabx]|[abcd]{2})x|w[wa]|xw|ab|bc|abc|ba)$")
_FACTORS = re.compile(r"[abcdkwxyz]{2}$")
_BEFORE_A_TERM = frozenset(("equals", "plus", "minus", "times", OPEN))
#: "in: x / out: y" divides as a comma does.
_NAME_BEHIND = re.compile(r" \w+(?: layers?)?:")
_ABBREVIATIONS = re.compile(
    r"\b(?:(?:e\.g|i\.e|incl|lin|etc|resp|vs|approx|ca|mr|mrs|ms|dr|prof)\.(?=\s*[a-z(,])"
    r"|no\.(?=\s*(?:\d|of\b)))",
    re.IGNORECASE,
)

_TYPESETTING = re.compile(
    r"\\(?:left|right|bigg?[lr]?|math(?:rm|bf|bb|cal|sf)|text(?:bf|it)?|operatorname|frac|quad|qquad"
    r"|displaystyle|begin|end|hat|bar|vec|tilde|boldsymbol|underbrace|overbrace)(?![a-z])"
)
_MODULES = re.compile(
    r"\b(?:np|nn|tf|torch|jnp|math|numpy|f|self|keras)\.(?=[a-z])"
    r"|(?<=[a-z)\]])\.(?=(?:count|size|len|length|shape|append|sum|dot)\b)"
)


class Token(NamedTuple):
    """One word or sign: how it reads, and where it stands in the answer."""

    text: str
    start: int
    end: int


def tokenize(text: str) -> list[Token]:
    """Cut a text into tokens in one spelling.

    Words are lower case, `isn't` is `is not`, signs of multiplication are `times`, numbers keep
    their digits. `.` ends a sentence (also a line or a bullet), `,` ends a part of one.
    """
    lowered = text.lower()
    # A few capitals have longer small letters; places matter more than those.
    if len(lowered) != len(text):
        lowered = "".join(low if len(low := c.lower()) == 1 else c for c in text)
    lowered = lowered.translate(_SAME_LENGTH) if lowered.isascii() else _translate(text, lowered)
    # "np.dot" and "nn.Linear" end no sentence, and nn is no product.
    if "\\" in lowered:
        lowered = _TYPESETTING.sub(lambda m: " " * len(m[0]), lowered)
    if "." in lowered:
        lowered = _MODULES.sub(lambda m: m[0][:-1].replace("nn", "  ") + " ", lowered)
        lowered = _ABBREVIATIONS.sub(lambda m: m[0].replace(".", " "), lowered)
    tokens: list[Token] = []
    for match in _TOKEN.finditer(lowered):
        if match.lastgroup == "word" and _is_plain(match[0]):
            tokens.append(Token(match[0], *match.span()))
        else:
            _add(tokens, match, lowered)
    return tokens


@lru_cache(maxsize=65536)
def _is_plain(word: str) -> bool:
    """Whether a word is one token whatever stands beside it, as most words are."""
    special = word in _UNWRITTEN_APOSTROPHE or word in _TOGETHER or word in _LATEX
    return len(word) > 3 and "'" not in word and not special


def _translate(text: str, lowered: str) -> str:
    # The capital sigma is a sum, the small one an activation: tell them apart before lowering.
    if "Σ" in text and len(lowered) == len(text):
        lowered = "".join("∑" if c == "Σ" else low for c, low in zip(text, lowered, strict=True))
    return lowered.translate(_SAME_LENGTH)


def _add(tokens: list[Token], match: re.Match[str], text: str) -> None:
    kind, found, start, end = match.lastgroup, match[0], match.start(), match.end()
    if kind == "word":
        _add_word(tokens, found, start, end)
    elif kind == "number":
        number = found.replace(",", "") if "," in found else found
        tokens.append(Token(number if number.strip("0.") else "0", start, end))
    elif kind == "variable":
        _multiply_if_touching(tokens, start)
        tokens.append(Token(found[0], start, end))
    elif kind == "run":
        _add_product(tokens, re.findall("[a-z]", found), start, end)
    elif kind in ("bullet", "hard"):
        tokens.append(Token("?" if "?" in found else HARD, start, end))
    elif kind == "dots":
        tokens.append(Token(SOFT, start, end))
    elif kind == "short":
        tokens.append(Token("without" if found == "w/o" else "with", start, end))
    elif kind == "arrow":
        tokens.append(Token("arrow", start, end))
    else:
        _add_sign(tokens, found, start, end, text)


def _multiply_if_touching(tokens: list[Token], start: int) -> None:
    """`2x` is a product, and so is `w₁x₁`."""
    if (
        tokens
        and tokens[-1].end == start
        and (tokens[-1].text[-1].isdigit() or len(tokens[-1].text) == 1)
        and tokens[-1].text not in MARKS
    ):
        tokens.append(Token("times", start, start))


def _add_product(tokens: list[Token], letters: list[str], start: int, end: int) -> None:
    for index, letter in enumerate(letters):
        if index:
            tokens.append(Token("times", start, end))
        tokens.append(Token(letter, start, end))


def _add_word(tokens: list[Token], word: str, start: int, end: int) -> None:
    if "'" in word:
        _add_contraction(tokens, word, start, end)
    elif word in _UNWRITTEN_APOSTROPHE or word in _TOGETHER:
        base = _UNWRITTEN_APOSTROPHE.get(word) or _TOGETHER[word]
        tokens += (Token(base, start, end), Token("not", start, end))
    elif word in _LATEX:
        tokens.append(Token(_LATEX[word], start, end))
    elif word in ("mxn", "nxm"):
        _add_product(tokens, [word[0], word[2]], start, end)
    elif word == "mm" and tokens and tokens[-1].text.replace(".", "").isdigit():
        tokens.append(Token("millimetres", start, end))
    elif len(word) <= 3 and _PRODUCT.match(word):
        _multiply_if_touching(tokens, start)
        _add_product(tokens, list(word), start, end)
    elif (
        len(word) == 2
        and _FACTORS.match(word)
        and word != "by"
        and tokens
        and tokens[-1].text in _BEFORE_A_TERM
    ):
        _add_product(tokens, list(word), start, end)
    else:
        # "100k" is a number, "3x" a product.
        if len(word) == 1 and word != "k":
            _multiply_if_touching(tokens, start)
        tokens.append(Token(word, start, end))


def _is_product(word: str, before: str) -> bool:
    """`ca` behind a sign is c times a."""
    return before in _BEFORE_A_TERM and word != "by" and _FACTORS.match(word) is not None


def _add_contraction(tokens: list[Token], word: str, start: int, end: int) -> None:
    base, tail = word.split("'", 1)
    tail = "'" + tail
    if tail == "'t" and base.endswith("n"):
        base = _IRREGULAR_NOT.get(base) or _IRREGULAR_NOT.get(base[:-1]) or base[:-1]
        tokens += (Token(base, start, end), Token("not", start, end))
        return
    tokens.append(Token(base, start, end))
    if tail in _CONTRACTED:
        tokens.append(Token(_CONTRACTED[tail], start, end))
    elif tail == "'s" and base in _IS:
        tokens.append(Token("is", start, end))


def _add_sign(tokens: list[Token], sign: str, start: int, end: int, text: str) -> None:
    if sign in (COLON, OPEN):
        tokens.append(Token(sign, start, end))
    elif sign in _SIGNS:
        tokens.append(Token(_SIGNS[sign], start, end))
    elif sign in _SOFT_SIGNS:
        tokens.append(Token(SOFT, start, end))
    elif sign == "-":
        _add_dash(tokens, start, end, text)
    elif sign == "/" and tokens and tokens[-1] == ("w", start - 1, start) and text[end:][:1] == " ":
        tokens[-1] = Token("with", start - 1, end)
    elif sign == "/":
        named = _NAME_BEHIND.match(text, end)
        tokens.append(Token(SOFT if named else "slash", start, end))


def _add_dash(tokens: list[Token], start: int, end: int, text: str) -> None:
    """A hyphen says nothing, a dash ends a part of a sentence, a minus is a sign."""
    before, after = text[start - 1 : start], text[end : end + 1]
    previous = tokens[-1].text if tokens else ""
    if before.isalpha() and after.isalpha() and len(previous) > 1:
        return
    is_value = previous.isdigit() or (len(previous) == 1 and previous.isalpha())
    if is_value and re.match(r"\s*(?:\d|[a-zα-ω]\b)", text[end:]):
        tokens.append(Token("minus", start, end))
    elif before in (" ", "") and after == " ":
        tokens.append(Token(SOFT, start, end))
    elif after.isdigit() and not before.isalpha():
        tokens.append(Token("minus", start, end))
