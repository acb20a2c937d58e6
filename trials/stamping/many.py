"""Many mails at once, from Alice's Outbox to Bob's INBOX and her Sent, told apart by their Message-IDs."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from trials.servers.mailbox import OUTBOX, Mailbox
from trials.servers.people import ALICE, BOB, Person
from trials.stamping.compare import fields

#: Seconds for all of them.
PATIENCE = 400.0


def identity(mail: bytes) -> bytes:
    """The Message-ID."""
    found = next(field for field in fields(mail)[0] if field.lower().startswith(b"message-id:"))
    return found.split(b":", 1)[1].strip()


def sent_by(
    mailbox: Callable[[Person], Mailbox], mails: dict[bytes, tuple[str, bytes]]
) -> Iterator[tuple[str, bytes, bytes]]:
    """Put all (by Message-ID: name and mail) into Alice's Outbox; name, as Bob got it, and as it is in Sent."""
    with mailbox(ALICE).client() as client:
        for _, mail in mails.values():
            client.append(OUTBOX, mail, (b"\\Seen",))
    arrived = {identity(mail): mail for mail in mailbox(BOB).wait_for(len(mails), seconds=PATIENCE)}
    sent = {identity(mail): mail for mail in mailbox(ALICE).wait_for(len(mails), "Sent", seconds=PATIENCE)}
    assert arrived.keys() == sent.keys() == mails.keys()
    for key, (name, _) in mails.items():
        yield name, arrived[key], sent[key]
