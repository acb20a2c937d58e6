"""Signing out of a session that a provider began: here at once, and there by a press (contract/sign-in.md §9).

Whoever signs out here may want to stay signed in there, for all else that the company uses; on a machine of several
people they must not, or the next one is let in without a word. So the page says it, and leads to the provider's end
of sessions (OpenID Connect RP-Initiated Logout 1.0).
"""

from __future__ import annotations

from urllib.parse import urlencode

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.crypto import get_random_string
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from stationer.portal.access.bound import bound_by, bound_pen
from stationer.portal.people.scope import pen_scope
from stationer.portal.providers import oidc
from stationer.portal.providers.models import Provider
from stationer.wire import ids

#: The page offers it for so long, in seconds: it bears the ID token, which is kept no longer than that.
KEPT_S = 600


def after_sign_out(request: HttpRequest) -> str:
    """Where the browser goes whose session ends in this request, while the session is still there; nothing where no
    provider began it, or where that one has no end of sessions. What the page will say waits under a name of 256 bits
    that this browser alone learns: the session it would stand in is gone."""
    pen, (provider, hint) = bound_pen(request), bound_by(request)
    if not (pen and provider):
        return ""
    with pen_scope(ids.inside("pen", pen)):
        row = Provider.objects.filter(pk=ids.inside("provider", provider)).first()
    url = oidc.end_of_session(row, hint) if row is not None else ""
    if row is None or not url:
        return ""
    name = get_random_string(43)
    cache.set(f"sign-out-there:{name}", {"name": row.name, "url": url}, KEPT_S)
    return f"{reverse('sign-in-left')}?{urlencode({'was': name})}"


@require_GET
@never_cache
def left(request: HttpRequest) -> HttpResponse:
    """Signed out here; and there, where somebody wants that. Who is signed in again is told nothing else."""
    if request.user.is_authenticated:
        return redirect("home")
    waiting = cache.get(f"sign-out-there:{request.GET.get('was', '')[:64]}")
    return render(request, "providers/left.html", {"there": waiting})
