"""The portal under test: its own folders for each test, cheap password hashes, and a database by choice.

SQLite by default (a file, so that threads see one another as in production). `STATIONER_PORTAL__DATABASE` with a
postgresql:// address runs the same tests on PostgreSQL: trials/portal/test_portal_on_postgres.py does that.
"""

from __future__ import annotations

import os
import shutil

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "stationer.portal.site.settings")

import msgspec
import pytest

from stationer.portal.people.scope import pen_scope
from tests.portal import rows


@pytest.fixture(scope="session")
def django_db_keepdb(django_db_keepdb):
    """SQLite begins with a file that has its tables already; `--create-db` makes them anew."""
    from django.conf import settings

    return django_db_keepdb or "sqlite" in settings.DATABASES["default"]["ENGINE"]


@pytest.fixture(scope="session")
def django_db_modify_db_settings(tmp_path_factory, django_db_createdb):
    """SQLite in a file of this run; PostgreSQL as it is."""
    from django.conf import settings
    from trials.servers.tables import tables

    one = settings.DATABASES["default"]
    if "sqlite" in one["ENGINE"]:
        path = tmp_path_factory.mktemp("database") / "test.sqlite3"
        one.setdefault("TEST", {})["NAME"] = str(path)
        if not django_db_createdb:
            path.write_bytes(tables())
        # no power cut is awaited in a test; one test asks what the setting is in production
        one["OPTIONS"] = {
            **one["OPTIONS"],
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF; PRAGMA busy_timeout=20000;",
        }


@pytest.fixture(scope="session")
def begun_with(django_db_setup):
    """The rows that migrations made."""
    return django_db_setup


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """The database's tables; and a test that commits is cleared up after by taking its rows out (rows.py)."""
    from django.test import TransactionTestCase

    with django_db_blocker.unblock():
        begun_with = rows.read()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda _: rows.empty(begun_with))
        yield begun_with


@pytest.fixture(scope="session")
def keys(tmp_path_factory):
    """The installation's keys, made once."""
    from stationer.portal.site.start import prepare
    from stationer.settings import Portal

    folder = tmp_path_factory.mktemp("installation")
    portal = Portal(
        data=folder / "portal",
        keys=folder / "keys",
        edge_folder=folder / "edge",
        keyring=folder / "keys" / "keyring.json",
    )
    prepare(portal)
    return portal.keys


@pytest.fixture(autouse=True)
def portal(settings, tmp_path, keys):
    """The installation's settings, with folders of this test alone; its keys are the session's."""
    from django.core.cache import cache

    from stationer.portal.site.start import prepare

    settings.PORTAL = msgspec.structs.replace(
        settings.PORTAL,
        data=tmp_path / "portal",
        keys=tmp_path / "keys",
        edge_folder=tmp_path / "edge",
        keyring=tmp_path / "keys" / "keyring.json",
        trusted_proxies=(),
        requests_of_a_key=10**9,  # how often is asked is tests/portal/test_once.py's
        requests_of_a_company=10**9,
    )
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    settings.STATIC_ROOT = str(tmp_path / "portal" / "static")
    settings.ALLOWED_HOSTS = ["testserver"]
    cache.clear()
    shutil.copytree(keys, settings.PORTAL.keys)
    prepare(settings.PORTAL)
    return settings.PORTAL


@pytest.fixture(autouse=True)
def language(settings):
    """The language of a request stays in its thread: the next test begins with the portal's own again."""
    from django.utils import translation

    translation.activate(settings.LANGUAGE_CODE)


@pytest.fixture
def acme(db):
    """A PEN that asks for no second factor: what is about it says so."""
    from stationer.portal.people.pens import create_pen

    return create_pen("ACME", ("acme.example",), second_factor=False)


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


@pytest.fixture(scope="module")
def kept_harbour():
    """Harbour Dental as it is furnished for this module."""
    from trials.browser.harbour import furnish

    return rows.Kept(furnish)


@pytest.fixture
def harbour(db, portal, kept_harbour, begun_with):
    """A furnished PEN: people, templates, a campaign with its message."""
    return kept_harbour(portal, begun_with)


@pytest.fixture
def owner(client, harbour):
    """A browser in which Harbour Dental's owner is signed in."""
    client.force_login(harbour.alice.account)
    return client
