"""Random programs of mails, faults, times and troubles (hypothesis shrinks what fails to a program one can
read).
"""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from stationer import outbox
from tests.outbox.world import FAULTS, Crash, Cut, Letter, Store, World

LIMIT = 20_000


class AgentMachine(RuleBasedStateMachine):
    """A user who writes, an agent that dies, servers that come and go."""

    def __init__(self) -> None:
        super().__init__()
        self.store = Store(limit=LIMIT)
        self.world = World(self.store)
        self.names: list[str] = []

    @rule(
        recipients=st.sampled_from([("bob",), ("bob", "carol")]), faulty=st.booleans(), sealing=st.booleans()
    )
    def user_sends(self, recipients: tuple[str, ...], faulty: bool, sealing: bool) -> None:
        name = f"m{len(self.names)}"
        self.names.append(name)
        fault = "no-recipients" if faulty and len(recipients) == 1 else ""
        self.store.put(Letter(name, recipients, fault, sealing=sealing))

    @rule(fault=st.sampled_from(("", *FAULTS)), after=st.integers(1, 25))
    def work(self, fault: str, after: int) -> None:
        self.world.steps, self.world.faults = [], {after: fault}
        try:
            outbox.turn(self.world)
        except Crash:
            self.world.restart()
        except Cut:
            pass

    @rule(ms=st.integers(1, 90_000), back=st.integers(0, 10**11))
    def time_goes_by(self, ms: int, back: int) -> None:
        self.world.pass_time(ms)
        self.store.wall -= back

    @rule(edge=st.sampled_from(["up", "dead", "frozen", "refusing"]))
    def edge_changes(self, edge: str) -> None:
        self.store.edge = edge

    @rule(smtp=st.sampled_from(["up", "down", "later", "bob-never", "unsure", "unsure-lost"]))
    def mail_server_changes(self, smtp: str) -> None:
        self.store.smtp = smtp

    @rule(portal=st.sampled_from(["up", "slow", "down", "checking", "never"]))
    def portal_changes(self, portal: str) -> None:
        self.store.portal = portal

    @rule(files=st.booleans())
    def server_files_its_own_copy(self, files: bool) -> None:
        self.store.files_itself = files

    @rule()
    def uidvalidity_changes(self) -> None:
        self.store.new_validity()

    @invariant()
    def nothing_is_lost(self) -> None:
        here = set(self.store.outbox.values())
        for name in self.names:
            gone = any(who == name for who, _ in self.store.delivered) or self.store.aside[name]
            assert name in here or gone, f"{name} is lost"

    @invariant()
    def nothing_leaves_in_the_clear(self) -> None:
        assert not self.store.clear

    @invariant()
    def nothing_is_sent_twice_but_in_the_window(self) -> None:
        for (name, recipient), count in self.store.delivered.items():
            assert count <= 1 + max(self.world.doubts(name), 0), f"{name} to {recipient}: {count}"

    def teardown(self) -> None:
        """The way out opens, the edge stays dead: everything leaves within the limit, and nothing is left."""
        self.store.smtp, self.store.edge, self.store.portal = "up", "dead", "up"
        self.world.faults = {}
        opened, waiting = (
            self.store.mono,
            set(self.store.outbox.values()) - {n for n, _ in self.store.delivered},
        )
        self.world.run(400)
        assert not self.store.outbox, "stuck"
        for name in waiting:
            left = self.store.left_at.get(name, opened)
            assert left - opened <= LIMIT + 4_000_000 * bool(self.world.doubts(name) > 0), f"{name} was held"
        for name in self.names:
            copies = sum(of == name for of, _ in self.store.sent.values())
            went = any(who == name for who, _ in self.store.delivered)
            assert copies == 1 if not self.store.aside[name] else copies <= 1, f"{name}: {copies} in Sent"
            assert went or self.store.aside[name], f"{name} neither left nor came back"


TestAgentMachine = AgentMachine.TestCase
TestAgentMachine.settings = settings(
    max_examples=60, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck)
)


@pytest.mark.long
@pytest.mark.timeout(7_200)
def test_three_thousand_random_programs() -> None:
    run_state_machine_as_test(AgentMachine, settings=settings(TestAgentMachine.settings, max_examples=3_000))
