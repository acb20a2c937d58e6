"""Getting started: each step is done when the real thing is done, and has one next thing to do."""

from __future__ import annotations

import msgspec
import pytest
from django.utils import timezone

from stationer.durable.journal import Journal
from stationer.portal.access import devices, stamped
from stationer.portal.access.accounts import give_access
from stationer.portal.access.models import ProvenDomain
from stationer.portal.content.models import Template
from stationer.portal.people.members import add_member, find_member
from stationer.portal.people.models import Pen
from stationer.portal.people.scope import pen_scope
from stationer.portal.publishing.publish import publish
from stationer.wire.memory import Sent

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def edge(settings, tmp_path):
    settings.EDGE_STATE = tmp_path / "state"
    settings.PORTAL = msgspec.structs.replace(settings.PORTAL, name_servers=("127.0.0.1:1",))
    return settings.EDGE_STATE


def report(edge, pen, *sent):
    """An edge on this machine journals what agents report (contract/memory.md §4)."""
    folder = edge / pen.outside_id
    folder.mkdir(parents=True, exist_ok=True)
    with Journal(folder / f"edge-1-{len(list(folder.iterdir()))}.jnl") as journal:
        journal.append(*(msgspec.msgpack.encode(one) for one in sent))


def done(client):
    return client.get("/first-run/").content.decode().count("is-done")


def test_every_step_is_done_when_the_real_thing_is(signed_in, acme, edge):
    assert done(signed_in) == 0
    source = {"shape": "note", "values": {"words": "Kind regards"}}
    deeds = (
        lambda: ProvenDomain.objects.filter(domain="acme.example").update(proven_at=timezone.now()),
        lambda: add_member("bob@acme.example"),
        lambda: Template.objects.create(name="Letterhead", fallback=True, parts={"new": {"footer": source}}),
        lambda: publish(acme, None),
        lambda: devices.enrol(find_member("bob@acme.example"), "Laptop"),
    )
    for number, deed in enumerate(deeds, 1):
        with pen_scope(acme):
            deed()
        assert done(signed_in) == number
    report(edge, acme, Sent("pk_1", 0, 1_700_000_000_000), Sent("pk_2", 0, 1_700_000_001_000, ("abcdefgh",)))
    said = signed_in.get("/first-run/").content.decode()
    assert said.count("is-done") == 6 and "That was everything." in said
    assert "hx-trigger" not in said  # nothing is left to wait for
    assert "first-run" not in signed_in.get("/").content.decode()


def test_a_mail_that_left_as_written_is_not_the_first_stamped_one(acme, edge):
    report(edge, acme, Sent("pk_1", 0, 1_700_000_000_000))
    with pen_scope(acme):
        assert stamped.can_know(acme) and stamped.first(acme) is None


def test_the_first_stamped_mail_is_kept_when_the_journal_goes(acme, edge):
    report(edge, acme, Sent("pk_2", 0, 1_700_000_001_000, ("abcdefgh",)))
    with pen_scope(acme):
        found = stamped.first(acme)
        for path in (edge / acme.outside_id).iterdir():
            path.unlink()
        assert stamped.first(Pen.objects.get(pk=acme.pk)) == found


def test_a_journal_that_is_none_says_nothing(acme, edge):
    folder = edge / acme.outside_id
    folder.mkdir(parents=True)
    (folder / "edge-1-1.jnl").write_bytes(b"not a journal of ours at all")
    with pen_scope(acme):
        assert stamped.first(acme) is None


def test_another_pens_mail_is_not_ones_own(acme, other, edge):
    report(edge, other, Sent("pk_2", 0, 1_700_000_001_000, ("abcdefgh",)))
    with pen_scope(acme):
        assert stamped.first(acme) is None


def test_an_edge_elsewhere_is_said_to_be_out_of_sight(signed_in, acme):
    with pen_scope(acme):
        devices.enrol(add_member("bob@acme.example"), "Laptop")
    assert "it cannot be seen from here yet" in signed_in.get("/first-run/").content.decode()


def test_the_next_step_is_one_that_the_person_may_do(client, acme, alice):
    with pen_scope(acme):
        auditor = give_access("auditor@acme.example", role="auditor")
    client.force_login(auditor.account)
    said = client.get("/first-run/").content.decode()
    assert 'href="/publish/"' not in said and "Publish" in said
