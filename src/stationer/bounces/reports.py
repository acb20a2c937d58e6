"""Bytes of a mail that came in → what it reports of a mail of ours; None where it reports nothing.

Delivery reports (RFC 3464, RFC 6533), complaints (RFC 5965), and bounces in words alone.
"""

from __future__ import annotations

import re
from typing import Literal

import msgspec

from stationer.bounces import spoken
from stationer.bounces.status import Kind, kind_of, status_of
from stationer.mime import addresses, header_values, message_id
from stationer.mime import read as parsed
from stationer.mime.coding import decoded
from stationer.mime.parts import Mail, Part

STATUS = ("message/delivery-status", "message/global-delivery-status")
COMPLAINT = "message/feedback-report"
REPORT = "multipart/report"
ORIGINAL = (
    "message/rfc822", "message/global", "text/rfc822-headers", "message/rfc822-headers", "message/global-headers",
)  # fmt: skip
ACTIONS = {"2": "delivered", "4": "delayed", "5": "failed"}
BLANK = re.compile(rb"\r?\n(?:[ \t]*\r?\n)+")
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
HEX = re.compile(r"\+([0-9A-F]{2})")
MOST_RECIPIENTS, MOST_SAID, MOST_GROUPS = 100, 500, 1_000


class Failed(msgspec.Struct, frozen=True):
    """One recipient of a report. `address`: as it was written to where that is told. `action` is RFC 3464's, `status`
    an enhanced code or empty; `said`: the other server's words, at most 500 signs. `kind` of what is not `failed` is
    `soft` (delayed) or `other`."""

    address: str
    action: str
    status: str
    kind: Kind
    said: str


class Report(msgspec.Struct, frozen=True):
    """What came in. `message_id`: of the mail it is about, in angle brackets; `sender`: that mail's envelope sender,
    where it is told; `feedback`: the kind of complaint (`abuse`, `not-spam`, …)."""

    what: Literal["bounce", "complaint"]
    recipients: tuple[Failed, ...]
    message_id: str | None = None
    sender: str = ""
    feedback: str = ""


def read(data: bytes) -> Report | None:
    """What the mail reports. Never raises; None: it is a letter, an automatic reply, or cannot be made out."""
    mail = parsed(data)
    by_type = {part.type: part for part in reversed(mail.parts)}
    if complaint := by_type.get(COMPLAINT):
        return _complaint(mail, complaint)
    telling = [part for part in mail.parts if part.type in STATUS]
    if mail.root.type == REPORT and not mail.root.children:
        telling = [
            mail.root
        ]  # its delimiters were lost on the way; the groups of fields stand there all the same
    failed = [one for part in telling for one in _recipients(part)]
    if failed:
        return Report("bounce", tuple(failed[:MOST_RECIPIENTS]), _original_id(mail), _sender(mail))
    if told := spoken.told(mail):
        words = [(address, status_of(said), said) for address, said in told.said]
        recipients = tuple(
            Failed(address, "failed", status, kind_of(status, said), said[:MOST_SAID])
            for address, status, said in words
        )
        return Report("bounce", recipients, _original_id(mail) or told.message_id, _sender(mail))
    return None


def _complaint(mail: Mail, part: Part) -> Report:
    """RFC 5965 §3: who complains is often taken out; what stays is the mail, by its id or its envelope sender."""
    fields = b"\n".join(_groups(part))
    of = [
        Failed(_bare(value), "complained", "", "other", "")
        for value in header_values(fields, "Original-Rcpt-To")[:MOST_RECIPIENTS]
    ]
    feedback = _first(fields, "Feedback-Type").lower()
    sender = _bare_text(_first(fields, "Original-Mail-From")) or _sender(mail)
    return Report("complaint", tuple(of), _original_id(mail), sender, feedback)


def _groups(part: Part) -> list[bytes]:
    """Its groups of fields (RFC 3464 §2.1); the part's own header is the first, for those who leave no blank line."""
    body = decoded(part.encoded, part.encoding)
    text = part.encoded if body is None else body
    return [part.data[part.start : part.body].strip(), *BLANK.split(text.strip(), MOST_GROUPS)]


def _recipients(part: Part) -> list[Failed]:
    return [one for group in _groups(part) if (one := _recipient(group))]


def _recipient(group: bytes) -> Failed | None:
    """One group's recipient (RFC 3464 §2.3); None: it is the message's own group, or names nobody."""
    final = _typed(_first(group, "Final-Recipient"))
    address = _bare_text(HEX.sub(_unhexed, _typed(_first(group, "Original-Recipient"))) or final)
    if "@" not in address:
        address = _bare_text(final)
    if "@" not in address:
        return None
    said = _typed(_first(group, "Diagnostic-Code"))
    plain = status_of(_first(group, "Status"))
    status = status_of(said, plain) if not plain or plain.endswith(".0.0") else plain
    action = _first(group, "Action").lower().partition(" ")[0]
    if action not in ("failed", "delayed", "delivered", "relayed", "expanded"):
        action = ACTIONS.get(status[:1], "failed")
    kind: Kind = kind_of(status, said) if action == "failed" else "soft" if action == "delayed" else "other"
    return Failed(address, action, status, kind, said[:MOST_SAID])


def _original_id(mail: Mail) -> str | None:
    """The Message-ID of the mail that is sent along, whole or its header."""
    for part in mail.parts:
        if part.type in ORIGINAL and (found := message_id(_inside(part))):
            return found
    return None


def _sender(mail: Mail) -> str:
    """The envelope sender of the mail that is sent along, as the server that took it wrote it down."""
    for part in mail.parts:
        if part.type in ORIGINAL and (values := header_values(_inside(part), "Return-Path")):
            return _bare(values[0])
    return ""


def _inside(part: Part) -> bytes:
    return (decoded(part.encoded, part.encoding) or part.encoded).lstrip(b"\r\n")


def _first(fields: bytes, name: str) -> str:
    values = header_values(fields, name)
    return CONTROL.sub(" ", values[0].decode("utf-8", "replace")) if values else ""


def _typed(value: str) -> str:
    """What stands behind the type (RFC 3464 §2.1.2); all of it where somebody left the type out."""
    kind, semicolon, rest = value.partition(";")
    return rest.strip() if semicolon else kind.strip()


def _bare(value: bytes) -> str:
    return _bare_text(value.decode("utf-8", "replace"))


def _bare_text(value: str) -> str:
    """The address alone."""
    found = addresses(value)
    return found[0] if found else ""


def _unhexed(found: re.Match[str]) -> str:
    """xtext (RFC 3461 §4)."""
    return chr(int(found[1], 16))
