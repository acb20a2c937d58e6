"""A provider's client secret at rest (people.sealed).

With another issuer or client it does not open: whoever changes a provider cannot have its secret sent to another.
"""

from __future__ import annotations

from stationer.portal.people import sealed
from stationer.portal.providers.models import Provider
from stationer.portal.providers.told import Refused

_PURPOSE = b"stationer-signin"


def _place(row: Provider) -> tuple[str, ...]:
    return row.pk.hex, row.issuer, row.client_id


def seal(row: Provider, secret: str) -> bytes:
    """The secret as the row keeps it."""
    return sealed.seal(secret, _PURPOSE, _place(row))


def secret_of(row: Provider) -> str:
    """The secret. Raises Refused `answer` where it does not open."""
    try:
        return sealed.opened(bytes(row.secret), _PURPOSE, _place(row))
    except sealed.StaysShut:
        raise Refused("answer", "the client secret does not open: type it again") from None
