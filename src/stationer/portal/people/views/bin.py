"""The bin of groups and lists: what was deleted in the last thirty days, and the button that brings it back."""

from __future__ import annotations

from django.contrib import messages as notes
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from stationer.portal.access.presence import needs
from stationer.portal.content.binning import CannotReturn, until
from stationer.portal.content.views.bin import binned_of, gone, shown
from stationer.portal.people import discarding
from stationer.portal.people.models import Group


@require_GET
@needs("see-people")
def listing(request: HttpRequest) -> HttpResponse:
    """What lies in it, the last first."""
    return shown(request, discarding.kept(), "people")


@require_POST
@needs("change-people")
def bring_back(request: HttpRequest, gone_row: str) -> HttpResponse:
    """Bring it back with who was in it, and go there."""
    binned = binned_of(gone_row, discarding.KINDS)
    if gone(request, until(binned)):
        return redirect("people-bin")
    try:
        row, left = discarding.bring_back(binned)
    except CannotReturn as error:
        notes.error(request, str(error))
        return redirect("people-bin")
    said = _("“{name}” is back as it was.").format(name=row.name)
    if left:
        sentence = ngettext(
            "{count} of its people has left since, and stays out.",
            "{count} of its people have left since, and stay out.",
            left,
        )
        said += " " + sentence.format(count=left)
    notes.success(request, said)
    return redirect("group", row.outside_id) if isinstance(row, Group) else redirect("list", row.pk)
