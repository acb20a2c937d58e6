"""Fresh pick ids: `pk_` and a UUIDv7 (RFC 9562 §5.7) in base32, 48 bits of time before 74 of chance.

Ten letters are the milliseconds and half of the version, the same for every id of one millisecond; sixteen are the
rest. Random letters are made many at a time: where a bit is given (version, variant, padding), the letter is drawn
from those that have it.
"""

from __future__ import annotations

import os
import threading
import time

from stationer.wire import base32

_LETTERS = b"abcdefghijklmnopqrstuvwxyz234567"
_BATCH, _TAIL = 256, 16


def _table(given: int, wanted: int) -> bytes:
    """For `bytes.translate`: any byte to a letter whose `given` bits are as in `wanted`, each equally often."""
    letters = bytes(letter for number, letter in enumerate(_LETTERS) if number & given == wanted)
    return letters * (256 // len(letters))


_ANY = _table(0, 0)
#: Letters of the tail of which bits are given: the version's last two (7), the variant's (10), two of padding.
_GIVEN = {
    0: _table(0b11000, 0b11000),
    2: _table(0b00001, 0b00001),
    3: _table(0b10000, 0b00000),
    15: _table(0b00011, 0b00000),
}


class PickIds:
    """Call it for an id. Ids of one process are in the order of their milliseconds; threads may share it."""

    def __init__(self) -> None:
        self._head = (-1, "")
        self._tails: list[str] = []
        self._lock = threading.Lock()
        os.register_at_fork(after_in_child=self._forget)  # else a child would give out its parent's

    def __call__(self) -> str:
        """A new id."""
        now = time.time_ns() // 1_000_000
        known, head = self._head
        if known != now:
            head = "pk_" + base32.encode((now << 8 | 0b01000000).to_bytes(7, "big"))[:10]
            self._head = (now, head)
        try:
            return head + self._tails.pop()
        except IndexError:
            return head + self._refilled()

    def _refilled(self) -> str:
        """A tail where there was none. One thread makes new ones, while the others wait: each its own many would cost
        more than all the rest of an answer."""
        with self._lock:
            while True:
                try:
                    return self._tails.pop()
                except IndexError:
                    self._tails = _tails()

    def _forget(self) -> None:
        self._tails, self._lock = [], threading.Lock()


def _tails() -> list[str]:
    letters = bytearray(os.urandom(_BATCH * _TAIL).translate(_ANY))
    for place, table in _GIVEN.items():
        letters[place::_TAIL] = os.urandom(_BATCH).translate(table)
    text = letters.decode("ascii")
    return [text[at : at + _TAIL] for at in range(0, len(text), _TAIL)]
