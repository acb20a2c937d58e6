"""A real agent: `stationer agent run` in a process of its own; its mailboxes are enrolled already.

The device tokens are ready-made (trials/servers/company.py); enrolling itself has trials of its own.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import msgspec

from stationer import notice
from stationer.agent import accounts, passwords, status
from stationer.agent.enrolling import check_mailbox
from stationer.wire.account import Server
from trials.servers.people import Person
from trials.servers.running import LOOPBACK, Running


class Ports(NamedTuple):
    """Where a mailbox, its way out and its edge are reached, each on loopback (or by way of a proxy)."""

    imap: int
    smtp: int
    edge: int


class Agent:
    """An agent for `mailboxes`. `tokens` are by address; `hold_limit_ms` is what the PEN said at enrolment.

    `sent` is what a person answered at enrolment where the server has no SPECIAL-USE; `portal` and the public half of
    `pen` are what it seals and restores with.
    """

    def __init__(
        self,
        folder: Path,
        mailboxes: Mapping[Person, Ports],
        tokens: Mapping[str, str],
        *,
        hold_limit_ms: int = 60_000,
        sent: str = "",
        log: str = "debug",
        portal: str = "",
        pen: notice.Pen | None = None,
    ) -> None:
        self.folder, self._seals = folder, {"portal": portal, "pen": pen}
        for person, ports in mailboxes.items():
            self._enrol(person, tokens.get(person.address, "unknown"), ports, hold_limit_ms, sent)
        self.running = Running(
            "agent",
            [sys.executable, "-m", "stationer", "agent", "run"],
            folder / "agent.log",
            self.is_watching,
            environment={"STATIONER_AGENT__FOLDER": str(folder), "STATIONER_LOG__LEVEL": log},
            folder=folder,
        )

    def _enrol(self, person: Person, token: str, ports: Ports, hold_limit_ms: int, sent: str) -> None:
        imap, smtp = Server(LOOPBACK, ports.imap, "plain"), Server(LOOPBACK, ports.smtp, "plain")
        account = check_mailbox(
            person.address, imap, smtp, person.address, person.password, _nobody_chooses, sent=sent
        )
        edge = f"http://{LOOPBACK}:{ports.edge}"
        account = msgspec.structs.replace(account, edge=edge, hold_limit_ms=hold_limit_ms, **self._seals)
        accounts.store(self.folder, account)
        passwords.store(self.folder, person.address, passwords.Secrets(person.password, token), keyring=False)

    def is_watching(self) -> bool:
        """Whether every mailbox is being watched."""
        found = status.read(self.folder)
        return found is not None and all(mailbox.state == "watching" for mailbox in found.mailboxes)

    def stop(self) -> None:
        """Stop this agent and no other."""
        self.running.stop()


def _nobody_chooses(usual: list[str], folders: list[str]) -> str:
    raise AssertionError(
        f"the server has no SPECIAL-USE, and nobody said which of {folders} is for sent mail"
    )
