"""Who is in the demo. Their domains end in `.example`, which is nobody's (RFC 2606)."""

from __future__ import annotations

from typing import Literal

import msgspec

Role = Literal["owner", "member", "outsider"]

#: The agent's own folder (contract, "Two commands on a fresh machine").
OUTBOX = "Stationer Outbox"


class Person(msgspec.Struct, frozen=True):
    """Someone with a mailbox, as in demo.json; `enrolled`: an agent watches it."""

    name: str
    address: str
    password: str
    role: Role
    enrolled: bool


ALICE = Person("Alice Penrose", "alice@harbourdental.example", "lantern-quay-27", "owner", True)
BOB = Person("Bob Hendry", "bob@harbourdental.example", "tiller-quay-58", "member", True)
CAROL = Person("Carol Whitfield", "carol@whitfield.example", "gannet-bay-31", "outsider", False)
PEOPLE = (ALICE, BOB, CAROL)
