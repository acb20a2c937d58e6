"""What edges told becomes rows, in whatever order it comes, and each thing once."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from stationer.portal.people.owned import new_id
from stationer.portal.people.scope import pen_scope
from stationer.portal.statistics.models import (
    Addressee,
    EarlyReport,
    Hit,
    Link,
    LostClicks,
    Mail,
    Shown,
    id_at,
    moment,
)
from stationer.portal.statistics.taking import take
from stationer.wire import ids
from stationer.wire.uplink import AddressedCopy, Clicked, Lost, Offer, Remembered
from tests.portal.told import Sent, clicked

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
LATER = NOON + timedelta(minutes=3)


def test_a_pick_its_report_and_a_click_become_rows(harbour):
    sent = Sent(harbour, NOON)
    take([sent.addressed(), sent.reported(), sent.clicked(LATER)], LATER)
    with pen_scope(harbour.pen):
        mail, shown, hit = Mail.objects.get(), Shown.objects.get(), Hit.objects.get()
        assert (mail.pick, mail.copy, mail.at, mail.people, mail.unnamed) == (sent.pick, 0, NOON, 1, False)
        assert (mail.sender_id, mail.outcome) == (harbour.bob.member.pk, "used")
        assert mail.reported_at == NOON + timedelta(milliseconds=900)
        assert Addressee.objects.get().address == "jane@example.com"
        assert (shown.campaign, shown.of, shown.used) == (harbour.campaign.pk, harbour.message.pk, True)
        assert (hit.mail_id, hit.campaign, hit.of, hit.at) == (mail.pk, shown.campaign, shown.of, LATER)
        assert hit.target == "https://harbourdental.example/open-evening"
        assert (hit.method, hit.address) == ("GET", "81.2.69.142")
        assert hit.hints["accept-language"] == "en-GB,en;q=0.9"


@pytest.mark.parametrize("early", [False, True])
@pytest.mark.parametrize("rest", [False, True])
def test_an_edge_cannot_know_of_bcc_and_the_client_says_when_there_was_none(harbour, early, rest):
    sent = Sent(harbour, NOON, copies=None)
    sent.copies = (sent.copies[0].__class__(1, ("jane@example.com",), True, sent.copies[0].offers),)
    told = [sent.addressed(), msgspec.structs.replace(sent.reported(), rest=rest)]
    for one in reversed(told) if early else told:
        take([one], LATER)
    with pen_scope(harbour.pen):
        assert Mail.objects.get().unnamed is rest


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
@pytest.mark.parametrize("apart", [False, True])
def test_the_order_in_which_it_is_told_does_not_matter(harbour, order, apart):
    sent = Sent(harbour, NOON)
    told = [sent.addressed(), sent.reported(), sent.clicked(LATER)]
    for some in [[told[n]] for n in order] if apart else [[told[n] for n in order]]:
        take(some, LATER)
    with pen_scope(harbour.pen):
        mail, hit, shown = Mail.objects.get(), Hit.objects.get(), Shown.objects.get()
        assert (mail.outcome, hit.mail_id, hit.campaign, shown.used) == (
            "used",
            mail.pk,
            harbour.campaign.pk,
            True,
        )
        assert not EarlyReport.objects.exists()


def test_a_mail_told_again_is_the_same_mail_and_the_first_report_counts(harbour):
    sent = Sent(harbour, NOON)
    for _ in range(2):
        take([sent.addressed(), sent.addressed(), sent.reported(), sent.reported("unsent")], LATER)
    with pen_scope(harbour.pen):
        assert (Mail.objects.count(), Addressee.objects.count(), Shown.objects.count()) == (1, 1, 1)
        assert Mail.objects.get().outcome == "used"


@pytest.mark.parametrize("outcome", ["untouched", "unsent"])
def test_what_did_not_leave_was_not_used(harbour, outcome):
    sent = Sent(harbour, NOON)
    take([sent.addressed(), sent.reported(outcome)], LATER)
    with pen_scope(harbour.pen):
        assert (Mail.objects.get().outcome, Shown.objects.get().used) == (outcome, False)


def test_a_candidate_that_was_not_used_is_told_from_one_that_was(harbour):
    sent = Sent(harbour, NOON)
    other = Offer("mmmmmmmm", "", ids.outside("template", harbour.template.pk), b"abcdef")
    sent.copies = (AddressedCopy(1, ("jane@example.com",), False, (*sent.copies[0].offers, other)),)
    take([sent.addressed(), sent.reported()], LATER)
    with pen_scope(harbour.pen):
        used = {row.mark: (row.used, row.campaign is None, row.content) for row in Shown.objects.all()}
    assert used[sent.mark][:2] == (True, False)
    assert used["mmmmmmmm"] == (False, True, b"abcdef".hex())


def test_what_the_holdout_kept_back_is_a_row_without_a_content(harbour):
    sent = Sent(harbour, NOON)
    sent.copies = (AddressedCopy(1, ("jane@example.com",), True, ()),)
    take([sent.addressed(held=(sent.campaign,)), sent.reported(used=())], LATER)
    with pen_scope(harbour.pen):
        row = Shown.objects.get()
        assert (row.campaign, row.held, row.content, row.used) == (harbour.campaign.pk, True, "", None)
        assert Mail.objects.get().unnamed


def test_each_copy_is_a_mail_of_its_own(harbour):
    sent = Sent(harbour, NOON)
    offers = sent.copies[0].offers
    sent.copies = (
        AddressedCopy(2, ("jane@example.com", "joe@example.com"), False, offers),
        AddressedCopy(1, ("ann@example.org",), False, offers),
    )
    take([sent.clicked(LATER, copy=1), sent.addressed()], LATER)
    with pen_scope(harbour.pen):
        hit = Hit.objects.get()
        assert [row.address for row in hit.mail.addressees.all()] == ["ann@example.org"]
        assert sorted(Mail.objects.values_list("copy", "people")) == [(0, 2), (1, 1)]


def test_a_senders_link_is_joined_by_its_code_and_one_that_was_deleted_is_forgotten(harbour):
    with pen_scope(harbour.pen):
        link = Link.objects.create(code="0a" * 12, target="https://harbourdental.example/price-list")
    pen = harbour.pen.outside_id
    tokens = [b"\x02abcd" + code + b"t" * 10 for code in (bytes.fromhex("0a" * 12), b"gone" * 3)]
    take([clicked(pen, token, NOON) for token in tokens], LATER)
    with pen_scope(harbour.pen):
        hit = Hit.objects.get()
        assert (hit.link_id, hit.target, hit.mail_id) == (link.pk, link.target, None)


def test_lost_clicks_are_kept(harbour):
    take([Lost(harbour.pen.outside_id, 1_700_000_000_000, 12)], LATER)
    with pen_scope(harbour.pen):
        assert LostClicks.objects.get().clicks == 12


def test_what_is_of_no_pen_or_says_nothing_is_passed_over(harbour, other):
    sent = Sent(harbour, NOON)
    nobody = ids.outside("pen", new_id())
    take(
        [
            clicked(nobody, sent.token(), NOON),
            clicked("acme", sent.token(), NOON),
            clicked(sent.pen, b"\x07short", NOON),
            Remembered(sent.pen, b"\x90"),
            Clicked(other.outside_id, sent.token(), 5, "GET", "", "", {}),
        ],
        LATER,
    )
    with pen_scope(harbour.pen):
        assert not Hit.objects.exists()
    with pen_scope(other):  # a token of one PEN told under another's name joins nothing of the first
        assert Hit.objects.get().mail_id is None


def test_a_campaign_and_a_member_that_are_gone_leave_the_mail(harbour):
    sent = Sent(harbour, NOON)
    sent.sender = ids.outside("member", new_id())
    take([sent.addressed()], LATER)
    with pen_scope(harbour.pen):
        assert Mail.objects.get().sender_id is None


def test_many_records_cost_few_queries(harbour, django_assert_max_num_queries):
    mails = [Sent(harbour, NOON + timedelta(seconds=n)) for n in range(300)]
    told = [one.addressed() for one in mails] + [one.reported() for one in mails]
    told += [one.clicked(LATER, number=0) for one in mails]
    with django_assert_max_num_queries(60):
        take(told, LATER)
    with pen_scope(harbour.pen):
        assert Hit.objects.exclude(mail=None).count() == Mail.objects.filter(outcome="used").count() == 300


def test_ids_say_when_and_no_clock_is_too_wrong():
    assert id_at(1_700_000_000_000).int >> 80 == 1_700_000_000_000
    assert moment(10**18) == moment(-5) == datetime(1970, 1, 1, tzinfo=UTC)
    assert id_at(10**18) and id_at(-5)
