"""The hourly look against real servers: Knot has the records, rbldnsd the block lists. A listing is told after two
confirmations and heals by itself; a list that refuses, and one that is dead, say nothing."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from django.core import mail
from django.test import Client
from django.utils import timezone

from stationer.portal.access.accounts import give_access
from stationer.portal.access.models import ProvenDomain
from stationer.portal.people.models import Pen
from stationer.portal.people.pens import create_pen
from stationer.portal.people.scope import pen_scope
from stationer.portal.reputation import looking, subjects, ways
from stationer.portal.reputation.models import SendingDomain, Trouble, Watched, ZoneState
from stationer.settings.sections import Relay, Sending
from trials.conftest import leave_out
from trials.servers.knot import Knot
from trials.servers.rbldnsd import Rbldnsd
from trials.servers.running import program, wait_until
from trials.servers.workshop import Workshop

pytestmark = pytest.mark.django_db

OURS = "192.0.2.1 :127.0.0.2:Spam traps saw $"
TESTS = ["127.0.0.2 :127.0.0.2:Test entry"]
BLOCKED = [
    f"{one} :127.255.255.254:Ask by a resolver of your own" for one in ("127.0.0.0/24", "192.0.2.0/24")
]
LISTS = {
    "bl.example": ("ip4set", TESTS),
    "shut.example": ("ip4set", BLOCKED),
    "dbl.example": ("dnset", ["test :127.0.0.2:Test"]),
}
HOST = [
    "mail A 192.0.2.1", "@ MX 10 mail", '_spf TXT "v=spf1 ip4:192.0.2.1 -all"',
    '@ TXT "v=spf1 include:_spf.host.example -all"', '_dmarc TXT "v=DMARC1; p=reject; rua=mailto:d@host.example"',
]  # fmt: skip
REVERSE = ["1 PTR mail.host.example."]


def zone(of: str, name: str) -> dict[str, Any]:
    """A block list as the setting's file has it."""
    points = (["127.0.0.2"], ["127.0.0.1"]) if of == "address" else (["test"], ["invalid"])
    means = [{"code": "127.0.0.2", "says": "spam was seen from it"}]
    return {
        "zone": name, "name": name, "of": of, "listed": points[0], "clean": points[1], "means": means,
        "delist": "https://bl.example/?{thing}", "terms": "free", "says": "Free.",
    }  # fmt: skip


@pytest.fixture
def knot(workshop: Workshop) -> Iterator[Knot]:
    leave_out("" if program("knotd") else "knotd is not installed (Debian: knot)")
    server = Knot(
        workshop("knot"), {"host.example": HOST, "2.0.192.in-addr.arpa": REVERSE, "acme.example": []}
    )
    yield server
    server.stop()


@pytest.fixture
def lists(workshop: Workshop) -> Iterator[Rbldnsd]:
    leave_out("" if program("rbldnsd") else "rbldnsd is not installed (Debian: rbldnsd)")
    server = Rbldnsd(workshop("rbldnsd"), LISTS)
    yield server
    server.stop()


@pytest.fixture
def world(db: Any, knot: Knot, lists: Rbldnsd, settings: Any, tmp_path: Any) -> None:
    """An installation that sends from 192.0.2.1. Of two name servers the second is asked what the first refuses;
    `dead.example` both refuse."""
    file = tmp_path / "zones.json"
    shown = [zone("address", one) for one in ("bl.example", "shut.example", "dead.example")]
    file.write_text(json.dumps([*shown, zone("domain", "dbl.example")]))
    settings.PORTAL = msgspec.structs.replace(
        settings.PORTAL,
        name_servers=(knot.place, lists.place),
        operator="op@host.example",
        relay=Relay(sender="stationer@host.example"),
        sending=Sending(
            addresses=("192.0.2.1",), helo="mail.host.example", spf="_spf.host.example",
            bounces_to="mail.host.example", zones=str(file),
        ),
    )  # fmt: skip
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    settings.LINK_URL = "http://127.0.0.1:8100"


def look() -> None:
    """As if the next look were due."""
    Watched.objects.update(due_at=timezone.now())
    looking.turn()


def sees(count: int) -> None:
    """Wait until rbldnsd has read its data anew, which the next look shows; how much is listed of our address."""

    def seen() -> bool:
        look()
        rows = Trouble.objects.filter(about="zone:bl.example", healed_at=None, cleans=0)
        return rows.count() == count

    wait_until("rbldnsd to say otherwise", seen, 10)


def test_our_address_on_a_list_is_told_within_one_check_and_heals(world: None, lists: Rbldnsd) -> None:
    subjects.gather()
    look()
    assert {one.name: one.findings for one in Watched.objects.all()} == {
        "192.0.2.1": [], "mail.host.example": [], "host.example": [["sts-missing", {"domain": "host.example"}]],
    }  # fmt: skip
    lists.change("bl.example", [*TESTS, OURS])
    sees(1)
    trouble = Trouble.objects.get()
    assert (trouble.sights, trouble.saw["reason"]) == (1, "Spam traps saw 192.0.2.1") and ways.usable()
    look()
    assert ways.usable() and mail.outbox == []
    look()
    assert not ways.usable()
    (told,) = mail.outbox
    assert (
        "192.0.2.1 is on the block list bl.example" in told.body
        and "https://bl.example/?192.0.2.1" in told.body
    )
    lists.change("bl.example", TESTS)
    sees(0)
    look()
    assert ways.usable() and [one.subject for one in mail.outbox][1:] == ["Well again: 192.0.2.1"]
    # the list that refuses everybody, and the one that nobody runs any more, said nothing all the while
    assert Trouble.objects.count() == 1
    states = dict(ZoneState.objects.values_list("zone", "trouble"))
    assert states == {
        "bl.example": "",
        "shut.example": "refused",
        "dead.example": "silent",
        "dbl.example": "",
    }


def test_lists_that_all_fall_silent_raise_nothing(world: None, lists: Rbldnsd, knot: Knot) -> None:
    subjects.gather()
    look()
    lists.stop()
    knot.freeze()
    row = Watched.objects.get(kind="address")
    Watched.objects.filter(pk=row.pk).update(due_at=timezone.now())
    looking.turn()
    knot.thaw()
    row.refresh_from_db()
    assert [rule for rule, _ in row.findings] == ["dns-silent"]
    assert not Trouble.objects.exists() and mail.outbox == [] and ways.usable()


def signing_key() -> str:
    """The public half of a new RSA key, in Base64."""
    key = rsa.generate_private_key(65537, 2048).public_key()
    form = (serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return b64encode(key.public_bytes(*form)).decode()


def published(records: list[tuple[str, str, str]]) -> list[str]:
    """Lines of Knot's zone: long texts as several strings, as editors of zones make them."""
    lines = []
    for kind, name, value in records:
        if kind == "TXT":
            value = " ".join(f'"{value[at : at + 200]}"' for at in range(0, len(value), 200))
        lines.append(f"{name}. {kind} {value}")
    return lines


def test_the_wizards_own_records_published_as_they_stand_are_all_that_is_needed(
    world: None, knot: Knot, settings: Any
) -> None:
    settings.ALLOWED_HOSTS = ["testserver"]
    acme: Pen = create_pen("ACME", ("acme.example",))
    with pen_scope(acme):
        ProvenDomain.objects.create(domain="acme.example", proven_at=timezone.now())
        alice = give_access("alice@acme.example", role="owner")
    browser = Client()
    browser.force_login(alice.account)
    page = browser.post("/settings/sending/", {"name": "news.acme.example"})["Location"]
    browser.post(page, {"selector": "s1", "key": signing_key(), "bounce": "bounce"})
    said = browser.post(page, {"look": "1"}).content.decode()
    assert "has no SPF record" in said and "There is no DKIM key at" in said
    with pen_scope(acme):
        row = SendingDomain.objects.get()
        from stationer.portal.reputation.records import records

        wanted = [(one.kind, one.name, one.value) for one in records(acme, row) if one.of != "link"]
    assert [kind for kind, _, _ in wanted] == ["TXT", "TXT", "TXT", "MX"]
    knot.change("acme.example", [*published(wanted), "news.acme.example. MX 10 mail.host.example."])
    wait_until(
        "Knot to have the records",
        lambda: "Nothing is in the way" in browser.post(page, {"look": "1"}).content.decode(),
        10,
    )
    subjects.gather()
    look()
    assert Watched.objects.get(pen=acme).sound_at is not None
