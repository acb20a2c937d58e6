"""The agent's own half of enrolment against the real portal, over HTTP: what one says the other understands."""

from __future__ import annotations

import pytest

from stationer.agent.enrolling import EnrolError, Portal
from stationer.portal.access import devices
from tests.portal.test_enrolling import agree, device, roll

__all__ = ["device"]
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def address(portal, settings, live_server):
    """Where the portal answers over HTTP."""
    settings.ALLOWED_HOSTS = ["testserver", "localhost"]
    return live_server.url


def test_the_agent_is_enrolled_when_a_member_agrees(signed_in, device, acme, portal, address):
    codes, slept = {}, []

    def person(seconds):
        """The second time the agent waits, somebody agrees in the browser."""
        slept.append(seconds)
        if len(slept) == 2:
            assert agree(signed_in, codes).status_code == 302

    enrolled = Portal(address).enrol(lambda where, code: codes.update(user_code=code), person)
    assert (enrolled.pen, enrolled.address) == (acme.outside_id, "alice@acme.example")
    assert roll(acme, portal).payload.devices[0].token_sha256 == devices.token_hash(enrolled.token)
    assert len(slept) >= 2


def test_the_agent_is_told_when_a_member_refuses(signed_in, device, address):
    codes = {}
    with pytest.raises(EnrolError, match="refused in the browser"):
        Portal(address).enrol(
            lambda where, code: codes.update(user_code=code),
            lambda seconds: agree(signed_in, codes, "deny") if codes.pop("once", True) else None,
        )
