"""Who is at a partner's page: an account that works for the partner in the address, or for one above it.

No page of a partner has a PEN in scope, so whatever asks there for a row of a PEN raises NoPenInScope: what a partner
sees is made of `partners.models` alone. A partner that is elsewhere in the tree, or above, is as if it were not there.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, cast

from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase

from stationer.portal.access.models import Account
from stationer.portal.access.presence import within
from stationer.portal.access.signed_out import signed_out
from stationer.portal.audit.actor import Actor, acting
from stationer.portal.partners.models import Staff
from stationer.portal.partners.rights import Right
from stationer.portal.people.models import Partner, Pen
from stationer.portal.people.scope import NoPenInScope, scoped_pen
from stationer.wire import ids

View = Callable[..., HttpResponseBase]


@dataclass(frozen=True)
class Desk:
    """`staff` looks at `partner`, which is their own or below it."""

    staff: Staff
    partner: Partner
    rights: frozenset[Right]

    def may(self, right: Right) -> bool:
        """Whether this person has the right."""
        return right in self.rights

    @property
    def account(self) -> Account:
        """Who it is."""
        return self.staff.account

    def partners(self) -> QuerySet[Partner]:
        """This one and all below, from the top down."""
        return Partner.objects.filter(path__startswith=self.partner.path).order_by("path")

    def pens(self) -> QuerySet[Pen]:
        """The companies of all of them."""
        return Pen.objects.filter(partner__path__startswith=self.partner.path)

    def actor(self, path: str) -> Actor:
        """Whom a company's audit names: the partner, and no address."""
        return Actor("page", self.staff.partner.name, "", self.account.pk, path=path)


def jobs(account: Any) -> list[Staff]:
    """Whom this account works for."""
    return list(Staff.objects.filter(account=account).select_related("partner").order_by("created_at"))


def desk_of(account: Any, text: str, below: str = "") -> Desk:
    """The desk of the partner with this outside id, at or below this place in the tree. Raises Http404 for any that
    this account does not work for."""
    try:
        partner = Partner.objects.get(pk=ids.inside("partner", text))
    except (ValueError, Partner.DoesNotExist):
        raise Http404("no such partner") from None
    if not partner.path.startswith(below):
        raise Http404("at another partner's host")
    mine = [one for one in jobs(account) if partner.path.startswith(one.partner.path)]
    if not mine:
        raise Http404("another branch, or above")
    staff = min(mine, key=lambda one: len(one.partner.path))
    return Desk(staff, partner, frozenset().union(*(one.rights for one in mine)))


def company_of(desk: Desk, text: str) -> Pen:
    """The company below with this outside id. Raises Http404, also for another branch's."""
    try:
        return desk.pens().select_related("partner", "counted").get(pk=ids.inside("pen", text))
    except (ValueError, Pen.DoesNotExist):
        raise Http404("no such company") from None


def desk(request: HttpRequest) -> Desk:
    """Who is here."""
    found = getattr(request, "desk", None)
    if not isinstance(found, Desk):
        raise Http404("not a partner's page")
    return found


def staffed(see: Right, change: Right | None = None) -> Callable[[View], View]:
    """The page is for a partner's people who have the right: `see` to look, `change` (or else `see`) for the rest.
    What a route needs can be read from it: `view.staffed`."""

    def wrap(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, partner: str, *args: Any, **options: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return signed_out(request)
            no_scope()
            here = desk_of(request.user, partner, within(request))
            wanted = see if request.method in ("GET", "HEAD") else change or see
            if not here.may(wanted):
                raise Http404(f"not without {wanted}")
            cast(Any, request).desk = here
            with acting(here.actor(request.path)):
                return view(request, *args, **options)

        cast(Any, guarded).staffed = (see, change or see)
        return guarded

    return wrap


def no_scope() -> None:
    """Raises Http404 where a PEN is in scope: a partner's page must not be reached with one."""
    try:
        scoped_pen()
    except NoPenInScope:
        return
    raise Http404("a PEN is in scope")
