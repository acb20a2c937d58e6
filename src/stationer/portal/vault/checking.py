"""A mail is read once when all of it is there: is it what was said, can its people be known, and what parts has it?
Then it is ready with its grants, or refused for good (contract/vault.md §2, §5)."""

from __future__ import annotations

import time
import uuid
from datetime import datetime, timedelta
from hashlib import sha256
from typing import NamedTuple

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from stationer.mime import Scanner
from stationer.notice import parties, refusal_of
from stationer.portal.notices.pens import wording
from stationer.portal.people.models import Pen
from stationer.portal.people.rules import quota
from stationer.portal.vault import (
    announcing,
    events,
    heading,
    indexing,
    scanning,
    storing,
    telling,
    unlocking,
)
from stationer.portal.vault.indexing import Index
from stationer.portal.vault.models import Grant, SecureMessage
from stationer.portal.vault.opening import Content, told
from stationer.watch.log import Voice

#: How long a check belongs to whoever began it.
LEASE = timedelta(minutes=30)
#: After how long a scanner that does not answer is asked again; when a message goes unscanned where the setting says
#: so, and when it is refused where it does not.
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60))
PATIENCE, AT_MOST = timedelta(hours=1), timedelta(days=5)
#: How long the scanner may take while somebody waits for the answer to their request, and for the question which file
#: it is (s).
REQUEST_S, FILES_S = 20.0, 120.0
#: Octets that a header may have (mime.scanning), and files that are asked about one by one.
MOST_HEADER, MOST_ASKED = 8_000_000, 50
#: Characters of a sentence that a row keeps.
LONGEST = 500
say = Voice("vault")
WAITS = _("It is not yet known whether it holds something harmful. It is looked at again by itself.")

#: Why a mail is refused, for whoever sent it.
SENTENCES: dict[str, str | Promise] = {
    "digest": _("What arrived is not what was announced. Send the mail again."),
    "unparseable": _("The header of this mail cannot be read whole, so that its recipients cannot be known."),
    "other-author": _("The mail names another author than the address that sends it."),
    "notification": _("This mail is a notification already."),
    "blind": _("The mail names blind recipients in its header. Take Bcc out of it; they are told beside it."),
    "too-many-parts": _("The mail has more parts than can be kept."),
    "unscannable": _(
        "The mail is larger than what can be checked for something harmful here, so it was not kept. Send it in parts."
    ),
    "unscanned": _(
        "What looks for something harmful has not answered for five days, so the mail was not kept. Ask whoever runs "
        "this server, then send it again."
    ),
    "uncheckable": _(
        "The mail could not be checked, several times. Send it again, or ask whoever runs this server."
    ),
}


class Seen(NamedTuple):
    """What one reading found."""

    parts: Index
    header: bytes
    sha256: str


def begin(message: SecureMessage) -> None:
    """No piece comes any more: it is to be checked."""
    same = SecureMessage.objects.filter(pk=message.pk, state=SecureMessage.State.UPLOADING)
    same.update(state=SecureMessage.State.CHECKING, due_at=timezone.now(), touched_at=timezone.now())


def turn_of(message: SecureMessage) -> bool:
    """Check this one while somebody waits, unless somebody else is at it. Raises VaultError, OSError; then it is tried
    again."""
    lease, now = uuid.uuid4(), timezone.now()
    if not _due(now).filter(pk=message.pk).update(lease=lease, leased_until=now + LEASE):
        return False
    row = SecureMessage.objects.get(pk=message.pk)
    row.in_hand = True
    try:
        check(row, REQUEST_S)
    except BaseException:
        _mine(row).update(lease=None, leased_until=None)  # it is the worker's from now on
        raise
    return True


def _due(now: datetime):  # type: ignore[no-untyped-def]
    free = Q(leased_until=None) | Q(leased_until__lt=now)
    return SecureMessage.objects.filter(free, state=SecureMessage.State.CHECKING)


def check(message: SecureMessage, patience_s: float = scanning.WHOLE_S) -> None:
    """Read it, and settle it; the scanner may take so long. The row holds the lease. Raises VaultError, OSError; then
    it is tried again."""
    key = unlocking.key_of(message)
    seen = read(message, key)
    if reason := fault(message, seen):
        refuse(message, reason)
    elif scanning.is_wanted() and not scanned(message, key, seen, patience_s):
        return
    else:
        storing.keep_index(message, key, indexing.encode(seen.parts))
        settle(message, seen)


def read(message: SecureMessage, key: bytes) -> Seen:
    """All octets, once, in constant memory."""
    whole, scanner, header, digests = sha256(), Scanner(), bytearray(), []
    with told(message):
        for segment in storing.opener(message, key).range():
            whole.update(segment)
            scanner.feed(segment)
            digests.append(indexing.digest(segment))
            if len(header) < MOST_HEADER:
                header += segment
    found = scanner.close()
    index = Index(
        length=found.length,
        header=found.root.body,
        entries=indexing.entries(found),
        digests=tuple(digests),
        problems=tuple(sorted(found.problems)),
    )
    return Seen(index, bytes(header[: found.root.body]), whole.hexdigest())


def scanned(message: SecureMessage, key: bytes, seen: Seen, patience_s: float) -> bool:
    """Whether the malware hook lets it through; else it is refused, or looked at again later."""
    with told(message):
        found = scanning.ask(storing.opener(message, key).range(), patience_s)
    if isinstance(found, scanning.Clean):
        events.note(message, "scanned", evidence={"by": "clamd"})
        return True
    if isinstance(found, scanning.Found):
        file = file_of(message, key, seen, min(patience_s, FILES_S))
        refuse(message, "malware", scanning.sentence(found, file))
        return False
    delivers, waited = settings.PORTAL.vault.unscanned == "deliver", timezone.now() - message.touched_at
    too_long = isinstance(found, scanning.TooLong)
    if delivers and (too_long or waited >= PATIENCE):
        events.note(message, "unscanned", evidence={"reason": found.reason[:200]})
        say.warning("message-unscanned", message=message.outside_id, reason=found.reason)
        return True
    if too_long or waited >= AT_MOST:
        refuse(message, "unscannable" if too_long else "unscanned")
        return False
    _wait(message, found.reason)
    return False


def _wait(message: SecureMessage, why: str) -> None:
    """It is looked at again by the worker."""
    later = PAUSES[min(message.scans, len(PAUSES) - 1)]
    _mine(message).update(
        lease=None, leased_until=None, scans=message.scans + 1, due_at=timezone.now() + later, reason="waiting",
        sentence=str(WAITS),
    )  # fmt: skip
    say.warning("scanner-silent", message=message.outside_id, reason=why)


def file_of(message: SecureMessage, key: bytes, seen: Seen, within_s: float) -> str:
    """The name of the first file in which something is found by itself; empty where none is told in this time."""
    said = Content(message, key)
    said.index, until = seen.parts, time.monotonic() + within_s
    for entry in seen.parts.leaves[:MOST_ASKED]:
        left = until - time.monotonic()
        if entry.name and isinstance(scanning.ask(said.part(entry.path), left), scanning.Found):
            return entry.name
    return ""


def fault(message: SecureMessage, seen: Seen) -> str:
    """Why it is refused; nothing where it is not."""
    if seen.sha256 != message.sha256:
        return "digest"
    if reason := refusal_of(seen.header):
        return reason
    who = parties(seen.header)
    if who is None or who.authors != (message.author,):
        return "other-author"
    if heading.names_blind(seen.header):
        return "blind"
    return "too-many-parts" if "part-limit" in seen.parts.problems else ""


def settle(message: SecureMessage, seen: Seen) -> None:
    """It is ready: its grants, its notification, what its header says, and that it was kept, in one transaction."""
    said, allowed = heading.read(seen.header, wording().tag), quota(message.author)
    with transaction.atomic():
        now = timezone.now()
        days = allowed.retention_days
        if not _mine(message).update(
            state=SecureMessage.State.READY, reason="", sentence="", ready_at=now, recipients=[], announce_to=[],
            attempts=0, due_at=None, lease=None, leased_until=None, until=now + timedelta(days=days) if days else None,
            level=max(message.level, allowed.level), **said.columns,
        ):  # fmt: skip
            return
        Grant.objects.bulk_create(
            Grant(message=message, address=address, kind=kind)
            for address, kind in said.kinds(message.author, message.recipients)
        )
        everyone, message = message.announce_to, SecureMessage.objects.get(pk=message.pk)
        message.announce_to = everyone
        announcing.make(message, Pen.objects.get(pk=message.pen_id), seen.header, seen.parts)
        events.note(message, "kept", message.author)
        if everyone:
            announcing.announce(message, everyone)


def refuse(message: SecureMessage, reason: str, sentence: str = "") -> None:
    """It is refused: its key is gone with this, its octets soon after. Whoever wrote it on the portal's pages and waits
    for no answer any more is told by mail."""
    with transaction.atomic(), translation.override(message.language or None):
        sentence = sentence or str(SENTENCES[reason])
        changed = _mine(message).update(
            state=SecureMessage.State.REFUSED,
            reason=reason,
            sentence=sentence[:LONGEST],
            wrapped=None,
            recipients=[],
            announce_to=[],
            attempts=0,
            due_at=timezone.now(),
            lease=None,
            leased_until=None,
        )
        if changed:
            events.note(message, "refused", evidence={"reason": reason})
            if message.announce_to and not message.in_hand:
                telling.not_sent(message, sentence)


def _mine(message: SecureMessage):  # type: ignore[no-untyped-def]
    """The row, as long as its lease is."""
    return SecureMessage.objects.filter(
        pk=message.pk, state=SecureMessage.State.CHECKING, lease=message.lease
    )
