"""A request that is too large is refused before any of it is read: larger ones only from whoever may send them."""

from __future__ import annotations

import io

import pytest
from django.urls import reverse

from stationer.portal.access import devices
from stationer.portal.access.accounts import give_access
from stationer.portal.people.scope import pen_scope
from stationer.portal.site.api import LARGE

pytestmark = pytest.mark.django_db
MB = 1_000_000


class Nothing(io.RawIOBase):
    """A body of which nothing comes."""

    def readable(self):
        return True

    def readinto(self, buffer):
        raise OSError("somebody reads it")


def taken(answer):
    return answer.status_code != 413


def send(client, path, octets, kind="multipart/form-data; boundary=x", **more):
    more |= {"CONTENT_LENGTH": str(octets), "wsgi.input": Nothing()}
    return client.generic("POST", path, b"", kind, **more)


@pytest.mark.parametrize(
    "path", ["/accounts/login/", "/people/import/", "/pictures/", "/myself/photo/", "/people/"]
)
def test_a_stranger_fills_no_disk(client, acme, path):
    answer = send(client, path, 300 * MB)
    assert answer.status_code == 413
    assert "What was sent has 300 MB; this page takes 3." in answer.content.decode()


def test_a_file_of_people_is_taken_from_whoever_may_bring_people_in_alone(client, acme, alice):
    with pen_scope(acme):
        marketer = give_access("m@acme.example", role="marketer")
    client.force_login(marketer.account)
    assert send(client, reverse("import-people"), 300 * MB).status_code == 413
    client.force_login(alice.account)
    assert taken(send(client, reverse("import-people"), 300 * MB))
    assert send(client, reverse("import-people"), 600 * MB).status_code == 413


def test_a_portrait_and_a_long_list_are_taken_where_they_belong(client, acme, alice):
    client.force_login(alice.account)
    for path in (
        reverse("own-photo"),
        reverse("member-photo", args=[alice.member.outside_id]),
        reverse("lists"),
    ):
        assert taken(send(client, path, 11 * MB))
        assert send(client, path, 20 * MB).status_code == 413
    assert send(client, reverse("groups"), 4 * MB).status_code == 413


def test_programs_send_files_where_they_belong_and_only_when_known(client, acme):
    assert {name for name, most in LARGE.items() if most} >= {"list_imports", "list_pictures"}
    with pen_scope(acme):
        _, token = devices.make_api_key("Key", ("change-people",))
    key = {"HTTP_AUTHORIZATION": f"Bearer {token}"}
    for path, octets, more in (
        ("/api/v1/imports", 300 * MB, {}),
        ("/api/v1/imports", 600 * MB, key),
        ("/api/v1/people", 13 * MB, key),
    ):
        answer = send(client, path, octets, **more)
        assert (answer.status_code, answer.json()["error"]) == (413, "too-large")
    assert taken(send(client, "/api/v1/imports", 300 * MB, **key))


def test_a_company_file_of_100_mb_is_refused_unread_from_whoever_sends_it(client, acme, alice):
    with pen_scope(acme):
        _, token = devices.make_api_key("whole")
        _, other = devices.make_api_key("part", ("change-people",))
    whole, part = ({"HTTP_AUTHORIZATION": f"Bearer {one}"} for one in (token, other))
    for more in (whole, part, {}):
        answer = send(client, "/api/v1/company", 100 * MB, **more)
        assert (answer.status_code, answer.json()["error"]) == (413, "too-large")
    assert taken(send(client, "/api/v1/company", 10 * MB, **whole))
    assert send(client, reverse("company-file"), 9 * MB).status_code == 413
    client.force_login(alice.account)
    assert send(client, reverse("company-file"), 100 * MB).status_code == 413
    assert send(client, reverse("company-edit"), 9 * MB).status_code == 413
    assert taken(send(client, reverse("company-file"), 10 * MB))
