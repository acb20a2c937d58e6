"""`stationer agent run`: one selector over all idling mailboxes, and a small pool of threads that does the
work.

A mailbox is either idling here or in the hands of one thread. Nothing polls but what cannot idle.
"""

from __future__ import annotations

import contextlib
import selectors
import socket
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

from stationer.agent.keeping import Keeper

THREADS = 8


class Runner:
    """Runs keepers until `stop`. `changed` is called (in the selector's thread) after a mailbox was worked
    on.
    """

    def __init__(self, keepers: Sequence[Keeper], changed: Callable[[], None] = lambda: None) -> None:
        self._keepers, self._changed = list(keepers), changed
        self._busy: set[Keeper] = set()
        self._finished: deque[Keeper] = deque()
        self._stopping = threading.Event()
        self._ear, self._mouth = socket.socketpair()
        self._ear.setblocking(False)

    def stop(self) -> None:
        """Finish what is in hand and return from `run`.

        May be called from a signal handler or another thread.
        """
        self._stopping.set()
        self._wake()

    def run(self) -> None:
        """Until `stop` is called."""
        threads = min(THREADS, max(1, len(self._keepers)))
        with selectors.DefaultSelector() as selector, ThreadPoolExecutor(threads, "mailbox") as pool:
            selector.register(self._ear, selectors.EVENT_READ)
            while not self._stopping.is_set():
                self._start_due(selector, pool)
                for ready, _ in selector.select(self._patience()):
                    self._heard(ready, selector, pool)
                self._collect(selector, pool)
        for keeper in self._keepers:
            keeper.close()

    def _heard(
        self, ready: selectors.SelectorKey, selector: selectors.BaseSelector, pool: ThreadPoolExecutor
    ) -> None:
        if ready.fileobj is self._ear:
            with contextlib.suppress(BlockingIOError):
                while self._ear.recv(4096):
                    pass
        else:
            self._start(ready.data, selector, pool)

    def _patience(self) -> float:
        """Seconds until the next mailbox is due."""
        due = [keeper.due for keeper in self._keepers if keeper not in self._busy]
        return max(0.0, min([*due, time.monotonic() + 60]) - time.monotonic())

    def _start_due(self, selector: selectors.BaseSelector, pool: ThreadPoolExecutor) -> None:
        now = time.monotonic()
        for keeper in self._keepers:
            if keeper not in self._busy and keeper.due <= now:
                self._start(keeper, selector, pool)

    def _start(self, keeper: Keeper, selector: selectors.BaseSelector, pool: ThreadPoolExecutor) -> None:
        if keeper in self._busy:
            return
        if keeper.idling:
            selector.unregister(keeper)
        self._busy.add(keeper)
        pool.submit(self._work, keeper)

    def _work(self, keeper: Keeper) -> None:
        try:
            keeper.work()
        finally:
            self._finished.append(keeper)
            self._wake()

    def _collect(self, selector: selectors.BaseSelector, pool: ThreadPoolExecutor) -> None:
        """Take back the mailboxes that were worked on; they idle from now on."""
        changed = bool(self._finished)
        while self._finished:
            keeper = self._finished.popleft()
            self._busy.discard(keeper)
            if keeper.idling:
                selector.register(keeper, selectors.EVENT_READ, keeper)
                if keeper.overheard():
                    self._start(keeper, selector, pool)
        if changed:
            self._changed()

    def _wake(self) -> None:
        with contextlib.suppress(OSError):
            self._mouth.send(b".")
