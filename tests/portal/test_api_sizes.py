"""What an answer of the API costs: few queries for each GET, however many rows, and a description of bounded size."""

from __future__ import annotations

import json
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from stationer.portal.access import devices
from stationer.portal.people.members import add_member
from stationer.portal.people.models import Group
from stationer.portal.people.scope import pen_scope
from stationer.portal.site.api import api
from stationer.portal.vault.models import SecureMessage
from tests.portal.test_wall import furnish

pytestmark = pytest.mark.django_db
MOST_QUERIES, MOST_OCTETS = 20, 400_000


def test_every_get_needs_few_queries(client, acme, alice):
    places, *_ = furnish(acme, "target@acme.example")
    with pen_scope(acme):
        key, token = devices.make_api_key("all")
        SecureMessage.objects.update(device_id=key.pk)  # a key sees what it sent
        groups = [Group.objects.create(name=f"G{n}") for n in range(3)]
        for n in range(40):
            devices.enrol(add_member(f"p{n}@acme.example", groups=groups), "laptop")
    found = {}
    for path, verbs in api.get_openapi_schema(path_prefix="/api/v1/")["paths"].items():
        if "get" not in verbs:
            continue
        address = re.sub(r"\{(\w+)\}", lambda one: places[one[1]], path)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            answer = client.get(address, headers={"authorization": f"Bearer {token}"})
        assert answer.status_code == 200, (path, answer.content)
        found[path] = len(asked)
    assert len(found) > 45
    assert not {path: many for path, many in found.items() if many > MOST_QUERIES}


def test_the_description_is_not_too_large():
    assert len(json.dumps(api.get_openapi_schema(path_prefix="/api/v1/"))) < MOST_OCTETS
