"""Whether a domain is the company's: a TXT record in its zone says so.

The record stands at `_stationer-challenge.DOMAIN` and reads `stationer-domain=TOKEN`. The token is HMAC-SHA-256 of the
domain under the PEN's mark key, so it is this PEN's alone and needs no row before it is found. A domain that was proven
once stays so; the record may be taken out again.
"""

from __future__ import annotations

import hmac
from base64 import b32encode
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address

import dns.exception
import dns.resolver
import idna
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from stationer.pick.addresses import parents
from stationer.portal.access.models import ProvenDomain
from stationer.portal.people.models import Pen
from stationer.wire.domains import ascii_domain

LABEL, PREFIX = "_stationer-challenge", "stationer-domain="
#: A name server has so long for its answer, in seconds.
PATIENCE_S = 3.0
#: A page that looks by itself asks no more often than this.
GENTLY = timedelta(seconds=30)


@dataclass(frozen=True)
class Challenge:
    """One domain, the record that proves it, and what was found. `said` is empty before the first look."""

    domain: str
    name: str
    value: str
    proven_at: datetime | None
    checked_at: datetime | None = None
    said: str = ""


def token(pen: Pen, domain: str) -> str:
    """26 small letters and figures."""
    key = hmac.digest(bytes(pen.mark_key), b"stationer-domain:" + domain.encode(), "sha256")
    return b32encode(key[:16]).decode().rstrip("=").lower()


def named(pen: Pen) -> list[str]:
    """The domains that the PEN says are its own, each once. `*.` before a domain is of the same zone."""
    return list(dict.fromkeys(one.removeprefix("*.") for one in pen.domains))


def challenges(pen: Pen) -> list[Challenge]:
    """Each domain of the PEN, as far as it is known; nobody is asked."""
    rows = {row.domain: row for row in ProvenDomain.objects.all()}
    found = []
    for domain in named(pen):
        row = rows.get(domain)
        value = PREFIX + token(pen, domain)
        proven_at, checked_at = (row.proven_at, row.checked_at) if row else (None, None)
        found.append(Challenge(domain, f"{LABEL}.{domain}", value, proven_at, checked_at))
    return found


def is_proven(pen: Pen) -> bool:
    """Whether a domain of the PEN is proven: one is enough to begin with."""
    return any(one.proven_at for one in challenges(pen))


def is_own(pen: Pen, address: str) -> bool:
    """Whether an address (canonical) is of a domain that the PEN says is its own and has proven; what `*.` names are
    the domains below."""
    domain = address.rpartition("@")[2]
    above = ["*." + one for one in parents(domain)]
    mine = {one.removeprefix("*.") for one in pen.domains if one == domain or one in above}
    return any(one.proven_at for one in challenges(pen) if one.domain in mine)


def proven() -> frozenset[str]:
    """The domains that the PEN in scope has proven, in ASCII."""
    rows = ProvenDomain.objects.filter(proven_at__isnull=False).values_list("domain", flat=True)
    return frozenset(name for one in rows if (name := ascii_domain(one)))


def is_of(domain: str, zones: Iterable[str]) -> bool:
    """Whether a domain is one of these, or below one: whoever has the zone says what is in it."""
    name = ascii_domain(domain)
    return name is not None and any(name == zone or name.endswith(f".{zone}") for zone in zones)


def look(pen: Pen, *, gently: bool = False) -> list[Challenge]:
    """Ask for what is not proven yet, and keep what is found. `gently`: not again within `GENTLY`."""
    now, found = timezone.now(), []
    for one in challenges(pen):
        if one.proven_at or (gently and one.checked_at and now - one.checked_at < GENTLY):
            found.append(one)
            continue
        said = asked(one)
        told = {"checked_at": now, "proven_at": None if said else now}
        row, _made = ProvenDomain.objects.update_or_create(domain=one.domain, defaults=told)
        found.append(Challenge(one.domain, one.name, one.value, row.proven_at, now, said))
    return found


def asked(one: Challenge) -> str:
    """What is wrong, as a sentence; nothing when the record is there."""
    try:
        name = idna.encode(one.domain, uts46=True).decode()
        answer = resolver().resolve(f"{LABEL}.{name}", "TXT", lifetime=PATIENCE_S, search=False)
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
        return _("There is no such record yet. A new one can take an hour to be seen everywhere.")
    except (dns.exception.DNSException, OSError, idna.IDNAError):
        return _("The name server did not answer. Try again in a few minutes.")
    values = {b"".join(record.strings).decode("ascii", "replace").strip() for record in answer}
    if one.value in values:
        return ""
    return _("There is a record, but it says “{value}”.").format(value=sorted(values)[0][:80])


def resolver() -> dns.resolver.Resolver:
    """The name servers of the setting `portal.name_servers`, or those of the machine."""
    named = settings.PORTAL.name_servers
    if not named:
        return dns.resolver.Resolver()
    made = dns.resolver.Resolver(configure=False)
    made.nameservers = [dns.nameserver.Do53Nameserver(*_place(one)) for one in named]
    return made


def _place(text: str) -> tuple[str, int]:
    """`ADDRESS` or `ADDRESS:PORT`; an IPv6 address with a port stands in brackets. Raises ValueError."""
    try:
        return str(ip_address(text.strip("[]"))), 53
    except ValueError:
        host, _, port = text.rpartition(":")
        return str(ip_address(host.strip("[]"))), int(port)
