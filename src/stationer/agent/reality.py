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
from stationer.agent.dressing import Dressed, as_written, dress, for_all, named, on_the_wire
from stationer.agent.ending import never_leaves
from stationer.agent.filing import Filing
from stationer.agent.journal import Journal
from stationer.agent.known import Known
from stationer.agent.reading import Reading, read
from stationer.agent.sealing import Sealing
from stationer.agent.shelf import Shelf
from stationer.agent.status import WaitingMail
from stationer.agent.wayout import WayOut
from stationer.outbox import operations as op
from stationer.outbox.seen import Edge, Mail, Now, Seen
from stationer.watch.log import Voice, person
from stationer.wire.journal import Entry, GivenBack, Removed

REST_MS = 60_000
#: Where the notification of a sealed mail lies in the spool.
NOTIFICATION = 1
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
        self._shelf = Shelf()
        self._validity = 0
        self._readings: dict[int, Reading] = {}  # by UID, good under self._validity
        self._known: dict[str, Reading] = {}
        self._dressed: dict[str, Dressed] = {}
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
        return self._journal.past(self.account.address, {reading.key for reading in self._readings.values()})

    def look(self, key: str | None = None) -> Seen:
        if key is None:
            self._look_anew()
        mono = self.clock().mono
        open_ = self._way.still_open
        uids: dict[str, list[int]] = {}
        for uid, reading in sorted(self._readings.items()):
            if key in (None, reading.key):
                uids.setdefault(reading.key, []).append(uid)
        for name in uids:
            held = self._held.get(name) or outbox.resume(self.past(name))
            self._held[name] = outbox.tick(held, mono, open_)
        return Seen(
            validity=self._validity,
            mails=tuple(self._mail(self._known[name], tuple(of)) for name, of in uids.items()),
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
        """List the Outbox, read what is new in it, and see whether the way out is open if something is to
        leave.
        """
        filing = self._connected()
        validity, items = filing.mailbox.listing(self.account.outbox)
        if validity != self._validity:
            self._validity, self._readings = validity, {}
        if self._version != self._sealing.known.version:
            self._read_anew()
        present = {item.uid for item in items}
        self._readings = {uid: reading for uid, reading in self._readings.items() if uid in present}
        for item in items:
            if item.uid not in self._readings:
                mail = filing.mailbox.read(self.account.outbox, item.uid, validity)
                if mail is not None:
                    self._met(item.uid, mail)
        kept = {reading.key for reading in self._readings.values()} | self._dressed.keys()
        self._known = {key: reading for key, reading in self._known.items() if key in kept}
        if self._readings:
            self._sent = filing.sent_position()
            self._way.open_(self.clock().mono)
        self._careful = self._since_loss(bool(items))

    def _read_anew(self) -> None:
        """The PEN has changed, and with it what asks for a seal. What was made ready and not begun is made again."""
        self._version = self._sealing.known.version
        for key in {reading.key for reading in self._readings.values()}:
            self._dressed.pop(key, None)
            if self._known[key].might:
                self._held.pop(key, None)
        self._readings = {}

    def more(self) -> bool:
        """Whether something lies in the Outbox that the last look did not see."""
        validity, items = self._connected().mailbox.listing(self.account.outbox)
        return validity != self._validity or not {item.uid for item in items} <= self._readings.keys()

    def _since_loss(self, waiting: bool) -> bool:
        """Whether a journal was lost (§1) and the Outbox has not been empty since."""
        lost, calm = self._journal.recall("careful"), f"calm {self.account.address}"
        if lost is None or self._journal.recall(calm) == lost:
            return False
        if not waiting:
            self._journal.remember(calm, lost)
        return waiting

    def _met(self, uid: int, mail: bytes) -> None:
        reading = self._read(mail)
        self._readings[uid] = self._known[reading.key] = reading
        self._shelf.put(reading.key, mail)

    def _read(self, mail: bytes) -> Reading:
        return read(mail, self.account.address, self._sealing.known.tags)

    def _mail(self, reading: Reading, uids: tuple[int, ...]) -> Mail:
        fault, detail, most = reading.fault, reading.detail, self._way.size_limit
        if not fault and reading.sealing and not self._sealing.able:
            fault = "cannot-seal"
        if not fault and most and reading.size > most and not reading.sealing:
            fault = "too-large"
            detail = f"It has {reading.size / 1e6:.1f} MB; the server takes {most / 1e6:.1f} MB."
        dressed = self._dressed.get(reading.key)
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
        )

    def _connected(self) -> Filing:
        if self.filing is None:
            raise imap.UnreachableError("There is no connection to the mailbox.")
        return self.filing

    def _written(self, key: str) -> bytes:
        """The mail's bytes as its author wrote them, from the shelf or from the Outbox again."""
        if (mail := self._shelf.get(key)) is not None:
            return mail
        uid = next((uid for uid, reading in self._readings.items() if reading.key == key), None)
        mail = self._connected().mailbox.read(self.account.outbox, uid, self._validity) if uid else None
        if mail is None or self._read(mail).key != key:
            raise imap.ChangedError("A mail went from the Outbox while it was being read.")
        self._shelf.put(key, mail)
        return mail

    # ── setbacks ──

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
        self._asking.ask(self._known[ask.key], mail, ask.patience, self.clock().mono)
        if self._asking.trouble:
            voice.warning("edge-trouble", mailbox=person(self.account.address), why=self._asking.trouble)

    def _do_dress(self, want: op.Dress) -> None:
        mail, reading, now = self._written(want.key), self._known[want.key], self.clock().wall
        self._dressed[want.key] = self._outfit(want, mail, reading, now)

    def _outfit(self, want: op.Dress, mail: bytes, reading: Reading, now: int) -> Dressed:
        """Whatever goes wrong here, the mail leaves as written (law 2)."""
        try:
            prepared = self._asking.prepared.get(want.key) if want.with_ == "answer" else None
            if want.with_ == "last-good":
                prepared = self._asking.last_good(reading, mail)
            if prepared and prepared.orders:
                outcome = "stamped" if want.with_ == "answer" else "last-good"
                return dress(
                    mail,
                    reading,
                    for_all(prepared.orders, reading)
                    if reading.sealing
                    else tuple(order for order in prepared.orders if order.recipients),
                    run=want.run,
                    now_ms=now,
                    outcome=outcome,
                    pick=prepared.pick,
                    most=0 if reading.sealing else self._way.size_limit,
                )
        except Exception:
            voice.fault("fault", mailbox=person(self.account.address))
            return as_written(mail, reading, run=want.run, now_ms=now, reason="fault")
        return as_written(mail, reading, run=want.run, now_ms=now, reason=want.reason)

    def _do_write(self, write: op.Write) -> None:
        wall = self.clock().wall
        entries = [Entry(write.key, write.run, wall, deed) for deed in write.deeds]
        spool = self._dressed[write.key].copies if write.spool else ()
        if write.sealed:
            spool = (self._sealing.notified[write.key],)
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
        self._shelf.drop(key)
        for memory in (self._dressed, self._held, self._resting, self._sealing.notified):
            memory.pop(key, None)

    def _copy(self, key: str, run: int, copy: int) -> bytes:
        """Outgoing bytes: those in hand, or those in the spool."""
        if dressed := self._dressed.get(key):
            return dressed.copies[copy]
        return self._spooled(key, run, copy)

    def _spooled(self, key: str, run: int, copy: int) -> bytes:
        mail = self._journal.spooled(self.account.address, key, run, copy)
        if mail is None:
            raise outbox.SetbackError(
                "The outgoing copy is missing from the journal; see `stationer agent status`."
            )
        return mail

    def _is_sealed(self, key: str) -> bool:
        """Whether the journal says that this mail leaves as a notification alone."""
        dressed = outbox.fold(self.past(key)).dressed
        return dressed is not None and dressed.sealed

    def _filed(self, key: str, run: int) -> bytes:
        """What Sent is to hold: the copy of the rest, or of a sealed mail the original."""
        if not self._is_sealed(key):
            return self._copy(key, run, 0)
        mail = self._sealing.filed(self._spooled(key, run, NOTIFICATION), self._copy(key, run, 0))
        if mail is None:
            raise outbox.SetbackError(
                "The original cannot be filed: its notification is not proven any more."
            )
        return mail

    def _do_sealup(self, want: op.SealUp) -> op.Kept:
        mail = self._copy(want.key, want.run, 0)
        mono = self.clock().mono
        return self._sealing.up(want.key, mail, want.run, want.sender, want.recipients, mono)

    def _do_deliver(self, deliver: op.Deliver) -> op.Receipt:
        sealed = self._is_sealed(deliver.key)
        if sealed:
            wire = self._spooled(deliver.key, deliver.run, NOTIFICATION)
        else:
            wire = on_the_wire(self._copy(deliver.key, deliver.run, deliver.copy))
        if why := self._sealing.forbids(wire, sealed):
            raise outbox.SetbackError(f"This mail does not leave. {why}")
        outcome = self._way.submit(deliver.sender, deliver.recipients, wire, self.clock().mono)
        return op.Receipt(outcome.verdict, outcome.reply, outcome.refused, outcome.delayed)

    def _do_findsent(self, find: op.FindSent) -> tuple[op.Found, ...]:
        uid = self._filed_uid.get(find.key)
        ours = (uid,) if uid else ()

        def filed() -> bytes:
            return self._filed(find.key, find.run)

        return self._connected().find_sent(find.message_id, filed, find.validity, find.next, ours)

    def _do_appendsent(self, append: op.AppendSent) -> int:
        uid = self._connected().append_sent(self._filed(append.key, append.run))
        if uid:
            self._filed_uid[append.key] = uid
        return uid

    def _do_discardsent(self, discard: op.DiscardSent) -> None:
        self._connected().discard_sent(discard.uids)

    def _do_discard(self, discard: op.Discard) -> None:
        self._connected().discard(discard.uids, discard.validity)
        self._gone(discard.uids)

    def _do_moveaside(self, move: op.MoveAside) -> None:
        self._connected().move_aside(move.uids, move.validity)
        self._gone(move.uids)

    def _gone(self, uids: Sequence[int]) -> None:
        for uid in uids:
            self._readings.pop(uid, None)

    def _do_findnote(self, find: op.FindNote) -> bool:
        return self._connected().has_note(notes.note_id(find.key, find.run, find.about, self.account.address))

    def _do_appendnote(self, note: op.AppendNote) -> None:
        self._connected().append_note(self._note(note))

    def _note(self, note: op.AppendNote) -> bytes:
        now, address = self.clock().wall, self.account.address
        mail = self._journal.spooled(address, note.key, note.run, 0) or self._written(note.key)
        reading = self._known.get(note.key) or self._read(mail)
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
        return any(reading.key == key for reading in self._readings.values())

    @property
    def edge_trouble(self) -> str:
        """What is wrong with the edge at the moment, in words."""
        return self._asking.trouble

    def about(self, key: str, why: str) -> WaitingMail:
        """A waiting mail as `status` shows it."""
        mail = self._shelf.get(key)
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
