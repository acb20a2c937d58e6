"""Who is here, for which PEN: from the session's account, or from an API key or device token as bearer.

The middleware opens the PEN's scope for the whole request. A removed membership or a revoked key counts from the
next request on, since nothing is remembered but the choice of PEN.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property, wraps
from typing import Any, cast

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from stationer.portal.access import devices, sitting
from stationer.portal.access.bound import bound_pen
from stationer.portal.access.models import Account, Device, Membership
from stationer.portal.access.rights import Right
from stationer.portal.access.signed_out import signed_out
from stationer.portal.audit.actor import Actor, acting
from stationer.portal.people.models import Member, Pen
from stationer.portal.people.scope import outside_scope, pen_scope
from stationer.wire import ids

SESSION_KEY = "pen"
#: Pages for everyone, whose address or signed link says which PEN it is: whoever is signed in is nobody there.
BY_LINK = (
    "/alerts/by-link/", "/known/", "/vote/", "/partner/", "/partners/", "/operator/", "/at/", "/scim/", "/trial/",
    "/sign-in/", "/.well-known/", "/check/",
)  # fmt: skip


@dataclass(frozen=True)
class Presence:
    """A signed-in person in one of their PENs. `others` are the further PENs the account may change to."""

    account: Account
    membership: Membership
    pen: Pen
    member: Member
    others: tuple[Pen, ...]
    rights: frozenset[Right] = frozenset()

    def may(self, right: Right) -> bool:
        """Whether this person has the right."""
        return right in self.rights

    @cached_property
    def people(self) -> int:
        """How many members the PEN has, asked once a request."""
        return Member.objects.count()

    @property
    def is_owner(self) -> bool:
        """Whether this person is an owner. Ask `may` instead, but where ownership itself is at stake."""
        return self.membership.is_owner


class PresenceMiddleware:
    """Sets `request.presence` (or None) and `request.device` (or None), and the scope that goes with it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with enter(request):
            return self.get_response(request)


@contextmanager
def enter(request: HttpRequest) -> Iterator[None]:
    """The scope of this request, and whoever is at work in it, after its presence and device are set."""
    found = cast(Any, request)
    found.presence = found.device = None
    if request.path.startswith("/api/"):
        found.device = devices.by_token(bearer(request))
    elif request.user.is_authenticated and not request.path.startswith(BY_LINK):
        chosen = str(request.session.get(SESSION_KEY, ""))
        found.presence = look(request.user, chosen, within(request), at_door(request), bound_pen(request))
        if found.presence is None and (bound_pen(request) or only_by_sign_in(request.user)):
            found.user = AnonymousUser()
        else:
            sitting.note(request)
    pen = found.device.pen_id if found.device else found.presence.pen.pk if found.presence else None
    if pen is None:
        yield
        return
    with pen_scope(pen), acting(at_work(request)):
        yield


def at_door(request: HttpRequest) -> str:
    """The outside id of the PEN whose own host name was asked for (partners.labels), or nothing."""
    return str(getattr(getattr(request, "label", None), "company", ""))


def within(request: HttpRequest) -> str:
    """Where in the tree the partner is whose host was asked for: nothing that is not below is seen there."""
    return str(getattr(getattr(request, "label", None), "path", ""))


def at_work(request: HttpRequest) -> Actor:
    """Whom the audit names for what this request changes."""
    here, asks = getattr(request, "presence", None), device(request)
    if isinstance(here, Presence):
        return Actor("page", here.member.name, here.account.email, here.account.pk, path=request.path)
    if asks is None:
        return Actor(path=request.path)
    if asks.kind == Device.Kind.API:
        return Actor("key", asks.name, via_name=asks.name, path=request.path)
    member = asks.member
    return Actor("device", str(member or ""), member.address if member else "", None, asks.name, request.path)


def bearer(request: HttpRequest) -> str:
    """The bearer token (RFC 6750 §2.1), or nothing."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def look(account: Account, chosen: str, below: str = "", door: str = "", bound: str = "") -> Presence | None:
    """The account's presence in the chosen PEN, else in the first it became a member of; of the PENs below this place
    in the tree of partners, and of this one alone, where that is said: `door` by the host's own name, `bound` by the
    session. A PEN that people of this domain enter by its own sign-in alone is seen in a bound session only."""
    with outside_scope(reason="which PENs an account is a member of"):
        rows = list(
            Membership.objects.filter(account=account)
            .select_related("pen", "member", "own_role")
            .filter(**({"pen__partner__path__startswith": below} if below else {}))
            .order_by("created_at", "id")
        )
    wanted = {one for one in (door, bound) if one}
    rows = [one for one in rows if wanted <= {ids.outside("pen", one.pen_id)}]
    if not bound:
        domain = account.email.rpartition("@")[2]
        rows = [one for one in rows if domain not in one.pen.sign_in_only]
    if not rows:
        return None
    row = next((one for one in rows if ids.outside("pen", one.pen_id) == chosen), rows[0])
    return Presence(
        account, row, row.pen, row.member, tuple(one.pen for one in rows if one is not row), row.rights
    )


def only_by_sign_in(account: Account) -> bool:
    """Whether the account is in PENs, and each of them is entered by its company's own sign-in alone. A partner's
    people are let in: they have pages of their own."""
    from stationer.portal.partners.models import Staff

    domain = account.email.rpartition("@")[2]
    with outside_scope(reason="which companies an account enters by their own sign-in alone"):
        rows = list(Membership.objects.filter(account=account).select_related("pen"))
    forced = bool(rows) and all(domain in one.pen.sign_in_only for one in rows)
    return forced and not Staff.objects.filter(account=account).exists()


def presence(request: HttpRequest) -> Presence:
    """Who is here. Raises Http404 for someone who is in no PEN."""
    found = getattr(request, "presence", None)
    if not isinstance(found, Presence):
        raise Http404("no membership")
    return found


def device(request: HttpRequest) -> Device | None:
    """The device or API key that asks, where one does."""
    return cast("Device | None", getattr(request, "device", None))


def choose(request: HttpRequest, pen: Pen) -> None:
    """From the next request on, this person is in `pen`. Raises Http404 where they are not a member."""
    here = presence(request)
    if pen not in (here.pen, *here.others):
        raise Http404("no membership")
    request.session[SESSION_KEY] = pen.outside_id


View = Callable[..., HttpResponseBase]


def members_only(view: View) -> View:
    """The page asks for a sign-in. An account without a PEN may found one where that is open, else it is 404."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **options: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return signed_out(request)
        nowhere = getattr(request, "presence", None) is None and not within(request)
        if nowhere and settings.PORTAL.sign_up == "open":
            return redirect("new-company")
        presence(request)
        return view(request, *args, **options)

    return guarded


def needs(see: Right, change: Right | None = None) -> Callable[[View], View]:
    """The page is for those who have the right: `see` to look (GET, HEAD), `change` (or else `see`) for the rest.

    For others it looks as if it were not there. What a route needs can be read from it: `view.needs`.
    """

    def wrap(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **options: Any) -> HttpResponseBase:
            wanted = see if request.method in ("GET", "HEAD") else change or see
            if not presence(request).may(wanted):
                raise Http404(f"not without {wanted}")
            return view(request, *args, **options)

        shut = members_only(guarded)
        cast(Any, shut).needs = (see, change or see)
        return shut

    return wrap
