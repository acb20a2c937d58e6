"""Publish puts out what the person saw, and nothing when nothing differs; Undo takes back what is in force."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from stationer.portal.access import devices
from stationer.portal.content.models import Template
from stationer.portal.people.scope import pen_scope
from stationer.portal.publishing import undoing
from stationer.portal.publishing.models import Publication
from stationer.portal.publishing.publish import publish

pytestmark = pytest.mark.django_db


def serial(harbour):
    with pen_scope(harbour.pen):
        return Publication.objects.latest("serial").serial


def rename(harbour, name):
    with pen_scope(harbour.pen):
        Template.objects.filter(pk=harbour.template.pk).update(name=name)


def seen(answer):
    return {"seen": re.search(r'name="seen" value="(\w+)"', answer.content.decode())[1]}


def test_drafts_that_moved_after_the_page_was_opened_are_shown_first(owner, harbour):
    rename(harbour, "Seen")
    page = owner.get(reverse("publish"))
    rename(harbour, "Never seen")
    refused = owner.post(reverse("publish"), {"about": "spring", **seen(page)})
    words = refused.content.decode()
    assert refused.status_code == 409 and "Nothing is published yet." in words
    assert "Never seen" in words and 'value="spring"' in words
    assert serial(harbour) == 1
    assert owner.post(reverse("publish"), {"about": "spring", **seen(refused)}).status_code == 302
    assert serial(harbour) == 2


def test_a_page_that_was_opened_before_another_publication_shows_first_what_differs_now(owner, harbour):
    rename(harbour, "One")
    page = owner.get(reverse("publish"))
    with pen_scope(harbour.pen):
        publish(harbour.pen, harbour.alice.account)
    rename(harbour, "Two")
    assert owner.post(reverse("publish"), seen(page)).status_code == 409
    assert serial(harbour) == 2


def test_where_nothing_differs_there_is_no_new_version(owner, harbour):
    answer = owner.post(reverse("publish"), {"about": "stale"}, follow=True)
    assert "There is nothing to publish" in answer.content.decode()
    assert serial(harbour) == 1


def test_a_program_is_told_that_there_is_nothing_to_publish(client, harbour):
    with pen_scope(harbour.pen):
        token = devices.make_api_key("Till")[1]
    asked = {"content_type": "application/json", "headers": {"authorization": f"Bearer {token}"}}
    answer = client.post("/api/v1/publish", "{}", **asked)
    assert answer.status_code == 422 and "There is nothing to publish" in answer.content.decode()
    assert serial(harbour) == 1


def test_undo_takes_back_nothing_when_another_version_came_into_force_meanwhile(harbour):
    with pen_scope(harbour.pen):
        first = Publication.objects.latest("serial")
        for name in ("Two", "Three"):
            rename(harbour, name)
            publish(harbour.pen, harbour.alice.account)
        # it was looked at when version 2 was in force, and pressed when version 3 was
        with pytest.raises(undoing.CannotReturn, match="another version is in force"):
            undoing.put_back(harbour.pen, first, harbour.alice.account, over=2)
        assert serial(harbour) == 3
        undoing.put_back(harbour.pen, first, harbour.alice.account, over=3)
    assert serial(harbour) == 4
