"""What recipients may ask of a company: to see what is known, to be followed no more, to be forgotten; and masking."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from msgspec import structs

from stationer.portal.alerts import sending
from stationer.portal.alerts.models import Due, DueHit
from stationer.portal.audit.models import Entry
from stationer.portal.hooks import hearing as hooked
from stationer.portal.people.models import AddressList, Pen
from stationer.portal.people.scope import pen_scope
from stationer.portal.statistics.models import Addressee, EarlyReport, Hit, Link, Mail, Masking, OptOut
from stationer.portal.statistics.privacy import letters, masking, outs
from stationer.portal.statistics.privacy.erasing import erase, known
from stationer.portal.statistics.rolled import DueHour
from stationer.portal.statistics.rolling import turning
from stationer.portal.statistics.signals import erased
from stationer.portal.statistics.taking import take
from stationer.wire.uplink import AddressedCopy
from tests.portal.clicked import a_hit, a_link, a_mail, tell
from tests.portal.told import Sent, clicked

pytestmark = pytest.mark.django_db
JANE = "jane@example.com"


def told(harbour, to=(JANE,), ago=timedelta(minutes=10), clicks=1, address="81.2.69.142"):
    now = timezone.now()
    mail = Sent(harbour, now - ago)
    mail.copies = (AddressedCopy(len(to), tuple(to), False, mail.copies[0].offers),)
    hits = [mail.clicked(now - ago + timedelta(minutes=5), address=address) for _ in range(clicks)]
    take([mail.addressed(), mail.reported(), *hits], now)
    return mail


def text(page):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.content.decode()))


def own_page(harbour, address=JANE):
    return letters.page_of(harbour.pen, address).partition("/known/")[2].join(("/known/", ""))


# ── their own page ──


def test_somebody_has_the_link_to_their_page_sent_to_their_mailbox(client, harbour, mailoutbox):
    told(harbour)
    place = f"/known/{harbour.pen.outside_id}/"
    assert "Send me the link" in text(client.get(place))
    answers = {text(client.post(place, {"address": one})) for one in (JANE, "nobody@example.org")}
    assert len(answers) == 1 and "If this mailbox is yours" in answers.pop()
    mails = {one.to[0]: one.body for one in mailoutbox}
    assert set(mails) == {JANE, "nobody@example.org"}
    assert "/known/pen_" in mails[JANE] and "jane" not in mails[JANE].partition("/known/")[2]
    client.post(place, {"address": JANE})
    assert len(mailoutbox) == 2  # not again within ten minutes


def test_one_reader_asks_for_no_more_than_a_few(client, harbour, mailoutbox):
    cache.clear()
    for n in range(14):
        client.post(f"/known/{harbour.pen.outside_id}/", {"address": f"p{n}@example.org"})
    assert len(mailoutbox) == 10


def test_the_page_says_what_is_known_and_needs_no_account(client, harbour):
    told(harbour)
    told(harbour, (JANE, "joe@example.com"))
    said = text(client.get(own_page(harbour)))
    assert "2 mails to you are known." in said and "2 times one of their links was asked for" in said
    assert JANE in said and "joe@example.com" not in said


def test_the_page_shows_nothing_of_other_readers(client, harbour):
    told(harbour)
    told(harbour, (JANE, "carol@example.com"), address="203.0.113.77")
    mail, _, click = with_rest(harbour)
    take([mail.addressed(), structs.replace(click, address="203.0.113.78")], timezone.now())
    said = text(client.get(own_page(harbour)))
    assert "3 times" in said and "81.2.69.142" in said and "203.0.113." not in said


def test_an_international_domain_is_the_same_however_it_is_written(client, harbour, mailoutbox):
    told(harbour, ("jane@xn--bcher-kva.example",))
    cache.clear()
    client.post(f"/known/{harbour.pen.outside_id}/", {"address": "Jane@Bücher.example"})
    token = re.search(r"/known/pen_\S+", mailoutbox[0].body)[0]
    assert "1 mail to you is known." in text(client.get(token))
    assert (
        letters.read(harbour.pen, letters.seal(harbour.pen, "jane@bücher.example"))
        == "jane@xn--bcher-kva.example"
    )
    with pen_scope(harbour.pen):
        outs.put_out("jane@bücher.example")
        assert outs.is_out("jane@xn--bcher-kva.example")


def test_whoever_is_signed_in_elsewhere_sees_it_too(harbour, oscar):
    browser = Client()
    browser.force_login(oscar.account)
    assert browser.get(own_page(harbour)).status_code == 200


def test_a_link_that_is_over_or_broken_or_of_another_company_shows_nothing(client, harbour, other):
    token = letters.seal(harbour.pen, JANE)
    assert letters.read(harbour.pen, token) == JANE
    assert letters.read(other, token) is None
    assert letters.read(harbour.pen, letters.seal(harbour.pen, JANE, now=1.0)) is None
    for wrong in ("", "x", "ä", token[:-2], token[:20] + "A" + token[21:]):
        assert letters.read(harbour.pen, wrong) in (None,) or wrong == token
    page = client.get(f"/known/{harbour.pen.outside_id}/{token[:-3]}/")
    assert page.status_code == 404 and JANE not in text(page) and "Send me a new link" in text(page)
    assert client.get("/known/pen_x/").status_code == 404


def test_whoever_objects_is_known_no_more_and_nobody_can_read_who_it_was(client, harbour):
    told(harbour)
    client.post(own_page(harbour), {"do": "object"})
    assert "You are not followed." in text(client.get(own_page(harbour)))
    told(harbour, clicks=2)
    with pen_scope(harbour.pen):
        assert (Mail.objects.count(), Addressee.objects.count(), Hit.objects.count()) == (2, 1, 1)
        assert JANE not in OptOut.objects.get().key
        entry = Entry.objects.order_by("-pk").first()
        assert (entry.what, entry.called) == ("objected", "")
    client.post(own_page(harbour), {"do": "return"})
    told(harbour)
    with pen_scope(harbour.pen):
        assert Hit.objects.count() == 2 and not OptOut.objects.exists()


def test_a_click_that_came_before_its_mail_is_forgotten_when_it_is_theirs(harbour):
    with pen_scope(harbour.pen):
        outs.put_out(JANE)
    mail = Sent(harbour, timezone.now() - timedelta(minutes=10))
    take([mail.clicked(timezone.now())], timezone.now())
    take([mail.addressed()], timezone.now())
    with pen_scope(harbour.pen):
        assert not Hit.objects.exists() and Mail.objects.get().quiet


def test_mails_and_links_of_before_tell_nothing_more_of_whoever_objects(client, harbour):
    alone, others = told(harbour), told(harbour, (JANE, "joe@example.com"))
    link = a_link(harbour, JANE)
    client.post(own_page(harbour), {"do": "object"})
    token = b"\x02abcd" + bytes.fromhex(link.code) + b"t" * 10
    now = timezone.now()
    take([alone.clicked(now), others.clicked(now), clicked(alone.pen, token, now)], now)
    with pen_scope(harbour.pen):
        assert [hit.mail.people for hit in Hit.objects.filter(at__gt=now - timedelta(minutes=1))] == [2]
        assert Hit.objects.count() == 3


def test_nobody_is_told_of_whoever_has_objected_meanwhile(client, harbour):
    hits = [
        a_hit(harbour, a_mail(harbour, JANE, unnamed=True)),
        a_hit(harbour, link=a_link(harbour, JANE)),
        a_hit(harbour, a_mail(harbour, "joe@example.com")),
    ]
    client.post(own_page(harbour), {"do": "object"})
    tell(harbour, *hits)
    with pen_scope(harbour.pen):
        assert [row.hit for row in DueHit.objects.all()] == [hits[2].pk]
        assert [one["visitor"]["address"] for one in hooked.told(hits)] == ["joe@example.com"]


def test_an_alert_that_waits_is_not_told_when_its_reader_objects(client, harbour, mailoutbox):
    tell(harbour, a_hit(harbour, a_mail(harbour, JANE)), a_hit(harbour, link=a_link(harbour, JANE)))
    tell(harbour, a_hit(harbour, a_mail(harbour, "joe@example.com")))
    client.post(own_page(harbour), {"do": "object"})
    with pen_scope(harbour.pen):
        assert Due.objects.filter(state="waiting").update(due_at=timezone.now()) == 3
    while sending.turn():
        pass
    with pen_scope(harbour.pen):
        assert sorted(Due.objects.values_list("state", flat=True)) == ["done", "dropped", "dropped"]


def with_rest(harbour, to=(JANE,)):
    """As clients ask: Bcc may go with it, until the report says that none did."""
    now = timezone.now()
    mail = Sent(harbour, now - timedelta(minutes=10))
    mail.copies = (AddressedCopy(len(to), tuple(to), True, mail.copies[0].offers),)
    return mail, structs.replace(mail.reported(), rest=False), mail.clicked(now - timedelta(minutes=5))


@pytest.mark.parametrize(
    "order", ["arc", "acr", "car", "rca", "rac", "ar c", "a c r", "c a r", "c ar", "r a c"]
)
def test_a_mail_that_turns_out_to_have_gone_to_nobody_else_keeps_no_hits(harbour, order):
    with pen_scope(harbour.pen):
        outs.put_out(JANE)
    mail, report, click = with_rest(harbour)
    one = {"a": mail.addressed(), "r": report, "c": click}
    for some in order.split():
        take([one[each] for each in some], timezone.now())
    with pen_scope(harbour.pen):
        assert Mail.objects.get().quiet and not Hit.objects.exists() and not Addressee.objects.exists()


def test_a_mail_that_others_got_too_keeps_its_hits_when_there_was_no_bcc(harbour):
    with pen_scope(harbour.pen):
        outs.put_out(JANE)
    mail, report, click = with_rest(harbour, (JANE, "joe@example.com"))
    take([mail.addressed(), report, click], timezone.now())
    with pen_scope(harbour.pen):
        assert not Mail.objects.get().quiet and Hit.objects.count() == 1


def test_where_nobody_is_followed_any_more_nothing_is_kept_of_mails_of_before(harbour):
    mail, link = told(harbour), a_link(harbour)
    Pen.objects.filter(pk=harbour.pen.pk).update(tracking="off")
    now = timezone.now()
    token = b"\x02abcd" + bytes.fromhex(link.code) + b"t" * 10
    take([mail.clicked(now), clicked(mail.pen, token, now), Sent(harbour, now).reported()], now)
    with pen_scope(harbour.pen):
        assert Hit.objects.count() == 1 and not EarlyReport.objects.exists()


def test_among_several_whoever_objected_is_not_named(harbour):
    with pen_scope(harbour.pen):
        outs.put_out(JANE)
    told(harbour, (JANE, "joe@example.com"))
    with pen_scope(harbour.pen):
        mail = Mail.objects.get()
        assert (mail.people, mail.quiet, Addressee.objects.get().address) == (2, False, "joe@example.com")
        assert Hit.objects.count() == 1


def test_whoever_asks_is_forgotten(client, harbour):
    told(harbour)
    told(harbour, (JANE, "joe@example.com"))
    client.post(own_page(harbour), {"do": "forget"})
    with pen_scope(harbour.pen):
        assert Addressee.objects.get().address == "joe@example.com"
        assert Hit.objects.get().mail.people == 2
        assert outs.is_out(JANE) and known(JANE).nothing
    said = text(client.get(own_page(harbour)))
    assert "0 mails to you are known." in said


# ── the office ──


def test_the_office_forgets_an_address_everywhere_and_is_told_what_still_names_it(owner, harbour):
    told(harbour)
    with pen_scope(harbour.pen):
        Link.objects.create(code="0c" * 12, target="https://a.example/", address=JANE)
        AddressList.objects.create(name="Friends", addresses=[JANE])
    heard = []
    erased.connect(listen := lambda address, **_: heard.append(address))
    page = owner.post("/settings/privacy/", {"do": "erase", "address": "Jane@Example.com"}, follow=True)
    erased.disconnect(listen)
    said = text(page)
    assert "1 mails and 1 clicks" in said and "Friends" in said and heard == [JANE]
    with pen_scope(harbour.pen):
        assert not Addressee.objects.exists() and not Hit.objects.exists()
        assert Link.objects.get().address == "" and Mail.objects.get().quiet
        assert not outs.is_out(JANE)
        told_of = [entry for entry in Entry.objects.all() if JANE in f"{entry.called}{entry.lines}"]
        assert [entry.noun for entry in told_of] in (
            [],
            ["addresslist"],
            ["link"],
            ["link", "addresslist"],
            ["addresslist", "link"],
        )
    owner.post("/settings/privacy/", {"do": "erase", "address": JANE, "stay_out": "on"})
    with pen_scope(harbour.pen):
        assert outs.is_out(JANE)


def test_a_late_click_on_a_mail_that_was_forgotten_is_not_kept(harbour):
    mail = told(harbour)
    with pen_scope(harbour.pen):
        erase(JANE)
    take([mail.clicked(timezone.now())], timezone.now())
    with pen_scope(harbour.pen):
        assert not Hit.objects.exists()


def test_who_may_not_change_settings_forgets_nobody(client, harbour):
    client.force_login(harbour.bob.account)
    assert client.post("/settings/privacy/", {"do": "erase", "address": JANE}).status_code == 404


@pytest.mark.parametrize(
    ("stays", "left"), [("domain", "@example.com"), ("hash", r"#[0-9a-f]{16}@example.com")]
)
def test_addresses_are_masked_when_their_time_is_over(owner, harbour, stays, left):
    told(harbour, ago=timedelta(days=40), address="81.2.69.142")
    told(harbour, ago=timedelta(days=40), address="2003:c0:1:2::3")
    told(harbour, ago=timedelta(days=2))
    owner.post("/settings/privacy/", {"do": "mask", "days": "30", "stays": stays})
    assert masking.mask_old() == 2
    assert masking.mask_old() == 0
    with pen_scope(harbour.pen):
        addresses = list(Addressee.objects.order_by("pk").values_list("address", flat=True))
        assert re.fullmatch(left, addresses[0]) and addresses[0] == addresses[1] and addresses[2] == JANE
        networks = sorted(Hit.objects.values_list("address", flat=True))
        assert networks == ["2003:c0:1::", "81.2.69.0", "81.2.69.142"]
    assert "jane" not in text(
        owner.get("/visitors/?until=" + (timezone.now() - timedelta(days=20)).date().isoformat())
    )


def test_what_is_told_long_after_its_mail_is_masked_as_it_comes(harbour):
    with pen_scope(harbour.pen):
        Masking.objects.create(days=30, until=timezone.now() - timedelta(days=30))
    told(harbour, ago=timedelta(days=40))
    with pen_scope(harbour.pen):
        assert [one.address for one in Addressee.objects.all()] == ["@example.com"]
        assert [one.address for one in Hit.objects.all()] == ["81.2.69.0"]


@pytest.mark.parametrize("do", ["object", "forget"])
def test_whoever_is_masked_to_a_code_can_object_and_be_forgotten(client, harbour, do):
    mail = told(harbour, ago=timedelta(days=40))
    told(harbour, ("joe@example.com",), ago=timedelta(days=40))
    with pen_scope(harbour.pen):
        Masking.objects.create(days=30, stays="hash")
        masking.mask(harbour.pen, timezone.now())
        assert (known(JANE).mails, known(JANE).hits) == (1, 1)
    client.post(own_page(harbour), {"do": do})
    take([mail.clicked(timezone.now())], timezone.now())
    with pen_scope(harbour.pen):
        assert known(JANE).mails == (1 if do == "object" else 0)
        assert Hit.objects.count() == (2 if do == "object" else 1)
        assert Addressee.objects.filter(address__startswith="#").count() == (2 if do == "object" else 1)


def test_masking_leaves_the_figures_as_they_are(harbour):
    told(harbour, ago=timedelta(days=40))
    told(harbour, ("joe@example.com",), ago=timedelta(days=40))
    with pen_scope(harbour.pen):
        turning.settle(harbour.pen)
        DueHour.objects.all().delete()
        Masking.objects.create(days=30)
        assert masking.mask(harbour.pen, timezone.now()) == 2
        assert masking.mask(harbour.pen, timezone.now()) == 0
        assert not DueHour.objects.exists()
        Addressee.objects.first().delete()
        assert DueHour.objects.exists()


def test_nothing_is_masked_where_nobody_asked_for_it(harbour):
    told(harbour, ago=timedelta(days=400))
    assert masking.mask_old() == 0
    with pen_scope(harbour.pen):
        Masking.objects.create(days=0)
        assert masking.mask(harbour.pen, timezone.now()) == 0


def test_a_code_becomes_a_domain_when_that_is_asked_for_later(owner, harbour):
    told(harbour, ago=timedelta(days=40))
    with pen_scope(harbour.pen):
        Masking.objects.create(days=30, stays="hash")
        masking.mask(harbour.pen, timezone.now())
        assert Addressee.objects.get().address.startswith("#")
    owner.post("/settings/privacy/", {"do": "mask", "days": "30", "stays": "domain"})
    with pen_scope(harbour.pen):
        masking.mask(harbour.pen, timezone.now())
        assert Addressee.objects.get().address == "@example.com"
