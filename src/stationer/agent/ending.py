"""Secure messages that nobody needs any more are ended at the PEN: asked for until the portal says so
(contract/journal.md §10).

What is to be ended is a fact of the journal before anything is asked, so that no crash and no portal that is away
leaves a mail behind that was given back or taken back.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence

from stationer import outbox
from stationer.agent.known import Memory
from stationer.agent.vault import Vault, VaultError
from stationer.watch.log import Voice, person
from stationer.wire.journal import AnyDeed, Done, Entry, GivenBack

#: How long to wait after the n-th failure in a row (ms).
REST_MS = (10_000, 60_000, 300_000, 900_000, 3_600_000)
voice = Voice("agent")


class Endings:
    """Those of one mailbox; only `add` may be called from any thread."""

    def __init__(self, address: str, vault: Vault | None, memory: Memory | None) -> None:
        self._address, self._vault, self._memory = address, vault, memory
        self._failures, self._due = 0, 0
        self._added = threading.Event()  # since they were last looked through

    @property
    def _prefix(self) -> str:
        return f"ending {self._address} "

    def add(self, message: str) -> None:
        """This one is to be ended: kept durably. Raises JournalError."""
        if self._memory is not None:
            self._memory.remember(self._prefix + message, "")
            self._added.set()

    def settle(self, mono: int) -> None:
        """Ask for all that are left, unless the portal is left alone now. Never raises for what the portal does; raises
        JournalError."""
        if self._memory is None or self._vault is None or (mono < self._due and not self._added.is_set()):
            return
        self._added.clear()
        for name in self._memory.recalled(self._prefix):
            message = name.removeprefix(self._prefix)
            try:
                self._vault.end(message)
                voice.info("secure-message-ended", mailbox=person(self._address), message=message)
            except VaultError as error:
                voice.warning("secure-message-not-ended", message=message, why=str(error))
                if not error.lasting:
                    self._failures += 1
                    self._due = mono + REST_MS[min(self._failures, len(REST_MS)) - 1]
                    return
            self._memory.forget(name)  # ended, or the portal will never say otherwise
        self._failures, self._due = 0, mono + REST_MS[-1]


def never_leaves(deeds: Sequence[AnyDeed], past: Iterable[Entry]) -> bool:
    """Whether these deeds give a mail back, or say that its author took it back before anything of it may have left."""
    if any(isinstance(deed, GivenBack) for deed in deeds):
        return True
    if not any(isinstance(deed, Done) and deed.how == "taken-back" for deed in deeds):
        return False
    state = outbox.fold(past)
    return not (state.accepted or state.doubted or any(copy.doubt for copy in state.copies))
