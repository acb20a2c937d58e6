"""The editor of notifications: what is seen, kept, refused, brought back; and the keys that sign."""

from __future__ import annotations

import html
import re
import threading
from types import SimpleNamespace

import msgspec
import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.urls import reverse

from stationer.portal.access.accounts import give_access
from stationer.portal.audit.models import Entry
from stationer.portal.notices import drafts, keys, records
from stationer.portal.notices.models import SigningKey, Wording, WordingVersion
from stationer.portal.notices.pens import wording
from stationer.portal.people.models import Package
from stationer.portal.people.scope import pen_scope

pytestmark = pytest.mark.django_db
HOST = "mail.acme.example"
PAGE = "/settings/notifications/"


@pytest.fixture(autouse=True)
def at(settings):
    settings.PUBLIC_URL = f"https://{HOST}"
    settings.ALLOWED_HOSTS = ["testserver", HOST]


@pytest.fixture
def owner(alice):
    client = Client()
    client.force_login(alice.account)
    return client


@pytest.fixture
def staff(acme):
    with pen_scope(acme):
        return Package.objects.get(name="employees").outside_id


def blanks(**changes):
    return {"upon": "0", "tag": "[secure]", "languages": ["en"], "address": "", "phone": ""} | changes


def frame(client, page, view="new"):
    """What a frame of this page shows, as text."""
    source = html.unescape(re.search(rf'src="([^"]*view={view}[^"]*)"', page.content.decode())[1])
    answer = client.get(source)
    assert answer.status_code == 200, source
    return answer


def words(answer):
    return html.unescape(re.sub(r"<[^>]+>", "", answer.content.decode())).replace("\xa0", " ")


def test_what_is_saved_is_in_force_shown_and_told(owner, acme, staff):
    said = {"address": "4 Quay", "phone": "+44 1632 960142", f"notification-{staff}-en": "For you alone."}
    said |= {"words-en-go": "Read it at", f"message-{staff}-de": "Vertraulich."}
    answer = owner.post(PAGE, blanks(save="1", **said))
    assert answer.status_code == 302
    with pen_scope(acme):
        row = WordingVersion.objects.get()
        assert (row.number, row.made_by) == (1, "alice@acme.example")
        now = wording()
        assert (now.address, now.words, now.message) == ("4 Quay", {"en": {"go": "Read it at"}}, {staff: {"de": "Vertraulich."}})  # fmt: skip
        entry = Entry.objects.get(noun="wordingversion")
        assert entry.who == "alice@acme.example" or entry.address == "alice@acme.example"
        assert {line["about"] for line in entry.lines} == {
            "address",
            "phone",
            "words",
            "notification",
            "message",
        }
    page = owner.get(PAGE)
    assert 'value="4 Quay"' in page.content.decode() and 'name="upon" value="1"' in page.content.decode()
    seen = words(frame(owner, page))
    assert "Read it at" in seen and "For you alone." in seen and "4 Quay, Call: +44 1632 960142" in seen
    assert f"https://{HOST}/m/example" in words(frame(owner, page, "text"))


def test_show_shows_what_nobody_has_saved(owner, acme, staff):
    page = owner.post(PAGE, blanks(show="1", address="9 Hill", as_package=staff, as_language="de"))
    assert page.status_code == 200
    seen = words(frame(owner, page))
    assert "9 Hill" in seen and "hat Ihnen geschrieben" in seen
    with pen_scope(acme):
        assert not WordingVersion.objects.exists() and wording().address == ""


def test_frames_may_do_nothing(owner):
    page = owner.get(PAGE)
    assert page.content.decode().count("sandbox loading") == 4
    for view in ("new", "text", "dark", "phone"):
        answer = frame(owner, page, view)
        assert answer["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
        assert answer["X-Frame-Options"] == "SAMEORIGIN"
    dark, light = (frame(owner, page, view).content.decode() for view in ("dark", "new"))
    assert "@media (prefers" not in dark + light and "!important" in dark and "!important" not in light
    assert owner.get(f"{PAGE}preview/?view=other").status_code == 404


@pytest.mark.parametrize(
    ("blank", "text", "said"),
    [
        ("address", "see www.evil.example", "It holds a link"),
        ("words-en-go", "x" * 2_001, "2,001 characters"),
        ("words-en-heading", "Somebody wrote", "Its fields are not those"),
        ("words-en-months", "{day}", "Its fields are not those"),
        ("languages", [], "There is no language"),
    ],
)
def test_a_fault_stands_beside_its_blank_and_nothing_is_kept(owner, acme, blank, text, said):
    answer = owner.post(PAGE, blanks(save="1", **{blank: text}))
    assert answer.status_code == 200
    page = answer.content.decode()
    errors = "id_languages_error" if blank == "languages" else f"id_{blank}_error"
    assert errors in page and said in html.unescape(page)
    with pen_scope(acme):
        assert not WordingVersion.objects.exists()


def test_a_fault_of_a_disclaimer_stands_beside_it_in_german_too(owner, acme, staff):
    answer = owner.post(
        PAGE, blanks(save="1", **{f"message-{staff}-de": "//evil"}), headers={"accept-language": "de"}
    )
    page = html.unescape(answer.content.decode())
    assert f"id_message-{staff}-de_error" in page and "Link" in page and "It holds" not in page


def test_a_further_language_needs_all_of_its_words(owner):
    page = owner.post(PAGE, blanks(show="1", further="fr", languages=["en"]))
    assert 'name="words-fr-heading"' in page.content.decode()
    answer = owner.post(PAGE, blanks(save="1", further="fr", languages=["fr"], **{"words-fr-go": "Lire"}))
    assert "these words are missing" in html.unescape(answer.content.decode())


def test_of_two_who_save_one_is_told(owner, acme):
    assert owner.post(PAGE, blanks(save="1", address="One")).status_code == 302
    late = owner.post(PAGE, blanks(save="1", address="Two"))
    assert (
        "Somebody else has saved meanwhile" in late.content.decode()
        and 'value="Two"' in late.content.decode()
    )
    again = re.search(r'name="upon" value="(\d+)"', late.content.decode())[1]
    assert owner.post(PAGE, blanks(save="1", address="Two", upon=again)).status_code == 302
    with pen_scope(acme):
        assert [row.said["address"] for row in WordingVersion.objects.all()] == ["Two", "One"]


def test_an_older_version_comes_back_as_a_new_one(owner, acme):
    owner.post(PAGE, blanks(save="1", address="One"))
    owner.post(PAGE, blanks(save="1", address="Two", upon="1"))
    assert "Version 2" in words(owner.get(f"{PAGE}versions/"))
    assert owner.post(f"{PAGE}versions/", {"number": "1"}, follow=True).status_code == 200
    with pen_scope(acme):
        assert [(row.number, row.restored) for row in WordingVersion.objects.all()] == [
            (3, 1),
            (2, None),
            (1, None),
        ]
        assert wording().address == "One"
    assert owner.post(f"{PAGE}versions/", {"number": "9"}).status_code == 404


def test_a_host_that_is_none_is_told_at_once(owner, settings):
    settings.PUBLIC_URL = "https://harbour"
    assert "is no host name" in words(owner.get(PAGE))


def test_who_may_only_look_changes_nothing(acme):
    with pen_scope(acme):
        looker = Client()
        looker.force_login(give_access("bob@acme.example", role="auditor").account)
    seen = looker.get(PAGE)
    if seen.status_code == 200:
        assert 'name="save"' not in seen.content.decode()
    for page in (PAGE, f"{PAGE}versions/", f"{PAGE}keys/"):
        assert looker.post(page, blanks(save="1", add="1")).status_code in (403, 404)


def test_another_pens_draft_is_not_shown(owner, other):
    with pen_scope(other):
        name = drafts.put_aside(Wording(address="Secret lair"))
    assert "Secret lair" not in words(owner.get(f"{PAGE}preview/?view=new&draft={name}"))


def test_pages_stay_small(owner, django_assert_max_num_queries):
    with django_assert_max_num_queries(20):
        page = owner.get(PAGE)
    assert len(page.content) < 100_000


class TestKeys:
    def test_a_new_key_and_one_taken_away(self, owner, acme):
        page = reverse("notices-keys")
        assert "k1" in words(owner.get(page))
        owner.post(page, {"add": "1"})
        with pen_scope(acme):
            assert [row.name for row in keys.in_force()] == ["k2", "k1"]
        refused = owner.post(page, {"retire": "2"}, follow=True)
        assert "Make a new one first" in words(refused)
        assert "Take its record out of DNS" in words(owner.post(page, {"retire": "1"}, follow=True))
        with pen_scope(acme):
            assert [row.name for row in keys.in_force()] == ["k2"]
        assert owner.post(page, {"retire": "9"}).status_code == 404

    def test_dns_is_asked_only_when_somebody_presses(self, owner, acme, monkeypatch):
        asked = []

        class Zone:
            def resolve(self, name, kind, **more):
                asked.append(name)
                with pen_scope(acme):
                    return [SimpleNamespace(strings=(records.value_of(acme, row).encode(),)) for row in SigningKey.objects.all()]  # fmt: skip

        monkeypatch.setattr(records, "resolver", Zone)
        page = reverse("notices-keys")
        seen = owner.get(page)
        assert not asked and f"_stationer.{HOST}" in words(seen)
        assert "All of them are there" in words(owner.post(page, {"look": "1"})) and asked == [
            f"_stationer.{HOST}"
        ]

    def test_a_key_that_stays_shut_is_told(self, owner, acme):
        with pen_scope(acme):
            keys.in_force()
            SigningKey.objects.update(private=b"x" * 60)
        assert "does not open here any more" in words(owner.get(reverse("notices-keys")))


@pytest.mark.django_db(transaction=True)
def test_of_many_who_save_at_once_one_does(acme):
    together, kept, refused = threading.Barrier(6), [], []

    def save(number):
        try:
            with pen_scope(acme):
                together.wait()
                kept.append(
                    drafts.keep(acme, Wording(address=f"{number} Quay"), upon=0, by="a@acme.example").number
                )
        except ValidationError as error:
            refused.append(error.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=save, args=(number,)) for number in range(6)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert kept == [1] and refused == ["overtaken"] * 5
    with pen_scope(acme):
        assert msgspec.convert(WordingVersion.objects.get().said, Wording) == wording()


def test_own_words_stand_in_their_blanks_and_stay_when_the_page_is_saved_again(owner, acme):
    assert owner.post(PAGE, blanks(save="1", **{"words-en-go": "Read it at"})).status_code == 302
    form = owner.get(PAGE).context["form"]
    again = {name: form[name].value() or "" for name in form.fields if name.startswith("words-")}
    assert again["words-en-go"] == "Read it at"
    assert "To read it" in str(form.fields["words-en-go"].help_text), "ours is told beside an own word"
    changed = blanks(save="1", upon="1", phone="01632 960142", **again)
    assert owner.post(PAGE, changed).status_code == 302
    with pen_scope(acme):
        said = wording()
    assert said.words == {"en": {"go": "Read it at"}} and said.phone == "01632 960142"


def upon_of(page):
    return re.search(r'name="upon" value="(\d+)"', page.content.decode())[1]


def test_of_two_who_write_at_once_neither_loses_what_the_other_left_alone(owner, acme, staff):
    note = f"notification-{staff}-en"
    owner.post(PAGE, blanks(save="1", address="1 Quay", **{note: "For you."}))
    theirs = {"address": "2 Quay", "phone": "+44 1632 960142", "words-en-go": "Go to"}
    owner.post(PAGE, blanks(save="1", upon="1", **{note: "For you."}, **theirs))
    late = owner.post(PAGE, blanks(save="1", upon="1", address="3 Quay", **{note: "For you alone.", "words-de-go": "Lesen"}))  # fmt: skip
    said = html.unescape(late.content.decode())
    told = said.split("Both of you have written here")
    assert "Telephone number: +44 1632 960142" in told[0] and "Before the link: Go to" in told[0]
    assert "Address: 2 Quay" in told[1] and "Telephone number: +44" not in told[1]
    assert 'value="3 Quay"' in said and 'value="+44 1632 960142"' in said
    again = {name: late.context["form"][name].value() or "" for name in late.context["form"].fields}
    assert owner.post(PAGE, again | {"save": "1", "upon": upon_of(late)}).status_code == 302
    with pen_scope(acme):
        now = wording()
    assert (now.address, now.phone) == ("3 Quay", "+44 1632 960142")
    assert now.notification == {staff: {"en": "For you alone."}}
    assert now.words == {"en": {"go": "Go to"}, "de": {"go": "Lesen"}}


def test_what_was_not_saved_is_there_again_for_its_writer_alone(owner, acme):
    owner.post(PAGE, blanks(show="1", address="9 Hill"))  # as the preview asks while one writes
    page = owner.get(PAGE).content.decode()
    assert "You have not saved what you wrote" in page and 'value="9 Hill"' not in page
    again = owner.get(f"{PAGE}?unsaved=1")
    assert 'value="9 Hill"' in again.content.decode() and "9 Hill" in words(frame(owner, again))
    with pen_scope(acme):
        other = Client()
        other.force_login(give_access("bob@acme.example", role="owner").account)
    assert "You have not saved" not in other.get(PAGE).content.decode()
    assert owner.post(PAGE, blanks(save="1", address="9 Hill", upon=upon_of(again))).status_code == 302
    assert "You have not saved" not in owner.get(PAGE).content.decode()


def test_what_is_thrown_away_or_written_back_is_gone(owner):
    owner.post(PAGE, blanks(show="1", address="9 Hill"))
    assert owner.post(PAGE, {"drop": "1"}).status_code == 302
    assert "You have not saved" not in owner.get(PAGE).content.decode()
    owner.post(PAGE, blanks(show="1", address="9 Hill"))
    owner.post(PAGE, blanks(show="1"))
    assert "You have not saved" not in owner.get(PAGE).content.decode()


def test_one_version_shows_what_it_changed_and_the_mail_of_then(owner, acme):
    owner.post(PAGE, blanks(save="1", address="1 Quay"))
    owner.post(PAGE, blanks(save="1", upon="1", address="2 Quay", **{"words-de-go": "Lesen"}))
    page = owner.get(f"{PAGE}versions/1/")
    assert "1 Quay" in words(frame(owner, page)) and "Put version 1 in force" in words(page)
    newest = owner.get(f"{PAGE}versions/2/")
    said = words(newest)
    assert (
        "Address: 1 Quay" in said and "Address: 2 Quay" in said and "Deutsch, Before the link: Lesen" in said
    )
    assert "Put version" not in said and "in force" in said
    assert owner.get(f"{PAGE}versions/3/").status_code == 404


def test_above_the_preview_stands_what_its_author_wrote_without_the_tag(owner):
    page = html.unescape(owner.post(PAGE, blanks(show="1", tag="[privat]")).content.decode())
    assert "<strong>Your results</strong>" in page and "carol@example.org" in page
