"""compose(mail, pen, …): the author's envelope as written, and in the place of all else the placeholder.

What may travel is a list; what is not on it stays behind (contract/notice.md §1).
"""

from __future__ import annotations

import hashlib
import re
from base64 import b64encode
from datetime import date
from typing import Literal, NamedTuple

import msgspec

from stationer.mime import Cut, joined, line_end, splice
from stationer.mime import read as read_mail
from stationer.mime.coding import base64_lines, quoted
from stationer.mime.fields import Field
from stationer.notice.drawing import html_of
from stationer.notice.hosts import bare
from stationer.notice.hosts import link as link_to
from stationer.notice.languages import Chosen, chosen
from stationer.notice.parties import author_of, package_of, parties
from stationer.notice.pen import Logo, Pen
from stationer.notice.plain import one_line
from stationer.notice.proof import NAME, field_of, is_id
from stationer.notice.said import Said, said_in, text_of
from stationer.notice.tag import untagged
from stationer.notice.via import MOST_AUTHORS, REPLACED, Via, checked, sent_for
from stationer.wire import base32

#: The fields that travel.
TRAVELS = frozenset(
    {
        b"from", b"sender", b"reply-to", b"to", b"cc", b"subject", b"date", b"message-id", b"in-reply-to",
        b"references", b"thread-index", b"importance", b"priority", b"x-priority", b"x-msmail-priority",
        b"sensitivity", b"auto-submitted", b"precedence", b"x-auto-response-suppress", b"feedback-id",
        b"list-id", b"list-help", b"list-unsubscribe", b"list-unsubscribe-post", b"list-subscribe", b"list-post",
        b"list-owner", b"list-archive",
        b"resent-from", b"resent-sender", b"resent-to", b"resent-cc", b"resent-date", b"resent-message-id",
    }
)  # fmt: skip
#: Problems of a mail whose fields cannot all be known.
UNREADABLE = frozenset({"no-header", "header-limit"})
#: A CR that no LF follows ends a line for some programs, and a NUL ends the value: behind it may stand anything.
TORN = re.compile(rb"\r(?!\n)|\x00")

#: Why a mail is not announced; nothing of it may leave then.
Refusal = Literal["unparseable", "notification"]


class Notification(NamedTuple):
    """The notification's octets; the version of its words; the package that decided, and the languages."""

    mail: bytes
    version: str
    package: str | None
    languages: tuple[str, ...]


class Refused(NamedTuple):
    """There is no notification for this mail."""

    reason: Refusal


def travels(name: bytes) -> bool:
    """Whether a field of this name (lower case) may leave with the notification."""
    return name in TRAVELS


def is_torn(mail: bytes, field: Field) -> bool:
    """Whether a field holds what some programs would read as its end."""
    return TORN.search(mail, field.start, field.end) is not None


def compose(
    mail: bytes,
    pen: Pen,
    message: str,
    at: int,
    *,
    languages: tuple[str, ...] = (),
    package: str | None = None,
    until: date | None = None,
    via: Via | None = None,
) -> Notification | Refused:
    """The notification that announces `mail` as the secure message `message`, made at `at` (milliseconds UTC).

    `languages`: the reader's, where they are known. `package`: the sender's, where it is known; else the PEN's rules
    say. `until`: the day on which the content can be read last. `via`: the address by which it leaves, where that is
    not the author's. The PEN is sound (`faults`). Raises ValueError when it has no private key, and for an id or a
    `via` that is none; never for a mail.
    """
    key = pen.signing_key
    if key is None or not is_id(message):
        raise ValueError("a private key and an id are needed: the public half of a PEN can prove, not send")
    via = checked(via) if via else None
    who = parties(mail)
    if (reason := refusal_of(mail)) or who is None or (via and len(who.authors) > MOST_AUTHORS):
        return Refused(reason or "unparseable")
    pen = tidied(pen)
    decided = package_of(pen, who.authors) if package is None else package
    written = chosen(pen, languages)
    said = said_all(pen, written, mail, package=decided, until=until)
    end = line_end(mail)
    proof = field_of(key, who, pen, message, at, via.address if via else "")
    top = f"{NAME}: {proof}\n".encode().replace(b"\n", end)
    body = body_of(pen, said, message, end)
    fields = read_mail(mail).root.fields
    if via:
        top += sent_for(end, who, pen.name, via, author_of(mail))
        fields = [field for field in fields if field.name not in REPLACED]
    made = b"".join([top, kept_header(mail, fields, pen.shown_tag, end), body])
    return Notification(made, version_of(pen, written, said), decided, tuple(one.language for one in said))


def refusal_of(mail: bytes) -> Refusal | None:
    """Why there can be no notification for this mail, whichever the PEN; its header alone says it. Never raises."""
    seen = read_mail(mail)
    torn = (travels(field.name) and is_torn(mail, field) for field in seen.root.fields)
    if seen.problems & UNREADABLE or any(torn):
        return "unparseable"
    if NAME.lower().encode() in seen.root.values:
        return "notification"
    return "unparseable" if parties(mail) is None else None


def tidied(pen: Pen) -> Pen:
    """The PEN with each of its names as one line."""
    name, address, phone = map(one_line, (pen.name, pen.address, pen.phone))
    return msgspec.structs.replace(pen, name=name, address=address, phone=phone)


def said_all(
    pen: Pen, written: tuple[Chosen, ...], mail: bytes, *, package: str | None, until: date | None
) -> tuple[Said, ...]:
    """What the notification of a mail says, in each of its languages; a disclaimer that serves two stands once."""
    author, attachments = author_of(mail), attachments_of(mail)
    decided = pen.packages.get(package) if package else None
    said = [said_in(pen, one, decided, author, attachments, until) for one in written]
    seen = [one.disclaimer for one in said]
    return tuple(
        one._replace(disclaimer="") if one.disclaimer in seen[:at] else one for at, one in enumerate(said)
    )


def attachments_of(mail: bytes) -> int:
    """How many files travel with the mail: parts that say so, and named ones that no text shows inside itself."""
    leaves = (part for part in read_mail(mail).parts if not part.is_multipart)
    return sum(
        part.disposition == "attachment" or (part.filename and not part.value(b"content-id"))
        for part in leaves
    )


def kept_header(mail: bytes, fields: list[Field], tag: str, end: bytes) -> bytes:
    """The author's fields that travel, byte for byte, each with its line end; the tag is taken off the subject."""
    cuts = untagged(mail, tag)
    kept = (_without(mail, field, cuts) for field in fields if travels(field.name))
    return b"".join(field if field.endswith(b"\n") else field + end for field in kept)


def _without(mail: bytes, field: Field, cuts: list[Cut]) -> bytes:
    """One field with those of the cuts that are in it made."""
    at = field.start
    inside = [Cut(start - at, stop - at, new) for start, stop, new in cuts if at <= start < field.end]
    return joined(splice(mail[at : field.end], inside))


def version_of(pen: Pen, written: tuple[Chosen, ...], said: tuple[Said, ...]) -> str:
    """The words, footer and disclaimers in force, by their digest: the same for every mail that they are said of."""
    words = [(one.language, sorted(one.words.items())) for one in written]
    names = (pen.name, pen.host, pen.address, pen.phone, *(one.disclaimer for one in said))
    digest = hashlib.sha256(repr((words, names)).encode("utf-8", "replace")).digest()
    return base32.encode(digest[:10])


def body_of(pen: Pen, said: tuple[Said, ...], message: str, end: bytes) -> bytes:
    """MIME-Version, Content-Type and the body, in these line ends."""
    link = link_to(pen.host, message)
    carried = pen.logo if pen.logo and pen.logo.data else None
    place = f"cid:logo@{bare(pen.host)}" if carried else pen.logo.url if pen.logo else ""
    page = _text_part("html", html_of(pen, said, link, place))
    if carried:
        page = _multipart("related", [page, _logo_part(carried, pen.host)], message)
    whole = _multipart("alternative", [_text_part("plain", text_of(said, link)), page], message)
    return (b"MIME-Version: 1.0\n" + whole).replace(b"\n", end)


def _text_part(kind: str, text: str) -> bytes:
    head = f"Content-Type: text/{kind}; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\n"
    return head.encode() + quoted(text.encode("utf-8", "replace"), b"\n")


def _logo_part(logo: Logo, host: str) -> bytes:
    kind = picture_type(logo.data) or "application/octet-stream"
    head = (
        f"Content-Type: {kind}\nContent-Transfer-Encoding: base64\nContent-ID: <logo@{bare(host)}>\n"
        "Content-Disposition: inline\n\n"
    )
    return head.encode() + base64_lines(logo.data, b"\n")


def _multipart(kind: str, parts: list[bytes], message: str) -> bytes:
    """The parts behind a header. `=_` can stand neither in quoted-printable nor in base64 (RFC 2045 §6.7)."""
    digest = hashlib.sha256(kind.encode() + b"\0" + message.encode()).digest()
    boundary = b"=_" + b64encode(digest[:12], b"..")
    head = b'Content-Type: multipart/%s;\n boundary="%s"\n\n' % (kind.encode(), boundary)
    held = b"".join(b"--" + boundary + b"\n" + part + b"\n" for part in parts)
    return head + held + b"--" + boundary + b"--\n"


def picture_type(data: bytes) -> str:
    """The media type of a PNG, JPEG or GIF by its first octets; empty for anything else."""
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if data.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    return "image/gif" if data.startswith((b"GIF87a", b"GIF89a")) else ""
