"""What somebody wrote on the editor's page and did not save: kept for them as they write, so that a closed window, a
lost connection or a session that ended costs no words. Nobody else sees it, and nothing of it is in force.
"""

from __future__ import annotations

from datetime import datetime

import msgspec
from django.core.cache import cache
from django.utils import timezone

from stationer.portal.notices.drafts import LARGEST
from stationer.portal.notices.models import Wording
from stationer.portal.people.models import Member

#: How long, in seconds.
KEPT_S = 14 * 86_400


class Unsaved(msgspec.Struct, frozen=True):
    """Words, the number of the version that they were written upon, and when."""

    said: Wording
    upon: int
    at: datetime


def hold(member: Member, said: Wording, upon: int) -> None:
    """These are the member's newest words."""
    octets = msgspec.json.encode(Unsaved(said, upon, timezone.now()))
    if len(octets) <= LARGEST:
        cache.set(_place(member), octets, KEPT_S)


def held(member: Member) -> Unsaved | None:
    """The member's words that are not saved, if any."""
    octets = cache.get(_place(member))
    try:
        return msgspec.json.decode(octets, type=Unsaved) if octets else None
    except msgspec.MsgspecError:  # of another version of ours
        return None


def let_go(member: Member) -> None:
    """They are saved, or not wanted."""
    cache.delete(_place(member))


def _place(member: Member) -> str:
    return f"notice-unsaved:{member.pen_id.hex}:{member.pk.hex}"
