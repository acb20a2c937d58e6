"""A whole small world for the outbox: a mailbox, a mail server, an edge, a journal, and a fault for every
operation.

It runs the very modules that the agent runs (`outbox.turn`); only what is outside them is made up.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from stationer import outbox
from stationer.outbox import operations as op
from stationer.outbox.seen import Edge, Mail, Now, Outfit, Portal, Seen, Stationery, Trouble
from stationer.wire.journal import Entry, Removed, SubmitBegun


class Crash(Exception):
    """kill -9."""


class Cut(Exception):
    """The connection broke, and the agent lives on."""


#: What may happen to an operation. `late` is an effect that lands three operations after the agent gave it
#: up.
FAULTS = ("crash_before", "crash_after", "cut_before", "cut_after", "late", "late_crash", "validity")


@dataclass
class Letter:
    """A mail as its author wrote it."""

    name: str
    to: tuple[str, ...] = ("bob",)
    fault: str = ""
    cannot_be_filed: bool = False
    sealing: bool = False


@dataclass
class Store:
    """What lies outside the agent, and outlives it."""

    validity: int = 1
    next_uid: int = 10
    outbox: dict[int, str] = field(default_factory=dict)
    letters: dict[str, Letter] = field(default_factory=dict)
    sent: dict[int, tuple[str, bool]] = field(default_factory=dict)  # uid → (name, exactly ours)
    sent_next: int = 1
    aside: Counter[str] = field(default_factory=Counter)
    notes: Counter[tuple[str, int, str]] = field(default_factory=Counter)
    delivered: Counter[tuple[str, str]] = field(default_factory=Counter)  # (name, recipient)
    dressed: dict[str, list[str]] = field(default_factory=dict)
    journal: list[Entry] = field(default_factory=list)
    late: list[tuple[int, Callable[[], object]]] = field(default_factory=list)
    left_at: dict[str, int] = field(default_factory=dict)
    wall: int = 1_000_000
    mono: int = 0
    edge: str = "up"  # up, dead, frozen, refusing
    smtp: str = "up"  # up, down, later, never, bob-never, bob-later, unsure, unsure-lost
    files_itself: bool = False
    limit: int = 60_000
    asked: int = 0
    portal: str = "up"  # up, slow, down, checking, never
    portal_mends: int = 0  # after so many tries it is up
    kept: dict[str, int] = field(default_factory=dict)  # name → how often it was given to the portal
    notified: set[str] = field(default_factory=set)  # whose notification is in the spool
    clear: Counter[str] = field(default_factory=Counter)  # what left in the clear and should not have
    careful: bool = False

    def put(self, letter: Letter) -> None:
        """The author puts a mail into the Outbox."""
        self.letters[letter.name] = letter
        self.outbox[self.next_uid] = letter.name
        self.next_uid += 1

    def new_validity(self) -> None:
        """The server numbers anew, and every UID but one belongs to another mail afterwards."""
        self.validity += 1
        names = list(self.outbox.values())
        self.outbox = dict(enumerate(reversed(names), start=10))
        self.next_uid = 10 + len(names)


class World:
    """One process of the agent in the world of `store`. `plan` maps an operation's number to a fault."""

    def __init__(self, store: Store, faults: dict[int, str] | None = None) -> None:
        self.store, self.faults, self.steps = store, faults if faults is not None else {}, []
        self.restart()

    def restart(self) -> None:
        """A new process: nothing is known but the journal."""
        self.answers: dict[str, Stationery | Trouble] = {}
        self.outfits: dict[str, Outfit] = {}
        self.held: dict[str, outbox.Held] = {}
        self.rest: dict[str, outbox.Wait] = {}
        self.ready_at, self.failures = 0, 0
        self.portal_at = 0
        self.going: dict[str, int] = {}  # name → until when its content is on its way

    # ── what a turn asks for ──

    def clock(self) -> Now:
        return Now(self.store.wall, self.store.mono)

    def past(self, key: str | None = None) -> Sequence[Entry]:
        return [entry for entry in self.store.journal if key in (None, entry.key)]

    def look(self, key: str | None = None) -> Seen:
        if key is None:
            self._io("look", lambda: None)
        store, uids = self.store, dict[str, list[int]]()
        for uid, name in sorted(store.outbox.items()):
            uids.setdefault(name, []).append(uid)
        open_ = store.smtp != "down"
        for name in uids:
            self.held[name] = outbox.tick(
                self.held.get(name, outbox.resume(self.past(name))), store.mono, open_
            )
        return Seen(
            validity=store.validity,
            mails=tuple(self._mail(name, tuple(of)) for name, of in uids.items() if key in (None, name)),
            edge=Edge(self.ready_at, store.limit),
            open_=open_,
            retry_at=store.mono + 5_000,
            sent_validity=1,
            sent_next=store.sent_next,
            careful=store.careful,
            portal=Portal(self.portal_at, "the portal is down"),
        )

    def _mail(self, name: str, uids: tuple[int, ...]) -> Mail:
        return Mail(
            name,
            uids,
            message_id=name,
            fault=self.store.letters[name].fault,
            answer=self.answers.get(name),
            outfit=self.outfits.get(name),
            held=self.held[name],
            sealing=self.store.letters[name].sealing,
            going="on its way" if self.going.get(name, 0) > self.store.mono else "",
        )

    def resting(self, key: str) -> outbox.Wait | None:
        return self.rest.get(key) if key in self.rest and self.rest[key].until > self.store.mono else None

    def set_back(self, key: str, why: str) -> outbox.Wait:
        self.rest[key] = outbox.Wait(key, self.store.mono + 60_000, why)
        return self.rest[key]

    # ── operations ──

    def do(self, operation: op.Operation) -> object:
        handler: Any = getattr(self, "_" + type(operation).__name__.lower())
        return self._io(type(operation).__name__, lambda: handler(operation))

    def _io(self, name: str, effect: Callable[[], object]) -> object:
        self.steps.append(name)
        self.store.late = [(left - 1, late) for left, late in self.store.late]
        for late in [late for left, late in self.store.late if left <= 0]:
            late()
        self.store.late = [item for item in self.store.late if item[0] > 0]
        fault = self.faults.get(len(self.steps), "")
        if fault == "crash_before":
            raise Crash
        if fault == "cut_before":
            raise Cut
        if fault == "validity":
            self.store.new_validity()
        if fault.startswith("late") and name == "AppendSent":
            self.store.late.append((3, effect))
            raise Crash if fault == "late_crash" else Cut
        result = effect()
        if fault == "crash_after":
            raise Crash
        if fault == "cut_after":
            if name == "Deliver":
                return op.Receipt("unsure", "cut")
            raise Cut
        return result

    def _askedge(self, ask: op.AskEdge) -> None:
        store = self.store
        store.asked += 1
        if store.edge == "up":
            self.answers[ask.key], self.failures, self.ready_at = Stationery("pk"), 0, 0
            return
        store.mono += ask.patience if store.edge == "frozen" else 5
        self.failures += 1
        self.ready_at = store.mono + (1_000, 2_000, 3_000, 5_000)[min(self.failures, 4) - 1]
        self.answers[ask.key] = Trouble(store.edge, refusing=store.edge == "refusing")

    def _dress(self, dress: op.Dress) -> None:
        letter = self.store.letters[dress.key]
        self.outfits[dress.key] = Outfit(dress.with_, "alice", dress.key, (letter.to,), dress.reason)

    def _write(self, write: op.Write) -> None:
        if write.drop or any(isinstance(deed, Removed) for deed in write.deeds):
            for memory in (self.answers, self.outfits, self.held):
                memory.pop(write.key, None)
        for deed in write.deeds:
            self.store.journal.append(Entry(write.key, write.run, self.store.wall, deed))
        if write.spool:
            self.store.dressed.setdefault(write.key, []).append(self.outfits[write.key].outcome)
        if write.sealed:
            self.store.notified.add(write.key)

    def _sealup(self, seal: op.SealUp) -> op.Kept:
        store = self.store
        assert seal.key in store.dressed, "what is given to the portal is not durable"
        store.kept[seal.key] = store.kept.get(seal.key, 0) + 1
        mends = 0 < store.portal_mends <= store.kept[seal.key]
        if store.portal == "slow" and seal.key not in self.going:
            self.going[seal.key] = store.mono + 2_500
            return op.Kept("going")
        if store.portal == "never":
            return op.Kept("never", reply="a virus was found")
        if store.portal in ("down", "checking") and not mends:
            self.portal_at = store.mono + 3_000 if store.portal == "down" else 0
            return op.Kept("later", reply=store.portal)
        return op.Kept("sealed", f"message of {seal.key}")

    def _deliver(self, deliver: op.Deliver) -> op.Receipt:
        store, mode = self.store, self.store.smtp
        if store.letters[deliver.key].sealing and deliver.key not in store.notified:
            store.clear[deliver.key] += 1
        if mode in ("down", "later", "unsure-lost"):
            return op.Receipt("unsure" if mode == "unsure-lost" else "later", mode)
        if mode == "never":
            return op.Receipt("never", "no", dict.fromkeys(deliver.recipients, "no"))
        refused = {name: "no" for name in deliver.recipients if mode == f"{name}-never"}
        if len(refused) == len(deliver.recipients):
            return op.Receipt("never", "no", refused)
        delayed = tuple(name for name in deliver.recipients if mode == f"{name}-later")
        if len(delayed) == len(deliver.recipients):
            return op.Receipt("later", mode)
        for recipient in deliver.recipients:
            if recipient not in refused and recipient not in delayed:
                store.delivered[deliver.key, recipient] += 1
        store.left_at.setdefault(deliver.key, store.mono)
        if store.files_itself:
            self._file(deliver.key, False)
        if mode == "unsure":
            return op.Receipt("unsure", "cut")
        return op.Receipt("accepted", "250", refused, delayed)

    def _file(self, name: str, ours: bool) -> int:
        self.store.sent[self.store.sent_next] = (name, ours)
        self.store.sent_next += 1
        return self.store.sent_next - 1

    def _findsent(self, find: op.FindSent) -> tuple[op.Found, ...]:
        return tuple(
            op.Found(uid, ours)
            for uid, (name, ours) in sorted(self.store.sent.items())
            if name == find.key and uid >= find.next
        )

    def _appendsent(self, append: op.AppendSent) -> int:
        if self.store.letters[append.key].cannot_be_filed:
            raise outbox.SetbackError("over quota")
        return self._file(append.key, True)

    def _discardsent(self, discard: op.DiscardSent) -> None:
        for uid in discard.uids:
            del self.store.sent[uid]

    def _discard(self, discard: op.Discard) -> None:
        if discard.validity == self.store.validity:
            for uid in discard.uids:
                assert self.store.outbox.get(uid, discard.key) == discard.key, "removed another mail"
                self.store.outbox.pop(uid, None)
        else:
            raise Cut

    def _moveaside(self, move: op.MoveAside) -> None:
        if move.validity != self.store.validity:
            raise Cut
        for uid in move.uids:
            if self.store.outbox.pop(uid, None):
                self.store.aside[move.key] += 1

    def _findnote(self, find: op.FindNote) -> bool:
        return self.store.notes[find.key, find.run, find.about] > 0

    def _appendnote(self, note: op.AppendNote) -> None:
        self.store.notes[note.key, note.run, note.about] += 1

    # ── what the tests ask ──

    def run(self, passes: int = 40) -> None:
        """Turns until nothing is left, restarting after crashes and letting the time of each wait go by."""
        for _ in range(passes):
            try:
                waits = outbox.turn(self)
            except Crash:
                self.restart()
                continue
            except Cut:
                self.pass_time(1_000)
                continue
            if not waits:
                break
            self.pass_time(max(1, min(wait.until for wait in waits) - self.store.mono))
        for _, late in self.store.late:
            late()
        self.store.late = []

    def pass_time(self, ms: int) -> None:
        """Both clocks go on."""
        self.store.mono += ms
        self.store.wall += ms

    def doubts(self, name: str) -> int:
        """How often a submission of this mail was begun beyond the first."""
        return sum(isinstance(e.deed, SubmitBegun) for e in self.store.journal if e.key == name) - 1
