"""The company's own link domain: its name, the DNS entry, and whether it leads here."""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy

from stationer.portal.access import link_domain
from stationer.portal.access.presence import needs, presence


class NameForm(forms.Form):
    """Which name."""

    host = forms.CharField(
        label=gettext_lazy("Name of the link domain"),
        max_length=253,
        required=False,
        widget=forms.TextInput(attrs={"spellcheck": "false", "autocapitalize": "none"}),
        help_text=gettext_lazy("A name of its own below your domain that nothing else uses. Empty: none."),
    )


@needs("see-settings", change="change-settings")
def page(request: HttpRequest) -> HttpResponse:
    """A POST with a name chooses it, one with `look` looks now."""
    pen, said = presence(request).pen, ""
    form = NameForm(request.POST if "host" in request.POST else None, initial={"host": pen.link_host})
    if request.method == "POST" and "host" in request.POST and form.is_valid():
        try:
            link_domain.choose(pen, form.cleaned_data["host"])
        except ValidationError as error:
            form.add_error("host", error)
        else:
            return redirect("link-domain")
    elif request.method == "POST" and pen.link_host:
        said = link_domain.look(pen)
    facts = {
        "form": form,
        "pen": pen,
        "entry": link_domain.entry(pen.link_host) if pen.link_host else None,
        "said": said,
        "looked": request.method == "POST" and not form.errors,
        "example": link_domain.example(pen),
    }
    return render(request, "access/link_domain.html", facts, status=422 if form.errors else 200)
