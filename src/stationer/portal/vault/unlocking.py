"""Keys of PENs and messages, made and unwrapped (contract/seal.md §1, §6). A row is read before the ring is."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.db import IntegrityError, transaction

from stationer.keys import Holder, KeyringFileError, KmsError
from stationer.portal.people.scope import current_pen_id
from stationer.portal.vault.errors import VaultError
from stationer.portal.vault.models import PenKey, SecureMessage
from stationer.seal import KEY, Owner, Ring, SealError, key_id, ring, unwrap, wrap, wrapped_under
from stationer.watch.log import Voice

say = Voice("vault")
SHUT = "Secure messages cannot be opened or kept now: the server's keys are not at hand. Ask whoever runs it."
#: Keyrings of this process, read once and again when their files change.
_holder = lru_cache(maxsize=4)(Holder)


def holder() -> Holder:
    """The installation's keys. Raises VaultError, and says in the log what is wrong."""
    path: Path = settings.PORTAL.keyring
    with _told():
        return _holder(path)


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except (KeyringFileError, KmsError, SealError) as fault:
        say.error("key-not-opened", reason=str(fault))
        raise VaultError("keyring", SHUT) from fault


def _raw(row: PenKey) -> bytes:
    """The PEN's key of this row. Raises VaultError."""
    wrapped = bytes(row.wrapped)
    with _told():
        return holder().unwrap(wrapped, Owner("pen", row.pen_id.hex, row.name))


def make_pen_key() -> PenKey:
    """A new primary key of the PEN in scope; those of before stay, and open what is under them. Raises VaultError."""
    raw, pen = secrets.token_bytes(KEY), current_pen_id()
    name = key_id(raw)
    with _told():
        wrapped = holder().wrap(raw, Owner("pen", pen.hex, name))
    with transaction.atomic():
        PenKey.objects.filter(primary=True).update(primary=False)
        return PenKey.objects.create(name=name, wrapped=wrapped)


def primary_key() -> PenKey:
    """The key that the PEN's messages are wrapped under; its first is made now. Raises VaultError."""
    row = PenKey.objects.filter(primary=True).first()
    if row is None:
        try:
            with transaction.atomic():
                row = make_pen_key()
        except IntegrityError:  # somebody else made it at the same moment
            row = PenKey.objects.get(primary=True)
    return row


def pen_ring(names: set[str] | None = None) -> Ring:
    """The keys of the PEN in scope, unwrapped: all, or those of these names and the primary. Raises VaultError."""
    first = primary_key()
    rows = PenKey.objects.exclude(pk=first.pk)
    rows = rows if names is None else rows.filter(name__in=names)
    return ring(_raw(first), tuple(_raw(row) for row in rows))


def wrapped(key: bytes, message: SecureMessage) -> bytes:
    """A new message's key as its row keeps it. Raises VaultError."""
    return wrap(pen_ring(set()), key, Owner("message", message.pen_id.hex, message.pk.hex))


def key_of(message: SecureMessage) -> bytes:
    """The message's key (32 octets). Raises VaultError: it has none any more, or the keys are not at hand."""
    if message.wrapped is None:
        raise VaultError("ended", "This message is not kept any more.")
    said = bytes(message.wrapped)
    with _told():
        row = PenKey.objects.filter(name=wrapped_under(said)).first()
        keys = ring(_raw(row)) if row else Ring("", {})
        return unwrap(keys, said, Owner("message", message.pen_id.hex, message.pk.hex))
