"""The portal under test: its own folders for each test, cheap password hashes, and a database by choice.

SQLite by default (a file, so that threads see one another as in production). `STATIONER_PORTAL__DATABASE` with a
postgresql:// address runs the same tests on PostgreSQL: trials/portal/test_portal_on_postgres.py does that.
"""

from __future__ import annotations

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "stationer.portal.site.settings")

import msgspec
import pytest

from stationer.portal.people.scope import pen_scope


@pytest.fixture(scope="session")
def django_db_modify_db_settings(tmp_path_factory):
    """SQLite in a file of this run; PostgreSQL as it is."""
    from django.conf import settings

    one = settings.DATABASES["default"]
    if "sqlite" in one["ENGINE"]:
        folder = tmp_path_factory.mktemp("database")
        one.setdefault("TEST", {})["NAME"] = str(folder / "test.sqlite3")
        # no power cut is awaited in a test; one test asks what the setting is in production
        one["OPTIONS"] = {
            **one["OPTIONS"],
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF; PRAGMA busy_timeout=20000;",
        }


@pytest.fixture(autouse=True)
def portal(settings, tmp_path):
    """The installation's settings, with folders of this test alone; keys are made."""
    from stationer.portal.site.start import prepare

    settings.PORTAL = msgspec.structs.replace(
        settings.PORTAL,
        data=tmp_path / "portal",
        keys=tmp_path / "keys",
        edge_folder=tmp_path / "edge",
        trusted_proxies=(),
    )
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    settings.STATIC_ROOT = str(tmp_path / "portal" / "static")
    settings.ALLOWED_HOSTS = ["testserver"]
    prepare(settings.PORTAL)
    return settings.PORTAL


@pytest.fixture(autouse=True)
def language(settings):
    """The language of a request stays in its thread: the next test begins with the portal's own again."""
    from django.utils import translation

    translation.activate(settings.LANGUAGE_CODE)


@pytest.fixture
def acme(db):
    """A PEN."""
    from stationer.portal.people.pens import create_pen

    return create_pen("ACME", ("acme.example",))


@pytest.fixture
def other(db):
    """Another PEN."""
    from stationer.portal.people.pens import create_pen

    return create_pen("Other", ("other.example",))


@pytest.fixture
def in_acme(acme):
    """ACME's scope is open."""
    with pen_scope(acme):
        yield acme


@pytest.fixture
def alice(acme):
    """ACME's owner (her membership)."""
    from stationer.portal.access.accounts import give_access

    with pen_scope(acme):
        return give_access("alice@acme.example", role="owner", password="correct horse battery")


@pytest.fixture
def oscar(other):
    """The other PEN's owner (his membership)."""
    from stationer.portal.access.accounts import give_access

    with pen_scope(other):
        return give_access("oscar@other.example", role="owner", password="correct horse battery")


@pytest.fixture
def signed_in(client, alice):
    """A browser in which Alice is signed in."""
    client.force_login(alice.account)
    return client


@pytest.fixture
def harbour(db, portal):
    """A furnished PEN: people, templates, a campaign with its message."""
    from trials.browser.harbour import furnish

    return furnish()


@pytest.fixture
def owner(client, harbour):
    """A browser in which Harbour Dental's owner is signed in."""
    client.force_login(harbour.alice.account)
    return client
