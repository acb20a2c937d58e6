"""Whether a mail of a PEN has left with its letterhead: the first report of an agent that says so.

An agent reports each copy to the edge (contract/memory.md §3), and the edge keeps the report in its journal. The portal
reads that journal where both are on one machine (the setting `edge.state`); from an edge elsewhere nothing comes up
yet, and the page says that it cannot know.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import msgspec
from django.conf import settings

from stationer.durable.following import Follower
from stationer.durable.frames import JournalError
from stationer.portal.people.models import Pen
from stationer.wire.memory import Record, Sent

DECODER = msgspec.msgpack.Decoder(Record)
#: How many segments are looked at, the newest.
MOST = 4


def folder(pen: Pen) -> Path:
    """Where an edge on this machine keeps what it knows of the PEN."""
    return Path(settings.EDGE_STATE) / pen.outside_id


def can_know(pen: Pen) -> bool:
    """Whether an edge on this machine keeps anything of this PEN."""
    return folder(pen).is_dir()


def first(pen: Pen) -> datetime | None:
    """When the first mail with the letterhead was reported, as far as the journal goes back; it is kept once found."""
    if pen.first_stamped_at is not None:
        return pen.first_stamped_at
    moments = [at for path in sorted(folder(pen).glob("*.jnl"))[-MOST:] if (at := _in(path)) is not None]
    if not moments:
        return None
    found = datetime.fromtimestamp(min(moments) / 1000, UTC)
    Pen.objects.filter(pk=pen.pk, first_stamped_at=None).update(first_stamped_at=found)
    pen.first_stamped_at = found
    return found


def _in(path: Path) -> int | None:
    """The moment (Unix ms) of the first report in a segment that names what was used."""
    try:
        for data in Follower(path).more():
            record = DECODER.decode(data)
            if isinstance(record, Sent) and record.used:
                return record.at
    except (OSError, JournalError, msgspec.MsgspecError):
        return None
    return None
