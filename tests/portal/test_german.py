"""Every text of the portal is there in German, with the same places to fill, and the catalogue is up to date."""

from __future__ import annotations

import re

import pytest

from stationer.portal.site import catalogue

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
