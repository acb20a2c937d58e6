"""Where the numbered links of a PEN's contents lead, as its last publication has them (contract/snapshot.md §7)."""

from __future__ import annotations

from functools import lru_cache

from stationer.pick import Compiled, Damaged, unpack
from stationer.portal.content.pictures import blobs
from stationer.portal.people.models import Pen
from stationer.portal.publishing.models import Publication
from stationer.watch.log import Voice
from stationer.wire import base32

#: By the first 6 bytes of a content's digest, in hex, and the link's number.
Targets = dict[tuple[str, int], str]
say = Voice("portal")


def targets_in(pen: Pen) -> Targets:
    """All targets of contents that are, or were, published in this PEN (its scope is open); none before the first."""
    row = Publication.objects.order_by("-serial").first()
    if row is None:
        return {}
    try:
        return _read(row.blob, row.digest)
    except (OSError, Damaged, LookupError) as fault:
        say.error("publication-unreadable", blob=row.blob, reason=str(fault))
        return {}


@lru_cache(maxsize=32)
def _read(blob: str, digest: str) -> Targets:
    """`digest` is there so that a restored installation never reads what another publication left here."""
    payload = unpack(blobs().get(blob), kind="snapshot", public_key=None).payload
    if not isinstance(payload, Compiled):
        raise LookupError(f"{blob} is no snapshot")
    old = {name: one.targets for name, one in payload.links.items()}
    now = {name: one.targets for name, one in payload.contents.items()}
    return {
        (base32.decode(name)[:6].hex(), number): target
        for name, targets in {**old, **now}.items()
        for number, target in enumerate(targets)
        if isinstance(target, str)
    }
