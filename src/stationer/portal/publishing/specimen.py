"""An example mail as a mail program would write it: new, a reply above its quote, or forwarded."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, formataddr, make_msgid
from html import escape

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from stationer.wire.words import Variant


@dataclass(frozen=True)
class Letter:
    """Whose mail it is, to whom, and how it relates to an earlier one."""

    name: str
    address: str
    to: tuple[str, ...]
    variant: Variant


def _quoted(variant: Variant, day: datetime) -> tuple[list[str], list[str]]:
    """What stands above the quote, and the quote, as lines."""
    said = [_("Would Tuesday afternoon be possible? I can come from two."), "Carol"]
    when = date_format(day, "DATE_FORMAT")
    if variant == "reply":
        head = _("On {day} at 08:31 Carol Whitfield wrote:").format(day=when)
        return [head.replace("Whitfield", "Whitfield <carol@example.org>")], said
    german = (get_language() or "").startswith("de")
    names = ("Von", "Datum", "Betreff", "An") if german else ("From", "Date", "Subject", "To")
    values = ("Carol Whitfield <carol@example.org>", when, _subject("new"), "you@example.org")
    line = (
        "-------- Weitergeleitete Nachricht --------" if german else "---------- Forwarded message ---------"
    )
    return [line, *(f"{name}: {value}" for name, value in zip(names, values, strict=True))], said


def _subject(variant: Variant) -> str:
    words = _("Your appointment on Tuesday")
    return {"new": words, "reply": f"Re: {words}", "forward": f"Fwd: {words}"}[variant]


def written(letter: Letter) -> bytes:
    """The mail's bytes, HTML with a plain-text twin."""
    now = timezone.localtime()
    words = [
        _("Dear Mrs Whitfield,"),
        _(
            "Tuesday at half past two is kept for you. Please bring the papers of last year if you still have them."
        ),
        f"{_('Kind regards')}\n{letter.name}",
    ]
    head, quote = _quoted(letter.variant, now - timedelta(days=1)) if letter.variant != "new" else ([], [])
    mail = EmailMessage(policy=SMTP)
    mail["Date"] = format_datetime(now)
    mail["From"] = formataddr((letter.name, letter.address))
    mail["To"] = ", ".join(letter.to)
    mail["Subject"] = _subject(letter.variant)
    mail["Message-ID"] = make_msgid(domain="stationer.invalid")
    if letter.variant == "reply":
        mail["In-Reply-To"] = mail["References"] = "<tuesday@example.org>"
    mail.set_content(_text(words, letter.variant, head, quote))
    mail.add_alternative(_html(words, letter.variant, head, quote), subtype="html")
    return mail.as_bytes()


def _text(words: list[str], variant: Variant, head: list[str], quote: list[str]) -> str:
    mark = "> " if variant == "reply" else ""
    below = [f"{mark}{line}".rstrip() for line in "\n\n".join(quote).split("\n")] if quote else []
    gap = ["", *head, *([""] if variant == "forward" else []), *below] if head else []
    return "\n".join(["\n\n".join(words), *gap]) + "\n"


def _html(words: list[str], variant: Variant, head: list[str], quote: list[str]) -> str:
    body = "".join(f"<p>{escape(one).replace(chr(10), '<br>')}</p>\n" for one in words)
    if head:
        said = "".join(f"<p>{escape(line)}</p>" for line in quote)
        heading = "<br>".join(escape(line) for line in head)
        inner = f'<blockquote type="cite">{said}</blockquote>' if variant == "reply" else f"<div>{said}</div>"
        body += f'<div class="gmail_quote"><div class="gmail_attr">{heading}</div>{inner}</div>\n'
    return (
        '<!doctype html>\n<html><head><meta charset="utf-8"></head>\n'
        '<body style="font-family:Arial,Helvetica,sans-serif;font-size:15px;line-height:22px;color:#222222">\n'
        f"{body}</body></html>\n"
    )
