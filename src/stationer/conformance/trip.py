"""One mail before and after the product: everything the laws look at, read once."""

from __future__ import annotations

from functools import cached_property

from stationer.conformance import pairing
from stationer.conformance.cases import Block, Case
from stationer.conformance.insertion import Insertion
from stationer.mime.parts import Part


class Trip:
    """A case's mail as written, and what the command made of it."""

    def __init__(self, case: Case, mail: bytes, answer: bytes, block: Block) -> None:
        self.case = case
        self.mail = mail
        self.output = answer
        self.block = block
        self.written = pairing.mail_of(mail)
        self.answer = pairing.mail_of(answer)
        self.pairs = pairing.pair(self.written, self.answer)

    @cached_property
    def insertions(self) -> list[Insertion]:
        """The bodies that are to show the block."""
        by_path = {old.path: (old, new) for old, new in self.pairs.pairs}
        return [
            Insertion(truth, *by_path[truth.path], self.token(truth.type == "text/html"))
            for truth in self.case.bodies
        ]

    @cached_property
    def standing(self) -> list[Insertion]:
        """Those of them in which a block came in."""
        return [insertion for insertion in self.insertions if insertion.count > 0]

    @cached_property
    def others(self) -> list[tuple[Part, Part | None]]:
        """The parts that nothing may be put into."""
        paths = {body.path for body in self.case.bodies}
        return [(old, new) for old, new in self.pairs.pairs if old.path not in paths]

    def token(self, is_html: bool) -> str:
        """What the block is known by."""
        return self.block.html_token if is_html else self.block.text_token
