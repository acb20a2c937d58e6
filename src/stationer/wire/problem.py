"""One thing that is wrong in what a person wrote, and what to do about it."""

from __future__ import annotations

import msgspec


class Problem(msgspec.Struct, frozen=True):
    """`where` is a path of names (`campaigns/open-evening/when/hours`), `line` counts from 1 when it is known.

    `what` says what is wrong and why; `next` says what to do; `rule` is its id in contract/lint.md, where it has one.
    """

    where: str
    what: str
    next: str
    line: int | None = None
    rule: str = ""

    def sentence(self) -> str:
        """`line 12, campaigns/…: What is wrong. What to do.`"""
        place = f"line {self.line}, {self.where}" if self.line else self.where
        return f"{place}: {self.what} {self.next}".strip()
