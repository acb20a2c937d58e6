"""The client against a real portal, over HTTP: typed answers, all pages, a deed done once, a refusal's own sentence."""

from __future__ import annotations

import pytest

from stationer.client import Client, Refused
from stationer.client.shapes import CampaignChange, NewCampaign, NewGroup, NewMessage, NewPerson, SourceForm
from stationer.portal.access import devices
from stationer.portal.people.models import Group
from stationer.portal.people.pens import create_pen
from stationer.portal.people.scope import pen_scope
from tests.portal.pictures import png

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def portal(portal, settings):
    settings.ALLOWED_HOSTS = ["*"]
    return portal


@pytest.fixture
def client(portal, live_server):
    pen = create_pen("ACME", ("acme.example",), second_factor=False)
    with pen_scope(pen):
        _, token = devices.make_api_key("client")
    one = Client(live_server.url, token, tries=1)
    one.pen = pen
    return one


def test_a_company_is_made_and_walked(client):
    for n in range(5):
        client.add_group(NewGroup(name=f"G{n}"))
    assert [one.name for one in client.list_groups(limit=2)] == [f"G{n}" for n in range(5)]
    person = client.add_person(NewPerson(address="Carol@ACME.example", groups=["G1"]))
    assert (person.address, person.groups, person.package) == ("carol@acme.example", ["G1"], "employees")
    assert [one.id for one in client.list_people()] == [person.id]
    client.remove_person(person.id)
    assert list(client.list_people()) == []


def test_a_campaign_is_written_paused_and_shown_as_a_change(client):
    campaign = client.add_campaign(NewCampaign(name="Open evening", state="live"))
    client.add_message(
        NewMessage(
            campaign=campaign.id, name="Banner", source=SourceForm(shape="note", values={"words": "Come"})
        )
    )
    assert client.change_campaign(campaign.id, CampaignChange(state="paused")).state == "paused"
    changed = client.change_campaign(campaign.id, CampaignChange(name="Evening"))
    assert (changed.name, changed.state) == ("Evening", "paused")


def test_a_picture_is_sent_once_under_its_key(client):
    one = client.add_picture(png(), "logo", alt="ACME", key="logo-1")
    assert client.add_picture(png(), "logo", alt="ACME", key="logo-1") == one
    assert (one.width, one.type) == (2, "image/png")


def test_a_deed_sent_again_is_done_once(client):
    first = client.add_group(NewGroup(name="Sales"), key="k")
    assert client.add_group(NewGroup(name="Sales"), key="k") == first
    with pen_scope(client.pen):
        assert Group.objects.count() == 1


def test_a_refusal_says_which_field_and_why(client):
    with pytest.raises(Refused) as found:
        client.add_person(NewPerson(address="nobody"))
    assert (found.value.code, list(found.value.fields)) == ("invalid", ["address"])
    with pytest.raises(Refused) as found:
        client.get_group("grp_nothing")
    assert found.value.code == "not-found"
