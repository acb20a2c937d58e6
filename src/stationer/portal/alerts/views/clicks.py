"""What a click of a campaign's link does: one sentence with a form, reached from the campaign's page."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.contrib import messages as notes
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stationer.portal.access.presence import needs, presence
from stationer.portal.alerts.models import ClickAction
from stationer.portal.content.models import Campaign, Message
from stationer.portal.content.sentence import all_of
from stationer.portal.people.models import AddressList
from stationer.portal.people.named import named


class ClickForm(forms.Form):
    """Onto a list, not again, on with a later message."""

    list = forms.ChoiceField(
        label=gettext_lazy("They come onto the list"),
        required=False,
        help_text=gettext_lazy("At once; rules that name the list follow at the next Publish."),
    )
    stop = forms.BooleanField(
        label=gettext_lazy("They do not see this campaign again"),
        required=False,
        help_text=gettext_lazy(
            "The same as “until they click a link” on the campaign’s page: publish it once."
        ),
    )
    go_on = forms.ChoiceField(
        label=gettext_lazy("They go on with"),
        required=False,
        help_text=gettext_lazy("Nobody goes back: who is further already stays there."),
    )

    def __init__(self, campaign: Campaign, action: ClickAction, data: Any = None) -> None:
        initial = {
            "list": str(action.list_id or ""),
            "stop": campaign.stop_after_click,
            "go_on": str(action.go_on or ""),
        }
        super().__init__(data, initial=initial)
        rows = AddressList.objects.values_list("pk", "name")
        self.fields["list"].choices = [("", _("no list")), *((str(key), name) for key, name in rows)]  # type: ignore[attr-defined]
        texts = list(Message.objects.filter(campaign=campaign).values_list("pk", "name"))[1:]
        later = [(str(key), _("“{name}”").format(name=name)) for key, name in texts]
        self.fields["go_on"].choices = [("", _("what comes next anyway")), *later]  # type: ignore[attr-defined]
        if not campaign.sequence or not later:
            del self.fields["go_on"]

    def keep(self, campaign: Campaign, action: ClickAction, account: Any) -> None:
        """Write it: the action holds at once, the campaign's own field waits for Publish."""
        data = self.cleaned_data
        action.list_id = uuid.UUID(data["list"]) if data["list"] else None
        if "go_on" in data:
            action.go_on = uuid.UUID(data["go_on"]) if data["go_on"] else None
        action.save()
        if campaign.stop_after_click != data["stop"]:
            campaign.stop_after_click, campaign.changed_by = data["stop"], account
            campaign.save()


@needs("see-content", change="change-content")
def page(request: HttpRequest, campaign: str) -> HttpResponse:
    """Look and change."""
    row = named(Campaign, "campaign", campaign)
    action = ClickAction.objects.filter(campaign=row.pk).first() or ClickAction(campaign=row.pk)
    form = ClickForm(row, action, request.POST if request.method == "POST" else None)
    if form.is_valid():
        form.keep(row, action, presence(request).account)
        notes.success(request, _("Saved. It holds from the next click on."))
        return redirect("campaign-clicks", campaign)
    facts = {"campaign": row, "form": form, "said": said(row, action)}
    return render(request, "alerts/clicks.html", facts)


def said(campaign: Campaign, action: ClickAction) -> str:
    """What happens, as the end of a sentence; that nothing does, where nothing does."""
    done = []
    listed = AddressList.objects.filter(pk=action.list_id).first() if action.list_id else None
    if listed:
        done.append(_("they come onto the list “{name}”").format(name=listed.name))
    if campaign.stop_after_click:
        done.append(_("they do not see the campaign again"))
    text = Message.objects.filter(pk=action.go_on).first() if action.go_on and campaign.sequence else None
    if text:
        done.append(_("they go on with “{name}”").format(name=text.name))
    return all_of(done) or _("nothing more happens")
