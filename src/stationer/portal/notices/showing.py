"""The real notification of an example, as its reader sees it: page, text, in the dark, on a telephone."""

from __future__ import annotations

import re
from datetime import timedelta
from email.headerregistry import Address
from html import escape
from typing import Literal, NamedTuple, get_args

from django.utils import timezone
from django.utils.translation import gettext as _

from stationer import notice
from stationer.mime import Part, header_values
from stationer.mime import read as read_mail
from stationer.mime.coding import decoded
from stationer.portal.notices.drafts import shown_pen
from stationer.portal.notices.models import Wording
from stationer.portal.people.models import Member, Pen

View = Literal["new", "text", "dark", "phone"]
VIEWS: tuple[View, ...] = get_args(View)
#: May do nothing at all, and is shown in our own pages alone.
POLICY = (
    "sandbox; default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'self'"
)
NIGHT = re.compile(r"@media \(prefers-color-scheme:dark\)\{(.*)\}", re.DOTALL)
#: A day on which the example can be read last, from now.
UNTIL = timedelta(days=90)
LOCATOR = "example"


def example(member: Member, tag: str) -> bytes:
    """What somebody wrote: with two attachments, so that everything that can be said is said."""
    sender = Address(display_name=member.name, addr_spec=member.address)
    subject = " ".join([*tag.split(), _("Your results")])
    head = f"From: {sender}\r\nTo: carol@example.org\r\nSubject: {subject}\r\n"
    parts = "--b\r\nContent-Disposition: attachment\r\n\r\n" * 2
    return f"{head}Content-Type: multipart/mixed; boundary=b\r\n\r\n{parts}--b--\r\n".encode()


def document(pen: Pen, said: Wording, member: Member, view: View, *, package: str, language: str) -> str:
    """The page that stands in the frame. `package`: the outside id of the sender's; `language`: the reader's, or
    empty. What is wrong in the words is shown as far as it goes."""
    drawn = shown_pen(pen, said)
    made = notice.compose(
        example(member, drawn.shown_tag),
        drawn,
        LOCATOR,
        int(timezone.now().timestamp() * 1000),
        languages=(language,) if language else (),
        package=package,
        until=(timezone.now() + UNTIL).date(),
    )
    if isinstance(made, notice.Refused):
        return _page(made.reason)
    parts = {part.type: part for part in read_mail(made.mail).parts}
    if view == "text":
        return _page(_text(parts["text/plain"]))
    page = _text(parts["text/html"])
    if view == "dark":
        return NIGHT.sub(r"\1", page).replace("color-scheme:light dark", "color-scheme:dark")
    return NIGHT.sub("", page).replace("color-scheme:light dark", "color-scheme:light")


class Envelope(NamedTuple):
    """What stands above the mail in its reader's program."""

    sender: str
    recipient: str
    subject: str


def envelope(pen: Pen, said: Wording, member: Member) -> Envelope:
    """What the example's notification says above its words: as its author wrote it, without the tag."""
    drawn = shown_pen(pen, said)
    written = example(member, drawn.shown_tag)
    made = notice.compose(written, drawn, LOCATOR, 0)
    mail = made.mail if isinstance(made, notice.Notification) else written
    sender, recipient, subject = (
        b", ".join(header_values(mail, name)).decode("utf-8", "replace") for name in ("from", "to", "subject")
    )
    return Envelope(sender, recipient, subject)


def _text(part: Part) -> str:
    return (decoded(part.encoded, part.encoding) or b"").decode("utf-8", "replace")


def _page(text: str) -> str:
    style = "margin:0;padding:24px;background:#fff;color:#1d2a33;white-space:pre-wrap;font:14px/1.6 monospace"
    return (
        '<!doctype html><html><head><meta charset="utf-8"><title>.</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1"></head>'
        f'<body style="{style}">{escape(text)}</body></html>'
    )
