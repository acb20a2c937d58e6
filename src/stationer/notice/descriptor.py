"""The descriptor of a PEN: what agents and add-ins learn of it at a well-known address (contract/notice.md §9).

JSON that is signed line by line, so that no program has to write JSON as another does. Every key of the PEN signs:
whoever knew one of them follows to the next.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterable
from typing import Literal, NamedTuple

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from stationer.notice.hosts import is_host, origin
from stationer.notice.inks import COLOUR
from stationer.notice.pen import Key, Pen
from stationer.notice.plain import one_line
from stationer.notice.proof import is_id, verifies

VERSION = 1
#: Octets of one: many times what it has.
LARGEST = 20_000
MOST_KEYS = 16
CONTROL = re.compile(r"[\x00-\x1f\x7f\u0085\u2028\u2029]")

Access = Literal["open", "controlled", "invitation"]
#: Why octets are no descriptor of this PEN (contract/notice.md §9).
Unfit = Literal["malformed", "other-version", "other-pen", "other-host", "not-signed"]


class PublicKey(msgspec.Struct, frozen=True):
    """A key that proves: 32 octets, in base64 on the wire."""

    id: str
    public: bytes


class Descriptor(msgspec.Struct, frozen=True):
    """A PEN as programs meet it. `issued_at`: milliseconds UTC; `logo`: an address on the host, or empty; `signatures`:
    64 octets by key id, in base64 on the wire. Fields that a reader does not know are for later versions."""

    v: int
    id: str
    name: str
    host: str
    keys: tuple[PublicKey, ...]
    tag: str
    api: str
    enrolment: str
    access: Access
    colour: str
    logo: str
    issued_at: int
    signatures: dict[str, bytes] = {}


class NotDescribed(NamedTuple):
    """It is none of this PEN's."""

    reason: Unfit


def described(pen: Pen, access: Access, enrolment: str, issued_at: int) -> Descriptor:
    """The PEN's descriptor, signed by all of its keys that have a private half. `enrolment`: a path on the host."""
    base = origin(pen.host)
    plain = Descriptor(
        v=VERSION,
        id=pen.id,
        name=one_line(pen.name),
        host=pen.host,
        keys=tuple(PublicKey(key.id, key.public) for key in pen.keys),
        tag=one_line(pen.shown_tag),
        api=f"{base}/api/v1",
        enrolment=base + enrolment,
        access=access,
        colour=pen.colour,
        logo=pen.logo.url if pen.logo else "",
        issued_at=issued_at,
    )
    octets = descriptor_octets(plain)
    signed = {
        key.id: Ed25519PrivateKey.from_private_bytes(key.private).sign(octets)
        for key in pen.keys
        if key.private
    }
    return msgspec.structs.replace(plain, signatures=signed)


def descriptor_octets(one: Descriptor) -> bytes:
    """What is signed: a line for each thing, none of which can hold a line end."""
    lines = [
        f"stationer-pen v={one.v}",
        f"id={one.id}",
        f"name={one.name}",
        f"host={one.host}",
        *(f"key={key.id} {b64encode(key.public).decode('ascii')}" for key in one.keys),
        f"tag={one.tag}",
        f"api={one.api}",
        f"enrolment={one.enrolment}",
        f"access={one.access}",
        f"colour={one.colour}",
        f"logo={one.logo}",
        f"t={one.issued_at}",
    ]
    return "".join(line + "\n" for line in lines).encode("utf-8", "surrogatepass")


def discovered(
    octets: bytes, pen: str, host: str, known: Iterable[PublicKey | Key] = ()
) -> Descriptor | NotDescribed:
    """Read the descriptor of this PEN at this host. `known`: its keys that are known already; one of them has to have
    signed. Without any it is believed for the TLS by which it came, and signed by its first key. Never raises."""
    if len(octets) > LARGEST:
        return NotDescribed("malformed")
    try:
        version = msgspec.json.decode(octets, type=dict[str, object]).get("v")
        if version != VERSION:
            return NotDescribed("malformed" if version is None else "other-version")
        one = msgspec.json.decode(octets, type=Descriptor)
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        return NotDescribed("malformed")
    if not _is_sound(one):
        return NotDescribed("malformed")
    if one.id != pen:
        return NotDescribed("other-pen")
    base = origin(host) + "/"
    places = [one.api, one.enrolment, *filter(None, [one.logo])]
    if one.host != host or not all(place.startswith(base) for place in places):
        return NotDescribed("other-host")
    return one if _is_signed(one, tuple(known)) else NotDescribed("not-signed")


def _is_sound(one: Descriptor) -> bool:
    texts = (one.name, one.tag, one.api, one.enrolment, one.logo)
    ids = [key.id for key in one.keys]
    return (
        is_id(one.id)
        and is_host(one.host)
        and 0 < len(one.keys) <= MOST_KEYS
        and all(map(is_id, ids))
        and len(set(ids)) == len(ids)
        and all(len(key.public) == 32 for key in one.keys)
        and COLOUR.fullmatch(one.colour) is not None
        and one.issued_at >= 0
        and not any(CONTROL.search(text) for text in texts)
    )


def _is_signed(one: Descriptor, known: tuple[PublicKey | Key, ...]) -> bool:
    octets = descriptor_octets(one)
    trusted = {key.public for key in known} or {one.keys[0].public}
    return any(
        verifies(Key(key.id, key.public), one.signatures.get(key.id, b""), octets)
        for key in one.keys
        if key.public in trusted
    )
