"""What a pasted mail is: a notification of a PEN here, or why not, in plain words. Nothing of it is kept.

Said is only what the mail itself says, whether a key of the PEN signed it, and which of it is not as it was sent: never
what was sent instead, nor who is known here. Whoever asks has to have what was signed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NamedTuple

from django.http import Http404
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from stationer import notice
from stationer.portal.notices import keys
from stationer.portal.notices.comparing import differences
from stationer.portal.notices.discovery import pen_called
from stationer.portal.notices.pens import drawn, wording
from stationer.portal.people.models import Pen
from stationer.portal.people.scope import pen_scope
from stationer.portal.vault.models import Announcement

#: Characters that are taken: what a notification may have, ten times over, and what mail servers wrote above it.
LONGEST = 500_000

REFUSED: dict[str, str | Promise] = {
    "empty": gettext_lazy(
        "In your mail program look for “Source”, “Original” or “Headers”, and copy all of it."
    ),
    "not-a-notification": gettext_lazy(
        "The line that every notification has, Stationer-Notification, is missing. If you copied the mail as it is "
        "shown, copy its source instead. If you did that, the mail is no notification of ours."
    ),
    "malformed": gettext_lazy(
        "The line that proves a notification is torn, or stands there twice. Copy the whole source again, exactly "
        "as it is. If the answer is the same then, the mail is not from us."
    ),
    "other-version": gettext_lazy(
        "This notification was made by a newer program than ours, so it cannot be checked here."
    ),
    "other-pen": gettext_lazy(
        "No company here has sent this mail. Check it at the company that you know, by an address typed by hand."
    ),
    "not-proven": gettext_lazy(
        "This is not what we sent: the sender, the recipients or the line that proves it were changed on the way, "
        "or it never came from us. Do not follow its link, and ask whoever it seems to be from by another way."
    ),
    "other-host": gettext_lazy(
        "We made a notification for these people, but this mail also leads somewhere else, or holds what we did not "
        "put there. Filters rewrite links; so do deceivers. Do not follow them: type our address yourself."
    ),
}


SIGNED = gettext_lazy("The addresses of author and recipients, the time, and where the letter is: signed.")
LINKS = gettext_lazy("The links: all lead to us.")
NO_LINKS = gettext_lazy(
    "The links: not looked at, for you pasted the header alone. Type the address yourself."
)
NO_WORDS = gettext_lazy("The words: not looked at, for you pasted the header alone.")
NOT_KEPT = gettext_lazy(
    "The subject, the names and the words: not compared, for what was sent is not kept any more. They prove nothing."
)
#: Of what is compared: as it was sent, and not.
SAID: dict[str, tuple[str | Promise, str | Promise]] = {
    "subject": (gettext_lazy("The subject: as we sent it."), gettext_lazy("The subject: not as we sent it.")),
    "names": (
        gettext_lazy("The names beside the addresses: as we sent them."),
        gettext_lazy("The names beside the addresses: not as we sent them."),
    ),
    "answers": (
        gettext_lazy("Where answers go: as we sent it."),
        gettext_lazy("Where answers go: not as we sent it. Do not answer this mail."),
    ),
    "date": (gettext_lazy("The date: as we sent it."), gettext_lazy("The date: not as we sent it.")),
    "words": (
        gettext_lazy("The words: as we sent them."),
        gettext_lazy("The words: not as we sent them. Something was added, taken out or rewritten."),
    ),
}


class Looked(NamedTuple):
    """One line of what was checked: `good`, `warn`, or nothing for what was not."""

    tone: str
    text: str | Promise


@dataclass(frozen=True)
class Found:
    """What is told. `reason` is empty for a notification that is proven; then the rest holds."""

    reason: str = ""
    company: str = ""
    host: str = ""
    link: str = ""
    authors: tuple[str, ...] = ()
    recipients: tuple[str, ...] = ()
    at: datetime | None = None
    whole: bool = False
    #: the company's address from which it was sent for its authors; empty: theirs
    via: str = ""
    #: what of it is not as it was sent (`comparing`); None where that is not kept any more
    differs: frozenset[str] | None = frozenset()
    #: where the letter is on this very host; empty: on another
    path: str = ""

    @property
    def looked_at(self) -> list[Looked]:
        """What was checked, what not, and what came of it."""
        rows = [Looked("good", SIGNED), Looked("good", LINKS) if self.whole else Looked("", NO_LINKS)]
        if self.differs is None:
            return [*rows, Looked("", NOT_KEPT)]
        held = dict(SAID if self.whole else list(SAID.items())[:-1])
        rows += [
            Looked("warn", other) if what in self.differs else Looked("good", same)
            for what, (same, other) in held.items()
        ]
        return rows if self.whole else [*rows, Looked("", NO_WORDS)]

    @property
    def sentence(self) -> str:
        """The reason of a refusal, and what to do."""
        return str(REFUSED[self.reason]) if self.reason else ""


def checked(text: str, host: str = "") -> Found:
    """Check what was pasted: the source of a mail, or its header alone. `host`: at which it was asked."""
    mail = text.lstrip("\r\n\ufeff").encode("utf-8", "replace")
    if not mail.strip():
        return Found("empty")
    claim = notice.claim_of(mail)
    if isinstance(claim, notice.NotProven):
        return Found(claim.reason)
    try:
        pen = pen_called(claim.pen)
    except Http404:
        return Found("other-pen")
    with pen_scope(pen):
        named = drawn(pen, wording(), {}, tuple(map(keys.key_of, keys.in_force())))
    whole = _has_body(mail)
    read: Callable[[bytes, notice.Pen], notice.Proof | notice.NotProven] = (
        notice.read if whole else notice.read_header
    )
    answer = read(mail, named)
    if isinstance(answer, notice.NotProven):
        return Found(answer.reason)
    who = answer.parties
    at = datetime.fromtimestamp(answer.at / 1000, UTC)
    link = notice.link(named.host, answer.id)
    sent = _sent(pen, answer.id)
    differs = differences(mail, sent, whole=whole) if sent else None
    path = reverse("secure-message", args=[answer.id]) if named.host in (host, host.partition(":")[0]) else ""
    return Found(
        "", named.name, named.host, link, who.authors, who.recipients, at, whole, answer.via, differs, path
    )


def _sent(pen: Pen, locator: str) -> bytes:
    """The notification as it was made; nothing where the letter has ended, or another program made it."""
    with pen_scope(pen):
        row = Announcement.objects.filter(message__locator=locator).only("mail").first()
    return bytes(row.mail) if row else b""


def _has_body(mail: bytes) -> bool:
    """Whether anything stands behind the header."""
    head, _, body = mail.replace(b"\r\n", b"\n").partition(b"\n\n")
    return bool(head and body.strip())
