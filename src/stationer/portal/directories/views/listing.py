"""Which directories there are, and a new one."""

from __future__ import annotations

from django.contrib import messages as notes
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from stationer.portal.access.presence import needs
from stationer.portal.directories.forms import NameForm, ServerForm
from stationer.portal.directories.models import Directory, Sync
from stationer.portal.directories.scim.beginning import begin
from stationer.portal.directories.scim.saying import base
from stationer.portal.directories.state import state_of
from stationer.portal.directories.views.page import show

MOST = 10


@needs("see-people", change="change-people")
def listing(request: HttpRequest) -> HttpResponse:
    """All of them; there are few."""
    rows = list(Directory.objects.all())
    waiting = {one.directory_id: one for one in Sync.objects.filter(outcome__in=Sync.OPEN)}
    shown = [(row, state_of(row, waiting.get(row.pk))) for row in rows]
    return render(request, "directories/directories.html", {"rows": shown, "more": len(rows) < MOST})


@needs("change-people")
def new(request: HttpRequest) -> HttpResponse:
    """Say where it is; it is kept when it can be read."""
    form = ServerForm(request.POST or None, initial={"kind": "ad"})
    if form.is_valid() and _room(form):
        row = form.keep()
        notes.success(request, _("It can be read. Now see what becomes of what it says."))
        return redirect("directory-rules", row.outside_id)
    return render(request, "directories/new_directory.html", {"form": form})


@never_cache
@needs("change-people")
def new_scim(request: HttpRequest) -> HttpResponse:
    """Say what it is called; its token is shown this once."""
    form = NameForm(request.POST or None)
    if form.is_valid() and _room(form):
        row, token = begin(form.cleaned_data["name"])
        return show(request, row, token=token)
    return render(request, "directories/new_scim.html", {"form": form, "base": base()})


def _room(form: ServerForm | NameForm) -> bool:
    """Whether there may be one more."""
    if Directory.objects.count() < MOST:
        return True
    form.add_error(None, _("There are {count} directories already.").format(count=MOST))
    return False
