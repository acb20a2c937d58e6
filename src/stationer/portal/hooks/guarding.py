"""Which addresses a hook may lead to: the server calls what people type, and must not call what only it can reach.

The name is looked up once; what it leads to is checked, and exactly that is called, so that a name server that
answers otherwise a moment later changes nothing. Redirections are not followed.
"""

from __future__ import annotations

import ipaddress
import socket
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

MOST = 2000
PORTS = {"https": 443, "http": 80}


class Forbidden(ValueError):
    """This address is not called; the message says why."""


@dataclass(frozen=True)
class Place:
    """Where a call goes: the checked network address, and what the URL said."""

    ip: str
    port: int
    host: str
    scheme: str
    path: str

    @property
    def url(self) -> str:
        """The URL with the network address in place of the name."""
        ip = f"[{self.ip}]" if ":" in self.ip else self.ip
        return f"{self.scheme}://{ip}:{self.port}{self.path}"

    @property
    def authority(self) -> str:
        """The `Host` header (RFC 9110 §7.2)."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == PORTS[self.scheme] else f"{host}:{self.port}"


def inside_allowed() -> bool:
    """Whether the installation lets hooks lead to private addresses."""
    return bool(settings.PORTAL.hooks_inside)


def check_url(url: str) -> None:
    """What can be said of an address without asking anybody. Raises ValidationError with the field `url`."""
    try:
        split(url)
    except Forbidden as error:
        raise ValidationError({"url": str(error)}) from error


def split(url: str, *, inside: bool | None = None) -> Place:
    """The parts of an address, not looked up yet (`ip` is empty). Raises Forbidden. `inside`: whether private
    addresses are allowed, where another setting than that of hooks says so."""
    allowed = inside_allowed() if inside is None else inside
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").encode("idna").decode(), parts.port
    except (ValueError, UnicodeError):
        raise Forbidden(_("This is no address of a web page.")) from None
    if len(url) > MOST or any(c.isspace() or not c.isprintable() or c == "\\" for c in url):
        raise Forbidden(_("This is no address of a web page."))
    if parts.username is not None or parts.password is not None or parts.fragment:
        raise Forbidden(_("An address without a user name, a password or a # is needed."))
    if parts.scheme not in PORTS or not host:
        raise Forbidden(_("An address that begins with https:// is needed."))
    if parts.scheme == "http" and not (allowed and _is_loopback(host)):
        raise Forbidden(_("An address that begins with https:// is needed; http is not encrypted."))
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    place = Place("", port or PORTS[parts.scheme], host, parts.scheme, path)
    if (literal := _literal(host)) is not None:
        check_ip(literal, inside=allowed)
    return place


def _literal(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def _is_loopback(host: str) -> bool:
    literal = _literal(host)
    return host == "localhost" or (literal is not None and literal.is_loopback)


def is_outside(ip: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    """Whether the whole Internet shares this address, and the one that an address of IPv6 carries inside."""
    return all(
        one.is_global
        and not one.is_multicast
        and not one.is_reserved
        and not getattr(one, "is_site_local", False)
        for one in (ip, *_carried(ip))
    )


def _carried(ip: ipaddress.IPv4Address | ipaddress.IPv6Address) -> list[ipaddress.IPv4Address]:
    """Addresses of IPv4 to which this one of IPv6 leads: mapped, by 6to4, by Teredo. Those of NAT64 are reserved."""
    if isinstance(ip, ipaddress.IPv4Address):
        return []
    return [one for one in (ip.ipv4_mapped, ip.sixtofour, *(ip.teredo or ())) if one is not None]


def check_ip(ip: ipaddress.IPv4Address | ipaddress.IPv6Address, *, inside: bool | None = None) -> None:
    """Raises Forbidden for an address that the whole Internet does not share, unless the installation allows it."""
    allowed = inside_allowed() if inside is None else inside
    if not is_outside(ip) and not (allowed and not ip.is_multicast and not ip.is_unspecified):
        raise Forbidden(_("This address leads inside this network, and only addresses outside are called."))


def look_up(url: str, *, inside: bool | None = None) -> Place:
    """Where a call of this address goes. Raises Forbidden, OSError where the name is not known.

    Every address of the name must be allowed: one that is not makes the name one that leads inside."""
    place = split(url, inside=inside)
    found = socket.getaddrinfo(place.host, place.port, type=socket.SOCK_STREAM)
    addresses = [ipaddress.ip_address(str(one[4][0]).partition("%")[0]) for one in found]
    if not addresses:
        raise OSError(f"{place.host} has no address")
    for ip in addresses:
        check_ip(ip, inside=inside)
    first = next((ip for ip in addresses if ip.version == 4), addresses[0])
    return Place(str(first), place.port, place.host, place.scheme, place.path)
