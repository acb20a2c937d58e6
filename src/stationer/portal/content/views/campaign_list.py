"""The list of campaigns, sorted, searched and narrowed by the server; and the first page of a new one."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stationer.portal.access.presence import needs, presence
from stationer.portal.content import sentence, standing
from stationer.portal.content.models import Binned, Campaign, Message
from stationer.portal.content.views.gallery import begun, designs, on_wall, slot_of
from stationer.portal.people.models import Pen
from stationer.portal.publishing.changes import Rows
from stationer.portal.publishing.waiting import rows as rows_here
from stationer.portal.publishing.waiting import touched
from stationer.wire.rules import Recipients, Rule

#: From how many rows on a list is searched and paged.
MANY = 12
PAGE = 25


@dataclass(frozen=True)
class Listed:
    """One campaign with what the list says of it; `stage` is what `?state=` asks for."""

    row: Campaign
    stage: str
    changed: bool


def stage(campaign: Campaign, now: datetime) -> str:
    """`draft`, `paused`, `ended`, `soon` or `running`."""
    if campaign.state != Campaign.State.LIVE:
        return str(campaign.state)
    when = campaign.wire_rule().when
    starts = standing.moment(when.starts, when.zone)
    if standing.has_ended(campaign, now):
        return "ended"
    return "soon" if starts and starts > now else "running"


STAGES: dict[str, Callable[[], str]] = {
    "running": lambda: _("Running"),
    "soon": lambda: _("Starting later"),
    "paused": lambda: _("Paused"),
    "draft": lambda: _("Drafts"),
    "ended": lambda: _("Ended"),
    "changed": lambda: _("Changed, not published"),
}
ORDERS: dict[str, Callable[[], str]] = {
    "rank": lambda: _("by rank"),
    "name": lambda: _("by name"),
    "changed": lambda: _("last changed first"),
    "ends": lambda: _("ending first"),
}


def _ordered(found: Iterable[Listed], order: str) -> list[Listed]:
    """The rows come by rank; other orders keep that among equals."""
    if order == "name":
        return sorted(found, key=lambda one: one.row.name.casefold())
    if order == "changed":
        return sorted(found, key=lambda one: one.row.changed_at, reverse=True)
    if order == "ends":
        return sorted(found, key=lambda one: one.row.wire_rule().when.ends or "9999")
    return list(found)


def _holds(one: Listed, wanted: str) -> bool:
    return one.changed if wanted == "changed" else one.stage == wanted


@needs("see-content")
def listing(request: HttpRequest) -> HttpResponse:
    """All campaigns. Their rows are read once for the whole page (`waiting.rows`), so nothing more is asked."""
    rows, changed, now = rows_here(request), touched(request), timezone.now()
    every = [
        Listed(row, stage(row, now), row.outside_id in changed and row.state != Campaign.State.DRAFT)
        for row in rows.campaigns
    ]
    q, wanted = request.GET.get("q", "").strip(), request.GET.get("state", "")
    order = request.GET.get("order", "rank")
    found = [one for one in every if q.casefold() in one.row.name.casefold()]
    found = [one for one in found if wanted not in STAGES or _holds(one, wanted)]
    page = Paginator(_ordered(found, order), PAGE).get_page(request.GET.get("page"))
    shown = [_shown(one, rows, now) for one in page]
    facts = {
        "page": page,
        "shown": shown,
        "total": len(every),
        "many": len(every) > MANY,
        "q": q,
        "state": wanted if wanted in STAGES else "",
        "order": order if order in ORDERS else "rank",
        "stages": [
            (name, words(), sum(_holds(one, name) for one in every)) for name, words in STAGES.items()
        ],
        "orders": [(name, words()) for name, words in ORDERS.items()],
        "search_words": _("Search {count} campaigns").format(count=len(every)),
        "changed_standing": standing.changed(),
        "binned": Binned.objects.filter(kind__in=("campaign", "message")).count(),
    }
    return render(request, "content/campaigns.html", facts)


def _shown(one: Listed, rows: Rows, now: datetime) -> dict[str, Any]:
    texts = [
        (text.name, text.slot, text.variants) for text in rows.messages if text.campaign_id == one.row.pk
    ]
    return {
        "url": reverse("campaign", args=[one.row.outside_id]),
        "name": one.row.name,
        "said": sentence.plain(sentence.campaign_sentence(one.row.wire_rule(), texts, one.row.holdout)),
        "standing": standing.standing(one.row, now),
        "changed": one.changed,
    }


class NewCampaign(forms.Form):
    """The two things a campaign begins with: a name for the house, and what its message begins with."""

    name = forms.CharField(
        label=gettext_lazy("What is it about?"),
        max_length=120,
        help_text=gettext_lazy("For you and your colleagues; recipients never see it."),
    )
    shape = forms.ChoiceField(label=gettext_lazy("What do you want to do?"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        choices = designs("message")
        self.fields["shape"].choices = choices  # type: ignore[attr-defined]
        self.fields["shape"].initial = choices[0][0]

    def begin(self, account: Any, pen: Pen) -> Message:
        """A campaign to everyone outside, and its first message."""
        name, shape = self.cleaned_data["name"], self.cleaned_data["shape"]
        rule = msgspec.to_builtins(Rule(to=Recipients(side="outside")))
        campaign = Campaign.objects.create(name=name, rule=rule, changed_by=account)
        source = msgspec.to_builtins(begun(shape, pen))
        return Message.objects.create(
            campaign=campaign, name=name, slot=slot_of(shape), source=source, changed_by=account
        )


@needs("change-content")
def new(request: HttpRequest) -> HttpResponse:
    """Begin a campaign, and go straight to writing its message."""
    form = NewCampaign(request.POST or None)
    if request.method == "POST" and form.is_valid():
        row = form.begin(presence(request).account, presence(request).pen)
        return redirect("message", row.outside_id)
    facts = {"form": form, "chosen": form["shape"].value(), **on_wall("message")}
    return render(request, "content/new_campaign.html", facts)
