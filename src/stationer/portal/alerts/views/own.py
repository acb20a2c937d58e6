"""How I am told: everybody's own page, whichever role they have."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages as notes
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stationer.portal.access.presence import members_only, presence
from stationer.portal.alerts import sentences, wanting
from stationer.portal.alerts.blanks import Campaigns
from stationer.portal.alerts.models import AlertPreference, AlertRule, AlertTerms, Due
from stationer.portal.alerts.telling import visits
from stationer.portal.alerts.wording import Addresses
from stationer.portal.content.sentence import plain
from stationer.portal.people import zones
from stationer.portal.site.fields import Many

HOURS = [("", gettext_lazy("none")), *((at, sentences.hour(at)) for at in range(24))]


def _hour(label: Any) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(label=label, choices=HOURS, coerce=int, empty_value=None, required=False)


class Preference(Campaigns):
    """What somebody wants to be told, and how."""

    rows = (("how",), ("campaigns",), ("another",), ("links",))
    fewer = (("rules",), ("quiet_from",), ("quiet_until",), ("language",), ("zone",))
    fold = gettext_lazy("Quiet hours, language, clock, single rules")

    how = forms.ChoiceField(
        label=gettext_lazy("When somebody clicks a link, tell me"), widget=forms.RadioSelect
    )
    links = forms.BooleanField(label=gettext_lazy("And of links that I made by hand"), required=False)
    rules = Many(label=gettext_lazy("Rules that may tell me"), long=True)
    quiet_from = _hour(gettext_lazy("Nothing at once from"))
    quiet_until = _hour(gettext_lazy("until"))
    language = forms.ChoiceField(label=gettext_lazy("Language"))
    zone = forms.ChoiceField(label=gettext_lazy("Clock"))

    def __init__(self, wish: AlertPreference, terms: AlertTerms, data: Any = None) -> None:
        self.wish = wish
        listed = list(AlertRule.objects.all())
        known = sentences.names_of(listed)
        unsaid = wish._state.adding
        initial = {
            "how": wish.how,
            "campaigns": wish.campaigns,
            "links": wish.links,
            "rules": [rule.outside_id for rule in listed if rule.outside_id not in wish.muted],
            "quiet_from": wish.quiet_from,
            "quiet_until": wish.quiet_until,
            "language": wish.language or (translation.get_language() if unsaid else terms.language),
            "zone": wish.zone or timezone.get_current_timezone_name(),
        }
        super().__init__(data, initial=initial)
        self.listed = [rule.outside_id for rule in listed]
        choices = {
            "how": hows(terms),
            "rules": [(one.outside_id, plain(sentences.sentence(one, known, terms))) for one in listed],
            "language": [(code, _(name)) for code, name in settings.LANGUAGES],
            "zone": zones.offered(str(initial["zone"])),
        }
        for name, offered in choices.items():
            self.fields[name].choices = offered  # type: ignore[attr-defined]
        if not listed:
            del self.fields["rules"]
        self.offer(wish.campaigns)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if (data.get("quiet_from") is None) != (data.get("quiet_until") is None):
            self.add_error("quiet_until", _("Say from when and until when, or neither."))
        return data

    def keep(self) -> None:
        """Write it; what waits is told as is wanted now."""
        data, wish = self.cleaned_data, self.wish
        for name in ("how", "links", "quiet_from", "quiet_until", "language", "zone"):
            setattr(wish, name, data[name])
        wish.campaigns = self.chosen()
        ticked = set(data.get("rules", ()))
        wish.muted = [one for one in self.listed if one not in ticked]
        wish.full_clean()
        wish.save()


def hows(terms: AlertTerms) -> list[tuple[str, str]]:
    """How one can be told, in words."""
    return [
        ("all", _("as the company’s rules say")),
        ("chosen", _("of these campaigns alone")),
        ("digest", _("once a day at {time}, all of it").format(time=sentences.hour(terms.digest_hour))),
        ("none", _("nothing at all")),
    ]


@members_only
def page(request: HttpRequest) -> HttpResponse:
    """Look and change; the newest of what I was told stands beside it."""
    address = presence(request).member.address
    wish, terms = wanting.preference(address), wanting.terms()
    form = Preference(wish, terms, request.POST if request.method == "POST" else None)
    if form.is_valid():
        form.keep()
        notes.success(request, _("Saved. It holds from the next click on."))
        return redirect("own-alerts")
    dues = list(Due.objects.filter(to=address).order_by("-last_at", "-id")[:20])
    said = visits(dues, Addresses())
    facts = {
        "form": form,
        "told": [(due, said[due.pk]) for due in dues if due.pk in said],
        "address": address,
    }
    return render(request, "alerts/own.html", facts)
