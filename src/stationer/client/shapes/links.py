"""What the API says of links. Made by `make generated` from the API's description."""

from __future__ import annotations

from datetime import datetime

import msgspec
from msgspec import field


class LinkDomainShown(msgspec.Struct, kw_only=True):
    """The name, the DNS entry to make, since when it is known to lead here, and what is wrong with it
    (after a look)."""

    name: str
    entry: dict[str, str] | None
    proven_at: datetime | None
    wrong: str = field(default="")


class LinkDomain(msgspec.Struct, kw_only=True, omit_defaults=True):
    """The name; empty: none."""

    name: str
