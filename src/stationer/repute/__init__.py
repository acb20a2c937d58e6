"""What DNS says of those who send mail: answers as data → findings, each with a sentence and its mend.

Pure: nobody is asked. A check reads a `Book` of answers; what it lacks is noted there, and whoever holds the book asks
that and checks again. Zones and rules are data (`zones.json`, `rules.json`) of contract/reputation.md.
"""

from stationer.repute import aligning, certificate, exchangers, hosts, signing, spf, transport
from stationer.repute.book import Answer, Book, Question
from stationer.repute.findings import RULES, Finding, Rule, mend, sentence
from stationer.repute.standing import Listed, Step, next_look, step
from stationer.repute.zones import ZONES, Reading, Zone, point, read, trouble

__all__ = [
    "RULES",
    "ZONES",
    "Answer",
    "Book",
    "Finding",
    "Listed",
    "Question",
    "Reading",
    "Rule",
    "Step",
    "Zone",
    "aligning",
    "certificate",
    "exchangers",
    "hosts",
    "mend",
    "next_look",
    "point",
    "read",
    "sentence",
    "signing",
    "spf",
    "step",
    "transport",
    "trouble",
]
