"""What keeps eligible campaigns from a mail: quiet groups, blackout, holdout (contract/pick.md §1)."""

from __future__ import annotations

from hashlib import blake2b
from typing import Literal, NamedTuple

from stationer.pick.index import Snapshot
from stationer.pick.walk import Mail

_PERSON = b"stationer-hold"  # BLAKE2b's personalisation: no other draw under the same key is like this one


class Withheld(NamedTuple):
    """Why no campaign, or not this one, is shown: `group` or `blackout` (a number) says which."""

    why: Literal["quiet", "blackout", "holdout"]
    group: str = ""
    blackout: int = -1


def shown(snapshot: Snapshot, mail: Mail, eligible: int) -> int:
    """The campaigns of `eligible` (a mask) that nothing keeps from the mail. `mail` is the whole mail."""
    if general(snapshot, mail) is not None:
        return 0
    held = eligible & snapshot.holdouts
    while held:
        lowest = held & -held
        if held_back(snapshot, mail, lowest.bit_length() - 1):
            eligible ^= lowest
        held ^= lowest
    return eligible


def general(snapshot: Snapshot, mail: Mail) -> Withheld | None:
    """What keeps every campaign from the mail."""
    if snapshot.quiet and not snapshot.quiet.isdisjoint(mail.sender.groups):
        return Withheld("quiet", next(group for group in mail.sender.groups if group in snapshot.quiet))
    if snapshot.blackout is not None and (now := snapshot.blackout.at(mail.now)):
        return Withheld("blackout", blackout=(now & -now).bit_length() - 1)
    return None


def held_back(snapshot: Snapshot, mail: Mail, campaign: int) -> bool:
    """Whether the draw of this campaign's holdout falls on the mail's sender and recipients."""
    offer = snapshot.compiled.campaigns[campaign]
    words = "\0".join([mail.sender.id, *sorted(recipient.address for recipient in mail.recipients), offer.id])
    drawn = blake2b(
        words.encode("utf-8", "surrogatepass"),
        digest_size=8,
        key=snapshot.compiled.mark_key[:64],
        person=_PERSON,
    ).digest()
    return int.from_bytes(drawn, "big") * 100 >> 64 < offer.holdout
