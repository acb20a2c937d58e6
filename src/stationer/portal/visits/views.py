"""The script that a site loads; the page where it is switched on, copied and tried."""

from __future__ import annotations

import os
from datetime import timedelta
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages as notes
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from stationer import links
from stationer.portal.access.presence import needs, presence
from stationer.portal.people.models import Pen
from stationer.portal.people.valid import normal_domain
from stationer.portal.site.fields import Lines
from stationer.portal.visits.models import View, Website

#: With these bytes the visit of a test begins; how long its coming is shown.
TEST, TRIED = b"test", timedelta(minutes=10)


@cache
def _script() -> tuple[bytes, str]:
    data = Path(__file__).with_name("visits.js").read_bytes()
    return data, f'"{sha256(data).hexdigest()[:16]}"'


@require_safe
def script(request: HttpRequest) -> HttpResponse:
    """The same for everybody; any site may load it."""
    data, tag = _script()
    same = request.headers.get("If-None-Match") == tag
    answer = HttpResponse(b"" if same else data, content_type="text/javascript", status=304 if same else 200)
    answer["Cache-Control"], answer["ETag"] = "public, max-age=3600", tag
    answer["Cross-Origin-Resource-Policy"] = "cross-origin"
    return answer


class WebsiteForm(forms.ModelForm):  # type: ignore[type-arg]
    """The switch, the domains, how the script knows that somebody agreed."""

    quiet = True

    on = forms.BooleanField(
        label=gettext_lazy("Tell which pages were looked at after a click"), required=False
    )
    hosts = Lines(
        label=gettext_lazy("Domains of your web site"),
        normal=normal_domain,
        help_text=gettext_lazy("One a line, such as example.com. What is below one is included."),
    )
    consent = forms.ChoiceField(label=gettext_lazy("Visitors agree"), widget=forms.RadioSelect)

    class Meta:
        model = Website
        fields = ("on", "hosts", "consent")

    def __init__(self, row: Website, data: Any) -> None:
        super().__init__(data, instance=row, initial={"hosts": "\n".join(row.hosts)})
        self.fields["consent"].choices = [  # type: ignore[attr-defined]
            ("ask", gettext_lazy("on your site: until it says so, nothing is stored and nothing is told")),
            ("given", gettext_lazy("before they get the script: your site loads it only then")),
        ]


@needs("see-settings", change="change-settings")
def page(request: HttpRequest) -> HttpResponse:
    """What is told, the line for the site, and whether it works."""
    here = presence(request)
    row = Website.objects.first()
    form = WebsiteForm(row or Website(pen=here.pen), request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        form.save()
        notes.success(request, _("Saved. It is in force within two seconds."))
        return redirect("website")
    now = timezone.now()
    tried = View.objects.filter(visit__contains=TEST.hex(), at__gte=now - TRIED)
    facts = {
        "form": form,
        "row": Website.objects.first(),
        "tag": tag_of(row.consent if row else Website.Consent.ASK),
        "test": test_of(here.pen, row) if row and row.on else "",
        "arrived": tried.order_by("-at").first(),
        "last": View.objects.order_by("-at").first(),
        "now": now,
    }
    return render(request, "visits/website.html", facts, status=422 if form.errors else 200)


def tag_of(consent: str) -> str:
    """What stands in the head of every page of the site."""
    url = f"{settings.PUBLIC_URL}{reverse('visits-script')}"
    return f'<script async src="{url}" data-consent="{consent}"></script>'


def test_of(pen: Pen, row: Website) -> str:
    """The site's own address, as a reader comes there who followed a link; it stands for nobody's click."""
    by = links.signer(pen.outside_id, bytes(pen.mark_key))
    nonce = TEST + os.urandom(links.NONCE - len(TEST))
    token = links.sign_visit(by, int(timezone.now().timestamp()), nonce)
    return links.handed(f"https://{row.hosts[0]}/", links.write_visit(token))
