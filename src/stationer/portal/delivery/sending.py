"""The one door for mail that the server itself sends: `send` returns when the mail is in the durable queue.

Inside a transaction the mail leaves with it or not at all. It is handed over at least once, always with the same
Message-ID; where that may have been twice, the queue says so (contract/delivery.md §3).
"""

from __future__ import annotations

from collections.abc import Iterable
from email.message import EmailMessage
from email.policy import SMTP

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from stationer.mime import header_values, message_id
from stationer.portal.delivery.models import Outgoing, Recipient
from stationer.portal.delivery.writing import own_address
from stationer.portal.people.models import Pen
from stationer.portal.people.valid import normal_domain

MOST_BYTES = 30 * 1024 * 1024
#: Nobody wrote it by hand: no holiday notice answers (RFC 3834 §5, and what Exchange asks for besides).
AUTOMATIC = {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"}


class Unsendable(ValueError):
    """This mail cannot go out as asked; the message says why."""


def send(
    mail: bytes | EmailMessage,
    *,
    sender: str,
    recipients: Iterable[str],
    pen: Pen | None = None,
    secret: bool = False,
    automatic: bool = False,
) -> Outgoing:
    """Queue a mail for every recipient, once each. `sender` is the envelope's; empty for none (a report). Of a `secret`
    mail no byte is kept once all were dealt with, and it goes before all others. An `automatic` one says that it is.

    Raises Unsendable for no recipients, an address no envelope may have, or a mail of more than 30 MB.
    """
    everyone = list(dict.fromkeys(envelope_address(address) for address in recipients))
    if not everyone:
        raise Unsendable("the mail has no recipients")
    data = wire_form(mail)
    if len(data) > MOST_BYTES:
        raise Unsendable(f"the mail has {len(data)} bytes; the most is {MOST_BYTES}")
    envelope = sender and envelope_address(sender)
    row = Outgoing(pen=pen, sender=envelope, secret=secret)
    row.mail = _headed(data, row, automatic)
    row.message_id = (message_id(row.mail) or "")[:255]
    now = timezone.now()
    with transaction.atomic():
        row.save(force_insert=True)
        Recipient.objects.bulk_create(
            Recipient(
                outgoing=row,
                address=address,
                domain=address.rpartition("@")[2].lower(),
                urgent=secret,
                due_at=now,
            )
            for address in everyone
        )
    return row


def _headed(data: bytes, row: Outgoing, automatic: bool) -> bytes:
    """With a Message-ID, by which whoever has a mail twice can tell, and with what an automatic mail says of itself;
    each only where the mail has none."""
    said = dict(AUTOMATIC) if automatic else {}
    if message_id(data) is None:
        domain = (row.sender or own_address()).rpartition("@")[2]
        said["Message-ID"] = f"<{row.pk.hex}@{domain}>"
    lines = [f"{name}: {value}\r\n" for name, value in said.items() if not header_values(data, name)]
    return "".join(lines).encode() + data


def wire_form(mail: bytes | EmailMessage) -> bytes:
    """The bytes as they go over SMTP: every line ends in CRLF, and no CR or LF stands alone (RFC 5321 §2.3.8)."""
    data = mail if isinstance(mail, bytes) else mail.as_bytes(policy=SMTP)
    return data.replace(b"\r\n", b"\n").replace(b"\r", b"\n").replace(b"\n", b"\r\n")


def envelope_address(text: str) -> str:
    """The address, fit for MAIL FROM and RCPT TO. Raises Unsendable."""
    local, at, domain = text.strip().rpartition("@")
    if (
        not at
        or not local
        or len(text) > 254
        or any(c.isspace() or not c.isprintable() or c in "<>" for c in text)
    ):
        raise Unsendable(f"{text!r} cannot stand in an envelope")
    try:
        return f"{local}@{normal_domain(domain)}"
    except ValidationError as error:
        raise Unsendable(f"{text!r} cannot stand in an envelope") from error
