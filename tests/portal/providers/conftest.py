"""ACME's own sign-in, and whoever is to come in by it."""

from __future__ import annotations

import msgspec
import pytest
from django.test import Client

from tests.portal.providers import idp
from tests.portal.providers.going import connected, prove


@pytest.fixture(autouse=True)
def inside(settings, portal):
    """Providers may be on this machine, as a company that runs its own server says."""
    settings.PORTAL = msgspec.structs.replace(settings.PORTAL, providers_inside=True)


@pytest.fixture
def world():
    with idp.running() as found:
        yield found


@pytest.fixture
def ours(acme, world):
    """ACME's own sign-in, for its proven domain."""
    prove(acme, "acme.example")
    return connected(acme, world)


@pytest.fixture
def browser():
    """Somebody who is not signed in."""
    return Client()
