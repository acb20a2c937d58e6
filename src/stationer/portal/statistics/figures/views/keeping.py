"""For how long the PEN keeps what was told of its mails, and its figures."""

from __future__ import annotations

from django import forms
from django.contrib import messages as notes
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stationer.portal.access.presence import needs
from stationer.portal.statistics.rolled import Keeping


class KeepingForm(forms.Form):
    """Two numbers, each with what it means."""

    raw_days = forms.IntegerField(
        label=gettext_lazy("Days for which single mails and clicks are kept"),
        min_value=7,
        max_value=3650,
        help_text=gettext_lazy(
            "To whom, when, who clicked. After that only sums are left, which name no recipient."
        ),
    )
    figure_months = forms.IntegerField(
        label=gettext_lazy("Months for which figures are kept"),
        min_value=1,
        max_value=240,
        help_text=gettext_lazy("Sums for each hour and day. After that they are gone too."),
    )

    def keep(self, row: Keeping) -> None:
        """Write it."""
        row.raw_days, row.figure_months = self.cleaned_data["raw_days"], self.cleaned_data["figure_months"]
        row.save()


@needs("see-settings", change="change-settings")
def page(request: HttpRequest) -> HttpResponse:
    """How long; what is older goes within the hour."""
    row = Keeping.objects.first() or Keeping()
    now = {"raw_days": row.raw_days, "figure_months": row.figure_months}
    form = KeepingForm(request.POST if request.method == "POST" else None, initial=now)
    if request.method == "POST" and form.is_valid():
        form.keep(row)
        notes.success(request, _("Saved. What is older goes within the hour."))
        return redirect("keeping")
    return render(request, "figures/keeping.html", {"form": form})
