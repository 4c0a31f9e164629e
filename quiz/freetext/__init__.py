"""Marks free-text answers by what they say: offline, deterministic, and able to explain itself.

rules = load_rules()
mark(rules, "three-steps", "it multiplies, adds, bends").concepts
"""

from quiz.freetext.marker import mark
from quiz.freetext.model import FreeTextMark, Rules, RulesError
from quiz.freetext.rules import load_rules

__all__ = ["FreeTextMark", "Rules", "RulesError", "load_rules", "mark"]
