"""What the API says of devices. Made by `make generated` from the API's description."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec
from msgspec import field


class DeviceShown(msgspec.Struct, kw_only=True):
    """A device, without its secret."""

    id: str
    name: str
    kind: str
    member: str | None
    scopes: list[str]
    created_at: datetime
    last_seen_at: datetime | None
    revoked_at: datetime | None


class KeyShown(msgspec.Struct, kw_only=True):
    """An API key: what it may do, and for which company. `token` is there when it is made, and never
    again."""

    id: str
    name: str
    rights: list[
        Literal[
            "see-names",
            "see-people",
            "change-people",
            "see-content",
            "change-content",
            "publish",
            "see-figures",
            "see-visitors",
            "tell-visits",
            "see-settings",
            "change-settings",
            "see-audit",
            "manage-roles",
            "send-sealed",
        ]
    ]
    pen: str
    pen_name: str
    token: str | None = field(default=None)


class NewKey(msgspec.Struct, kw_only=True, omit_defaults=True):
    """A key to be, and what it may do: nothing that the asking key may not."""

    name: str
    rights: list[
        Literal[
            "see-names",
            "see-people",
            "change-people",
            "see-content",
            "change-content",
            "publish",
            "see-figures",
            "see-visitors",
            "tell-visits",
            "see-settings",
            "change-settings",
            "see-audit",
            "manage-roles",
            "send-sealed",
        ]
    ]
