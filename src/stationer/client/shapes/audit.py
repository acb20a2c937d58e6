"""What the API says of audit. Made by `make generated` from the API's description."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec
from msgspec import field


class EntryShown(msgspec.Struct, kw_only=True):
    """What was done to what, when, by whom (`via` a page, a key, a device, the portal itself), by names of
    then."""

    id: str
    at: datetime
    who: str
    address: str
    via: str
    via_name: str
    path: str
    what: str
    noun: str
    noun_id: str
    called: str
    count: int
    lines: list[Line]


class Line(msgspec.Struct, kw_only=True):
    """A field before and after."""

    about: str
    before: Any | None = field(default=None)
    after: Any | None = field(default=None)
