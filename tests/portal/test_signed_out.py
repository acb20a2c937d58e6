"""When the session has ended: nothing that was sent counts as saved, and no words are lost."""

from __future__ import annotations

import pytest
from django.forms import PasswordInput
from django.urls import reverse

from stationer.portal.content.models import Message
from stationer.portal.directories.forms import ServerForm
from stationer.portal.people.scope import pen_scope

pytestmark = pytest.mark.django_db
WORDS = {"name": "Straighter teeth", "v_headline": "Typed too late", "twin": "First line\nsecond line"}


@pytest.fixture
def words(harbour):
    return reverse("message", args=[harbour.message.outside_id])


def test_a_page_leads_to_the_sign_in_and_back(client, words):
    answer = client.get(words)
    assert answer.status_code == 302 and answer["Location"] == f"/accounts/login/?next={words}"


def test_what_a_script_sends_is_refused_by_its_status_and_not_led_to_a_page_that_answers_200(client, words):
    for answer in (
        client.post(words, WORDS, headers={"HX-Request": "true"}),
        client.get(words, headers={"HX-Request": "true"}),
    ):
        assert answer.status_code == 401 and answer["WWW-Authenticate"]
        assert "Location" not in answer


def test_what_a_form_sends_comes_back_with_its_words_in_it(client, harbour, words):
    answer = client.post(words, WORDS | {"version": "abc"})
    page = answer.content.decode()
    assert answer.status_code == 401 and f'action="{words}"' in page
    assert "Typed too late" in page and "First line\nsecond line" in page
    assert '<textarea name="version"' in page  # sent once more, it is still compared
    with pen_scope(harbour.pen):
        assert "Typed too late" not in str(Message.objects.get(pk=harbour.message.pk).source)


def test_what_was_sent_is_shown_as_words_and_never_as_markup(client, words):
    page = client.post(words, {"v_headline": "</textarea><script>alert(1)</script>"}).content.decode()
    assert "<script>alert" not in page and "&lt;script&gt;alert" in page


def test_the_password_of_a_directory_is_not_shown_again(client):
    sent = {"host": "dc1.example.com", "bind_password": "s3cret"}
    page = client.post(reverse("new-directory"), sent).content.decode()
    assert "dc1.example.com" in page and "s3cret" not in page
    names = [
        name for name, field in ServerForm.base_fields.items() if isinstance(field.widget, PasswordInput)
    ]
    assert names and all("password" in name for name in names)
