"""The way out of one mailbox: its SMTP connection, opened when there is a mail for it, and whether it is
open.
"""

from __future__ import annotations

import ssl

from stationer import smtp
from stationer.wire.account import Server

#: How long a closed way out is left alone, by failures in a row.
REST_MS = (2_000, 5_000, 10_000, 20_000, 30_000)
#: A connection that was quiet for longer is asked whether it still lives before a mail is entrusted to it.
FRESH_MS = 5_000
#: After this long without mail it is given back to the server.
IDLE_MS = 60_000


class WayOut:
    """Opens and keeps one connection. `why` says in words why the way is closed."""

    def __init__(self, server: Server, user: str, password: str, context: ssl.SSLContext | None) -> None:
        self._server, self._user, self._password, self._context = server, user, password, context
        self._way: smtp.Way | None = None
        self._used, self._failures = 0, 0
        self.retry_at, self.why, self.size_limit = 0, "", 0

    def open_(self, mono: int) -> bool:
        """Whether a mail could be handed over now; connects when there is no connection and it is time to
        try.
        """
        if self._way and (mono - self._used <= FRESH_MS or self._way.alive()):
            self._used = mono
            return True
        self.drop(lost=True)
        if mono < self.retry_at:
            return False
        try:
            self._way = smtp.connect(self._server, self._user, self._password, self._context)
        except smtp.SmtpError as error:
            self._failures += 1
            self.why, self.retry_at = str(error), mono + REST_MS[min(self._failures, len(REST_MS)) - 1]
            return False
        self._used, self._failures, self.why, self.retry_at = mono, 0, "", 0
        self.size_limit = self._way.size_limit
        return True

    @property
    def still_open(self) -> bool:
        """What the last look said, without looking again."""
        return self._way is not None

    def submit(self, sender: str, recipients: tuple[str, ...], mail: bytes, mono: int) -> smtp.Outcome:
        """One transaction."""
        if not self.open_(mono) or self._way is None:
            return smtp.Outcome("later", self.why or "the way out is closed")
        outcome = self._way.submit(sender, recipients, mail)
        if outcome.lost:
            self.drop(lost=True)
        return outcome

    def rest(self, mono: int) -> None:
        """Give the connection back when it has been quiet for long."""
        if self._way and mono - self._used > IDLE_MS:
            self.drop()

    def drop(self, *, lost: bool = False) -> None:
        """Close the connection, if there is one."""
        if self._way:
            self._way.close(lost=lost)
            self._way = None
