"""What a company lets be noted of whoever follows a link: chosen in words, in force at Publish, off where the law says."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import timezone

from stationer.portal.access import devices
from stationer.portal.access.models import ProvenDomain
from stationer.portal.content.models import Template
from stationer.portal.people.consent import CONSENT_FIRST, law_of
from stationer.portal.people.models import Pen
from stationer.portal.people.pens import create_pen
from stationer.portal.people.scope import pen_scope
from stationer.portal.publishing.changes import drafts
from stationer.portal.publishing.changes import read as read_rows
from stationer.portal.publishing.defining import define

pytestmark = pytest.mark.django_db
BANNER = {"shape": "banner", "values": {"headline": "H", "button": "B", "link": "https://acme.example/x"}}


def letterhead(pen):
    with pen_scope(pen):
        Template.objects.create(name="Letterhead", fallback=True, parts={"new": {"banner": BANNER}})


def content(pen):
    """What goes out of the template's banner."""
    with pen_scope(pen):
        return define(pen)[0].templates[0].parts["new"][0]


def test_a_company_where_the_law_asks_for_consent_first_starts_without():
    assert create_pen("Häuser", ("haeuser.de",)).tracking == "off"
    assert create_pen("Works", ("*.works.co.uk",)).tracking == "off"
    assert create_pen("Acme", ("acme.example", "acme.com")).tracking == "people"
    assert "2002/58/EC" in law_of(["acme.example", "ACME.FR."])
    assert all(CONSENT_FIRST.values())


def test_what_is_chosen_on_the_page_is_in_force_at_publish(signed_in, acme):
    letterhead(acme)
    house = reverse("house-rules")
    page = signed_in.get(house).content.decode()
    assert "we note who follows them" in page
    for choice, words in (("domains", "which company follows them"), ("off", "we note nothing")):
        assert signed_in.post(f"{house}?edit=tracking", {"tracking": choice}).status_code == 302
        assert words in signed_in.get(house).content.decode()
        with pen_scope(acme):
            assert define(Pen.objects.get(pk=acme.pk))[0].management.tracking == choice
    assert signed_in.post(f"{house}?edit=tracking", {"tracking": "all"}).status_code == 200
    with pen_scope(acme):
        assert drafts(Pen.objects.get(pk=acme.pk), read_rows())["settings"]["pen"]["tracking"] == "off"


def test_the_page_says_why_a_company_began_without(signed_in, acme):
    Pen.objects.filter(pk=acme.pk).update(domains=["acme.de"], tracking="off")
    page = signed_in.get(f"{reverse('house-rules')}?edit=tracking").content.decode()
    assert "In your country the law asks" in page


def test_a_decoy_stands_in_blocks_only_where_links_are_followed(signed_in, acme):
    letterhead(acme)
    assert signed_in.post(f"{reverse('house-rules')}?edit=decoy", {"decoy": "True"}).status_code == 302
    pen = Pen.objects.get(pk=acme.pk)
    assert content(pen).targets[-1].endswith("/c/decoy")
    pen.tracking = "off"
    assert content(pen).targets == ("https://acme.example/x",)


def test_a_file_that_says_nothing_of_it_leaves_it_as_it_was(acme):
    from stationer.pick.company.reading import read
    from stationer.portal.content.importing import bring_in

    text = "pen: {id: acme, name: ACME, domains: [acme.example]}\n"
    Pen.objects.filter(pk=acme.pk).update(tracking="off")
    for said, kept in (("", "off"), ("management: {tracking: domains, decoy: true}\n", "domains")):
        bring_in(read(text + said), pictures={}, lists={})
        pen = Pen.objects.get(pk=acme.pk)
        assert (pen.tracking, pen.decoy) == (kept, bool(said))


def test_links_begin_with_the_companys_own_domain_once_it_is_proven(acme, settings):
    letterhead(acme)
    settings.LINK_URL = "https://go.stationer.example"
    acme.link_host = "links.acme.example"
    assert content(acme).link_base == "https://go.stationer.example/c/"
    acme.link_host_proven_at = timezone.now()
    assert content(acme).link_base == "https://links.acme.example/c/"


def test_a_program_chooses_the_link_domain(client, acme, settings):
    settings.LINK_URL = "https://203.0.113.5"
    with pen_scope(acme):
        _, token = devices.make_api_key("demo")
        ProvenDomain.objects.create(domain="acme.example", proven_at=timezone.now())
    headers = {"authorization": f"Bearer {token}"}
    asked = {"headers": headers, "content_type": "application/json"}
    assert client.get("/api/v1/link-domain", headers=headers).json() == {
        "name": "",
        "entry": None,
        "proven_at": None,
        "wrong": "",
    }
    wrong = client.put("/api/v1/link-domain", {"name": "links.other.example"}, **asked)
    assert (wrong.status_code, wrong.json()["error"]) == (422, "invalid")
    shown = client.put("/api/v1/link-domain", {"name": "links.acme.example"}, **asked).json()
    assert shown["entry"] == {"kind": "A", "name": "links.acme.example", "value": "203.0.113.5"}
    assert client.post("/api/v1/link-domain/look", headers=headers).json()["wrong"]
