"""How a mail server is reached: shared by imap, smtp and the agent's file of mailboxes."""

from __future__ import annotations

import re
from typing import Literal

import msgspec

#: tls: from the first byte; starttls: upgraded before anything else is said; plain: on loopback alone.
Security = Literal["tls", "starttls", "plain"]


class Server(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One server of one user."""

    host: str
    port: int
    security: Security = "tls"


def parse_server(text: str, security: Security) -> Server:
    """`HOST:PORT` or `[ADDRESS]:PORT`. Raises ValueError with a sentence for its author."""
    host, colon, port = text.rpartition(":")
    host = host.removeprefix("[").removesuffix("]")
    if not colon or not host or not port.isascii() or not port.isdigit() or not 0 < int(port) < 65536:
        raise ValueError(f"{text!r} is not HOST:PORT, for example mail.example.org:993")
    if security == "plain" and not is_loopback(host):
        raise ValueError(
            f"plain sends the password in the clear: it is allowed to this machine only, not to {host}"
        )
    return Server(host, int(port), security)


def is_loopback(host: str) -> bool:
    """Whether `host` is this machine, told without asking DNS."""
    return host.lower() in ("localhost", "::1") or re.fullmatch(r"127(\.\d{1,3}){3}", host) is not None
