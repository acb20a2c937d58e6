"""What programs learn of a PEN at its well-known address, and which records say the same in DNS."""

from __future__ import annotations

import json
from types import SimpleNamespace

import dns.resolver
import pytest
from django.test import Client
from django.utils import timezone

from stationer import notice
from stationer.portal.notices import keys, records
from stationer.portal.notices.models import SigningKey
from stationer.portal.people.models import Pen
from stationer.portal.people.scope import pen_scope

pytestmark = pytest.mark.django_db
HOST = "mail.acme.example"


@pytest.fixture(autouse=True)
def at(settings):
    settings.PUBLIC_URL = f"https://{HOST}"
    settings.ALLOWED_HOSTS = ["testserver", HOST]


@pytest.fixture
def where(acme):
    return f"/.well-known/stationer/{acme.outside_id}"


def ask(where, **headers):
    return Client().get(where, headers=headers)


def test_everybody_learns_the_same_and_it_is_signed(acme, where):
    answer = ask(where)
    assert answer.status_code == 200 and answer["Content-Type"] == "application/json"
    assert answer["Cache-Control"] == "public, max-age=300" and not answer.cookies
    one = notice.discovered(answer.content, acme.outside_id, HOST)
    assert isinstance(one, notice.Descriptor)
    assert (one.name, one.tag, one.access) == ("ACME", "[secure]", "invitation")
    assert one.api == f"https://{HOST}/api/v1" and one.enrolment == f"https://{HOST}/o/device-authorization/"
    assert b"private" not in answer.content and Client().head(where).status_code == 200


def test_an_etag_spares_the_octets_until_something_changes(acme, where, monkeypatch):
    now = timezone.now().replace(minute=2, second=0)
    monkeypatch.setattr(timezone, "now", lambda: now)
    first = ask(where)
    again = ask(where, if_none_match=first["ETag"])
    assert again.status_code == 304 and again.content == b"" and again["ETag"] == first["ETag"]
    with pen_scope(acme):
        keys.add_key()
    changed = ask(where, if_none_match=first["ETag"])
    assert changed.status_code == 200
    before, after = (notice.discovered(one.content, acme.outside_id, HOST) for one in (first, changed))
    assert [key.id for key in after.keys] == ["k2", "k1"]
    assert isinstance(
        notice.discovered(changed.content, acme.outside_id, HOST, before.keys), notice.Descriptor
    )


def test_who_is_not_there_is_not_told_of(acme, where):
    strange = "pen_" + "a" * 26
    for other in (strange, "x", "pen_", "mem_" + "a" * 26):
        assert ask(f"/.well-known/stationer/{other}").status_code == 404
    Pen.objects.filter(pk=acme.pk).update(standing="ended")
    assert ask(where).status_code == 404


def test_where_no_key_opens_nothing_is_said(acme, where, settings):
    ask(where)
    settings.SECRET_KEY = "another" * 9
    assert ask(where).status_code == 404
    with pen_scope(acme):
        assert SigningKey.objects.count() == 1


def test_nothing_but_looking_is_done_there(where):
    assert Client().post(where, {}).status_code == 405


class Zone:
    """A name server that has these texts, or fails."""

    def __init__(self, *texts, fault=None):
        self.texts, self.fault, self.asked = texts, fault, []

    def resolve(self, name, kind, **more):
        self.asked.append((name, kind))
        if self.fault:
            raise self.fault
        return [SimpleNamespace(strings=tuple(text.encode()[i : i + 60] for i in range(0, len(text), 60))) for text in self.texts]  # fmt: skip


class TestRecords:
    def test_each_key_has_its_record_and_is_found_there(self, in_acme, monkeypatch):
        keys.in_force()
        keys.add_key()
        wanted = records.records(in_acme, keys.in_force())
        assert [one.name for one in wanted] == [f"_stationer.{HOST}"] * 2
        assert wanted[0].value.startswith(f"v=1; pen={in_acme.outside_id}; k=k2; p=")
        zone = Zone("v=spf1 -all", wanted[1].value.replace("; ", ";"))
        monkeypatch.setattr(records, "resolver", lambda: zone)
        found, said = records.looked(wanted)
        assert [one.there for one in found] == [False, True] and "no such record" in said
        assert zone.asked == [(f"_stationer.{HOST}", "TXT")]
        zone.texts += (wanted[0].value,)
        found, said = records.looked(wanted)
        assert all(one.there for one in found) and not said

    def test_what_is_not_there_and_what_is_not_answered_are_told_apart(self, in_acme, monkeypatch):
        wanted = records.records(in_acme, keys.in_force())
        monkeypatch.setattr(records, "resolver", lambda: Zone(fault=dns.resolver.NXDOMAIN()))
        found, said = records.looked(wanted)
        assert found[0].there is False and "no such record" in said
        monkeypatch.setattr(records, "resolver", lambda: Zone(fault=OSError()))
        found, said = records.looked(wanted)
        assert found[0].there is None and "did not answer" in said

    def test_ones_own_machine_has_no_zone(self, in_acme, settings):
        settings.PUBLIC_URL = "http://localhost:8000"
        assert records.records(in_acme, keys.in_force()) == [] and records.looked([]) == ([], "")


def test_what_is_served_is_what_the_contract_names(where):
    said = json.loads(ask(where).content)
    assert set(said) == {"v", "id", "name", "host", "keys", "tag", "api", "enrolment", "access", "colour", "logo", "issued_at", "signatures"}  # fmt: skip
