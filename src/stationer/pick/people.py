"""read_roll: who may ask (by the hash of a token), and who somebody is (by any of their addresses)."""

from __future__ import annotations

from typing import NamedTuple

from stationer.pick.addresses import canonical
from stationer.pick.marks import person_digest
from stationer.wire.roll import Device, Person, Roll


class RollIndex(NamedTuple):
    """The roll ready to be asked. Keys are canonical addresses, SHA-256 digests of tokens, ids.

    `spellings` has all canonical addresses of whoever has that one. `digests` (by person's id) and `by_digest` are
    empty unless `read_roll` was given the PEN's mark key; `named` fills them then.
    """

    devices: dict[bytes, Device]
    people: dict[str, Person]
    spellings: dict[str, tuple[str, ...]]
    members: dict[str, Person]
    digests: dict[str, str]
    by_digest: dict[str, Person]
    mark_key: bytes


def plain_value(text: str) -> str:
    """An attribute's value as rules compare it: trimmed, case-folded."""
    return text.strip().casefold()


def read_roll(roll: Roll, mark_key: bytes = b"") -> RollIndex:
    """The index over a roll. Of two people with one address the first has it."""
    people: dict[str, Person] = {}
    spellings: dict[str, tuple[str, ...]] = {}
    for person in roll.people:
        own = tuple(dict.fromkeys(map(canonical, (person.address, *person.aliases))))
        for address in own:
            if people.setdefault(address, person) is person:
                spellings[address] = own
    index = RollIndex(
        devices={device.token_sha256: device for device in roll.devices},
        people=people,
        spellings=spellings,
        members={person.id: person for person in roll.people},
        digests={},
        by_digest={},
        mark_key=mark_key,
    )
    return named(index, mark_key) if mark_key else index


def named(index: RollIndex, mark_key: bytes) -> RollIndex:
    """The same roll with its people's digests under a PEN's mark key."""
    if index.mark_key == mark_key and index.digests:
        return index
    digests = {person.id: person_digest(mark_key, person.attributes) for person in index.members.values()}
    by_digest = {digests[person.id]: person for person in index.members.values()}
    return index._replace(digests=digests, by_digest=by_digest, mark_key=mark_key)


def digest_of(index: RollIndex, person: Person, mark_key: bytes) -> str:
    """The person's digest, looked up when the index has it."""
    if index.mark_key == mark_key and person.id in index.digests:
        return index.digests[person.id]
    return person_digest(mark_key, person.attributes)


def person_named(index: RollIndex, digest: str, mark_key: bytes) -> Person | None:
    """Whoever has this digest. Slow (one hash a person) unless the index was read with the mark key."""
    return named(index, mark_key).by_digest.get(digest)
