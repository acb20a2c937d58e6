"""What mail leaves from is looked at: a listing is told after two confirmations, pauses, and comes back by itself."""

from __future__ import annotations

import json
from datetime import timedelta

import msgspec
import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from stationer.portal.access.accounts import give_access
from stationer.portal.access.models import ProvenDomain
from stationer.portal.people.scope import pen_scope
from stationer.portal.reputation import looking, subjects, ways
from stationer.portal.reputation.models import Look, SendingDomain, Trouble, Watched, ZoneState
from stationer.settings.sections import Relay, Sending
from tests.lookup.world import name_server

pytestmark = pytest.mark.django_db

BL = {
    "zone": "bl.example", "name": "BL", "of": "address", "listed": ["127.0.0.2"], "clean": ["127.0.0.1"],
    "means": [{"code": "127.0.0.2", "says": "spam was seen from it (SBL)"}],
    "delist": "https://bl.example/?{thing}", "terms": "free", "says": "Free.",
}  # fmt: skip
DBL = {**BL, "zone": "dbl.example", "name": "DBL", "of": "domain", "listed": ["test"], "clean": ["invalid"]}
OURS = ("1.2.0.192.bl.example", "A")
SOUND = {
    ("2.0.0.127.bl.example", "A"): ["127.0.0.2"],
    ("test.dbl.example", "A"): ["127.0.0.2"],
    ("1.2.0.192.in-addr.arpa", "PTR"): ["mail.host.example."],
    ("mail.host.example", "A"): ["192.0.2.1"],
}
KEY = "A" * 392
DOMAIN = {
    ("bounce.news.acme.example", "TXT"): ['"v=spf1 include:_spf.host.example -all"'],
    ("bounce.news.acme.example", "MX"): ["10 mail.host.example."],
    ("_spf.host.example", "TXT"): ['"v=spf1 ip4:192.0.2.1 -all"'],
    ("s1._domainkey.news.acme.example", "TXT"): [f'"v=DKIM1; k=rsa; p={KEY[:200]}" "{KEY[200:]}"'],
    ("_dmarc.news.acme.example", "TXT"): ['"v=DMARC1; p=reject; rua=mailto:d@acme.example"'],
    ("news.acme.example", "MX"): ["10 mail.host.example."],
}


@pytest.fixture
def world(settings, tmp_path):
    """A name server, two block lists, and an installation that sends from 192.0.2.1."""
    file = tmp_path / "zones.json"
    file.write_text(json.dumps([BL, DBL]))
    with name_server(dict(SOUND)) as server:
        settings.PORTAL = msgspec.structs.replace(
            settings.PORTAL,
            name_servers=(server.place,),
            operator="op@host.example",
            relay=Relay(sender="stationer@localhost"),
            sending=Sending(
                addresses=("192.0.2.1",), helo="mail.host.example", spf="_spf.host.example",
                bounces_to="mail.host.example", zones=str(file),
            ),
        )  # fmt: skip
        settings.LINK_URL = "http://127.0.0.1:8100"
        settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
        yield server


def look(watched: Watched | None = None) -> None:
    """As if the next look were due."""
    rows = Watched.objects.all() if watched is None else Watched.objects.filter(pk=watched.pk)
    rows.update(due_at=timezone.now())
    looking.turn()


def address() -> Watched:
    return Watched.objects.get(kind="address")


@pytest.fixture
def domain(acme):
    with pen_scope(acme):
        ProvenDomain.objects.create(domain="acme.example", proven_at=timezone.now())
        give_access("alice@acme.example", role="owner")
        return SendingDomain.objects.create(name="news.acme.example", selector="s1", key=KEY)


def test_a_listing_is_told_after_two_confirmations_pauses_and_heals(world):
    subjects.gather()
    look()
    assert ways.usable() and not Trouble.objects.exists()
    world.zone[OURS] = ["127.0.0.2"]
    world.zone[OURS[0], "TXT"] = ['"seen in spam traps"']
    look()
    first = address()
    assert ways.usable() and mail.outbox == []
    assert abs(first.due_at - first.looked_at - timedelta(minutes=5)) < timedelta(milliseconds=2)
    look()
    assert ways.usable() and mail.outbox == []
    look()
    assert not ways.usable()
    (told,) = mail.outbox
    assert told.to == ["op@host.example"] and told.subject == "Mail may not arrive: 192.0.2.1"
    assert "192.0.2.1 is on the block list BL: spam was seen from it (SBL)." in told.body
    assert "seen in spam traps" in told.body and "https://bl.example/?192.0.2.1" in told.body
    look()
    assert len(mail.outbox) == 1
    del world.zone[OURS]
    look()
    assert not ways.usable()
    look()
    assert ways.usable() and address().paused_at is None
    assert mail.outbox[1].subject == "Well again: 192.0.2.1" and len(mail.outbox) == 2
    assert Trouble.objects.get().healed_at is not None
    assert list(Look.objects.filter(watched=first).order_by("at").values_list("wrong", flat=True)) == [
        0,
        1,
        1,
        1,
        1,
        0,
        0,
    ]


@pytest.mark.parametrize(
    ("test_point", "ours", "trouble"),
    [
        (["127.255.255.254"], ["127.255.255.254"], "refused"),
        ("REFUSED", "REFUSED", "silent"),
        ([], ["127.0.0.2"], "lists-nothing"),
        (["127.0.0.2"], ["127.255.255.255"], ""),
        (["203.0.113.9"], ["203.0.113.9"], "strange"),
    ],
)
def test_refusals_and_dead_zones_raise_no_alarm(world, test_point, ours, trouble):
    world.zone |= {("2.0.0.127.bl.example", "A"): test_point, OURS: ours}
    subjects.gather()
    for _ in range(4):
        look()
    assert ways.usable() and mail.outbox == [] and not Trouble.objects.exists()
    assert ZoneState.objects.get(zone="bl.example").trouble == trouble


def test_a_zone_that_lists_everything_is_not_believed_and_pauses_nothing_for_ever(world):
    world.zone[OURS] = ["127.0.0.2"]
    subjects.gather()
    for _ in range(3):
        look()
    assert not ways.usable()
    world.zone["1.0.0.127.bl.example", "A"] = ["127.0.0.2"]
    look()
    assert not ways.usable() and ZoneState.objects.get(zone="bl.example").trouble == "lists-all"
    Trouble.objects.update(seen_at=timezone.now() - timedelta(days=2))
    look()
    assert ways.usable()


def test_a_domain_is_silent_while_it_is_set_up_and_told_once_it_breaks(world, domain, acme):
    subjects.gather()
    row = Watched.objects.get(pen=acme)
    for _ in range(4):
        look(row)
    row.refresh_from_db()
    assert {rule for rule, _ in row.findings} == {
        "spf-missing",
        "dkim-missing",
        "dmarc-missing",
        "mx-missing",
    }
    assert mail.outbox == [] and row.sound_at is None
    world.zone |= DOMAIN
    look(row)
    look(row)
    row.refresh_from_db()
    assert row.findings == [["sts-missing", {"domain": "news.acme.example"}]] and row.sound_at
    assert not Trouble.objects.filter(healed_at=None).exists() and mail.outbox == []
    del world.zone["s1._domainkey.news.acme.example", "TXT"]
    for _ in range(3):
        look(row)
    (told,) = mail.outbox
    assert told.to == ["alice@acme.example"] and "There is no DKIM key at s1._domainkey" in told.body
    assert reverse("sending") in told.body
    assert ways.usable()  # a company's domain pauses nobody's way out


def test_a_listed_domain_is_told_to_its_owners_and_silence_heals_nothing(world, domain, acme):
    world.zone |= {**DOMAIN, ("news.acme.example.dbl.example", "A"): ["127.0.0.2"]}
    subjects.gather()
    row = Watched.objects.get(pen=acme)
    for _ in range(3):
        look(row)
    assert [one.to for one in mail.outbox] == [["alice@acme.example"]]
    world.zone["news.acme.example.dbl.example", "A"] = "SERVFAIL"
    for _ in range(3):
        look(row)
    assert Trouble.objects.get(about="zone:dbl.example").healed_at is None


def test_what_is_watched_follows_settings_and_rows(world, domain, acme, settings):
    subjects.gather()
    assert {(one.kind, one.name) for one in Watched.objects.all()} == {
        ("address", "192.0.2.1"), ("helo", "mail.host.example"), ("domain", "news.acme.example"),
    }  # fmt: skip
    assert subjects.gather() == 0
    acme.link_host, acme.link_host_proven_at = "links.acme.example", timezone.now()
    acme.save()
    settings.PORTAL = msgspec.structs.replace(
        settings.PORTAL, sending=Sending(), relay=Relay(sender="post@host.example")
    )
    with pen_scope(acme):
        domain.delete()
    subjects.gather()
    assert [(one.kind, one.name) for one in Watched.objects.all()] == [("link", "links.acme.example")]
    settings.PORTAL = msgspec.structs.replace(settings.PORTAL, sending=Sending(addresses=("192.0.2.1",)))
    settings.LINK_URL = "https://links.host.example"
    names = [one.name for one in subjects.of_installation()]
    assert names == ["192.0.2.1", "host.example", "links.host.example"]


def test_what_is_watched_no_more_goes_and_two_workers_share(world, domain, acme):
    subjects.gather()
    now = timezone.now()
    assert len(looking.claim(now)) == 3 and looking.claim(now) == []
    assert len(looking.claim(now + timedelta(hours=1))) == 3
    with pen_scope(acme):
        SendingDomain.objects.all().delete()
    Watched.objects.update(leased_until=None)
    look()
    assert not Watched.objects.filter(pen=acme).exists()
    Look.objects.update(at=now - timedelta(days=91))
    assert looking.forget_old() == 2


@pytest.fixture
def owner(client, acme, domain):
    with pen_scope(acme):
        client.force_login(give_access("bob@acme.example", role="owner").account)
    return client


def test_the_wizard_takes_what_is_below_a_proven_domain_and_shows_its_records(world, owner, acme):
    refused = owner.post(reverse("sending"), {"name": "other.example"})
    assert (
        refused.status_code == 422 and "not below a domain that you have proven" in refused.content.decode()
    )
    made = owner.post(reverse("sending"), {"name": "Büro.ACME.example"})
    page = owner.get(made["Location"]).content.decode()
    assert "bounce.xn--bro-hoa.acme.example" in page
    assert "v=spf1 include:_spf.host.example -all" in page
    assert "v=DMARC1; p=none; rua=mailto:postmaster@acme.example" in page
    assert "10 mail.host.example." in page and "links.xn--bro-hoa.acme.example" in page
    assert Watched.objects.filter(pen=acme, name="xn--bro-hoa.acme.example").exists()
    again = owner.post(reverse("sending"), {"name": "news.acme.example"})
    assert again.status_code == 422 and "There is already one with this name" in again.content.decode()


def test_looking_now_explains_what_is_wrong_and_alarms_nobody(world, owner):
    page = reverse("sending-domain", args=["news.acme.example"])
    world.zone |= {**DOMAIN, ("s1._domainkey.news.acme.example", "TXT"): ['"v=DKIM1; p=BBBB"']}
    for _ in range(4):
        said = owner.post(page, {"look": "1"}).content.decode()
    assert "is another one than mail is signed with" in said and "is right" in said
    assert not Trouble.objects.exists() and mail.outbox == []
    world.zone |= DOMAIN
    assert "Nothing is in the way" in owner.post(page, {"look": "1"}).content.decode()
    world.stop()
    silent = owner.post(page, {"look": "1"}).content.decode()
    assert "did not answer" in silent and "Nothing is in the way" not in silent


def test_how_it_signs_is_kept_and_a_cut_key_is_not(world, owner, acme):
    page = reverse("sending-domain", args=["news.acme.example"])
    ed25519 = "A" * 43 + "="
    assert owner.post(page, {"selector": "s2", "key": f" {ed25519}\n", "bounce": ""}).status_code == 302
    shown = owner.get(page).content.decode()
    assert f"v=DKIM1; k=ed25519; p={ed25519}" in shown and "s2._domainkey" in shown
    assert "~all" in shown and "Where bounces go" not in shown
    for wrong in ({"key": "AAAAA"}, {"key": "v=DKIM1; p=AAAA"}, {"bounce": "a..b"}, {"selector": "s 1"}):
        answer = owner.post(page, {"selector": "s3", "key": "", "bounce": "b", **wrong})
        assert answer.status_code == 422, wrong
    with pen_scope(acme):
        assert SendingDomain.objects.get().selector == "s2"
    owner.post(page, {"selector": "", "key": "", "bounce": ""})
    assert "under which selector" in owner.get(page).content.decode()
    assert owner.post(page, {"remove": "1"}).status_code == 302
    assert owner.get(page).status_code == 404 and not Watched.objects.filter(pen=acme).exists()


def test_the_page_shows_what_is_wrong_since_when_and_the_month(world, owner, acme):
    assert "not looked at yet" in (subjects.gather(), owner.get(reverse("sending")).content.decode())[1]
    world.zone |= {**DOMAIN, ("news.acme.example.dbl.example", "A"): ["127.0.0.2"]}
    row = Watched.objects.get(pen=acme)
    look(row)
    assert "looked at again before anybody is told" in owner.get(reverse("sending")).content.decode()
    look(row)
    look()
    world.zone |= {OURS: ["127.0.0.2"]}
    for _ in range(3):
        look(address())
    page = owner.get(reverse("sending")).content.decode()
    assert "is on the block list DBL" in page and "something is wrong" in page and "Since " in page
    assert "How much was wrong on each day, 1 at most" in page
    assert "is on a block list. Whoever runs it was told" in page and "192.0.2.1" not in page


def test_a_company_without_a_proven_domain_is_led_there(world, client, acme):
    with pen_scope(acme):
        client.force_login(give_access("carol@acme.example", role="owner").account)
    page = client.get(reverse("sending")).content.decode()
    assert "First prove your domain" in page and "Set up a domain" not in page
