"""SMTP for the demo: takes mail for the demo's own mailboxes and refuses all else, so nothing can get out."""

from __future__ import annotations

import asyncio
import hmac
import logging
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import format_datetime

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from pymap.parsing.message import AppendMessage

from stationer.demo.mail.folders import Folders

#: The largest mail, in octets (RFC 1870).
LARGEST = 100 * 2**20


class _Server(SMTP):
    # Real servers take the overlong lines that some programs write.
    line_length_limit = 8 * 2**20


class _Counter:
    """aiosmtpd's handler: who may receive, and where it is put."""

    def __init__(self, people: Mapping[str, tuple[str, Folders]]) -> None:
        self._people = people
        self._count = 0

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Known people only; each is served once."""
        if address.lower() not in self._people:
            return f"550 5.1.1 There is no mailbox {address} in this demo"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Into each recipient's INBOX, under the trace headers that a last hop writes (RFC 5321 §4.4)."""
        self._count += 1
        mail = envelope.original_content or b""
        for address in dict.fromkeys(address.lower() for address in envelope.rcpt_tos):
            trace = self._trace(session, envelope, address)
            inbox = await self._people[address][1].get_mailbox("INBOX")
            await inbox.append(AppendMessage(trace + mail), recent=True)
        return f"250 2.0.0 OK, kept as {self._count}"

    def _trace(self, session: Session, envelope: Envelope, address: str) -> bytes:
        how = "ESMTPA" if session.authenticated else "ESMTP"
        now = format_datetime(datetime.now(UTC))
        return (
            f"Return-Path: <{envelope.mail_from or ''}>\r\nDelivered-To: {address}\r\n"
            f"Received: from localhost (localhost [127.0.0.1])\r\n\tby mail.demo.invalid with {how} "
            f"id {self._count};\r\n\t{now}\r\n"
        ).encode()

    def authenticate(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: object
    ) -> AuthResult:
        """PLAIN and LOGIN against the demo's passwords."""
        if not isinstance(data, LoginPassword):
            return AuthResult(success=False, handled=False)
        password, _ = self._people.get(data.login.decode("utf-8", "replace").lower(), ("", None))
        good = bool(password) and hmac.compare_digest(password.encode(), data.password)
        return AuthResult(success=good, handled=False, auth_data=data if good else None)


async def listen(port: int, people: Mapping[str, tuple[str, Folders]]) -> asyncio.Server:
    """An SMTP server on 127.0.0.1:`port`. `people` is address → (password, folders)."""
    # aiosmtpd warns at each sign-in of what it will change in its own version 2.
    logging.getLogger("mail.log").setLevel(logging.ERROR)
    counter = _Counter(people)
    loop = asyncio.get_running_loop()

    def connection() -> _Server:
        return _Server(
            counter,
            data_size_limit=LARGEST,
            enable_SMTPUTF8=True,
            hostname="mail.demo.invalid",
            ident="Stationer demo",
            auth_require_tls=False,
            authenticator=counter.authenticate,
            loop=loop,
        )

    return await loop.create_server(connection, host="127.0.0.1", port=port)
