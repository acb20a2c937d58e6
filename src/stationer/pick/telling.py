"""What goes up to the portal of a pick: whom it was addressed to, and what it offered (contract/uplink.md §2)."""

from __future__ import annotations

from collections.abc import Iterable

from stationer.pick.addresses import canonical_all
from stationer.pick.index import Snapshot
from stationer.wire.uplink import Addressed, AddressedCopy, Offer


def told(
    snapshot: Snapshot,
    pick: str,
    at: int,
    sender: str,
    copies: Iterable[tuple[list[str], bool, tuple[Offer, ...]]],
    held: tuple[str, ...] = (),
) -> Addressed:
    """A pick that was answered at `at` (Unix ms), as a PEN that does not forbid it tells its portal.

    `copies`: for each its recipients as they were written, whether it has `rest`, and its candidates. An address counts
    once however often it was written, and what can be no address does not count.
    """
    domains = snapshot.compiled.management.tracking == "domains"
    found = []
    for written, rest, offers in copies:
        once = dict.fromkeys(canonical_all(written)) if written else {}
        once.pop("", None)
        addresses = tuple(["@" + one.rpartition("@")[2] for one in once] if domains else once)
        found.append(AddressedCopy(len(addresses), addresses, rest, offers))
    return Addressed(snapshot.compiled.pen, pick, at, sender, tuple(found), held)
