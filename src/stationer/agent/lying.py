"""What lies in one Outbox: each mail read once, known by its UID and its key, and its octets while there is room."""

from __future__ import annotations

from stationer import imap
from stationer.agent.filing import Filing
from stationer.agent.known import Known
from stationer.agent.reading import Reading, read
from stationer.agent.shelf import Shelf

#: A tag that is not known may have been made since: how old what is known of the PEN may be then, in seconds.
FRESH_S = 10.0


class Lying:
    """The Outbox `folder` of the mailbox `address`. Not thread-safe. ImapError passes through."""

    def __init__(self, address: str, folder: str, known: Known) -> None:
        self._address, self._folder, self._pen = address, folder, known
        self.shelf = Shelf()
        self.validity = 0
        self.readings: dict[int, Reading] = {}  # by UID, good under self.validity
        self.known: dict[str, Reading] = {}  # by key

    def look(self, filing: Filing) -> int:
        """List the Outbox, and read what is new in it; how many mails lie there."""
        validity, items = filing.mailbox.listing(self._folder)
        if validity != self.validity:
            self.validity, self.readings = validity, {}
        present = {item.uid for item in items}
        self.readings = {uid: reading for uid, reading in self.readings.items() if uid in present}
        for item in items:
            if item.uid not in self.readings:
                mail = filing.mailbox.read(self._folder, item.uid, validity)
                if mail is not None:
                    self._met(item.uid, mail)
        return len(items)

    def _met(self, uid: int, mail: bytes) -> None:
        reading = self.read(mail)
        if reading.might and not reading.sealing and self._pen.refresh(FRESH_S):
            reading = self.read(mail)  # what asks for a seal is newer than what was known
        self.readings[uid] = self.known[reading.key] = reading
        self.shelf.put(reading.key, mail)

    def read(self, mail: bytes) -> Reading:
        """What is to be known of a mail, by the tags known now."""
        return read(mail, self._address, self._pen.tags)

    def keep(self, others: set[str]) -> None:
        """Of what does not lie here any more only these keys are of interest."""
        kept = self.names() | others
        self.known = {key: reading for key, reading in self.known.items() if key in kept}

    def anew(self) -> set[str]:
        """What asks for a seal may be another: all is read again. The keys of those for which that may matter."""
        doubtful = {key for key in self.names() if self.known[key].might}
        self.readings = {}
        return doubtful

    def names(self) -> set[str]:
        """Of the mails that lie here."""
        return {reading.key for reading in self.readings.values()}

    def holds(self, key: str) -> bool:
        """Whether this mail lies here."""
        return key in self.names()

    def uids(self, key: str | None = None) -> dict[str, tuple[int, ...]]:
        """By key the UIDs of each mail, lowest first; with `key` of that one."""
        found: dict[str, list[int]] = {}
        for uid, reading in sorted(self.readings.items()):
            if key in (None, reading.key):
                found.setdefault(reading.key, []).append(uid)
        return {name: tuple(of) for name, of in found.items()}

    def more(self, filing: Filing) -> bool:
        """Whether something lies here that the last look did not see."""
        validity, items = filing.mailbox.listing(self._folder)
        return validity != self.validity or not {item.uid for item in items} <= self.readings.keys()

    def written(self, key: str, filing: Filing) -> bytes:
        """The mail's octets as its author wrote them, from the shelf or from the Outbox again."""
        if (mail := self.shelf.get(key)) is not None:
            return mail
        uid = next((uid for uid, reading in self.readings.items() if reading.key == key), None)
        mail = filing.mailbox.read(self._folder, uid, self.validity) if uid else None
        if mail is None or self.read(mail).key != key:
            raise imap.ChangedError("A mail went from the Outbox while it was being read.")
        self.shelf.put(key, mail)
        return mail

    def gone(self, uids: tuple[int, ...]) -> None:
        """These were taken away."""
        for uid in uids:
            self.readings.pop(uid, None)
