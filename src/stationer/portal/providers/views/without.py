"""Signing in without the company's own sign-in: by an emergency code (contract/sign-in.md §8)."""

from __future__ import annotations

from django import forms
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from stationer.portal.providers import emergency
from stationer.portal.providers.told import Refused
from stationer.portal.providers.views.entering import AddressForm, let_in


class CodeForm(AddressForm):
    """An owner's address and one of their emergency codes."""

    code = forms.CharField(
        label=gettext_lazy("Emergency code"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )


@never_cache
def without(request: HttpRequest) -> HttpResponse:
    """An owner comes in by an emergency code."""
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            ip = request.META.get("REMOTE_ADDR", "")
            account, pen = emergency.use(
                form.cleaned_data["address"], form.cleaned_data["code"], ip, request.path
            )
        except Refused as error:
            form.add_error(None, " ".join(error.sentences()))
        else:
            if request.user.is_authenticated:
                logout(request)
            return let_in(request, account, {"pen": pen.outside_id, "provider": ""})
    return render(request, "providers/emergency.html", {"form": form}, status=200)
