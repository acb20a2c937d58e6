"""Campaigns: the list, a new one, and the page of one: its sentence with blanks, its messages, its state."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from django import forms
from django.contrib import messages as notes
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from stationer.compose import SHAPES
from stationer.pick.checks import MOST_HELD_BACK
from stationer.portal.access.presence import needs, presence
from stationer.portal.content import blanks, rivals, sentence, standing
from stationer.portal.content.models import Campaign, Message
from stationer.portal.content.writing import shape_choices
from stationer.portal.people.models import AddressList, Group, Package
from stationer.portal.people.named import by_name, named
from stationer.portal.publishing import waiting
from stationer.portal.publishing.models import Publication
from stationer.portal.publishing.waiting import touched
from stationer.wire.rules import Recipients, Rule
from stationer.wire.source import Source

#: From how many rows on a list is searched and paged.
MANY = 12
PAGE = 25


def _said(campaign: Campaign) -> list[sentence.Piece]:
    shown = [(row.name, row.slot, row.variants) for row in campaign.messages.all()]
    return sentence.campaign_sentence(campaign.wire_rule(), shown, campaign.holdout)


@needs("see-content")
def listing(request: HttpRequest) -> HttpResponse:
    """All campaigns, searched and paged by the server once there are many."""
    total = Campaign.objects.count()
    q = request.GET.get("q", "").strip()
    rows = Campaign.objects.prefetch_related("messages")
    if q:
        rows = rows.filter(name__icontains=q)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    changed, now = touched(request), timezone.now()
    for row in page:
        row.url = reverse("campaign", args=[row.outside_id])  # type: ignore[attr-defined]
        row.said = sentence.plain(_said(row))  # type: ignore[attr-defined]
        row.standing = standing.standing(row, now)  # type: ignore[attr-defined]
        row.changed = row.outside_id in changed and row.state != Campaign.State.DRAFT  # type: ignore[attr-defined]
    facts = {
        "page": page,
        "total": total,
        "many": total > MANY,
        "q": q,
        "search_words": _("Search {count} campaigns").format(count=total),
        "changed_standing": standing.changed(),
    }
    return render(request, "content/campaigns.html", facts)


class NewCampaign(forms.Form):
    """The two things a campaign begins with: a name for the house, and the shape of its message."""

    name = forms.CharField(
        label=gettext_lazy("What is it about?"),
        max_length=120,
        help_text=gettext_lazy("For you and your colleagues; recipients never see it."),
    )
    shape = forms.ChoiceField(
        label=gettext_lazy("What should its message look like?"), widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        choices = shape_choices("message")
        self.fields["shape"].choices = choices  # type: ignore[attr-defined]
        self.fields["shape"].initial = choices[0][0]

    def begin(self, account: Any) -> Message:
        """A campaign to everyone outside, and its first message."""
        name, shape = self.cleaned_data["name"], self.cleaned_data["shape"]
        rule = msgspec.to_builtins(Rule(to=Recipients(side="outside")))
        campaign = Campaign.objects.create(name=name, rule=rule, changed_by=account)
        slot = SHAPES[shape].slot if shape != "mjml" else "banner"
        source = msgspec.to_builtins(Source(shape))
        return Message.objects.create(
            campaign=campaign, name=name, slot=slot, source=source, changed_by=account
        )


@needs("change-content")
def new(request: HttpRequest) -> HttpResponse:
    """Begin a campaign, and go straight to writing its message."""
    form = NewCampaign(request.POST or None)
    if request.method == "POST" and form.is_valid():
        row = form.begin(presence(request).account)
        return redirect("message", row.outside_id)
    return render(request, "content/new_campaign.html", {"form": form, "shapes": SHAPES})


def _blank(edit: str, campaign: Campaign, data: Any, zone: str) -> forms.Form | None:
    rule = campaign.wire_rule()
    groups = Group.objects.values_list("name", flat=True)
    if edit == "who":
        packages = Package.objects.values_list("name", flat=True)
        return blanks.Who(rule, data, groups=groups, packages=packages)
    if edit == "to":
        lists = AddressList.objects.values_list("name", flat=True)
        return blanks.Whom(rule, data, groups=groups, lists=lists)
    if edit == "when":
        when = sentence.by_clock(rule.when, zone)
        return blanks.When(msgspec.structs.replace(rule, when=when), data)
    if edit == "slot":
        first = campaign.messages.first()
        now = (
            {"slot": first.slot, "variants": first.variants}
            if first
            else {"slot": "banner", "variants": ["new"]}
        )
        return blanks.Place(data, initial=now)
    return None


def _fill(form: forms.Form, campaign: Campaign, account: Any) -> None:
    """Keep what a blank now says."""
    if isinstance(form, blanks.Place):
        for row in campaign.messages.all():
            row.slot, row.variants = form.cleaned_data["slot"], form.cleaned_data["variants"]
            row.changed_by = account
            row.save()
        return
    assert isinstance(form, blanks.Who | blanks.Whom | blanks.When)
    campaign.rule = msgspec.to_builtins(form.change(campaign.wire_rule()))
    campaign.changed_by = account
    campaign.save()


@dataclass(frozen=True)
class Deed:
    """Something that happened to a campaign."""

    icon: str
    said: str
    at: datetime


def past(campaign: Campaign) -> list[Deed]:
    """Begun, changed, published: newest first."""
    by = campaign.changed_by
    deeds = [Deed("plus", _("It was begun"), campaign.created_at)]
    if (campaign.changed_at - campaign.created_at).total_seconds() > 1:
        said = _("{who} changed it last").format(who=by_name(str(by))) if by else _("It was changed last")
        deeds.append(Deed("pencil", said, campaign.changed_at))
    for row in Publication.objects.defer("drafts", "changed").order_by("-serial")[:3]:
        if row.made_at >= campaign.created_at:
            said = _("{who} published version {number}").format(
                who=by_name(row.by_name) or "?", number=row.serial
            )
            deeds.append(Deed("publish", said, row.made_at))
    return sorted(deeds, key=lambda deed: deed.at, reverse=True)


@needs("see-content", change="change-content")
def page(request: HttpRequest, campaign: str) -> HttpResponse:
    """One campaign. `?edit=` opens a blank below its sentence; posting fills it in."""
    row = named(Campaign, "campaign", campaign)
    edit = request.GET.get("edit", "")
    pen = presence(request).pen
    form = _blank(edit, row, request.POST if request.method == "POST" else None, pen.zone)
    if request.method == "POST":
        if form is None:
            return redirect("campaign", campaign)
        if form.is_valid():
            _fill(form, row, presence(request).account)
            return redirect("campaign", campaign)
    return render(request, "content/campaign.html", _facts(request, row, edit, form))


def _facts(request: HttpRequest, row: Campaign, edit: str, form: forms.Form | None) -> dict[str, Any]:
    texts, now = list(row.messages.all()), timezone.now()
    shown = next(
        (text for text in texts if text.outside_id == request.GET.get("show")), texts[0] if texts else None
    )
    if len(texts) == 1:
        what = reverse("message", args=[texts[0].outside_id])
    else:
        what = "#messages" if texts else reverse("new-message", args=[row.outside_id])
    return {
        "campaign": row,
        "standing": standing.standing(row, now),
        "changed": row.outside_id in touched(request) and row.state != Campaign.State.DRAFT,
        "changed_standing": standing.changed(),
        "said": _said(row),
        "beaten": rivals.said(row, waiting.rows(request), now),
        "what_url": what,
        "when": sentence.when_sentence(sentence.by_clock(row.wire_rule().when, presence(request).pen.zone)),
        "span": standing.span(row.wire_rule().when, now),
        "edit": edit if form else "",
        "blank": form,
        "texts": texts,
        "shown": shown,
        "first_view": "reply" if shown and "new" not in shown.variants else "new",
        "preview_url": reverse("message-preview", args=[shown.outside_id]) if shown else "",
        "as_whom": presence(request).member.name,
        "past": past(row),
    }


@require_POST
@needs("change-content")
def state(request: HttpRequest, campaign: str) -> HttpResponse:
    """Start, pause, resume: in force at the next Publish."""
    row = named(Campaign, "campaign", campaign)
    wanted = request.POST.get("state", "")
    if wanted in (Campaign.State.LIVE, Campaign.State.PAUSED) and wanted != row.state:
        row.state = wanted
        row.changed_by = presence(request).account
        row.save()
        if wanted == Campaign.State.PAUSED:
            notes.success(request, _("Paused. It is still shown until you publish."))
    return redirect(
        "publish" if request.POST.get("next") == "publish" else reverse("campaign", args=[campaign])
    )


class CampaignName(forms.Form):
    """Its name in the house, and whether it comes before others."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=120)
    priority = forms.IntegerField(
        label=gettext_lazy("Rank"),
        min_value=-1000,
        max_value=1000,
        help_text=gettext_lazy(
            "When several campaigns fit one mail, higher ranks come first. Most stay at 0."
        ),
    )
    holdout = forms.IntegerField(
        label=gettext_lazy("Held back, in per cent"),
        min_value=0,
        max_value=MOST_HELD_BACK,
        help_text=gettext_lazy("So many of 100 mails go without it, so that you can see what it does."),
    )


class DeleteByName(forms.Form):
    """Deleting asks for the name, typed."""

    typed = forms.CharField(
        label=gettext_lazy("Type its name to delete it"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, name: str, *args: Any, **options: Any) -> None:
        self.name = name
        super().__init__(*args, **options)

    def clean_typed(self) -> str:
        typed = str(self.cleaned_data["typed"]).strip()
        if typed.casefold() != self.name.casefold():
            raise forms.ValidationError(
                _("That is not its name. It is called “{name}”.").format(name=self.name)
            )
        return typed


@needs("change-content")
def name(request: HttpRequest, campaign: str) -> HttpResponse:
    """Rename, rank, delete."""
    row = named(Campaign, "campaign", campaign)
    deleting = "delete" in request.POST
    form = CampaignName(
        request.POST if request.method == "POST" and not deleting else None,
        initial={"name": row.name, "priority": row.priority, "holdout": row.holdout},
    )
    delete = DeleteByName(row.name, request.POST if deleting else None)
    if deleting and delete.is_valid():
        row.delete()
        notes.success(
            request, _("“{name}” is deleted. It is still shown until you publish.").format(name=row.name)
        )
        return redirect("campaigns")
    if form.is_bound and form.is_valid():
        row.name, row.priority = form.cleaned_data["name"], form.cleaned_data["priority"]
        row.holdout = form.cleaned_data["holdout"]
        row.changed_by = presence(request).account
        row.save()
        return redirect("campaign", campaign)
    return render(request, "content/campaign_name.html", {"campaign": row, "form": form, "delete": delete})
