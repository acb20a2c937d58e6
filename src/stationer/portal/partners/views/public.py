"""Pages for everyone: a company's own door, and the form for those who would like to be a partner.

The form is no way to send mail to anybody: what was written is kept, and the one mail it makes goes to whoever runs
this installation, with nothing of what was written in its head.
"""

from __future__ import annotations

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy

from stationer.portal.access.presence import SESSION_KEY
from stationer.portal.partners.asking import keep, room
from stationer.portal.people.models import Pen
from stationer.portal.site.fields import OneLine

MOST_WORDS = 2000


class EnquiryForm(forms.Form):
    """Who asks, and what for. `website` is hidden from people: a program that fills it in is thanked, and forgotten."""

    name = OneLine(
        label=gettext_lazy("Your name"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    company = OneLine(
        label=gettext_lazy("Your company"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    address = forms.EmailField(label=gettext_lazy("Your address"), max_length=254)
    words = forms.CharField(
        label=gettext_lazy("What do you have in mind?"),
        required=False,
        max_length=MOST_WORDS,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=gettext_lazy("How many companies you look after, and in which country, for example."),
    )
    website = forms.CharField(required=False, widget=forms.HiddenInput())


def become(request: HttpRequest) -> HttpResponse:
    """The form; sent, a page that says what happens now."""
    form = EnquiryForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = dict(form.cleaned_data)
        if said.pop("website"):
            return redirect("become-partner-done")
        if not room(request.META.get("REMOTE_ADDR", "")):
            return render(request, "partners/become.html", {"form": form, "full": True}, status=429)
        keep(**said)
        return redirect("become-partner-done")
    return render(request, "partners/become.html", {"form": form})


def done(request: HttpRequest) -> HttpResponse:
    """Thank you; what happens now."""
    return render(request, "partners/become_done.html")


def door(request: HttpRequest, slug: str) -> HttpResponse:
    """A company's own door: its name and colours, and the way in. Nothing else is said of it."""
    pen = Pen.objects.exclude(standing=Pen.Standing.ENDED).filter(slug=slug).first()
    if pen is None or pen.partner_id is None:
        raise Http404("no such door")
    if request.method == "POST":
        request.session[SESSION_KEY] = pen.outside_id
        return redirect("home")
    above = pen.from_above()
    facts = {
        "door": pen, "host_brand": pen.looks(), "house": above.house or "Stationer", "logo": above.logo,
    }  # fmt: skip
    return render(request, "partners/door.html", facts)
