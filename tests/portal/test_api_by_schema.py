"""Whatever is sent, the API answers as its description says: no fault, no other status, no other form."""

from __future__ import annotations

import os
import time

import pytest

from stationer.portal.access import devices
from stationer.portal.people.scope import pen_scope
from stationer.portal.site.api import api
from tests.portal import hostile
from tests.portal.test_wall import furnish

pytestmark = pytest.mark.django_db
#: By what somebody asks: everything, little, all of a company file but to look at or to change a part of it, a device's
#: own token, nothing.
WHO = ("owner", "content", "people", "figures", "reader", "settings", "publisher", "device", "nobody")


@pytest.fixture
def document():
    return api.get_openapi_schema(path_prefix="/api/v1/")


@pytest.fixture
def furnished(acme, alice, document):
    """A company with one of everything: the parameters that lead there, and everybody's headers."""
    places, token, _ = furnish(acme, "target@acme.example")
    with pen_scope(acme):
        keys = {
            "owner": devices.make_api_key("owner")[1],
            "content": devices.make_api_key("content", ("change-content",))[1],
            "people": devices.make_api_key("people", ("change-people",))[1],
            "figures": devices.make_api_key("figures", ("see-figures", "see-visitors"))[1],
            "reader": devices.make_api_key(
                "reader", ("see-people", "see-content", "see-settings", "see-audit")
            )[1],
            "settings": devices.make_api_key(
                "settings", ("see-people", "see-content", "change-settings", "tell-visits")
            )[1],
            "publisher": devices.make_api_key("publisher", ("publish", "change-people", "change-settings"))[
                1
            ],
            "device": token,
        }
    return places, {who: {"Authorization": f"Bearer {one}"} for who, one in keys.items()} | {"nobody": {}}


def asked(document, furnished, who, examples, by):
    places, headers = furnished
    wrong, statuses = [], {}
    with hostile.connection_kept():
        for one in hostile.operations(document):
            found, counted = hostile.ask(one, headers[who], places, examples, by)
            wrong += found
            for status, many in counted.items():
                statuses[status] = statuses.get(status, 0) + many
    return wrong, statuses


@pytest.mark.timeout(300)
@pytest.mark.parametrize(("who", "examples"), [("owner", 3), ("nobody", 1)])
def test_every_answer_is_of_the_form_that_the_description_says(document, furnished, who, examples):
    wrong, statuses = asked(document, furnished, who, examples, 1)
    assert not wrong, f"{len(wrong)}:\n\n" + "\n\n".join(wrong[:20])
    assert sum(statuses.values()) > 100
    if who == "owner":
        assert {200, 201, 204, 404, 422} <= statuses.keys()


@pytest.mark.long
@pytest.mark.timeout(3_600)
@pytest.mark.parametrize("who", WHO)
def test_and_so_are_those_to_many_thousands(document, furnished, who):
    """For `SCHEMA_SECONDS` (100) each, with another seed in every round from `SCHEMA_SEED` (1) on."""
    until = time.monotonic() + float(os.environ.get("SCHEMA_SECONDS", "100"))
    by, all_of_them, rounds = int(os.environ.get("SCHEMA_SEED", "1")), {}, 0
    while not rounds or time.monotonic() < until:
        wrong, statuses = asked(document, furnished, who, 10, by)
        assert not wrong, f"seed {by}: {len(wrong)}:\n\n" + "\n\n".join(wrong[:20])
        for status, many in statuses.items():
            all_of_them[status] = all_of_them.get(status, 0) + many
        by, rounds = by + 1, rounds + 1
    print(
        f"{who}: {rounds} rounds, {sum(all_of_them.values())} requests, {dict(sorted(all_of_them.items()))}"
    )
