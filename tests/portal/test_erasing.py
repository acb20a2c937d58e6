"""Nobody who is erased is found again: not in any column of any table, not in what edges tell later."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from stationer.pick.addresses import canonical
from stationer.portal.alerts import hearing
from stationer.portal.alerts import sending as alerts
from stationer.portal.alerts.models import AlertRule, ClickAction, Due
from stationer.portal.delivery.models import Outgoing, Recipient
from stationer.portal.hooks.models import Attempt, Delivery, Hook
from stationer.portal.people.models import AddressList
from stationer.portal.people.scope import pen_scope
from stationer.portal.statistics import remembering
from stationer.portal.statistics.counted import Counted, Half, Stop
from stationer.portal.statistics.models import Addressee, Hit, Link, Mail, OptOut
from stationer.portal.statistics.privacy import letters
from stationer.portal.statistics.privacy.erasing import erase
from stationer.portal.statistics.rolling import turning
from stationer.portal.statistics.taking import take
from stationer.portal.visits.models import Handed, View, Website
from tests.portal.test_visits import tell, token_of
from tests.portal.told import Sent

pytestmark = pytest.mark.django_db
JANE, JOE = "jane.doe@elsewhere.example", "joe@elsewhere.example"


def everywhere(needle: str) -> list[str]:
    """Every column of every table in which the text stands, in any case; bytes are looked through as they are."""
    found, raw = [], needle.lower().encode()
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            names = [column[0] for column in cursor.description]
            for row in cursor.fetchall():
                for name, value in zip(names, row, strict=True):
                    held = bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()
                    if raw in held.lower() or raw.replace(b"@", b"=40") in held.lower():
                        found.append(f"{table}.{name}")
    return sorted(set(found))


def told(harbour, to, ago=timedelta(minutes=10), token=None):
    now = timezone.now()
    mail = Sent(harbour, now - ago, to=to)
    visit = token.visit if token else b""
    take(
        [mail.addressed(), mail.reported(), mail.clicked(now - ago + timedelta(minutes=2), visit=visit)], now
    )
    return mail


def tell_all():
    while alerts.turn():
        pass


@pytest.fixture
def known(harbour, client, mailoutbox):
    """Jane in everything that keeps an address: mails, a visit, a link, alerts, a digest, events, a list that clicks
    fill, the edges' memory, a letter of ours, figures."""
    settings.EMAIL_BACKEND = "stationer.portal.delivery.backend.EmailBackend"
    with pen_scope(harbour.pen):
        filled = AddressList.objects.create(name="Clicked", addresses=[])
        ClickAction.objects.create(campaign=harbour.campaign.pk, list=filled)
        Website.objects.create(on=True, hosts=["harbourdental.example"])
        AlertRule.objects.create(whom="address", address="boss@harbourdental.example", pace="digest", least=0)
        Hook.objects.update(on=True, events=["visit.human", "alert"])
    token = token_of(harbour)
    told(harbour, (JANE,), token=token)
    told(harbour, (JANE, JOE))
    told(harbour, (JOE,))
    tell(token, page=f"https://harbourdental.example/for/{JANE}")
    with pen_scope(harbour.pen):
        Link.objects.create(
            code="ab" * 12, target="https://x.example/", address=JANE, owner=harbour.bob.member
        )
        Hit.objects.update(human=True, score=95)
        hits = list(Hit.objects.all())
        hearing.hear(hits)
        from stationer.portal.hooks import hearing as hooks

        hooks.hear(hits)
        Due.objects.update(due_at=timezone.now())
    tell_all()
    with pen_scope(harbour.pen):
        for row in Delivery.objects.filter(body__contains=JANE):
            Attempt.objects.create(delivery=row, at=timezone.now(), status=200, head=f"thanks for {JANE}")
        key = remembering.key_of(harbour.pen, canonical(JANE))
        remembering.stop(key, harbour.campaign.pk)
        remembering.advance(key, harbour.campaign.pk, 1)
        turning.settle(harbour.pen)
    letters.write(harbour.pen, JANE)
    Recipient.objects.filter(address=JANE).update(state=Recipient.State.SENT)
    return harbour


def test_after_it_no_table_names_them_and_the_others_are_there_still(known, settings):
    before = everywhere(JANE)
    for table in (
        "statistics_addressee.address",
        "statistics_link.address",
        "hooks_delivery.body",
        "hooks_attempt.head",
    ):
        assert table in before, before
    assert {"delivery_outgoing.mail", "people_addresslist.addresses", "delivery_recipient.address"} <= set(
        before
    )
    with pen_scope(known.pen):
        digests = Due.objects.filter(pace="digest").count()
        assert digests
        erase(JANE)
    assert everywhere(JANE) == []
    assert {"statistics_addressee.address", "hooks_delivery.body"} <= set(everywhere(JOE))
    with pen_scope(known.pen):
        assert not View.objects.exists() and not Handed.objects.exists()
        assert not Stop.objects.exists()
        key = remembering.key_of(known.pen, canonical(JANE))
        assert all(key not in remembering.read_rows(bytes(row.rows)) for row in Counted.objects.all())
        assert all(key not in bytes(row.held) for row in Half.objects.all())
    tell_all()  # the digest that had not left is written anew, without her
    with pen_scope(known.pen):
        assert everywhere(JANE) == [] and Outgoing.objects.filter(pen=known.pen).exists()
    assert any("delivery_outgoing.mail" in one for one in everywhere(JOE))


def test_figures_are_made_anew_without_them(known):
    with pen_scope(known.pen):
        erase(JANE)
        turning.settle(known.pen)
    assert everywhere(JANE) == []


def test_what_an_edge_tells_later_of_mails_of_before_names_them_no_more(harbour):
    with pen_scope(harbour.pen):
        erase(JANE)
    told(harbour, (JANE,))
    told(harbour, (JANE, JOE))
    with pen_scope(harbour.pen):
        assert list(Addressee.objects.values_list("address", flat=True)) == [JOE]
        assert Hit.objects.count() == 1 and Mail.objects.filter(quiet=True).count() == 1
        assert not OptOut.objects.exists()
    told(
        harbour, (JANE,), ago=timedelta(minutes=-1)
    )  # she was written to again: nobody said that she objects
    with pen_scope(harbour.pen):
        assert Addressee.objects.filter(address=JANE).count() == 1


def test_events_and_mails_of_others_whose_addresses_hold_theirs_stay(known):
    longer = ("mary-" + JANE, "o'" + JANE, JANE + ".au")
    with pen_scope(known.pen):
        hook = Hook.objects.first()
        for address in longer:
            row = Delivery.objects.create(
                hook=hook, event="alert", body=f'{{"to":"{address}"}}', due_at=timezone.now()
            )
            Attempt.objects.create(delivery=row, at=timezone.now(), status=200, head=f"thanks for {address}")
            mail = f"To: {address}\r\nSubject: Hello\r\n\r\nDear {address}\r\n".encode()
            Outgoing.objects.create(pen=known.pen, sender="bob@harbourdental.example", mail=mail)
        erase(JANE)
    tables = {"hooks_delivery.body", "hooks_attempt.head", "delivery_outgoing.mail"}
    assert all(tables <= set(everywhere(address)) for address in longer)
    with pen_scope(known.pen):
        assert Delivery.objects.filter(body__contains=JANE).count() == len(longer)
