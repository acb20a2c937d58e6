"""Whoever wrote on the portal's pages hears by mail when what they wrote does not leave after all."""

from __future__ import annotations

from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from stationer.portal.delivery.sending import send
from stationer.portal.delivery.writing import OWN, own_address
from stationer.portal.people.models import Pen
from stationer.portal.vault.models import SecureMessage

#: Recipients that are named.
NAMED = 5


def not_sent(message: SecureMessage, why: str) -> None:
    """Queue the mail to its author, in the transaction that refuses it. `why`: a whole sentence, in the message's
    language. Raises Unsendable."""
    pen = Pen.objects.get(pk=message.pen_id)
    with translation.override(message.language or None):
        send(_mail(message, pen, why), sender=own_address(), recipients=[message.author], pen=pen)


def _mail(message: SecureMessage, pen: Pen, why: str) -> EmailMessage:
    mail = EmailMessage(policy=OWN)
    mail["Date"] = format_datetime(timezone.now())
    mail["From"] = Address(display_name=pen.name, addr_spec=own_address())
    local, _at, domain = message.author.rpartition("@")
    mail["To"] = Address(username=local, domain=domain)
    mail["Subject"] = _("What you wrote to {company} was not sent").format(company=pen.name)
    mail["Message-ID"] = make_msgid(domain=own_address().rpartition("@")[2])
    mail["Auto-Submitted"] = "auto-generated"
    said = _("What you wrote on {day} was not sent, and nobody has read it. It was meant for:").format(
        day=message.begun_at.date().isoformat()
    )
    named = [f"    {one}" for one in message.announce_to[:NAMED]]
    if len(message.announce_to) > NAMED:
        named.append("    …")
    mail.set_content("\n".join([said, "", *named, "", why, ""]))
    return mail
