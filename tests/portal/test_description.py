"""The API's description of itself: every operation in words, every example true, every refusal in the house's form."""

from __future__ import annotations

import json
import re

import jsonschema_rs
import msgspec
import pytest
from django.db import transaction
from django.utils import timezone

from stationer.portal.access import devices
from stationer.portal.access.models import ProvenDomain
from stationer.portal.content.models import Template
from stationer.portal.people.scope import pen_scope
from stationer.portal.publishing.publish import publish
from stationer.portal.site.api import api
from stationer.wire.errors import ERRORS, Refusal
from tests.portal.test_wall import furnish

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def document():
    return json.loads(json.dumps(api.get_openapi_schema(path_prefix="/api/v1/")))


def operations(document):
    for path, verbs in document["paths"].items():
        for method, said in verbs.items():
            yield f"{method} {path}", said


def errors(document, schema, example):
    whole = {**schema, "components": document["components"]}
    return [one.message for one in jsonschema_rs.Draft202012Validator(whole).iter_errors(example)]


def test_every_operation_has_a_name_a_summary_and_words(document):
    names = [said["operationId"] for _, said in operations(document)]
    assert len(names) == len(set(names)) >= 90
    for where, said in operations(document):
        assert re.fullmatch(r"[a-z_]+", said["operationId"]), where
        assert re.fullmatch(r"[A-Z].{2,98}[^.]", said["summary"]) and said["description"], (
            where,
            said["summary"],
        )


def test_every_operation_of_a_key_says_which_rights_it_needs(document):
    for where, said in operations(document):
        for requirement in said.get("security", ()):
            assert requirement.get("Key", ["other"]) and set(requirement) <= set(
                document["components"]["securitySchemes"]
            ), where


def test_every_example_is_what_its_schema_says(document):
    seen, wrong = 0, []
    for where, said in operations(document):
        bodies = [said["requestBody"]] if "requestBody" in said else []
        for body in [*bodies, *said["responses"].values()]:
            for kind, content in body.get("content", {}).items():
                if kind == "application/octet-stream":
                    continue
                seen += 1
                wrong += [(where, one) for one in errors(document, content["schema"], content["example"])]
        for parameter in said["parameters"]:
            if parameter.get("example") is not None:
                found = errors(document, parameter["schema"], parameter["example"])
                wrong += [(where, parameter["name"], one) for one in found]
    assert not wrong, "\n".join(map(str, wrong))
    assert seen > 100


def test_every_answer_that_has_a_body_has_a_schema_and_an_example(document):
    for where, said in operations(document):
        for status, answer in said["responses"].items():
            if "$ref" in answer:
                answer = document["components"]["responses"][answer["$ref"].rpartition("/")[2]]
            octets = answer.get("content", {}).get("application/octet-stream")
            if octets is not None:
                assert octets["schema"] == {"type": "string", "format": "binary"}, where
            elif status != "204":
                assert answer["content"]["application/json"]["schema"], (where, status)
                assert "example" in answer["content"]["application/json"], (where, status)


def test_every_refusal_is_in_the_houses_form(document):
    for name, answer in document["components"]["responses"].items():
        body = msgspec.convert(answer["content"]["application/json"]["example"], Refusal)
        assert f"Refused{ERRORS[body.error][0]}" == name
        assert body.message
    for where, said in operations(document):
        refused = {int(status) for status in said["responses"] if int(status) >= 400}
        assert {400, 404, 422, 429} <= refused, where
        assert 401 in refused or "security" not in said, where


def test_every_request_that_is_shown_is_taken_by_a_furnished_company(client, acme, alice, document):
    """With the ids of this company in place of those of the example."""
    places, *_ = furnish(acme, "target@acme.example")
    with pen_scope(acme):
        _, bearer = devices.make_api_key("all")
        Template.objects.update(name="Another name")
        version = publish(acme, None, "the second").serial
        Template.objects.update(name="Still another")  # something to publish
        ProvenDomain.objects.create(
            domain="acme.example", proven_at=timezone.now(), checked_at=timezone.now()
        )
    tried, wrong = 0, []
    for where, said in operations(document):
        content = said.get("requestBody", {}).get("content", {}).get("application/json")
        if content is None or "Key" not in str(said.get("security")) or "Access" in str(said["security"]):
            continue
        method, _, path = where.partition(" ")
        body = content["example"]
        if "campaign" in body:
            body = body | {"campaign": places["campaign_id"]}
        if "groups" in body:
            body = body | {"groups": ["xyzzycanary group"]}
        if "serial" in body:
            body = body | {"serial": version}
        address = re.sub(r"\{(\w+)\}", lambda found: places[found[1]], path)
        with transaction.atomic():
            answer = client.generic(
                method.upper(), address, json.dumps(body), "application/json",
                headers={"authorization": f"Bearer {bearer}"},
            )  # fmt: skip
            transaction.set_rollback(True)
        if answer.status_code not in (200, 201):
            wrong.append((where, body, answer.content))
        tried += 1
    assert not wrong, "\n".join(map(str, wrong))
    assert tried > 15
