"""A mail is kept: at once, or in pieces that come in any order and as often as needed (contract/vault.md §2, §3)."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import timedelta
from hashlib import sha256

import msgspec
from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from stationer import seal
from stationer.mime import fault_of, without_headers
from stationer.notice import canonical
from stationer.portal.delivery.sending import Unsendable, envelope_address
from stationer.portal.people.models import Member
from stationer.portal.people.owned import new_id
from stationer.portal.people.rules import quota
from stationer.portal.people.scope import current_pen_id
from stationer.portal.vault import announcing, checking, storing, unlocking
from stationer.portal.vault.errors import VaultError
from stationer.portal.vault.models import PIECE, Once, SecureMessage
from stationer.portal.vault.once import KeptAlready, digest, kept

State = SecureMessage.State
MOST_RECIPIENTS = 10_000
#: Never a field of what is kept.
HIDDEN = frozenset({"bcc", "resent-bcc"})


class Options(msgspec.Struct, frozen=True):
    """What its author asks for. `level`: how readers show who they are (contract/reading.md §4); `language`: BCP 47."""

    level: int = 1
    language: str = ""


def keep(
    mail: bytes,
    *,
    author: str,
    recipients: Sequence[str],
    options: Options | None = None,
    member: Member | None = None,
    announce: bool = False,
    once: str = "",
) -> SecureMessage:
    """A whole mail of at most 16 MiB, kept and checked: `ready`, `refused` with its reason, or `checking` where the
    malware hook does not answer. `Bcc` is taken out. `announce`: it was written on the portal's pages, which tells its
    recipients in the same moment in which it is ready. `once`: a random key of what is sent, by which the same, sent
    again by this author at whatever moment, is one message. Raises VaultError, OSError; then there is no message;
    KeptAlready: there is one, and this is none."""
    if once and (same := kept(author, once)):
        raise KeptAlready(same)
    data = without_headers(mail, HIDDEN)
    if len(data) > PIECE:
        raise VaultError("too-large", f"A mail of more than {PIECE:,} octets comes in pieces.")
    row = begin(
        author=author,
        recipients=recipients,
        size=len(data),
        sha256=sha256(data).hexdigest(),
        options=options,
        member=member,
        announce_to=announcing.reachable(recipients) if announce else (),
        once=once,
    )
    try:
        take(row, 0, [data])
        return complete(row)
    except BaseException:
        with suppress(OSError):  # what is left cannot be read: its key goes with the row
            storing.forget(row)
        row.delete()
        raise


def begin(
    *,
    author: str,
    recipients: Sequence[str],
    size: int,
    sha256: str,
    options: Options | None = None,
    member: Member | None = None,
    device: uuid.UUID | None = None,
    announce_to: Sequence[str] = (),
    once: str = "",
) -> SecureMessage:
    """A message of which no octet is there yet. `recipients`: the envelope's, all of them; `size` and `sha256` (hex)
    of the mail; `device`: whoever sends it, where a program does; `announce_to`: whom the portal tells itself; `once`:
    see `keep`. Raises VaultError, KeptAlready."""
    if size < 1:
        raise VaultError("empty", "A mail has at least one octet.")
    most: int = settings.PORTAL.vault.most_bytes
    if size > most:
        raise VaultError("too-large", f"A mail has at most {most:,} octets here, and this one {size:,}.")
    who = _address(author)
    since = timezone.now() - timedelta(days=1)
    today = SecureMessage.objects.filter(author=who, begun_at__gte=since).exclude(state=State.REFUSED).count()
    if refusal := quota(who).refusal(size, today):
        raise VaultError("quota", refusal)
    wish, key, now = options or Options(), secrets.token_bytes(seal.KEY), timezone.now()
    row = SecureMessage(
        id=new_id(),
        pen_id=current_pen_id(),
        author=who,
        recipients=_all(recipients),
        announce_to=list(announce_to),
        size=size,
        sha256=sha256.lower(),
        level=wish.level,
        language=wish.language,
        member=member,
        device_id=device,
        begun_at=now,
        touched_at=now,
    )
    sealer = seal.begin(key, storing.place_of(row, storing.MAIL), secrets.token_bytes(seal.SEED))
    row.head = sealer.header
    try:
        with transaction.atomic():
            row.wrapped = unlocking.wrapped(key, row)
            row.save(force_insert=True)
            if once:
                Once.objects.create(message=row, digest=digest(who, once))
    except IntegrityError:
        if once and (same := kept(who, once)):  # somebody else was quicker, with the same
            raise KeptAlready(same) from None
        raise
    return row


def _address(text: str) -> str:
    if fault := fault_of(text.strip()):
        raise VaultError("not-an-address", f"“{text[:80]}” {fault}.")
    try:  # its notification, and the code of whoever reads it, go there by mail
        envelope_address(address := canonical(text))
    except Unsendable:
        raise VaultError(
            "not-an-address", f"“{text[:80]}” cannot stand in a mail's envelope: no mail reaches it."
        ) from None
    return address


def _all(recipients: Sequence[str]) -> list[str]:
    if not recipients:
        raise VaultError("no-recipients", "A secure message has at least one recipient.")
    if len(recipients) > MOST_RECIPIENTS:
        raise VaultError(
            "too-many-recipients", f"A secure message has at most {MOST_RECIPIENTS:,} recipients."
        )
    return list(dict.fromkeys(_address(one) for one in recipients))


def take(message: SecureMessage, number: int, chunks: Iterable[bytes]) -> list[int]:
    """Keep piece `number`, sealed as it comes, in place of what was there; the numbers of those that are there now.
    Raises VaultError, OSError, what `chunks` raise; then what was there stays."""
    if message.state != SecureMessage.State.UPLOADING:
        raise VaultError("not-uploading", "All octets of this message are here already.")
    key = unlocking.key_of(message)
    storing.length_of(message, number)
    storing.pieces_of(message).write(number, storing.sealed(message, key, number, chunks))
    same = SecureMessage.objects.filter(pk=message.pk, state=SecureMessage.State.UPLOADING)
    if not same.update(touched_at=timezone.now()):
        _dropped(message)
        raise VaultError("not-uploading", "All octets of this message are here already.")
    return storing.received(message)


def _dropped(message: SecureMessage) -> None:
    """A piece that came when its message was over already goes again: nobody else looks for it any more. One that is
    being checked, or can be read, stays as it is: it is read by its digests."""
    if (
        not SecureMessage.objects.filter(pk=message.pk)
        .exclude(state__in=(State.ENDED, State.REFUSED))
        .exists()
    ):
        with suppress(OSError):  # it cannot be read: the key is gone
            storing.forget(message)


def complete(message: SecureMessage) -> SecureMessage:
    """All pieces are there: the message as it is now. One piece is checked at once, more by the worker; again, it is
    the same answer. Raises VaultError with what is missing."""
    if message.state == SecureMessage.State.UPLOADING:
        there = set(storing.received(message))
        missing = tuple(number for number in range(message.pieces) if number not in there)
        if missing:
            raise VaultError("pieces-missing", "Not all pieces of this mail are here.", missing)
        checking.begin(message)
        if message.pieces == 1:
            checking.turn_of(message)
    return SecureMessage.objects.get(pk=message.pk)
