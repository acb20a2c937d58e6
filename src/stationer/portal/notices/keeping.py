"""The page of the keys that sign: new ones, old ones, their records in DNS."""

from __future__ import annotations

from django.contrib import messages as notes
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from stationer.portal.access.factor import ask
from stationer.portal.access.presence import needs, presence
from stationer.portal.notices import keys, records
from stationer.portal.notices.models import SigningKey
from stationer.portal.notices.pens import host_of


@needs("see-settings", change="change-settings")
def page(request: HttpRequest) -> HttpResponse:
    """The keys; a new one, one taken away; what to publish in DNS, and whether it is there.

    Whose keys prove decides what readers and programs believe of everybody's mail: a change waits for the second
    factor, as Publish does. Looking into DNS changes nothing.
    """
    here = presence(request)
    if request.method == "POST" and "look" not in request.POST:
        if asked := ask(request, request.path):
            return asked
        try:
            _change(request)
        except ValidationError as error:
            notes.error(request, " ".join(error.messages))
        return redirect("notices-keys")
    held = keys.in_force()
    wanted, said = records.records(here.pen, held), ""
    if "look" in request.POST:
        wanted, said = records.looked(wanted)
    facts = {
        "rows": held,
        "signs": bool(held) and bool(keys.key_of(held[0]).private),
        "retired": SigningKey.objects.filter(retired_at__isnull=False),
        "records": wanted,
        "looked": "look" in request.POST,
        "said": said,
        "pen_host": host_of(here.pen),
    }
    return render(request, "notices/keys.html", facts)


def _change(request: HttpRequest) -> None:
    """Make a key, or take one away. Raises ValidationError, Http404."""
    if "add" in request.POST:
        made = keys.add_key()
        notes.success(request, _("{key} signs from now on. Publish its record in DNS.").format(key=made.name))
        return
    text = request.POST.get("retire", "")
    row = SigningKey.objects.filter(number=int(text) if text.isdigit() and len(text) < 9 else -1).first()
    if row is None:
        raise Http404
    keys.retire(row)
    notes.success(request, _("{key} proves no more. Take its record out of DNS.").format(key=row.name))
