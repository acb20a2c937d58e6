"""Keeps records for replay where a PEN wants them, behind the answers (contract/replay.md §3).

`keep` only puts a question into a bounded queue; `write`, called by a thread of its own, hashes and appends. Nothing
that the disk does reaches an answer: what it refuses is dropped, counted, and told once.
"""

from __future__ import annotations

import os
import shutil
from collections import deque
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from stationer.edge.pens import InForce, Pen
from stationer.pick.records import framed, head, known_sender, record, without_impossible
from stationer.watch.log import Voice
from stationer.wire.pick import Question
from stationer.wire.replay import Recorded

#: Questions that wait for the next `write`, bytes of one file, days that are kept besides this one.
MOST_WAITING = 10_000
MOST_BYTES = 32 * 1_048_576
DAYS = 7

voice = Voice("edge")


class Recorder:
    """One a worker. `now` gives Unix ms."""

    def __init__(self, folder: Path, now: Callable[[], int], worker: str = "") -> None:
        self._folder, self._now = folder, now
        self._worker = worker or str(os.getpid())
        self._waiting: deque[tuple[Pen, InForce, Question, int]] = deque()
        self._told = ""
        self.dropped = 0

    def keep(self, pen: Pen, state: InForce, question: Question, now: int) -> None:
        """Remember a question that was answered under `state` at `now` (Unix ms) for the next `write`."""
        if state.roll is None or not known_sender(state.roll, question.from_):
            return
        if len(self._waiting) < MOST_WAITING:
            self._waiting.append((pen, state, without_impossible(question), now))
        else:
            self.dropped += 1

    def write(self, pens: Iterable[Pen]) -> None:
        """Append what waits; remove what is too old, and everything of PENs that do not want it. Never raises for
        anything the disk does."""
        by_pen: dict[Pen, list[Recorded]] = {}
        for _ in range(len(self._waiting)):
            pen, state, question, now = self._waiting.popleft()
            if state.snapshot is None or state.roll is None or not wanted(pen.now):
                continue
            if (one := record(state.snapshot, state.roll, question, now)) is not None:
                by_pen.setdefault(pen, []).append(one)
        for pen, records in by_pen.items():
            self._guarded(partial(self._append, pen, records), len(records))
        for pen in pens:
            self._guarded(partial(self._clear, pen), 0)
        self._guarded(self._tidy, 0)

    def _guarded(self, act: Callable[[], None], at_stake: int) -> None:
        try:
            act()
        except OSError as fault:
            self.dropped += at_stake
            reason = str(fault.strerror or fault)
            if reason != self._told:
                self._told = reason
                voice.error("records-not-written", folder=self._folder, reason=reason)

    def _today(self) -> str:
        return f"{datetime.fromtimestamp(self._now() / 1000, UTC):%Y-%m-%d}"

    def _append(self, pen: Pen, records: list[Recorded]) -> None:
        folder = self._folder / pen.id
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        key = pen.now.snapshot.compiled.mark_key if pen.now.snapshot is not None else b""
        path = folder / f"{self._today()}-{self._worker}.rpl"
        data = framed(records)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        try:
            size = os.fstat(descriptor).st_size
            if size + len(data) > MOST_BYTES:
                self.dropped += len(records)
                return
            data = data if size else head(key) + data
            if os.write(descriptor, data) < len(data):  # the disk is full: no half a record stays behind
                os.ftruncate(descriptor, size)
                self.dropped += len(records)
        finally:
            os.close(descriptor)

    def _clear(self, pen: Pen) -> None:
        folder = self._folder / pen.id
        if pen.now.snapshot is not None and not wanted(pen.now) and folder.is_dir():
            shutil.rmtree(folder)
            voice.info("records-removed", pen=pen.id)

    def _tidy(self) -> None:
        """What is too old goes, also that of PENs that are no longer there."""
        now = datetime.fromtimestamp(self._now() / 1000, UTC)
        oldest = f"{now - timedelta(days=DAYS):%Y-%m-%d}"
        for path in self._folder.glob("*/*.rpl"):
            if path.name[:10] < oldest:
                path.unlink(missing_ok=True)


def wanted(state: InForce) -> bool:
    """Whether the PEN wants records, by the snapshot in force."""
    return state.snapshot is not None and state.snapshot.compiled.management.replay
