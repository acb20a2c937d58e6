"""What people may say of themselves: portraits, details of a kind, proposals and who decides them, packages."""

from __future__ import annotations

import io

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from stationer.portal.access.accounts import give_access
from stationer.portal.access.roll import person
from stationer.portal.audit.models import Entry
from stationer.portal.content.pictures import blobs
from stationer.portal.delivery.models import Outgoing, Recipient
from stationer.portal.people import proposals
from stationer.portal.people.attributes import proper
from stationer.portal.people.members import add_member
from stationer.portal.people.models import Attribute, Group, Member, Package, Proposal
from stationer.portal.people.photos import MOST_BYTES, SIDE, square
from stationer.portal.people.reaching import reaches
from stationer.portal.people.scope import pen_scope

pytestmark = pytest.mark.django_db


def photo(width=640, height=480, form="JPEG", mode="RGB", **more):
    out = io.BytesIO()
    Image.new(mode, (width, height), "teal").save(out, form, **more)
    return out.getvalue()


def sent(data, name="me.jpg"):
    return {"photo": SimpleUploadedFile(name, data)}


@pytest.fixture
def bob(acme):
    """A member of ACME who can sign in."""
    with pen_scope(acme):
        add_member("bob@acme.example", attributes={"name": "Bob", "title": "Clerk", "phone": "+44 1632 1"})
        return give_access("bob@acme.example")


@pytest.fixture
def as_bob(client, bob):
    client.force_login(bob.account)
    return client


def may(acme, **said):
    with pen_scope(acme):
        for name, editing in said.items():
            Attribute.objects.create(name=name, kind="text", editing=editing)


def now(acme, address="bob@acme.example"):
    with pen_scope(acme):
        return Member.objects.get(address=address).attributes


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "GIF"])
@pytest.mark.parametrize("size", [(640, 480), (480, 1200), (200, 200)])
def test_a_photo_becomes_a_small_square_whatever_it_was(form, size):
    data = photo(*size, form=form)
    made = Image.open(io.BytesIO(square(io.BytesIO(data), len(data))))
    assert (made.format, made.size) == ("JPEG", (min(SIDE, *size),) * 2)


def test_a_photo_is_turned_upright_and_keeps_nothing_of_what_the_camera_wrote():
    picture = Image.new("RGB", (600, 300), "white")
    picture.paste("red", (0, 0, 300, 300))
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "Camera"  # turned a quarter; who made it
    out = io.BytesIO()
    picture.save(out, "JPEG", exif=exif)
    made = Image.open(io.BytesIO(square(io.BytesIO(out.getvalue()), len(out.getvalue()))))
    assert not made.getexif()
    assert made.getpixel((SIDE // 2, 4))[1] < 80, "red is on top"


def test_what_is_see_through_becomes_white():
    data = photo(form="PNG", mode="RGBA")
    picture = Image.new("RGBA", (200, 200), (0, 0, 0, 0))
    out = io.BytesIO()
    picture.save(out, "PNG")
    assert Image.open(io.BytesIO(square(io.BytesIO(out.getvalue()), 1))).getpixel((5, 5)) == (255, 255, 255)
    assert square(io.BytesIO(data), len(data))


@pytest.mark.parametrize(
    ("data", "code", "word"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "kind", "SVG"),
        (b"<?xml version='1.0'?><svg/>", "kind", "SVG"),
        (b"\x00\x00\x00\x18ftypheic", "kind", "HEIC"),
        (b"MZ not a picture", "kind", "JPEG"),
        (photo()[:400], "damaged", "damaged"),
        (photo(form="PNG")[:200], "damaged", "damaged"),
        (photo(60, 60), "small", "60"),
        (b"", "kind", "JPEG"),
    ],
)  # fmt: skip
def test_what_is_no_good_photo_gets_a_sentence(data, code, word):
    with pytest.raises(ValidationError) as refused:
        square(io.BytesIO(data), len(data))
    assert refused.value.code == code
    assert word in refused.value.messages[0]


def test_a_huge_file_is_refused_by_its_size_before_it_is_read():
    with pytest.raises(ValidationError) as refused:
        square(io.BytesIO(b""), 100 * 1024 * 1024)
    assert refused.value.code == "large" and "100 MB" in refused.value.messages[0]
    assert MOST_BYTES < 100 * 1024 * 1024


def test_a_picture_of_too_many_points_is_refused_by_its_head():
    data = photo(9000, 9000, form="PNG", mode="1")
    with pytest.raises(ValidationError) as refused:
        square(io.BytesIO(data), len(data))
    assert refused.value.code == "pixels"


def test_the_office_gives_someone_a_portrait_which_their_mail_shows_and_takes_it_away(signed_in, acme, bob):
    url = reverse("member-photo", args=[bob.member.outside_id])
    assert signed_in.post(url, sent(photo())).status_code == 302
    address = now(acme)["photo"]
    path = address[address.index("/a/") :]
    served = signed_in.get(path)
    assert served["Content-Type"] == "image/jpeg"
    page = signed_in.get(reverse("member", args=[bob.member.outside_id])).content.decode()
    assert f'<img class="portrait" src="{path}"' in page
    with pen_scope(acme):
        assert person(Member.objects.get(pk=bob.member.pk)).attributes["photo"] == address
    signed_in.post(url, {"remove": "1"})
    assert "photo" not in now(acme)


def test_a_drawing_with_a_script_is_refused_on_the_page_and_nothing_is_kept(signed_in, acme, bob):
    url = reverse("member-photo", args=[bob.member.outside_id])
    before = list(blobs().names())
    answer = signed_in.post(url, sent(b"<svg><script>alert(1)</script></svg>", "me.svg"), follow=True)
    assert "This is a drawing (SVG), which can carry programs." in answer.content.decode()
    assert "photo" not in now(acme) and list(blobs().names()) == before


def test_saving_the_form_of_a_person_keeps_their_portrait_and_what_the_form_does_not_offer(
    signed_in, acme, bob
):
    signed_in.post(reverse("member-photo", args=[bob.member.outside_id]), sent(photo()))
    url = reverse("member", args=[bob.member.outside_id])
    with pen_scope(acme):
        package = bob.member.package.outside_id
    signed_in.post(url, {"address": "bob@acme.example", "a_name": "Bob H", "package": package})
    assert now(acme)["name"] == "Bob H" and "photo" in now(acme)


@pytest.mark.parametrize(
    ("kind", "value", "kept"),
    [
        ("phone", " +49 (0)30 / 12-34 ", "+49 (0)30 / 12-34"),
        ("phone", "01632 960 100 ext. 4", "01632 960 100 ext. 4"),
        ("phone", "(030) 1234", "(030) 1234"),
        ("phone", "call me", None),
        ("phone", "<b>123</b>", None),
        ("link", "acme.example/bob", "https://acme.example/bob"),
        ("link", "http://acme.example", "http://acme.example"),
        ("link", "javascript:alert(1)", None),
        ("link", "javascript://acme.example/%0aalert(1)", None),
        ("link", "not a link", None),
        ("choice", "bonn", "Bonn"),
        ("choice", "Rome", None),
    ],
)
def test_a_detail_is_what_it_is_said_to_be(kind, value, kept):
    one = Attribute(name="x", kind=kind, choices=["Berlin", "Bonn"])
    if kept is None:
        with pytest.raises(ValidationError):
            proper(one, value)
    else:
        assert proper(one, value) == kept


def test_a_member_changes_at_once_what_everyone_may_and_nothing_else(as_bob, acme):
    may(acme, mobile="self")
    as_bob.post(reverse("own-details"), {"a_mobile": "+44 7700 900", "a_title": "King", "a_name": "King"})
    assert now(acme) == {"name": "Bob", "title": "Clerk", "phone": "+44 1632 1", "mobile": "+44 7700 900"}


def test_a_member_for_whom_nothing_is_open_finds_no_form_and_no_address(as_bob, acme):
    assert as_bob.post(reverse("own-details"), {"a_title": "King"}).status_code == 404
    assert as_bob.post(reverse("own-photo"), sent(photo())).status_code == 404
    assert "own-details" not in as_bob.get("/myself/").content.decode()
    assert now(acme)["title"] == "Clerk"


def test_a_package_decides_whether_its_people_change_their_details(as_bob, acme):
    may(acme, title="self")
    with pen_scope(acme):
        Package.objects.update(rights=["enrol"])
    assert as_bob.post(reverse("own-details"), {"a_title": "King"}).status_code == 404


def test_a_proposal_is_told_to_those_who_decide_seen_old_beside_new_and_agreed_in_one_click(
    client, acme, alice, bob
):
    may(acme, title="asked")
    client.force_login(bob.account)
    page = client.post(reverse("own-details"), {"a_title": "Director"}, follow=True).content.decode()
    assert "Proposed." in page and "waits for agreement" in page
    assert now(acme)["title"] == "Clerk"
    mail = Recipient.objects.get(address="alice@acme.example").outgoing
    assert b"Bob would like their details changed" in bytes(mail.mail) and b"/people/changes/" in bytes(
        mail.mail
    )
    client.force_login(alice.account)
    assert "1 change waits for you" in client.get("/people/").content.decode()
    page = client.get(reverse("proposals")).content.decode()
    assert "Clerk" in page and "Director" in page
    with pen_scope(acme):
        row = Proposal.objects.get()
    url = reverse("decide-proposal", args=[row.outside_id])
    client.post(url, {"do": "agree"})
    assert now(acme)["title"] == "Director"
    told = Recipient.objects.get(address="bob@acme.example").outgoing
    assert b"Your details are changed" in bytes(told.mail)
    again = client.post(url, {"do": "decline"}, follow=True).content.decode()
    assert "already" in again and now(acme)["title"] == "Director"
    with pen_scope(acme):
        assert Entry.objects.filter(noun="member", what="changed", who__icontains="alice").exists()


def test_a_declined_proposal_changes_nothing_and_is_told(client, acme, alice, bob):
    may(acme, title="asked")
    with pen_scope(acme):
        proposals.change(bob.member, {"title": "King"})
        row = proposals.open_proposal(bob.member)
    client.force_login(alice.account)
    client.post(reverse("decide-proposal", args=[row.outside_id]), {"do": "decline"})
    assert now(acme)["title"] == "Clerk"
    assert b"stay as they are" in bytes(Recipient.objects.get(address="bob@acme.example").outgoing.mail)


def test_members_cannot_flood_those_who_decide_and_a_wish_taken_back_is_gone(acme, alice, bob):
    may(acme, title="asked", department="asked")
    with pen_scope(acme):
        for title in ("A", "B", "C"):
            proposals.change(bob.member, {"title": title, "department": "Sales"})
        assert Outgoing.objects.count() == 1
        assert proposals.open_proposal(bob.member).values == {"title": "C", "department": "Sales"}
        proposals.change(bob.member, {"title": "Clerk", "department": ""})
        assert proposals.open_proposal(bob.member) is None


def test_a_member_decides_nothing(as_bob, acme, bob):
    may(acme, title="asked")
    with pen_scope(acme):
        proposals.change(bob.member, {"title": "King"})
        row = proposals.open_proposal(bob.member)
    assert as_bob.get(reverse("proposals")).status_code == 404
    assert as_bob.post(reverse("decide-proposal", args=[row.outside_id]), {"do": "agree"}).status_code == 404
    assert now(acme)["title"] == "Clerk"


def test_a_detail_is_named_described_and_offered(signed_in, acme):
    answer = signed_in.post(
        reverse("attributes"),
        {"label": "Schuhgröße", "kind": "choice", "choices": "41\n42", "editing": "self"},
        follow=True,
    )
    assert "schuhgroesse" not in answer.content.decode() and "{{schuhgrosse}}" in answer.content.decode()
    page = signed_in.get(reverse("new-member")).content.decode()
    assert "Schuhgröße" in page and '<option value="42">' in page


def test_a_list_without_words_and_a_name_twice_are_refused(signed_in, acme):
    page = signed_in.post(reverse("attributes"), {"label": "Site", "kind": "choice", "editing": "self"})
    assert "Write at least one word to choose." in page.content.decode()
    page = signed_in.post(reverse("attributes"), {"label": "Phone", "kind": "text", "editing": "self"})
    assert "There is one of that name already." in page.content.decode()


def test_a_packages_disclaimer_reaches_the_mail_by_the_disclaimer_shape(acme):
    from stationer.portal.content.models import Template
    from stationer.portal.content.showing import shown

    with pen_scope(acme):
        clients = Package.objects.get(name="clients")
        clients.disclaimer = "For clients only."
        clients.save()
        assert not reaches()
        foot = {"shape": "disclaimer", "values": {"words": "ACME Ltd."}}
        template = Template.objects.create(name="T", fallback=True, parts={"new": {"footer": foot}})
        assert reaches()
        one = add_member("carol@acme.example", package=clients)
        other = add_member("dan@acme.example")
        texts = ["".join(map(str, (block for block in shown(who, "new", template)))) for who in (one, other)]
    assert "For clients only." in texts[0]
    assert "For clients only." not in texts[1] and "ACME Ltd." in texts[1]


def test_a_package_without_the_right_connects_no_mail_program(as_bob, acme):
    with pen_scope(acme):
        Package.objects.update(rights=["details"])
    answer = as_bob.post(reverse("oauth2_provider:device"), {"user_code": "ABCD-EFGH"})
    assert answer.status_code == 302 and answer.url == reverse("home")
    assert "may not connect mail programs" in as_bob.get("/").content.decode()


def test_many_are_put_into_a_group_and_out_of_it_and_into_a_package_at_once(signed_in, acme, other):
    with pen_scope(acme):
        group = Group.objects.create(name="Sales")
        people = [add_member(f"p{n}@acme.example") for n in range(60)]
        clients = Package.objects.get(name="clients")
    with pen_scope(other):
        stranger = add_member("stranger@other.example")
    url, who = (
        reverse("people-together"),
        [people[0].outside_id, people[1].outside_id, stranger.outside_id, "x"],
    )
    page = signed_in.post(url, {"do": f"into:{group.outside_id}", "who": who}, follow=True).content.decode()
    assert "2 people came into “Sales”." in page
    page = signed_in.post(url, {"do": f"into:{group.outside_id}", "all": "on", "q": "p"}, follow=True)
    assert "came into “Sales”." in page.content.decode()
    with pen_scope(acme):
        assert group.places.count() >= 60
    signed_in.post(url, {"do": f"out:{group.outside_id}", "who": who})
    signed_in.post(url, {"do": f"package:{clients.outside_id}", "who": who})
    with pen_scope(acme):
        assert not group.places.filter(member__in=people[:2]).exists()
        assert set(clients.members.values_list("pk", flat=True)) == {people[0].pk, people[1].pk}
    assert "Nobody was ticked." in signed_in.post(url, {"do": "x"}, follow=True).content.decode()
    with pen_scope(other):
        assert not stranger.places.exists()


def test_the_list_is_narrowed_and_sorted_by_the_server(signed_in, acme):
    with pen_scope(acme):
        add_member("zoe@acme.example", attributes={"name": "Anna Z"})
        add_member(
            "bea@acme.example", attributes={"name": "Bea"}, package=Package.objects.get(name="clients")
        )
    page = signed_in.get("/people/?order=name").content.decode()
    assert page.index("Anna Z") < page.index("Bea")
    page = signed_in.get("/people/?package=clients").content.decode()
    assert "Bea" in page and "Anna Z" not in page
