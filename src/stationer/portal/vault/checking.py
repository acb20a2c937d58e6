"""A mail is read once when all of it is there: is it what was said, can its people be known, and what parts has it?
Then it is ready with its grants, or refused for good (contract/vault.md §2, §5)."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from hashlib import sha256
from typing import NamedTuple

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from stationer.notice import parties, refusal_of
from stationer.portal.vault import events, heading, indexing, storing, unlocking
from stationer.portal.vault.indexing import DIGEST, Index
from stationer.portal.vault.models import Grant, SecureMessage
from stationer.portal.vault.opening import told

#: How long a check belongs to whoever began it.
LEASE = timedelta(minutes=15)
MOST_PARTS = 2_000

#: Why a mail is refused, for whoever sent it.
SENTENCES: dict[str, str | Promise] = {
    "digest": _("What arrived is not what was announced. Send the mail again."),
    "unparseable": _("The header of this mail cannot be read whole, so that its recipients cannot be known."),
    "other-author": _("The mail names another author than the address that sends it."),
    "notification": _("This mail is a notification already."),
    "blind": _("The mail names blind recipients in its header. Take Bcc out of it; they are told beside it."),
    "too-many-parts": _("The mail has more parts than can be kept."),
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
    """Check this one, unless somebody else is at it. Raises VaultError, OSError; then it is tried again."""
    lease, now = uuid.uuid4(), timezone.now()
    if not _due(now).filter(pk=message.pk).update(lease=lease, leased_until=now + LEASE):
        return False
    check(SecureMessage.objects.get(pk=message.pk))
    return True


def _due(now: datetime):  # type: ignore[no-untyped-def]
    free = Q(leased_until=None) | Q(leased_until__lt=now)
    return SecureMessage.objects.filter(free, state=SecureMessage.State.CHECKING)


def check(message: SecureMessage) -> None:
    """Read it, and settle it. The row holds the lease."""
    key = unlocking.key_of(message)
    seen = read(message, key)
    reason = fault(message, seen)
    if reason:
        refuse(message, reason)
        return
    storing.keep_index(message, key, indexing.encode(seen.parts))
    settle(message, seen)


def read(message: SecureMessage, key: bytes) -> Seen:
    """All octets, once."""
    from stationer.mime import read as read_mail

    with told(message):
        segments = list(storing.opener(message, key).range())
    data = b"".join(segments)
    mail = read_mail(data)
    index = Index(
        length=len(data),
        header=mail.root.body,
        entries=tuple(indexing.entries(mail)),
        digests=tuple(sha256(segment).digest()[:DIGEST] for segment in segments),
        problems=tuple(sorted(mail.problems)),
    )
    return Seen(index, data[: mail.root.body], sha256(data).hexdigest())


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
    """It is ready: its grants, what its header says, and that it was kept, in one transaction."""
    said = heading.read(seen.header)
    with transaction.atomic():
        now = timezone.now()
        if not _mine(message).update(
            state=SecureMessage.State.READY,
            ready_at=now,
            recipients=[],
            due_at=None,
            lease=None,
            **said.columns,
        ):
            return
        Grant.objects.bulk_create(
            Grant(message=message, address=address, kind=kind)
            for address, kind in said.kinds(message.author, message.recipients)
        )
        events.note(message, "kept", message.author)


def refuse(message: SecureMessage, reason: str, sentence: str = "") -> None:
    """It is refused: its key is gone with this, its octets soon after."""
    with transaction.atomic():
        changed = _mine(message).update(
            state=SecureMessage.State.REFUSED,
            reason=reason,
            sentence=sentence or str(SENTENCES[reason]),
            wrapped=None,
            recipients=[],
            due_at=timezone.now(),
            lease=None,
            leased_until=None,
        )
        if changed:
            events.note(message, "refused", evidence={"reason": reason})


def _mine(message: SecureMessage):  # type: ignore[no-untyped-def]
    """The row, as long as its lease is."""
    return SecureMessage.objects.filter(
        pk=message.pk, state=SecureMessage.State.CHECKING, lease=message.lease
    )
