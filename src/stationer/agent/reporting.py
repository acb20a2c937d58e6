"""What was sent is told to the edge, from the journal, by a thread of its own: never in the way of a mail.

A report is in the journal with the deed that it tells of; it stays there until the edge took it, for seven days. The
edge counts each (pick, copy) once, so an answer that was lost on the way does no harm.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping

from stationer.agent.edge import Edge, EdgeError
from stationer.agent.journal import Journal, JournalError
from stationer.watch.log import Voice, person
from stationer.wire.memory import Report

#: So long is a report tried (ms), and the edge forgets a pick a day later.
KEPT_MS = 7 * 86_400_000
#: Reports at a time, and what one try may cost (ms).
MOST, PATIENCE_MS = 200, 10_000
#: How long to wait after the n-th failure in a row (s), and at most when nobody wakes this thread.
REST_S = (5.0, 30.0, 120.0, 600.0)

voice = Voice("agent")


class Reporter:
    """Tells for these mailboxes, each by its own edge (one that nobody else uses)."""

    def __init__(self, journal: Journal, edges: Mapping[str, Edge]) -> None:
        self._journal, self._edges = journal, dict(edges)
        self._awake, self._ending = threading.Event(), threading.Event()
        self._failures = 0
        self._thread = threading.Thread(target=self._run, name="reports", daemon=True)

    def start(self) -> None:
        """Begin; what an earlier process left untold is told first."""
        self._thread.start()

    def wake(self) -> None:
        """There is something new. A rest after a failure goes on."""
        if not self._failures:
            self._awake.set()

    def close(self) -> None:
        """End, after the try in hand."""
        self._ending.set()
        self._awake.set()
        if self._thread.is_alive():
            self._thread.join(PATIENCE_MS / 1_000 + 1)
        for edge in self._edges.values():
            edge.close()

    def _run(self) -> None:
        while not self._ending.is_set():
            self._awake.clear()
            try:
                told = all([self.tell(mailbox) for mailbox in self._edges])
                self._journal.give_up_reports(time.time_ns() // 1_000_000 - KEPT_MS)
            except JournalError as error:
                voice.warning("reports-wait", why=str(error))
                told = False
            except Exception:
                voice.fault("fault")
                told = False
            self._failures = 0 if told else self._failures + 1
            self._awake.wait(REST_S[min(self._failures or len(REST_S), len(REST_S)) - 1])

    def tell(self, mailbox: str) -> bool:
        """Tell all that one mailbox has to tell; whether the edge took it. Raises JournalError."""
        while reports := self._journal.untold(mailbox, MOST):
            try:
                self._edges[mailbox].report(reports, PATIENCE_MS)
            except EdgeError as error:
                voice.info("reports-wait", mailbox=person(mailbox), why=error.trouble.why)
                return False
            self._done(mailbox, reports)
        return True

    def _done(self, mailbox: str, reports: list[Report]) -> None:
        self._journal.told(mailbox, reports)
        voice.debug("reported", mailbox=person(mailbox), count=len(reports))
