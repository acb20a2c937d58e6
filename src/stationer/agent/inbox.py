"""An enrolled inbox as `outbox.turn` sees it: proven notifications, and the originals that come into their place
(contract/journal.md §11).

A second connection beside the Outbox's, so that neither waits for the other. Originals come from the configured portal
alone, whatever a notification says.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

from stationer import imap, notice, outbox
from stationer.agent.accounts import Account
from stationer.agent.filing import Filing
from stationer.agent.journal import Journal
from stationer.agent.known import Known
from stationer.agent.original import digest_of_original, without_offers
from stationer.agent.reading import digest
from stationer.agent.vault import Vault, VaultError
from stationer.outbox import operations as op
from stationer.outbox.seen import Notice, Now, Portal, Seen
from stationer.watch.log import Voice, person
from stationer.wire.journal import Done, Entry

INBOX, NOTIFICATION, RESTORED = "INBOX", "Stationer-Notification", "Stationer-Restored"
RECENT = b"\\Recent"
#: How long the portal is left alone after the n-th failure in a row; how long one message after a setback.
BACKOFF_MS = (2_000, 5_000, 10_000, 30_000, 60_000, 300_000)
REST_MS = 60_000
#: What a PEN that has changed may cure; and how long it is not asked for again because of a notification (s).
CHANGES, FORGED_S = ("not-proven", "other-host"), 10.0
voice = Voice("agent")


class Inbox:
    """Implements keeping.Watched for one account's inbox."""

    folder = INBOX

    def __init__(self, account: Account, known: Known, journal: Journal, vault: Vault) -> None:
        self.account, self._known, self._journal, self._vault = account, known, journal, vault
        self.filing: Filing | None = None
        self._name = f"{account.address} {INBOX}"
        self._validity, self._next, self._version = 0, 1, known.version
        self._ids: dict[int, str] = {}  # by UID: the locator that a proven notification names
        self._hands: dict[str, bytes] = {}
        self._resting: dict[str, outbox.Wait] = {}
        self._portal, self._failures, self._asked_s = Portal(), 0, -FORGED_S

    # ── look ──

    def clock(self) -> Now:
        return Now(time.time_ns() // 1_000_000, time.monotonic_ns() // 1_000_000)

    def past(self, key: str | None = None) -> Sequence[Entry]:
        if key is not None:
            return self._journal.of(self._name, key)
        return self._journal.past(self._name, {self._key(found) for found in self._ids.values()})

    def look(self, key: str | None = None) -> Seen:
        if key is None:
            self._look_anew()
        uids: dict[str, list[int]] = {}
        for uid, found in sorted(self._ids.items()):
            if key in (None, self._key(found)):
                uids.setdefault(self._key(found), []).append(uid)
        notices = tuple(Notice(name, tuple(of)) for name, of in uids.items())
        return Seen(self._validity, (), notices=notices, portal=self._portal)

    def _look_anew(self) -> None:
        """What is new; and all of it anew when the PEN has changed meanwhile."""
        self._look_once()
        if self._version != self._known.version:
            self._look_once()

    def _look_once(self) -> None:
        """What is new since the last look, and which of the known ones are still there."""
        mailbox, position = self._mailbox, self._mailbox.status(INBOX)
        if position.validity != self._validity:
            self._validity, self._next, self._ids = position.validity, 1, {}
        if self._known.version != self._version:
            self._version, self._next, self._ids = self._known.version, 1, {}
        words = f"pen={self._known.id}"
        if self._ids:
            still = mailbox.with_header(INBOX, NOTIFICATION, words, ",".join(map(str, sorted(self._ids))))
            self._ids = {uid: self._ids[uid] for uid in still if uid in self._ids}
        found = mailbox.with_header(INBOX, NOTIFICATION, words, f"{self._next}:*")
        for uid in [uid for uid in found if uid >= self._next]:
            self._meet(uid)
        self._next = max([position.next, *(uid + 1 for uid in found)])

    def _meet(self, uid: int) -> None:
        mail = self._mailbox.read(INBOX, uid, self._validity)
        proof = self._proof(mail) if mail is not None else None
        if isinstance(proof, notice.NotProven) and proof.reason in CHANGES:
            self._look_at_pen()
            proof = self._proof(mail) if mail is not None else None
        if isinstance(proof, notice.Proof):
            self._ids[uid] = proof.id
        elif proof is not None:
            voice.info("notification-not-proven", mailbox=person(self.account.address), why=proof.reason)

    def _look_at_pen(self) -> None:
        """Strangers may send what looks like a notification as often as they like."""
        if time.monotonic() - self._asked_s >= FORGED_S:
            self._asked_s = time.monotonic()
            self._known.look()

    def _proof(self, mail: bytes) -> notice.Proof | notice.NotProven | None:
        pen = self._known.pen
        return notice.read(mail, pen) if pen else None

    def more(self) -> bool:
        """Whether something came that the last look did not see."""
        position = self._mailbox.status(INBOX)
        return position.validity != self._validity or position.next > self._next

    def holds(self, key: str) -> bool:
        """Whether a notification of it lies there."""
        return any(self._key(found) == key for found in self._ids.values())

    def _key(self, found: str) -> str:
        return f"{self._known.id}.{found}"

    @property
    def _mailbox(self) -> imap.Mailbox:
        if self.filing is None:
            raise imap.UnreachableError("There is no connection to the mailbox.")
        return self.filing.mailbox

    # ── setbacks ──

    def resting(self, key: str) -> outbox.Wait | None:
        wait = self._resting.get(key)
        return wait if wait and wait.until > self.clock().mono else None

    def set_back(self, key: str, why: str) -> outbox.Wait:
        voice.warning("restore-set-back", mailbox=person(self.account.address), why=why)
        until = max(self._portal.ready_at, self.clock().mono + (0 if self._failures else REST_MS))
        self._resting[key] = outbox.Wait(key, until, why)
        return self._resting[key]

    # ── do ──

    def do(self, operation: op.Operation) -> object:
        handler: Any = getattr(self, f"_do_{type(operation).__name__.lower()}")
        try:
            return handler(operation)
        except imap.RefusedError as error:
            raise outbox.SetbackError(str(error)) from error

    def _do_write(self, write: op.Write) -> None:
        wall = self.clock().wall
        self._journal.write(self._name, [Entry(write.key, write.run, wall, deed) for deed in write.deeds])
        for deed in write.deeds:
            voice.info(
                "notification",
                mailbox=person(self.account.address),
                mail=write.key[-10:],
                deed=type(deed).__name__,
            )
        if isinstance(write.deeds[-1], Done):
            self._hands.pop(write.key, None)
            self._resting.pop(write.key, None)

    def _do_fetch(self, fetch: op.Fetch) -> op.Fetched:
        received = self._mailbox.read(INBOX, fetch.uid, fetch.validity)
        if received is None:
            self._ids.pop(fetch.uid, None)
            return op.Fetched("gone")
        try:
            content = self._vault.original(self._ids[fetch.uid])
        except VaultError as error:
            if error.lasting:
                return op.Fetched("never", str(error))
            self._failures += 1
            rest = BACKOFF_MS[min(self._failures, len(BACKOFF_MS)) - 1]
            self._portal = Portal(self.clock().mono + rest, str(error))
            raise outbox.SetbackError(str(error)) from error
        self._portal, self._failures = Portal(), 0
        restored = self._restored(received, content)
        if isinstance(restored, notice.NotRestored):
            return op.Fetched("never", restored.reason)
        self._hands[fetch.key] = without_offers(restored.mail, content, restored.changed)
        return op.Fetched("here")

    def _restored(self, received: bytes, content: bytes) -> notice.Restored | notice.NotRestored:
        """By what the PEN is now, before it is given up."""
        assert self._known.pen is not None
        restored = notice.restore(received, content, self._known.pen)
        if isinstance(restored, notice.NotRestored) and restored.reason in CHANGES:
            if not self._known.look():
                raise outbox.SetbackError(self._known.trouble)
            restored = notice.restore(received, content, self._known.pen)
        return restored

    def _do_findrestored(self, find: op.FindRestored) -> tuple[op.Found, ...]:
        """By the header that a restored mail alone has; read back and compared octet for octet."""
        mine = self._hands[find.key]
        wanted, original = digest(mine), digest_of_original(mine)
        uids = self._mailbox.with_header(INBOX, RESTORED, find.key.removeprefix(self._key("")), "1:*")
        there = [(uid, self._mailbox.read(INBOX, uid, self._validity)) for uid in uids]
        return tuple(
            op.Found(uid, digest(mail) == wanted, digest_of_original(mail) == original)
            for uid, mail in there
            if mail is not None
        )

    def _do_appendrestored(self, append: op.AppendRestored) -> int:
        letter = self._mailbox.whole(INBOX, append.uid, append.validity)
        if letter is None:
            raise imap.ChangedError("A notification went while its original was being put in its place.")
        flags = sorted(letter.flags - {RECENT})
        return self._mailbox.append(INBOX, self._hands[append.key], flags, letter.when)

    def _do_discardnotices(self, discard: op.DiscardNotices) -> None:
        self._mailbox.remove(INBOX, discard.uids, discard.validity)
        for uid in discard.uids:
            self._ids.pop(uid, None)

    def rest(self) -> None:
        """Nothing is kept open but the mailbox."""

    def close(self) -> None:
        """Close the connection."""
        if self.filing:
            self.filing.mailbox.close()
            self.filing = None
