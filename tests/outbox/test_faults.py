"""Every single fault, and pairs of faults, at every operation of every scenario: lost never, twice only in
the window.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Iterator

import pytest

from stationer.outbox import operations as op
from stationer.wire.journal import SubmitBegun
from tests.outbox.world import FAULTS, Letter, Store, World

SCENARIOS: dict[str, Callable[[], Store]] = {
    "stamp": Store,
    "edge dead": lambda: Store(edge="dead", limit=2_000),
    "server files its own copy": lambda: Store(files_itself=True),
    "some refused": lambda: Store(smtp="bob-never"),
    "refused": lambda: Store(smtp="never"),
    "no recipients": Store,
    "seal": Store,
    "seal with the portal down": lambda: Store(portal="down", portal_mends=3),
    "seal, a slow portal": lambda: Store(portal="slow"),
    "seal, some refused": lambda: Store(smtp="bob-never"),
    "seal, the portal refuses": lambda: Store(portal="never"),
    "seal, the mail server refuses": lambda: Store(smtp="never"),
}
GIVEN = ("refused", "no recipients", "seal, the portal refuses", "seal, the mail server refuses")


def store_for(scenario: str) -> Store:
    """A fresh world with one mail in the Outbox."""
    store = SCENARIOS[scenario]()
    fault = "no-recipients" if scenario == "no recipients" else ""
    store.put(Letter("m0", to=("bob", "carol"), fault=fault, sealing=scenario.startswith("seal")))
    return store


def run(scenario: str, faults: dict[int, str]) -> World:
    """The scenario with these faults, to its end, and all that must hold then."""
    world = World(store_for(scenario), faults)
    world.run()
    store, at_most = world.store, 1 + max(world.doubts("m0"), 0)
    given = scenario in GIVEN
    assert not store.clear, "left in the clear"
    assert not store.outbox, "left in the Outbox"
    assert store.aside["m0"] == given, "given back wrongly, or not at all"
    due = () if given else ("carol",) if scenario.endswith("some refused") else ("bob", "carol")
    for recipient in ("bob", "carol"):
        count = store.delivered["m0", recipient]
        assert bool(count) == (recipient in due), f"{recipient}: {count} copies"
        assert count <= at_most, f"{recipient}: {count} copies after {at_most - 1} doubts"
    assert list(store.sent.values()) == ([] if given else [("m0", True)]), "Sent"
    assert all(n == 1 for n in store.notes.values()), "a note twice"
    if any(n > 1 for n in store.delivered.values()):
        assert ("m0", 1, "twice") in store.notes, "sent twice and nobody told"
    return world


def length(scenario: str) -> int:
    """Operations of the undisturbed scenario."""
    return len(run(scenario, {}).steps)


def pairs(scenario: str) -> Iterator[dict[int, str]]:
    """All pairs of faults at different operations."""
    for first, second in itertools.combinations(range(1, length(scenario) + 6), 2):
        for kinds in itertools.product(FAULTS, repeat=2):
            yield dict(zip((first, second), kinds, strict=True))


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_every_single_fault_leaves_one_mail_one_copy_and_an_empty_outbox(scenario: str) -> None:
    for step in range(1, length(scenario) + 1):
        for fault in FAULTS:
            run(scenario, {step: fault})


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_some_pairs_of_faults(scenario: str) -> None:
    every = list(pairs(scenario))
    for faults in random.Random(7).sample(every, 150):
        run(scenario, faults)


@pytest.mark.long
@pytest.mark.timeout(3_600)
@pytest.mark.parametrize("scenario", SCENARIOS)
def test_every_pair_of_faults(scenario: str) -> None:
    for faults in pairs(scenario):
        run(scenario, faults)


class WithoutFsync(World):
    """A planted fault: the last record before a crash is lost."""

    def restart(self) -> None:
        super().restart()
        if self.store.journal and isinstance(self.store.journal[-1].deed, SubmitBegun):
            self.store.journal.pop()


class WithoutSearch(World):
    """A planted fault: nothing is ever found in Sent."""

    def _findsent(self, find: op.FindSent) -> tuple[op.Found, ...]:
        return ()


class WithoutCleaning(World):
    """A planted fault: a second copy in Sent stays."""

    def _discardsent(self, discard: op.DiscardSent) -> None:
        pass


class WithoutWaiting(World):
    """A planted fault: a mail is taken for sealed when the portal was only asked."""

    def _sealup(self, seal: op.SealUp) -> op.Kept:
        return op.Kept("sealed", "none")

    def _write(self, write: op.Write) -> None:
        super()._write(write)
        self.store.notified.clear()


@pytest.mark.parametrize(
    ("planted", "scenario"),
    [
        (WithoutFsync, "stamp"),
        (WithoutSearch, "stamp"),
        (WithoutCleaning, "stamp"),
        (WithoutWaiting, "seal"),
    ],
)
def test_a_planted_fault_is_caught(
    planted: type[World], scenario: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(globals(), "World", planted)
    with pytest.raises((AssertionError, KeyError)):
        for step in range(1, 20):
            for fault in FAULTS:
                run(scenario, {step: fault})
