"""The conformance suite: any product's inserter, as a command, over mails of our own making; a score by law and client.

It judges by the bytes, by `mime` and by the truth that each mail carries, never by what our own stamp would do.
"""

from stationer.conformance.cases import BLOCK_HTML, BLOCK_TEXT, Block, Case, cases, chosen, mail_of
from stationer.conformance.judging import Mark, Verdict, judge
from stationer.conformance.running import Inserter, Run, command
from stationer.conformance.scoring import report
from stationer.conformance.telling import listed, told

__all__ = [
    "BLOCK_HTML",
    "BLOCK_TEXT",
    "Block",
    "Case",
    "Inserter",
    "Mark",
    "Run",
    "Verdict",
    "cases",
    "chosen",
    "command",
    "judge",
    "listed",
    "mail_of",
    "report",
    "told",
]
