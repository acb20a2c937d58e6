"""Host names under which the portal is a partner's, and what it is called there: white label (contract/partners.md §5).

A name counts from the moment its zone said, by a TXT record, that it is this partner's. `site.known_hosts`
lets Django answer to it; which name is whose is kept in the cache and forgotten with every change.
"""

from __future__ import annotations

import hmac
from base64 import b32encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import dns.exception
import dns.resolver
from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from stationer.portal.access.domains import PATIENCE_S, resolver
from stationer.portal.partners.models import Host
from stationer.portal.people.models import Partner, Pen
from stationer.portal.site.known_hosts import HostsOfPartners
from stationer.watch.log import Voice
from stationer.wire.domains import ascii_domain

LABEL, PREFIX = "_stationer-challenge", "stationer-partner="
KEY, KEPT_S = "partner-hosts", 300
#: A proven name is looked at again after so long, so many in one turn; with its record gone so long it is over.
AGAIN, AT_ONCE, GONE = timedelta(days=1), 5, timedelta(days=7)
say = Voice("partners")


@dataclass(frozen=True)
class Label:
    """What the portal is called at a host; `company`: the outside id of the PEN whose own name it is; `path`: whose
    the host is, in the tree of partners."""

    house: str = ""
    logo: str = ""
    host: str = ""
    brand: tuple[tuple[str, str], ...] = ()
    company: str = ""
    company_name: str = ""
    path: str = ""


def known() -> dict[str, tuple[bool, str]]:
    """Every proven host: whether companies stand below it, and the hex id of its partner."""
    found: dict[str, tuple[bool, str]] | None = cache.get(KEY)
    if found is None:
        rows = Host.objects.filter(proven_at__isnull=False)
        found = {row.host: (row.below, row.partner_id.hex) for row in rows}
        cache.set(KEY, found, KEPT_S)
    return found


def changed(**_: Any) -> None:
    """A host or a door was written."""
    cache.delete(KEY)


def label_of(line: Sequence[Partner]) -> Label:
    """What the portal is called for these partners, from the top down: the nearest that says so."""
    house = next((one.house for one in reversed(line) if one.house), "")
    logo = next((one.logo for one in reversed(line) if one.logo), "")
    host = next((row.host for one in reversed(line) for row in _proven(one)[:1]), "")
    brand: dict[str, str] = {}
    for one in line:
        brand |= {name: str(value) for name, value in one.brand.items()}
        if one.brand_locked:
            break
    return Label(house, f"/label/{logo}" if logo else "", host, tuple(sorted(brand.items())))


def _proven(partner: Partner) -> list[Host]:
    return list(Host.objects.filter(partner=partner, proven_at__isnull=False).order_by("created_at"))


def url_of(line: Sequence[Partner], slug: str) -> str:
    """Where a company's people reach the portal: their own name below a host, else the host itself."""
    rows = next((rows for one in reversed(line) if (rows := _proven(one))), [])
    if not rows:
        return ""
    own = next((row for row in rows if row.below), None)
    return written(f"{slug}.{own.host}" if own and slug else rows[0].host)


def written(host: str) -> str:
    """The address of a host, with the scheme and the port of the installation."""
    public = urlsplit(settings.PUBLIC_URL)
    port = f":{public.port}" if public.port else ""
    return f"{public.scheme}://{host}{port}"


def at(host: str) -> Label | None:
    """What is at this host name; None where it is the installation's own."""
    name = host.partition(":")[0].lower()
    if any(name == one for one in settings.ALLOWED_HOSTS if not isinstance(one, HostsOfPartners)):
        return None
    host, partner = whose(name) or ("", "")
    return _at(name, host, partner) if partner else None


def whose(name: str) -> tuple[str, str] | None:
    """The proven host that this name is, or stands below, the nearest; and the hex id of its partner."""
    for host, (below, partner) in sorted(known().items(), key=lambda one: -len(one[0])):
        if name == host or (below and name.endswith(f".{host}")):
            return host, partner
    return None


def _at(name: str, host: str, partner: str) -> Label | None:
    row = Partner.objects.filter(pk=partner).first()
    if row is None:
        return None
    from stationer.portal.partners.handing import above

    label = label_of(above(row))
    slug = name.removesuffix(host).rstrip(".")
    doors = Pen.objects.exclude(standing=Pen.Standing.ENDED).filter(partner__path__startswith=row.path)
    pen = doors.filter(slug=slug).first() if slug else None
    company = (pen.outside_id, pen.name) if pen else ("", "")
    return Label(label.house, label.logo, name, label.brand, *company, row.path)


# ── a new name, and whose it is ──


def normal_host(text: str) -> str:
    """A host name as it is kept. Raises ValidationError."""
    said = text.strip().lower().removeprefix("https://").rstrip("/.")
    host = ascii_domain(said) or ""
    parts = host.split(".")
    if len(parts) < 2 or len(host) > 253 or not all(_is_label(one) for one in parts):
        raise ValidationError(_("Write a name such as mail.example.com."))
    ours = {urlsplit(settings.PUBLIC_URL).hostname or "", *settings.PORTAL.hosts}
    if any(host == one or host.endswith(f".{one}") for one in ours if one):
        raise ValidationError(_("This name belongs to whoever runs this installation."))
    return host


def _is_label(label: str) -> bool:
    return 0 < len(label) < 64 and label.replace("-", "a").isalnum() and label.strip("-") == label


def record_of(row: Host) -> tuple[str, str]:
    """The TXT record that proves a host: its name and what it says."""
    key = hmac.digest(settings.SECRET_KEY.encode(), f"{row.partner_id.hex}:{row.host}".encode(), "sha256")
    return f"{LABEL}.{row.host}", PREFIX + b32encode(key[:16]).decode().rstrip("=").lower()


def look(row: Host) -> str:
    """What is wrong, as a sentence; nothing when the record is there, and then the name counts."""
    said = _said(row)
    if said is None:
        return _("The name server did not answer. Try again in a few minutes.")
    if not said:
        return _("There is no such record yet. A new one can take an hour to be seen everywhere.")
    if record_of(row)[1] not in said:
        return _("There is a record, but it says something else.")
    return prove(row)


def _said(row: Host) -> set[str] | None:
    """What the zone says there; None where no name server answered."""
    try:
        answer = resolver().resolve(record_of(row)[0], "TXT", lifetime=PATIENCE_S, search=False)
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
        return set()
    except (dns.exception.DNSException, OSError):
        return None
    return {b"".join(record.strings).decode("ascii", "replace").strip() for record in answer}


def look_again() -> int:
    """The proven names that nobody has looked at for a day, some of them: one whose record has been gone for days is
    nobody's any more. Returns how many that are."""
    now = timezone.now()
    due = Q(looked_at=None) | Q(looked_at__lt=now - AGAIN)
    rows = Host.objects.filter(due, proven_at__isnull=False).order_by(F("looked_at").asc(nulls_first=True))
    return sum(_over(row, now) for row in rows[:AT_ONCE])


def _over(row: Host, now: datetime) -> bool:
    said, row.looked_at = _said(row), now
    if said is not None:  # a silent name server says nothing of it
        row.missing_since = None if record_of(row)[1] in said else row.missing_since or now
    over = row.missing_since is not None and row.missing_since < now - GONE
    if over:
        row.proven_at = row.missing_since = None
        say.warning("host-over", host=row.host)
    row.save()
    if over:
        from stationer.portal.partners.handing import want

        want(row.partner)
    return over


def prove(row: Host) -> str:
    """The name counts from now on, unless another partner's does already. Returns what is wrong."""
    taken = _("Another partner has this name already. Ask whoever runs this installation.")
    for host, (below, partner) in known().items():
        same = host == row.host or (below and row.host.endswith(f".{host}"))
        if same and partner != row.partner_id.hex:
            return taken
    row.proven_at = row.looked_at = timezone.now()
    row.missing_since = None
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:  # another partner has proven it a moment ago
        row.proven_at = None
        changed()
        return taken
    return ""
