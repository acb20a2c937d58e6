"""The LMTP server (RFC 2033) to which a company's mail server hands what came back to `portal.bounces.address`.

A recipient that is none of ours is refused before any octet of its mail; of a mail that is taken no octet is kept.
"""

from __future__ import annotations

import asyncio
import threading
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import Envelope, Session
from django.conf import settings
from django.db import close_old_connections

from stationer.portal.delivery.receiving import hear
from stationer.portal.delivery.returning import recipient_of
from stationer.watch.log import Voice

MOST_BYTES = 10 * 1024 * 1024
MOST_RECIPIENTS = 50
#: How often a port that somebody else has (another worker) is tried again.
AGAIN_S = 60.0
say = Voice("delivery")


class Reports:
    """What an LMTP client may do: hand over mail for our tokens, or for the mailbox itself (complaints)."""

    async def handle_RCPT(
        self, server: LMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """250, or why not."""
        if len(envelope.rcpt_tos) >= MOST_RECIPIENTS:
            return "452 4.5.3 too many recipients of one mail"
        mailbox = settings.PORTAL.bounces.address.lower()
        if address.lower() != mailbox and recipient_of(address) is None:
            return "550 5.1.1 no mail of ours comes back to this address, or no more"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 ok"

    async def handle_DATA(self, server: LMTP, session: Session, envelope: Envelope) -> str:
        """One reply for each recipient (RFC 2033 §4.2)."""
        content = envelope.content
        data = content.encode() if isinstance(content, str) else content or b""
        loop = asyncio.get_running_loop()
        return "\r\n".join([await loop.run_in_executor(None, _heard, to, data) for to in envelope.rcpt_tos])


def _heard(to: str, data: bytes) -> str:
    close_old_connections()
    try:
        return f"250 2.0.0 {hear(to, data)}"
    except Exception:  # whatever it is, the mail stays with the server that has it
        say.fault("fault", chore="stationer.portal.delivery.listening")
        return "451 4.3.0 it could not be noted now; try again"
    finally:
        close_old_connections()


class Listener(Controller):
    """On one address and port; port 0: one that the system picks, in `port`."""

    def factory(self) -> Any:
        """One connection's protocol."""
        return LMTP(self.handler, data_size_limit=MOST_BYTES, enable_SMTPUTF8=True, ident="Stationer")

    def _trigger_server(self) -> None:
        """The controller's own look at itself talks to its port, which it has to know."""
        server: Any = self.server
        if server is not None:
            self.port = server.sockets[0].getsockname()[1]
        super()._trigger_server()  # type: ignore[no-untyped-call]


def listen(where: str) -> Listener:
    """Started. Raises OSError where the port is taken."""
    host, _, port = where.rpartition(":")
    listener = Listener(Reports(), hostname=host.strip("[]"), port=int(port))
    listener.start()
    return listener


def run(stop: threading.Event) -> None:
    """Listen until `stop` is set, if a place is set to listen at."""
    where = settings.PORTAL.bounces.listen
    listener: Listener | None = None
    while where and listener is None and not stop.is_set():
        try:
            listener = listen(where)
        except OSError as error:
            say.warning("reports-not-heard", where=where, reason=str(error))
            stop.wait(AGAIN_S)
    stop.wait()
    if listener is not None:
        listener.stop()
