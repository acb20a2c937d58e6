"""The agents of a session: one that is kept from test to test, and special ones of a single test."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from trials.servers.agent import Agent, Ports
from trials.servers.company import Company
from trials.servers.edge import Edge
from trials.servers.people import ALICE, BOB, Person
from trials.servers.workshop import Workshop


class Agents:
    """Starts agents. The one that Alice and Bob have without further words is kept from test to test."""

    def __init__(self, workshop: Workshop, usual: Ports, tokens: dict[str, str]) -> None:
        self._workshop, self._usual, self._tokens = workshop, usual, tokens
        self._kept: Agent | None = None
        self._special: list[Agent] = []

    def __call__(
        self,
        *people: Person,
        served_by: Edge | None = None,
        ports: Mapping[Person, Ports] | None = None,
        **more: Any,
    ) -> Agent:
        """The usual agent; or one of this test alone, for `people` (Alice), or with `ports` for each of them."""
        if not (people or served_by or ports or more):
            if self._kept is None:
                self._kept = self._start({ALICE: self._usual, BOB: self._usual}, self._tokens)
            return self._kept
        self.stop_kept()  # two agents for one mailbox would each send
        named = {name: more.pop(name) for name in ("imap", "smtp", "edge") if name in more}
        if served_by:
            named.setdefault("edge", served_by.port)
        mailboxes = ports or dict.fromkeys(people or (ALICE,), self._usual._replace(**named))
        tokens = _tokens(served_by) if served_by else self._tokens
        self._special.append(self._start(mailboxes, tokens, **more))
        return self._special[-1]

    def _start(self, mailboxes: Mapping[Person, Ports], tokens: dict[str, str], **more: Any) -> Agent:
        return Agent(self._workshop("agent"), mailboxes, tokens, **more)

    def stop_special(self) -> None:
        """Stop those of one test."""
        while self._special:
            self._special.pop().stop()

    def stop_kept(self) -> None:
        """Stop the one that is kept."""
        if self._kept:
            self._kept.stop()
            self._kept = None


def _tokens(edge: Edge) -> dict[str, str]:
    assert isinstance(edge.company, Company), "only a company of the trials has ready-made tokens"
    return edge.company.tokens
