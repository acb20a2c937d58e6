"""The people of the trials: two in one company, one elsewhere, each with a mailbox."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Person:
    """Somebody with a mailbox on the trials' mail host."""

    name: str
    address: str
    password: str


ALICE = Person("Alice Archer", "alice@acme.test", "alice-pw")
BOB = Person("Bob Baker", "bob@acme.test", "bob-pw")
CAROL = Person("Carol Carter", "carol@other.test", "carol-pw")
DAVE = Person("Dave Dyer", "dave@other.test", "dave-pw")
EVERYONE = (ALICE, BOB, CAROL, DAVE)
#: Colleagues of Alice, for when many mailboxes are wanted at once.
STAFF = tuple(Person(f"Colleague {n}", f"staff{n}@acme.test", f"staff{n}-pw") for n in range(24))
DOMAINS = ("acme.test", "other.test")
