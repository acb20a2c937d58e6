"""One mailbox over time: connect, one turn, then idle or wait; and when to look at it again.

`work` is called by one thread at a time; between calls the mailbox idles on a socket that a selector may
watch.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from stationer import imap, outbox
from stationer.agent.accounts import Account
from stationer.agent.filing import Filing
from stationer.agent.journal import JournalError
from stationer.watch.log import Voice, person

#: The longest IDLE. RFC 2177 asks for less than 29 minutes; less, since a lost announcement lasts as long.
IDLE_MS = 4 * 60_000
#: A first look soon after IDLE began: some servers keep to themselves what came while it was being asked for.
FIRST_IDLE_MS = 20_000
#: How often a server without IDLE is looked at.
POLL_MS = 15_000
#: Turns on end while more comes, and looks on end because IDLE began with an announcement; then others have a go.
TURNS_AT_MOST, NUDGES_AT_MOST = 10, 3
#: How long to wait for a mailbox that cannot be reached, by failures in a row.
BACKOFF_MS = (1_000, 2_000, 5_000, 10_000, 30_000, 60_000)
#: A login that was refused is tried again seldom: servers lock accounts out.
AUTH_MS = 300_000
voice = Voice("agent")


@dataclass
class Health:
    """What `status` shows of a mailbox."""

    state: str = "starting"
    error: str = ""
    waiting: dict[str, str] = field(default_factory=dict)


class Watched(outbox.World, Protocol):
    """One folder of one account over one connection: an Outbox or an inbox."""

    account: Account
    folder: str
    filing: Filing | None

    def more(self) -> bool:
        """Whether something came that the last look did not see."""
        ...

    def holds(self, key: str) -> bool:
        """Whether this mail lies there."""
        ...

    def rest(self) -> None:
        """Between turns."""
        ...

    def close(self) -> None:
        """Close everything."""
        ...


class Keeper:
    """Keeps one folder. `connect` gives a new IMAP connection or raises ImapError."""

    def __init__(self, reality: Watched, connect: Callable[[], imap.Mailbox]) -> None:
        self.reality, self._connect = reality, connect
        self.health = Health()
        self.idling = False
        self.due = 0.0  # monotonic seconds
        self._failures, self._warned = 0, ""
        self._settled = False  # whether a first look after connecting has been taken
        self._nudges = 0

    @property
    def address(self) -> str:
        """Whose mailbox."""
        return self.reality.account.address

    def fileno(self) -> int:
        """The idling socket, for a selector."""
        assert self.reality.filing is not None
        return self.reality.filing.mailbox.fileno()

    def overheard(self) -> bool:
        """Whether something came that the selector would not see."""
        return self.idling and self.reality.filing is not None and self.reality.filing.mailbox.pending()

    def work(self) -> None:
        """Everything there is to do now. Never raises; sets `due`, `idling` and `health`."""
        try:
            self._turn()
            self._failures = 0
        except imap.ChangedError as error:
            self._failed(error, 1_000, keep=True)
        except imap.AuthError as error:
            self._failed(error, AUTH_MS)
        except imap.ImapError as error:
            self._failed(error)
        except JournalError as error:
            self._failed(error, 10_000, keep=True)
        except Exception as error:
            voice.fault("fault", mailbox=person(self.address))
            self._failed(error)

    def _turn(self) -> None:
        if self.reality.filing is None:
            self.reality.filing = Filing(self._connect(), self.reality.account)
        mailbox = self.reality.filing.mailbox
        if self.idling:
            self.idling = False
            mailbox.done()
        waits, more = self._turns()
        self.health = Health(
            "watching", "", {wait.key: wait.why for wait in waits if self.reality.holds(wait.key)}
        )
        rest = 0 if more else self._idle(mailbox, bool(waits))
        soonest = min((wait.until / 1_000 for wait in waits), default=float("inf"))
        self.due = max(min(time.monotonic() + rest / 1_000, soonest), time.monotonic() + 0.05)
        if self._warned:
            voice.info("mailbox-reachable", mailbox=person(self.address))
            self._warned = ""
        self.reality.rest()

    def _turns(self) -> tuple[tuple[outbox.Wait, ...], bool]:
        """What is left to wait for, and whether more has come all the same.

        What came during a turn was announced then, and IDLE will not say it again: so the last thing before
        IDLE is a look.
        """
        for _ in range(TURNS_AT_MOST):
            waits = outbox.turn(self.reality)
            if not self.reality.more():
                return waits, False
        return waits, True

    def _idle(self, mailbox: imap.Mailbox, waiting: bool) -> int:
        """Begin IDLE where the server has it; in how many ms to look again at the latest."""
        if not mailbox.can("IDLE"):
            return POLL_MS
        first, self._settled = not self._settled, True
        announced = mailbox.idle(self.reality.folder)
        self.idling = True
        if announced and self._nudges < NUDGES_AT_MOST:
            self._nudges += 1
            return 0
        self._nudges = 0
        return FIRST_IDLE_MS if first or waiting else IDLE_MS

    def _failed(self, error: Exception, rest_ms: int = 0, *, keep: bool = False) -> None:
        self._failures += 1
        self.idling = self._settled = False
        if not keep:
            self.drop()
        rest = rest_ms or BACKOFF_MS[min(self._failures, len(BACKOFF_MS)) - 1]
        self.due = time.monotonic() + rest / 1_000
        why = str(error) or type(error).__name__
        self.health = Health("not reachable", why, self.health.waiting)
        if why != self._warned:
            voice.warning("mailbox-trouble", mailbox=person(self.address), why=why)
            self._warned = why

    def drop(self) -> None:
        """Close the connection to the mailbox, which may be dead."""
        filing, self.reality.filing = self.reality.filing, None
        if filing:
            filing.mailbox.abort()

    def close(self) -> None:
        """Close everything."""
        self.idling = False
        self.reality.close()
