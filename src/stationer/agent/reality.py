"""One mailbox as `outbox.turn` sees it: the real world behind look, past, now and do (outbox/turn.py).

Not thread-safe; the agent gives a mailbox to one thread at a time. ImapError and JournalError pass through: the turn
ends, and the next one starts from the journal.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any

from stationer import imap, outbox
from stationer.agent import notes
from stationer.agent.accounts import Account
from stationer.agent.asking import Asking
from stationer.agent.dressing import named
from stationer.agent.ending import never_leaves
from stationer.agent.filing import Filing
from stationer.agent.journal import Journal
from stationer.agent.known import Known
from stationer.agent.leaving import NOTIFICATION, Leaving
from stationer.agent.lying import Lying
from stationer.agent.reading import Reading
from stationer.agent.sealing import Sealing
from stationer.agent.status import WaitingMail
from stationer.agent.wayout import WayOut
from stationer.outbox import operations as op
from stationer.outbox.seen import Edge, Mail, Now, Seen
from stationer.watch.log import Voice, person
from stationer.wire.journal import Entry, GivenBack, Removed

REST_MS = 60_000
voice = Voice("agent")


class Reality:
    """Implements outbox.World for one account. `filing` is given anew with every connection."""

    def __init__(
        self, account: Account, journal: Journal, asking: Asking, way: WayOut, sealing: Sealing | None = None
    ) -> None:
        self.account, self._journal, self._asking, self._way = account, journal, asking, way
        self._sealing = sealing or Sealing(Known(account), None)
        self.folder = account.outbox
        self.filing: Filing | None = None
        self.reported: Callable[[], None] = lambda: None  # called when there is something to tell the edge
        self._lying = Lying(account.address, account.outbox, self._sealing.known)
        self._leaving = Leaving(account.address, journal, asking, way, self._sealing)
        self._held: dict[str, outbox.Held] = {}
        self._filed_uid: dict[str, int] = {}
        self._resting: dict[str, outbox.Wait] = {}
        self._sent = imap.Position(0, 0, 0)
        self._careful = False
        self._version = self._sealing.known.version

    # ── look ──

    def clock(self) -> Now:
        return Now(time.time_ns() // 1_000_000, time.monotonic_ns() // 1_000_000)

    def past(self, key: str | None = None) -> Sequence[Entry]:
        if key is not None:
            return self._journal.of(self.account.address, key)
        return self._journal.past(self.account.address, self._lying.names())

    def look(self, key: str | None = None) -> Seen:
        if key is None:
            self._look_anew()
        mono = self.clock().mono
        open_ = self._way.still_open
        uids = self._lying.uids(key)
        for name in uids:
            held = self._held.get(name) or outbox.resume(self.past(name))
            self._held[name] = outbox.tick(held, mono, open_)
        return Seen(
            validity=self._lying.validity,
            mails=tuple(self._mail(self._lying.known[name], of, mono) for name, of in uids.items()),
            edge=Edge(self._asking.ready_at, self._asking.hold_limit_ms),
            open_=open_,
            retry_at=self._way.retry_at,
            closed_why=self._way.why,
            sent_validity=self._sent.validity,
            sent_next=self._sent.next,
            careful=self._careful,
            portal=self._sealing.portal,
        )

    def _look_anew(self) -> None:
        """List the Outbox, read what is new, and see whether the way out is open if something is to leave."""
        filing = self._connected()
        self._follow()
        waiting = self._lying.look(filing)
        if self._follow():  # what asks for a seal was found to be another while it was read
            waiting = self._lying.look(filing)
        self._lying.keep(set(self._leaving.dressed))
        if self._lying.readings:
            self._sent = filing.sent_position()
            self._way.open_(self.clock().mono)
        self._careful = self._since_loss(bool(waiting))

    def _follow(self) -> bool:
        """Whether the PEN has changed, and what asks for a seal. What was made ready is made again then."""
        if self._version == self._sealing.known.version:
            return False
        self._version = self._sealing.known.version
        for key in self._lying.names():
            self._leaving.dressed.pop(key, None)
        for key in self._lying.anew():
            self._held.pop(key, None)
        return True

    def more(self) -> bool:
        """Whether something lies in the Outbox that the last look did not see."""
        return self._lying.more(self._connected())

    def _since_loss(self, waiting: bool) -> bool:
        """Whether a journal was lost (§1) and the Outbox has not been empty since."""
        lost, calm = self._journal.recall("careful"), f"calm {self.account.address}"
        if lost is None or self._journal.recall(calm) == lost:
            return False
        if not waiting:
            self._journal.remember(calm, lost)
        return waiting

    def _mail(self, reading: Reading, uids: tuple[int, ...], mono: int) -> Mail:
        fault, detail, most = reading.fault, reading.detail, self._way.size_limit
        if not fault and reading.sealing and not self._sealing.able:
            fault = "cannot-seal"
        if not fault and most and reading.size > most and not reading.sealing:
            fault = "too-large"
            detail = f"It has {reading.size / 1e6:.1f} MB; the server takes {most / 1e6:.1f} MB."
        dressed = self._leaving.dressed.get(reading.key)
        return Mail(
            reading.key,
            uids,
            message_id=reading.message_id,
            fault=fault,
            fault_detail=detail,
            answer=self._asking.answers.get(reading.key),
            outfit=dressed.outfit if dressed else None,
            held=self._held[reading.key],
            sealing=reading.sealing,
            unsure=self._sealing.known.pending if reading.might else "",
            going=self._sealing.going(reading.key, mono),
        )

    def _connected(self) -> Filing:
        if self.filing is None:
            raise imap.UnreachableError("There is no connection to the mailbox.")
        return self.filing

    def _written(self, key: str) -> bytes:
        """The mail's octets as its author wrote them."""
        return self._lying.written(key, self._connected())

    def resting(self, key: str) -> outbox.Wait | None:
        wait = self._resting.get(key)
        return wait if wait and wait.until > self.clock().mono else None

    def set_back(self, key: str, why: str) -> outbox.Wait:
        voice.warning("mail-set-back", mailbox=person(self.account.address), why=why)
        self._resting[key] = outbox.Wait(key, self.clock().mono + REST_MS, why)
        return self._resting[key]

    # ── do ──

    def do(self, operation: op.Operation) -> object:
        handler: Any = getattr(self, f"_do_{type(operation).__name__.lower()}")
        try:
            return handler(operation)
        except imap.RefusedError as error:
            raise outbox.SetbackError(str(error)) from error

    def _do_askedge(self, ask: op.AskEdge) -> None:
        mail = self._written(ask.key)
        self._asking.ask(self._lying.known[ask.key], mail, ask.patience, self.clock().mono)
        if self._asking.trouble:
            voice.warning("edge-trouble", mailbox=person(self.account.address), why=self._asking.trouble)

    def _do_dress(self, want: op.Dress) -> None:
        mail, reading, now = self._written(want.key), self._lying.known[want.key], self.clock().wall
        self._leaving.dressed[want.key] = self._leaving.outfit(want, mail, reading, now)

    def _do_write(self, write: op.Write) -> None:
        wall = self.clock().wall
        entries = [Entry(write.key, write.run, wall, deed) for deed in write.deeds]
        spool = self._leaving.spool(write)
        told = outbox.reports(self.past(write.key), write.deeds)
        if never_leaves(write.deeds, self.past(write.key)):
            self._sealing.end(write.key, write.run, self.clock().mono)
        elif write.drop and self._sealing.able:
            self._sealing.left(write.key, write.run)
        self._journal.write(
            self.account.address, entries, spool, first_copy=NOTIFICATION if write.sealed else 0, drop=write.drop,
            reports=told,
        )  # fmt: skip
        if told:
            self.reported()
        for deed in write.deeds:
            voice.info(
                "mail", mailbox=person(self.account.address), mail=write.key[:10], deed=type(deed).__name__
            )
        if write.drop or any(isinstance(deed, Removed | GivenBack) for deed in write.deeds):
            self._forget(write.key)
        if write.drop:
            self._filed_uid.pop(write.key, None)

    def _forget(self, key: str) -> None:
        self._asking.forget(key)
        self._lying.shelf.drop(key)
        for memory in (self._leaving.dressed, self._held, self._resting, self._sealing.notified):
            memory.pop(key, None)

    def _do_sealup(self, want: op.SealUp) -> op.Kept:
        mail, mono = self._leaving.copy(want.key, want.run, 0), self.clock().mono
        return self._sealing.up(want.key, mail, want.run, want.sender, want.recipients, mono)

    def _do_deliver(self, deliver: op.Deliver) -> op.Receipt:
        wire = self._leaving.wire(deliver)
        outcome = self._way.submit(deliver.sender, deliver.recipients, wire, self.clock().mono)
        return op.Receipt(outcome.verdict, outcome.reply, outcome.refused, outcome.delayed)

    def _do_findsent(self, find: op.FindSent) -> tuple[op.Found, ...]:
        uid = self._filed_uid.get(find.key)
        ours = (uid,) if uid else ()

        def filed() -> bytes:
            return self._leaving.filed(find.key, find.run)

        return self._connected().find_sent(find.message_id, filed, find.validity, find.next, ours)

    def _do_appendsent(self, append: op.AppendSent) -> int:
        uid = self._connected().append_sent(self._leaving.filed(append.key, append.run))
        if uid:
            self._filed_uid[append.key] = uid
        return uid

    def _do_discardsent(self, discard: op.DiscardSent) -> None:
        self._connected().discard_sent(discard.uids)

    def _do_discard(self, discard: op.Discard) -> None:
        self._connected().discard(discard.uids, discard.validity)
        self._lying.gone(discard.uids)

    def _do_moveaside(self, move: op.MoveAside) -> None:
        self._connected().move_aside(move.uids, move.validity)
        self._lying.gone(move.uids)

    def _do_findnote(self, find: op.FindNote) -> bool:
        return self._connected().has_note(notes.note_id(find.key, find.run, find.about, self.account.address))

    def _do_appendnote(self, note: op.AppendNote) -> None:
        self._connected().append_note(self._note(note))

    def _note(self, note: op.AppendNote) -> bytes:
        now, address = self.clock().wall, self.account.address
        mail = self._journal.spooled(address, note.key, note.run, 0) or self._written(note.key)
        reading = self._lying.known.get(note.key) or self._lying.read(mail)
        return notes.note(
            note.about,
            note.detail,
            address=address,
            subject=notes.subject_of(mail),
            reference=named(mail, reading, note.run, now)[1],
            message_id=notes.note_id(note.key, note.run, note.about, address),
            now_ms=now,
        )

    def holds(self, key: str) -> bool:
        """Whether this mail lies in the Outbox; others only wait for a later look at Sent."""
        return self._lying.holds(key)

    @property
    def edge_trouble(self) -> str:
        """What is wrong with the edge at the moment, in words."""
        return self._asking.trouble

    def about(self, key: str, why: str) -> WaitingMail:
        """A waiting mail as `status` shows it."""
        mail = self._lying.shelf.get(key)
        return WaitingMail(key[:10], notes.subject_of(mail) if mail else "", why)

    def rest(self) -> None:
        """Between turns: give connections back; end what is left to be ended."""
        self._sealing.endings.settle(self.clock().mono)
        self._way.rest(self.clock().mono)

    def close(self) -> None:
        """Close all connections."""
        self._way.drop()
        self._asking.close()
        if self.filing:
            self.filing.mailbox.close()
            self.filing = None
