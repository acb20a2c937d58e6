"""The page of a campaign: its sentences with blanks, its messages, its state, its name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from django import forms
from django.contrib import messages as notes
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from stationer.portal.access.presence import needs, presence
from stationer.portal.content import binning, blanks, nobody, pacing, rivals, sentence, standing, timing
from stationer.portal.content.models import Campaign, Message
from stationer.portal.content.overtaking import facts as said_of
from stationer.portal.content.overtaking import held, overtaken, save, version
from stationer.portal.content.pacingblanks import PACING, CampaignBlank
from stationer.portal.people import attributes
from stationer.portal.people.models import AddressList, Group, Package, Pen
from stationer.portal.people.named import by_name, named
from stationer.portal.publishing import waiting
from stationer.portal.publishing.models import Publication
from stationer.portal.publishing.waiting import touched
from stationer.portal.site.fields import DeleteByName


def _said(campaign: Campaign, texts: Sequence[Message]) -> list[sentence.Piece]:
    shown = [(row.name, row.slot, row.variants) for row in texts]
    return sentence.campaign_sentence(campaign.wire_rule(), shown)


def _texts(campaign: Campaign, data: Any) -> QuerySet[Message]:
    """Its messages; those that may be written are held."""
    return campaign.messages.all() if data is None else campaign.messages.select_for_update()


def _blank(edit: str, campaign: Campaign, data: Any, pen: Pen) -> forms.Form | None:
    if edit in PACING:
        texts = list(_texts(campaign, data))
        return PACING[edit](campaign, data, messages=texts if len(texts) > 1 else ())
    rule = campaign.wire_rule()
    groups = Group.objects.values_list("name", flat=True)
    if edit == "who":
        packages = Package.objects.values_list("name", flat=True)
        return blanks.Who(rule, data, groups=groups, packages=packages, details=attributes.names())
    if edit == "to":
        lists = AddressList.objects.values_list("name", flat=True)
        return blanks.Whom(rule, data, groups=groups, lists=lists)
    if edit == "when":
        when = sentence.by_clock(rule.when, pen.zone)
        return timing.When(msgspec.structs.replace(rule, when=when), data, calendars=pen.calendars)
    if edit == "slot":
        first = campaign.messages.first()
        now = (
            {"slot": first.slot, "variants": first.variants}
            if first
            else {"slot": "banner", "variants": ["new"]}
        )
        return blanks.Place(data, initial=now)
    return None


def _version(form: forms.Form) -> str:
    """Of what stands in a blank, and of which messages."""
    return version([form.initial, [row.pk for row in getattr(form, "messages", ())]])


def _fill(form: forms.Form, campaign: Campaign, account: Any) -> None:
    """Keep what a blank now says."""
    if isinstance(form, blanks.Place):
        for row in campaign.messages.select_for_update():
            row.slot, row.variants = form.cleaned_data["slot"], form.cleaned_data["variants"]
            save(row, account, "slot", "variants")
    elif isinstance(form, CampaignBlank):
        for row in form.change():
            save(row, account, "weight", "place", "utm_content")
        save(campaign, account, *form.columns)
    else:
        assert isinstance(form, blanks.Who | blanks.Whom | timing.When)
        campaign.rule = msgspec.to_builtins(form.change(campaign.wire_rule()))
        save(campaign, account, "rule")


#: On which card of the page a blank opens; others open on the first.
CARDS = {
    "when": "when",
    "often": "pace",
    "again": "pace",
    "click": "pace",
    "holdout": "pace",
    "turn": "messages",
    "utm": "messages",
}


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
    if request.method != "POST":
        return render(
            request, "content/campaign.html", _facts(request, row, edit, _blank(edit, row, None, pen))
        )
    with held(row) as row:
        form = _blank(edit, row, request.POST, pen)
        if form is None:
            return redirect("campaign", campaign)
        refused = overtaken(request, row, edit, _version(form))
        if not refused and form.is_valid():
            _fill(form, row, presence(request).account)
            return redirect("campaign", campaign)
    return render(request, "content/campaign.html", _facts(request, row, edit, form, refused))


def _facts(
    request: HttpRequest, row: Campaign, edit: str, form: forms.Form | None, refused: bool = False
) -> dict[str, Any]:
    now = timezone.now()
    texts = [text for text in waiting.rows(request).messages if text.campaign_id == row.pk]
    shown = next(
        (text for text in texts if text.outside_id == request.GET.get("show")), texts[0] if texts else None
    )
    for text, share in zip(texts, pacing.shares(texts), strict=True):
        text.share = share  # type: ignore[attr-defined]
    if len(texts) == 1:
        what = reverse("message", args=[texts[0].outside_id])
    else:
        what = "#messages" if texts else reverse("new-message", args=[row.outside_id])
    guard = said_of(request, row, _version(form), refused) if form else {}
    return guard | {
        "campaign": row,
        "standing": standing.standing(row, now),
        "changed": row.outside_id in touched(request) and row.state != Campaign.State.DRAFT,
        "changed_standing": standing.changed(),
        "said": _said(row, texts),
        "nobody": nobody.said(row, texts, presence(request).pen, now),
        "pace": pacing.pace_sentence(row),
        "turn": pacing.turn_sentence(row, texts) if len(texts) > 1 else [],
        "utm": pacing.utm_sentence(row.wire_utm()),
        "beaten": rivals.said(row, waiting.rows(request), now),
        "what_url": what,
        "when": sentence.when_sentence(sentence.by_clock(row.wire_rule().when, presence(request).pen.zone)),
        "span": standing.span(row.wire_rule().when, now),
        "edit": edit if form else "",
        "blank": form,
        "card": CARDS.get(edit, "rule") if form else "",
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
        with held(row) as row:
            row.state = wanted
            save(row, presence(request).account, "state")
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


@needs("change-content")
def name(request: HttpRequest, campaign: str) -> HttpResponse:
    """Rename, rank, delete."""
    row = named(Campaign, "campaign", campaign)
    if "delete" in request.POST:
        delete = DeleteByName(row.name, request.POST)
        if delete.is_valid():
            return _deleted(request, row)
        return _name_page(request, row, _name_form(row), delete)
    if request.method != "POST":
        return _name_page(request, row, _name_form(row))
    with held(row) as row:
        form = _name_form(row, request.POST)
        refused = overtaken(request, row, "name", version(form.initial))
        if not refused and form.is_valid():
            row.name, row.priority = form.cleaned_data["name"], form.cleaned_data["priority"]
            save(row, presence(request).account, "name", "priority")
            return redirect("campaign", campaign)
    return _name_page(request, row, form, refused=refused)


def _name_form(row: Campaign, data: Any = None) -> CampaignName:
    return CampaignName(data, initial={"name": row.name, "priority": row.priority})


def _name_page(
    request: HttpRequest,
    row: Campaign,
    form: CampaignName,
    delete: DeleteByName | None = None,
    refused: bool = False,
) -> HttpResponse:
    facts = {"campaign": row, "form": form, "delete": delete or DeleteByName(row.name)}
    facts |= said_of(request, row, version(form.initial), refused)
    return render(request, "content/campaign_name.html", facts)


def _deleted(request: HttpRequest, row: Campaign) -> HttpResponse:
    binning.discard(row, presence(request).account)
    sentence = _("“{name}” is in the bin for 30 days. It is still shown until you publish.")
    notes.success(request, sentence.format(name=row.name))
    return redirect("campaigns")
