"""The page on which anybody checks a notification: a form, and what was found. It works without JavaScript."""

from __future__ import annotations

import time
from hashlib import sha256

from django import forms
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy

from stationer.portal.notices.checks import LONGEST, checked

#: So often may be asked from one address of the network, within so many seconds.
MOST, WITHIN_S = 30, 600


class CheckForm(forms.Form):
    """What was pasted."""

    quiet = True
    mail = forms.CharField(
        label=gettext_lazy("The source of the mail, or its header alone"),
        required=False,
        strip=False,
        max_length=LONGEST,
        error_messages={
            "max_length": gettext_lazy(
                "This is longer than any notification. Paste the header alone: everything above the first empty line."
            )
        },
        widget=forms.Textarea(
            attrs={"rows": 12, "spellcheck": "false", "autocomplete": "off", "wrap": "off"}
        ),
        help_text=gettext_lazy(
            "In most mail programs it is called “Source”, “Original” or “Headers”. What you paste is not kept."
        ),
    )


def check(request: HttpRequest) -> HttpResponse:
    """Ask, and be told."""
    form = CheckForm(request.POST or None)
    if request.method != "POST":
        return render(request, "notices/check.html", {"form": form})
    if is_often(request):
        return render(request, "notices/check.html", {"form": form, "often": True}, status=429)
    if not form.is_valid():
        return render(request, "notices/check.html", {"form": form})
    found = checked(form.cleaned_data["mail"], request.get_host())
    return render(request, "notices/check.html", {"form": form, "found": found})


def is_often(request: HttpRequest) -> bool:
    """Whether this is one more than may be asked from here; counted by the hash of the address."""
    window = int(time.time()) // WITHIN_S
    asker = sha256(str(request.META.get("REMOTE_ADDR")).encode()).hexdigest()[:32]
    key = f"check-notice:{window}:{asker}"
    cache.add(key, 0, WITHIN_S * 2)
    try:
        return cache.incr(key) > MOST
    except ValueError:  # it was forgotten at this moment
        return False
