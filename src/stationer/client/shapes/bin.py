"""What the API says of bin. Made by `make generated` from the API's description."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec
from msgspec import field


class BinnedShown(msgspec.Struct, kw_only=True):
    """Something that was deleted, and until when it can be brought back."""

    id: str
    kind: Literal["template", "campaign", "message", "group", "list"]
    name: str
    binned_at: datetime
    until: datetime


class Restored(msgspec.Struct, kw_only=True):
    """What is there again. `id` is empty for a list, which has a name."""

    kind: Literal["template", "campaign", "message", "group", "list"]
    id: str
    name: str
    people_gone: int = field(default=0)
