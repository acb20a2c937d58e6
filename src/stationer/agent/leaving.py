"""What leaves of a mail, and what Sent will hold: dressed and in hand, or in the spool once it is durable."""

from __future__ import annotations

from stationer import outbox
from stationer.agent.asking import Asking
from stationer.agent.dressing import Dressed, as_written, dress, for_all, on_the_wire
from stationer.agent.journal import Journal
from stationer.agent.reading import Reading
from stationer.agent.sealing import Sealing
from stationer.agent.wayout import WayOut
from stationer.outbox import operations as op
from stationer.watch.log import Voice, person

#: Where the notification of a sealed mail lies in the spool.
NOTIFICATION = 1
voice = Voice("agent")


class Leaving:
    """Of the mailbox `address`. Not thread-safe."""

    def __init__(self, address: str, journal: Journal, asking: Asking, way: WayOut, sealing: Sealing) -> None:
        self._address, self._journal, self._asking = address, journal, asking
        self._way, self._sealing = way, sealing
        self.dressed: dict[str, Dressed] = {}

    def outfit(self, want: op.Dress, mail: bytes, reading: Reading, now: int) -> Dressed:
        """Dress it. Whatever goes wrong here, the mail leaves as written (law 2)."""
        try:
            prepared = self._asking.prepared.get(want.key) if want.with_ == "answer" else None
            if want.with_ == "last-good":
                prepared = self._asking.last_good(reading, mail)
            if prepared and prepared.orders:
                named = tuple(order for order in prepared.orders if order.recipients)
                return dress(
                    mail,
                    reading,
                    for_all(prepared.orders, reading) if reading.sealing else named,
                    run=want.run,
                    now_ms=now,
                    outcome="stamped" if want.with_ == "answer" else "last-good",
                    pick=prepared.pick,
                    most=0 if reading.sealing else self._way.size_limit,
                )
        except Exception:
            voice.fault("fault", mailbox=person(self._address))
            return as_written(mail, reading, run=want.run, now_ms=now, reason="fault")
        return as_written(mail, reading, run=want.run, now_ms=now, reason=want.reason)

    def spool(self, write: op.Write) -> tuple[bytes, ...]:
        """What is to be durable with these entries."""
        if write.sealed:
            return (self._sealing.notified[write.key],)
        return self.dressed[write.key].copies if write.spool else ()

    def copy(self, key: str, run: int, copy: int) -> bytes:
        """Outgoing octets: those in hand, or those in the spool. Raises SetbackError."""
        if dressed := self.dressed.get(key):
            return dressed.copies[copy]
        return self._spooled(key, run, copy)

    def _spooled(self, key: str, run: int, copy: int) -> bytes:
        mail = self._journal.spooled(self._address, key, run, copy)
        if mail is None:
            raise outbox.SetbackError(
                "The outgoing copy is missing from the journal; see `stationer agent status`."
            )
        return mail

    def _is_sealed(self, key: str) -> bool:
        """Whether the journal says that this mail leaves as a notification alone."""
        dressed = outbox.fold(self._journal.of(self._address, key)).dressed
        return dressed is not None and dressed.sealed

    def wire(self, deliver: op.Deliver) -> bytes:
        """What SMTP gets, behind the last gate. Raises SetbackError."""
        sealed = self._is_sealed(deliver.key)
        if sealed:
            wire = self._spooled(deliver.key, deliver.run, NOTIFICATION)
        else:
            wire = on_the_wire(self.copy(deliver.key, deliver.run, deliver.copy))
        if why := self._sealing.forbids(wire, sealed):
            raise outbox.SetbackError(f"This mail does not leave. {why}")
        return wire

    def filed(self, key: str, run: int) -> bytes:
        """What Sent is to hold: the copy of the rest, or of a sealed mail the original. Raises SetbackError."""
        if not self._is_sealed(key):
            return self.copy(key, run, 0)
        mail = self._sealing.filed(self._spooled(key, run, NOTIFICATION), self.copy(key, run, 0))
        if mail is None:
            raise outbox.SetbackError(
                "The original cannot be filed: its notification is not proven any more."
            )
        return mail
