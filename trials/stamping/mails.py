"""Mails as people's mail programs write them: new ones, and replies of the clients that matter.

Each is bytes with CRLF and a Message-ID of its own. `AUTHOR` stands above the quote, `QUOTED` in it.
"""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from trials.servers.people import ALICE, BOB, CAROL

AUTHOR = "Thank you, Thursday suits us well."
QUOTED = "Shall we meet on Thursday?"
_numbers = itertools.count(1)


def message_id() -> str:
    """A Message-ID that no other mail of the trials has."""
    return f"<{uuid.uuid4().hex}.{next(_numbers)}@acme.test>"


def headers(
    subject: str,
    *,
    sender: str = f"{ALICE.name} <{ALICE.address}>",
    to: str = f"{BOB.name} <{BOB.address}>",
    cc: str = f"{CAROL.name} <{CAROL.address}>",
    more: Sequence[str] = (),
) -> list[str]:
    """Header lines up to and including MIME-Version; empty `to` or `cc` leave theirs out."""
    lines = [f"From: {sender}", f"To: {to}" if to else "", f"Cc: {cc}" if cc else "", f"Subject: {subject}"]
    lines += [
        "Date: Sat, 21 Nov 2026 12:00:00 +0000",
        f"Message-ID: {message_id()}",
        *more,
        "MIME-Version: 1.0",
    ]
    return [line for line in lines if line]


def mail(lines: Sequence[str], body: str) -> bytes:
    """Header lines and a body as a mail's bytes, every line end CRLF."""
    return "\r\n".join([*lines, "", *body.split("\n")]).encode()


def text_mail(
    subject: str = "Meeting", body: str = f"Dear Bob,\n\n{AUTHOR}\n\nAlice\n", **more: object
) -> bytes:
    """A new plain-text mail to Bob, Cc to Carol. Further arguments are those of `headers`."""
    lines = headers(subject, **more)  # type: ignore[arg-type]
    return mail([*lines, "Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: 8bit"], body)


def html_mail(subject: str, html: str, text: str, **more: object) -> bytes:
    """multipart/alternative with a plain-text twin, 8bit, as most clients write it."""
    lines = [*headers(subject, **more), 'Content-Type: multipart/alternative; boundary="=_alt"']  # type: ignore[arg-type]
    part = "Content-Type: {kind}; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n{body}\n"
    body = "".join(
        f"--=_alt\n{part.format(kind=kind, body=content)}\n"
        for kind, content in (("text/plain", text), ("text/html", html))
    )
    return mail(lines, f"{body}--=_alt--\n")


def new_html_mail(subject: str = "Meeting", **more: object) -> bytes:
    """A new HTML mail."""
    html = f"<html><head></head><body><p>Dear Bob,</p><p>{AUTHOR}</p><p>Alice</p></body></html>"
    return html_mail(subject, html, f"Dear Bob,\n\n{AUTHOR}\n\nAlice\n", **more)


@dataclass(frozen=True)
class Reply:
    """A reply as one client writes it (replies/), and with what the quote begins in text and in HTML."""

    client: str
    text_quote: str
    html_quote: str = ""

    def mail(self) -> bytes:
        """The whole mail, new each time."""
        more = [f"In-Reply-To: {message_id()}"]
        text = (REPLY_FOLDER / f"{self.client}.txt").read_text("utf-8")
        if not self.html_quote:
            return text_mail("Re: Meeting", text, more=more)
        html = (REPLY_FOLDER / f"{self.client}.html").read_text("utf-8")
        return html_mail("Re: Meeting", html, text, more=more)


REPLY_FOLDER = Path(__file__).parent / "replies"
REPLIES = (
    Reply("gmail", "On Fri, Nov 20", '<div class="gmail_quote'),
    Reply("outlook", "From: Bob Baker", '<div style="border:none;border-top:solid #E1E1E1'),
    Reply("owa", "________________________________", '<div id="appendonsend">'),
    Reply("apple", "> On 20 Nov 2026", '<blockquote type="cite">'),
    Reply("thunderbird", "On 20/11/2026", '<div class="moz-cite-prefix">'),
    Reply("plain", "On Fri, Nov 20"),
)
