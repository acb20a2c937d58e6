"""What is left of an address that was erased: a keyed hash, which tells it from others and reads as nobody
(contract/vault.md §6). Whoever shows the address again is known by it; who they are, nobody can read from it."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from functools import lru_cache
from hashlib import blake2b

from stationer.notice import canonical
from stationer.portal.people.models import Pen
from stationer.portal.people.scope import current_pen_id

#: No address begins so and has no `@`.
SIGN = "#"


def face(address: str) -> str:
    """`#` and BLAKE2b-128 of the canonical address in hex, keyed with the PEN's `mark_key`; of the PEN in scope."""
    return (
        SIGN
        + blake2b(
            canonical(address).encode(), digest_size=16, key=_key(current_pen_id()), person=b"stationer-vault"
        ).hexdigest()
    )


def faces(addresses: Iterable[str]) -> dict[str, str]:
    """By its face, each address."""
    return {face(one): one for one in addresses}


@lru_cache(maxsize=1_024)
def _key(pen: uuid.UUID) -> bytes:
    return bytes(Pen.objects.values_list("mark_key", flat=True).get(pk=pen))[:64]
