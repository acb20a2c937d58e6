"""Mails of the queue that name somebody who is erased: what is kept of those that left goes, what waits goes too."""

from __future__ import annotations

from email import message_from_bytes, policy
from email.message import EmailMessage

from stationer.pick.addresses import names
from stationer.portal.delivery.models import Outgoing, Recipient, Suppression
from stationer.portal.people.models import Pen


def forget(pen: Pen, address: str) -> list[str]:
    """Delete mails of the PEN that name the address, and whatever has left to it. Returns the Message-IDs of those that
    still waited, so that whoever wrote them can write them anew."""
    waiting = []
    for row in Outgoing.objects.filter(pen=pen).prefetch_related("recipients").iterator(chunk_size=100):
        mail = message_from_bytes(bytes(row.mail), policy=policy.default)
        if isinstance(mail, EmailMessage) and names(_said(mail), address):
            if any(one.state in Recipient.KEPT for one in row.recipients.all()):
                waiting.append(str(mail["Message-ID"]))
            row.delete()
    left = Recipient.objects.filter(address__iexact=address).exclude(state__in=Recipient.KEPT)
    Outgoing.objects.filter(pk__in=list(left.values_list("outgoing_id", flat=True))).delete()
    Suppression.objects.filter(pen=pen, address=address.lower()).delete()
    return waiting


def _said(mail: EmailMessage) -> str:
    """Headers and texts, decoded."""
    texts = [str(part.get_content()) for part in mail.walk() if part.get_content_maintype() == "text"]
    return "\n".join([*(str(value) for value in mail.values()), *texts])
