"""Whether pictures travel inside mails: chosen on the settings page, told, published, and kept in a company's file."""

from __future__ import annotations

import pytest
from django.urls import reverse

from stationer import pick
from stationer.compose import digest_of
from stationer.portal.access.roll import folder
from stationer.portal.content.exporting import company_of
from stationer.portal.content.models import Asset, Template
from stationer.portal.content.pictures import blobs, keep_picture
from stationer.portal.content.showing import pressed
from stationer.portal.publishing.changes import changes
from stationer.portal.publishing.defining import NotReady, define
from stationer.portal.publishing.publish import publish
from stationer.portal.publishing.telling import told
from stationer.wire.source import Source
from tests.portal.pictures import png

pytestmark = pytest.mark.django_db(transaction=True)
LETTERHEAD = {"shape": "letterhead", "values": {"picture": "logo"}, "text": ""}


def letterhead(data: bytes = b"") -> None:
    keep_picture(data or png(320, 96), name="logo")
    keep_picture(png(5, 5), name="not shown")
    Template.objects.create(name="House", fallback=True, parts={"new": {"top": LETTERHEAD}})


def embed(pen):
    pen.pictures = "embedded"
    pen.full_clean()
    pen.save()


def published(pen) -> pick.Compiled:
    publish(pen, None)
    data = (folder(pen.pk) / "snapshot.stn").read_bytes()
    found = pick.unpack(data, kind="snapshot", public_key=None).payload
    assert isinstance(found, pick.Compiled)
    return found


def test_what_is_published_brings_the_octets_when_it_is_chosen(in_acme):
    letterhead()
    before = published(in_acme)
    assert before.pictures == {} and before.management.pictures == "linked"
    embed(in_acme)
    after = published(in_acme)
    assert {d: o.data for d, o in after.pictures.items()} == {digest_of(png(320, 96)): png(320, 96)}
    (content,) = after.contents.values()
    assert content.called[0].url in str(next(iter(before.contents.values())).html), (
        "the link it falls back to"
    )


def test_a_picture_whose_file_is_missing_is_linked(in_acme):
    letterhead()
    embed(in_acme)
    for name in list(blobs().names("pictures")):
        blobs().delete(name)
    found = published(in_acme)
    assert found.pictures == {} and "/a/" in str(next(iter(found.contents.values())).html)


def test_too_large_for_inside_is_told_while_writing_and_when_publishing(in_acme):
    data = png(320, 96)
    letterhead(data[:-12] + b"\0\x09\x27\xc0tEXt" + b"x" * 600_000 + b"\0\0\0\0" + data[-12:])
    source = Source(**LETTERHEAD)
    assert pressed(source, "template", "top", in_acme, Asset.objects.all()).problems == ()
    embed(in_acme)
    assert (
        "inside a mail a block brings at most 500"
        in pressed(source, "template", "top", in_acme, Asset.objects.all()).problems[0].what
    )
    with pytest.raises(NotReady) as caught:
        define(in_acme)
    (trouble,) = caught.value.troubles
    assert (trouble.kind, trouble.name) == ("template", "House") and "linked" in trouble.next


def test_the_choice_is_told_before_publishing(in_acme):
    letterhead()
    publish(in_acme, None)
    assert changes(in_acme) == []
    embed(in_acme)
    (change,) = changes(in_acme)
    (line,) = told(change, in_acme.zone).lines
    assert (line.about, line.before, line.after) == (
        "Pictures in mails",
        "fetched when the mail is opened",
        "inside each mail",
    )


def test_a_companys_file_says_it(acme):
    embed(acme)
    assert company_of(acme)[0]["management"]["pictures"] == "embedded"


def test_a_partner_that_has_settled_it_is_obeyed(in_acme):
    in_acme.inherited = {"management": {"pictures": "embedded"}, "locks": ["pictures"]}
    in_acme.save()
    assert in_acme.management().pictures == "embedded"
    letterhead()
    assert len(published(in_acme).pictures) == 1


def choose(client, pictures):
    return client.post(reverse("house-rules") + "?edit=pictures", {"pictures": pictures})


def test_the_page_offers_it_in_words_and_keeps_it(owner, harbour):
    page = owner.get(reverse("house-rules") + "?edit=pictures").content.decode()
    assert "Pictures in mails are" in page and "Inside: everybody sees them at once" in page
    assert choose(owner, "embedded").status_code == 302
    harbour.pen.refresh_from_db()
    assert harbour.pen.pictures == "embedded"
    assert choose(owner, "somehow").status_code == 200
    harbour.pen.refresh_from_db()
    assert harbour.pen.pictures == "embedded"


def test_the_page_says_when_a_partner_has_settled_it(owner, harbour):
    harbour.pen.inherited = {"management": {"pictures": "embedded"}, "locks": ["pictures"]}
    harbour.pen.save()
    page = owner.get(reverse("house-rules")).content.decode()
    assert "set by your partner" in page
    choose(owner, "linked")
    harbour.pen.refresh_from_db()
    assert harbour.pen.management().pictures == "embedded" and harbour.pen.pictures == "linked"
