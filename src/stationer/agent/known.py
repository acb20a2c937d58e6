"""What an agent knows of its mailbox's PEN over time: keys that follow one another, and every tag that ever asked for a
seal (contract/journal.md §10).

Kept durably. The descriptor is asked for by a thread of its own, so that no mail waits for it; besides, before what is
not proven is given up.
"""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol

import msgspec

from stationer import mime, notice
from stationer.agent import pens
from stationer.agent.accounts import DEFAULT_TAG, Account
from stationer.agent.journal import JournalError
from stationer.agent.notes import subject_of
from stationer.notice import Pen
from stationer.watch.log import Voice, person

#: How often the descriptor is asked for (s); after the n-th failure in a row while it was never had; at start at most.
OFTEN_S, NEVER_HAD_S, START_S = 120.0, (2.0, 5.0, 10.0, 30.0, 60.0), 3.0
#: A subject that begins with a word in brackets, behind any `Re:`: a tag may look so.
TAGGED = re.compile(r"\s*(?:[^\s:\[\]]{1,6}\s*:\s*)*\[[^\[\]]{1,64}\]")
voice = Voice("agent")


class Remembered(msgspec.Struct, frozen=True):
    """The PEN `id` as last proven, `issued_at` (Unix ms) of that, and all of its tags so far."""

    id: str
    pen: Pen | None = None
    issued_at: int = 0
    tags: tuple[str, ...] = ()


class Memory(Protocol):
    """What outlives the process: facts by name."""

    def remember(self, name: str, value: str) -> None:
        """Keep it."""
        ...

    def recall(self, name: str) -> str | None:
        """What was kept."""
        ...

    def recalled(self, prefix: str) -> list[str]:
        """Names of all that were kept and begin so."""
        ...

    def forget(self, name: str) -> None:
        """It is needed no more."""
        ...


class Known:
    """The PEN of one mailbox; any thread may ask. Without a portal or a PEN's name there is none, and never will be."""

    def __init__(self, account: Account, memory: Memory | None = None) -> None:
        self._address, self._portal, self._memory = account.address, account.portal, memory
        self._looking = threading.Lock()
        self._state = self._recalled(account)
        self.version = 0
        self.trouble, self._looked_at, self._failures = "", -1e9, 0

    def _recalled(self, account: Account) -> Remembered:
        """What was kept, or what a later enrolment brought; tags of the same PEN stay in any case."""
        enrolled = Remembered(account.pen_id or (account.pen.id if account.pen else ""))
        if account.pen:
            enrolled = _with(enrolled, account.pen, account.pen_issued_at)
        text = self._memory.recall(self._fact) if self._memory is not None else None
        kept = msgspec.json.decode(text, type=Remembered) if text else None
        if kept is None or kept.id != enrolled.id:
            return enrolled
        if account.pen and enrolled.issued_at > kept.issued_at:
            return _with(kept, account.pen, enrolled.issued_at)
        return kept

    @property
    def _fact(self) -> str:
        return f"pen {self._address}"

    @property
    def able(self) -> bool:
        """Whether this mailbox was enrolled for sealing."""
        return bool(self._portal and self._state.id)

    @property
    def address(self) -> str:
        """Whose mailbox."""
        return self._address

    @property
    def id(self) -> str:
        """The PEN's name, or nothing."""
        return self._state.id

    @property
    def pen(self) -> Pen | None:
        """The PEN as last proven; None as long as it never was."""
        return self._state.pen

    @property
    def tags(self) -> tuple[str, ...]:
        """All that in a subject asks for a seal. Where the PEN was never heard the one that PENs have by default."""
        state = self._state
        return state.tags if state.pen else tuple(dict.fromkeys((*state.tags, DEFAULT_TAG)))

    @property
    def pending(self) -> str:
        """Why it is not known yet what asks for a seal, in a sentence; nothing where it is."""
        if not self.able or self._state.pen is not None:
            return ""
        why = self.trouble or "It has not been asked yet."
        return f"It may ask to be sealed, and your company's keys and tag are not known here yet. {why}"

    def look(self, timeout_s: float = 10.0) -> bool:
        """Ask the portal, unless another thread just did; whether what is known now is what it says.

        Raises JournalError.
        """
        if not self.able:
            return False
        begun = time.monotonic()
        with self._looking:
            if self._looked_at > begun:
                return not self.trouble
            try:
                state = self._state
                found = pens.fetch(self._portal, state.id, state.pen, timeout_s, since=state.issued_at)
                self._learn(_with(state, found.pen, found.issued_at))
                self.trouble, self._failures = "", 0
            except pens.PenError as error:
                self._failures += 1
                if str(error) != self.trouble:
                    voice.warning("pen-not-heard", mailbox=person(self._address), why=str(error))
                self.trouble = str(error)
            self._looked_at = time.monotonic()
            return not self.trouble

    def refresh(self, age_s: float, timeout_s: float = 3.0) -> bool:
        """Ask the portal where what it said is older than `age_s`; whether what asks for a seal is another now.

        Raises JournalError.
        """
        before = self.tags
        if self.able and time.monotonic() - self._looked_at > age_s:
            self.look(timeout_s)
        return self.tags != before

    def _learn(self, state: Remembered) -> None:
        """Durable before it is in force."""
        if state == self._state:
            return
        if self._memory is not None:
            self._memory.remember(self._fact, msgspec.json.encode(state).decode())
        changed = (state.pen, state.tags) != (self._state.pen, self._state.tags)
        self._state = state
        if changed:
            self.version += 1
            voice.info("pen-changed", mailbox=person(self._address))

    @property
    def rest_s(self) -> float:
        """How long until it is to be asked for again."""
        if self._state.pen is not None or not self._failures:
            return OFTEN_S
        return NEVER_HAD_S[min(self._failures, len(NEVER_HAD_S)) - 1]


def _with(state: Remembered, pen: Pen, issued_at: int) -> Remembered:
    tags = tuple(dict.fromkeys((*state.tags, *filter(None, [pen.shown_tag]))))
    return Remembered(state.id, pen, issued_at, tags)


def asks(mail: bytes, tags: Sequence[str]) -> bool:
    """Whether a mail asks to be sealed by any of these tags, or by its field."""
    return any(notice.asks_for_seal(mail, tag) for tag in (*tags, ""))


def might_ask(mail: bytes) -> bool:
    """Whether it could, by a tag that nobody has told us yet."""
    subjects = (
        subject_of(b"Subject: " + value + b"\r\n\r\n") for value in mime.header_values(mail, "Subject")
    )
    return asks(mail, (DEFAULT_TAG,)) or any(TAGGED.match(subject) for subject in subjects)


class Following:
    """Asks for the descriptors of all mailboxes: once before anything leaves, and then every few minutes."""

    def __init__(self, known: Sequence[Known]) -> None:
        self._known = [one for one in known if one.able]
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._run, name="pens", daemon=True)

    def start(self) -> None:
        """The first look, for some seconds at most, and the thread."""
        if self._known:
            with ThreadPoolExecutor(8, "pens") as pool:
                list(pool.map(lambda one: _looked(one, START_S), self._known))
            self._thread.start()

    def close(self) -> None:
        """End; a look in hand is not waited for."""
        self._ending.set()

    def _run(self) -> None:
        while not self._ending.wait(min(one.rest_s for one in self._known)):
            for one in self._known:
                _looked(one, 10.0)


def _looked(one: Known, timeout_s: float) -> None:
    try:
        one.look(timeout_s)
    except JournalError as error:
        voice.warning("pen-not-heard", why=str(error))
    except Exception:
        voice.fault("fault")
