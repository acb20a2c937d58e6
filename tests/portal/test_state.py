"""What one edge learned of a recipient, the others are told: counts, stops, and links (contract/memory.md §6)."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.db import transaction
from django.utils import timezone

from stationer import pick
from stationer.pick.counting import NOTHING
from stationer.portal.delivery import worker
from stationer.portal.people.owned import new_id
from stationer.portal.people.scope import pen_scope
from stationer.portal.site.start import signing_key
from stationer.portal.statistics import remembering, state
from stationer.portal.statistics.models import Counted, Half, Link, StateDue, Stop
from stationer.wire import ids
from stationer.wire.memory import Asked, AskedCopy, Offered, Sent, State, Stopped
from stationer.wire.uplink import Remembered

pytestmark = pytest.mark.django_db(transaction=True)

CAMPAIGN, OTHER = (ids.outside("campaign", new_id()) for _ in range(2))
BOB, CAROL = b"bob-----", b"carol---"
NOON = int(datetime(2026, 11, 20, 12, tzinfo=UTC).timestamp() * 1000)
ALLOWED = 60_000


def mail(*recipients, step=0, at=NOON, campaigns=(CAMPAIGN,)):
    """Both halves of a mail that showed these campaigns."""
    name = ids.outside("pick", new_id())
    offered = tuple(Offered(f"mark{number}", campaign, step) for number, campaign in enumerate(campaigns))
    asked = Asked(name, at, (AskedCopy(b"".join(recipients), offered),))
    return asked, Sent(name, 0, at + 900, tuple(one.mark for one in offered))


def tell(pen, *records, edge="west"):
    told = [Remembered(pen.outside_id, msgspec.msgpack.encode(one)) for one in records]
    remembering.take(edge, told, timezone.now())


@pytest.fixture
def rest(monkeypatch):
    """No rest between two files."""
    monkeypatch.setattr(state, "REST", timedelta(0))
    monkeypatch.setattr(state, "SHARE", 0)


@pytest.fixture
def on_disk(acme, portal):
    public = signing_key(portal).public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    path = state.folder(acme.pk) / "state.stn"

    def read() -> State:
        return pick.unpack(path.read_bytes(), kind="state", public_key=public, pen=acme.outside_id).payload

    read.path = path
    return read


def seen_by(edge, told):
    """The memory of an edge that counted nothing itself."""
    memory = pick.Memory()
    memory.told(told, edge)
    return memory


@pytest.mark.usefixtures("rest")
def test_a_mail_counts_once_when_both_halves_have_come_in_any_order_however_often(acme, on_disk):
    first, second = mail(BOB, CAROL), mail(BOB, at=NOON + 1000)
    records = [*first, *second]
    for number, order in enumerate(itertools.permutations(range(4)), 1):
        if number > 1:
            records = [*mail(BOB, CAROL), *mail(BOB, at=NOON + 1000)]
        for place in order:
            tell(acme, records[place])
        tell(acme, *(records[place] for place in order), *records)
        count = seen_by("east", on_disk()).count
        assert count(BOB, CAMPAIGN).ever == 2 * number and count(CAROL, CAMPAIGN).ever == number
    assert count(BOB, CAMPAIGN).last == NOON + 1000
    assert seen_by("west", on_disk()).count(BOB, CAMPAIGN) == NOTHING


@pytest.mark.usefixtures("rest")
def test_it_is_what_the_edge_itself_counts(acme, on_disk):
    own = pick.Memory()
    for one in (*mail(BOB, step=1), *mail(BOB, CAROL, step=2), *mail(CAROL, campaigns=(CAMPAIGN, OTHER))):
        own.fold(one)
        tell(acme, one)
    told = seen_by("east", on_disk())
    for recipient, campaign in itertools.product((BOB, CAROL), (CAMPAIGN, OTHER)):
        assert told.count(recipient, campaign) == own.count(recipient, campaign)


@pytest.mark.usefixtures("rest")
def test_halves_of_two_edges_are_told_to_both_of_them(acme, on_disk):
    asked, sent = mail(BOB)
    tell(acme, asked, edge="west")
    tell(acme, sent, edge="east")
    for edge in ("west", "east", "north"):
        assert seen_by(edge, on_disk()).count(BOB, CAMPAIGN).ever == 1


@pytest.mark.usefixtures("rest")
def test_what_left_without_a_campaign_or_for_nobody_counts_nothing(acme, on_disk):
    asked, sent = mail(BOB)
    tell(acme, asked, msgspec.structs.replace(sent, used=()), sent)
    tell(acme, *mail())
    with pen_scope(acme):
        assert not Counted.objects.exists()
    assert not on_disk.path.exists()


@pytest.mark.usefixtures("rest")
def test_who_stopped_and_where_links_lead_is_told(acme, on_disk):
    with pen_scope(acme):
        remembering.stop(BOB, CAMPAIGN)
        remembering.stop(BOB, CAMPAIGN)
        remembering.stop(CAROL, ids.inside("campaign", CAMPAIGN))
    tell(acme, Stopped(BOB, OTHER))
    told = seen_by("west", on_disk())
    assert told.count(BOB, CAMPAIGN).stopped and told.count(CAROL, CAMPAIGN).stopped
    assert told.count(BOB, OTHER).stopped and not told.count(CAROL, OTHER).stopped
    with pen_scope(acme):
        link = Link.objects.create(code="00" * 12, target="https://acme.example/")
        assert on_disk().links == {bytes(12): "https://acme.example/"}
        link.target = "https://acme.example/new"
        link.save()
        assert on_disk().links == {bytes(12): "https://acme.example/new"}
        link.delete()
    assert on_disk().links == {}


@pytest.mark.usefixtures("rest")
def test_a_sequence_goes_on_where_somebody_said(acme, on_disk):
    tell(acme, *mail(BOB, step=1))
    with pen_scope(acme):
        remembering.advance(BOB, CAMPAIGN, 3)
    count = seen_by("east", on_disk()).count(BOB, CAMPAIGN)
    assert (count.step, count.ever) == (3, 1)


@pytest.mark.usefixtures("rest")
def test_a_recipient_is_forgotten_everywhere_and_nobody_else(acme, on_disk):
    twin = BOB[:1] + b"xxxxxxx"
    tell(acme, *mail(BOB, twin), mail(BOB)[0], mail(CAROL)[0])
    with pen_scope(acme):
        remembering.stop(BOB, CAMPAIGN)
        remembering.forget(BOB)
        assert Half.objects.filter(kind="asked").count() == 1
    told = seen_by("east", on_disk())
    assert told.count(BOB, CAMPAIGN) == NOTHING and told.count(twin, CAMPAIGN).ever == 1


def test_a_busy_edge_causes_no_file_for_each_mail_and_no_change_is_left_out(acme, on_disk, monkeypatch):
    assert timedelta(seconds=1) == state.REST
    monkeypatch.setattr(state, "REST", timedelta(hours=1))
    for _ in range(20):
        tell(acme, *mail(BOB))
    with pen_scope(acme):
        due = StateDue.objects.get()
    assert due.serial == 1 and due.wanted > due.written
    assert not state.write(acme.pk, due.written_at + timedelta(minutes=59))
    assert state.write(acme.pk, due.written_at + timedelta(hours=1))
    assert seen_by("east", on_disk()).count(BOB, CAMPAIGN).ever == 20


def test_what_takes_long_to_write_rests_ten_times_as_long(acme):
    tell(acme, *mail(BOB))
    with pen_scope(acme):
        StateDue.objects.update(took_ms=400, wanted=99)
        written = StateDue.objects.get().written_at
    assert not state.write(acme.pk, written + timedelta(seconds=3.9))
    assert state.write(acme.pk, written + timedelta(seconds=4))


@pytest.mark.usefixtures("rest")
def test_the_worker_writes_what_is_due_and_what_is_gone(acme, on_disk, monkeypatch):
    tell(acme, *mail(BOB))
    on_disk.path.unlink()
    worker.begin()
    assert seen_by("east", on_disk()).count(BOB, CAMPAIGN).ever == 1
    monkeypatch.setattr(state, "write_now", lambda pen_id: None)  # as if the process had died at the commit
    tell(acme, *mail(BOB))
    assert seen_by("east", on_disk()).count(BOB, CAMPAIGN).ever == 1
    assert state.write_all_due() == 1
    assert seen_by("east", on_disk()).count(BOB, CAMPAIGN).ever == 2
    assert state.write_all_due() == 0


@pytest.mark.usefixtures("rest")
def test_a_disk_that_refuses_is_tried_again(acme, on_disk, portal):
    folder = state.folder(acme.pk)
    folder.rename(folder.with_name("away"))
    folder.write_text("in the way")
    tell(acme, *mail(BOB))
    folder.unlink()
    assert state.write_all_due() == 1
    assert seen_by("east", on_disk()).count(BOB, CAMPAIGN).ever == 1


@pytest.mark.usefixtures("rest")
def test_another_pens_recipients_stay_its_own(acme, other, on_disk):
    tell(acme, *mail(BOB))
    tell(other, *mail(CAROL))
    assert seen_by("east", on_disk()).count(CAROL, CAMPAIGN) == NOTHING
    with pen_scope(other):
        assert Counted.objects.get().shard == CAROL[0]


def test_nothing_is_counted_of_a_transaction_that_failed(acme):
    with pytest.raises(RuntimeError), transaction.atomic():
        tell(acme, *mail(BOB))
        raise RuntimeError
    with pen_scope(acme):
        assert not Counted.objects.exists() and not Half.objects.exists()


def test_halves_that_wait_in_vain_and_old_counts_go(acme):
    now = timezone.now()
    tell(acme, *mail(BOB), mail(BOB)[0], mail(BOB)[1])
    with pen_scope(acme):
        remembering.stop(BOB, CAMPAIGN)
    remembering.forget_old()
    with pen_scope(acme):
        assert Half.objects.count() == 3 and Counted.objects.exists() and Stop.objects.exists()
        Half.objects.update(at=now - timedelta(days=2))
    remembering.forget_old()
    with pen_scope(acme):
        assert sorted(Half.objects.values_list("kind", flat=True)) == ["asked", "known"]
        Half.objects.update(at=now - timedelta(days=9))
        Counted.objects.update(changed_at=now - timedelta(days=401))
        Stop.objects.update(created_at=now - timedelta(days=401))
    remembering.forget_old()
    with pen_scope(acme):
        assert not Half.objects.exists() and not Counted.objects.exists() and not Stop.objects.exists()


def test_a_campaigns_stops_stay_as_long_as_it_is_there(harbour):
    with pen_scope(harbour.pen):
        remembering.stop(BOB, harbour.campaign.pk)
        Stop.objects.update(created_at=timezone.now() - timedelta(days=401))
    remembering.forget_old()
    with pen_scope(harbour.pen):
        assert Stop.objects.count() == 1


def test_a_busy_edges_records_are_folded_at_a_good_rate(acme):
    halves = [one for _ in range(1000) for one in mail(BOB, CAROL)]
    began = timezone.now()
    tell(acme, *halves)
    took = (timezone.now() - began).total_seconds()
    print(f"{len(halves) / took:.0f} records of the memory a second")
    with pen_scope(acme):
        assert Half.objects.filter(kind="known").count() == 1000
