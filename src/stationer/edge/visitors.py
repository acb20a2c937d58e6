"""Who follows a link, as far as the request says so: a network address, a program, a few hints (uplink.md §2)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from stationer.settings.proxies import Proxies

#: Characters that are kept of a User-Agent, and of a hint.
MOST_AGENT, MOST_HINT = 300, 100
#: Characters of an X-Forwarded-For that are read.
MOST_CHAIN = 2_000

#: What a request says of itself, by its name in an environ (PEP 3333) and in the journal.
_HINTS = {
    "HTTP_PURPOSE": "purpose",
    "HTTP_SEC_PURPOSE": "sec-purpose",
    "HTTP_SEC_FETCH_SITE": "sec-fetch-site",
    "HTTP_SEC_FETCH_MODE": "sec-fetch-mode",
    "HTTP_SEC_FETCH_USER": "sec-fetch-user",
    "HTTP_SEC_FETCH_DEST": "sec-fetch-dest",
    "HTTP_ACCEPT_LANGUAGE": "accept-language",
    "HTTP_DNT": "dnt",
    "HTTP_SEC_GPC": "sec-gpc",
}


class Visitor(NamedTuple):
    """A network address, a User-Agent, hints by name."""

    address: str
    agent: str
    hints: dict[str, str]


class Visitors:
    """Reads requests. X-Forwarded-For is believed of these proxies and of nobody else."""

    def __init__(self, proxies: Sequence[str] = ()) -> None:
        """Addresses or networks. Raises ValueError for what is neither."""
        self._proxies = Proxies(proxies)

    def of(self, environ: Mapping[str, Any]) -> Visitor:
        """Whose request this is."""
        hints = {name: environ[key][:MOST_HINT] for key, name in _HINTS.items() if environ.get(key)}
        address = environ.get("REMOTE_ADDR", "")
        if self._proxies.trusts(address):
            address = self._proxies.asker(environ.get("HTTP_X_FORWARDED_FOR", "")[:MOST_CHAIN]) or address
        return Visitor(address, environ.get("HTTP_USER_AGENT", "")[:MOST_AGENT], hints)
