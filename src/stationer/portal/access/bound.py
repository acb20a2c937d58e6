"""A session that a company's own sign-in began is good in that company alone (contract/sign-in.md §6).

An account belongs to the installation and may be in several PENs. Whoever runs one company's sign-in can say that
anybody of its domains is there: by that they must get nowhere but into that company, and change nothing that lets
the account in elsewhere. `bound` in the session says which PEN, and by which provider.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.models import Session
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from stationer.portal.access.models import Account, Membership, SignIn
from stationer.portal.access.sessions import SessionStore
from stationer.portal.people.scope import outside_scope

BOUND = "bound"
#: Pages of something other than the company: whoever is bound is nobody there.
ELSEWHERE = ("/partner/", "/partners/", "/operator/", "/companies/new/")
#: What lets an account in everywhere, and so is never changed in such a session.
CREDENTIALS = (
    "/accounts/password/",
    "/accounts/email/",
    "/accounts/2fa/webauthn/",
    "/accounts/confirm-email/",
)
#: The same where the account is in another company too: second factors, and where it is signed in.
SHARED = ("/accounts/2fa/", "/myself/sessions/")
#: A second factor is shown here, not changed.
SHOWING = (
    "/accounts/2fa/authenticate/",
    "/accounts/2fa/reauthenticate/",
    "/accounts/2fa/webauthn/reauthenticate/",
)


def bound_pen(request: HttpRequest) -> str:
    """The outside id of the one PEN this session is good in, or nothing."""
    return str(_bound(request).get("pen", ""))


def bound_by(request: HttpRequest) -> tuple[str, str]:
    """The outside id of the provider that began this session, and what it wants to see again at the end; or nothing."""
    found = _bound(request)
    return str(found.get("provider", "")), str(found.get("hint", ""))


def _bound(request: HttpRequest) -> dict[str, Any]:
    found = request.session.get(BOUND)
    return found if isinstance(found, dict) else {}


def bind(request: HttpRequest, signal_kwargs: dict[str, Any] | None) -> None:
    """At the end of every sign-in: the session is bound as the sign-in says, or not at all."""
    said = (signal_kwargs or {}).get(BOUND)
    if said:
        request.session[BOUND] = dict(said)
    else:
        request.session.pop(BOUND, None)


def is_elsewhere(account: Account, pen: str) -> bool:
    """Whether the account gets anywhere but into this PEN: another, a partner's pages, or the installation's."""
    from stationer.portal.partners.models import Staff
    from stationer.portal.partners.views.operating import is_operator

    if is_operator(account):
        return True
    with outside_scope(reason="whether an account is in another PEN as well"):
        rows = Membership.objects.filter(account=account).select_related("pen")
        return (
            any(one.pen.outside_id != pen for one in rows) or Staff.objects.filter(account=account).exists()
        )


class BoundMiddleware:
    """Shuts what a bound session may not do, before anybody is looked for in a PEN."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        pen = "" if request.path.startswith("/static/") else bound_pen(request)
        if pen and request.user.is_authenticated:
            if request.path.startswith(ELSEWHERE):
                request.user = AnonymousUser()
            elif _shut(request, pen):
                return render(request, "access/bound.html", status=403)
        return self.get_response(request)


def _shut(request: HttpRequest, pen: str) -> bool:
    path = request.path
    if path.startswith(SHOWING):
        return False
    if path.startswith(CREDENTIALS):
        return True
    return path.startswith(SHARED) and is_elsewhere(request.user, pen)  # type: ignore[arg-type]


def end_all(account: Account, *, provider: str = "", but: str = "") -> int:
    """End the sessions of this account, or those that this provider began. `but` is the key of one that stays."""
    from stationer.portal.access.sessions import hashed

    rows = SignIn.objects.filter(account=account).exclude(session=hashed(but) if but else "")
    keys = []
    for session in Session.objects.filter(session_key__in=[row.session for row in rows]):
        said = SessionStore().decode(session.session_data).get(BOUND) or {}
        if not provider or said.get("provider") == provider:
            keys.append(session.session_key)
    Session.objects.filter(session_key__in=keys).delete()
    SignIn.objects.filter(session__in=keys).delete()
    return len(keys)
