"""At a partner's host there is nothing of another's, and a session of it is good nowhere else."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from stationer.portal.access.models import Account
from stationer.portal.partners import founding, hosts, resting
from stationer.portal.partners.joining import join
from stationer.portal.partners.labels import HOST_KEY
from stationer.portal.partners.models import Host
from stationer.portal.people.models import Partner
from stationer.portal.site.known_hosts import HostsOfPartners

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def plain(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    settings.ALLOWED_HOSTS = ["testserver", HostsOfPartners("partners")]
    cache.clear()


@pytest.fixture
def one():
    return with_host("One", "p.one.example")


@pytest.fixture
def other():
    return with_host("Other", "p.other.example")


def with_host(name, host, **more):
    partner = Partner.objects.create(name=name, **more)
    assert hosts.prove(Host.objects.create(partner=partner, host=host, below=True)) == ""
    return partner


def at(account, host, path):
    """What somebody sees who signed in at this host."""
    client = Client()
    client.force_login(account)
    session = client.session
    session[HOST_KEY] = host
    session.save()
    return client.get(path, headers={"host": host})


def test_at_a_partners_host_there_are_only_companies_below_it(one, other):
    founding.found(one, "Harbour", "alice@harbour.example")
    alice = Account.objects.get(email="alice@harbour.example")
    founding.found(other, "Fal", "dan@fal.example")
    assert at(alice, "p.one.example", "/people/").status_code == 200
    assert at(alice, "harbour.p.one.example", "/people/").status_code == 200
    for foreign in ("p.other.example", "fal.p.other.example"):
        answer = at(alice, foreign, "/people/")
        assert answer.status_code == 404 and b"alice@harbour.example" not in answer.content
    founding.found(one, "Quay", "bob@quay.example")
    assert at(alice, "quay.p.one.example", "/people/").status_code == 404


def test_a_session_is_good_at_the_host_of_its_sign_in_alone(one, mailoutbox):
    founding.found(one, "Harbour", "alice@harbour.example")
    client, host = Client(), {"headers": {"host": "p.one.example"}}
    client.post("/accounts/login/code/", {"email": "alice@harbour.example"}, **host)
    code = next(word for word in mailoutbox[-1].body.split() if "-" in word and word.isupper())
    client.post("/accounts/login/code/confirm/", {"code": code}, **host)
    assert client.session[HOST_KEY] == "p.one.example"
    assert client.get("/people/", **host).status_code == 200
    assert client.get("/people/")["Location"].startswith("/accounts/login/")
    assert client.get("/people/", headers={"host": "harbour.p.one.example"}).status_code == 302
    inside = Client()
    inside.force_login(Account.objects.get(email="alice@harbour.example"))
    assert inside.get("/people/").status_code == 200
    assert inside.get("/people/", **host).status_code == 302


def test_the_operator_and_other_partners_desks_are_at_no_partners_host(one, other, settings):
    settings.PORTAL = msgspec.structs.replace(settings.PORTAL, operator="op@x.example")
    account = join(one, "op@x.example", "owner").account
    below = with_host("Below", "p.below.example", parent=one)
    desk = reverse("partner", args=[one.outside_id])
    client = Client()
    client.force_login(account)
    assert client.get("/operator/").status_code == 200 and client.get(desk).status_code == 200
    assert at(account, "p.one.example", desk).status_code == 200
    for host in ("p.one.example", "p.other.example"):
        assert at(account, host, "/operator/").status_code == 404
    for host in ("p.other.example", "p.below.example"):
        assert at(account, host, desk).status_code == 404
        assert at(account, host, "/partner/").status_code == 404
    own = reverse("partner", args=[below.outside_id])
    assert at(account, "p.below.example", own).status_code == 200


def test_a_companys_own_name_is_a_host_name_whatever_was_typed(one):
    pen = founding.found(one, "Foo", "x@foo.example", "foo_bar")
    assert pen.slug == "foo-bar"
    assert founding.door("_Foo_Bar_") == "foo-bar-2"
    answer = Client().get("/accounts/login/", headers={"host": "foo-bar.p.one.example"})
    assert answer.status_code == 200 and b"Foo" in answer.content


def test_an_ended_company_has_no_name_at_its_door_and_nobody_is_invited_into_it(one, mailoutbox):
    pen = founding.found(one, "Harbour", "alice@harbour.example")
    assert hosts.at("harbour.p.one.example").company_name == "Harbour"
    resting.end(pen)
    mailoutbox.clear()
    assert hosts.at("harbour.p.one.example").company_name == ""
    assert Client().get("/at/harbour/").status_code == 404
    with pytest.raises(ValidationError, match="has ended"):
        founding.invite_again(pen, "z@z.example")
    assert not mailoutbox


def test_of_two_who_prove_a_name_at_once_one_has_it_and_the_other_is_told(one, other, monkeypatch):
    first, second = (Host.objects.create(partner=row, host="m.x.example") for row in (one, other))
    assert hosts.prove(first) == ""
    with monkeypatch.context() as before:
        before.setattr(hosts, "known", dict)
        assert "Another partner" in hosts.prove(second)
    second.refresh_from_db()
    assert second.proven_at is None and hosts.whose("m.x.example")[1] == one.pk.hex


def test_the_nearest_host_says_whose_a_name_is(one, other):
    assert hosts.prove(Host.objects.create(partner=one, host="sub.x.example")) == ""
    assert hosts.prove(Host.objects.create(partner=other, host="x.example", below=True)) == ""
    for _ in range(2):
        assert hosts.whose("sub.x.example")[1] == one.pk.hex
        assert hosts.whose("else.x.example")[1] == other.pk.hex
        known = dict(reversed(hosts.known().items()))
        cache.set(hosts.KEY, known)


def test_a_name_whose_record_is_gone_for_days_is_nobodys_any_more(one, monkeypatch):
    row, now = Host.objects.get(), timezone.now()
    kept = hosts.record_of(row)[1]

    def look(after, said):
        with monkeypatch.context() as there:
            there.setattr(hosts, "_said", lambda row: said)
            there.setattr(hosts.timezone, "now", lambda: now + timedelta(days=after))
            return hosts.look_again()

    assert look(0.5, set()) == 0 and Host.objects.get().missing_since is None  # not due
    assert look(2, set()) == 0 and look(4, {kept}) == 0
    assert look(6, set()) == 0 and look(10, None) == 0 and look(12, {"something else"}) == 0
    assert hosts.whose("p.one.example")
    assert look(14, set()) == 1
    assert Host.objects.get().proven_at is None and hosts.whose("p.one.example") is None
