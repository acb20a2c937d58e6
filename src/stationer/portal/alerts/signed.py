"""Links in alerts by which an address changes what it is told without signing in: they say who, and which rule.

They never grow old: whoever holds a mail of last year can still switch it off. All they can do is change what that
address is told.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from django.core import signing
from django.urls import reverse

from stationer.portal.people.models import Pen

SALT = "stationer.alerts"


@dataclass(frozen=True)
class Bearer:
    """Who holds a link, in which PEN, and which rule's alert it was in (its outside id, or `digest`)."""

    pen: uuid.UUID
    address: str
    rule: str


def token(bearer: Bearer) -> str:
    """The signed link's last part."""
    return signing.Signer(salt=SALT).sign_object([bearer.pen.hex, bearer.address, bearer.rule])


def read(text: str) -> Bearer | None:
    """Who holds it; None for what we did not sign."""
    try:
        pen, address, rule = signing.Signer(salt=SALT).unsign_object(text)
        return Bearer(uuid.UUID(pen), str(address), str(rule))
    except (signing.BadSignature, ValueError, TypeError):
        return None


def address(bearer: Bearer) -> str:
    """The whole link."""
    home = Pen.objects.get(pk=bearer.pen).url
    return f"{home}{reverse('alerts-by-link', args=[token(bearer)])}"
