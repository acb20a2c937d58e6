"""The link by which somebody sees what a PEN knows of them: their address, sealed, so that only the portal reads it."""

from __future__ import annotations

import secrets
import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from hashlib import blake2b

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils.translation import gettext as _

from stationer.pick.addresses import canonical
from stationer.portal.people.models import Pen

#: How long such a link works, in seconds.
LIFE = 30 * 86_400


def _cipher(pen: Pen) -> ChaCha20Poly1305:
    key = blake2b(b"", digest_size=32, key=bytes(pen.mark_key)[:64], person=b"stationer-known").digest()
    return ChaCha20Poly1305(key)


def seal(pen: Pen, address: str, now: float | None = None) -> str:
    """A token that carries this address and its moment (RFC 8439; a new nonce each), bound to the PEN."""
    nonce, moment = secrets.token_bytes(12), int(time.time() if now is None else now).to_bytes(6, "big")
    said = _cipher(pen).encrypt(nonce, moment + canonical(address).encode(), pen.id.bytes)
    return urlsafe_b64encode(nonce + said).decode("ascii").rstrip("=")


def read(pen: Pen, token: str, now: float | None = None) -> str | None:
    """The address in this token; None for what this PEN did not write, and for what is over."""
    try:
        raw = urlsafe_b64decode(token + "=" * (-len(token) % 4))
        said = _cipher(pen).decrypt(raw[:12], raw[12:], pen.id.bytes)
    except (ValueError, InvalidTag):
        return None
    age = (time.time() if now is None else now) - int.from_bytes(said[:6], "big")
    return said[6:].decode() if age <= LIFE else None


def page_of(pen: Pen, address: str) -> str:
    """The whole address of the page that is theirs."""
    return settings.PUBLIC_URL + reverse("known", args=[pen.outside_id, seal(pen, address)])


def write(pen: Pen, address: str) -> None:
    """Send them the link: whoever reads that mailbox may see the page."""
    words = _(
        "Somebody, probably you, asked what {name} knows of this address.\n\n"
        "Here you see it, and can say that you do not want to be followed, or have it forgotten:\n\n{url}\n\n"
        "The link works for 30 days. If it was not you, nothing happens."
    ).format(name=pen.name, url=page_of(pen, address))
    EmailMessage(_("What {name} knows of you").format(name=pen.name), words, to=[address]).send()
