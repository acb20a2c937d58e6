"""The keys by which a PEN signs its notifications: made at first use, one followed by the next, private halves sealed.

A private half opens by the installation's own key alone (people.sealed); where that is another by now, the key still
proves, and a new one has to be made before anything is signed.
"""

from __future__ import annotations

from base64 import b64decode, b64encode

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from stationer.notice import Key
from stationer.portal.notices.models import SigningKey
from stationer.portal.people import sealed
from stationer.portal.people.owned import new_id
from stationer.watch.log import Voice

_PURPOSE = b"stationer-notice"
say = Voice("notices")


def in_force() -> list[SigningKey]:
    """The keys that prove, the one that signs first. A PEN that has none gets its first."""
    if rows := _kept():
        return rows
    if SigningKey.objects.exists():  # all are retired, or somebody has made one since we looked
        return _kept()
    try:
        with transaction.atomic():
            _make(1)
    except IntegrityError:
        pass  # somebody made it at the same moment
    return _kept()


def _kept() -> list[SigningKey]:
    return list(SigningKey.objects.filter(retired_at__isnull=True))


def _make(number: int) -> SigningKey:
    made = Ed25519PrivateKey.generate()
    row = SigningKey(id=new_id(), number=number, public=made.public_key().public_bytes_raw())
    secret = b64encode(made.private_bytes_raw()).decode("ascii")
    row.private = sealed.seal(secret, _PURPOSE, _place(row))
    row.save(force_insert=True)
    return row


def _place(row: SigningKey) -> tuple[str, ...]:
    return row.pk.hex, row.name, bytes(row.public).hex()


def key_of(row: SigningKey) -> Key:
    """The key as the craft takes it; without its private half where that stays shut."""
    try:
        private = b64decode(sealed.opened(bytes(row.private), _PURPOSE, _place(row)))
    except sealed.StaysShut:
        say.warning("notice-key-shut", key=row.outside_id)
        private = b""
    return Key(row.name, bytes(row.public), private)


def add_key() -> SigningKey:
    """A new key, which signs from now on; the others go on proving. Raises ValidationError when another is made now."""
    in_force()
    newest = SigningKey.objects.first()
    try:
        with transaction.atomic():
            return _make(newest.number + 1 if newest else 1)
    except IntegrityError:
        raise ValidationError(
            _("Somebody else is making a key at this moment. Look again."), code="taken"
        ) from None


def retire(row: SigningKey) -> None:
    """The key proves no more: what waits with its signature is not restored any longer. Raises ValidationError for
    the one that signs."""
    newest = SigningKey.objects.first()
    if newest is None or row.pk == newest.pk:
        raise ValidationError(
            _("This key signs. Make a new one first, then take this one away."), code="signs"
        )
    SigningKey.objects.filter(pk=row.pk, retired_at__isnull=True).update(retired_at=timezone.now())
