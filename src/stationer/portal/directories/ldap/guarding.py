"""Which servers a directory may be at: what people type is asked of the server, which reaches more than they do.

The name is looked up once, and exactly what was checked is called. Where the installation says so, directories are
inside its own network (portal.directories_inside).
"""

from __future__ import annotations

import ipaddress
import socket

from django.conf import settings

from stationer.portal.directories.told import Problem
from stationer.portal.hooks.guarding import is_outside


def inside_allowed() -> bool:
    """Whether directories may be at private addresses."""
    return bool(settings.PORTAL.directories_inside)


def look_up(host: str, port: int) -> str:
    """The network address to call. Raises Problem `unknown-host`, `inside`."""
    try:
        found = socket.getaddrinfo(host.encode("idna").decode(), port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise Problem("unknown-host", host=host) from None
    ips = [ipaddress.ip_address(str(one[4][0]).partition("%")[0]) for one in found]
    if not ips:
        raise Problem("unknown-host", host=host)
    if any(ip.is_multicast or ip.is_unspecified for ip in ips):
        raise Problem("inside", host=host)
    if not inside_allowed() and not all(map(is_outside, ips)):
        raise Problem("inside", host=host)
    return str(next((ip for ip in ips if ip.version == 4), ips[0]))
