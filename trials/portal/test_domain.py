"""A domain is proven by a line in its zone: asked of a real name server (dnsmasq), and told in words when it is not."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import dns.exception
import dns.message
import dns.query
import msgspec
import pytest
from django.test import Client

from stationer.portal.access import domains
from stationer.portal.access.accounts import give_access
from stationer.portal.audit.models import Entry
from stationer.portal.people.models import Pen
from stationer.portal.people.pens import create_pen
from stationer.portal.people.scope import pen_scope
from trials.conftest import leave_out
from trials.servers.running import free_port, program

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def there() -> None:
    leave_out("" if program("dnsmasq") else "dnsmasq is not installed (Debian: dnsmasq-base)")


@contextmanager
def name_server(*records: tuple[str, str], hosts: tuple[tuple[str, str], ...] = ()) -> Iterator[str]:
    """dnsmasq with these TXT records and addresses of hosts, and nothing else; its ADDRESS:PORT."""
    port = free_port()
    command = [
        str(program("dnsmasq")),
        "--keep-in-foreground",
        "--no-resolv",
        "--no-hosts",
        "--conf-file=/dev/null",
    ]
    command += ["--listen-address=127.0.0.1", "--bind-interfaces", f"--port={port}", "--pid-file="]
    command += ["--local=/acme.example/", *(f"--txt-record={name},{value}" for name, value in records)]
    command += ["--local=/example/", *(f"--host-record={name},{address}" for name, address in hosts)]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(100):
            try:
                dns.query.udp(dns.message.make_query("acme.example", "TXT"), "127.0.0.1", 0.2, port)
                break
            except (dns.exception.Timeout, OSError):
                assert server.poll() is None, "dnsmasq ended"
                time.sleep(0.05)
        yield f"127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(10)


@pytest.fixture
def acme(db: Any) -> Pen:
    return create_pen("ACME", ("acme.example", "*.shop.acme.example"))


def ask(settings: Any, at: str) -> None:
    settings.PORTAL = msgspec.structs.replace(settings.PORTAL, name_servers=(at,))


def test_the_record_proves_the_domain_and_need_not_stay(acme: Pen, settings: Any) -> None:
    with pen_scope(acme):
        first, second = domains.challenges(acme)
        assert second.domain == "shop.acme.example"
        with name_server((first.name, first.value)) as at:
            ask(settings, at)
            proven, open_ = domains.look(acme)
        assert proven.proven_at and not proven.said
        assert open_.proven_at is None and "no such record yet" in open_.said
        assert domains.is_proven(acme)
        with name_server() as at:  # the record was taken out
            ask(settings, at)
            assert domains.look(acme)[0].proven_at == proven.proven_at
        assert Entry.objects.filter(noun="provendomain", called="acme.example").exists()


def test_another_companys_record_proves_nothing(acme: Pen, settings: Any) -> None:
    other = create_pen("Other", ("acme.example",))
    with pen_scope(other):
        theirs = domains.challenges(other)[0]
    with pen_scope(acme), name_server((theirs.name, theirs.value)) as at:
        ask(settings, at)
        found = domains.look(acme)[0]
    assert found.proven_at is None and "There is a record, but it says" in found.said


def test_a_name_server_that_does_not_answer_is_said_and_loses_nothing(acme: Pen, settings: Any) -> None:
    settings.PORTAL = msgspec.structs.replace(settings.PORTAL, name_servers=(f"127.0.0.1:{free_port()}",))
    with pen_scope(acme):
        assert all("did not answer" in one.said for one in domains.look(acme))
        assert not domains.is_proven(acme)


def test_the_first_page_sees_it_without_being_asked_and_asks_gently(acme: Pen, settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["testserver"]
    with pen_scope(acme):
        alice = give_access("alice@acme.example", role="owner")
        challenge = domains.challenges(acme)[0]
    browser = Client()
    browser.force_login(alice.account)
    with name_server() as at:
        ask(settings, at)
        assert "is-done" not in browser.get("/first-run/").content.decode()
    with name_server((challenge.name, challenge.value)) as at:
        ask(settings, at)
        assert "is-done" not in browser.get("/first-run/").content.decode()  # asked a moment ago
        page = browser.post("/settings/domains/").content.decode()
        assert "proven" in page
    assert "1 of 6 done" in browser.get("/first-run/").content.decode()
