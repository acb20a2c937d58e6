"""pymap's mailboxes over the shelf: each mail is handed out byte for byte as it came.

pymap's own maildir backend was tried and not taken: it stores mails through `email.generator`, which refolds
headers and turns CRLF into LF, and an IDLE costs it a thread. Its dict backend is quick and faithful but
forgets; this is that one with a shelf.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterable, Sequence
from datetime import datetime

from pymap.backend.dict.mailbox import (
    LoadedMessage,
    MailboxData,
    MailboxSet,
    Message,
    _ContentCache,
    _ThreadCache,
)
from pymap.concurrent import Event
from pymap.flags import FlagOp
from pymap.interfaces.message import CachedMessage
from pymap.listtree import ListEntry, ListTree
from pymap.mime import MessageContent
from pymap.parsing.message import AppendMessage
from pymap.parsing.specials import FetchRequirement, ObjectId
from pymap.parsing.specials.flag import Flag
from pymap.selected import SelectedMailbox

from stationer.demo.mail.shelf import FolderRow, MailRow, Shelf

#: Folders that every mailbox begins with, and the use that RFC 6154 has for them.
SPECIAL: dict[str, bytes] = {"Sent": b"Sent", "Drafts": b"Drafts", "Trash": b"Trash", "Archive": b"Archive"}


def parse(mail: bytes) -> MessageContent:
    """pymap's view of a mail. pymap 0.36 drops the last octet of a mail without a body; this does not."""
    content = MessageContent.parse(mail)
    content._raw = memoryview(mail)
    return content


def _written(flags: Iterable[Flag]) -> str:
    return " ".join(sorted(str(flag) for flag in flags))


class Mail(Message):
    """A mail on the shelf: flags in memory, bytes read when someone asks. The parsed header is kept."""

    __slots__ = ["_folder", "_header"]

    def __init__(self, row: MailRow, folder: Folder, recent: bool = False, expunged: bool = False) -> None:
        came = datetime.fromtimestamp(row.came / 1000).astimezone()
        flags = frozenset(Flag(flag) for flag in row.flags.split())
        ids = ObjectId.new_email_id(b"%d.%d" % (folder.row.id, row.uid)), ObjectId(None)
        super().__init__(
            row.uid, came, flags, expunged=expunged, email_id=ids[0], thread_id=ids[1], recent=recent
        )
        self._folder = folder
        self._header: MessageContent | None = None

    async def load_content(self, requirement: FetchRequirement) -> LoadedMessage:
        """The mail as far as it is needed: searching a thousand headers must not parse a thousand bodies."""
        if requirement.has_none(FetchRequirement.CONTENT):
            return LoadedMessage(self, requirement, None)
        if requirement.has_none(FetchRequirement.BODY) and self._header is not None:
            return LoadedMessage(self, requirement, self._header)
        mail = self._folder.shelf.read(self._folder.row.id, self.uid)
        if mail is None:
            return LoadedMessage(self, requirement, None)
        if requirement.has_none(FetchRequirement.BODY):
            end = mail.find(b"\r\n\r\n") + 4
            self._header = parse(mail[:end] if end > 3 else mail)
            return LoadedMessage(self, requirement, self._header)
        return LoadedMessage(self, requirement, parse(mail))

    @property
    def row(self) -> MailRow:
        """As it lies on the shelf."""
        return MailRow(self.uid, int(self.internal_date.timestamp() * 1000), _written(self.permanent_flags))


class Folder(MailboxData):
    """One folder. What waits for news (IDLE) is told by the event that pymap's dict backend has."""

    def __init__(self, shelf: Shelf, row: FolderRow) -> None:
        super().__init__(_ContentCache(), _ThreadCache())
        self.shelf = shelf
        self.row = row
        self._mailbox_id = ObjectId(row.object.encode())
        self._uid_validity = row.validity
        self._max_uid = row.next_uid - 1
        self._messages = {mail.uid: Mail(mail, self) for mail in shelf.mails(row.id)}
        self._mod_sequences.update(list(self._messages))

    async def update_selected(
        self, selected: SelectedMailbox, *, wait_on: Event | None = None
    ) -> SelectedMailbox:
        """What is new in a selected folder. What came while an idling client was being told must not wait."""
        behind = selected.mod_sequence != self._mod_sequences.highest
        return await super().update_selected(selected, wait_on=None if behind else wait_on)

    def _arrived(self, mail: Mail) -> None:
        self._max_uid = max(self._max_uid, mail.uid)
        self._messages[mail.uid] = mail
        self._mod_sequences.update([mail.uid])
        self._updated.set()

    async def append(self, append_msg: AppendMessage, *, recent: bool = False) -> Mail:
        """APPEND, and what SMTP delivers."""
        when = append_msg.when or datetime.now().astimezone()
        came, flags = int(when.timestamp() * 1000), _written(append_msg.flag_set)
        uid = self.shelf.put(self.row.id, came, flags, bytes(append_msg.literal))
        mail = Mail(MailRow(uid, came, flags), self, recent)
        self._arrived(mail)
        return mail

    async def copy(self, uid: int, destination: MailboxData, *, recent: bool = False) -> int | None:
        """COPY: a new UID in `destination`, or None when the mail is gone."""
        return self._hand_over(uid, destination, recent, keep=True)

    async def move(self, uid: int, destination: MailboxData, *, recent: bool = False) -> int | None:
        """MOVE (RFC 6851): in one transaction, never in both folders and never in none."""
        new = self._hand_over(uid, destination, recent, keep=False)
        if self._messages.pop(uid, None):
            self._mod_sequences.expunge([uid])
            self._updated.set()
        return new

    def _hand_over(self, uid: int, destination: MailboxData, recent: bool, keep: bool) -> int | None:
        mail = self._messages.get(uid)
        if not isinstance(mail, Mail) or not isinstance(destination, Folder):
            return None
        new = self.shelf.copy(self.row.id, uid, destination.row.id, keep)
        if new is None:
            return None
        destination._arrived(Mail(mail.row._replace(uid=new), destination, recent))
        return new

    async def get(self, uid: int, cached_msg: CachedMessage) -> Message:
        """The mail, or what was known of it when it is gone."""
        if (mail := self._messages.get(uid)) is not None:
            return mail
        flags = _written(cached_msg.permanent_flags)
        return Mail(
            MailRow(uid, int(cached_msg.internal_date.timestamp() * 1000), flags), self, expunged=True
        )

    async def update(
        self, uid: int, cached_msg: CachedMessage, flag_set: frozenset[Flag], mode: FlagOp
    ) -> Message:
        """STORE."""
        mail = await super().update(uid, cached_msg, flag_set, mode)
        if not mail.expunged:
            self.shelf.flag(self.row.id, uid, _written(mail.permanent_flags))
        return mail

    async def delete(self, uids: Iterable[int]) -> None:
        """EXPUNGE, all of them or by UID (RFC 4315)."""
        uids = list(uids)
        self.shelf.remove(self.row.id, uids)
        await super().delete(uids)


class _Entry(ListEntry):
    """A LIST line with the folder's special use."""

    @property
    def attributes(self) -> Sequence[bytes]:
        return [*super().attributes, *([SPECIAL[self.name]] if self.name in SPECIAL else [])]


class _Tree(ListTree):
    def list_matching(self, ref_name: str, filter_: str) -> Iterable[ListEntry]:
        """LIST with RFC 6154 attributes."""
        for entry in super().list_matching(ref_name, filter_):
            yield _Entry(entry.name, entry.exists, entry.marked, entry.has_children)


class Folders(MailboxSet):
    """All folders of one person. `/` separates levels."""

    def __init__(self, shelf: Shelf, owner: str) -> None:
        super().__init__()
        self._shelf = shelf
        self._owner = owner
        self._all = {row.name: Folder(shelf, row) for row in shelf.folders(owner)}
        for name in ("INBOX", *SPECIAL):
            if name not in self._all:
                self._add(name, subscribed=True)

    def _add(self, name: str, subscribed: bool = False) -> Folder:
        object = ObjectId.random_mailbox_id().value.decode()
        row = self._shelf.add_folder(self._owner, name, object, int(time.time()), subscribed)
        self._all[name] = Folder(self._shelf, row)
        return self._all[name]

    @property
    def delimiter(self) -> str:
        """Between the levels of a name."""
        return "/"

    async def set_subscribed(self, name: str, subscribed: bool) -> None:
        """SUBSCRIBE and UNSUBSCRIBE."""
        folder = await self.get_mailbox(name)
        folder.row = folder.row._replace(subscribed=subscribed)
        self._shelf.subscribe(folder.row.id, subscribed)

    async def list_subscribed(self) -> ListTree:
        """LSUB."""
        return _Tree("/").update(*(name for name, folder in self._all.items() if folder.row.subscribed))

    async def list_mailboxes(self) -> ListTree:
        """LIST."""
        return _Tree("/").update(*self._all)

    async def get_mailbox(self, name: str) -> Folder:
        """By name; INBOX in any case (RFC 9051 §5.1). Raises KeyError."""
        return self._all["INBOX" if name.upper() == "INBOX" else name]

    async def add_mailbox(self, name: str) -> ObjectId:
        """CREATE. Raises ValueError when there is one."""
        if name in self._all or name.upper() == "INBOX":
            raise ValueError(name)
        try:
            return self._add(name).mailbox_id
        except sqlite3.IntegrityError as error:
            raise ValueError(name) from error

    async def delete_mailbox(self, name: str) -> None:
        """DELETE. Raises KeyError."""
        self._shelf.remove_folder(self._all.pop(name).row.id)

    async def rename_mailbox(self, before: str, after: str) -> None:
        """RENAME, with everything below. Renaming INBOX leaves a new, empty one (RFC 9051 §6.3.6)."""
        tree = ListTree("/").update(*self._all)
        if tree.get(before) is None:
            raise KeyError(before)
        if tree.get(after) is not None:
            raise ValueError(after)
        for old, new in tree.get_renames(before, after):
            folder = self._all[new] = self._all.pop(old)
            folder.row = folder.row._replace(name=new)
            self._shelf.rename_folder(folder.row.id, new)
        if "INBOX" not in self._all:
            self._add("INBOX", subscribed=True)
