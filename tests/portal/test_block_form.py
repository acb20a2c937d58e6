"""The block form on its page: elements are added, moved, doubled and taken out, with htmx and without any script."""

from __future__ import annotations

import gzip
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from stationer.compose import KINDS
from stationer.portal.content.models import Message
from stationer.portal.people.scope import pen_scope

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
FORM = {
    "shape": "form",
    "values": {"ground": "pale"},
    "elements": [
        {"kind": "heading", "values": {"words": "One"}},
        {"kind": "text", "values": {"words": "Two"}},
        {"kind": "button", "values": {"label": "Three", "link": "https://x.example/"}},
    ],
}


@pytest.fixture
def desk(client, harbour):
    """The page of a message that is a form, and what it sends."""
    client.force_login(harbour.alice.account)
    with pen_scope(harbour.pen):
        harbour.message.source = FORM
        harbour.message.save()
    return Desk(client, harbour)


class Desk:
    def __init__(self, client, harbour):
        self.client, self.harbour = client, harbour
        self.url = reverse("message", args=[harbour.message.outside_id])

    def post(self, do="", order=(0, 1, 2), headers=None, **more):
        sent = {
            "name": "Teeth", "v_colour": "#0e6e73", "v_ground": "pale", "v_edge": "none", "v_face": "serif",
            "v_space": "above", "v_dashes": "no", "twin": "", "e": [str(n) for n in order],
            "e0-kind": "heading", "e0-words": "One", "e1-kind": "text", "e1-words": "Two",
            "e2-kind": "button", "e2-label": "Three", "e2-link": "https://x.example/", **more,
        }  # fmt: skip
        return self.client.post(self.url, sent | ({"do": do} if do else {}), headers=headers)

    def kept(self):
        with pen_scope(self.harbour.pen):
            return Message.objects.get(pk=self.harbour.message.pk).source

    def kinds(self):
        return [element["kind"] for element in self.kept()["elements"]]


def test_what_is_typed_is_kept_and_shown_again(desk):
    assert desk.post(**{"e1-words": "**Two** and more"}).status_code == 302
    assert desk.kept()["elements"][1] == {"kind": "text", "values": {"words": "**Two** and more"}}
    page = desk.client.get(desk.url).content.decode()
    assert "**Two** and more" in page and "<p>Made from" not in page
    assert "Two and more" in page  # the twin that is made


@pytest.mark.parametrize("headers", [None, HTMX])
@pytest.mark.parametrize(
    ("do", "kinds"),
    [
        ("up 1", ["text", "heading", "button"]),
        ("down 1", ["heading", "button", "text"]),
        ("up 0", ["heading", "text", "button"]),
        ("copy 0", ["heading", "heading", "text", "button"]),
        ("drop 1", ["heading", "button"]),
        ("add divider", ["heading", "text", "button", "divider"]),
        ("add nonsense", ["heading", "text", "button"]),
        ("up 77", ["heading", "text", "button"]),
    ],
)
def test_a_button_does_its_deed_and_keeps_what_was_typed(desk, do, kinds, headers):
    answer = desk.post(do, headers=headers, **{"e0-words": "Typed meanwhile"})
    assert answer.status_code == (200 if headers else 302)
    assert desk.kinds() == kinds
    assert {"kind": "heading", "values": {"words": "Typed meanwhile"}} in desk.kept()["elements"]
    assert desk.client.get(desk.url).status_code == 200


def test_an_element_keeps_its_number_while_it_moves_and_the_keyboard_its_place(desk):
    answer = desk.post("down 0", headers=HTMX).content.decode()
    assert re.findall(r'name="e" value="(\d+)"', answer) == ["1", "0", "2"]
    assert re.search(r'value="down 0" autofocus', answer) and "is now number 2 of 3" in answer
    answer = desk.post("down 0", order=(1, 0, 2), headers=HTMX).content.decode()
    assert re.findall(r'name="e" value="(\d+)"', answer) == ["1", "2", "0"]
    assert re.search(r'value="up 0" autofocus', answer)  # at the end there is no further down


def test_without_script_one_comes_back_to_the_element(desk):
    answer = desk.post("copy 1")
    assert answer["Location"].endswith("?at=2#element-2")
    page = desk.client.get(answer["Location"].partition("#")[0]).content.decode()
    assert re.findall(r"<details data-element=\"(\d+)\"( open)?", page) == [
        ("0", ""),
        ("1", ""),
        ("2", " open"),
        ("3", ""),
    ]


def test_a_mistake_is_told_beside_its_element_and_leads_to_it(desk):
    answer = desk.post(headers=HTMX, **{"e2-link": "x.example"}).content.decode()
    assert "3. Button: " in answer and 'href="#id_e2-link"' in answer


def test_the_twin_is_taken_over_by_hand_and_given_back(desk):
    desk.post("twin own")
    assert desk.kept()["text"] == "One\nTwo\nThree: https://x.example/"
    page = desk.client.get(desk.url).content.decode()
    assert "Written by hand" in page and "It does not follow" in page
    desk.post("twin follow", twin=desk.kept()["text"])
    assert desk.kept()["text"] == ""
    assert "Written by hand" not in desk.client.get(desk.url).content.decode()


def test_a_hostile_page_cannot_make_the_list_long_or_odd(desk):
    desk.post(order=[*range(3), 0, 1, -1, "x", "99999999", *range(100, 300)])
    assert desk.kinds() == ["heading", "text", "button"]
    desk.post(order=range(80), **{f"e{n}-kind": "divider" for n in range(80)})
    assert len(desk.kinds()) <= 60


def test_a_ready_shape_goes_on_as_a_form_with_its_words(desk):
    with pen_scope(desk.harbour.pen):
        desk.harbour.message.source = {
            "shape": "banner",
            "values": {"headline": "Hello", "line": "There", "colour": "#0e6e73"},
        }
        desk.harbour.message.save()
    words = {
        "name": "T",
        "v_headline": "Hello",
        "v_line": "There",
        "v_button": "",
        "v_link": "",
        "v_colour": "#0e6e73",
        "twin": "",
    }
    assert desk.client.post(desk.url, words | {"shape": "form"}).status_code == 302
    assert desk.kinds() == ["heading", "text"]
    assert desk.kept()["values"] == {"ground": "pale", "edge": "left", "colour": "#0e6e73"}


def test_how_long_it_is_is_said_only_when_it_comes_near(desk):
    assert "<meter" not in desk.post(headers=HTMX).content.decode()
    assert "<meter" in desk.post(headers=HTMX, **{"e1-words": "x" * 22_000}).content.decode()


def test_details_of_people_are_offered_with_examples(desk):
    page = desk.client.get(desk.url).content.decode()
    assert "{{phone}}" in page and "01632 960 100" in page and "{{department}}" in page


def test_a_person_without_details_is_shown_what_is_left(desk):
    desk.post(**{"e1-words": "Call {{phone}}"})
    preview = reverse("message-preview", args=[desk.harbour.message.outside_id])
    assert "Call 01632 960 100" in desk.client.get(f"{preview}?view=new").content.decode()
    bare = desk.client.get(f"{preview}?view=bare").content.decode()
    assert "Call" not in bare and "One" in bare


def test_a_form_is_published_and_its_changes_are_told(desk):
    desk.post()
    assert desk.client.post(reverse("publish"), {"about": "form"}).status_code == 302
    desk.post("drop 1", **{"e0-words": "Another"})
    told = desk.client.get(reverse("publish")).content.decode()
    assert "Another" in told and "Two" in told


def test_a_long_form_is_light_and_asks_little(desk):
    with pen_scope(desk.harbour.pen):
        elements = [{"kind": kind, "values": {}} for kind in KINDS]
        desk.harbour.message.source = {"shape": "form", "elements": elements}
        desk.harbour.message.save()
    desk.client.get("/")  # a session is noted once, when it is new
    with CaptureQueriesContext(connection) as asked:
        page = desk.client.get(desk.url)
    assert len(asked) <= 20, len(asked)
    assert len(gzip.compress(page.content)) <= 30_000
