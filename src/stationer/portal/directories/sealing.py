"""A directory's password at rest (people.sealed).

With another host, port, security or authority it does not open: whoever may change a directory cannot have its
password sent to a server of their own, or to one that an authority of their own vouches for.
"""

from __future__ import annotations

from hashlib import blake2b

from stationer.portal.directories.models import Directory
from stationer.portal.directories.told import Problem
from stationer.portal.people import sealed

_PURPOSE = b"stationer-direct"


def _place(row: Directory) -> tuple[str, ...]:
    authorities = blake2b(row.authorities.strip().encode(), digest_size=20).hexdigest()
    return row.pk.hex, row.host, str(row.port), row.security, authorities


def seal(row: Directory, password: str) -> bytes:
    """The password as the row keeps it."""
    return sealed.seal(password, _PURPOSE, _place(row))


def password_of(row: Directory) -> str:
    """The password; empty where there is none. Raises Problem `password`."""
    raw = bytes(row.password)
    if not raw:
        return ""
    try:
        return sealed.opened(raw, _PURPOSE, _place(row))
    except sealed.StaysShut:
        raise Problem("password") from None
