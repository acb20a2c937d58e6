"""An answer as the mail it is: who, to whom, the thread it belongs to, its words above a quote (RFC 5322 §3.6.4)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime

from django.core.files.uploadedfile import UploadedFile
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from stationer import show
from stationer.mime import header_values
from stationer.portal.delivery.writing import OWN
from stationer.portal.reading.letter_answer import Circle
from stationer.portal.reading.letter_words import Letter

_IDS = re.compile(rb"<[^<>\s\x80-\xff]{1,250}>")
_AGAIN = re.compile(r"^(?:re|aw|antw|antwort|sv|vs|r|res|ref|odp)(?:\[\d+\])?\s*:", re.IGNORECASE)
_TYPE = re.compile(r"(?!message/|multipart/)[a-z]+/[a-z0-9][a-z0-9.+-]{0,80}")
#: Identifiers that an answer carries on: the first of the thread, and the last ones.
_THREAD = 20


def answer(
    letter: Letter,
    circle: Circle,
    *,
    author: tuple[str, str],
    everyone: bool,
    text: str,
    files: Iterable[UploadedFile[bytes]],
    message_id: str,
    now: datetime,
) -> EmailMessage:
    """The whole mail. `author`: name and address; `message_id`: with its brackets. Raises ValueError for an address
    that no header may have."""
    mail = EmailMessage(policy=OWN)
    mail["From"] = _named([author])
    mail["To"] = _named(circle.to if everyone else circle.first)
    if everyone and circle.cc:
        mail["Cc"] = _named(circle.cc)
    subject = show.subject(letter.message.subject)
    mail["Subject"] = subject if _AGAIN.match(subject) else f"Re: {subject}".strip()
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = message_id
    _threaded(mail, letter)
    mail.set_content(f"{_sound(text)}\n\n{_quote(letter)}\n", charset="utf-8")
    for file in files:
        _attach(mail, file)
    return mail


def _named(people: Sequence[tuple[str, str]]) -> tuple[Address, ...]:
    return tuple(Address(name if name != address else "", addr_spec=address) for name, address in people)


def _threaded(mail: EmailMessage, letter: Letter) -> None:
    header = letter.content.header()
    known = [
        found.decode("ascii")
        for value in header_values(header, "references")
        for found in _IDS.findall(value)
    ]
    own = [
        found.decode("ascii")
        for value in header_values(header, "message-id")
        for found in _IDS.findall(value)
    ][:1]
    thread = list(dict.fromkeys([*known, *own]))
    if own:
        mail["In-Reply-To"] = own[0]
    if thread:
        mail["References"] = " ".join(thread[:1] + thread[1:][-_THREAD:])


def _sound(text: str) -> str:
    """The words with line ends as they are, and without what no mail may have."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
    return lines.encode("utf-8", "replace").decode("utf-8").strip("\n")


def _quote(letter: Letter) -> str:
    message = letter.message
    when = message.sent_at or message.ready_at or message.begun_at
    who = show.person(message.author_name, message.author)
    said = _("On {day}, {name} wrote:").format(day=date_format(when, "DATETIME_FORMAT"), name=who)
    lines = (
        f"> {line}".rstrip() if not line.startswith(">") else f">{line}"
        for line in letter.quoted().split("\n")
    )
    return "\n".join([said, *lines])


def _attach(mail: EmailMessage, file: UploadedFile[bytes]) -> None:
    kind = (file.content_type or "").lower()
    main, _slash, sub = (kind if _TYPE.fullmatch(kind) else "application/octet-stream").partition("/")
    name = show.file_name(file.name or "", kind).name
    mail.add_attachment(file.read(), maintype=main, subtype=sub, filename=name)
