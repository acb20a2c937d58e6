"""The first mail: as Alice's mail program would write it, put into her Outbox, looked for elsewhere."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid

import msgspec
from imapclient import IMAPClient

from stationer.demo.people import ALICE, BOB, CAROL, OUTBOX, Person

TEXT = """\
Dear Mrs Whitfield,

Tuesday at half past two is kept for you. Please bring your old retainer
if you still have it. Bob will take the impressions himself.

Kind regards
Alice
"""

HTML = """\
<!DOCTYPE html>
<html><head><meta charset="utf-8"></head>
<body style="font-family: Arial, Helvetica, sans-serif; font-size: 15px; line-height: 22px; color: #222222;">
<p>Dear Mrs Whitfield,</p>
<p>Tuesday at half past two is kept for you. Please bring your old retainer if you still have it.
Bob will take the impressions himself.</p>
<p>Kind regards<br>Alice</p>
</body></html>
"""


class Journey(msgspec.Struct, frozen=True):
    """A mail as it was put into the Outbox, as it came to each address, and how long that took (s)."""

    left: bytes
    arrived: dict[str, bytes]
    took: float


def write(now: datetime) -> EmailMessage:
    """Alice to Carol, a copy to Bob; HTML with a text twin, as a mail program writes it."""
    mail = EmailMessage(policy=SMTP)
    mail["Date"] = format_datetime(now)
    mail["From"] = f"{ALICE.name} <{ALICE.address}>"
    mail["To"] = f"{CAROL.name} <{CAROL.address}>"
    mail["Cc"] = f"{BOB.name} <{BOB.address}>"
    mail["Subject"] = "Your appointment on Tuesday"
    mail["Message-ID"] = make_msgid(domain=ALICE.address.partition("@")[2])
    mail.set_content(TEXT)
    mail.add_alternative(HTML, subtype="html")
    return mail


def send(imap_port: int, alive: Callable[[], None], patience: float = 60.0) -> Journey:
    """Put the mail into Alice's Outbox and wait until Carol and Bob have it.

    `alive` is asked while waiting and may raise. Raises TimeoutError after `patience` seconds.
    """
    mail = write(datetime.now().astimezone())
    identity, left = str(mail["Message-ID"]), mail.as_bytes()
    begun = time.monotonic()
    with mailbox(imap_port, ALICE) as client:
        client.append(OUTBOX, left, flags=[b"\\Seen"])
    arrived: dict[str, bytes] = {}
    took = 0.0
    while len(arrived) < 2:
        alive()
        for person in (CAROL, BOB):
            if person.address not in arrived and (found := find(imap_port, person, identity)) is not None:
                arrived[person.address] = found
                took = time.monotonic() - begun
        if time.monotonic() - begun > patience:
            raise TimeoutError(f"The first mail did not arrive within {patience:.0f} seconds.")
        time.sleep(0.05)
    return Journey(left, arrived, took)


def mailbox(port: int, person: Person) -> IMAPClient:
    """A signed-in connection to someone's mailbox."""
    client = IMAPClient("127.0.0.1", port, ssl=False, timeout=20)
    client.login(person.address, person.password)
    return client


def find(port: int, person: Person, identity: str, folder: str = "INBOX") -> bytes | None:
    """The bytes of the mail with this Message-ID in someone's folder, or None."""
    with mailbox(port, person) as client:
        client.select_folder(folder, readonly=True)
        found = client.search(["HEADER", "Message-ID", identity])
        if not found:
            return None
        mail: bytes = client.fetch(found[:1], ["BODY.PEEK[]"])[found[0]][b"BODY[]"]
        return mail
