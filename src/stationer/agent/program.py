"""The agent as a program: its folder, its lock, its mailboxes put together, its status file."""

from __future__ import annotations

import contextlib
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import msgspec

from stationer import imap
from stationer.agent import accounts, passwords
from stationer.agent.accounts import Account
from stationer.agent.asking import Asking
from stationer.agent.edge import Edge
from stationer.agent.inbox import Inbox
from stationer.agent.journal import Journal
from stationer.agent.keeping import Keeper
from stationer.agent.known import Following, Known
from stationer.agent.reality import Reality
from stationer.agent.reporting import Reporter
from stationer.agent.running import Runner
from stationer.agent.sealing import Sealing
from stationer.agent.status import MailboxStatus, Status, write
from stationer.agent.vault import Vault
from stationer.agent.wayout import WayOut
from stationer.durable.files import make_folder
from stationer.watch.log import Voice

voice = Voice("agent")


class AgentError(Exception):
    """The agent cannot start. The message says what to do."""


@contextlib.contextmanager
def locked(folder: Path) -> Iterator[None]:
    """One agent a folder: two would send the same mails. The system drops the lock with the process."""
    make_folder(folder, 0o700)
    with (folder / "agent.lock").open("w") as file:
        try:
            if sys.platform == "win32":
                import msvcrt

                msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
            else:
                import fcntl

                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise AgentError(
                f"Another agent runs in {folder}. Stop it first, or give another folder."
            ) from error
        yield


def is_running(folder: Path) -> bool:
    """Whether an agent holds the lock of this folder."""
    try:
        with locked(folder):
            return False
    except AgentError:
        return True


def keeper_of(folder: Path, account: Account, journal: Journal, known: Known) -> Keeper:
    """A mailbox with all its parts. Raises SecretsError."""
    secrets = passwords.load(folder, account.address)
    edge = Edge(account.edge, secrets.token, folder / "blocks")
    asking = Asking(edge, journal, account.address, account.hold_limit_ms)
    way = WayOut(account.smtp, account.user, secrets.password, None)
    vault = Vault(account.portal, secrets.token) if account.portal else None
    reality = Reality(account, journal, asking, way, Sealing(known, vault, journal))
    return Keeper(reality, lambda: imap.connect(account.imap, account.user, secrets.password))


def restorer_of(folder: Path, account: Account, journal: Journal, known: Known) -> Keeper | None:
    """What restores in the inbox of a mailbox that has a PEN. Raises SecretsError."""
    if not known.able:
        return None
    secrets = passwords.load(folder, account.address)
    inbox = Inbox(account, known, journal, Vault(account.portal, secrets.token))
    return Keeper(inbox, lambda: imap.connect(account.imap, account.user, secrets.password))


def reporter_of(folder: Path, enrolled: Sequence[Account], journal: Journal) -> Reporter:
    """What tells the edges, by connections of its own. Raises SecretsError."""
    edges = {
        account.address: Edge(account.edge, passwords.load(folder, account.address).token, folder / "blocks")
        for account in enrolled
    }
    return Reporter(journal, edges)


def run(
    folder: Path, *, started: Callable[[Runner], None], watch: Callable[[str, int], None] | None = None
) -> None:
    """Watch all enrolled mailboxes until the Runner given to `started` is stopped.

    Raises AgentError, AccountsError, SecretsError or JournalError, all before anything is done.
    """
    with locked(folder):
        enrolled = accounts.load(folder)
        if not enrolled:
            raise AgentError("No mailbox is enrolled yet. Run `stationer agent enrol` first.")
        journal = Journal(folder, now=time.time_ns() // 1_000_000, watch=watch)
        if journal.set_aside:
            voice.error("journal-set-aside", file=journal.set_aside.name)
        pairs = [(account, Known(account, journal)) for account in enrolled]
        keepers = [keeper_of(folder, account, journal, known) for account, known in pairs]
        restorers = [
            keeper
            for account, known in pairs
            if (keeper := restorer_of(folder, account, journal, known)) is not None
        ]
        following = Following([known for _, known in pairs])
        reporter = reporter_of(folder, enrolled, journal)
        for keeper in keepers:
            if isinstance(keeper.reality, Reality):
                keeper.reality.reported = reporter.wake
        everyone = [*keepers, *restorers]
        runner = Runner(everyone, lambda: write(folder, status_of(everyone, journal)))
        write(folder, status_of(everyone, journal))
        voice.info("started", mailboxes=len(keepers))
        started(runner)
        reporter.start()
        following.start()
        try:
            runner.run()
        finally:
            following.close()
            reporter.close()
            write(folder, msgspec.structs.replace(status_of(everyone, journal), running=False))
            journal.close()


def status_of(keepers: Sequence[Keeper], journal: Journal) -> Status:
    """What `stationer agent status` shows."""
    return Status(
        running=True,
        pid=os.getpid(),
        at=time.time_ns() // 1_000_000,
        journal_set_aside=str(journal.set_aside or ""),
        mailboxes=[
            MailboxStatus(
                keeper.address,
                keeper.health.state,
                keeper.health.error,
                keeper.reality.edge_trouble,
                [keeper.reality.about(key, why) for key, why in keeper.health.waiting.items()],
                _restoring(keeper.address, keepers),
            )
            for keeper in keepers
            if isinstance(keeper.reality, Reality)
        ],
    )


def _restoring(address: str, keepers: Sequence[Keeper]) -> str:
    """What keeps the notifications in this inbox from being restored, or nothing."""
    for keeper in keepers:
        if keeper.address == address and isinstance(keeper.reality, Inbox):
            return keeper.health.error or next(iter(keeper.health.waiting.values()), "")
    return ""
