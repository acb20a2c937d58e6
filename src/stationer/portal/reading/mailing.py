"""The mail with a reader's code: what it is for, the code first, the reference, and who does not ask for it."""

from __future__ import annotations

from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from stationer.portal.delivery.writing import OWN, own_address
from stationer.portal.people.models import Pen
from stationer.portal.vault.models import SecureMessage

#: No answer, please (RFC 3834 §5).
QUIET = {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"}


def headed(to: str, subject: str, house: str) -> EmailMessage:
    """An empty mail of the portal's to one address, by a company's name."""
    mail = EmailMessage(policy=OWN)
    mail["Date"] = format_datetime(timezone.now())
    mail["From"] = Address(display_name=house, addr_spec=own_address())
    local, _at, domain = to.rpartition("@")
    mail["To"] = Address(username=local, domain=domain)
    mail["Subject"] = subject
    mail["Message-ID"] = make_msgid(domain=own_address().rpartition("@")[2])
    for name, value in QUIET.items():
        mail[name] = value
    return mail


def author_of(message: SecureMessage) -> str:
    """The author as readers know them."""
    return " ".join((message.author_name or message.author).split())


def with_code(
    pen: Pen, message: SecureMessage, to: str, code: str, reference: str, house: str
) -> EmailMessage:
    """The mail with the code; never a word of the letter, nor its subject."""
    facts = {
        "code": " ".join(code[at : at + 4] for at in range(0, len(code), 4)),
        "reference": reference,
        "author": author_of(message),
        "company": pen.name,
        "house": house,
    }
    mail = headed(to, _("{code} is your code for {company}").format(**facts), pen.name)
    mail.set_content(render_to_string("reading/code.txt", facts).strip("\n") + "\n")
    return mail
