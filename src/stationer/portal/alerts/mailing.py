"""Alerts as a mail: text and HTML with the company's colour, in its recipient's language, by their clock.

Its headers say what it is: automatic (RFC 3834 §5), not to be answered by machines, and to be switched off by one
press (RFC 8058). Nothing in it is counted: its links lead to the portal itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from stationer.portal.alerts import signed, wanting
from stationer.portal.alerts.models import AlertRule, Due
from stationer.portal.alerts.telling import Visit
from stationer.portal.delivery.writing import OWN
from stationer.portal.people.models import Pen
from stationer.portal.site.letterhead import COLOUR

INK = "#1f4468"
#: Visits that one mail shows; of more it says how many.
MOST = 50


def mail_of(pen: Pen, to: str, dues: Sequence[Due], visits: Sequence[Visit]) -> EmailMessage:
    """The mail to `to` that tells these alerts; a digest where they came for one."""
    digest = dues[0].pace == AlertRule.Pace.DIGEST
    rule = wanting.DIGEST if digest else dues[0].rule.outside_id if dues[0].rule else ""
    off = signed.address(signed.Bearer(pen.pk, to, rule))
    facts = {
        "pen": pen,
        "digest": digest,
        "title": subject(visits, digest),
        "visits": visits[:MOST],
        "more": max(0, len(visits) - MOST),
        "off": off,
        "page": f"{pen.url}{reverse('home')}",
        "house": pen.from_above().house or "Stationer",
        "colour": _colour(pen),
    }
    mail = EmailMessage(policy=OWN)
    _head(mail, pen, to, dues[0], off)
    mail["Subject"] = facts["title"]
    mail.set_content(render_to_string("alerts/alert.txt", facts).strip() + "\n", cte="quoted-printable")
    mail.add_alternative(render_to_string("alerts/alert.html", facts), subtype="html", cte="quoted-printable")
    return mail


def _head(mail: EmailMessage, pen: Pen, to: str, due: Due, off: str) -> None:
    """Everything above the subject. The Message-ID is the alert's own: handed over twice, it is one mail."""
    sender = settings.PORTAL.relay.sender
    host = sender.rpartition("@")[2] or urlsplit(settings.PUBLIC_URL).hostname or "localhost"
    mail["From"] = Address(display_name=pen.name, addr_spec=sender)
    mail["To"] = Address(addr_spec=to)
    mail["Date"] = format_datetime(timezone.now())
    mail["Message-ID"] = f"<alert.{due.pk.hex}@{host}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Auto-Response-Suppress"] = "All"
    mail["List-Unsubscribe"] = f"<{off}>"
    mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    mail["Feedback-ID"] = f"{due.pace}:{pen.outside_id}:alert:stationer"


def _colour(pen: Pen) -> str:
    said = str(pen.looks().get("colour", ""))
    return said if COLOUR.fullmatch(said) else INK


def subject(visits: Sequence[Visit], digest: bool) -> str:
    """`bob@example.com clicked “Open evening”`; of a digest, how many there were."""
    if digest:
        readers = len({visit.who.said for visit in visits})
        said = ngettext("{count} visitor until {day}", "{count} visitors until {day}", readers)
        return said.format(count=readers, day=date_format(timezone.localtime(), "j F, H:i"))
    visit = visits[0]
    if visit.answer:
        return _("{who} answered: {answer}").format(who=visit.who.said, answer=visit.answer)
    what = visit.what or visit.of or visit.links[0].words
    return _("{who} clicked “{what}”").format(who=visit.who.said, what=what)
