"""SCIM as others judge it: every check of scim2-tester, against the portal in this process."""

from __future__ import annotations

import pytest
from django.core.wsgi import get_wsgi_application
from scim2_client.engines.wsgi import WSGISCIMClient
from scim2_tester import Status, check_server

from stationer.portal.directories.scim.beginning import begin
from stationer.portal.people.scope import pen_scope

pytestmark = pytest.mark.django_db(transaction=True)


def test_every_check_of_the_public_tester_is_passed(acme):
    with pen_scope(acme):
        _row, token = begin("Entra ID")
    client = WSGISCIMClient(
        get_wsgi_application(), "http://testserver/scim/v2", headers={"Authorization": f"Bearer {token}"}
    )
    found = check_server(client)
    bad = [f"{one.resource_type} {one.title}: {one.reason}" for one in found if one.status != Status.SUCCESS]
    for line in bad:
        print(line)
    assert not bad
    assert len(found) > 100
