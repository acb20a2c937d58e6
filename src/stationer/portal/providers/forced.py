"""Which sign-in an address leads to, and who must come by it (contract/sign-in.md §7)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from stationer.portal.access.domains import challenges, named
from stationer.portal.access.models import Account, ProvenDomain
from stationer.portal.access.presence import at_door, only_by_sign_in, within
from stationer.portal.people.models import Pen
from stationer.portal.people.scope import outside_scope, pen_scope
from stationer.portal.providers.models import Provider

#: In a session: the address that somebody typed, for the provider to fill in.
HINT = "sign_in_hint"


def leading(request: HttpRequest, address: str) -> list[Provider]:
    """The providers that are switched on for the domain of an address, at the host that was asked for. It says nothing
    of anybody: each address of a domain is answered alike."""
    domain = address.rpartition("@")[2]
    with outside_scope(reason="which company's own sign-in an address leads to"):
        proven = ProvenDomain.objects.filter(
            domain=domain, proven_at__isnull=False
        )  # the index leads, not a walk
        rows = list(
            Provider.objects.exclude(way=Provider.Way.OFF)
            .filter(pen__in=proven.values("pen"))
            .select_related("pen__partner")
        )
    return [
        row for row in rows if domain in row.domains and domain in named(row.pen) and is_here(request, row)
    ]


def is_here(request: HttpRequest, row: Provider) -> bool:
    """Whether the host that was asked for is one of this PEN's: the installation's own, or of a partner above it."""
    partner = row.pen.partner
    return at_door(request) in ("", row.pen.outside_id) and (partner.path if partner else "").startswith(
        within(request)
    )


def offered(request: HttpRequest) -> list[Provider]:
    """The providers of the PEN in scope that are switched on, at the host that was asked for."""
    rows = Provider.objects.exclude(way=Provider.Way.OFF).select_related("pen__partner")
    return [row for row in rows if is_here(request, row)]


def sent_there(request: HttpRequest, address: str, after: str = "") -> HttpResponse | None:
    """Somebody has shown who they are, but every company of theirs wants it shown by its own sign-in. `after`: the page
    of ours that they wanted."""
    account = Account.objects.filter(email=address.lower()).first()
    if account is None or not only_by_sign_in(account):
        return None
    request.session[HINT] = address.lower()
    query = f"?{urlencode({'next': after})}" if after else ""
    return redirect(reverse("company-sign-in") + query)


def note(pen: Pen, rows: Iterable[Provider]) -> None:
    """The PEN says of itself whose domains it lets in by a provider alone; every request reads it there. A domain that
    is no longer the PEN's, or not proven, is none of these: its provider lets nobody in, so the other ways do."""
    wanted = {domain for row in rows if row.way == Provider.Way.REQUIRED for domain in row.domains}
    only = sorted(wanted & {one.domain for one in challenges(pen) if one.proven_at}) if wanted else []
    if pen.sign_in_only != only:
        pen.sign_in_only = only
        pen.save(update_fields=["sign_in_only"])


def domains_changed(
    instance: Pen,
    created: bool = False,
    update_fields: Iterable[str] | None = None,
    raw: bool = False,
    **_: Any,
) -> None:
    """A PEN was kept, by its settings, a file of the company or a version taken back: whom it lets in by a provider
    alone goes by the domains that it has now."""
    if created or raw or (update_fields is not None and "domains" not in update_fields):
        return
    with pen_scope(instance):
        note(instance, Provider.objects.all())
