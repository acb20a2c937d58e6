"""People from a directory that tells by itself, over HTTP as Entra ID does it: each is looked for, then made."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from django.db import connection
from django.db.backends.signals import connection_created
from django.test.utils import CaptureQueriesContext

pytestmark = [pytest.mark.trial, pytest.mark.django_db(transaction=True)]

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
#: So many members Entra ID adds by one change.
AT_ONCE = 1_000


class Counted:
    """How many questions the server's threads ask the database."""

    def __init__(self) -> None:
        self.number = 0

    def __call__(self, execute: Any, sql: Any, params: Any, many: Any, context: Any) -> Any:
        self.number += 1
        return execute(sql, params, many, context)

    def opened(self, sender: Any, connection: Any, **_: Any) -> None:
        if self not in connection.execute_wrappers:
            connection.execute_wrappers.append(self)


@pytest.fixture
def counted() -> Iterator[Counted]:
    """From here on; the connections of this test's own thread were open before."""
    made = Counted()
    connection_created.connect(made.opened)
    yield made
    connection_created.disconnect(made.opened)


@pytest.fixture
def begun(in_acme: Any) -> Any:
    from stationer.portal.directories.scim.beginning import begin

    return begin("Entra ID")


@pytest.fixture
def line(begun: Any, live_server: Any) -> Iterator[httpx.Client]:
    """The other end."""
    said = {
        "Authorization": f"Bearer {begun[1]}",
        "Host": "testserver",
        "Content-Type": "application/scim+json",
    }
    with httpx.Client(base_url=f"{live_server.url}/scim/v2", headers=said, timeout=120) as client:
        yield client


def user(n: int) -> dict[str, Any]:
    return {
        "schemas": [USER], "userName": f"p{n:05}@acme.example", "externalId": f"x{n}", "active": True,
        "displayName": f"Person {n}", "title": "Engineer", "emails": [{"type": "work", "value": f"p{n:05}@acme.example"}],
        "phoneNumbers": [{"type": "work", "value": f"+43 1 1234{n:05}"}],
    }  # fmt: skip


def push(line: httpx.Client, number: int) -> list[str]:
    """Each is looked for and, when nobody is there, made; who they are there."""
    keys = []
    for n in range(number):
        found = line.get("/Users", params={"filter": f'userName eq "p{n:05}@acme.example"'}).json()
        if found["totalResults"]:
            keys.append(found["Resources"][0]["id"])
            continue
        made = line.post("/Users", json=user(n))
        assert made.status_code == 201, made.text
        keys.append(made.json()["id"])
    return keys


def put_in_group(line: httpx.Client, name: str, keys: list[str]) -> None:
    group = line.post("/Groups", json={"schemas": [GROUP], "displayName": name}).json()["id"]
    for start in range(0, len(keys), AT_ONCE):
        members = [{"value": key} for key in keys[start : start + AT_ONCE]]
        said = {"schemas": [PATCH], "Operations": [{"op": "Add", "path": "members", "value": members}]}
        assert line.patch(f"/Groups/{group}", json=said).status_code == 204


def synced(row: Any, what: str) -> Any:
    """One sync, with its time and queries printed."""
    from stationer.portal.directories import working

    began, cpu = time.monotonic(), time.process_time()
    with CaptureQueriesContext(connection) as asked:
        row.refresh_from_db()
        found = working.sync(row)
    took, used = time.monotonic() - began, time.process_time() - cpu
    print(
        f"{what}: {found.outcome}, {found.counts}, {took:.1f} s ({used:.1f} s of CPU), {len(asked)} queries"
    )
    return found


def told(what: str, counted: Counted, number: int, began: float, cpu: float) -> float:
    """Prints it; returns questions a person."""
    each = counted.number / number
    took, used = time.monotonic() - began, time.process_time() - cpu
    print(f"{what}: {number} people, {took:.1f} s ({used:.1f} s of CPU), {each:.1f} queries a person")
    counted.number = 0
    return each


@pytest.mark.timeout(3_600)
@pytest.mark.parametrize("number", [300, pytest.param(10_000, marks=pytest.mark.long)])
def test_everybody_comes_in_and_a_second_time_nothing_is_written(
    begun: Any, line: httpx.Client, counted: Counted, number: int
) -> None:
    from stationer.portal.directories import working
    from stationer.portal.people.models import Group, Import, Member

    row = begun[0]
    began, cpu = time.monotonic(), time.process_time()
    keys = push(line, number)
    assert told("first push", counted, number, began, cpu) < 25
    put_in_group(line, "Everyone", keys)
    first = synced(row, "first look")
    assert (first.outcome, first.counts["new"], Member.objects.count()) == ("waits", number, 0)
    Import.objects.filter(pk=first.of_id).update(state=Import.State.APPLYING)
    began = time.monotonic()
    working.through(first.of)
    print(f"put in place: {time.monotonic() - began:.1f} s")
    assert Member.objects.count() == number == Group.objects.get().members.count()
    counted.number, began, cpu = 0, time.monotonic(), time.process_time()
    assert push(line, number) == keys
    assert told("second push, without changes", counted, number, began, cpu) < 10
    assert synced(row, "second look").outcome == "same"
    said = {"schemas": [PATCH], "Operations": [{"op": "Replace", "path": "active", "value": "False"}]}
    assert line.patch(f"/Users/{keys[0]}", json=said).status_code == 200
    third = synced(row, "third, one has left")
    assert (third.outcome, third.counts["gone"], Member.objects.count()) == ("applied", 1, number - 1)


def test_a_directory_that_dies_in_the_middle_leaves_whole_people_and_changes_nobody(
    begun: Any, line: httpx.Client
) -> None:
    import socket
    from urllib.parse import urlsplit

    from stationer.portal.directories import working
    from stationer.portal.directories.models import PushedPerson
    from stationer.portal.people.models import Import, Member

    row = begun[0]
    push(line, 20)
    first = synced(row, "first")
    Import.objects.filter(pk=first.of_id).update(state=Import.State.APPLYING)
    working.through(first.of)
    before = sorted(Member.objects.values_list("pk", "address", "attributes__name"))
    place = urlsplit(str(line.base_url))
    head = f"PUT /scim/v2/Users/{PushedPerson.objects.first().pk} HTTP/1.1\r\nHost: testserver\r\n"  # type: ignore[union-attr]
    head += f"Authorization: {line.headers['Authorization']}\r\nContent-Length: 5000\r\n\r\n"
    with socket.create_connection((place.hostname or "", place.port or 0)) as cut:
        cut.sendall(head.encode() + b'{"schemas": [], "userName": "half')
    time.sleep(0.5)
    assert line.get("/Users").json()["totalResults"] == 20
    assert synced(row, "after the cut").outcome == "same"
    assert sorted(Member.objects.values_list("pk", "address", "attributes__name")) == before


def test_every_check_of_the_public_tester_is_passed_over_http(begun: Any, live_server: Any) -> None:
    from wsgiref.headers import Headers

    from scim2_client import BaseSyncSCIMClient
    from scim2_client.engines.inprocess import InProcessResponse
    from scim2_client.engines.wsgi import WSGISCIMClient
    from scim2_tester import Status, check_server

    class Line(WSGISCIMClient):
        """The tester's client, by our HTTP client: its own wants another."""

        def request(self, method: str, url: str, **said: Any) -> InProcessResponse:
            from scim2_client.engines.inprocess import _prepare_request

            asked = _prepare_request(self.base_url, self.headers, method, url, **said)
            found = httpx.request(
                asked.method, live_server.url + asked.url.path, params=asked.url.query, content=asked.body,
                headers={k: v for k, v in asked.headers if k.lower() != "host"} | {"Host": "testserver"}, timeout=60,
            )  # fmt: skip
            return InProcessResponse(found.status_code, Headers(list(found.headers.items())), found.content)

    client: BaseSyncSCIMClient = Line(
        lambda *_: [], "http://testserver/scim/v2", headers={"Authorization": f"Bearer {begun[1]}"}
    )
    found = check_server(client)
    bad = [f"{one.resource_type} {one.title}: {one.reason}" for one in found if one.status != Status.SUCCESS]
    print(f"scim2-tester over HTTP: {len(found) - len(bad)} good, {len(bad)} wrong")
    assert not bad
