"""May this mail be cut? Each refusal has its name (contract/stamp.md §2); in doubt the mail leaves as written."""

from __future__ import annotations

import re
from collections.abc import Callable

from stationer.mime import Mail, Part, read
from stationer.mime.coding import decoded
from stationer.mime.fields import value_of
from stationer.stamp.body import body_parts
from stationer.wire.words import Reason

MOST_BYTES = 50_000_000

ENCRYPTED = frozenset({"multipart/encrypted", "application/pgp-encrypted", "multipart/x-pgp-encrypted"})
SIGNED = frozenset(
    {
        "multipart/signed", "application/pgp-signature", "application/pkcs7-signature",
        "application/x-pkcs7-signature", "application/pgp", "text/x-pgp",
    }
)  # fmt: skip
SMIME = frozenset({"application/pkcs7-mime", "application/x-pkcs7-mime"})
REPORT = frozenset(
    {
        "multipart/report", "message/delivery-status", "message/disposition-notification",
        "message/global-delivery-status", "message/global-disposition-notification", "message/feedback-report",
        "message/tracking-status", "text/rfc822-headers", "message/global-headers",
    }
)  # fmt: skip
PARTIAL = frozenset({"message/partial", "message/external-body"})
TNEF = frozenset({"application/ms-tnef", "application/vnd.ms-tnef"})
RPMSG = frozenset({"application/x-microsoft-rpmsg-message"})
PGP = re.compile(rb"-----BEGIN PGP (SIGNED )?MESSAGE(?:, PART [^-\n]{1,20})?-----")
SEALED = re.compile(
    rb"^Content-Type:\s*multipart/(signed|encrypted)|^Content-Type:\s*application/(?:x-)?(pkcs7)-mime",
    re.IGNORECASE | re.MULTILINE,
)
LIST_FIELDS = frozenset(
    {b"list-id", b"list-post", b"list-unsubscribe", b"list-help", b"mailing-list", b"x-mailing-list",
     b"x-mailman-version", b"x-loop"}
)  # fmt: skip
AUTOMATIC_FIELDS = frozenset({b"x-autoreply", b"x-autorespond", b"x-autoreply-from", b"x-auto-reply-from"})
CALENDAR_CLASS = re.compile(
    rb"urn:content-classes:(?:calendarmessage|appointment|recall|taskrequest)", re.IGNORECASE
)
# Bit 8 of a label's content marking says that the content is protected (Microsoft Purview, [MS-MIPLABEL]).
LABEL = re.compile(rb"_ContentBits=(\d+)", re.IGNORECASE)

#: What the judges ask for; a mail with none of it is not put before them.
WATCHED_TYPES = (
    ENCRYPTED | SIGNED | SMIME | REPORT | PARTIAL | TNEF | RPMSG | {"text/calendar", "message/rfc822"}
)
WATCHED_NAMES = (b".p7m", b".p7s", b".rpmsg")
WATCHED_FIELDS = (
    LIST_FIELDS
    | AUTOMATIC_FIELDS
    | {b"content-class", b"msip_labels", b"x-failed-recipients", b"auto-submitted", b"precedence"}
    | {b"x-ms-exchange-calendar-series-instance-id"}
)


def consent(mail: bytes, max_size: int = MOST_BYTES) -> Reason | None:
    """The reason to leave this mail untouched, or None when it may be stamped. Never raises."""
    return "too-large" if len(mail) > max_size else refusal_of(read(mail))


def refusal_of(mail: Mail) -> Reason | None:
    """The same for a mail that has been read."""
    if "no-header" in mail.problems:
        return "unparseable"
    parts = mail.parts
    if not is_plain(mail, parts):
        for reason, judge in JUDGES:
            if judge(mail, parts):
                return reason
    types = {value_of(mail.data, field) for field in mail.root.fields if field.name == b"content-type"}
    if mail.problems or len(types) > 1:
        return "unparseable"
    return None if body_parts(mail.root) else "no-body"


def is_plain(mail: Mail, parts: list[Part]) -> bool:
    """One look over a mail that shows nothing that any judge asks for, as most do. In doubt the judges are asked."""
    if not WATCHED_FIELDS.isdisjoint([field.name for field in mail.root.fields]):
        return False
    for part in parts:
        if part.type in WATCHED_TYPES or (part.filename and _named(part, WATCHED_NAMES)):
            return False
        if part.type[:5] == "text/" and _inline_pgp(part):
            return False
    return True


def _encrypted(mail: Mail, parts: list[Part]) -> bool:
    for part in parts:
        if part.type in ENCRYPTED or (
            part.type in SMIME and _smime_kind(part) not in (b"signed-data", b"certs-only")
        ):
            return True
        if (
            part.filename
            and not part.type.startswith("text/")
            and _named(part, b".p7m")
            and part.type not in SMIME
        ):
            return True
    return any(found and not found[1] for found in map(_inline_pgp, parts)) or b"encrypted" in _inside(parts)


def _signed(mail: Mail, parts: list[Part]) -> bool:
    return (
        any(part.type in SIGNED or part.type in SMIME or _named(part, b".p7s") for part in parts)
        or any(map(_inline_pgp, parts))
        or bool(_inside(parts))
    )


def _inside(parts: list[Part]) -> set[bytes]:
    """What kinds of sealed content an attached message declares. It is not entered: a mail that carries one along
    is left alone whole, since programs differ in what they then show as signed."""
    attached = (part.encoded for part in parts if part.type == "message/rfc822")
    return {(found[1] or found[2]).lower() for held in attached for found in SEALED.finditer(held)}


def _smime_kind(part: Part) -> bytes:
    return part.parameters.get("smime-type", b"").strip().lower()


def _named(part: Part, end: bytes | tuple[bytes, ...]) -> bool:
    """Whether the part's file name ends so."""
    if not part.filename:
        return False
    name = part.parameters.get("name", b"") or part.value(b"content-disposition")
    return name.rstrip(b'" ;').lower().endswith(end)


def _inline_pgp(part: Part) -> re.Match[bytes] | None:
    """An OpenPGP message in a text part (RFC 9580 §6.2), not one that is quoted."""
    if part.type[:5] != "text/" or part.disposition == "attachment":
        return None
    if part.encoding != "base64" and part.data.find(b"BEGIN PGP", part.body, part.end) < 0:
        return None
    plain = part.encoded if part.encoding != "base64" else decoded(part.encoded, "base64") or b""
    if b"BEGIN PGP" not in plain:
        return None
    found = PGP.search(plain)
    before = plain[plain.rfind(b"\n", 0, found.start()) + 1 : found.start()] if found else b""
    return found if not before.lstrip().startswith((b">", b"&gt;")) else None


def _protected(mail: Mail, parts: list[Part]) -> bool:
    root = mail.root
    if root.value(b"content-class").lower() == b"rpmsg.message":
        return True
    label = root.field(b"msip_labels")
    if label and any(int(bits) & 8 for bits in LABEL.findall(root.value(b"msip_labels")) if len(bits) < 9):
        return True
    return any(part.type in RPMSG or _named(part, b".rpmsg") for part in parts)


def _report(mail: Mail, parts: list[Part]) -> bool:
    return any(part.type in REPORT for part in parts) or mail.root.field(b"x-failed-recipients") is not None


def _calendar(mail: Mail, parts: list[Part]) -> bool:
    root = mail.root
    return (
        any(part.type == "text/calendar" for part in parts)
        or CALENDAR_CLASS.search(root.value(b"content-class")) is not None
        or root.field(b"x-ms-exchange-calendar-series-instance-id") is not None
    )


def _partial(mail: Mail, parts: list[Part]) -> bool:
    return mail.root.type in PARTIAL


def _automatic(mail: Mail, parts: list[Part]) -> bool:
    """RFC 3834 §5, and the fields that came before it."""
    root = mail.root
    told = root.value(b"auto-submitted").lower().partition(b";")[0].strip()
    if told and told != b"no":
        return True
    if root.value(b"precedence").lower() in (b"auto_reply", b"auto-reply"):
        return True
    return any(field.name in AUTOMATIC_FIELDS for field in root.fields)


def _tnef_only(mail: Mail, parts: list[Part]) -> bool:
    return any(part.type in TNEF for part in parts) and not body_parts(mail.root)


def _list_footer(mail: Mail, parts: list[Part]) -> bool:
    """A list has put its footer behind the author's mail as a part of its own."""
    root = mail.root
    if root.type != "multipart/mixed" or len(root.children) < 2:
        return False
    last = root.children[-1]
    footer = last.type == "text/plain" and last.disposition != "attachment" and not last.filename
    return footer and any(field.name in LIST_FIELDS for field in root.fields)


JUDGES: tuple[tuple[Reason, Callable[[Mail, list[Part]], bool]], ...] = (
    ("encrypted", _encrypted),
    ("signed", _signed),
    ("protected", _protected),
    ("report", _report),
    ("calendar", _calendar),
    ("partial", _partial),
    ("auto-reply", _automatic),
    ("tnef-only", _tnef_only),
    ("list-footer", _list_footer),
)
