"""Mails that were read from the Outbox and are needed again soon, up to a limit in bytes, the latest kept
longest.
"""

from __future__ import annotations

from collections import OrderedDict

MOST_BYTES = 64_000_000


class Shelf:
    """By key. A mail larger than the limit is kept alone."""

    def __init__(self, most: int = MOST_BYTES) -> None:
        self._mails: OrderedDict[str, bytes] = OrderedDict()
        self._most = most

    def put(self, key: str, mail: bytes) -> None:
        """Keep a mail, and let go of the oldest ones when there is no room."""
        self._mails[key] = mail
        self._mails.move_to_end(key)
        while len(self._mails) > 1 and sum(map(len, self._mails.values())) > self._most:
            self._mails.popitem(last=False)

    def get(self, key: str) -> bytes | None:
        """The mail, if it is still here."""
        return self._mails.get(key)

    def drop(self, key: str) -> None:
        """Let go of a mail."""
        self._mails.pop(key, None)
