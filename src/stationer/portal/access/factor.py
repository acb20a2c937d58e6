"""A second factor before what concerns everybody's mail: an app's code, a passkey, or a recovery code.

The PEN's setting `second_factor` demands it of people; API keys and commands are secrets of their own kind and are
not asked. It is shown once a session: at the sign-in, when it is asked for here, or by setting it up.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.mfa.models import Authenticator
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from stationer.portal.access.presence import Presence, presence
from stationer.portal.audit.recording import record

View = Callable[..., HttpResponseBase]
#: Where the person was, while they set a factor up.
AFTER = "after_factor"
FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def shown(request: HttpRequest) -> bool:
    """Whether this session has seen a second factor."""
    records = get_authentication_records(request, request.user)
    return any(one.get("method") == "mfa" for one in records)


def factors(request: HttpRequest) -> list[str]:
    """The kinds of factor this person has set up."""
    rows = Authenticator.objects.filter(user_id=request.user.pk, type__in=FACTORS)
    return sorted(set(rows.values_list("type", flat=True)))


def asked_for(request: HttpRequest) -> bool:
    """Whether a change would ask this person for a second factor now."""
    return presence(request).pen.second_factor and not shown(request)


def proven_twice(view: View) -> View:
    """What is more than a look (GET, HEAD) waits for the second factor, where the PEN demands one.

    Nothing is lost on the way: the person comes back to the same page, with what they had written `about` it.
    """
    return proven_twice_then("")(view)


def proven_twice_then(page: str) -> Callable[[View], View]:
    """As `proven_twice`, for an address that takes POST alone: the person comes back to the route `page`."""

    def wrap(view: View) -> View:
        return _guarded(view, page)

    return wrap


def _guarded(view: View, page: str) -> View:
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **options: Any) -> HttpResponseBase:
        if request.method in ("GET", "HEAD") or not asked_for(request):
            return view(request, *args, **options)
        about = request.POST.get("about", "").strip()
        here = reverse(page) if page else request.path
        back = here + (f"?{urlencode({'about': about})}" if about else "")
        return redirect(f"{reverse('second-factor')}?{urlencode({'next': back})}")

    return guarded


def back_to(request: HttpRequest) -> str:
    """The page of ours that was asked for, or the first one."""
    wanted = request.GET.get("next", "") or str(request.session.get(AFTER, ""))
    safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if safe else reverse("home")


def added(request: HttpRequest, user: Any, authenticator: Authenticator, **_: Any) -> None:
    """Setting a factor up shows it: a right code was typed, or the key has signed. Nobody is asked for another code
    to see the recovery codes."""
    if authenticator.type in FACTORS:
        said = {"type": authenticator.type, "id": authenticator.pk, "reauthenticated": True}
        record_authentication(request, user, method="mfa", **said)
    told(request, "made", authenticator)


def removed(request: HttpRequest, user: Any, authenticator: Authenticator, **_: Any) -> None:
    """It is gone from the account."""
    told(request, "removed", authenticator)


def told(request: HttpRequest, what: str, authenticator: Authenticator) -> None:
    """Say it in the audit of the PEN the person is in."""
    here = getattr(request, "presence", None)
    if isinstance(here, Presence):
        record(what, "factor", str(authenticator.get_type_display()), pen_id=here.pen.pk)
