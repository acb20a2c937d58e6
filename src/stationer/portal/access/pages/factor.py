"""The page between Publish (or another change of its weight) and a second factor: what is missing, the one next
step, the form that waits for it, and the way back."""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import urlencode, urlsplit

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from stationer.portal.access.factor import AFTER, back_to, factors, shown, waiting_form
from stationer.portal.access.presence import members_only

ASK = {"totp": "mfa_reauthenticate", "webauthn": "mfa_reauthenticate_webauthn"}


def named_host(request: HttpRequest) -> bool:
    """Whether passkeys can be made here: they belong to a name, never to a bare IP address (WebAuthn §5.1.2)."""
    host = urlsplit(f"//{request.get_host()}").hostname or ""
    try:
        ip_address(host)
    except ValueError:
        return True
    return False


@require_GET
@members_only
def page(request: HttpRequest) -> HttpResponse:
    """When it was shown: the form that waits for it, or back at once. Else straight to the question when there is one
    kind, or what can be set up."""
    back = back_to(request)
    if shown(request):
        form = waiting_form(request)
        if form is not None:
            return render(request, "access/form_after_factor.html", {"form": form, "back": back})
        request.session.pop(AFTER, None)
        return redirect(back)
    request.session[AFTER] = back
    here = reverse("second-factor")
    ways = {kind: f"{reverse(ASK[kind])}?{urlencode({'next': here})}" for kind in factors(request)}
    if len(ways) == 1:
        return redirect(next(iter(ways.values())))
    waiting = waiting_form(request)
    facts = {
        "ways": ways,
        "back": back,
        "passkeys": named_host(request),
        # a form that waits and is none of Publish's: keys, settings
        "other": waiting is not None and not waiting["path"].startswith(reverse("publish")),
    }
    return render(request, "access/second_factor.html", facts)
