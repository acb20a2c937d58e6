"""The mails of a trial that begins on a page: the code, with not a word of whoever typed the address, and the letter
that wears what they chose."""

from __future__ import annotations

from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid
from html import escape

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from stationer import stamp
from stationer.portal.delivery.models import Outgoing
from stationer.portal.delivery.sending import send
from stationer.portal.delivery.writing import own_address
from stationer.portal.site.letterhead import sender_called
from stationer.portal.trial.making import Wish, blocks

#: What every mail of the trial says to programs: no answer, please (RFC 3834 §5), and whose it is.
MARK = "Stationer-Trial"
QUIET = {"X-Auto-Response-Suppress": "All", MARK: "1"}


def headed(to: str, subject: str, house: str) -> EmailMessage:
    """An empty mail of ours to one address."""
    mail = EmailMessage(policy=SMTP)
    local, _at, domain = to.rpartition("@")
    mail["Date"] = format_datetime(timezone.now())
    mail["From"] = sender_called(house)
    mail["To"] = Address(username=local, domain=domain)
    mail["Subject"] = subject
    mail["Message-ID"] = make_msgid(domain=own_address().rpartition("@")[2])
    return mail


def quiet(mail: bytes, kind: str = "auto-generated") -> bytes:
    """The mail with what it says to programs; put on at the very end, since mails of programs are not stamped."""
    said = {"Auto-Submitted": kind, **QUIET}
    return b"".join(f"{name}: {value}\r\n".encode() for name, value in said.items()) + mail


def post(mail: bytes, address: str) -> Outgoing:
    """A mail of the portal's on its way to this address alone."""
    return send(mail, sender=own_address(), recipients=[address])


def with_code(address: str, code: str, house: str) -> bytes:
    """The fixed text with the code."""
    facts = {"code": code, "house": house}
    subject = _("Your code for the trial of {house}: {code}").format(**facts)
    mail = headed(address, subject, house)
    mail.set_content(render_to_string("trial/code.txt", facts).strip() + "\n")
    return quiet(mail.as_bytes())


def stamped(wish: Wish, target: str, keep: str, house: str) -> bytes:
    """The letter that wears what somebody chose, with the link that keeps it; shorter without one. Raises Unfit."""
    mail = headed(wish.address, _("This is how your mail could look"), house)
    words = paragraphs(house, keep)
    mail.set_content("\n\n".join(words) + "\n")
    mail.add_alternative(page(words, keep), subtype="html")
    done = stamp.stamp(mail.as_bytes(), stamp.Order(None, blocks(wish, target)))
    if isinstance(done, stamp.Untouched):  # a letter of our own making is none of contract/stamp.md §2
        raise RuntimeError(f"the trial's letter was left untouched: {done.reason}")
    return quiet(done.bytes())


def paragraphs(house: str, keep: str) -> list[str]:
    """What the letter says, each a paragraph; one of them is the link."""
    about_the_link = [
        _(
            "Do you like it? Then keep it. This link makes a company of your trial, with everything you see here:"
        ),
        keep,
        _("It is good for seven days. After that we forget what you typed, and you need to do nothing."),
    ]
    return [
        _("Good day,"),
        _(
            "this is a mail as you would write it. What stands above and below these words was put there on the way "
            "out: your letterhead, your signature, and what you would like to tell everybody you write to. The words "
            "between them stay exactly as they were written."
        ),
        *(about_the_link if keep else ()),
        _("Kind regards\n{house}").format(house=house),
    ]


def page(words: list[str], keep: str) -> str:
    """The same as HTML."""
    label = _("Keep this letterhead and this campaign")
    button = (
        f'<p style="margin:0 0 16px 0"><a href="{escape(keep)}" style="color:#1f4468;font-weight:bold">'
        f"{escape(label)}</a></p>\n"
    )
    said = "".join(
        button
        if one == keep
        else f'<p style="margin:0 0 16px 0">{escape(one).replace(chr(10), "<br>")}</p>\n'
        for one in words
    )
    return (
        '<!doctype html>\n<html><head><meta charset="utf-8"></head>\n'
        '<body style="font-family:Arial,Helvetica,sans-serif;font-size:15px;line-height:22px;color:#222222">\n'
        f"{said}</body></html>\n"
    )
