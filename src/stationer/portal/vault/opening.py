"""What a message says, opened range by range: nothing of a segment is given out before all of it was verified, and is
what was checked when the message came (contract/vault.md §9)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property

from stationer.blobs.names import Absent
from stationer.mime.coding import PLAIN
from stationer.mime.undoing import undoing
from stationer.portal.vault import indexing, storing, unlocking
from stationer.portal.vault.errors import VaultError
from stationer.portal.vault.indexing import Entry, Index
from stationer.portal.vault.models import SecureMessage
from stationer.portal.vault.storing import GONE, SEGMENT
from stationer.seal import Opener, SealError
from stationer.watch.log import Voice

say = Voice("vault")
CODED = frozenset({"base64", "quoted-printable"})


@contextmanager
def told(message: SecureMessage) -> Iterator[None]:
    """What cannot be opened is said in the log, and to whoever asked in one sentence. Raises VaultError."""
    try:
        yield
    except (SealError, Absent) as fault:
        say.error("message-unreadable", message=message.outside_id, reason=f"{type(fault).__name__}: {fault}")
        raise VaultError("unreadable", GONE) from fault


class Content:
    """A message that is ready. `length`: octets of its mail."""

    def __init__(self, message: SecureMessage, key: bytes) -> None:
        self._message, self._key = message, key
        self.length = message.size
        self._last: tuple[int, bytes] = (-1, b"")

    @cached_property
    def index(self) -> Index:
        """Its parts. Raises VaultError."""
        with told(self._message):
            return indexing.decode(storing.read_index(self._message, self._key))

    @cached_property
    def _leaves(self) -> dict[str, Entry]:
        return {entry.path: entry for entry in reversed(self.index.leaves)}

    @cached_property
    def _opener(self) -> Opener:
        with told(self._message):
            return storing.opener(self._message, self._key)

    def range(self, start: int = 0, stop: int | None = None) -> Iterator[bytes]:
        """The mail's octets from `start` up to `stop` (default: the end). Raises VaultError; ValueError for a range
        that is none."""
        stop = self.length if stop is None else min(stop, self.length)
        if not 0 <= start <= stop:
            raise ValueError(f"there is no range from {start} to {stop}")
        for number in range(start // SEGMENT, -(-stop // SEGMENT)):
            begin = number * SEGMENT
            segment = self._segment(number)
            yield segment[max(0, start - begin) : stop - begin]

    def _segment(self, number: int) -> bytes:
        """A segment, verified. The last one is remembered: small parts that stand beside one another open it once."""
        if self._last[0] != number:
            self._last = (-1, b"")
            self._last = (number, self._opened(number))
        return self._last[1]

    def _opened(self, number: int) -> bytes:
        begin = number * SEGMENT
        with told(self._message):
            segment = b"".join(self._opener.range(begin, min(begin + SEGMENT, self.length)))
        if indexing.digest(segment) != self.index.digests[number]:
            say.error("message-unreadable", message=self._message.outside_id, reason="not what was checked")
            raise VaultError("unreadable", GONE)
        return segment

    def entry(self, path: str) -> Entry:
        """The leaf of this path. Raises VaultError."""
        found = self._leaves.get(path)
        if found is None:
            raise VaultError("no-such-part", f"This message has no part {path!r}.")
        return found

    def part(self, path: str, start: int = 0, stop: int | None = None) -> Iterator[bytes]:
        """A part, decoded, from `start` up to `stop` of its octets. Raises VaultError; ValueError for a range that is
        none. Of base64 in even lines and of what is not encoded only what is asked for is opened; of all else what
        stands before it as well."""
        entry = self.entry(path)
        stop = entry.length if stop is None else min(stop, entry.length)
        if not 0 <= start <= stop:
            raise ValueError(f"there is no range from {start} to {stop}")
        first, last, skip = written(entry, start, stop)
        return self._undone(entry.encoding, first, last, start - skip, stop - skip)

    def _undone(self, encoding: str, first: int, last: int, start: int, stop: int) -> Iterator[bytes]:
        undo, at = undoing(encoding), 0
        for octets in self.range(first, last):
            plain = undo.feed(octets)
            if at < stop and at + len(plain) > start:
                yield plain[max(0, start - at) : stop - at]
            at += len(plain)
        if rest := undo.close()[max(0, start - at) : max(0, stop - at)]:
            yield rest

    def header(self) -> bytes:
        """The mail's own header with its blank line. Raises VaultError."""
        return b"".join(self.range(0, self.index.header))


def written(entry: Entry, start: int, stop: int) -> tuple[int, int, int]:
    """Where in the mail the decoded octets `start`–`stop` of a part stand: from, up to, and how many decoded octets the
    part has before that."""
    if entry.encoding in PLAIN or entry.encoding not in CODED:
        return entry.start + start, entry.start + stop, start
    if not entry.letters:
        return entry.start, entry.end, 0
    first, last = start // 3 * 4, -(-stop // 3) * 4
    from_, up_to = (at // entry.letters * entry.step + at % entry.letters for at in (first, last))
    return entry.start + from_, min(entry.start + up_to, entry.end), start // 3 * 3


def content(message: SecureMessage) -> Content:
    """What it says. The row is the one that was just read. Raises VaultError: not ready, ended, the keys are away."""
    if message.state == SecureMessage.State.ENDED:
        raise VaultError("ended", "This message is not kept any more.")
    if message.state != SecureMessage.State.READY:
        raise VaultError("not-ready", "This message is not ready yet.")
    return Content(message, unlocking.key_of(message))
