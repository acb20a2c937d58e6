"""A mail in the Outbox is read once: who it is, from and to whom, and whether it can be sent at all."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass

from stationer import mime
from stationer.agent.accounts import DEFAULT_TAG
from stationer.agent.known import asks, might_ask

LINE_END = re.compile(rb"\r\n|\r|\n")


def digest(mail: bytes) -> bytes:
    """SHA-256 where each CR, LF or CRLF counts as CRLF: servers and APPEND change line ends and nothing
    else.
    """
    if mail.count(b"\n") == mail.count(b"\r\n") == mail.count(b"\r"):
        return hashlib.sha256(mail).digest()
    return hashlib.sha256(LINE_END.sub(b"\r\n", mail)).digest()


def key_of(message_id: str, mail: bytes) -> str:
    """The mail's identity (contract/journal.md §2)."""
    whole = hashlib.sha256(message_id.encode() + b"\0" + digest(mail)).digest()
    return base64.b32encode(whole[:20]).decode().lower()


@dataclass(frozen=True)
class Reading:
    """What is known of a mail without keeping its bytes. `sealing`: it asks to be sealed; `might`: it does, by a
    tag that is not known here.
    """

    key: str
    message_id: str
    sender: str
    to: tuple[str, ...]
    cc: tuple[str, ...]
    bcc: tuple[str, ...]
    size: int
    fault: str = ""
    detail: str = ""
    sealing: bool = False
    might: bool = False

    @property
    def shown(self) -> tuple[str, ...]:
        """To and Cc, as an answer's indices count them."""
        return (*self.to, *self.cc)

    @property
    def recipients(self) -> tuple[str, ...]:
        """Everybody, each once."""
        return tuple(dict.fromkeys((*self.to, *self.cc, *self.bcc)))


def read(mail: bytes, account: str, tags: Sequence[str] = (DEFAULT_TAG,)) -> Reading:
    """Never raises. A mail without a sound From is sent from the account's own address."""
    envelope = mime.envelope(mail)
    message_id = mime.message_id(mail) or ""
    fault, detail = "", ""
    if envelope.problems:
        fault, detail = "bad-address", "\n".join(envelope.problems[:20])
    elif not (envelope.to or envelope.cc or envelope.bcc):
        fault = "no-recipients"
    return Reading(
        key_of(message_id, mail),
        message_id,
        envelope.sender or account,
        envelope.to,
        envelope.cc,
        envelope.bcc,
        len(mail),
        fault,
        detail,
        sealing=asks(mail, tags),
        might=might_ask(mail),
    )
