"""The mailbox's side of an operation: the Outbox's listing, copies in Sent, notes and mails in Needs
attention.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Collection

from stationer import imap, stamp
from stationer.agent.accounts import Account
from stationer.agent.reading import digest
from stationer.outbox.operations import Found

FLAGGED, DRAFT, SEEN = b"\\Flagged", b"\\Draft", b"\\Seen"


class Filing:
    """Over one connection to one account."""

    def __init__(self, mailbox: imap.Mailbox, account: Account) -> None:
        self.mailbox, self._account = mailbox, account

    # ── Sent ──

    def sent_position(self) -> imap.Position:
        """Where Sent stands. A folder that is not there stands nowhere, and is made when a copy is filed."""
        try:
            return self.mailbox.status(self._account.sent)
        except imap.RefusedError:
            return imap.Position(0, 0, 0)

    def find_sent(
        self,
        message_id: str,
        filed: Callable[[], bytes],
        validity: int,
        first: int,
        ours: Collection[int] = (),
    ) -> tuple[Found, ...]:
        """Copies of this mail in Sent (contract/journal.md §8). `ours` are UIDs that we know to be ours."""
        now = self.sent_position()
        if not now.validity:
            return ()
        known_place = validity == now.validity and first > 0
        if known_place and now.next == first:
            return ()
        if known_place and set(range(first, now.next)) == set(ours):
            return tuple(Found(uid, True) for uid in ours)
        uids = self._like(message_id, first if known_place else 0)
        known = [Found(uid, True) for uid in uids if uid in ours]
        others = [uid for uid in uids if uid not in ours]
        return tuple(known + self._compared(others, filed(), now.validity, known_place) if others else known)

    def _like(self, message_id: str, first: int) -> list[int]:
        sent = self._account.sent
        if not first:
            return self.mailbox.with_message_id(sent, message_id)
        # by place and not by SEARCH: what is new is little, and a server's index may lag behind
        headers = self.mailbox.message_ids(sent, self.mailbox.since(sent, first))
        return [uid for uid, header in sorted(headers.items()) if message_id.encode() in header]

    def _compared(self, uids: list[int], filed: bytes, validity: int, known_place: bool) -> list[Found]:
        wanted, plain = digest(filed), digest(_plain_body(filed))
        found = []
        for uid in uids:
            there = self.mailbox.read(self._account.sent, uid, validity)
            if there is None:
                continue
            same = digest(there) == wanted
            if same or known_place or digest(_plain_body(there)) == plain:
                found.append(Found(uid, same))
        return found

    def append_sent(self, filed: bytes) -> int:
        """Our copy, read by its author already."""
        try:
            return self.mailbox.append(self._account.sent, filed, (SEEN,))
        except imap.RefusedError as error:
            if "TRYCREATE" not in str(error) and self.sent_position().validity:
                raise
            self._make(self._account.sent)
            return self.mailbox.append(self._account.sent, filed, (SEEN,))

    def discard_sent(self, uids: Collection[int]) -> None:
        """Remove these copies and no other."""
        validity = self.mailbox.select(self._account.sent).validity
        self.mailbox.remove(self._account.sent, uids, validity)

    # ── Outbox and Needs attention ──

    def discard(self, uids: Collection[int], validity: int) -> None:
        """Out of the Outbox."""
        self.mailbox.remove(self._account.outbox, uids, validity)

    def move_aside(self, uids: Collection[int], validity: int) -> None:
        """To Needs attention: flagged, and as a draft, so that mail programs let it be opened and mended."""
        self._there(self._account.aside)
        self.mailbox.flag(self._account.outbox, uids, validity, (FLAGGED,))
        with contextlib.suppress(imap.RefusedError):  # not every server keeps Draft
            self.mailbox.flag(self._account.outbox, uids, validity, (DRAFT,))
        self.mailbox.move(self._account.outbox, uids, validity, self._account.aside)

    def has_note(self, message_id: str) -> bool:
        """Whether this note lies there."""
        self._there(self._account.aside)
        return bool(self.mailbox.with_message_id(self._account.aside, message_id))

    def append_note(self, note: bytes) -> None:
        """Unread, so that it is seen."""
        self._there(self._account.aside)
        self.mailbox.append(self._account.aside, note, (FLAGGED,))

    def _there(self, folder: str) -> None:
        """A folder that somebody removed is made again."""
        try:
            self.mailbox.status(folder)
        except imap.RefusedError:
            self._make(folder)

    def _make(self, folder: str) -> None:
        imap.folders.make(self.mailbox, folder)


def _plain_body(mail: bytes) -> bytes:
    """What its author wrote below the header: servers add trace fields, and we may have stamped it another
    time.
    """
    unstamped = stamp.unstamp(mail)
    if isinstance(unstamped, stamp.Unstamped):
        mail = unstamped.bytes()
    for blank in (b"\r\n\r\n", b"\n\n"):
        _, found, body = mail.partition(blank)
        if found:
            return body
    return mail
