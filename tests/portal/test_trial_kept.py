"""The link of a trial: what it shows, the company that it makes once, with all that was seen, and for whom it makes none."""

from __future__ import annotations

import threading
import time

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from stationer.portal.access.accounts import give_access
from stationer.portal.access.models import Account, Membership
from stationer.portal.audit.models import Entry
from stationer.portal.content.models import Asset, Campaign, Message, Template
from stationer.portal.partners import founding
from stationer.portal.partners.models import Part, Standing
from stationer.portal.people.models import Member, Pen
from stationer.portal.people.scope import pen_scope
from stationer.portal.publishing import trying
from stationer.portal.publishing.models import Publication
from stationer.portal.publishing.publish import publish
from stationer.portal.site.known_hosts import HostsOfPartners
from stationer.portal.trial import asking, keeping
from stationer.portal.trial.models import Trial
from tests.portal.pictures import png
from tests.portal.test_partner_hosts import with_host
from tests.portal.tried import FORM, body, code_of, left, link_in, offer, tried

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def offered(settings):
    offer(settings)
    cache.clear()


def logo():
    return SimpleUploadedFile("logo.png", png(120, 40), content_type="image/png")


def test_the_link_makes_a_company_of_it_with_all_settings_and_signs_its_owner_in(client):
    mail = tried(client, logo=logo(), headline="Our open day", starter="news", person="Nora Newton")
    link, phone = link_in(mail), Client()
    page = phone.get(link)
    assert page.status_code == 200 and b"Newco Ltd" in page.content
    shown = phone.get(f"{link}mail/")
    assert b"Our open day" in shown.content and b"/trial/keep/" not in shown.content
    assert "sandbox" in shown["Content-Security-Policy"]
    assert not Pen.objects.exists() and not Account.objects.exists()  # looking at it changes nothing
    assert phone.post(link)["Location"] == "/"
    assert b"Hello, Nora Newton" in phone.get("/").content
    pen = Pen.objects.get()
    assert (pen.name, pen.domains, pen.brand) == ("Newco Ltd", ["newco.example"], {"colour": "#0e6e73"})
    with pen_scope(pen):
        template, campaign, message = Template.objects.get(), Campaign.objects.get(), Message.objects.get()
        assert template.fallback and set(template.parts["new"]) == {"top", "signature"}
        assert (campaign.state, campaign.name, message.slot) == ("live", "Our open day", "banner")
        assert "https://newco.example/" in str(message.source) and "Our open day" in str(message.source)
        assert set(Asset.objects.values_list("name", flat=True)) == {"logo", "paper"}
        assert Membership.objects.get().role == "owner"
        assert Member.objects.get().attributes["website"] == "https://newco.example/"
        assert set(Entry.objects.values_list("address", flat=True)) == {"nora@newco.example"}
    assert client.get("/trial/sent/").status_code == 200


def test_what_was_kept_can_be_published_and_stands_on_the_next_mail(client):
    client.post(link_in(tried(client)))
    pen = Pen.objects.get()
    with pen_scope(pen):
        publish(pen, Account.objects.get(), "the first")
        last = Publication.objects.get()
        asked = trying.Asked(Member.objects.get(), ("carol@example.org",), int(time.time() * 1000), "new")
        (copy,) = trying.tried(pen, asked, trying.in_force(last)).copies
    assert [block.slot for block in copy.blocks] == ["top", "signature", "banner"]
    assert b"You are invited" in copy.mail and b"newco.example" in copy.mail


@pytest.mark.parametrize("why", ["used", "old", "forged", "forgotten", "unproven", "elsewhere"])
def test_a_link_that_is_over_says_so_and_founds_nothing(client, why, monkeypatch):
    link = link_in(tried(client))
    if why == "used":
        client.post(link)
    elif why == "old":
        monkeypatch.setattr(keeping, "LIFE_S", -1)
    elif why == "forged":
        link = link[:-3] + "xx/"
    elif why == "forgotten":
        Trial.objects.all().delete()
    elif why == "unproven":
        Trial.objects.update(proven_at=None)
    else:
        Trial.objects.update(host="p.one.example")
    pens = Pen.objects.count()
    for answer in (Client().get(link), Client().post(link)):
        assert answer.status_code == 410 and b"This link is over" in answer.content
    assert Pen.objects.count() == pens


def test_an_address_with_an_account_signs_in_in_its_usual_way_first(client, settings):
    account = Account.objects.create_user("nora@newco.example", "correct horse battery")
    link = link_in(tried(client))
    assert b"Sign in and keep it" in client.get(link).content
    answer = client.post(link)
    assert answer["Location"].startswith("/accounts/login/?next=/trial/keep/")
    assert not Pen.objects.exists() and "_auth_user_id" not in client.session
    client.force_login(account)
    assert client.post(link)["Location"] == "/"
    assert Pen.objects.get().name == "Newco Ltd"


def test_somebody_else_who_is_signed_in_does_not_get_the_company(client, alice):
    link = link_in(tried(client))
    client.force_login(alice.account)
    assert b"ACME" not in client.get(link).content
    client.post(link)
    pen = Pen.objects.get(name="Newco Ltd")
    with pen_scope(pen):
        assert Membership.objects.get().account.email == "nora@newco.example"
    assert client.session["_auth_user_id"] == str(Account.objects.get(email="nora@newco.example").pk)


def test_an_address_that_belongs_to_a_company_founds_none_by_it(client, acme):
    with pen_scope(acme):
        row = give_access("nora@newco.example", role="member")
    link = link_in(tried(client))
    client.force_login(row.account)
    assert b"belongs to a company here already" in client.get(link).content
    assert client.post(link).status_code == 409
    assert Pen.objects.count() == 1 and Trial.objects.get().kept_at is None


def two_trials():
    """Of one address, both proven."""
    said = {"address": "nora@newco.example", "colour": "#0e6e73", "starter": "news", "language": "en"}
    return [Trial.objects.create(company=f"Newco {n}", proven_at=timezone.now(), **said) for n in range(2)]


def test_whose_address_it_is_is_looked_at_when_no_other_founding_is_under_way():
    row = two_trials()[0]
    with CaptureQueriesContext(connection) as asked:
        keeping.keep(row, asking.wish_of(row))
    told = [one["sql"] for one in asked]
    gate = next(n for n, sql in enumerate(told) if "trial_gate" in sql)
    assert gate < next(n for n, sql in enumerate(told) if "access_account" in sql)


@pytest.mark.django_db(transaction=True)
def test_two_trials_of_one_address_at_once_found_one_company():
    ready, done = threading.Barrier(2), []

    def keep(row):
        try:
            ready.wait(30)
            keeping.keep(row, asking.wish_of(row))
            done.append("kept")
        except keeping.AtHome:
            done.append("at home")
        finally:
            connection.close()

    threads = [threading.Thread(target=keep, args=[row]) for row in two_trials()]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(done) == ["at home", "kept"]
    assert Pen.objects.count() == 1 and Trial.objects.filter(kept_at=None).count() == 1


def test_at_a_partners_host_it_founds_below_that_partner(client, settings):
    settings.ALLOWED_HOSTS = ["testserver", HostsOfPartners("partners")]
    partner = with_host("One", "p.one.example")
    Part.objects.create(
        partner=partner,
        part="disclaimer",
        source={"shape": "disclaimer", "values": {"words": "By One."}},
        locked=True,
    )
    host = {"host": "p.one.example"}
    client.post("/trial/", FORM, headers=host)
    client.post("/trial/code/", {"code": code_of(left()[0][1])}, headers=host)
    mail = left()[1][1]
    assert "://p.one.example" in body(mail)
    link = link_in(mail)
    assert Client().get(link).status_code == 410  # the installation's own name is not where it began
    assert client.post(link, headers=host)["Location"] == "/"
    pen = Pen.objects.get()
    assert (pen.partner, pen.slug) == (partner, "newco-ltd")
    with pen_scope(pen):
        assert "By One." in str(Template.objects.get().parts)
    assert b"Hello" in client.get("/", headers=host).content
    with pytest.raises(founding.ValidationError):  # nobody above names another owner
        founding.invite_again(pen, "thief@one.example")
    assert Standing.objects.get(pen=pen).begun_at is not None


def test_at_a_companys_own_name_there_is_no_trial(client, settings):
    settings.ALLOWED_HOSTS = ["testserver", HostsOfPartners("partners")]
    partner = with_host("One", "p.one.example")
    pen = founding.found(partner, "Harbour", "alice@harbour.example")
    cache.clear()
    assert client.get("/trial/", headers={"host": f"{pen.slug}.p.one.example"}).status_code == 404


def test_pages_ask_the_database_for_little_and_say_everything_without_scripts(
    client, django_assert_max_num_queries
):
    link = link_in(tried(client))
    for path in ("/trial/", "/trial/sent/", link, f"{link}mail/"):
        with django_assert_max_num_queries(20):
            page = client.get(path)
        assert page.status_code == 200 and len(page.content) < 100_000
        assert "onclick" not in page.content.decode()
