"""Signed or encrypted? What says so, whatever lists and gateways have made of the mail (contract/stamp.md §2).

S/MIME: RFC 8551 §3. PGP/MIME: RFC 3156. OpenPGP armour in a text: RFC 9580 §6.2; packets: §4.2. CMS as text: RFC 7468.
"""

from __future__ import annotations

import binascii
import re
from codecs import BOM_UTF8
from typing import Literal

from stationer.mime import Part
from stationer.mime.coding import PLAIN, decoded

Seal = Literal["encrypted", "signed"]

TYPES: dict[str, Seal] = {
    "multipart/encrypted": "encrypted",
    "multipart/x-pgp-encrypted": "encrypted",
    "application/pgp-encrypted": "encrypted",
    "application/autocrypt-setup": "encrypted",
    "multipart/signed": "signed",
    "application/pgp-signature": "signed",
    "application/pkcs7-signature": "signed",
    "application/x-pkcs7-signature": "signed",
    "text/x-pgp": "signed",
}
SMIME = frozenset({"application/pkcs7-mime", "application/x-pkcs7-mime"})
MESSAGES = frozenset({"message/rfc822", "message/global", "message/news"})
#: The content type inside a CMS object (RFC 5652 §3): id-signedData.
SIGNED_DATA = bytes.fromhex("06092a864886f70d010702")
ARMOUR = re.compile(
    rb"(?i:<(?P<ends>/?)blockquote\b)"
    rb"|-----BEGIN PGP (?:(?P<message>MESSAGE)|SIGNED MESSAGE|SIGNATURE)(?:, PART [^-\n]{1,20})?-----"
    rb"|-----BEGIN (?:PKCS7|CMS)-----(?P<cms>[A-Za-z0-9+/\s]{0,200})"
)
#: What base64 of an armour begins with, white space or a byte order mark before it, or of an OpenPGP packet below.
SEALED_IN_BASE64 = (
    b"LS0tLS1CRUdJTiBQR1Ag",
    b"g",
    b"h",
    b"i",
    b"j",
    b"w",
    b"DQ",
    b"Cg",
    b"Ci",
    b"CS",
    b"IC",
    b"77u/",
)
#: The first octets of an OpenPGP message in its binary form (RFC 9580 §4.2, §5.1–5.3): the header of its first packet,
#: old or new, a version, and an algorithm or a type that there is.
LENGTH = (
    rb"(?:[\x84\x88\x8c].|[\x85\x89\x8d]..|[\x86\x8a\x8e].{4}|[\xc1-\xc3](?:[\0-\xbf]|[\xc0-\xdf].|\xff.{4}))"
)
PACKET = re.compile(
    rb"(?=(?P<key>[\x84-\x86\xc1])|(?P<session>[\x8c-\x8e\xc3])|[\x88-\x8a\xc2])" + LENGTH + rb"(?:"
    rb"(?(key)(?:\x03.{8}[\x01\x02\x10\x12]|\x06(?:\0|\x15\x04.{20}|\x21\x06.{32})[\x01\x19\x1a])"
    rb"|(?(session)(?:\x04[\x01-\x0d][\0\x01\x03\x04]|(?:\x05|\x06.)[\x01-\x0d][\x01-\x03])"
    rb"|(?:\x03\x05[\0\x01]|[\x04-\x06][\0\x01][\x01\x11\x13\x16\x1b\x1c][\x01-\x03\x08-\x0e]))))",
    re.DOTALL,
)
SIGNATURE_ENDS = (b".sig", b".asc", b".pgp", b".gpg", b".sign")
#: White space, besides what `strip` takes for it.
HARD_SPACES = (b"&nbsp;", b"&#160;", b"\xc2\xa0")
#: How an armour's first word travels in quoted-printable, where a line may end softly in it.
TORN = (
    b"BEGIN",
    *(b"BEGIN"[:at] + soft + b"BEGIN"[at:] for at in range(1, 5) for soft in (b"=\n", b"=\r\n")),
)
#: Octets before an armour that are looked at.
LONGEST_LEAD = 300
#: What a message carried along says of itself; it is read as lines, never entered.
DECLARED = re.compile(
    rb"^Content-Type[ \t]*:\s*(?:(multipart/encrypted|application/pgp-encrypted|application/(?:x-)?pkcs7-mime)"
    rb"|multipart/signed|application/pgp-signature|application/(?:x-)?pkcs7-signature)",
    re.IGNORECASE | re.MULTILINE,
)
#: Octets of an attachment that are looked at for an armour or a CMS object.
HEAD = 400


def seals_of(parts: list[Part]) -> frozenset[Seal]:
    """What the parts of a mail say, each on its own."""
    return frozenset(seal for part in parts if (seal := seal_of(part)))


def seal_of(part: Part) -> Seal | None:
    """What one part says: by its type, its file's name, or what stands in it."""
    if part.type in TYPES:
        return TYPES[part.type]
    if part.type in SMIME:
        return _of_cms(part, part.parameters.get("smime-type", b"").strip().lower())
    if part.is_multipart:
        return _of_multipart(part)
    if part.type in MESSAGES:
        return _of_message(part)
    if part.type == "application/pgp":  # older than RFC 3156; its action tells which
        return "encrypted" if b"encrypt" in part.parameters.get("x-action", b"") else "signed"
    if part.filename and (seal := _of_file(part)):
        return seal
    if part.type.startswith("text/") and part.disposition != "attachment":
        return of_text(part)
    return of_attachment(part)


def file_names(part: Part) -> tuple[bytes, ...]:
    """The names that the part's fields give its file, in lower case."""
    if not part.filename:
        return ()
    return tuple(name.strip().lower() for name in (part.parameters.get("name", b""), part.named) if name)


def head_of(part: Part) -> bytes:
    """The first octets of the part's content."""
    encoded = part.data[part.body : min(part.end, part.body + HEAD)]
    return _letters(encoded) if part.encoding == "base64" else decoded(encoded, part.encoding) or b""


def _letters(encoded: bytes) -> bytes:
    """The octets of a beginning in base64."""
    letters = re.sub(rb"[^A-Za-z0-9+/]", b"", encoded)
    return binascii.a2b_base64(letters[: len(letters) // 4 * 4])


def _of_cms(part: Part, told: bytes) -> Seal:
    """An S/MIME object: signed when it says so, or, where it says nothing, when its content type is that."""
    if told in (b"signed-data", b"certs-only"):
        return "signed"
    return "signed" if not told and SIGNED_DATA in head_of(part)[:40] else "encrypted"


def _of_multipart(part: Part) -> Seal | None:
    """Gateways that turn a protected mail into a mixture may leave its parameters (RFC 1847 §2)."""
    protocol = part.parameters.get("protocol", b"").lower()
    if b"encrypted" in protocol:
        return "encrypted"
    return "signed" if b"signature" in protocol or "micalg" in part.parameters else None


def _of_file(part: Part) -> Seal | None:
    names = file_names(part)
    if any(name.endswith((b".p7m", b".p7z")) for name in names) and not part.type.startswith("text/"):
        return _of_cms(part, b"")
    return "signed" if any(name.endswith(b".p7s") for name in names) else None


def of_attachment(part: Part) -> Seal | None:
    """A file that is an OpenPGP message or signature is a part of a protected mail that a gateway took apart; the
    signature of another file that is there is none."""
    begins = part.data[part.body : part.body + HEAD].lstrip()
    if part.encoding == "base64" and not begins.startswith(SEALED_IN_BASE64):
        return None
    head = head_of(part)
    words = head.removeprefix(BOM_UTF8).lstrip()
    seal = armoured(words) if words.startswith(b"-----BEGIN PGP ") else _of_packet(head)
    return None if seal == "signed" and is_of_a_file(part) else seal


def _of_packet(head: bytes) -> Seal | None:
    """What the first packet of an OpenPGP message says: a session key encrypts, a signature signs."""
    found = PACKET.match(head)
    if not found:
        return None
    return "encrypted" if found["key"] or found["session"] else "signed"


def is_of_a_file(part: Part) -> bool:
    """Whether this signature's file is named after another one beside it (`offer.pdf.sig` and `offer.pdf`)."""
    signed = {
        name.removesuffix(end) for name in file_names(part) for end in SIGNATURE_ENDS if name.endswith(end)
    }
    beside = part.parent.children if part.parent else []
    return any(name in signed for near in beside if near is not part for name in file_names(near))


def _of_message(part: Part) -> Seal | None:
    """A mail that carries a protected one along is left alone whole: programs differ in what they show as signed."""
    held = decoded(part.encoded, part.encoding) or b""
    found = {bool(declared[1]) for declared in DECLARED.finditer(held)}
    if not found:
        return armoured(held)
    return "encrypted" if True in found else "signed"


def of_text(part: Part) -> Seal | None:
    """An OpenPGP message or a CMS object (RFC 7468 §8, §9) in a text part, not one that is quoted."""
    if part.encoding != "base64" and not may_hold_armour(part):
        return None
    return armoured(decoded(part.encoded, part.encoding) or b"")


def may_hold_armour(part: Part) -> bool:
    """Whether an armour's first line may stand in a part that is not base64; none does above the first hyphen, or what
    quoted-printable may write for one."""
    data, at, end = part.data, part.body, part.end
    if part.encoding in PLAIN:
        first = data.find(b"-", at, end)
        return first >= 0 and data.find(b"-----BEGIN ", first, end) >= 0
    return any(data.find(begin, at, end) >= 0 for begin in TORN)


def armoured(plain: bytes) -> Seal | None:
    """What the first armour says that is neither quoted nor only mentioned in a sentence."""
    depth = 0
    for found in ARMOUR.finditer(plain):
        at = found.start()
        if found["ends"] is not None:
            depth = max(0, depth + (-1 if found["ends"] else 1))
        elif not depth and is_beginning(plain[max(0, at - LONGEST_LEAD) : at]):
            if (cms := found["cms"]) is not None:
                return "signed" if SIGNED_DATA in _letters(cms)[:40] else "encrypted"
            return "encrypted" if found["message"] else "signed"
    return None


def is_beginning(lead: bytes) -> bool:
    """Whether an armour begins behind this: with a line, or behind a tag. Behind `>` it is quoted, behind words it is
    only mentioned. Read backwards, so that many mentions cost no more than their octets."""
    bare = lead.rstrip()
    while bare.endswith(HARD_SPACES):
        bare = bare[: -2 if bare.endswith(b"\xa0") else -6].rstrip()
    if not bare or b"\n" in lead[len(bare) :]:
        return True
    return bare.endswith(b">") and bare.rfind(b"<") > bare.rfind(b">", 0, -1)
