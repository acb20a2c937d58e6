"""The header that makes a mail a notification: written, signed, read, proven (contract/notice.md §3, §4)."""

from __future__ import annotations

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Literal, NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from stationer.mime import header_values
from stationer.notice.following import leads_away
from stationer.notice.parties import Parties, parties
from stationer.notice.pen import Key, Pen
from stationer.notice.via import authors_of, written

NAME = "Stationer-Notification"
RESTORED = "Stationer-Restored"
ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,127}")
TIME = re.compile(r"0|[1-9][0-9]{0,15}")
SIGNATURE = re.compile(r"[A-Za-z0-9_-]{86}")

#: Why a mail is no notification of this PEN (contract/notice.md §4).
Unproven = Literal[
    "not-a-notification", "malformed", "other-version", "other-pen", "not-proven", "other-host"
]


class Claim(NamedTuple):
    """What the header says: `at` in milliseconds UTC."""

    pen: str
    id: str
    at: int
    signature: bytes
    #: who wrote, where it went via an address of the PEN's
    authors: tuple[str, ...] | None = None


class Proof(NamedTuple):
    """A notification that this PEN made: which secure message, when (milliseconds UTC), by which of its keys; who wrote
    it to whom, and via which address of the PEN's where it is not the author's own."""

    id: str
    at: int
    key: str
    parties: Parties
    via: str = ""


class NotProven(NamedTuple):
    """It is none of this PEN's, or no longer what the PEN sent."""

    reason: Unproven


def is_id(text: str) -> bool:
    """Whether this may be the id of a PEN or of a secure message."""
    return ID.fullmatch(text) is not None


def signed_octets(who: Parties, pen: str, message: str, at: int, host: str, via: str = "") -> bytes:
    """What is signed: a line for each thing, none of which can hold a line end. `via`: the address of From, where that
    is not the authors'."""
    lines = [
        "stationer-notification v=1",
        *(f"from={address}" for address in who.authors),
        *([f"via={via}"] if via else ()),
        *(f"to={address}" for address in who.recipients),
        f"pen={pen}",
        f"id={message}",
        f"t={at}",
        f"host={host}",
    ]
    return "".join(line + "\n" for line in lines).encode("utf-8", "surrogatepass")


def field_of(key: Key, who: Parties, pen: Pen, message: str, at: int, via: str = "") -> str:
    """The signed field's value, folded. Raises ValueError for a key that is none."""
    signer = Ed25519PrivateKey.from_private_bytes(key.private)
    made = signer.sign(signed_octets(who, pen.id, message, at, pen.host, via))
    signature = urlsafe_b64encode(made).rstrip(b"=").decode("ascii")
    authors = f"\n a={written(who.authors)};" if via else ""
    return f"v=1; pen={pen.id};\n id={message};\n t={at};{authors}\n s={signature}"


def claim_of(mail: bytes) -> Claim | NotProven:
    """What the mail's header says, unproven."""
    values = header_values(mail, NAME)
    if len(values) != 1:
        return NotProven("malformed" if values else "not-a-notification")
    pairs = [pair.partition("=") for pair in re.sub(rb"\s+", b"", values[0]).decode("latin-1").split(";")]
    said = {name: value for name, sign, value in pairs if sign}
    if len(said) < sum(1 for name, sign, _ in pairs if sign) or "v" not in said:
        return NotProven("malformed")
    if said["v"] != "1":
        return NotProven("other-version")
    shapes = (("pen", ID), ("id", ID), ("t", TIME), ("s", SIGNATURE))
    if not all(shape.fullmatch(said.get(name, "")) for name, shape in shapes):
        return NotProven("malformed")
    authors = authors_of(said["a"]) if "a" in said else None
    if "a" in said and authors is None:
        return NotProven("malformed")
    return Claim(said["pen"], said["id"], int(said["t"]), urlsafe_b64decode(said["s"] + "=="), authors)


def read(mail: bytes, pen: Pen) -> Proof | NotProven:
    """Prove that this PEN sent this mail to these people, and that it leads nowhere else. Never raises for a mail."""
    proof = read_header(mail, pen)
    if isinstance(proof, Proof) and leads_away(mail, pen.host):
        return NotProven("other-host")
    return proof


def read_header(mail: bytes, pen: Pen) -> Proof | NotProven:
    """The same of the header alone: where a body would lead is not known. For who has nothing but a header, and shows
    a person what it says; never enough to restore by."""
    claim = claim_of(mail)
    if isinstance(claim, NotProven):
        return claim
    if claim.pen != pen.id:
        return NotProven("other-pen")
    if (who := parties(mail)) is None:
        return NotProven("not-proven")
    via = ""
    if claim.authors is not None:
        if len(who.authors) != 1:  # without that line it would be what another mail has signed
            return NotProven("not-proven")
        via, who = who.authors[0], Parties(claim.authors, who.recipients)
    octets = signed_octets(who, claim.pen, claim.id, claim.at, pen.host, via)
    key = next((key for key in pen.keys if verifies(key, claim.signature, octets)), None)
    if key is None:
        return NotProven("not-proven")
    return Proof(claim.id, claim.at, key.id, who, via)


def verifies(key: Key, signature: bytes, octets: bytes) -> bool:
    """Whether this key made the signature."""
    try:
        Ed25519PublicKey.from_public_bytes(key.public).verify(signature, octets)
    except (InvalidSignature, ValueError):
        return False
    return True
