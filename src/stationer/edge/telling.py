"""The threads behind the uplink: one writes and fsyncs what this worker is told, one ships what all workers wrote."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator

from stationer.durable.files import make_folder
from stationer.edge import checkpoints
from stationer.edge.portal_door import PortalDoor
from stationer.edge.shipping import Shipper
from stationer.edge.uplink import BEHIND_S, SealedUplink
from stationer.edge.uplink_key import UplinkKey
from stationer.edge.uplink_room import weigh
from stationer.settings import Edge
from stationer.watch.log import Voice
from stationer.watch.metrics import Registry

#: How often is looked while all is well; what follows a failure doubles from there to the most (s).
PAUSE_S, MOST_PAUSE_S = 0.25, 30.0
#: How often a worker whose turn it is not asks for it, and how often the disk is weighed (s).
AGAIN_S = 1.0

voice = Voice("edge")


def keep_telling(uplink: SealedUplink) -> None:
    """Write and fsync for ever, about 20 ms after there is something."""
    while True:
        uplink.wait(AGAIN_S)
        time.sleep(BEHIND_S)
        try:
            uplink.tick()
        except Exception:
            voice.fault("fault")


class Shipping:
    """The shipping of one worker: waits for its turn, keeps it as long as the process lives."""

    def __init__(self, edge: Edge, uplink: SealedUplink, key: UplinkKey) -> None:
        self._uplink, self._key, self._most = uplink, key, edge.uplink_bytes
        self.shipper: Shipper | None = None
        if edge.uplink_url and edge.uplink_token:
            door = PortalDoor(edge.uplink_url, edge.name, edge.uplink_token)
            self.shipper = Shipper(uplink.folder, door)
        self.held = self.dropped_bytes = 0
        self._weighed_at = 0.0

    def keep(self) -> None:
        """For ever, in a thread of its own."""
        pause = PAUSE_S
        while True:
            try:
                with self._turn() as ours:
                    while ours:
                        well = self.round(tidy=True)
                        pause = PAUSE_S if well else min(pause * 2, MOST_PAUSE_S)
                        time.sleep(pause)
                self.round(tidy=False)
            except OSError as fault:
                voice.debug("uplink-later", reason=str(fault))
            except Exception:
                voice.fault("fault")
            time.sleep(AGAIN_S)

    @contextlib.contextmanager
    def _turn(self) -> Iterator[bool]:
        if self._key.raw is None and not self._uplink.folder.exists():
            yield False
            return
        make_folder(self._uplink.folder, 0o700)
        with checkpoints.turn(self._uplink.folder) as ours:
            yield ours

    def round(self, *, tidy: bool) -> bool:
        """Look after the key and the room; with the turn (`tidy`), ship. Whether all is well. Raises OSError."""
        self._key.look()
        now = time.monotonic()
        if now >= self._weighed_at:
            self._weighed_at = now + AGAIN_S
            weighed = weigh(self._uplink.folder, self._most, tidy=tidy)
            self._uplink.room, self.held = weighed.room, weighed.held
            self.dropped_bytes += weighed.removed
        if tidy and self.shipper is not None:
            self.shipper.turn()
            return not self.shipper.trouble
        return True

    def waiting(self) -> int:
        """Bytes in segments, less what the portal is known to have of them."""
        return max(0, self.held - (sum(self.shipper.at.values()) if self.shipper else 0))


def watch_uplink(uplink: SealedUplink, shipping: Shipping, registry: Registry) -> None:
    """Gauges and counters (contract/uplink.md §5). No PEN is named (law 5)."""
    prefix = "stationer_edge_uplink"
    keeps = registry.gauge(f"{prefix}_keeps", "1 while what is told can be sealed and kept.")
    on_disk = registry.gauge(f"{prefix}_waiting_bytes", "Bytes in segments that wait for the portal.")
    waiting = registry.gauge(f"{prefix}_waiting_records", "Records that wait for the disk.")
    received = registry.counter(f"{prefix}_received_bytes_total", "Bytes that the portal has received.")
    failures = registry.counter(f"{prefix}_failures_total", "Attempts to ship that failed.")
    aside = registry.counter(f"{prefix}_set_aside_total", "Segments that were refused or damaged.")
    dropped = registry.counter(
        f"{prefix}_dropped_total", "Records that were given up before they were written."
    )
    gone = registry.counter(f"{prefix}_dropped_bytes_total", "Bytes of segments that had to make room.")
    lost = registry.counter("stationer_edge_clicks_lost_total", "Clicks that were answered and not written.")

    def bring_up_to_date() -> None:
        keeps.set(uplink.keeps)
        on_disk.set(shipping.waiting())
        waiting.set(uplink.waiting())
        if (shipper := shipping.shipper) is not None:
            received.add(shipper.received - received.value())
            failures.add(shipper.failures - failures.value())
            aside.add(shipper.set_aside - aside.value())
        dropped.add(uplink.dropped - dropped.value())
        gone.add(shipping.dropped_bytes - gone.value())
        lost.add(uplink.lost - lost.value())

    registry.before.append(bring_up_to_date)
