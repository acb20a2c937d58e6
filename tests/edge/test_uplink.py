"""What this worker tells the portal is kept, sealed, bounded, and never costs an answer (contract/uplink.md §1)."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from stationer.durable import frames, sealing
from stationer.durable.following import Follower
from stationer.edge import sealed_segments, uplink
from stationer.edge.portal_door import Answered, PortalDoor
from stationer.edge.shipping import Shipper, in_order
from stationer.edge.telling import Shipping, watch_uplink
from stationer.edge.uplink import SealedUplink
from stationer.edge.uplink_key import UplinkKey
from stationer.edge.uplink_room import weigh
from stationer.settings import load
from stationer.watch.metrics import Registry
from stationer.wire.memory import Stopped
from stationer.wire.uplink import Addressed, AddressedCopy, Clicked, Lost, Remembered, Reported, Told

PRIVATE = X25519PrivateKey.generate()
NAME = "edge-" + "a" * 26
CLICK = Clicked("pen_a", b"token", 5, "GET", "192.0.2.1", "Firefox", {})
PICK = Addressed("pen_a", "pk_a", 1, "mem_a", ())
SENT = Reported("pen_a", "pk_a", 0, 2, "untouched")


@pytest.fixture
def key(tmp_path: Path) -> UplinkKey:
    path = tmp_path / "uplink.pub"
    path.write_bytes(PRIVATE.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    return UplinkKey(path)


@pytest.fixture
def up(tmp_path: Path, key: UplinkKey) -> SealedUplink:
    return SealedUplink(tmp_path / "up", NAME, key, lambda: 9)


@pytest.fixture
def tiny(tmp_path: Path) -> Iterator[Path]:
    """A disk of 64 KiB. Mounting needs root."""
    folder = tmp_path / "tiny"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(folder)]
    if os.geteuid() or subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("mounting a tiny tmpfs needs root")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def said(folder: Path) -> list[Told]:
    """What all segments say to the portal, in the order in which they are shipped."""
    told: list[Told] = []
    for name in in_order(folder):
        records = Follower(folder / name).more()
        if records:
            cipher = ChaCha20Poly1305(sealing.key_in(records[0], name, PRIVATE))
            for number, record in enumerate(records[1:], 1):
                told += sealing.open_record(cipher, number, record)
    return told


def test_a_click_is_written_when_it_is_told_and_the_rest_behind(up: SealedUplink) -> None:
    assert up.keeps
    up.clicked(CLICK)
    assert said(up.folder) == [CLICK]
    up.addressed(PICK)
    up.reported(SENT)
    up.remembered("pen_a", Stopped(b"k" * 8, "cam"))
    assert said(up.folder) == [CLICK] and up.waiting() == 3
    up.tick()
    *behind, last = said(up.folder)
    assert behind[:2] == [PICK, SENT] and isinstance(behind[2], Remembered) and last == CLICK
    assert up.waiting() == 0 and up.folder.stat().st_mode & 0o777 == 0o700


def test_nothing_of_it_can_be_read_on_the_disk(up: SealedUplink) -> None:
    up.clicked(CLICK)
    up.addressed(Addressed("pen_a", "pk_a", 1, "mem_a", ()))
    up.close()
    held = b"".join(path.read_bytes() for path in up.folder.iterdir())
    for word in (b"192.0.2.1", b"Firefox", b"token", b"mem_a", b"pk_a"):
        assert word not in held


def test_segments_are_closed_when_they_are_long_or_old_and_nothing_is_lost(
    up: SealedUplink, monkeypatch
) -> None:
    monkeypatch.setattr(sealed_segments, "MOST_BYTES", 250)
    for _ in range(10):
        up.clicked(CLICK)
    assert len(in_order(up.folder)) > 2 and said(up.folder) == [CLICK] * 10
    monkeypatch.setattr(sealed_segments, "OLDEST_S", -1.0)
    up.tick()
    up.clicked(CLICK)
    assert said(up.folder) == [CLICK] * 11


def test_a_full_disk_loses_clicks_counts_them_and_tells_when_it_takes_something_again(
    tiny: Path, key: UplinkKey, monkeypatch
) -> None:
    monkeypatch.setattr(sealed_segments, "REST_S", 0.0)
    up = SealedUplink(tiny / "up", NAME, key, lambda: 9)
    up.clicked(CLICK)
    up.addressed(PICK)
    up.tick()
    (tiny / "filling").write_bytes(b"")
    with (tiny / "filling").open("ab", buffering=0) as file, pytest.raises(OSError, match="No space"):
        while True:
            file.write(b"x" * 512)
    for _ in range(200):
        up.clicked(CLICK)
        up.addressed(PICK)
    up.tick()
    lost = up.lost
    assert 0 < lost <= 200 and up.waiting() > 0 and up.trouble
    (tiny / "filling").unlink()
    up.tick()
    up.tick()
    assert not up.trouble and up.waiting() == 0
    found = said(up.folder)
    assert found.count(CLICK) == 201 - lost and found.count(PICK) == 201
    assert sum(one.clicks for one in found if isinstance(one, Lost)) == lost
    up.close()


def test_clicks_are_fsynced_whatever_becomes_of_the_rest(up: SealedUplink, monkeypatch) -> None:
    def refused(told: list[Told]) -> None:
        raise OSError("No space left on device")

    up.addressed(PICK)
    up.clicked(CLICK)
    synced: list[int] = []
    monkeypatch.setattr(up._behind, "put", refused)
    monkeypatch.setattr(up._clicks, "sync", lambda: synced.append(1))
    up.tick()
    assert synced and up.trouble == "No space left on device" and up.waiting() == 1


def test_a_disk_that_refuses_is_not_asked_for_each_click(tmp_path: Path, key: UplinkKey) -> None:
    (tmp_path / "in the way").write_text("")
    up = SealedUplink(tmp_path / "in the way" / "up", NAME, key, lambda: 9)
    began = time.perf_counter()
    for _ in range(1000):
        up.clicked(CLICK)
    print(f"a click that is lost costs {(time.perf_counter() - began) * 1e3:.1f} µs")
    assert up.lost == 1000 and up.trouble


def test_of_what_waits_the_oldest_fall(up: SealedUplink, monkeypatch) -> None:
    monkeypatch.setattr(uplink, "MOST_WAITING", 3)
    for at in range(5):
        up.reported(Reported("pen_a", "pk_a", 0, at, "unsent"))
    up.tick()
    assert [one.at for one in said(up.folder)] == [2, 3, 4] and up.dropped == 2
    monkeypatch.setattr(uplink, "MOST_WEIGHT", 1000)
    for at in range(5):
        up.reported(Reported("pen_a", "pk_b", 0, at, "unsent"))
    assert up.waiting() == 3


def test_no_frame_is_more_than_the_portal_takes_at_once(up: SealedUplink) -> None:
    def pick(people: int, at: int) -> Addressed:
        to = tuple(f"{'ü' * 50}{number:04}@{'long' * 5}.example" for number in range(people))
        return Addressed("pen_a", "pk_a", at, "mem_a", (AddressedCopy(people, to, False, ()),))

    for at in range(60):
        up.addressed(pick(1_000, at))
    up.addressed(pick(40_000, 60))
    assert up.dropped == 1
    up.tick()
    assert [one.at for one in said(up.folder)] == list(range(60)) and up._weight == 0
    up.close()
    pieces = []

    class Portal:
        def put(self, segment: str, offset: int, data: bytes) -> Answered:
            pieces.append(len(data))
            return Answered(200, offset + len(data))

    assert Shipper(up.folder, Portal()).turn()
    assert len(pieces) > 5 and max(pieces) < 1_100_000


@pytest.mark.parametrize(("size", "aside"), [(5_000_000, 1), (500_000, 0)])
def test_a_piece_that_the_portal_never_takes_is_set_aside(up: SealedUplink, size: int, aside: int) -> None:
    up._behind.put([Remembered("pen_a", b"r" * size)])
    up.clicked(CLICK)
    up.close()

    class Portal:
        def put(self, segment: str, offset: int, data: bytes) -> Answered:
            return Answered(413, -1) if len(data) > 400_000 else Answered(200, offset + len(data))

    shipper = Shipper(up.folder, Portal())
    shipper.turn()
    assert shipper.set_aside == aside and (shipper.received > 0) == bool(aside)


def test_without_a_key_nothing_is_kept_and_one_that_comes_later_is_taken(tmp_path: Path) -> None:
    path = tmp_path / "uplink.pub"
    for wrong in (None, b"no key", _ed25519()):
        if wrong is not None:
            path.write_bytes(wrong)
        key = UplinkKey(path)
        assert key.raw is None and key.trouble
    up = SealedUplink(tmp_path / "up", NAME, key, lambda: 9)
    assert not up.keeps
    up.clicked(CLICK)
    up.remembered("pen_a", Stopped(b"k" * 8, "cam"))
    up.tick()
    assert not up.folder.exists() and up.lost == 1
    path.write_bytes(PRIVATE.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    key.look()
    assert up.keeps and not key.trouble
    path.unlink()
    key.look()
    assert up.keeps
    time.sleep(sealed_segments.REST_S)
    up.tick()
    assert said(tmp_path / "up") == [Lost("pen_a", 9, 1)]


def _ed25519() -> bytes:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    key = Ed25519PrivateKey.generate().public_key()
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def test_another_key_begins_another_segment(up: SealedUplink, key: UplinkKey) -> None:
    up.clicked(CLICK)
    other = X25519PrivateKey.generate()
    key.path.write_bytes(other.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    key.look()
    up.tick()
    up.clicked(CLICK)
    first, second = in_order(up.folder)
    for name, private in ((first, PRIVATE), (second, other)):
        assert sealing.key_in(Follower(up.folder / name).more()[0], name, private)


def test_too_much_that_waits_loses_what_tells_of_mails_first_and_then_takes_clicks_alone(
    up: SealedUplink, monkeypatch
) -> None:
    monkeypatch.setattr(sealed_segments, "MOST_BYTES", 600)
    for _ in range(40):
        up.addressed(PICK)
        up.clicked(CLICK)
        up.tick()
    held = weigh(up.folder, 10**9, tidy=True)
    assert (held.room, held.removed) == ("all", 0)
    clicks = sum(path.stat().st_size for path in up.folder.glob("*-c*"))
    left = weigh(up.folder, clicks + 900, tidy=True)
    assert left.room == "all" and left.removed > 0 and said(up.folder).count(CLICK) == 40
    assert weigh(up.folder, left.held - 10, tidy=False).room == "clicks"
    up.room = weigh(up.folder, left.held - 10, tidy=False).room
    up.addressed(PICK)
    up.clicked(CLICK)
    assert (up.room, up.dropped, up.lost) == ("clicks", 1, 0)
    up.room = weigh(up.folder, clicks // 2, tidy=True).room
    up.clicked(CLICK)
    assert (up.room, up.lost) == ("none", 1)


class Portal:
    """A portal that takes everything, or answers what it is told to."""

    def __init__(self) -> None:
        self.held: dict[str, bytes] = {}
        self.refuse: Answered | OSError | None = None

    def put(self, segment: str, offset: int, data: bytes) -> Answered:
        if isinstance(self.refuse, OSError):
            raise self.refuse
        if self.refuse is not None:
            return self.refuse
        held = self.held.setdefault(segment, b"")
        if offset != len(held):
            return Answered(409, len(held))
        self.held[segment] = held + data
        return Answered(200, len(held + data))


def test_a_torn_end_goes_with_its_segment_and_damage_sets_it_aside(up: SealedUplink) -> None:
    for _ in range(3):
        up.clicked(CLICK)
    up.close()
    (path,) = up.folder.iterdir()
    whole = path.read_bytes()
    path.write_bytes(whole[:-3])
    portal = Portal()
    Shipper(up.folder, portal).turn()
    assert not path.exists() and whole.startswith(portal.held[path.name])
    damaged = bytearray(whole)
    damaged[len(whole) // 2] ^= 1
    path.write_bytes(damaged)
    portal.held.clear()
    shipper = Shipper(up.folder, portal)
    shipper.turn()
    assert [one.name for one in up.folder.iterdir()] == [f"{path.name}.broken"] and shipper.set_aside == 1
    assert len(portal.held[path.name]) > 100
    path.write_bytes(b"x" * 30)
    shipper.turn()
    assert not path.exists() and shipper.set_aside == 2


def test_a_portal_that_is_gone_or_says_nonsense_costs_nothing(up: SealedUplink) -> None:
    up.clicked(CLICK)
    portal = Portal()
    shipper = Shipper(up.folder, portal)
    for wrong in (OSError("gone"), Answered(500, -1), Answered(404, -1), Answered(200, 0), Answered(409, -1)):
        portal.refuse = wrong
        assert not shipper.turn() and shipper.trouble
    assert shipper.failures == 5
    portal.refuse = None
    assert shipper.turn() and not shipper.trouble
    assert not shipper.turn()
    assert Shipper(up.folder / "nowhere", portal).turn() is False


def test_many_pieces_are_shipped_and_what_grew_meanwhile_after_them(up: SealedUplink, monkeypatch) -> None:
    monkeypatch.setattr("stationer.edge.shipping.AT_ONCE", 300)
    for _ in range(20):
        up.clicked(CLICK)
    portal = Portal()
    shipper = Shipper(up.folder, portal)
    shipper.turn()
    up.clicked(CLICK)
    shipper.turn()
    (path,) = up.folder.iterdir()
    assert portal.held[path.name] == path.read_bytes()
    assert len(frames.scan(portal.held[path.name])[0]) == 22


def test_a_door_that_leads_nowhere_is_an_os_error() -> None:
    door = PortalDoor("http://127.0.0.1:9", "edge", "token", timeout=1)
    for _ in range(2):
        with pytest.raises(OSError):
            door.put("a.jnl", 0, b"")


def test_the_metrics_say_how_it_stands(up: SealedUplink, key: UplinkKey, tmp_path: Path) -> None:
    edge = load({}, tmp_path).edge
    shipping, registry = Shipping(edge, up, key), Registry()
    watch_uplink(up, shipping, registry)
    up.addressed(PICK)
    up.clicked(CLICK)
    assert shipping.round(tidy=True)
    lines = registry.text().splitlines()
    for line in ("stationer_edge_uplink_keeps 1", "stationer_edge_uplink_waiting_records 1"):
        assert line in lines
    (waiting,) = [line for line in lines if line.startswith("stationer_edge_uplink_waiting_bytes ")]
    assert int(waiting.split()[1]) > 200
