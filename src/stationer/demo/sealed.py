"""The first sealed mail: Alice asks for a seal, Bob's mailbox ends with the content, Carol gets the notification."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid
from importlib.resources import files

import msgspec

from stationer.demo import letter
from stationer.demo.people import ALICE, BOB, CAROL, OUTBOX
from stationer.demo.show import part

TEXT = """\
Dear Mrs Whitfield, dear Bob,

the X-rays are in. Upper left, the second molar: it can be kept. The plan,
with what it costs, is attached. Tuesday would suit us well.

Kind regards
Alice
"""
RESTORED = b"\nStationer-Restored:"
LINK = re.compile(r"https?://\S+/m/\w+")


class Sealed(msgspec.Struct, frozen=True):
    """A sealed mail as it was put into the Outbox, what Carol got, what lies in Bob's inbox; how long each took (s)."""

    left: bytes
    carol: bytes
    bob: bytes
    announced: float
    restored: float

    @property
    def link(self) -> str:
        """Where Carol's notification leads."""
        return next(iter(LINK.findall(text_of(self.carol))), "")


def text_of(mail: bytes) -> str:
    """What a mail says to whoever reads without HTML."""
    return part(mail, "plain")


def write(now: datetime) -> EmailMessage:
    """Alice to Carol, a copy to Bob, with the tag by which she asks for a seal."""
    mail = EmailMessage(policy=SMTP)
    mail["Date"] = format_datetime(now)
    mail["From"] = f"{ALICE.name} <{ALICE.address}>"
    mail["To"] = f"{CAROL.name} <{CAROL.address}>"
    mail["Cc"] = f"{BOB.name} <{BOB.address}>"
    mail["Subject"] = "[secure] Your X-rays and the plan"
    mail["Message-ID"] = make_msgid(domain=ALICE.address.partition("@")[2])
    mail.set_content(TEXT)
    name, kind, octets = plan()
    main, _, sub = kind.partition("/")
    mail.add_attachment(octets, maintype=main, subtype=sub, filename=name)
    return mail


def plan() -> tuple[str, str, bytes]:
    """What is attached: name, media type, octets."""
    file = files("stationer.demo").joinpath("company", "treatment-plan.pdf")
    return "Treatment plan Whitfield.pdf", "application/pdf", file.read_bytes()


def send(imap_port: int, alive: Callable[[], None], patience: float = 60.0) -> Sealed:
    """Put it into Alice's Outbox and wait until Carol has the notification and Bob the content.

    `alive` is asked while waiting and may raise. Raises TimeoutError after `patience` seconds.
    """
    mail = write(datetime.now().astimezone())
    identity, left = str(mail["Message-ID"]), mail.as_bytes()
    begun = time.monotonic()
    with letter.mailbox(imap_port, ALICE) as client:
        client.append(OUTBOX, left, flags=[b"\\Seen"])
    carol: bytes | None = None
    bob: bytes | None = None
    announced = 0.0
    while carol is None or bob is None or RESTORED not in bob:
        alive()
        if carol is None and (carol := letter.find(imap_port, CAROL, identity)) is not None:
            announced = time.monotonic() - begun
        bob = letter.find(imap_port, BOB, identity)
        if time.monotonic() - begun > patience:
            raise TimeoutError(f"The sealed mail did not arrive within {patience:.0f} seconds.")
        time.sleep(0.05)
    return Sealed(left, carol, bob, announced, time.monotonic() - begun)
