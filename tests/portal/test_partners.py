"""A partner at work: it sets companies up, hands down and locks, sees statements that never change, under its own name."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime, timedelta

import msgspec
import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from stationer.pick import unpack
from stationer.portal.access import devices
from stationer.portal.access.models import Account, Membership
from stationer.portal.access.roll import folder
from stationer.portal.content.models import Template
from stationer.portal.partners import counting, founding, handing, hosts, letting, resting, statements
from stationer.portal.partners.joining import LastOwner, join, leave
from stationer.portal.partners.models import DayCount, Enquiry, Host, Part, Standing, Usage
from stationer.portal.people.models import Member, Partner, Pen
from stationer.portal.people.scope import pen_scope
from stationer.portal.publishing.models import Publication
from stationer.portal.publishing.publish import publish
from stationer.portal.publishing.undoing import CannotReturn, put_back
from stationer.portal.site.known_hosts import HostsOfPartners
from stationer.portal.statistics.rolled import HourFigure

pytestmark = pytest.mark.django_db
WORDS = {"shape": "disclaimer", "values": {"words": "Regulated by the Moon."}}


@pytest.fixture(autouse=True)
def post(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


@pytest.fixture
def upper():
    return Partner.objects.create(name="Southwest IT")


@pytest.fixture
def lower(upper):
    return Partner.objects.create(name="Kernow Health", parent=upper)


@pytest.fixture
def boss(upper):
    browser = Client()
    browser.force_login(join(upper, "boss@southwest.example", "owner").account)
    return browser


@pytest.fixture
def dental(lower, mailoutbox):
    pen = founding.found(lower, "Harbour Dental", "alice@harbour.example")
    pen.second_factor = False
    pen.save()
    return pen


@pytest.fixture
def alice(dental):
    browser = Client()
    browser.force_login(Account.objects.get(email="alice@harbour.example"))
    return browser


def url(name, partner, *more):
    return reverse(name, args=[partner.outside_id, *more])


def handed(pen):
    handing.turn()
    return Pen.objects.get(pk=pen.pk)


# ── a new company ──


def test_a_company_is_set_up_by_its_name_and_one_address_and_its_owner_is_invited(boss, upper, mailoutbox):
    Part.objects.create(partner=upper, part="disclaimer", source=WORDS, locked=True)
    mailoutbox.clear()
    form = {"company": "Fal Boatyard", "address": "Dan@Boatyard.example", "slug": ""}
    answer = boss.post(url("partner-new-company", upper), form)
    pen = Pen.objects.get(name="Fal Boatyard")
    assert answer["Location"] == url("partner-company", upper, pen.outside_id)
    assert (pen.slug, pen.domains, pen.partner) == ("fal-boatyard", ["boatyard.example"], upper)
    (mail,) = mailoutbox
    assert mail.to == ["dan@boatyard.example"] and "Southwest IT" in mail.body
    with pen_scope(pen):
        assert Membership.objects.get().role == "owner"
        template = Template.objects.get()
        assert template.fallback and template.parts["forward"]["footer"]["values"] == WORDS["values"]
    assert b"Not begun" in boss.get(url("partner", upper)).content
    assert b"boatyard.example" not in boss.get(url("partner-company", upper, pen.outside_id)).content


def test_an_invitation_goes_again_until_somebody_came_and_never_after(boss, upper, lower, dental, mailoutbox):
    page = url("partner-company", upper, dental.outside_id)
    boss.post(page, {"deed": "invite", "address": "anna@harbour.example"})
    with pen_scope(dental):
        assert [row.account.email for row in Membership.objects.all()] == ["anna@harbour.example"]
        assert Member.objects.count() == 1
    browser = Client()
    browser.force_login(Account.objects.get(email="anna@harbour.example"))
    assert browser.get("/").status_code == 200
    sent = len(mailoutbox)
    answer = boss.post(page, {"deed": "invite", "address": "boss@southwest.example"})
    assert b"Somebody of this company has been here" in answer.content
    with pytest.raises(ValidationError):
        founding.invite_again(dental, "boss@southwest.example")
    assert len(mailoutbox) == sent
    with pen_scope(dental):
        assert Membership.objects.count() == 1


def test_a_partner_sends_only_so_many_invitations_in_a_day(upper, monkeypatch):
    monkeypatch.setattr(letting, "MOST_A_DAY", 1)
    founding.found(upper, "One", "one@one.example")
    with pytest.raises(letting.TooMany):
        founding.found(upper, "Two", "two@two.example")


# ── what is handed down ──


def test_a_locked_part_stands_in_every_template_and_the_page_says_who_locked_it(
    boss, upper, dental, alice, django_capture_on_commit_callbacks
):
    with pen_scope(dental):
        Template.objects.create(
            name="Second", parts={"new": {"footer": {"shape": "disclaimer", "values": {"words": "Own"}}}}
        )
    form = {"v_words": "Regulated by the Moon.", "twin": "", "locked": "on", "shape": "disclaimer"}
    assert boss.post(url("partner-part", upper, "disclaimer"), form).status_code == 302
    assert b"On its way to 1 company" in boss.get(url("partner-hand", upper)).content
    pen = handed(dental)
    with pen_scope(pen):
        rows = list(Template.objects.all())
        assert len(rows) == 2
    for row in rows:
        assert {row.parts[one]["footer"]["values"]["words"] for one in row.parts} == {
            "Regulated by the Moon."
        }
        page = alice.get(f"/templates/{row.outside_id}/").content.decode()
        assert "Southwest IT has locked this" in page
        answer = alice.post(
            f"/templates/{row.outside_id}/disclaimer/", {"v_words": "Mine", "twin": ""}, follow=True
        )
        assert "Southwest IT has locked this part" in answer.content.decode()
    with pen_scope(pen):
        _, key = devices.make_api_key("key")
    own = {"parts": {"new": {"footer": {"shape": "disclaimer", "values": {"words": "Mine"}}}}}
    answer = alice.patch(
            f"/api/v1/templates/{row.outside_id}", msgspec.json.encode(own), "application/json",
            headers={"authorization": f"Bearer {key}"},
        )  # fmt: skip
    assert answer.status_code == 422 and "Southwest IT has locked" in answer.json()["fields"]["parts"][0]
    with pen_scope(pen):
        row.parts = {}
        row.save()  # whatever writes it
        assert (
            Template.objects.get(pk=row.pk).parts["reply"]["footer"]["values"]["words"]
            == "Regulated by the Moon."
        )
    with pen_scope(pen), django_capture_on_commit_callbacks(execute=True):
        publish(pen, None, "first")
    compiled = unpack(snapshot(pen), kind="snapshot", public_key=None).payload
    assert b"Regulated by the Moon." in msgspec.json.encode(compiled)


def snapshot(pen):
    return (folder(pen.pk) / "snapshot.stn").read_bytes()


def test_an_unlocked_part_fills_an_empty_place_and_own_words_stay(upper, lower, dental):
    part = Part.objects.create(partner=upper, part="disclaimer", source=WORDS)
    handing.want(upper)
    pen = handed(dental)
    with pen_scope(pen):
        row = Template.objects.get()
        assert row.parts["new"]["footer"]["values"] == WORDS["values"]
        row.parts = {"new": {"footer": {"shape": "disclaimer", "values": {"words": "Our own"}}}}
        row.save()
    part.source = {**WORDS, "values": {"words": "Changed above"}}
    part.save()
    handing.want(upper)
    handed(dental)
    with pen_scope(pen):
        assert Template.objects.get().parts["new"]["footer"]["values"]["words"] == "Our own"
    Part.objects.create(
        partner=lower, part="disclaimer", source={**WORDS, "values": {"words": "Lower"}}, locked=True
    )
    handing.want(lower)
    handed(dental)
    with pen_scope(pen):
        assert Template.objects.get().parts["new"]["footer"]["values"]["words"] == "Lower"


def test_settings_narrow_from_level_to_level_and_a_lock_says_whose_it_is(boss, upper, lower, dental, alice):
    page = url("partner-hand", upper)
    assert boss.post(f"{page}?edit=most_messages", {"most_messages": "1"}).status_code == 302
    boss.post(page, {"deed": "lock", "name": "most_messages"})
    boss.post(f"{page}?edit=pictures", {"pictures": "embedded"})
    boss.post(page, {"deed": "lock", "name": "tracking"})  # it says nothing of it: nothing is locked
    upper.refresh_from_db()
    assert upper.terms == {
        "management": {"most_messages": 1, "pictures": "embedded"},
        "locks": ["most_messages"],
    }
    below = url("partner-hand", lower)
    assert b"?edit=most_messages" not in boss.get(below).content
    pen = handed(dental)
    assert pen.management().most_messages == 1 and pen.management().pictures == "linked"
    assert pen.from_above().locked_by == {"most_messages": "Southwest IT"}
    shown = alice.get("/settings/mail/").content.decode()
    assert "is locked by Southwest IT" in shown and "?edit=most_messages" not in shown
    young = founding.found(lower, "Young", "y@young.example")
    assert young.management().pictures == "embedded" and "pictures" not in young.from_above().locked_by
    boss.post(page, {"deed": "take-back", "name": "most_messages"})
    assert handed(dental).management().most_messages == 2


def test_looks_go_down_and_a_lock_keeps_them(boss, upper, dental, alice):
    form = {"deed": "looks", "colour": "#123456", "seal": "#a8322a", "paper": "", "voice": ""}
    boss.post(url("partner-hand", upper), form)
    handed(dental)
    assert b"--pen-colour:#123456" in alice.get("/").content
    alice.post(
        "/settings/", {"form": "brand", "colour": "#654321", "seal": "#a8322a", "paper": "", "voice": ""}
    )
    assert b"--pen-colour:#654321" in alice.get("/").content
    boss.post(url("partner-hand", upper), form | {"locked": "on"})
    handed(dental)
    assert b"--pen-colour:#123456" in alice.get("/").content
    answer = alice.get("/settings/").content
    assert b"Southwest IT has locked this" in answer
    answer = alice.post(
        "/settings/", {"form": "brand", "colour": "#000000", "seal": "#a8322a", "paper": "", "voice": ""}
    )
    assert answer.status_code == 200 and b"has locked the looks" in answer.content
    assert Pen.objects.get(pk=dental.pk).brand["colour"] == "#654321"


def test_an_earlier_version_without_what_is_locked_does_not_come_back(upper, dental):
    with pen_scope(dental):
        first = publish(dental, None, "before the lock")
    Part.objects.create(partner=upper, part="disclaimer", source=WORDS, locked=True)
    handing.want(upper)
    pen = handed(dental)
    with pen_scope(pen):
        publish(pen, None, "with it")
        account = Account.objects.get(email="alice@harbour.example")
        with pytest.raises(CannotReturn, match="Southwest IT"):
            put_back(pen, first, account)


# ── counted numbers and statements ──


def test_a_statement_is_the_same_bytes_for_good(boss, upper, lower, dental):
    january = date(2026, 1, 1)
    for day in range(31):
        DayCount.objects.create(
            pen=dental, day=january + timedelta(days=day), people=9, seats=5 + day % 2, mails=day
        )
    assert statements.close_all(date(2026, 2, 5)) == 0  # its last days may still be counted again
    assert statements.close_all(date(2026, 2, 6)) == 1
    page = url("partner-statement", upper, "2026-01")
    data = boss.get(page).content
    row = f"2026-01,Kernow Health,Harbour Dental,{dental.outside_id},31,9,6,170,465"
    lines = [line.split(",") for line in (",".join(statements.HEADING), row)]
    assert data.decode("utf-8-sig").splitlines() == [",".join(f'"{one}"' for one in line) for line in lines]
    Pen.objects.filter(pk=dental.pk).update(name="Renamed")
    DayCount.objects.filter(pen=dental).update(mails=0)
    Partner.objects.filter(pk=lower.pk).update(name="Other name")
    assert statements.close_all(date(2026, 3, 7)) == 0
    again = boss.get(page)
    assert again.content == data
    assert again["ETag"] == f'"{hashlib.sha256(data).hexdigest()}"'
    assert boss.get(url("partner-statement", upper, "2026-02")).status_code == 404
    assert boss.get(url("partner-statement", upper, "2026-1x")).status_code == 404
    DayCount.objects.all().delete()
    assert Usage.objects.count() == 1 and boss.get(page).content == data


def test_a_day_is_counted_by_utc_and_again_while_reports_come_late(dental):
    now = datetime(2026, 3, 10, 12, tzinfo=UTC)
    with pen_scope(dental):
        for hours, mails in ((-13, 3), (-12, 5), (-1, 7)):
            HourFigure.objects.create(at=now + timedelta(hours=hours), mails=mails)
        member = Member.objects.get()
        devices.enrol(member, "Laptop")
    counting.count(dental.pk, now - timedelta(days=1))
    counting.count(dental.pk, now)
    rows = {row.day: row for row in DayCount.objects.filter(pen=dental)}
    assert (rows[date(2026, 3, 9)].mails, rows[date(2026, 3, 10)].mails) == (3, 12)
    with pen_scope(dental):
        HourFigure.objects.create(at=now - timedelta(hours=14), mails=2)
    counting.count(dental.pk, now + timedelta(minutes=10))
    assert DayCount.objects.get(pen=dental, day=date(2026, 3, 9)).mails == 5
    assert Standing.objects.get(pen=dental).equipped == 1
    assert counting.turn() == 1 and counting.turn() == 0


# ── suspended, ended ──


def test_a_suspended_company_can_look_and_change_nothing_and_its_mail_goes_on(
    boss, upper, dental, alice, django_capture_on_commit_callbacks
):
    with pen_scope(dental), django_capture_on_commit_callbacks(execute=True):
        publish(dental, None, "in force")
        _, key = devices.make_api_key("key")
    before = snapshot(dental)
    page = url("partner-company", upper, dental.outside_id)
    boss.post(page, {"deed": "suspend"})
    assert alice.get("/templates/").status_code == 200
    answer = alice.post("/settings/", {"form": "pen", "name": "Changed"})
    assert answer.status_code == 403 and b"Kernow Health has suspended" in answer.content
    headers = {"authorization": f"Bearer {key}"}
    assert alice.get("/api/v1/people", headers=headers).status_code == 200
    refused = alice.post("/api/v1/groups", b'{"name":"x"}', "application/json", headers=headers)
    assert (refused.status_code, refused.json()["error"]) == (409, "resting")
    assert snapshot(dental) == before
    boss.post(page, {"deed": "resume"})
    assert (
        alice.post("/settings/", {"form": "brand", "colour": "#123456", "seal": "#123456"}).status_code == 302
    )


def test_of_an_ended_company_mail_leaves_as_written_and_it_can_be_resumed(
    boss, upper, dental, alice, django_capture_on_commit_callbacks
):
    with pen_scope(dental), django_capture_on_commit_callbacks(execute=True):
        publish(dental, None, "in force")
    path = folder(dental.pk) / "snapshot.stn"
    page = url("partner-company", upper, dental.outside_id)
    assert boss.post(page, {"deed": "end", "typed": "something"}).status_code == 200
    with django_capture_on_commit_callbacks(execute=True):
        boss.post(page, {"deed": "end", "typed": "harbour dental"})
    assert alice.get("/").status_code == 403
    empty = unpack(path.read_bytes(), kind="snapshot", public_key=None).payload
    assert not empty.contents  # an agent is answered at once, with nothing
    with django_capture_on_commit_callbacks(execute=True):
        boss.post(page, {"deed": "resume"})
    assert unpack(path.read_bytes(), kind="snapshot", public_key=None).payload.contents
    assert alice.get("/").status_code == 200
    with pen_scope(dental):
        assert Publication.objects.count() == 3


# ── white label ──


@pytest.fixture
def labelled(settings, upper, lower, dental):
    settings.ALLOWED_HOSTS = ["testserver", HostsOfPartners("partners")]
    Partner.objects.filter(pk=upper.pk).update(house="Letterbox", brand={"colour": "#0a0b0c"})
    upper.refresh_from_db()
    row = Host.objects.create(partner=upper, host="mail.southwest.example", below=True)
    assert hosts.prove(row) == ""
    handing.want(upper)
    return handed(dental)


def test_at_a_partners_host_the_portal_has_its_name_and_so_have_mails(labelled, mailoutbox, client):
    host = {"headers": {"host": "mail.southwest.example"}}
    page = client.get("/accounts/login/", **host).content.decode()
    assert "Letterbox" in page and "Stationer" not in page and "--pen-colour:#0a0b0c" in page
    mailoutbox.clear()
    client.post("/accounts/login/code/", {"email": "alice@harbour.example"}, **host)
    (mail,) = mailoutbox
    assert mail.subject.startswith("Your code for Letterbox") and mail.from_email.startswith("Letterbox <")
    assert labelled.url == "http://harbour-dental.mail.southwest.example:8000"
    own = Client().get("/accounts/login/", headers={"host": "harbour-dental.mail.southwest.example"})
    assert b"Harbour Dental" in own.content
    assert b"Stationer" in Client().get("/accounts/login/").content
    assert client.get("/accounts/login/", headers={"host": "elsewhere.example"}).status_code == 400


def test_a_companys_own_door_leads_to_it_and_says_no_more_than_its_name(labelled, alice, client):
    page = client.get("/at/harbour-dental/")
    assert page.status_code == 200 and b"Harbour Dental" in page.content and b"alice" not in page.content
    assert client.get("/at/no-such-door/").status_code == 404
    assert alice.post("/at/harbour-dental/")["Location"] == "/"


def test_a_host_counts_for_the_first_who_proves_it_and_for_nobody_below_it(labelled, upper):
    rival = Partner.objects.create(name="Rival")
    for name in ("mail.southwest.example", "harbour-dental.mail.southwest.example"):
        row = Host.objects.create(partner=rival, host=name)
        assert "Another partner" in hosts.prove(row) and row.proven_at is None
    with pytest.raises(ValidationError):
        hosts.normal_host("localhost")
    assert hosts.normal_host(" HTTPS://Post.Example.com/ ") == "post.example.com"


# ── people of a partner, enquiries, the operator ──


def test_the_last_owner_of_a_partner_stays(upper, boss, mailoutbox):
    row = upper.staff.get()
    with pytest.raises(LastOwner):
        leave(row)
    with pytest.raises(LastOwner):
        join(upper, "boss@southwest.example", "viewer")
    boss.post(url("partner-staff", upper), {"address": "ann@southwest.example", "role": "billing"})
    assert mailoutbox[-1].to == ["ann@southwest.example"]
    boss.post(url("partner-new-reseller", upper), {"name": "Tamar", "owner": "t@tamar.example"})
    assert Partner.objects.get(name="Tamar").path.startswith(upper.path)


ENQUIRY = {
    "name": "Eve\nBcc: x@victim.example",
    "company": "Eve Ltd",
    "address": "eve@eve.example",
    "words": "Hello",
}


def test_an_enquiry_mails_the_operator_alone_and_is_kept(settings, client, mailoutbox):
    settings.PORTAL = msgspec.structs.replace(settings.PORTAL, operator="ops@host.example")
    client.post("/partners/become/", ENQUIRY | {"name": "Eve"})
    (mail,) = mailoutbox
    assert mail.recipients() == ["ops@host.example"] and not mail.reply_to
    assert "eve@" not in mail.subject and "eve@eve.example" in mail.body
    client.post("/partners/become/", ENQUIRY | {"website": "http://spam.example"})
    assert Enquiry.objects.count() == 1  # thanked, and forgotten
    for _ in range(9):
        last = client.post("/partners/become/", ENQUIRY)
    assert last.status_code == 429 and b"Your words are still here" in last.content
    assert Enquiry.objects.count() == 5
    assert {address for one in mailoutbox for address in one.recipients()} == {"ops@host.example"}
    assert all(set(one.message().keys()) & {"Bcc", "Cc", "Reply-To"} == set() for one in mailoutbox)


def test_the_operator_makes_a_partner_of_an_enquiry_and_nobody_else_does(settings, client, boss, mailoutbox):
    settings.PORTAL = msgspec.structs.replace(settings.PORTAL, operator="ops@host.example")
    row = Enquiry.objects.create(name="Eve", company="Eve Ltd", address="eve@eve.example", words="Hello")
    page = reverse("operator-enquiry", args=[row.outside_id])
    assert boss.get("/operator/").status_code == boss.post(page, {"deed": "partner"}).status_code == 404
    ops = join(Partner.objects.create(name="Ours"), "ops@host.example", "viewer").account
    client.force_login(ops)
    assert b"Eve Ltd" in client.get("/operator/").content
    mailoutbox.clear()
    client.post(page, {"deed": "answer", "answer": "Rang them"})
    assert not mailoutbox
    client.post(page, {"deed": "partner"})
    assert Partner.objects.get(name="Eve Ltd").staff.get().account.email == "eve@eve.example"
    assert [one.to for one in mailoutbox] == [["eve@eve.example"]]
    row.refresh_from_db()
    assert row.answered_at <= timezone.now() and row.partner is not None


def test_resting_tells_the_pens_audit_and_names_the_partner(boss, upper, dental):
    from stationer.portal.audit.models import Entry

    boss.post(url("partner-company", upper, dental.outside_id), {"deed": "suspend"})
    with pen_scope(dental):
        row = Entry.objects.filter(noun="pen", what="changed").order_by("-at", "-id").first()
        assert (row.who, row.address) == ("Southwest IT", "")
    assert resting.STILL
