"""Messages of campaigns: begin, write, delete."""

from __future__ import annotations

import msgspec
from django.contrib import messages as notes
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from stationer.portal.access.presence import needs, presence
from stationer.portal.content import binning
from stationer.portal.content.models import Campaign, Message
from stationer.portal.content.views.editing import Desk, edit
from stationer.portal.content.views.gallery import begun, designs, on_wall
from stationer.portal.content.writing import first_shape, shape_choices
from stationer.portal.people.named import named
from stationer.wire.source import Source


@needs("change-content")
def new(request: HttpRequest, campaign: str) -> HttpResponse:
    """A further message: in the place and the mails of the first one."""
    row = named(Campaign, "campaign", campaign)
    if request.method != "POST":
        return render(request, "content/new_message.html", {"campaign": row, **on_wall("message")})
    first = row.messages.first()
    shape = request.POST.get("shape", "")
    if shape not in dict(designs("message")):
        shape = first_shape("message", "banner")
    made = Message.objects.create(
        campaign=row,
        name=request.POST.get("name", "").strip()[:120] or row.name,
        slot=first.slot if first else "banner",
        variants=first.variants if first else ["new", "reply", "forward"],
        source=msgspec.to_builtins(begun(shape, presence(request).pen)),
        changed_by=presence(request).account,
    )
    return redirect("message", made.outside_id)


@needs("change-content")
def page(request: HttpRequest, message: str) -> HttpResponse:
    """The editor of one message."""

    def laid(row: Message) -> Desk:
        def put(source: Source) -> None:
            row.source = msgspec.to_builtins(source)
            row.name = request.POST.get("name", "").strip()[:120] or row.name

        return Desk(
            row=row,
            source=row.wire_source(),
            kind="message",
            slot=row.slot,  # type: ignore[arg-type]
            shapes=shape_choices("message"),
            piece="words",
            says=lambda: [row.name, row.source],
            put=put,
            columns=("name", "source"),
            preview_url=reverse("message-preview", args=[message]),
            page="content/message.html",
            crumbs=[
                (_("Campaigns"), reverse("campaigns")),
                (row.campaign.name, reverse("campaign", args=[row.campaign.outside_id])),
            ],
            title=row.name,
            live=row.campaign.state == Campaign.State.LIVE,
            facts={
                "message": row,
                "campaign": row.campaign,
                "first_view": "new" if "new" in row.variants else "reply",
            },
        )

    return edit(request, named(Message, "message", message), laid)


@require_POST
@needs("change-content")
def delete(request: HttpRequest, message: str) -> HttpResponse:
    """Take a message out of its campaign."""
    row = named(Message, "message", message)
    campaign = row.campaign.outside_id
    binning.discard(row, presence(request).account)
    notes.success(request, _("The message is in the bin for 30 days. It is still shown until you publish."))
    return redirect("campaign", campaign)
