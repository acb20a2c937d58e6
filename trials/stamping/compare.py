"""What two copies of a mail must share: everything but the headers that servers put on top on the way."""

from __future__ import annotations

import email
import email.policy
import re
from email.message import EmailMessage

#: Added on the way by the servers of the trials (RFC 5321 §4.4; Delivered-To is Dovecot's and Postfix's own).
TRACE = (b"return-path", b"delivered-to", b"received", b"x-original-to")
_FIELD = rb"[!-9;-~]+[ \t]*:[^\r\n]*(?:\r\n[ \t][^\r\n]*)*\r\n"


def fields(mail: bytes) -> tuple[list[bytes], bytes]:
    """The header fields, each with its folded lines, and the rest from the empty line on."""
    found, at = [], 0
    for match in re.finditer(_FIELD, mail):
        if match.start() != at:
            break
        found.append(match[0])
        at = match.end()
    return found, mail[at:]


def without(mail: bytes, names: tuple[bytes, ...]) -> bytes:
    """The mail without the header fields of those names (lower case)."""
    found, rest = fields(mail)
    return b"".join(field for field in found if field.split(b":")[0].strip().lower() not in names) + rest


def without_trace(mail: bytes) -> bytes:
    """The mail as it was before servers carried it."""
    found, rest = fields(mail)
    while found and found[0].split(b":")[0].strip().lower() in TRACE:
        del found[0]
    return b"".join(found) + rest


def field_names(mail: bytes) -> list[str]:
    """The names of the header fields, in lower case, in order."""
    return [field.split(b":")[0].strip().lower().decode() for field in fields(mail)[0]]


def parts(mail: bytes) -> dict[str, str]:
    """The decoded text parts by content type (the first of each), line ends as `\\n`."""
    parsed = email.message_from_bytes(mail, _class=EmailMessage, policy=email.policy.default)
    found: dict[str, str] = {}
    for part in parsed.walk():
        if part.get_content_maintype() == "text" and part.get_content_type() not in found:
            found[part.get_content_type()] = str(part.get_content()).replace("\r\n", "\n")
    return found
