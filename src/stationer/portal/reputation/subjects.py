"""What is watched, from settings and rows; and all that is known of one thing before DNS is asked."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from stationer.portal.delivery.writing import own_address
from stationer.portal.people.models import Pen
from stationer.portal.people.scope import outside_scope, pen_scope
from stationer.portal.reputation.models import SendingDomain, Watched

Kind = Watched.Kind


@dataclass(frozen=True)
class Subject:
    """A thing, and what its checks want to know. Empty: not known, so not looked at."""

    kind: str
    name: str
    addresses: tuple[str, ...] = ()
    helo: str = ""
    selector: str = ""
    key: str = ""
    bounce: str = ""
    bounces_to: str = ""


def _addresses() -> tuple[str, ...]:
    return tuple(str(ip_address(one)) for one in settings.PORTAL.sending.addresses)


def of_installation() -> list[Subject]:
    """Nothing where nobody said what mail leaves from."""
    sending, addresses = settings.PORTAL.sending, _addresses()
    if not addresses:
        return []
    found = [Subject(Kind.ADDRESS, one, helo=sending.helo) for one in addresses]
    if sending.helo:
        found.append(Subject(Kind.HELO, sending.helo.lower(), addresses=addresses))
    domain = own_address().rpartition("@")[2].lower()
    if "." in domain:
        found.append(Subject(Kind.DOMAIN, domain, addresses=addresses, bounce=domain))
    link = urlsplit(settings.LINK_URL)
    if link.scheme == "https" and link.hostname:
        found.append(Subject(Kind.LINK, link.hostname))
    return found


def of_pen(pen: Pen) -> list[Subject]:
    """Its sending domains, and its link domain once that leads here."""
    found = [of_domain(row) for row in SendingDomain.objects.all()]
    if pen.link_host and pen.link_host_proven_at:
        found.append(Subject(Kind.LINK, pen.link_host))
    return found


def of_domain(row: SendingDomain) -> Subject:
    """A sending domain with all that is known of how it sends."""
    return Subject(
        Kind.DOMAIN,
        row.name,
        addresses=_addresses(),
        selector=row.selector,
        key=row.key,
        bounce=row.return_path,
        bounces_to=settings.PORTAL.sending.bounces_to if row.bounce else "",
    )


def of(row: Watched) -> Subject | None:
    """What this row stands for now; None where it is watched no more."""
    if row.pen is None:
        found = of_installation()
    else:
        with pen_scope(row.pen):
            found = of_pen(row.pen)
    return next((one for one in found if (one.kind, one.name) == (row.kind, row.name)), None)


def gather() -> int:
    """A row for each thing, due at once; rows of what is watched no more go. Returns how many came or went."""
    with outside_scope(reason="which PENs send from domains of their own"):
        sending = set(SendingDomain.objects.values_list("pen_id", flat=True))
    changed = keep(None, of_installation())
    pens = Pen.objects.filter(pk__in=sending) | Pen.objects.exclude(link_host_proven_at=None)
    known = Pen.objects.filter(pk__in=Watched.objects.exclude(pen=None).values("pen"))
    for pen in (pens | known).distinct():
        with pen_scope(pen):
            changed += keep(pen, of_pen(pen))
    return changed


def keep(pen: Pen | None, wanted: list[Subject]) -> int:
    """The rows of one PEN, or of the installation. Returns how many came or went."""
    with transaction.atomic():
        there = {(row.kind, row.name): row for row in Watched.objects.filter(pen=pen)}
        names = dict.fromkeys((one.kind, one.name) for one in wanted)
        new = [
            Watched(pen=pen, kind=kind, name=name, due_at=timezone.now())
            for kind, name in names
            if (kind, name) not in there
        ]
        Watched.objects.bulk_create(new, ignore_conflicts=True)
        gone = [row.pk for key, row in there.items() if key not in names]
        Watched.objects.filter(pk__in=gone).delete()
    return len(new) + len(gone)
