"""What the handler tells the uplink (contract/uplink.md): who was addressed, what became of it, who clicked.

The handler knows no more of it than this: something that takes what it is told and never raises.
"""

from __future__ import annotations

from typing import Protocol

from stationer.wire.memory import Record
from stationer.wire.uplink import Addressed, Clicked, Reported


class Uplink(Protocol):
    """Takes what is to go up to the portal. Nothing here raises for anything that the disk or the portal does."""

    @property
    def keeps(self) -> bool:
        """Whether what it is told now can be kept safe. Where it cannot, an answer has no tokens (uplink.md §1)."""

    def clicked(self, told: Clicked) -> None:
        """A click, before it is answered: written when this returns, or counted as lost."""

    def addressed(self, told: Addressed) -> None:
        """A pick that was answered; written behind the answer."""

    def reported(self, told: Reported) -> None:
        """What became of a copy; written behind the answer."""

    def remembered(self, pen: str, record: Record) -> None:
        """A record of the PEN's memory, for the other edges; written behind the answer."""


class NoUplink:
    """Of an edge that has no portal to tell: it keeps nothing."""

    keeps = False

    def clicked(self, told: Clicked) -> None:
        """Kept nowhere."""

    def addressed(self, told: Addressed) -> None:
        """Kept nowhere."""

    def reported(self, told: Reported) -> None:
        """Kept nowhere."""

    def remembered(self, pen: str, record: Record) -> None:
        """Kept nowhere."""


NO_UPLINK = NoUplink()
