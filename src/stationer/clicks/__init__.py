"""Who clicked, a person or a program: evidence of one hit in its context → a score, and the rules that spoke.

Pure: values in, values out. The rules are data (`rules.json`, `agents.json`, `networks.json`); contract/clicks.md says
what they mean and how they are weighed.
"""

from stationer.clicks.judging import HUMAN_FROM, judge
from stationer.clicks.rules import RULES, Rule
from stationer.clicks.seen import Around, Reason, Seen, Verdict
from stationer.clicks.words import duration, sentence

__all__ = [
    "HUMAN_FROM",
    "RULES",
    "Around",
    "Reason",
    "Rule",
    "Seen",
    "Verdict",
    "duration",
    "judge",
    "sentence",
]
