"""A connection to one mailbox and its verbs.

Every verb raises ImapError and nothing else; not thread-safe.
"""

from __future__ import annotations

import contextlib
import imaplib
import re
import ssl
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientError

from stationer.imap.errors import ChangedError, UnreachableError, told

DELETED, SEEN = b"\\Deleted", b"\\Seen"
APPENDUID = re.compile(rb"\[APPENDUID (\d+) (\d+)\]", re.IGNORECASE)


@dataclass(frozen=True)
class Position:
    """Where a folder stands: UIDs are below `next`, and good under this `validity` alone."""

    validity: int
    next: int
    exists: int


@dataclass(frozen=True)
class Item:
    """One message as a listing shows it."""

    uid: int
    size: int
    flags: frozenset[bytes]


@dataclass(frozen=True)
class Letter:
    """One message whole: its octets, its flags and keywords, and its INTERNALDATE."""

    mail: bytes
    flags: frozenset[bytes]
    when: datetime


class Mailbox:
    """A logged-in connection; at most one folder is selected at a time."""

    def __init__(self, client: IMAPClient, where: str) -> None:
        self._client, self.where = client, where
        self._selected, self._position = "", Position(0, 0, 0)
        self._idling = False

    # ── what the server can do ──

    def can(self, capability: str) -> bool:
        """Whether the server has it after login."""
        return bool(self._client.has_capability(capability))

    @property
    def client(self) -> IMAPClient:
        """The library's client, for the rest of this room."""
        return self._client

    # ── looking ──

    def select(self, folder: str, validity: int | None = None) -> Position:
        """Select a folder. Raises ChangedError when its UIDVALIDITY is not `validity`."""
        if folder != self._selected:
            with told(self.where, f"to open {folder!r}"):
                answer = self._client.select_folder(folder)
                self._selected = folder
                self._position = _position(answer)
        if validity is not None and validity != self._position.validity:
            raise ChangedError(f"The server has numbered {folder!r} anew.")
        return self._position

    def status(self, folder: str) -> Position:
        """Where a folder stands, without selecting it (RFC 9051 §6.3.11)."""
        with told(self.where, f"to look at {folder!r}"):
            answer = self._client.folder_status(folder, ["MESSAGES", "UIDNEXT", "UIDVALIDITY"])
        return Position(*(int(answer.get(key, 0)) for key in (b"UIDVALIDITY", b"UIDNEXT", b"MESSAGES")))

    def listing(self, folder: str) -> tuple[int, list[Item]]:
        """UIDVALIDITY, and every message that is not flagged Deleted, by rising UID."""
        position = self.select(folder)
        with told(self.where, f"to list {folder!r}"):
            self._client.noop()  # a server may hold back what came since the folder was opened
            self._client._imap.untagged_responses.pop("EXISTS", None)  # the search below sees it; for `idle`
            uids = self._client.search("UNDELETED")
            rows = self._client.fetch(uids, ["FLAGS", "RFC822.SIZE"]) if uids else {}
        items = [
            Item(int(uid), int(row.get(b"RFC822.SIZE", 0)), frozenset(row.get(b"FLAGS", ())))
            for uid, row in sorted(rows.items())
        ]
        return position.validity, [item for item in items if DELETED not in item.flags]

    def read(self, folder: str, uid: int, validity: int) -> bytes | None:
        """A message, byte for byte and without marking it as seen; None when it has gone."""
        self.select(folder, validity)
        with told(self.where, "to read a mail"):
            row = self._client.fetch([uid], ["BODY.PEEK[]"]).get(uid, {})
        body = row.get(b"BODY[]")
        return bytes(body) if body is not None else None

    def whole(self, folder: str, uid: int, validity: int) -> Letter | None:
        """A message with its flags and date, without marking it as seen; None when it has gone."""
        self.select(folder, validity)
        with told(self.where, "to read a mail"):
            row = self._client.fetch([uid], ["BODY.PEEK[]", "FLAGS", "INTERNALDATE"]).get(uid, {})
        body, when = row.get(b"BODY[]"), row.get(b"INTERNALDATE")
        if body is None or not isinstance(when, datetime):
            return None
        return Letter(bytes(body), frozenset(row.get(b"FLAGS", ())), when)

    def with_header(self, folder: str, name: str, words: str, uids: str) -> list[int]:
        """Those of `uids` (a set, RFC 9051 §4.1.1) that are not flagged Deleted and have these words in this field."""
        self.select(folder)
        with told(self.where, f"to search {folder!r}"):
            self._client.noop()  # a server may hold back what came since the folder was opened
            self._client._imap.untagged_responses.pop("EXISTS", None)  # the search below sees it; for `idle`
            asked = ["UNDELETED", "UID", uids, "HEADER", name, words]
            return sorted(int(uid) for uid in self._client.search(asked))

    def since(self, folder: str, first: int) -> list[int]:
        """UIDs of the selected folder from `first` on. (`first:*` alone would name the last one as well.)"""
        self.select(folder)
        with told(self.where, f"to search {folder!r}"):
            self._client.noop()  # a server may hold back what came since the folder was opened
            return sorted(int(uid) for uid in self._client.search(f"UID {first}:*") if int(uid) >= first)

    def with_message_id(self, folder: str, message_id: str) -> list[int]:
        """UIDs of the messages that the server finds by this Message-ID."""
        self.select(folder)
        with told(self.where, f"to search {folder!r}"):
            self._client.noop()
            return sorted(int(uid) for uid in self._client.search(["HEADER", "Message-ID", message_id]))

    def message_ids(self, folder: str, uids: Collection[int]) -> dict[int, bytes]:
        """The Message-ID fields of these messages, unparsed."""
        self.select(folder)
        wanted = "BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)]"
        with told(self.where, "to read headers"):
            rows = self._client.fetch(sorted(uids), [wanted]) if uids else {}
        return {
            int(uid): next((bytes(v or b"") for k, v in row.items() if k.startswith(b"BODY[")), b"")
            for uid, row in rows.items()
        }

    # ── changing ──

    def append(
        self, folder: str, mail: bytes, flags: Iterable[bytes] = (SEEN,), when: datetime | None = None
    ) -> int:
        """Put a message there. Its UID, or 0 when the server does not tell (no UIDPLUS, RFC 4315)."""
        with told(self.where, f"to file a mail in {folder!r}"):
            answer = self._client.append(folder, mail, tuple(flags), when)
        found = APPENDUID.search(answer if isinstance(answer, bytes) else str(answer).encode())
        return int(found[2]) if found else 0

    def remove(self, folder: str, uids: Collection[int], validity: int) -> None:
        """Expunge these messages and no other."""
        if not uids:
            return
        self.select(folder, validity)
        with told(self.where, "to remove a mail"):
            self._client.delete_messages(sorted(uids), silent=True)
            if self.can("UIDPLUS"):
                self._client.uid_expunge(sorted(uids))
            else:
                self._expunge_only(set(uids))

    def _expunge_only(self, uids: set[int]) -> None:
        """Without UID EXPUNGE: whatever else is flagged Deleted is unflagged meanwhile, and flagged again."""
        others = sorted(int(uid) for uid in self._client.search("DELETED") if int(uid) not in uids)
        self._client.remove_flags(others, [DELETED], silent=True)
        try:
            self._client.expunge()
        finally:
            self._client.add_flags(others, [DELETED], silent=True)

    def move(self, folder: str, uids: Collection[int], validity: int, target: str) -> None:
        """To another folder: MOVE (RFC 6851), or COPY and then remove; never a moment without the mail."""
        if not uids:
            return
        self.select(folder, validity)
        with told(self.where, f"to move a mail to {target!r}"):
            present = [int(uid) for uid in self._client.search("ALL") if int(uid) in set(uids)]
            if not present:
                return
            if self.can("MOVE"):
                self._client.move(present, target)
                return
            self._client.copy(present, target)
        self.remove(folder, present, validity)

    def flag(self, folder: str, uids: Collection[int], validity: int, flags: Iterable[bytes]) -> None:
        """Add flags to these messages."""
        self.select(folder, validity)
        with told(self.where, "to flag a mail"):
            self._client.add_flags(sorted(uids), list(flags), silent=True)

    # ── waiting ──

    def idle(self, folder: str) -> bool:
        """Begin IDLE (RFC 2177) in `folder`; call `done` before anything else.

        Whether something may have come since the last `listing` of it: a server announces a message once, in
        the answer to any command, and IDLE does not say it again.
        """
        self.select(folder)
        with told(self.where, "to wait for mails"):
            self._begin_idle()
        self._idling = True
        return "EXISTS" in self._client._imap.untagged_responses

    def _begin_idle(self) -> None:
        client = self._client
        try:
            client.idle()
        except IMAPClientError:  # the library takes an announcement before the "+" for a refusal
            line, answers = client._imap, client._imap.tagged_commands
            while not answers[client._idle_tag]:
                if line._get_response() is None:
                    return
            del answers[client._idle_tag]
            raise

    def done(self) -> None:
        """End IDLE. What was announced meanwhile is not returned: look."""
        if self._idling:
            self._idling = False
            with told(self.where, "to wait for mails"):
                self._client.idle_done()

    def pending(self) -> bool:
        """Whether something was announced that a selector would not see, being in a buffer already."""
        sock = self._client.socket()
        if isinstance(sock, ssl.SSLSocket) and sock.pending():
            return True
        stream = getattr(self._client._imap, "file", None)
        if stream is None or not hasattr(stream, "peek"):
            return False
        sock.setblocking(False)
        try:
            return bool(stream.peek(1))
        except (OSError, ValueError):
            return False
        finally:
            sock.setblocking(True)
            self._client._set_read_timeout()

    def fileno(self) -> int:
        """For a selector, while idling."""
        return int(self._client.socket().fileno())

    def noop(self) -> None:
        """Say something, so that the server does not hang up, and hear what is new. Raises when it has."""
        with told(self.where, "to answer"):
            self._client.noop()

    def abort(self) -> None:
        """Close a connection that is of no use any more, without a word to the server."""
        self._idling = False
        with contextlib.suppress(OSError, imaplib.IMAP4.error):
            self._client.shutdown()

    def close(self) -> None:
        """Log out, and close whatever the server says."""
        with contextlib.suppress(Exception):
            self.done()
        with contextlib.suppress(OSError, imaplib.IMAP4.error):
            self._client.logout()
            return
        with contextlib.suppress(OSError, imaplib.IMAP4.error):
            self._client.shutdown()


def _position(answer: dict[bytes, object]) -> Position:
    """From the answers to SELECT. A server without UIDVALIDITY cannot be used: its UIDs mean nothing."""
    validity = answer.get(b"UIDVALIDITY")
    if not isinstance(validity, int) or validity <= 0:
        raise UnreachableError("The server tells no UIDVALIDITY; its folders cannot be watched safely.")
    numbers = [answer.get(key) for key in (b"UIDNEXT", b"EXISTS")]
    return Position(validity, *(number if isinstance(number, int) else 0 for number in numbers))
