"""What edges told comes in once, whole, and from its own edge alone (contract/uplink.md §3)."""

from __future__ import annotations

import json
from io import StringIO
from urllib.parse import quote

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from django.core.management import CommandError, call_command
from django.utils import timezone

from stationer.durable import frames, sealing
from stationer.edge.portal_door import Answered
from stationer.edge.shipping import Shipper
from stationer.edge.uplink import SealedUplink
from stationer.edge.uplink_key import UplinkKey
from stationer.portal.people.scope import pen_scope
from stationer.portal.statistics import edges, receiving
from stationer.portal.statistics.models import Edge, Hit, Segment
from stationer.wire.uplink import Lost, Remembered
from tests.portal.told import clicked

pytestmark = pytest.mark.django_db


class Asked:
    """Puts pieces as an edge does, to the portal in this process."""

    def __init__(self, client, token, edge="edge") -> None:
        self.client, self.token, self.edge = client, token, edge

    def raw(self, segment, offset, data):
        return self.client.put(
            f"/api/v1/edges/{self.edge}/segments/{quote(segment)}?offset={offset}",
            data,
            content_type="application/octet-stream",
            headers={"Authorization": f"Bearer {self.token}"} if self.token else {},
        )

    def put(self, segment, offset, data):
        answer = self.raw(segment, offset, data)
        return Answered(answer.status_code, answer.json().get("received", -1))


@pytest.fixture
def door(client):
    return Asked(client, edges.create("edge"))


@pytest.fixture
def uplink(tmp_path, portal):
    """What an edge keeps, sealed to this portal."""
    key = UplinkKey(portal.keys / "uplink.pub")
    made = SealedUplink(tmp_path / "up", "edge-" + "a" * 26, key, lambda: 1_770_000_000_000)
    yield made
    made.close()


def click(pen, number=0):
    """A click of which no mail is known: a hit all the same."""
    return clicked(pen.outside_id, b"\x01" + bytes([number]) * 38, timezone.now())


def hits(pen):
    with pen_scope(pen):
        return Hit.objects.count()


def piece(uplink):
    """The one segment there is: its name, its bytes."""
    (path,) = uplink.folder.glob("*.jnl")
    return path.name, path.read_bytes()


def test_clicks_become_hits_once_however_often_they_are_shipped(acme, door, uplink):
    for number in range(3):
        uplink.clicked(click(acme, number))
    name, data = piece(uplink)
    assert door.put(name, 0, data) == (200, len(data))
    assert hits(acme) == 3
    assert door.put(name, 0, data) == (409, len(data))
    uplink.clicked(click(acme, 4))
    more = piece(uplink)[1]
    assert door.put(name, len(data), more[len(data) :]) == (200, len(more))
    assert hits(acme) == 4
    assert door.put(name, len(more), b"") == (200, len(more))
    assert Edge.objects.get().heard_at is not None


def test_a_shipper_that_begins_anew_goes_on_where_the_portal_stands_and_removes_what_is_received(
    acme, door, uplink
):
    for number in range(5):
        uplink.clicked(click(acme, number))
        Shipper(uplink.folder, door).turn()
    assert hits(acme) == 5
    uplink.close()
    shipper = Shipper(uplink.folder, door)
    assert shipper.turn() and not shipper.trouble
    assert list(uplink.folder.iterdir()) == [] and hits(acme) == 5


def test_without_its_own_token_an_edge_is_nobody(acme, door, uplink, client):
    uplink.clicked(click(acme))
    name, data = piece(uplink)
    other = edges.create("other")
    assert Asked(client, "").raw(name, 0, data).status_code == 401
    assert Asked(client, "wrong").raw(name, 0, data).status_code == 401
    assert Asked(client, other).raw(name, 0, data).status_code == 404
    assert Asked(client, door.token, "other").raw(name, 0, data).status_code == 404
    assert Asked(client, door.token, "nobody").raw(name, 0, data).status_code == 404
    assert not Segment.objects.exists() and hits(acme) == 0


@pytest.mark.parametrize("place", [3, 25, 60, -40, -1])
def test_a_damaged_piece_is_refused_whole_and_the_right_one_taken_after_it(acme, door, uplink, place):
    uplink.clicked(click(acme, 1))
    uplink.clicked(click(acme, 2))
    name, data = piece(uplink)
    flipped = bytearray(data)
    flipped[place] ^= 1
    assert door.raw(name, 0, bytes(flipped)).status_code == 422
    assert door.raw(name, 0, data[:-1]).json()["error"] == "unopened"
    assert hits(acme) == 0 and not Segment.objects.exists()
    assert door.put(name, 0, data) == (200, len(data))
    assert hits(acme) == 2


def test_frames_that_are_right_by_themselves_and_sealed_otherwise_do_not_open(acme, door, portal):
    public = X25519PrivateKey.generate().public_key().public_bytes_raw()
    name, salt = f"edge-{'a' * 26}-c1.jnl", bytes(8)
    data = frames.head(salt) + frames.frame(salt, 20, [sealing.head(name, bytes(32), public)])
    assert door.raw(name, 0, data).status_code == 422
    right = UplinkKey(portal.keys / "uplink.pub").raw
    data = frames.head(salt) + frames.frame(
        salt, 20, [sealing.head(name, bytes(32), right), b"no record at all"]
    )
    assert door.raw(name, 0, data).status_code == 422
    assert not Segment.objects.exists()


def test_a_refused_segment_is_set_aside_and_the_next_one_goes_its_way(acme, door, tmp_path, portal, uplink):
    foreign = tmp_path / "foreign.pub"
    foreign.write_bytes((portal.keys / "uplink.pub").read_bytes())
    key = UplinkKey(foreign)
    key.raw = X25519PrivateKey.generate().public_key().public_bytes_raw()
    wrong = SealedUplink(uplink.folder, "edge-" + "b" * 26, key, lambda: 1)
    wrong.clicked(click(acme))
    uplink.clicked(click(acme))
    shipper = Shipper(uplink.folder, door)
    shipper.turn()
    assert hits(acme) == 1
    assert shipper.set_aside == 0  # somebody writes it yet
    wrong.close()
    shipper.turn()
    assert [path.name for path in uplink.folder.glob("*.refused")] == [f"edge-{'b' * 26}-c1.jnl.refused"]
    assert shipper.set_aside == 1 and not shipper.trouble


def test_pieces_that_say_nonsense_are_answered_in_the_wire_s_form(door):
    assert door.raw("x.txt", 0, b"x").status_code == 422
    assert door.raw("a.jnl", -1, b"x").status_code == 422
    assert door.raw("a.jnl", 5, b"x").json() == {
        "error": "conflict",
        "message": "The segment does not stand there. Go on from `received`.",
        "received": 0,
    }
    assert door.raw("a.jnl", 0, b"x" * (receiving.MOST_BYTES + 1)).status_code == 413


def test_records_of_nobody_s_are_passed_over(door, uplink, acme):
    uplink.clicked(clicked("pen_nobody", b"t", timezone.now()))
    uplink.clicked(clicked("pen_" + "a" * 26, b"t", timezone.now()))
    uplink.remembered("pen_nobody", b"not a record")
    uplink.tick()
    Shipper(uplink.folder, door).turn()
    assert hits(acme) == 0 and sum(Segment.objects.values_list("records", flat=True)) == 3


def test_a_record_that_the_database_does_not_take_stops_no_other(acme, door, uplink, monkeypatch):
    said = []
    monkeypatch.setattr(receiving.say, "error", lambda event, **facts: said.append((event, facts["kind"])))
    segments = uplink._clicks
    segments.put([click(acme, 0), Lost(acme.outside_id, 5, 2**63), click(acme, 1)])
    segments.put([click(acme, 2)])
    name, data = piece(uplink)
    assert door.put(name, 0, data) == Answered(200, len(data))
    assert hits(acme) == 3
    assert said == [("record-unwritten", "Lost")]


def test_an_edge_is_made_once_and_its_token_can_be_changed():
    said = StringIO()
    call_command("create_edge", "west", stdout=said)
    token = json.loads(said.getvalue())["token"]
    assert edges.by_token(token).name == "west"
    for name in ("west", "West", "", "x" * 33):
        with pytest.raises(CommandError):
            call_command("create_edge", name)
    call_command("create_edge", "west", again=True, stdout=(new := StringIO()))
    assert edges.by_token(token) is None and edges.by_token(json.loads(new.getvalue())["token"])
    with pytest.raises(CommandError):
        call_command("create_edge", "east", again=True)
    assert edges.by_token("") is None


def test_segments_nobody_speaks_of_any_more_are_forgotten(acme, door, uplink):
    uplink.clicked(click(acme))
    Shipper(uplink.folder, door).turn()
    receiving.forget_old()
    assert Segment.objects.count() == 1
    Segment.objects.update(heard_at=timezone.now() - receiving.KNOWN * 2)
    receiving.forget_old()
    assert not Segment.objects.exists()


def test_what_no_one_can_read_is_no_memory(acme):
    from stationer.portal.statistics import remembering

    remembering.take("edge", [Remembered(acme.outside_id, b"\xc1"), Remembered("pen_x", b"")], timezone.now())
