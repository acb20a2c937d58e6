"""The PEN's gateway: where it is, its secret, and what one call of it says (contract/hooks.md §5)."""

from __future__ import annotations

import secrets
from datetime import UTC

import msgspec
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from stationer.portal.hooks import calling, signing
from stationer.portal.people import sealed
from stationer.portal.people.models import Pen
from stationer.portal.reading import codes
from stationer.portal.reading.phone_rows import Gateway, PhoneCode
from stationer.wire import ids
from stationer.wire.hooks import CodeByPhone, Phoned

_PURPOSE = b"stationer-phone"


def there() -> Gateway | None:
    """The gateway of the PEN in scope, if it has one that is on."""
    return Gateway.objects.filter(on=True).first()


def exchange(row: Gateway) -> str:
    """A new secret; the one before signs no more. The row is not saved. Returns it as it is shown, once."""
    raw = secrets.token_bytes(32)
    row.secret = sealed.seal(raw.hex(), _PURPOSE, (row.pk.hex,))
    return signing.written(raw)


def secret_of(row: Gateway) -> bytes:
    """The secret. Raises people.sealed.StaysShut."""
    return bytes.fromhex(sealed.opened(bytes(row.secret), _PURPOSE, (row.pk.hex,)))


def call_of(pen: Pen, row: Gateway, code: PhoneCode) -> calling.Call:
    """The call that brings this code; inside the PEN's scope. Raises people.sealed.StaysShut."""
    name = f"{ids.outside('delivery', code.pk)}-{code.sends}"
    return calling.Call(row.url, name, body_of(pen, code), [secret_of(row)])


def body_of(pen: Pen, code: PhoneCode) -> bytes:
    """What the gateway is told; made when it is called, and never kept."""
    said, reference = codes.digits(code), codes.reference(code)
    with translation.override(code.language):
        text = _text(pen.name, f"{said[:4]} {said[4:]}", reference, test=code.contact_id is None)
    data = CodeByPhone(
        code.number, text, said, reference, code.language, code.expires_at.astimezone(UTC),
        test=code.contact_id is None,
    )  # fmt: skip
    return msgspec.json.encode(Phoned(timezone.now().astimezone(UTC), data))


def _text(company: str, code: str, reference: str, *, test: bool) -> str:
    if test:
        return _("A test of {company}: codes arrive here. Reference {reference}.").format(
            company=company[:60], reference=reference
        )
    return _("{code} is your code for {company}, reference {reference}. Nobody asks you for it.").format(
        code=code, company=company[:60], reference=reference
    )
