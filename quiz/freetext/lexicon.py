"""Turns tokens into codes: one character for each word that the rules know.

Words are compared by stem (`multiplies` is `multiply`), misspelt ones are brought to the nearest
word of the rules. Real words that merely look alike (`wait`, `weight`) are listed in the rules.
"""

from __future__ import annotations

import itertools
import string
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path

import Stemmer
from rapidfuzz import process
from rapidfuzz.distance import OSA

from quiz.freetext.tokens import MARKS, Token

# A set of characters is compiled ten times faster where none lies between 0x100 and 0x10000, and
# searched faster where all lie below: the lowest are for the commonest words.
BLANK = "\x80"
UNKNOWN = "\x81"
NUMBER_CODE = "\x82"
PRODUCT_CODE = "\x83"
_LOW_CODES = range(0x84, 0x100)
_LOW_STEMS = 60
_CODES = range(0x10000, 0x20000)
_FIRST_UNKNOWN = 0xF0000
_LAST_UNKNOWN = 0xF1FFF
UNKNOWNS = f"[{chr(_FIRST_UNKNOWN)}-{chr(_LAST_UNKNOWN)}]"
UNKNOWN_CODES = frozenset(map(chr, range(_FIRST_UNKNOWN, _LAST_UNKNOWN + 1)))
_AS_WRITTEN = frozenset(
    ("times", "plus", "minus", "less", "does", "bias", "ones", "axis", "this", "has", "was", "yes")
)
_SHORTEST_TYPO = 4
_LONG_WORD = 8
_MOST_LETTERS = 25

_stemmer = Stemmer.Stemmer("english")


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """The stem of a lower-case word; short words and signs are their own stem."""
    if len(word) <= 3 or word in _AS_WRITTEN or not word.isalpha():
        return word
    return str(_stemmer.stemWord(word))


class Lexicon:
    """The words of a rules file and their codes.

    Args:
        stems: words that count in every form.
        exact: words of which one form has a code of its own.
        negators: words that deny; each has a second code for where it denies nothing.
        real_words: words that are never taken for a misspelling.

    Attributes:
        void: the second code of each negator's code.
        digits: the codes of numbers that have their own.
        letters: the codes of single letters.
        corrected: misspelt words that were met, with the spelling that they were taken for.
        root: for the code of one form of a word the one that all its forms share.
    """

    def __init__(
        self,
        stems: Iterable[str],
        exact: Iterable[str],
        negators: Iterable[str],
        real_words: Iterable[str],
    ) -> None:
        codes = map(chr, itertools.chain(_LOW_CODES, _CODES))
        counts, denying = Counter(stems), sorted(negators)
        words, forms = sorted(counts), sorted(set(exact))
        # What denies is in nearly every pattern: how far apart words may stand ends there.
        void = [next(codes) for _ in denying]
        roots = Counter(map(stem, counts.elements()))
        self._by_form = {form: next(codes) for form in forms if form in denying}
        self._by_stem = {root: next(codes) for root, _ in roots.most_common(_LOW_STEMS)}
        self._by_form |= {form: next(codes) for form in forms if form not in denying}
        rare = sorted(roots.keys() - self._by_stem.keys())
        self._by_stem |= {root: next(codes) for root in rare}
        self._forms_of: dict[str, list[str]] = {}
        for form in forms:
            self._forms_of.setdefault(stem(form), []).append(self._by_form[form])
        self.root: dict[str, str] = {}
        for root, codes_of_root in self._forms_of.items():
            plain = self._by_stem.get(root, codes_of_root[0])
            self.root.update(dict.fromkeys(codes_of_root, plain))
        self._cache: dict[str, str] = {}
        self.corrected: dict[str, str] = {}
        self.void: dict[str, str] = dict(zip(map(self.code, denying), void, strict=True))
        self.digits = "".join(
            code for word, code in (self._by_stem | self._by_form).items() if word.isdigit()
        )
        self.letters = frozenset(map(self.code, string.ascii_lowercase))
        self._also_real = frozenset(real_words)
        self._spellings = {
            s: w for w in (*words, *forms) for s in _inflected(w) if len(s) >= _SHORTEST_TYPO
        }
        self._by_initial: dict[str, list[str]] = {}
        for spelling in self._spellings:
            self._by_initial.setdefault(spelling[0], []).append(spelling)

    def codes_of(self, word: str, *, exact: bool) -> frozenset[str]:
        """All codes that a word of a pattern stands for."""
        root = stem(word)
        found = (
            {self._by_form[word]} if exact else {self._by_stem[root], *self._forms_of.get(root, ())}
        )
        return frozenset(found | {self.void[code] for code in found if code in self.void})

    def code(self, word: str) -> str:
        """The code of one token's text."""
        found = self._cache.get(word)
        if found is None:
            found = self._look_up(word)
            if len(self._cache) < 200_000:
                self._cache[word] = found
        return found

    def encode(self, tokens: Sequence[Token]) -> str:
        """A whole text, one character a token; each unknown word has its own code in the text."""
        codes = [self.code(token.text) for token in tokens]
        if UNKNOWN in codes:
            own: dict[str, str] = {}
            for place, token in enumerate(tokens):
                if codes[place] == UNKNOWN:
                    codes[place] = own.setdefault(stem(token.text), chr(_FIRST_UNKNOWN + len(own)))
        return "".join(codes)

    def _look_up(self, word: str) -> str:
        if word in MARKS:
            return word
        found = self._by_form.get(word) or self._by_stem.get(stem(word))
        if found:
            return found
        if word[0].isdigit():
            return NUMBER_CODE
        spelling = self._misspelt(word)
        if spelling is None:
            return UNKNOWN
        self.corrected[word] = spelling
        return (
            self._by_form.get(spelling)
            or self._by_stem.get(stem(spelling))
            or self.code(self._spellings[spelling])
        )

    def _misspelt(self, word: str) -> str | None:
        if not _SHORTEST_TYPO <= len(word) <= _MOST_LETTERS or not word.isalpha():
            return None
        if word in self._also_real or word in _english():
            return None
        allowed = 2 if len(word) >= _LONG_WORD else 1
        near = self._by_initial.get(word[0], [])
        found = process.extract(word, near, scorer=OSA.distance, score_cutoff=allowed, limit=4)
        # Of words equally near, swapped letters are likeliest, then missing ones.
        best = min(
            found,
            key=lambda hit: (hit[1], sorted(hit[0]) != sorted(word), -len(hit[0])),
            default=None,
        )
        return best[0] if best else None


@lru_cache(maxsize=1)
def _english() -> frozenset[str]:
    """Common English words; read when the first unknown word comes up."""
    lines = (Path(__file__).parent / "english.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if not line.startswith("#"))


def _inflected(word: str) -> Iterator[str]:
    yield word
    if len(word) < 4 or not word.isalpha():
        return
    yield word + "s"
    base = word[:-1] if word.endswith("e") else word
    if base.endswith("y"):
        yield base[:-1] + "ies"
        yield base[:-1] + "ied"
    else:
        yield base + "ed"
    yield base + "ing"
