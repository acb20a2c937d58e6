"""The portal under trial is the one under test: its own folders, and a PEN."""

from __future__ import annotations

import msgspec
import pytest
from tests.portal.conftest import (
    acme,
    alice,
    django_db_keepdb,
    django_db_modify_db_settings,
    in_acme,
    keys,
    language,
    portal,
    signed_in,
)

from trials.conftest import leave_out
from trials.servers.running import program

__all__ = [
    "acme",
    "alice",
    "django_db_keepdb",
    "django_db_modify_db_settings",
    "in_acme",
    "keys",
    "language",
    "portal",
    "signed_in",
]


@pytest.fixture(scope="session", autouse=True)
def there() -> None:
    leave_out(
        "" if program("slapd") and program("ldapmodify") else "slapd is not installed (slapd, ldap-utils)"
    )


@pytest.fixture(autouse=True)
def inside(portal, settings):
    """Directories may be in this network."""
    settings.PORTAL = msgspec.structs.replace(settings.PORTAL, directories_inside=True)
