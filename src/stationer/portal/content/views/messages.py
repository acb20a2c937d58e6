"""Messages of campaigns: begin, write, delete; and pictures for them and for templates."""

from __future__ import annotations

import msgspec
from django.contrib import messages as notes
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from stationer.portal.access.presence import needs, presence
from stationer.portal.content import binning
from stationer.portal.content.models import Campaign, Message
from stationer.portal.content.pictures import keep_picture
from stationer.portal.content.views.editing import Desk, edit
from stationer.portal.content.writing import first_shape, shape_choices
from stationer.portal.people.named import named
from stationer.wire.source import Source


@needs("change-content")
def new(request: HttpRequest, campaign: str) -> HttpResponse:
    """A further message: in the place and the mails of the first one."""
    row = named(Campaign, "campaign", campaign)
    if request.method != "POST":
        return render(
            request, "content/new_message.html", {"campaign": row, "shapes": shape_choices("message")}
        )
    first = row.messages.first()
    shape = request.POST.get("shape", "")
    if shape not in dict(shape_choices("message")):
        shape = first_shape("message", "banner")
    made = Message.objects.create(
        campaign=row,
        name=request.POST.get("name", "").strip()[:120] or row.name,
        slot=first.slot if first else "banner",
        variants=first.variants if first else ["new", "reply", "forward"],
        source=msgspec.to_builtins(Source(shape)),
        changed_by=presence(request).account,
    )
    return redirect("message", made.outside_id)


@needs("change-content")
def page(request: HttpRequest, message: str) -> HttpResponse:
    """The editor of one message."""
    row = named(Message, "message", message)

    def write(source: Source) -> None:
        row.source = msgspec.to_builtins(source)
        row.name = request.POST.get("name", "").strip()[:120] or row.name
        row.changed_by = presence(request).account
        row.save()

    desk = Desk(
        row=row,
        source=row.wire_source(),
        kind="message",
        slot=row.slot,  # type: ignore[arg-type]
        shapes=shape_choices("message"),
        write=write,
        preview_url=reverse("message-preview", args=[message]),
        page="content/message.html",
        live=row.campaign.state == Campaign.State.LIVE,
        facts={
            "message": row,
            "campaign": row.campaign,
            "first_view": "new" if "new" in row.variants else "reply",
        },
    )
    return edit(request, desk)


@require_POST
@needs("change-content")
def delete(request: HttpRequest, message: str) -> HttpResponse:
    """Take a message out of its campaign."""
    row = named(Message, "message", message)
    campaign = row.campaign.outside_id
    binning.discard(row, presence(request).account)
    notes.success(request, _("The message is in the bin for 30 days. It is still shown until you publish."))
    return redirect("campaign", campaign)


@require_POST
@needs("change-content")
def picture(request: HttpRequest) -> HttpResponse:
    """Add a picture to those that templates and messages may show."""
    sent = request.FILES.get("picture")
    if sent is None:
        notes.error(request, _("No picture was chosen. Choose a PNG, JPEG or GIF file first."))
    else:
        try:
            keep_picture(sent.read(), name=sent.name or "", alt=request.POST.get("alt", "").strip())
            notes.success(request, _("The picture is there. Choose it in the field, by its name."))
        except ValidationError as error:
            notes.error(request, " ".join(error.messages))
    back = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure())
    return redirect(back if safe else "home")
