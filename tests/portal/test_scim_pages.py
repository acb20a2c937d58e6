"""The pages of a directory that tells by itself: its token is seen once, and everything else as any directory's."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from stationer.portal.directories.models import Directory
from stationer.portal.directories.scim.keys import by_token
from stationer.portal.people import scope

pytestmark = pytest.mark.django_db


def whose(token):
    held = scope._scope.set(None)
    try:
        return by_token(token)
    finally:
        scope._scope.reset(held)


def test_a_token_is_shown_once_a_new_one_ends_it_and_nothing_of_ldap_is_asked(signed_in, acme):
    shown = signed_in.post(reverse("new-scim-directory"), {"name": "Entra ID"}).content.decode()
    token = re.search(r"<code>([\w-]{43})</code>", shown)[1]
    row = whose(token)
    here = reverse("directory", args=[row.outside_id])
    assert row.name == "Entra ID" and "/scim/v2" in shown
    page = signed_in.get(here).content.decode()
    assert token not in page and "not used yet" in page and 'name="every"' not in page
    assert signed_in.get(reverse("directory-server", args=[row.outside_id])).url == here
    again = signed_in.post(here, {"token": "1"}).content.decode()
    new = re.search(r"<code>([\w-]{43})</code>", again)[1]
    assert whose(token) is None and whose(new) == row and token not in again
    assert signed_in.post(here, {"most_gone": "25", "also_above": "on"}).status_code == 302
    row = whose(new)
    assert (row.most_gone, row.also_above, row.every) == (25, True, Directory.Every.DAY)
    assert "SCIM" in signed_in.get(reverse("directories")).content.decode()
    rules = signed_in.get(reverse("directory-rules", args=[row.outside_id])).content.decode()
    assert "Nothing has come from there yet" in rules and "phoneNumbers.work" in rules


def test_a_directory_needs_a_name_and_ldap_has_no_token(signed_in, acme):
    assert "required" in signed_in.post(reverse("new-scim-directory"), {"name": ""}).content.decode()
    with scope.pen_scope(acme):
        assert not Directory.objects.exists()
        row = Directory.objects.create(
            name="LDAP", host="dc.invalid", base="x", people_filter="y", rules=[{"to": "address"}]
        )
    assert signed_in.post(reverse("directory", args=[row.outside_id]), {"token": "1"}).status_code == 302
    with scope.pen_scope(acme):
        assert Directory.objects.get().token_sha256 is None
