"""A company's own link domain: which it is, the DNS entry to make, and whether it leads to the edge.

It must be below a domain that the company has proven (access.domains), so nobody takes another's. It is proven when its
name has the addresses of the installation's own link address and nothing else, and when `https://NAME/livez` is
answered there with a certificate that is valid for the name. Only then the next Publish writes links with it; what has
left goes on working under every name that ever led here.
"""

from __future__ import annotations

import http.client
import socket
import ssl
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

import dns.exception
import dns.resolver
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from stationer.portal.access.domains import PATIENCE_S, resolver
from stationer.portal.access.models import ProvenDomain
from stationer.portal.people.models import Pen
from stationer.wire.domains import ascii_domain

#: Where a link domain is asked; readers' links have no port.
PORT = 443


@dataclass(frozen=True)
class Entry:
    """The DNS entry to make."""

    kind: str
    name: str
    value: str


def entry(host: str) -> Entry:
    """What makes `host` lead to the edge."""
    ours = urlsplit(settings.LINK_URL).hostname or ""
    try:
        return Entry("AAAA" if ip_address(ours).version == 6 else "A", host, ours)
    except ValueError:
        return Entry("CNAME", host, ours)


def choose(pen: Pen, text: str) -> None:
    """Make this the PEN's link domain, not proven yet; nothing takes it away. Raises ValidationError."""
    written = text.strip().lower().removeprefix("https://").rstrip("/.")
    host = ascii_domain(written) or ""
    labels = host.split(".")
    if text.strip() and (len(labels) < 2 or len(host) > 253 or not all(map(_is_label, labels))):
        raise ValidationError(_("Write a name such as links.{domain}.").format(domain=example(pen)))
    if host and not _is_own(host):
        said = _(
            "{host} is below no domain that you have proven. Prove the domain first, or choose a name below it."
        )
        raise ValidationError(said.format(host=host))
    if host != pen.link_host:
        pen.link_host, pen.link_host_proven_at = host, None
        pen.save()


def _is_label(label: str) -> bool:
    return 0 < len(label) < 64 and label.replace("-", "a").isalnum() and label.strip("-") == label


def _is_own(host: str) -> bool:
    proven = ProvenDomain.objects.filter(proven_at__isnull=False).values_list("domain", flat=True)
    return any(host.endswith(f".{ascii_domain(domain)}") for domain in proven)


def example(pen: Pen) -> str:
    """A domain to show how a name is written."""
    return next((domain.removeprefix("*.") for domain in pen.domains), "example.com")


def look(pen: Pen) -> str:
    """What is wrong with the link domain, in a sentence; nothing when it leads to the edge, which is then kept. One
    that was proven and leads elsewhere now is proven no more: the next Publish writes the installation's own."""
    said = _wrong(pen.link_host)
    if said and pen.link_host_proven_at is not None:
        pen.link_host_proven_at = None
        pen.save()
    elif not said and pen.link_host_proven_at is None:
        pen.link_host_proven_at = timezone.now()
        pen.save()
    return said


def _wrong(host: str) -> str:
    ours = urlsplit(settings.LINK_URL).hostname or ""
    if not (wanted := _addresses(ours)):
        said = _(
            "This installation's own link address, {host}, has no address in DNS. Whoever runs it can mend that."
        )
        return said.format(host=ours)
    found = _addresses(host)
    if not found:
        return _("There is no such DNS entry yet. A new one can take an hour to be seen everywhere.")
    if not found <= wanted:
        elsewhere = ", ".join(sorted(found - wanted))
        return _("It leads to {elsewhere} and not here. Make the entry as it stands above.").format(
            elsewhere=elsewhere
        )
    return _untrusted(host, min(found))


def _addresses(host: str) -> set[str]:
    """All addresses of a name, by the name servers that the portal asks."""
    try:
        return {str(ip_address(host))}
    except ValueError:
        pass
    found: set[str] = set()
    for kind in ("A", "AAAA"):
        try:
            answer = resolver().resolve(host, kind, lifetime=PATIENCE_S, search=False)
        except (dns.exception.DNSException, OSError):
            continue
        found |= {str(ip_address(record.address)) for record in answer}
    return found


def _untrusted(host: str, address: str) -> str:
    """What is wrong with the answer at this address, asked as a reader's browser asks. It is one of our own."""
    try:
        status, body = _asked(host, address)
    except ssl.SSLCertVerificationError as fault:
        said = _(
            "The certificate there is not valid for {host}: {reason}. Whoever runs this installation can get one."
        )
        return said.format(host=host, reason=fault.verify_message)
    except (OSError, http.client.HTTPException):
        said = _("Nothing answers at https://{host}/. Whoever runs this installation has to let it in.")
        return said.format(host=host)
    fine = status == 200 and body == b"ok\n"
    return (
        ""
        if fine
        else _("Something else than this installation answers at https://{host}/.").format(host=host)
    )


def _asked(host: str, address: str) -> tuple[int, bytes]:
    """Status and body of `GET https://HOST/livez` at this address. Raises OSError, as `ssl` does, and HTTPException."""
    trusted = ssl.create_default_context()
    with (
        socket.create_connection((address, PORT), PATIENCE_S) as plain,
        trusted.wrap_socket(plain, server_hostname=host) as secure,
    ):
        secure.sendall(f"GET /livez HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
        answer = http.client.HTTPResponse(secure)
        answer.begin()
        return answer.status, answer.read(8)
