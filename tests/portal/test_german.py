"""Every text of the portal is there in German, with the same places to fill, and the catalogue is up to date."""

from __future__ import annotations

import re

import pytest

from stationer.portal.access import devices
from stationer.portal.people.scope import pen_scope
from stationer.portal.site import catalogue
from stationer.portal.site.retelling import retold, sentences

PLACES = re.compile(r"%\(\w+\)[sd]|\{\{?\w*\}?\}|<[^>]+>")


@pytest.fixture(scope="module")
def german():
    (path,) = catalogue.po_files()
    return catalogue.read(path)


@pytest.fixture(scope="module")
def english():
    return [message for message in catalogue.collected() if message.id]


def test_no_german_text_is_missing(german, english):
    missing = []
    for message in english:
        there = german.get(message.id if isinstance(message.id, str) else message.id[0], message.context)
        said = there.string if there else ""
        if not (all(said) if isinstance(said, tuple) else said):
            missing.append(message.id)
    assert not missing, missing


def test_no_german_text_is_left_over(german, english):
    wanted = {message.id if isinstance(message.id, str) else tuple(message.id) for message in english}
    there = {
        message.id if isinstance(message.id, str) else tuple(message.id) for message in german if message.id
    }
    assert not there - wanted


def test_german_texts_have_the_same_places_to_fill(german):
    wrong = []
    for message in german:
        if not message.id:
            continue
        ids = [message.id] if isinstance(message.id, str) else list(message.id)
        strings = [message.string] if isinstance(message.string, str) else list(message.string)
        places = {tuple(sorted(PLACES.findall(text))) for text in ids}
        wrong += [text for text in strings if tuple(sorted(PLACES.findall(text))) not in places]
    known = ["shoe_size", "schuhgroesse"]
    assert [text for text in wrong if not any(word in text for word in known)] == []


@pytest.mark.django_db
def test_the_portal_speaks_german_to_those_who_ask_for_it(client, portal):
    for path in catalogue.po_files():
        catalogue.compile_one(path)
    page = client.get("/accounts/login/", headers={"Accept-Language": "de"}).content.decode()
    assert '<html lang="de"' in page
    assert "Mit der Adresse, unter der Ihre Firma Sie kennt." in page


def test_a_new_text_without_german_would_be_noticed(german):
    assert german.get("A text that nobody has translated.") is None


@pytest.mark.parametrize("language", ["de", "en"])
def test_what_a_craft_says_is_told_again_with_what_was_filled_in(german, language):
    from django.utils import translation

    said = {message for _, message in sentences()}
    assert len(said) > 100
    with translation.override(language):
        for message in said:
            values = {name: f"‹{number}›" for number, name in enumerate(re.findall(r"%\((\w+)\)s", message))}
            finished = message % values if values else message
            wanted = german.get(message).string if language == "de" else message
            assert retold(finished) == (wanted % values if values else wanted)


def test_what_no_craft_says_stays_as_it_is():
    from django.utils import translation

    with translation.override("de"):
        assert retold("Nobody says so.") == "Nobody says so."


def test_a_problem_on_a_page_is_told_in_german(owner, harbour):
    from django.urls import reverse

    from stationer.portal.people.scope import pen_scope

    with pen_scope(harbour.pen):
        harbour.message.source = {"shape": "banner", "values": {"headline": "{{name", "link": "nowhere"}}
        harbour.message.save()
    address = reverse("message", args=[harbour.message.outside_id])
    page = owner.get(address, headers={"Accept-Language": "de"}).content.decode()
    assert "&#x27;nowhere&#x27; ist kein Link." in page and "Ein {{ wird nie geschlossen." in page


def test_programs_are_answered_in_english_whatever_they_accept(client, harbour):
    with pen_scope(harbour.pen):
        token = devices.make_api_key(
            "Kasse", ("see-people", "change-people", "see-content", "change-content")
        )[1]
    asked = {
        "content_type": "application/json",
        "headers": {"authorization": f"Bearer {token}", "accept-language": "de"},
    }
    taken = client.post("/api/v1/groups", {"name": "Reception"}, **asked)
    assert taken.status_code == 422 and "There is already one with this name." in taken.content.decode()
    person = client.post("/api/v1/people", {"address": "nobody"}, **asked)
    assert person.status_code == 422 and "is not an address" in person.content.decode()
    assert taken["Content-Language"] == "en-gb" and "Accept-Language" not in taken.get("Vary", "")
    page = client.get("/accounts/login/", headers={"accept-language": "de"})
    assert "Anmelden" in page.content.decode() and page["Content-Language"] == "de"
