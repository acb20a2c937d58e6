"""Where one is signed in: every browser, and its end."""

from __future__ import annotations

from django.contrib import messages as notes
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from stationer.portal.access import sitting
from stationer.portal.access.presence import members_only, presence
from stationer.portal.audit.recording import record


@members_only
def page(request: HttpRequest) -> HttpResponse:
    """The list; a POST ends one sitting by its id, or all others."""
    if request.method == "POST":
        ended = sitting.end(request, request.POST.get("sitting", ""))
        if ended:
            record("removed", "session", presence(request).account.email, count=ended)
            told = ngettext("{n} browser is signed out.", "{n} browsers are signed out.", ended).format(
                n=ended
            )
            notes.success(request, told)
        else:
            notes.warning(request, _("That browser was signed out already."))
        return redirect("sessions")
    return render(request, "access/sessions.html", {"sittings": sitting.sittings(request)})
