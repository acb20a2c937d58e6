"""A second factor before what concerns everybody's mail: an app's code, a passkey, or a recovery code.

The PEN's setting `second_factor` demands it of people; API keys and commands are secrets of their own kind and are
not asked. It is shown once a session: at the sign-in, when it is asked for here, or by setting it up.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.mfa.models import Authenticator
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from stationer.portal.access.presence import Presence, presence
from stationer.portal.audit.recording import record
from stationer.portal.site.leading import ours

View = Callable[..., HttpResponseBase]
#: Where the person was, while they set a factor up.
AFTER = "after_factor"
#: The form that waits for it, and for how long.
FORM, KEPT_S = "form_after_factor", 3600
UNKEPT = ("csrfmiddlewaretoken",)
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

    Nothing is lost on the way: every word of the form waits (`waiting_form`), and is sent by one press afterwards.
    """
    return proven_twice_then("")(view)


def proven_twice_then(page: str) -> Callable[[View], View]:
    """As `proven_twice`, for an address that takes POST alone: who turns back comes to the route `page`."""

    def wrap(view: View) -> View:
        return _guarded(view, page)

    return wrap


def _guarded(view: View, page: str) -> View:
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **options: Any) -> HttpResponseBase:
        if request.method in ("GET", "HEAD"):
            return view(request, *args, **options)
        asked = ask(request, reverse(page) if page else request.path)
        return asked or view(request, *args, **options)

    return guarded


def ask(request: HttpRequest, back: str) -> HttpResponse | None:
    """Keep the form that was sent, and go for the second factor, where one is asked for; `back` is where the form was
    filled in."""
    if not asked_for(request):
        request.session.pop(FORM, None)
        return None
    words = [(name, text) for name, texts in request.POST.lists() for text in texts if name not in UNKEPT]
    request.session[FORM] = {
        "path": request.path,
        "words": words,
        "pen": presence(request).pen.outside_id,
        "at": int(time.time()),
    }
    return redirect(f"{reverse('second-factor')}?{urlencode({'next': back})}")


def waiting_form(request: HttpRequest) -> dict[str, Any] | None:
    """The form that this person sent in this PEN less than an hour ago and that waits: `path`, and `words` as name
    and text. Its words are those of a form that passed the CSRF check, and it is sent by their own press."""
    kept: dict[str, Any] | None = request.session.get(FORM)
    if kept is None or kept["pen"] != presence(request).pen.outside_id or kept["at"] + KEPT_S < time.time():
        return None
    return kept


def back_to(request: HttpRequest) -> str:
    """The page of ours that was asked for, or the first one."""
    wanted = request.GET.get("next", "") or str(request.session.get(AFTER, ""))
    return ours(request, wanted) or reverse("home")


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
