"""Who does not want to be followed: kept as a keyed hash, so that they stay out and nobody can read who they are."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable, Mapping
from datetime import datetime
from hashlib import blake2b

from stationer.pick.addresses import canonical
from stationer.portal.people.models import Pen
from stationer.portal.people.scope import current_pen_id
from stationer.portal.statistics.models import Erased, Hit, Link, Mail, OptOut

#: So much of a key stays of an address that is masked, and how that looks.
HEAD = 16
_MASKED = re.compile(rf"#[0-9a-f]{{{HEAD}}}@")


def key_of(pen: Pen, address: str) -> str:
    """16 bytes in hex: BLAKE2b of the canonical address, keyed with the PEN's `mark_key` (docs/privacy.md)."""
    said = canonical(address).encode()
    return blake2b(said, digest_size=16, key=bytes(pen.mark_key)[:64], person=b"stationer-out").hexdigest()


def hashed(pen: Pen, address: str) -> str:
    """What masking leaves of an address where it leaves a hash. Its `#` begins no address of ours (RFC 5322 §3.4.1
    allows it, and nobody has one)."""
    return f"#{key_of(pen, address)[:HEAD]}@{address.rpartition('@')[2]}"


def faces(address: str) -> tuple[str, str]:
    """As what an address may stand in the PEN in scope: as itself, and masked."""
    return address, hashed(here(), address)


def here() -> Pen:
    """The PEN in scope."""
    return Pen.objects.get(pk=current_pen_id())


def followed(
    hits: Iterable[Hit], mails: Mapping[uuid.UUID, Mail], links: Mapping[uuid.UUID, Link]
) -> list[Hit]:
    """Those of these hits that may be told of: not of whoever does not want to be followed (any more)."""
    quiet = {pk for pk, mail in mails.items() if mail.quiet}
    out = are_out(link.address for link in links.values() if link.address)
    quiet |= {pk for pk, link in links.items() if link.address in out}
    return [hit for hit in hits if hit.mail_id not in quiet and hit.link_id not in quiet]


def are_out(addresses: Iterable[str]) -> set[str]:
    """Those of these addresses that do not want to be followed by the PEN in scope."""
    wanted = set(addresses)
    if not wanted or not OptOut.objects.exists():
        return set()
    pen = here()
    masked = {one for one in wanted if _MASKED.match(one)}
    keys = {key_of(pen, one): one for one in wanted - masked}
    every = list(keys)
    found = _masked_out(masked)
    for start in range(0, len(every), 500):
        some = OptOut.objects.filter(key__in=every[start : start + 500])
        found.update(keys[key] for key in some.values_list("key", flat=True))
    return found


def _masked_out(masked: set[str]) -> set[str]:
    """Those of these masked addresses whose hash is that of somebody who does not want to be followed."""
    if not masked:
        return set()
    heads = {key[:HEAD] for key in OptOut.objects.values_list("key", flat=True)}
    return {one for one in masked if one[1 : HEAD + 1] in heads}


def were_erased(addresses: Iterable[str]) -> dict[str, datetime]:
    """Those of these addresses that the PEN in scope has forgotten, and when: mails of before name them no more."""
    wanted = set(addresses)
    if not wanted or not Erased.objects.exists():
        return {}
    pen = here()
    keys = {key_of(pen, one): one for one in wanted}
    every: list[str] = list(keys)
    found: dict[str, datetime] = {}
    for start in range(0, len(every), 500):
        rows = Erased.objects.filter(key__in=every[start : start + 500])
        found |= {keys[key]: at for key, at in rows.values_list("key", "at")}
    return found


def note_erased(address: str, at: datetime) -> None:
    """From this moment on, older mails name the address no more, whenever they are told of."""
    Erased.objects.update_or_create(key=key_of(here(), address), defaults={"at": at})


def kept(address: str, tracking: str) -> str:
    """What a PEN keeps of an address: all of it, its domain, or nothing (contract/links.md §1)."""
    if tracking == "people" or not address:
        return address
    return f"@{address.rpartition('@')[2]}" if tracking == "domains" else ""


def is_out(address: str) -> bool:
    """Whether this one does not want to be followed."""
    return bool(are_out([address]))


def put_out(address: str) -> None:
    """From now on nothing of this address is kept."""
    OptOut.objects.get_or_create(key=key_of(here(), address))


def let_in(address: str) -> None:
    """They have changed their mind."""
    OptOut.objects.filter(key=key_of(here(), address)).delete()
