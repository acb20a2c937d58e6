"""Where an account is signed in: each browser with what it is, where it is, and when it was last here; and its end.

The sessions are the truth (access.sessions); these rows say what the session itself does not. A session that is ended
is gone from the database, so its very next request is one of somebody who is not signed in.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from ipaddress import ip_address, ip_network
from typing import cast

from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from stationer.portal.access.models import Account, SignIn
from stationer.portal.access.sessions import hashed

#: `seen_at` is good to this much, in seconds, so that a page does not cost a write.
SEEN_S = 300
BROWSERS = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("Firefox", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)


#: Addresses that companies give out themselves (RFC 1918, RFC 4193, RFC 6598).
INSIDE = [
    ip_network(one) for one in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7")
]


@dataclass(frozen=True)
class Sitting:
    """One browser, in words."""

    id: str
    browser: str
    place: str
    began_at: datetime
    seen_at: datetime
    here: bool


def note(request: HttpRequest, account: Account | None = None) -> None:
    """This browser was here just now. Most pages write nothing (the cache knows); every five minutes one row."""
    key = request.session.session_key
    if key is None or not cache.add(f"sitting:{hashed(key)}", True, SEEN_S):
        return
    now, ip = timezone.now(), request.META.get("REMOTE_ADDR") or None
    agent = request.headers.get("User-Agent", "")[:300]
    who = account or cast(Account, request.user)
    row = SignIn(account=who, session=hashed(key), agent=agent, ip=ip, seen_at=now)
    SignIn.objects.bulk_create(
        [row], update_conflicts=True, unique_fields=["session"], update_fields=["agent", "ip", "seen_at"]
    )


def sittings(request: HttpRequest) -> list[Sitting]:
    """Where this account is signed in, this browser first. Rows whose session is over are forgotten."""
    rows = list(SignIn.objects.filter(account=cast(Account, request.user)))
    alive = set(
        Session.objects.filter(
            session_key__in=[row.session for row in rows], expire_date__gt=timezone.now()
        ).values_list("session_key", flat=True)
    )
    over = [row.pk for row in rows if row.session not in alive]
    if over:
        SignIn.objects.filter(pk__in=over).delete()
    mine, ip = hashed(str(request.session.session_key)), request.META.get("REMOTE_ADDR", "")
    found = [
        Sitting(
            str(row.pk),
            browser(row.agent),
            place(row.ip or "", ip),
            row.began_at,
            row.seen_at,
            row.session == mine,
        )
        for row in rows
        if row.session in alive
    ]
    return sorted(found, key=lambda one: not one.here)


def end(request: HttpRequest, which: str) -> int:
    """End one sitting of this account by its id, or all `others`. Returns how many; it is in force at once."""
    rows = SignIn.objects.filter(account=cast(Account, request.user))
    others = rows.exclude(session=hashed(str(request.session.session_key)))
    wanted = [row for row in others if which in ("others", str(row.pk))]
    Session.objects.filter(session_key__in=[row.session for row in wanted]).delete()
    SignIn.objects.filter(pk__in=[row.pk for row in wanted]).delete()
    return len(wanted)


def browser(agent: str) -> str:
    """What a User-Agent says, in words: “Firefox on Windows”."""
    name = next((name for token, name in BROWSERS if re.search(rf"{token}/", agent)), "")
    system = next((name for token, name in SYSTEMS if token in agent), "")
    if name and system:
        return _("{browser} on {system}").format(browser=name, system=system)
    return name or system or _("a browser we do not know")


def place(ip: str, here: str) -> str:
    """Where an address is, as far as an address says: no map is asked."""
    if not ip:
        return _("from a place we do not know")
    if ip == here:
        return _("from where you are now")
    if ip_address(ip).is_loopback:
        return _("from the server itself")
    if any(ip_address(ip) in network for network in INSIDE):
        return _("from inside a company network ({ip})").format(ip=ip)
    return _("from the address {ip}").format(ip=ip)
