"""One SMTP transaction after another on one connection (RFC 5321 §3.3), and what the server said to each.

On the wire every line end is CRLF and the only end of data is CRLF.CRLF: a bare CR or LF of the mail becomes
CRLF, so
that nothing can be smuggled behind a false end. Otherwise the bytes are the mail's.
"""

from __future__ import annotations

import contextlib
import re
import smtplib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from stationer.wire.domains import ascii_domain

BARE = re.compile(rb"\r\n|\r|\n")
UNSOUND = re.compile(r"[\x00-\x20\x7f<>]")
#: Codes of MAIL FROM, RCPT TO and DATA that speak about the connection or the login and not about this mail.
NOT_THIS_MAIL = {421, 454, 530, 534, 535, 538}


def evened(mail: bytes) -> bytes:
    """The mail with CRLF for every line end, as it is on the wire (RFC 5321 §2.3.8)."""
    return BARE.sub(b"\r\n", mail)


@dataclass(frozen=True)
class Outcome:
    """accepted (but for `refused` and `delayed`), later, never, or unsure: cut between the dot and its reply.

    `replies`: what was said to each that was delayed, whatever became of the others. `lost`: the connection is of no
    use any more.
    """

    verdict: Literal["accepted", "later", "never", "unsure"]
    reply: str
    refused: dict[str, str] = field(default_factory=dict)
    delayed: tuple[str, ...] = ()
    lost: bool = False
    replies: dict[str, str] = field(default_factory=dict)


class Way:
    """A logged-in connection. Not thread-safe; `submit` never raises for what the server or the network
    does.
    """

    def __init__(self, client: smtplib.SMTP, after_dot_s: float = 600.0) -> None:
        self._client, self._after_dot_s = client, after_dot_s
        #: The server's SIZE limit in bytes (RFC 1870), 0 when it tells none.
        self.size_limit = int(size) if (size := client.esmtp_features.get("size", "")).isdigit() else 0
        self.utf8 = client.has_extn("smtputf8")

    def alive(self) -> bool:
        """Whether the server still answers."""
        try:
            return 200 <= self._client.noop()[0] < 300
        except (OSError, smtplib.SMTPException):
            return False

    def close(self, *, lost: bool = False) -> None:
        """QUIT, and close whatever it says; a lost connection is closed without a word."""
        if not lost:
            with contextlib.suppress(OSError, smtplib.SMTPException):
                self._client.quit()
        self._client.close()

    def submit(self, sender: str, recipients: Sequence[str], mail: bytes) -> Outcome:
        """Hand over `mail` (with Bcc already taken out) for `recipients`. An empty `sender` is the null reverse-path
        (RFC 5321 §4.5.5): nobody is told what becomes of it."""
        wire = evened(mail)
        if wire and not wire.endswith(b"\r\n"):
            wire += b"\r\n"
        sendable, refused = self._sendable(sender, recipients)
        if not sendable:
            return Outcome("never", "no address that can be sent to", refused)
        try:
            return self._transaction(sender, sendable, refused, wire)
        except smtplib.SMTPServerDisconnected as error:
            return Outcome("later", f"the connection broke: {error}", lost=True)
        except (OSError, smtplib.SMTPException, UnicodeError) as error:
            return Outcome("later", f"the connection broke: {error or type(error).__name__}", lost=True)

    def _sendable(self, sender: str, recipients: Sequence[str]) -> tuple[dict[str, str], dict[str, str]]:
        """Address → its form on this server's wire; and those that have none."""
        sendable, refused = {}, {}
        if sender and on_wire(sender, self.utf8) is None:
            return {}, dict.fromkeys(recipients, f"the sender's address {sender!r} cannot be sent from")
        for recipient in dict.fromkeys(recipients):
            if (form := on_wire(recipient, self.utf8)) is None:
                refused[recipient] = "this mail server cannot carry such an address"
            else:
                sendable[recipient] = form
        return sendable, refused

    def _options(self, sender: str, sendable: dict[str, str], wire: bytes) -> list[str]:
        options = [f"SIZE={len(wire)}"] if self._client.has_extn("size") else []
        header = wire[: wire.find(b"\r\n\r\n") + 2]
        eight = not wire.isascii()
        needs_utf8 = (
            not all(address.isascii() for address in (sender, *sendable.values())) or not header.isascii()
        )
        if self.utf8 and needs_utf8:
            options.append("SMTPUTF8")
        if eight and self._client.has_extn("8bitmime"):
            options.append("BODY=8BITMIME")
        return options

    def _transaction(
        self, sender: str, sendable: dict[str, str], refused: dict[str, str], wire: bytes
    ) -> Outcome:
        client = self._client
        options = self._options(sender, sendable, wire)
        client.command_encoding = "utf-8" if "SMTPUTF8" in options else "ascii"
        form = on_wire(sender, self.utf8) if sender else ""
        code, text = client.docmd("MAIL", f"FROM:<{form}>{''.join(' ' + option for option in options)}")
        if not 200 <= code < 300:
            return self._not_begun(code, text)
        delayed: dict[str, str] = {}
        for recipient, address in sendable.items():
            code, text = client.docmd("RCPT", f"TO:<{address}>")
            if code == 421:
                return Outcome("later", _reply(code, text), lost=True)
            if code in NOT_THIS_MAIL or 400 <= code < 500:
                delayed[recipient] = _reply(code, text)
            elif not 200 <= code < 300:
                refused[recipient] = _reply(code, text)
        if all(recipient in refused or recipient in delayed for recipient in sendable):
            lost = not self._reset()
            if delayed:
                return Outcome("later", next(iter(delayed.values())), refused, lost=lost, replies=delayed)
            return Outcome("never", next(iter(refused.values())), refused, lost=lost)
        return self._data(wire, refused, delayed)

    def _reset(self) -> bool:
        """RSET: whether the connection is good for another transaction."""
        try:
            return 200 <= self._client.rset()[0] < 300
        except (OSError, smtplib.SMTPException):
            return False

    def _not_begun(self, code: int, text: bytes) -> Outcome:
        reply = _reply(code, text)
        if code in NOT_THIS_MAIL or 400 <= code < 500 or code < 0:
            return Outcome("later", reply, lost=code == 421 or code < 0)
        return Outcome("never", reply, lost=not self._reset())

    def _data(self, wire: bytes, refused: dict[str, str], delayed: dict[str, str]) -> Outcome:
        client = self._client
        code, text = client.docmd("DATA")
        if code != 354:
            permanent = 500 <= code < 600 and code not in NOT_THIS_MAIL
            return Outcome("never" if permanent else "later", _reply(code, text), lost=not self._reset())
        client.send(re.sub(rb"(?m)^\.", b"..", wire))
        # from here to the reply the mail belongs to both (RFC 5321 §6.1): only the server knows
        try:
            code, text = self._dot()
        except (OSError, smtplib.SMTPException) as error:
            return Outcome("unsure", str(error) or type(error).__name__, lost=True)
        if 200 <= code < 300:
            return Outcome("accepted", _reply(code, text), refused, tuple(delayed), replies=delayed)
        if 400 <= code < 500:
            return Outcome("later", _reply(code, text), lost=code == 421)
        if 500 <= code < 600:
            return Outcome("never", _reply(code, text))
        return Outcome("unsure", _reply(code, text), lost=True)

    def _dot(self) -> tuple[int, bytes]:
        """The end of data, and the reply that makes the mail the server's."""
        client = self._client
        assert client.sock is not None
        patience = client.sock.gettimeout()
        client.sock.settimeout(self._after_dot_s)
        client.send(b".\r\n")
        answer = client.getreply()
        client.sock.settimeout(patience)
        return answer


def on_wire(address: str, utf8: bool) -> str | None:
    """The address as MAIL and RCPT take it: a domain in A-labels where SMTPUTF8 is not offered; None: not at
    all.

    White space, control characters and angle brackets would be other commands or options: never.
    """
    local, at, domain = address.rpartition("@")
    if not at or not local or not domain or (UNSOUND.search(address) and not _quoted(local, domain)):
        return None
    if address.isascii() or utf8:
        return address
    if not local.isascii():
        return None
    written = ascii_domain(domain)
    return f"{local}@{written}" if written else None


def _quoted(local: str, domain: str) -> bool:
    """A quoted local part may hold spaces and brackets (RFC 5321 §4.1.2), but never a control character."""
    inside = local[1:-1]
    return (
        len(local) > 2
        and local[0] == local[-1] == '"'
        and not re.search(r"[\x00-\x1f\x7f]", inside)
        and re.fullmatch(r'(?:[^"\\]|\\.)*', inside) is not None
        and not UNSOUND.search(domain)
    )


def _reply(code: int, text: bytes) -> str:
    return f"{code} {' '.join(text.decode('utf-8', 'replace').split())}".strip()
