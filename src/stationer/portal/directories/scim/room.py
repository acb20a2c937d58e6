"""How much a directory may ask and keep here: so many requests in a minute, so many people, groups and memberships.

A sync holds all of it in memory. Rows are counted before more come, and not each time: who was counted has room for
some more without being counted again. The count is in the cache that all processes of a machine share; where several
machines serve one portal there may be a twentieth more for each.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from time import time
from typing import Any, NamedTuple

from django.core.cache import cache
from django.db.models import QuerySet
from scim2_models import SCIMException

from stationer.portal.directories.scim.rows import PushedGroup, PushedPerson, PushedPlace
from stationer.portal.site import counting

#: Requests of one directory in a minute: twice what Entra ID asks a service to bear (25 a second).
MOST_ASKED, WINDOW = 3_000, 60
#: A count is good for so much of the whole, and so many seconds.
SHARE, KEPT = 20, 600


class TooOften(SCIMException):
    """It asks too often (RFC 6585 §4); `again`: in so many seconds it may."""

    status = 429

    def __init__(self, again: int) -> None:
        self.again = again
        super().__init__(detail=f"More than {MOST_ASKED} requests in a minute: go on in {again} seconds.")


class Full(SCIMException):
    """There is no room for more (RFC 4918 §11.5)."""

    status = 507


class Kept(NamedTuple):
    """Rows of a directory, and how many there may be."""

    rows: Callable[[uuid.UUID], QuerySet[Any]]
    most: int


KEPT_ROWS = {
    "users": Kept(lambda key: PushedPerson.objects.filter(directory=key), 200_000),
    "groups": Kept(lambda key: PushedGroup.objects.filter(directory=key), 20_000),
    "memberships": Kept(lambda key: PushedPlace.objects.filter(group__directory=key), 2_000_000),
}


def asks(directory: uuid.UUID) -> None:
    """Once more. Raises TooOften."""
    if counting.tally(f"scim-{directory.hex}", WINDOW) > MOST_ASKED:
        raise TooOften(WINDOW - int(time()) % WINDOW)


def take(directory: uuid.UUID, what: str, more: int) -> None:
    """Room for so many `users`, `groups` or `memberships` more; its directory is held. Raises Full."""
    rows, most = KEPT_ROWS[what]
    name = f"scim-room-{what}-{directory.hex}"
    left = int(cache.get(name, 0))
    if left < more:
        left = min(most - rows(directory).count(), max(more, most // SHARE))
        if left < more:
            raise Full(detail=f"A directory has at most {most} {what} here: choose fewer to be told here.")
    cache.set(name, left - more, KEPT)
