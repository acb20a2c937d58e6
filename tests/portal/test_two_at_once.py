"""Two people at one thing: each part, rule and name by itself; nobody's words are overwritten unseen."""

from __future__ import annotations

import re
import threading

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from stationer.portal.access.accounts import give_access
from stationer.portal.content.models import Campaign, Message, Template
from stationer.portal.people.scope import pen_scope

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
GUARD = re.compile(r'name="(version|tab)"[^>]*?value="([^"]*)"')
INSIST = re.compile(r'name="insist" value="([^"]*)"')
REFUSED = "This is not saved yet."


def guard(answer) -> dict[str, str]:
    """What a page sends back of the guard: the version that it shows and its own token."""
    return dict(GUARD.findall(answer.content.decode()))


@pytest.fixture
def morwenna(harbour):
    """A second owner, in a browser of her own."""
    with pen_scope(harbour.pen):
        account = give_access("morwenna@harbourdental.example", role="owner").account
    client = Client()
    client.force_login(account)
    return client


@pytest.fixture
def words(harbour):
    """The address of the message's editor."""
    return reverse("message", args=[harbour.message.outside_id])


def said(headline, **more):
    return {"name": "Straighter teeth", "v_headline": headline, "v_colour": "#0e6e73", "twin": "", **more}


def headline(harbour):
    with pen_scope(harbour.pen):
        return Message.objects.get(pk=harbour.message.pk).source["values"].get("headline")


def part_url(harbour, part):
    return reverse("template-part", args=[harbour.template.outside_id, part])


def written(harbour, slot, variant="new"):
    with pen_scope(harbour.pen):
        return Template.objects.get(pk=harbour.template.pk).parts.get(variant, {}).get(slot)


def test_after_a_refusal_plain_saves_are_refused_until_somebody_says_keep_mine(
    owner, morwenna, harbour, words
):
    mine = guard(owner.get(words))
    morwenna.post(words, said("Hers", **guard(morwenna.get(words))))
    page = owner.post(words, said("His", **mine))
    assert REFUSED in page.content.decode() and "His" in page.content.decode()
    again = guard(page)
    assert again == mine
    assert REFUSED in owner.post(words, said("His", **again), headers=HTMX).content.decode()
    assert REFUSED in owner.post(words, said("His", **again)).content.decode()
    assert headline(harbour) == "Hers"
    insist = INSIST.search(page.content.decode())[1]
    assert owner.post(words, said("His", **again, insist=insist)).status_code == 302
    assert headline(harbour) == "His"


def test_keep_mine_is_said_of_the_words_that_were_shown_and_of_no_later_ones(owner, morwenna, harbour, words):
    mine, hers = guard(owner.get(words)), guard(morwenna.get(words))
    morwenna.post(words, said("Hers", **hers))
    insist = INSIST.search(owner.post(words, said("His", **mine)).content.decode())[1]
    morwenna.post(words, said("Hers, later", **guard(morwenna.get(words))))
    assert REFUSED in owner.post(words, said("His", **mine, insist=insist)).content.decode()
    assert headline(harbour) == "Hers, later"


def test_having_changed_the_row_last_on_another_page_is_no_leave_to_overwrite(
    owner, morwenna, harbour, words
):
    mine = guard(owner.get(words))
    morwenna.post(words, said("Hers", **guard(morwenna.get(words))))
    place = reverse("campaign", args=[harbour.campaign.outside_id]) + "?edit=slot"
    owner.post(place, {"slot": "footer", "variants": ["new"], **guard(owner.get(place))})
    answer = owner.post(words, said("His", **mine), headers=HTMX).content.decode()
    assert REFUSED in answer and "You changed it yourself on another page" in answer
    assert headline(harbour) == "Hers"


def test_two_pages_of_one_person_do_not_overwrite_each_other_and_one_page_never_stands_in_its_own_way(
    owner, harbour, words
):
    one, two = guard(owner.get(words)), guard(owner.get(words))
    assert REFUSED not in owner.post(words, said("One", **one), headers=HTMX).content.decode()
    # its next save left before the answer came: it still says the version of the load
    assert REFUSED not in owner.post(words, said("One, more", **one), headers=HTMX).content.decode()
    assert REFUSED in owner.post(words, said("Two", **two), headers=HTMX).content.decode()
    assert headline(harbour) == "One, more"


def test_moving_a_message_is_no_change_of_its_words(owner, morwenna, harbour, words):
    mine = guard(owner.get(words))
    place = reverse("campaign", args=[harbour.campaign.outside_id]) + "?edit=slot"
    morwenna.post(place, {"slot": "footer", "variants": ["new"], **guard(morwenna.get(place))})
    assert REFUSED not in owner.post(words, said("His", **mine), headers=HTMX).content.decode()
    with pen_scope(harbour.pen):
        row = Message.objects.get(pk=harbour.message.pk)
    assert (row.slot, row.variants, headline(harbour)) == ("footer", ["new"], "His")


def test_different_parts_of_a_template_are_written_side_by_side(owner, morwenna, harbour):
    signature, disclaimer = part_url(harbour, "signature"), part_url(harbour, "disclaimer")
    owner.post(disclaimer, {"begin": "1", "shape": "footer"})
    mine, hers = guard(owner.get(signature)), guard(morwenna.get(disclaimer))
    assert (
        REFUSED
        not in morwenna.post(
            disclaimer, {"v_package": "", "twin": "Her small print", **hers}, headers=HTMX
        ).content.decode()
    )
    answer = owner.post(
        signature, {"v_lines": "His line", "twin": "His twin", **mine}, headers=HTMX
    ).content.decode()
    assert REFUSED not in answer
    assert written(harbour, "signature")["text"] == "His twin"
    assert "Her small print" in str(written(harbour, "footer"))


def test_a_part_is_not_taken_out_with_what_somebody_else_wrote_in_it_meanwhile(owner, morwenna, harbour):
    url = part_url(harbour, "signature")
    mine = guard(owner.get(url))
    morwenna.post(url, {"v_lines": "Hers", "twin": "Hers", **guard(morwenna.get(url))})
    kept = owner.post(url, {"remove": "1", **mine}, follow=True)
    assert "Nothing was taken out" in kept.content.decode()
    assert written(harbour, "signature")["text"] == "Hers"
    owner.post(url, {"remove": "1", **guard(owner.get(url))})
    assert written(harbour, "signature") is None


def test_the_gallery_does_not_replace_what_was_written_meanwhile(owner, morwenna, harbour, words):
    mine = guard(owner.get(f"{words}?choose=1"))
    morwenna.post(words, said("Hers", **guard(morwenna.get(words))))
    page = owner.post(words, {"begin": "1", "shape": "note", **mine}, follow=True)
    assert "Somebody changed this after you opened the gallery." in page.content.decode()
    assert headline(harbour) == "Hers"


@pytest.mark.parametrize("blank", ["who", "to"])
def test_a_blank_that_somebody_else_filled_in_meanwhile_is_asked_about(owner, morwenna, harbour, blank):
    url = reverse("campaign", args=[harbour.campaign.outside_id]) + f"?edit={blank}"
    fields = {
        "who": ({"addresses": "hers@example.com"}, {"addresses": "his@example.com"}),
        "to": ({"side": "outside", "match": "any"}, {"side": "inside", "match": "any"}),
    }
    hers, his = fields[blank]
    mine = guard(owner.get(url))
    assert morwenna.post(url, hers | guard(morwenna.get(url))).status_code == 302
    page = owner.post(url, his | mine)
    assert page.status_code == 200 and REFUSED in page.content.decode()
    assert guard(page) == mine
    insist = INSIST.search(page.content.decode())[1]
    assert owner.post(url, his | mine | {"insist": insist}).status_code == 302


def test_different_blanks_of_one_rule_are_filled_in_side_by_side(owner, morwenna, harbour):
    url = reverse("campaign", args=[harbour.campaign.outside_id])
    mine = guard(owner.get(f"{url}?edit=who"))
    hers = guard(morwenna.get(f"{url}?edit=to"))
    assert morwenna.post(f"{url}?edit=to", {"side": "inside", "match": "any", **hers}).status_code == 302
    assert owner.post(f"{url}?edit=who", {"addresses": "his@example.com", **mine}).status_code == 302
    with pen_scope(harbour.pen):
        rule = Campaign.objects.get(pk=harbour.campaign.pk).wire_rule()
    assert rule.to.side == "inside" and rule.senders.addresses == ("his@example.com",)


@pytest.mark.parametrize("kind", ["template", "campaign"])
def test_a_name_that_somebody_else_changed_meanwhile_is_asked_about(owner, morwenna, harbour, kind):
    row = getattr(harbour, kind)
    url = reverse(f"{kind}-name", args=[row.outside_id])
    fields = {"priority": "0"} | ({"fallback": "on"} if getattr(row, "fallback", False) else {})
    mine = guard(owner.get(url))
    morwenna.post(url, fields | {"name": "Hers"} | guard(morwenna.get(url)))
    page = owner.post(url, fields | {"name": "His"} | mine)
    assert REFUSED in page.content.decode()
    with pen_scope(harbour.pen):
        assert type(row).objects.get(pk=row.pk).name == "Hers"


@pytest.mark.django_db(transaction=True)
def test_saves_of_different_parts_at_the_same_moment_are_both_kept(harbour):
    lost = [turn for turn in range(6) if not _both_kept(harbour, f"turn {turn}")]
    assert lost == []


def _both_kept(harbour, text):
    """Two browsers save two parts at once."""
    ready, wrong = threading.Barrier(2), []

    def save(part):
        try:
            client = Client()
            client.force_login(harbour.alice.account)
            ready.wait(30)

            answer = client.post(part_url(harbour, part), {"v_lines": "x", "twin": text}, headers=HTMX)
            wrong.extend([] if answer.status_code in (200, 302) else [answer.status_code])
        finally:
            connection.close()

    hands = [threading.Thread(target=save, args=[part]) for part in ("signature", "short-signature")]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join(60)
    assert wrong == []
    parts = (written(harbour, "signature"), written(harbour, "signature", "reply"))
    return [one and one["text"] for one in parts] == [text, text]
