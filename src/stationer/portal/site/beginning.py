"""The pages before the first page: an invitation, and a company for an account that has none."""

from __future__ import annotations

from typing import cast

from django import forms
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from stationer.portal.access import signing_up
from stationer.portal.access.models import Account
from stationer.portal.site.founding import found


@require_GET
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """The link of an invitation: on to the form, with the address filled in. One that is over says nothing more."""
    asked = signing_up.invited(token)
    if asked is None or settings.PORTAL.sign_up == "closed":
        raise Http404("no such invitation")
    request.session[signing_up.INVITED], company = asked
    return redirect(f"{reverse('account_signup')}?{urlencode({'email': asked[0], 'company': company})}")


class CompanyForm(forms.Form):
    """A name is all it takes."""

    company = forms.CharField(label=gettext_lazy("What is your company called?"), max_length=120)


@login_required
def new_company(request: HttpRequest) -> HttpResponse:
    """A company for an account that has none: at once, since signing in has proven the address."""
    if not signing_up.is_open() or getattr(request, "presence", None) is not None:
        raise Http404("closed, or has one")
    form = CompanyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        found(cast(Account, request.user), form.cleaned_data["company"].strip())
        return redirect("home")
    return render(request, "site/new_company.html", {"form": form})
