"""The relay, one connection after another: which recipients it took, wants later, or refused (RFC 5321 §4.2.1)."""

from __future__ import annotations

import socket
from collections.abc import Sequence
from enum import Enum
from typing import NamedTuple

from stationer import smtp
from stationer.bounces import status_of
from stationer.settings import Relay
from stationer.wire.account import Server

SECURITY = {"starttls": "starttls", "implicit": "tls", "none": "plain"}


class Fate(Enum):
    """What became of a recipient."""

    SENT = "sent"
    LATER = "later"
    NEVER = "never"


class Outcome(NamedTuple):
    """A fate, the relay's own words, and the enhanced status code. `unsure`: whether the relay took it nobody knows.
    `relay`: the fault is not of this mail but of the connection to the relay."""

    fate: Fate
    reason: str = ""
    status: str = ""
    unsure: bool = False
    relay: bool = False


class Session:
    """Mails to one relay. Connects when there is one to hand over; `close` when nothing more is."""

    def __init__(self, relay: Relay) -> None:
        self._relay = relay
        self._way: smtp.Way | None = None

    def __enter__(self) -> Session:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self, *, lost: bool = False) -> None:
        """End the connection, if there is one."""
        if self._way is not None:
            self._way.close(lost=lost)
            self._way = None

    def hand_over(self, sender: str, recipients: Sequence[str], mail: bytes) -> dict[str, Outcome]:
        """Give the mail to the relay. Never raises: every recipient has an outcome."""
        if not self._relay.host:
            return dict.fromkeys(recipients, _away("no relay is set: portal.relay.host is empty"))
        try:
            way = self._way = self._way or self._connected()
        except smtp.SmtpError as error:
            return dict.fromkeys(recipients, _away(str(error)))
        outcome = way.submit(sender, recipients, mail)
        if outcome.lost:
            self.close(lost=True)
        return {one: _of(one, outcome) for one in recipients}

    def _connected(self) -> smtp.Way:
        relay = self._relay
        server = Server(relay.host, relay.port, SECURITY[relay.tls])  # type: ignore[arg-type]
        return smtp.connect(
            server, relay.user, relay.password, name=socket.getfqdn(), plain_anywhere=relay.tls == "none"
        )


def hand_over(relay: Relay, sender: str, recipients: Sequence[str], mail: bytes) -> dict[str, Outcome]:
    """One mail on a connection of its own."""
    with Session(relay) as session:
        return session.hand_over(sender, recipients, mail)


def _away(reason: str) -> Outcome:
    return Outcome(Fate.LATER, reason, "4.4.1", relay=True)


def _of(address: str, outcome: smtp.Outcome) -> Outcome:
    """One recipient's part of what the server said."""
    if address in outcome.refused:
        reason = outcome.refused[address]
        return Outcome(Fate.NEVER, reason, status_of(reason, "5.1.0"))
    if address in outcome.replies:
        reason = outcome.replies[address]
        return Outcome(Fate.LATER, reason, status_of(reason, "4.0.0"))
    reason = outcome.reply
    if outcome.verdict == "accepted":
        return Outcome(Fate.SENT, reason, status_of(reason, "2.0.0"))
    if outcome.verdict == "never":
        return Outcome(Fate.NEVER, reason, status_of(reason, "5.0.0"))
    return Outcome(Fate.LATER, reason, status_of(reason, "4.4.2"), unsure=outcome.verdict == "unsure")
