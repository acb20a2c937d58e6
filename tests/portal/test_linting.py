"""The linter in the portal: beside what one types, in the API, and before Publish; one press mends."""

from __future__ import annotations

import json

import pytest
from django.urls import reverse

from stationer.compose.lint import lint
from stationer.portal.access import devices
from stationer.portal.content.models import Asset, Campaign, Message
from stationer.portal.content.pictures import keep_picture
from stationer.portal.people.scope import pen_scope
from tests.compose.planting import CLEAN
from tests.portal.pictures import png

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
FORM = {
    "shape": "form",
    "values": {},
    "elements": [
        {"kind": "heading", "values": {"words": "Come!!!"}},
        {"kind": "button", "values": {"label": "acme.example", "link": "http://other.example/"}},
    ],
}
SENT = {
    "name": "Teeth", "v_colour": "#0e6e73", "v_ground": "none", "v_edge": "none", "v_face": "serif", "v_space": "above",
    "v_dashes": "no", "twin": "", "e": ["0", "1"], "e0-kind": "heading", "e0-words": "Come!!!", "e1-kind": "button",
    "e1-label": "acme.example", "e1-link": "http://other.example/",
}  # fmt: skip


@pytest.fixture
def message(client, harbour):
    """A message with three faults, its page open."""
    client.force_login(harbour.alice.account)
    with pen_scope(harbour.pen):
        harbour.message.source = FORM
        harbour.message.save()
    return harbour.message


def address(message):
    return reverse("message", args=[message.outside_id])


def kept(harbour):
    with pen_scope(harbour.pen):
        return Message.objects.get(pk=harbour.message.pk).wire_source()


def key(source, rule):
    return next(one.key for one in lint(source, kind="message", slot="banner").findings if one.rule == rule)


def test_the_page_says_what_will_break_where_and_offers_the_mend(client, harbour, message):
    page = client.get(address(message)).content.decode()
    for rule in ("exclaimed", "link-domain", "link-insecure"):
        assert f'data-rule="{rule}"' in page
    assert 'href="#id_e1-label">2. Button: The words say acme.example' in page
    assert page.count('form="words" name="do" value="mend ') == 3
    assert "Outlook, Gmail" in page


def test_as_one_types_the_findings_come_with_the_save(client, harbour, message):
    answer = client.post(address(message), SENT | {"e0-words": "Come."}, headers=HTMX).content.decode()
    assert 'id="found"' in answer and 'hx-swap-oob="true"' in answer
    assert 'data-rule="exclaimed"' not in answer and 'data-rule="link-domain"' in answer


def test_one_press_mends_what_was_typed_and_nothing_else(client, harbour, message):
    press = {"do": f"mend {key(kept(harbour), 'link-domain')}"}
    answer = client.post(address(message), SENT | {"e0-words": "Come!!! Do"} | press)
    assert answer.status_code == 302 and answer["Location"].endswith("?at=1#element-1")
    assert [element.values for element in kept(harbour).listed] == [
        {"words": "Come!!! Do"},
        {"label": "other.example", "link": "http://other.example/"},
    ]


def test_a_press_that_comes_late_saves_and_mends_nothing(client, harbour, message):
    press = {"do": f"mend {key(kept(harbour), 'exclaimed')}"}
    client.post(address(message), SENT | {"e0-words": "Come in!!!"} | press)
    assert kept(harbour).listed[0].values == {"words": "Come in!!!"}


def test_a_mend_in_raw_mjml_names_its_line_and_comes_back_to_the_findings(client, harbour, message):
    source = CLEAN.replace("<mj-section>", '<mj-section background-url="https://a.example/x.png">')
    with pen_scope(harbour.pen):
        keep_picture(png(400, 300), name="garden", alt="The garden")
        message.source = {"shape": "mjml", "values": {"mjml": source}}
        message.save()
    page = client.get(address(message)).content.decode()
    assert (
        'data-rule="picture-behind"' in page and 'data-line="1"' in page and "picture-stretched" not in page
    )
    assert "[The garden behind the practice]" in page
    press = {"name": "Teeth", "v_mjml": source, "twin": "", "do": f"mend {key_of(page)}"}
    answer = client.post(address(message), press)
    assert answer["Location"].endswith("#found") and kept(harbour).values["mjml"] == CLEAN
    assert "It can be published as it stands." in client.get(address(message)).content.decode()


def key_of(page):
    return page.partition('value="mend ')[2][:12]


def test_before_publish_the_findings_stand_by_severity_and_stop_nothing(client, harbour, message):
    with pen_scope(harbour.pen):
        Campaign.objects.filter(pk=message.campaign_id).update(state="live")
    page = client.get(reverse("publish")).content.decode()
    looks = page.partition('id="looks"')[2].partition("</section>\n")[0]
    assert looks.index('data-rule="link-domain"') < looks.index('data-rule="exclaimed"')
    assert f"{address(message)}#found" in looks
    assert "disabled" not in page.partition('name="seen"')[2].partition("</form>")[0]
    answer = client.post(reverse("publish"), {"about": "As it is"})
    assert answer.status_code == 302
    assert 'id="looks"' not in client.get(reverse("publish")).content.decode()


def test_what_truly_breaks_stops(client, harbour, message):
    with pen_scope(harbour.pen):
        Campaign.objects.filter(pk=message.campaign_id).update(state="live")
        message.source = {
            "shape": "mjml",
            "values": {"mjml": CLEAN.replace("picture:garden", "data:image/png;base64,AA==")},
        }
        message.save()
    page = client.get(reverse("publish"))
    assert "A picture is written into the source itself" in page.content.decode()
    assert client.post(reverse("publish"), {}).status_code == 422


def test_mails_that_gmail_would_clip_are_told_of_once_a_template(client, harbour, message):
    words = "Long. " * 4_000
    with pen_scope(harbour.pen):
        harbour.template.parts = {
            "new": {
                slot: {
                    "shape": "form",
                    "values": {},
                    "elements": [{"kind": "text", "values": {"words": words}}],
                }
                for slot in ("top", "signature", "footer", "banner")
            }
        }
        harbour.template.save()
    page = client.get(reverse("publish")).content.decode()
    assert page.count('data-rule="clipped-together"') == 1


@pytest.fixture
def ask(client, harbour):
    with pen_scope(harbour.pen):
        token = devices.make_api_key("lint")[1]
    headers = {"authorization": f"Bearer {token}"}

    def asked(path, body=None):
        if body is None:
            return client.get(f"/api/v1{path}", headers=headers)
        return client.post(f"/api/v1{path}", json.dumps(body), "application/json", headers=headers)

    return asked


def test_a_program_asks_about_a_source_and_applies_the_edits_itself(ask):
    found = ask("/lint", {"source": FORM}).json()
    assert [one["rule"] for one in found["findings"]] == ["link-domain", "exclaimed", "link-insecure"]
    assert found["unpictured"] == ["Come!!!", "acme.example"] and found["octets"] > 500
    first, edit = found["findings"][0], found["findings"][0]["edits"][0]
    assert (first["where"], first["line"], first["severity"]) == ("elements/1/label", 1, "warning")
    label = FORM["elements"][1]["values"]["label"]
    assert label[edit["start"] : edit["end"]] == edit["was"] and edit["text"] == "other.example"


def test_a_program_asks_about_what_is_kept(ask, harbour, message):
    found = ask(f"/messages/{message.outside_id}/findings").json()
    assert {one["rule"] for one in found["findings"]} == {"link-domain", "exclaimed", "link-insecure"}
    of_template = ask(f"/templates/{harbour.template.outside_id}/findings").json()
    assert all("/" in one["part"] for one in of_template["findings"]) and of_template["octets"] > 0
    rules = ask("/lint/rules").json()
    assert rules["source"] == "https://www.caniemail.com" and len(rules["rules"]) > 40
    with pen_scope(harbour.pen):
        assert Asset.objects.count() >= 0 and Message.objects.get(pk=message.pk).source == FORM


def test_the_demo_companys_own_drafts_have_nothing_to_find(ask, harbour):
    assert ask(f"/templates/{harbour.template.outside_id}/findings").json()["findings"] == []


def test_a_draft_that_the_linter_fails_at_takes_no_page_away(client, harbour, message, monkeypatch, caplog):
    with pen_scope(harbour.pen):
        Campaign.objects.filter(pk=message.campaign_id).update(state="live")
    monkeypatch.setattr("stationer.portal.publishing.looking.linted", lambda *_: 1 / 0)
    page = client.get(reverse("publish"))
    assert page.status_code == 200 and 'id="looks"' not in page.content.decode()
    assert "draft-not-read" in caplog.text
