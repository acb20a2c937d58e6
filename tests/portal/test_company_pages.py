"""The pages of the company file: download, change, look, go on, take back; and the same by programs."""

from __future__ import annotations

import io

import pytest
import yaml
from django.test import Client

from stationer.portal.access import devices
from stationer.portal.access.accounts import give_access
from stationer.portal.access.models import Role
from stationer.portal.audit.models import Entry
from stationer.portal.company.models import Arrival
from stationer.portal.content.models import Campaign, Message
from stationer.portal.people.models import Member
from stationer.portal.people.scope import pen_scope
from stationer.portal.publishing.publish import publish
from tests.portal.test_company import EXAMPLE, bring

pytestmark = pytest.mark.django_db
WRONG = "pen: {id: x, name: X, domains: [x.example]}\ncampaigns:\n  fair: {prioriti: 3, message: {}}\n"


@pytest.fixture
def harbour(portal):
    pen, _ = bring(EXAMPLE)
    pen.second_factor = False
    with pen_scope(pen):
        pen.save()
    return pen


@pytest.fixture
def owner(harbour):
    with pen_scope(harbour):
        account = give_access("alice@harbourdental.example", role="owner").account
    return signed_in(account)


def signed_in(account):
    client = Client()
    client.force_login(account)
    return client


def page(client, path="/settings/company/", status=200, **more):
    answer = client.get(path, more)
    assert answer.status_code == status
    return answer.content.decode()


def upload(client, text, absent="keep"):
    data = text if isinstance(text, bytes) else text.encode()
    sent = io.BytesIO(data)
    sent.name = "company.yaml"
    return client.post("/settings/company/", {"file": sent, "absent": absent})


def test_what_is_downloaded_and_sent_again_says_no_change(owner):
    answer = owner.get("/settings/company/company.yaml")
    assert answer["Content-Type"].startswith("application/yaml")
    looked = upload(owner, answer.content, "remove")
    assert looked.status_code == 302
    assert "No change: the file says what is there." in page(owner, looked.url)


def test_from_the_text_field_to_publish_and_back(harbour, owner):
    form = page(owner, "/settings/company/edit/")
    assert "Straighter teeth" in form
    with pen_scope(harbour):
        from stationer.portal.company.writing import as_it_is

        text = as_it_is().replace("Straighter teeth", "Whiter teeth")
    looked = owner.post("/settings/company/edit/", {"text": text.replace("\n", "\r\n"), "absent": "remove"})
    shown = page(owner, looked.url)
    assert "Whiter teeth" in shown and "Straighter teeth" in shown and "Make 1 change" in shown
    with pen_scope(harbour):
        assert "Straighter" in Message.objects.get(key="invitation").source["values"]["headline"]
    done = owner.post(f"{looked.url}go/", {"do": "apply"}, follow=True)
    assert "It is in." in done.content.decode()
    with pen_scope(harbour):
        assert "Whiter" in Message.objects.get(key="invitation").source["values"]["headline"]
    assert (
        "It was taken back." in owner.post(f"{looked.url}go/", {"do": "undo"}, follow=True).content.decode()
    )
    with pen_scope(harbour):
        assert "Straighter" in Message.objects.get(key="invitation").source["values"]["headline"]


def test_mistakes_are_shown_on_their_lines_with_the_text_beside_them(owner):
    for answer in (
        upload(owner, WRONG),
        owner.post("/settings/company/edit/", {"text": WRONG, "absent": "keep"}),
    ):
        shown = answer.content.decode()
        assert answer.status_code == 200 and "Did you mean &#x27;priority&#x27;?" in shown
        assert 'data-line="3"' in shown and "fair: {prioriti: 3" in shown
        assert "<textarea" in shown


@pytest.mark.parametrize(
    "data", [b"", b"\xff\xfe\x00a", b"a: b: c", b"&a [*a]", b"- " * 100_000, b"pen: !!python/none x"]
)
def test_what_is_no_company_file_is_told_and_nothing_is_kept(harbour, owner, data):
    answer = upload(owner, data)
    assert answer.status_code == 200 and "cannot be read as a company" in answer.content.decode()
    with pen_scope(harbour):
        assert Arrival.objects.count() == 0


def test_a_company_that_is_too_long_for_a_page_is_sent_to_the_file(harbour, owner):
    with pen_scope(harbour):
        Member.objects.bulk_create(
            Member(address=f"m{n}@harbourdental.example", package=Member.objects.first().package)
            for n in range(1200)
        )
    shown = page(owner, "/settings/company/edit/")
    assert "Download it" in shown and "<textarea" not in shown


def test_thousands_of_changes_stand_on_pages_of_fifty(harbour, owner, django_assert_max_num_queries):
    people = [{"address": f"m{n}@harbourdental.example", "name": f"M {n}"} for n in range(2000)]
    said = yaml.safe_load(owner.get("/settings/company/company.yaml").content)
    looked = upload(owner, yaml.safe_dump(said | {"people": said["people"] + people}))
    with django_assert_max_num_queries(20):
        first = page(owner, looked.url)
    assert len(first.encode()) < 100_000
    assert "2,000" in first and "m0@harbourdental.example" in first and "m999@" not in first
    assert "page=2" in first and "m1060@harbourdental.example" in page(owner, looked.url, page=2)


def test_what_moved_meanwhile_is_409_with_a_fresh_look(harbour, owner):
    text = owner.get("/settings/company/company.yaml").content.decode()
    looked = upload(owner, text.replace("Practice manager", "Owner"))
    with pen_scope(harbour):
        bob = Member.objects.get(address="bob@harbourdental.example")
        bob.attributes = {"name": "Robert"}
        bob.save()
    answer = owner.post(f"{looked.url}go/", {"do": "apply"})
    assert answer.status_code == 409
    shown = answer.content.decode()
    assert "Nothing was done." in shown and "Robert" in shown
    assert owner.post(f"{looked.url}go/", {"do": "apply"}).status_code == 302


def test_what_would_take_many_out_asks_twice(harbour, owner):
    said = yaml.safe_load(owner.get("/settings/company/company.yaml").content)
    said["people"] = said["people"][:1]
    looked = upload(owner, yaml.safe_dump(said), "remove")
    assert "Yes, all of that is to go" in page(owner, looked.url)
    assert "Say that you mean it" in owner.post(f"{looked.url}go/", {"do": "apply"}).content.decode()
    assert owner.post(f"{looked.url}go/", {"do": "apply", "sure": "on"}).status_code == 302
    with pen_scope(harbour):
        assert Member.objects.count() == 1


def test_who_sees_only_a_part_of_it_finds_no_page(harbour, owner):
    looked = upload(owner, owner.get("/settings/company/company.yaml").content)
    with pen_scope(harbour):
        role = Role.objects.create(name="settings", rights=["change-settings", "see-people"])
        account = give_access("part@harbourdental.example", role=role).account
        auditor = signed_in(give_access("auditor@harbourdental.example", role="auditor").account)
    client = signed_in(account)
    for path in (
        "/settings/company/",
        "/settings/company/company.yaml",
        "/settings/company/edit/",
        looked.url,
    ):
        page(client, path, 404)
    assert "Bring one in" not in page(auditor)
    assert auditor.get("/settings/company/company.yaml").status_code == 200
    assert upload(auditor, EXAMPLE).status_code == 404
    assert auditor.post(f"{looked.url}go/", {"do": "forget"}).status_code == 404


def test_who_may_change_settings_alone_looks_and_cannot_put_people_in_place(harbour, owner):
    with pen_scope(harbour):
        role = Role.objects.create(name="settings", rights=["change-settings", "see-people", "see-content"])
        client = signed_in(give_access("part@harbourdental.example", role=role).account)
    text = owner.get("/settings/company/company.yaml").content.decode()
    looked = upload(client, text.replace("Practice manager", "Owner"))
    assert "Somebody else has to do it." in page(client, looked.url)
    assert "You may not change all" in client.post(f"{looked.url}go/", {"do": "apply"}).content.decode()
    with pen_scope(harbour):
        assert Member.objects.get(address__startswith="alice").attributes["title"] == "Practice manager"


def test_in_force_is_offered_when_something_is(harbour, owner):
    assert "Nothing is published yet." in page(owner)
    page(owner, "/settings/company/company.yaml", 404, of="force")
    publish(harbour, None)
    with pen_scope(harbour):
        Campaign.objects.filter(key="visit").update(name="Later")
    assert "Version 1" in page(owner)
    assert "Later" in page(owner, "/settings/company/company.yaml")
    assert "Later" not in page(owner, "/settings/company/company.yaml", of="force")


def test_the_pages_are_german(owner):
    client = owner
    client.cookies["django_language"] = "de"
    shown = page(client)
    assert "Die Firma als Datei" in shown and "The company as a file" not in shown
    assert "Meinten Sie" in upload(client, WRONG).content.decode()


def test_whoever_was_given_the_whole_company_stands_in_the_audit(harbour, owner, program):
    publish(harbour, None)
    page(owner, "/settings/company/edit/")
    program.get("/api/v1/company")
    program.get("/api/v1/company?of=force")
    with pen_scope(harbour):
        rows = Entry.objects.filter(what="exported", noun="arrival").order_by("at")
        told = [(row.via, row.via_name or row.address, row.called) for row in rows]
    assert told == [
        ("page", "alice@harbourdental.example", "with drafts"),
        ("key", "nightly", "with drafts"),
        ("key", "nightly", "as published"),
    ]


# ── by programs ──


@pytest.fixture
def program(harbour):
    with pen_scope(harbour):
        _, token = devices.make_api_key("nightly")
    return Client(headers={"authorization": f"Bearer {token}"})


def send(program, text, **more):
    sent = io.BytesIO(text.encode())
    sent.name = "company.yaml"
    return program.post("/api/v1/company", {"file": sent, **more})


def test_a_program_writes_looks_applies_and_takes_back(harbour, program):
    text = program.get("/api/v1/company").json()["text"]
    looked = send(program, text.replace("Practice manager", "Owner"), absent="remove")
    assert looked.status_code == 201
    said = looked.json()
    assert said["counts"] == {"person": {"changed": 1}} and said["state"] == "checked" and said["lacks"] == []
    at = f"/api/v1/company/files/{said['id']}"
    [change] = program.get(f"{at}/changes").json()["items"]
    assert (change["what"], change["name"]) == ("changed", "alice@harbourdental.example")
    done = program.post(f"{at}/apply", "{}", content_type="application/json")
    assert (done.status_code, done.json()["state"]) == (200, "done")
    assert program.post(f"{at}/apply", "{}", content_type="application/json").status_code == 409
    assert "title: Owner" in program.get("/api/v1/company").json()["text"]
    assert program.post(f"{at}/undo").json()["state"] == "undone"
    assert program.get("/api/v1/company").json()["text"] == text
    assert [one["id"] for one in program.get("/api/v1/company/files").json()["items"]] == [said["id"]]
    assert program.delete(at).status_code == 204
    assert program.get(at).status_code == 404


def test_a_program_is_told_every_mistake_with_its_line(program):
    answer = send(program, WRONG)
    assert answer.status_code == 422
    told = answer.json()["fields"]["file"]
    assert len(told) == 3 and all(one.startswith("line 3") for one in told)


def test_a_key_that_sees_a_part_finds_nothing(harbour):
    with pen_scope(harbour):
        _, token = devices.make_api_key("part", scopes=["change-settings", "see-people"])
    part = Client(headers={"authorization": f"Bearer {token}"})
    assert part.get("/api/v1/company").status_code == 404
    assert send(part, EXAMPLE).status_code == 404


def test_what_moved_is_looked_at_afresh_also_with_a_key_of_its_own(harbour, program):
    text = program.get("/api/v1/company").json()["text"]
    said = send(program, text.replace("Practice manager", "Owner")).json()
    with pen_scope(harbour):
        Member.objects.filter(address="alice@harbourdental.example").update(attributes={"title": "Queen"})

    def apply():
        headers = {"idempotency-key": "once"}
        at = f"/api/v1/company/files/{said['id']}/apply"
        return program.post(at, "{}", content_type="application/json", headers=headers)

    assert apply().status_code == 409
    done = apply()
    assert (done.status_code, done.json()["state"]) == (200, "done")
    assert apply()["Idempotent-Replayed"] == "true"
