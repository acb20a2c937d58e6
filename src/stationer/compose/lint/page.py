"""One field as the linter reads it: its text, and what is found in it, each with its line and column."""

from __future__ import annotations

import re
from bisect import bisect_right

from stationer.compose.lint.findings import Edit, Finding
from stationer.compose.lint.rules import RULES


class Page:
    """The text of the field `where`; findings gather in `found`, which pages of one source share."""

    def __init__(self, where: str, text: str, found: list[Finding]) -> None:
        self.where, self.text, self.found = where, text, found
        self._lines = [0, *(match.end() for match in re.finditer("\n", text))]

    def edit(self, start: int, end: int, text: str) -> Edit:
        """These characters become `text`."""
        return Edit(self.where, start, end, self.text[start:end], text)

    def say(self, rule: str, at: int, *edits: Edit, fact: str = "", **said: str) -> None:
        """A rule that was broken at this character; without a mend that its rule knows, `edits` are none."""
        line = bisect_right(self._lines, at)
        column = at - self._lines[line - 1] + 1
        self.found.append(
            Finding(rule, RULES[rule].severity, self.where, line, column, said, fact, tuple(edits))
        )
