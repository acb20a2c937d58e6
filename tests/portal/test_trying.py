"""Try a mail: the mail that is shown is the mail that would leave, and the words say what the pick decided."""

from __future__ import annotations

import html
from email import message_from_bytes, policy

import msgspec
import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import translation
from trials.browser.harbour import OPEN_EVENING

from stationer import pick, stamp
from stationer.pick.reasons import Stage
from stationer.portal.content.letter import document
from stationer.portal.content.models import Campaign, Message
from stationer.portal.delivery.models import Outgoing, Recipient
from stationer.portal.people.scope import pen_scope
from stationer.portal.publishing import trying
from stationer.portal.publishing.changes import drafts, last_publication
from stationer.portal.publishing.explaining import STAGES, WORDS, explained
from stationer.portal.publishing.specimen import Letter, written
from stationer.wire.words import VARIANTS

pytestmark = pytest.mark.django_db
NOON = 1_763_553_600_000
ASKED = {
    "sender": "alice@harbourdental.example",
    "to": "carol@out.example",
    "variant": "new",
    "source": "drafts",
}


@pytest.fixture
def harbour(harbour):
    Outgoing.objects.all().delete()  # what furnishing had to tell
    return harbour


@pytest.fixture
def owner(client, harbour):
    cache.clear()
    client.force_login(harbour.alice.account)
    return client


@pytest.fixture
def relay(portal, settings):
    """A relay is set; the worker would hand mail over to it."""
    one = msgspec.structs.replace(portal.relay, host="relay.example", sender="post@harbourdental.example")
    settings.PORTAL = msgspec.structs.replace(portal, relay=one)


def ask(harbour, source, **more):
    with pen_scope(harbour.pen):
        said = {"sender": harbour.alice.member, "to": ("carol@out.example",), "at": NOON, "variant": "new"}
        found = (
            trying.in_force(last_publication())
            if source == "force"
            else trying.of_drafts(harbour.pen, drafts(harbour.pen))
        )
        return trying.tried(harbour.pen, trying.Asked(**said | more), found)


def test_drafts_as_published_make_the_mail_that_is_in_force(harbour):
    with pen_scope(harbour.pen):
        Campaign.objects.filter(pk=harbour.campaign.pk).update(
            rule={"to": {"side": "outside"}}, utm={"source": "e"}
        )
        from stationer.portal.publishing.publish import publish

        publish(harbour.pen, None)
    for variant in VARIANTS:
        old, new = (ask(harbour, source, variant=variant) for source in ("force", "drafts"))
        shown = [[(b.slot, b.html, b.text) for copy in one.copies for b in copy.blocks] for one in (old, new)]
        assert shown[0] == shown[1] and shown[0], variant
        assert "?utm_source=e" in shown[0][1][1] if variant == "new" else True
        assert [(v.id, v.stage) for v in old.explanation.verdicts] == [
            (v.id, v.stage) for v in new.explanation.verdicts
        ]


@pytest.mark.parametrize("language", ["en-gb", "de"])
@pytest.mark.parametrize("variant", ["reply", "forward"])
def test_in_a_reply_ours_stands_above_the_quote(language, variant):
    with translation.override(language):
        mail = written(
            Letter("Alice Penrose", "alice@harbourdental.example", ("carol@out.example",), variant)
        )
    block = stamp.Block("signature", "<p>OURS</p>", "OURS")
    result = stamp.stamp(mail, stamp.Order("try", (block,)))
    assert isinstance(result, stamp.Stamped)
    for text in (trying.text_of(result.bytes()), trying.html_of(result.bytes())):
        place = [text.index(words) for words in ("Alice", "OURS", "Carol Whitfield")]
        assert place == sorted(place)


def test_the_page_shows_the_mail_in_five_views_and_says_why(owner, harbour):
    with pen_scope(harbour.pen):
        Campaign.objects.filter(pk=harbour.campaign.pk).update(rule={"to": {"side": "outside"}}, priority=3)
    page = owner.get(reverse("try"), ASKED).content.decode()
    assert "Alice Penrose writes to one person outside." in page
    assert "It suits this mail, and nothing in its place comes before it." in page
    assert "It is for every mail that no other template suits." in page
    assert page.count("<iframe") == 5
    seen = {}
    for view in ("html", "text", "dark", "narrow", "bare"):
        answer = owner.get(reverse("try-mail"), ASKED | {"view": view})
        assert answer.status_code == 200 and "sandbox" in answer["Content-Security-Policy"]
        seen[view] = answer.content.decode()
    assert OPEN_EVENING["headline"] in seen["html"] and "<html" in seen["html"]
    assert html.escape(OPEN_EVENING["headline"]) in seen["text"] and "invert" in seen["dark"]
    assert (
        owner.get(reverse("try-mail"), ASKED | {"view": "bare"})["Content-Security-Policy"].count(
            "img-src 'none'"
        )
        == 1
    )
    assert owner.get(reverse("try-mail"), ASKED | {"view": "other"}).status_code == 404


def test_what_cannot_be_tried_is_said(owner, harbour):
    wrong = owner.get(
        reverse("try"), ASKED | {"sender": "nobody@x.example", "to": "no address"}
    ).content.decode()
    assert "Nobody in the company has this address." in wrong and "<iframe" not in wrong
    with pen_scope(harbour.pen):
        Campaign.objects.filter(pk=harbour.campaign.pk).update(
            rule={"when": {"not_on": ["No such calendar"]}}
        )
    broken = owner.get(reverse("try"), ASKED).content.decode()
    assert "The drafts cannot be tried while something must be mended first." in broken
    assert "<iframe" in owner.get(reverse("try"), ASKED | {"source": "force"}).content.decode()


def test_a_draft_never_reaches_what_is_in_force(owner, harbour):
    with pen_scope(harbour.pen):
        Campaign.objects.filter(pk=harbour.campaign.pk).update(rule={"to": {"side": "outside"}})
        source = {"shape": "note", "values": {"words": "NOT YET"}}
        Message.objects.filter(pk=harbour.message.pk).update(source=source)
    assert "NOT YET" in owner.get(reverse("try-mail"), ASKED | {"view": "text"}).content.decode()
    force = ASKED | {"view": "text", "source": "force"}
    assert "NOT YET" not in owner.get(reverse("try-mail"), force).content.decode()


def test_send_it_to_me_sends_the_stamped_mail_to_me_and_nobody_else(owner, harbour, relay):
    said = ASKED | {"query": "", "copy": "0", "recipients": "victim@x.example"}
    page = owner.post(reverse("try-send"), said, follow=True).content.decode()
    assert "It is on its way to alice@harbourdental.example." in page
    mail = message_from_bytes(bytes(Outgoing.objects.get().mail), policy=policy.default)
    assert [row.address for row in Recipient.objects.all()] == ["alice@harbourdental.example"]
    assert mail["To"] == "alice@harbourdental.example" and "post@harbourdental.example" in mail["From"]
    assert "Practice manager" in mail.get_body(("html",)).get_content()
    assert mail["Stationer-Stamp"]


def test_ten_mails_an_hour_are_enough(owner, harbour, relay):
    said = ASKED | {"query": "", "copy": "0"}
    for _ in range(11):
        last = owner.post(reverse("try-send"), said, follow=True).content.decode()
    assert Outgoing.objects.count() == 10
    assert "That was 10 mails within an hour. Wait a little." in last


def test_without_a_relay_nothing_is_queued(owner, harbour):
    owner.post(reverse("try-send"), ASKED | {"query": "", "copy": "0"})
    assert not Outgoing.objects.exists()


def test_every_test_of_the_pick_has_its_words():
    from typing import get_args

    stages = set(get_args(Stage)) - {"taken"}
    assert set(WORDS) == stages == set(STAGES)


def test_the_sentences_follow_the_picks_verdicts(harbour):
    with pen_scope(harbour.pen):
        for name, rule in {
            "inside": {"to": {"side": "inside"}}, "sales": {"senders": {"addresses": ["bob@harbourdental.example"]}},
            "past": {"when": {"ends": "2020-01-01"}}, "domain": {"to": {"domains": ["never.example"]}},
            "but": {"except_to": {"domains": ["out.example"]}},
        }.items():  # fmt: skip
            row = Campaign.objects.create(name=name, rule=rule, state="live")
            Message.objects.create(campaign=row, name=name, source=harbour.message.source)
    found = ask(harbour, "drafts")
    said = {one.name: one for one in explained(found.explanation, found.compiled, 0)}
    stages = {name: said[name].stage for name in ("inside", "sales", "past", "domain", "but")}
    assert stages == {
        "inside": "side",
        "sales": "sender",
        "past": "time",
        "domain": "recipients",
        "but": "except-recipients",
    }
    assert said["inside"].why == "It is for mail to anyone inside; this mail goes elsewhere."
    assert (
        said["sales"].why == "It is for mail from bob@harbourdental.example; this sender is not one of them."
    )
    assert isinstance(found.explanation, pick.Explanation)


def test_each_copy_of_a_mail_to_two_audiences_is_shown(owner, harbour):
    harbour.pen.mixed = "copies"
    harbour.pen.save()
    with pen_scope(harbour.pen):
        Campaign.objects.filter(pk=harbour.campaign.pk).update(rule={"to": {"side": "outside"}})
    both = ASKED | {"to": "carol@out.example\nbob@harbourdental.example"}
    page = owner.get(reverse("try"), both).content.decode()
    assert "This mail leaves in 2 copies." in page
    mails = [
        owner.get(reverse("try-mail"), both | {"copy": n, "view": "text"}).content.decode() for n in (0, 1)
    ]
    assert [html.escape(OPEN_EVENING["headline"]) in mail for mail in mails] == [True, False]


@pytest.mark.parametrize("address", ["foo", "a..b@harbourdental.example", "@", "alice@", "ä@b@c"])
def test_a_sender_that_is_no_address_is_nobody_in_the_company(owner, harbour, address):
    said = {"sender": address, "to": "carol@example.org", "variant": "new", "source": "drafts"}
    answer = owner.get(reverse("try"), said)
    assert answer.status_code == 200
    assert "Nobody in the company has this address." in answer.content.decode()


def test_the_example_letter_is_signed_with_the_whole_name(harbour):
    letter = Letter("Dr Bob Hendry", "bob@harbourdental.example", ("carol@example.org",), "new")
    assert b"Kind regards\r\nDr Bob Hendry" in written(letter)
    page = document("new", name="Dr Bob Hendry", address="bob@harbourdental.example", blocks=[])
    assert "Kind regards<br>Dr Bob Hendry" in page
