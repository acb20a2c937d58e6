"""A link domain is taken when DNS (dnsmasq) and a TLS connection say that it leads to the edge, and by no word before."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import msgspec
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from stationer.portal.access import link_domain
from stationer.portal.access.accounts import give_access
from stationer.portal.access.models import ProvenDomain
from stationer.portal.people.models import Pen
from stationer.portal.people.pens import create_pen
from stationer.portal.people.scope import pen_scope
from stationer.portal.publishing.defining import link_base
from trials.conftest import leave_out
from trials.portal.test_domain import name_server
from trials.servers.running import free_port, program

pytestmark = pytest.mark.django_db
OURS, HOST = "go.stationer.example", "links.acme.example"


@pytest.fixture(autouse=True)
def there() -> None:
    leave_out("" if program("dnsmasq") else "dnsmasq is not installed (Debian: dnsmasq-base)")


@pytest.fixture
def acme(settings: Any) -> Pen:
    settings.LINK_URL = f"https://{OURS}"
    settings.ALLOWED_HOSTS = ["testserver"]
    pen = create_pen("ACME", ("acme.example",))
    with pen_scope(pen):
        ProvenDomain.objects.create(domain="acme.example", proven_at=timezone.now())
    return pen


def certificate(folder: Path, name: str) -> Path:
    """A certificate for a name that signs itself, with its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    called = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(called)
        .issuer_name(called)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = folder / f"{name}.pem"
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    file.write_bytes(private + made.public_bytes(Encoding.PEM))
    return file


class Front(BaseHTTPRequestHandler):
    """What stands before an edge."""

    def do_GET(self) -> None:
        body = b"ok\n" if self.path == "/livez" and self.headers["Host"] == HOST else b"something else"
        self.send_response(200)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Silent."""


@contextmanager
def front(file: Path, handler: type[Front] = Front) -> Iterator[int]:
    """A TLS server with this certificate; its port."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()


@contextmanager
def dns(settings: Any, *hosts: tuple[str, str]) -> Iterator[None]:
    """These addresses and no other."""
    with name_server(hosts=hosts) as at:
        settings.PORTAL = msgspec.structs.replace(settings.PORTAL, name_servers=(at,))
        yield


def test_only_what_leads_here_with_a_right_certificate_is_used(
    acme: Pen, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = ((OURS, "127.0.0.1"), (HOST, "127.0.0.1"))
    right = certificate(tmp_path, HOST)
    monkeypatch.setenv("SSL_CERT_FILE", str(right))
    with pen_scope(acme):
        link_domain.choose(acme, f" https://{HOST.upper()}/ ")
        assert acme.link_host == HOST
        assert link_domain.entry(HOST) == link_domain.Entry("CNAME", HOST, OURS)
        with dns(settings, (OURS, "127.0.0.1")):
            assert "no such DNS entry yet" in link_domain.look(acme)
        with dns(settings, (OURS, "127.0.0.1"), (HOST, "127.0.0.9")):
            assert "leads to 127.0.0.9 and not here" in link_domain.look(acme)
        with dns(settings, (HOST, "127.0.0.1")):
            assert f"own link address, {OURS}, has no address" in link_domain.look(acme)
        with dns(settings, *here):
            monkeypatch.setattr(link_domain, "PORT", free_port())
            assert "Nothing answers at https://" in link_domain.look(acme)
            for name, said in (("other.example", "not valid for links.acme.example"), (HOST, "")):
                monkeypatch.setenv("SSL_CERT_FILE", str(certificate(tmp_path, name)))
                with front(tmp_path / f"{name}.pem") as port:
                    monkeypatch.setattr(link_domain, "PORT", port)
                    assert link_base(acme) == f"https://{OURS}/c/"
                    assert said in link_domain.look(acme)
                    assert bool(acme.link_host_proven_at) == (not said)
            assert link_base(acme) == f"https://{HOST}/c/"
            monkeypatch.setattr(link_domain, "PORT", free_port())
            assert link_domain.look(acme)
            assert link_base(acme) == f"https://{OURS}/c/"


def test_another_server_behind_a_right_certificate_is_not_the_edge(
    acme: Pen, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Other(Front):
        def do_GET(self) -> None:
            self.send_error(404)

    file = certificate(tmp_path, HOST)
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    with pen_scope(acme), dns(settings, (OURS, "127.0.0.1"), (HOST, "127.0.0.1")), front(file, Other) as port:
        monkeypatch.setattr(link_domain, "PORT", port)
        link_domain.choose(acme, HOST)
        assert "Something else than this installation" in link_domain.look(acme)


def test_a_name_must_be_one_and_below_a_domain_that_is_proven(acme: Pen) -> None:
    with pen_scope(acme):
        for wrong in (
            "links",
            "links.other.example",
            "acme.example",
            "a b.acme.example",
            "-.acme.example",
            "x" * 64 + ".acme.example",
        ):
            with pytest.raises(ValidationError):
                link_domain.choose(acme, wrong)
        assert acme.link_host == ""
        link_domain.choose(acme, HOST)
        link_domain.choose(acme, "")
        assert acme.link_host == ""


def test_the_page_tells_the_entry_and_what_is_wrong(acme: Pen, settings: Any) -> None:
    with pen_scope(acme):
        alice = give_access("alice@acme.example", role="owner")
    browser = Client()
    browser.force_login(alice.account)
    assert "links.acme.example" in browser.get("/settings/links/").content.decode()
    refused = browser.post("/settings/links/", {"host": "links.other.example"})
    assert (refused.status_code, "below no domain that you have proven" in refused.content.decode()) == (
        422,
        True,
    )
    assert browser.post("/settings/links/", {"host": HOST}).status_code == 302
    page = browser.get("/settings/links/").content.decode()
    assert "CNAME" in page and OURS in page and "not in use yet" in page
    with dns(settings, (OURS, "127.0.0.1")):
        assert "no such DNS entry yet" in browser.post("/settings/links/", {"look": "1"}).content.decode()
