"""What is known of hits, and what is said of one."""

from __future__ import annotations

import msgspec

#: The link number of the decoy (contract/links.md §6).
DECOY = 255


class Seen(msgspec.Struct, frozen=True):
    """One request for a link. `at`: Unix ms; `mail`: whatever names the mail (or the sender's link) it belongs to.

    `address` and `agent` are as the edge saw them, empty where it did not; `hints` by lower-case header name."""

    id: str
    mail: str
    number: int
    at: int
    method: str = "GET"
    address: str = ""
    agent: str = ""
    hints: dict[str, str] = {}

    @property
    def who(self) -> tuple[str, str]:
        """The address and the program: what two requests of one reader have in common."""
        return (self.address, self.agent)


class Around(msgspec.Struct, frozen=True):
    """What a hit is judged by besides itself, in any order; the hit itself may be among it.

    `mail`: hits of the same mail. `elsewhere`: hits by the same address on other mails. `sent`: when the mail was
    picked (Unix ms), None for a link made by hand or a mail that is not known yet. `secure`: links begin with https,
    so that a browser says what it is doing (Fetch Metadata, W3C)."""

    sent: int | None = None
    mail: tuple[Seen, ...] = ()
    elsewhere: tuple[Seen, ...] = ()
    secure: bool = True


class Reason(msgspec.Struct, frozen=True):
    """A rule that spoke, by its name, and what it saw: what its sentence is filled in with."""

    rule: str
    saw: dict[str, str | int] = {}


class Verdict(msgspec.Struct, frozen=True):
    """`score`: how sure it is that a person clicked, 0 to 100. `human`: what is said in short. `repeat`: the same
    reader asked for the same link a moment before, as a person does, so it is nothing new."""

    score: int
    human: bool
    reasons: tuple[Reason, ...]
    repeat: bool = False
