"""Content on its way to the PEN, each mail in a thread of its own: a large one, or a slow line, holds up no other.

Nothing here is known to the journal: a process that dies begins again, and the portal says which pieces it has. A
mail's work is begun once, and its end is taken once, by the one thread that has the mailbox in hand.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

from stationer.agent.vault import Announced

#: How long a mail that was begun just now is waited for before others have their turn, in seconds.
PATIENCE_S = 2.0
#: So many at once, and so many large ones of them: each holds its content in memory.
MOST, MOST_LARGE, LARGE = 6, 3, 1_000_000
Name = tuple[str, int]


class Upload:
    """One mail on its way. `wanted` may be asked by its own thread."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.ended = threading.Event()
        self._lock = threading.Lock()
        self._dropped = False
        self.result: Announced | None = None
        self.fault: Exception | None = None

    def wanted(self) -> bool:
        """Whether its author still wants it to leave."""
        return not self._dropped

    def drop(self) -> bool:
        """It is not wanted any more; whether it had ended by then, so that nobody else clears up behind it."""
        with self._lock:
            self._dropped = True
            return self.ended.is_set()

    def run(self, work: Callable[[Upload], Announced], clear: Callable[[], None]) -> None:
        """Do it; `clear` afterwards where it is not wanted any more."""
        try:
            self.result = work(self)
        except Exception as fault:  # given to whoever takes the end
            self.fault = fault
        with self._lock:
            self.ended.set()
            dropped = self._dropped
        if dropped:
            clear()


class Uploads:
    """Those of one mailbox, by the key and run of their mails."""

    def __init__(self, patience_s: float = PATIENCE_S) -> None:
        self._patience_s = patience_s
        self._under_way: dict[Name, Upload] = {}

    def room(self, size: int) -> bool:
        """Whether one more of this size may begin."""
        going = [one for one in self._under_way.values() if not one.ended.is_set()]
        large = sum(one.size > LARGE for one in going)
        return len(going) < MOST and (size <= LARGE or large < MOST_LARGE)

    def begin(
        self, name: Name, size: int, work: Callable[[Upload], Announced], clear: Callable[[], None]
    ) -> None:
        """Begin it, and wait for its end for a moment."""
        one = self._under_way[name] = Upload(size)
        threading.Thread(target=one.run, args=(work, clear), name="upload", daemon=True).start()
        one.ended.wait(self._patience_s)

    def begun(self, name: Name) -> bool:
        """Whether it was begun and its end not taken."""
        return name in self._under_way

    def size(self, key: str) -> int:
        """The octets of a mail that is on its way at this moment; 0 where none is."""
        sizes = (
            one.size for name, one in self._under_way.items() if name[0] == key and not one.ended.is_set()
        )
        return next(sizes, 0)

    def take(self, name: Name) -> Announced | None:
        """What became of it; None while it goes on. Raises what its work raised."""
        one = self._under_way[name]
        if not one.ended.is_set():
            return None
        del self._under_way[name]
        if one.fault is not None:
            raise one.fault
        return one.result

    def drop(self, name: Name, clear: Callable[[], None]) -> bool:
        """It is not wanted any more; whether it was on its way. It is cleared up behind it, here or when it ends."""
        one = self._under_way.pop(name, None)
        if one is not None and one.drop():
            clear()
        return one is not None
