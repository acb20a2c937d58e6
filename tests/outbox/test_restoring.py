"""Notifications in an inbox, in the words of contract/journal.md §11: every fault at every operation, and a reader who
looks at every moment.
"""

from __future__ import annotations

import itertools
import random

import pytest

from stationer import outbox
from stationer.outbox import operations as op
from stationer.outbox.seen import Notice, Now, Portal, Seen
from stationer.wire.journal import Done, Entry, RestoreBegun, RestoreRefused
from tests.outbox.world import FAULTS, Crash, Cut, Store, World


class Inbox(World):
    """Bob's inbox: UID → (message, notification | restored | altered). `mode`: up, gone, never, alters, silent."""

    def __init__(self, faults: dict[int, str] | None = None, mode: str = "up", copies: int = 1) -> None:
        self.mode, self.inbox, self.down_until, self.hands = mode, dict[int, tuple[str, str]](), 0, set[str]()
        self.next = 10
        super().__init__(Store(), faults)
        for _ in range(copies):
            self.arrive("s1")

    def arrive(self, name: str, kind: str = "notification") -> int:
        self.inbox[self.next] = (name, kind)
        self.next += 1
        return self.next - 1

    def restart(self) -> None:
        super().restart()
        self.hands = set()

    def look(self, key: str | None = None) -> Seen:
        self.there("at a look")
        uids: dict[str, list[int]] = {}
        for uid, (name, kind) in sorted(self.inbox.items()):
            if kind == "notification" and key in (None, name):
                uids.setdefault(name, []).append(uid)
        notices = tuple(Notice(name, tuple(of)) for name, of in uids.items())
        return Seen(1, (), notices=notices, portal=Portal(self.down_until, "nobody answers"))

    def there(self, when: str) -> None:
        """A reader always finds something of the message."""
        assert self.mode == "gone" or any(kind != "altered" for _, kind in self.inbox.values()), when

    def do(self, operation: op.Operation) -> object:
        result = super().do(operation)
        self.there(type(operation).__name__)
        return result

    def _io(self, name, effect):  # type: ignore[no-untyped-def]
        if name == "AppendRestored" and self.faults.get(len(self.steps) + 1, "").startswith("late"):
            self.steps.append(name)
            self.store.late.append((3, effect))
            raise Crash if self.faults[len(self.steps)] == "late_crash" else Cut
        return super()._io(name, effect)

    def _fetch(self, fetch: op.Fetch) -> op.Fetched:
        if self.down_until > self.store.mono:
            raise outbox.SetbackError("nobody answers")
        if self.mode in ("gone", "never"):
            if self.mode == "gone":
                self.inbox.clear()
            return op.Fetched(self.mode, "no right")  # type: ignore[arg-type]
        self.hands.add(fetch.key)
        return op.Fetched("here")

    def _findrestored(self, find: op.FindRestored) -> tuple[op.Found, ...]:
        assert find.key in self.hands
        return tuple(
            op.Found(uid, kind == "restored", kind in ("restored", "elsewhere"))
            for uid, (name, kind) in self.inbox.items()
            if name == find.key and kind != "notification"
        )

    def _appendrestored(self, append: op.AppendRestored) -> int:
        altered = self.mode in ("alters", "silent")
        made = self.arrive(append.key, "altered" if altered else "restored")
        return 0 if self.mode == "silent" else made

    def _discardnotices(self, discard: op.DiscardNotices) -> None:
        for uid in discard.uids:
            self.inbox.pop(uid, None)

    def kinds(self) -> list[str]:
        return sorted(kind for _, kind in self.inbox.values())


def length() -> int:
    inbox = Inbox()
    inbox.run()
    return len(inbox.steps)


def test_the_original_comes_into_its_place() -> None:
    inbox = Inbox()
    inbox.run()
    assert inbox.kinds() == ["restored"]
    assert [type(entry.deed).__name__ for entry in inbox.store.journal] == [
        "RestoreBegun",
        "Restored",
        "Done",
    ]


def test_two_copies_of_a_notification_become_one_mail() -> None:
    inbox = Inbox(copies=2)
    inbox.run()
    assert inbox.kinds() == ["restored"]


def test_a_copy_that_comes_later_makes_no_second_one() -> None:
    inbox = Inbox()
    inbox.run()
    inbox.arrive("s1")
    inbox.run()
    assert inbox.kinds() == ["restored"] and inbox.store.journal[-1].run == 2


def test_the_same_one_sent_again_by_another_way_stays_while_its_original_is_there() -> None:
    inbox = Inbox()
    inbox.run()
    inbox.inbox = {
        uid: (name, "elsewhere") for uid, (name, _) in inbox.inbox.items()
    }  # another trace above it
    for _ in range(3):
        inbox.arrive("s1")
        inbox.run()
    assert inbox.kinds() == ["elsewhere", "notification", "notification", "notification"]
    inbox.inbox = {
        uid: it for uid, it in inbox.inbox.items() if it[1] == "notification"
    }  # its reader removed it
    inbox.arrive("s1")
    inbox.run()
    assert inbox.kinds() == ["restored"]


def run(faults: dict[int, str], copies: int = 1) -> None:
    inbox = Inbox(faults, copies=copies)
    inbox.run()
    assert inbox.kinds() == ["restored"], f"{faults}: {inbox.kinds()}"


def test_every_single_fault_leaves_one_original_and_no_notification() -> None:
    for step, fault, copies in itertools.product(range(1, length() + 3), FAULTS, (1, 2)):
        if fault != "late":  # an APPEND that lands after the next one was looked for: told below
            run({step: fault}, copies)


def test_an_append_that_lands_late_leaves_the_original_at_least_once() -> None:
    for step, fault in itertools.product(range(1, length() + 3), ("late", "late_crash")):
        inbox = Inbox({step: fault})
        inbox.run()
        assert set(inbox.kinds()) == {"restored"} and len(inbox.kinds()) <= 2


def test_pairs_of_faults() -> None:
    kinds = [fault for fault in FAULTS if not fault.startswith("late")]
    every = [
        dict(zip(steps, faults, strict=True))
        for steps in itertools.combinations(range(1, length() + 6), 2)
        for faults in itertools.product(kinds, repeat=2)
    ]
    for faults in random.Random(3).sample(every, 300):
        run(faults)


def test_what_may_not_be_restored_stays_and_is_not_tried_again() -> None:
    inbox = Inbox(mode="never")
    inbox.run()
    assert inbox.kinds() == ["notification"]
    assert [entry.deed for entry in inbox.store.journal[1:]] == [RestoreRefused("no right"), Done("left")]
    steps = len(inbox.steps)
    inbox.run()
    assert len(inbox.steps) == steps


@pytest.mark.parametrize(
    ("mode", "left"), [("alters", ["notification"]), ("silent", ["altered", "notification"])]
)
def test_a_server_that_changes_what_is_put_there_keeps_the_notification(mode: str, left: list[str]) -> None:
    inbox = Inbox(mode=mode)
    inbox.run()
    assert inbox.kinds() == left and inbox.store.journal[-1].deed == Done("left")


def test_a_notification_that_its_reader_removed_is_done_with() -> None:
    inbox = Inbox(mode="gone")
    inbox.run()
    assert inbox.store.journal[-1].deed == Done("gone")


def test_while_the_portal_is_not_there_it_waits_and_nothing_is_written() -> None:
    inbox = Inbox()
    inbox.down_until = 5_000
    waits = outbox.turn(inbox)
    assert waits[0].until == 5_000 and "nobody answers" in waits[0].why and not inbox.store.journal
    inbox.run()
    assert inbox.kinds() == ["restored"]


def test_after_new_numbers_a_notification_that_was_left_is_tried_again() -> None:
    past = [Entry("s1", 1, 0, deed) for deed in (RestoreBegun(1, (10,)), RestoreRefused("x"), Done("left"))]
    notices = (Notice("s1", (3,)),)
    assert outbox.plan(Seen(1, (), notices=notices), past, Now(0, 0)) == ()
    assert outbox.plan(Seen(2, (), notices=notices), past, Now(0, 0)) == (outbox.Restore("s1", 2, (3,)),)
