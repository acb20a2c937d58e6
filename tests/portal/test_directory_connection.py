"""A server that drips, never ends, or shows a certificate of another name holds nobody and is not believed."""

from __future__ import annotations

import ipaddress
import socket
import ssl
import threading
import time
from itertools import count

import msgspec
import pytest
from trials.servers.certificate import make_certificate

from stationer.portal.directories.ldap import connecting, reading
from stationer.portal.directories.ldap.connecting import Bounded, opened
from stationer.portal.directories.models import Directory
from stationer.portal.directories.sealing import password_of, seal
from stationer.portal.directories.told import Problem
from stationer.portal.hooks.guarding import is_outside


@pytest.fixture
def ends():
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield ours, theirs


def test_a_server_that_drips_is_left_when_the_time_is_over(ends):
    bounded = Bounded(ends[0], time.monotonic() + 0.2)
    with pytest.raises((Problem, TimeoutError)):
        for _ in range(20):
            ends[1].send(b"x")
            bounded.recv(10)
            time.sleep(0.05)
    silent = Bounded(ends[0], time.monotonic() + 0.2)
    with pytest.raises((Problem, TimeoutError)):
        for _ in range(3):
            silent.recv(10)


def test_an_answer_without_an_end_is_left_and_every_request_has_its_own(ends, monkeypatch):
    monkeypatch.setattr(connecting, "MOST_ANSWER", 5)
    bounded = Bounded(ends[0], time.monotonic() + 60)
    for _ in range(3):
        bounded.sendall(b"?")
        ends[1].send(b"answer")
        assert bounded.recv(10) == b"answer"
    with pytest.raises(Problem, match="broken"):
        bounded.recv(10)


def test_pages_with_nobody_on_them_come_to_an_end():
    class Empty:
        result = {"result": 0, "controls": {reading.PAGED: {"value": {"cookie": b"x"}}}}
        response = ()
        asked = count()

        def search(self, *_args, **_options):
            assert next(self.asked) < 1000

    with pytest.raises(Problem, match="answer"):
        list(reading._entries(Empty(), "dc=x", "(a=*)", ["mail"], limit=5))


def test_a_certificate_of_the_address_is_none_of_the_name_that_was_typed(portal, tmp_path, monkeypatch):
    certificate, key = make_certificate(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    heard = []

    def serve(listening):
        try:
            with listening.accept()[0] as plain, context.wrap_socket(plain, server_side=True) as one:
                heard.append(one.recv(1000))
        except OSError:
            heard.append(b"")

    with socket.create_server(("127.0.0.1", 0)) as listening:
        serving = threading.Thread(target=serve, args=[listening])
        serving.start()
        monkeypatch.setattr(connecting, "look_up", lambda host, port: "127.0.0.1")
        row = Directory(
            host="dc.example",
            port=listening.getsockname()[1],
            base="dc=x",
            authorities=certificate.read_text(),
        )
        with pytest.raises(Problem, match="tls"), opened(row, 5):
            pytest.fail("it was believed")
        serving.join()
    assert heard == [b""]


@pytest.mark.parametrize(
    "ip", ["fec0::1", "64:ff9b::a00:1", "::ffff:10.0.0.1", "2002:a00:1::1", "2001:0:a00:1::1", "fc00::1", "fe80::1"]
)  # fmt: skip
def test_addresses_that_lead_inside_by_another_way_are_inside(ip):
    assert not is_outside(ipaddress.ip_address(ip))
    assert is_outside(ipaddress.ip_address("2606:4700::1111")) and is_outside(ipaddress.ip_address("1.1.1.1"))


def test_without_encryption_only_a_server_inside_is_called(portal, settings, monkeypatch):
    settings.PORTAL = msgspec.structs.replace(settings.PORTAL, directories_inside=True)
    monkeypatch.setattr(connecting, "look_up", lambda host, port: "1.1.1.1")
    row = Directory(host="ldap.example.com", port=389, security=Directory.Security.NONE)
    with pytest.raises(Problem, match="plain"), opened(row, 5):
        pass


@pytest.mark.django_db
def test_a_password_does_not_go_to_a_server_that_another_authority_vouches_for(in_acme):
    row = Directory(host="dc.example.com", port=636, authorities="-----BEGIN CERTIFICATE-----")
    row.password = seal(row, "s3cret")
    assert password_of(row) == "s3cret"
    row.authorities = "-----BEGIN CERTIFICATE----- of somebody else"
    with pytest.raises(Problem, match="password"):
        password_of(row)
