"""Pages: what is known of somebody (for them, without an account); masking and erasing (for the office)."""

from __future__ import annotations

import hashlib

from django import forms
from django.conf import settings
from django.contrib import messages as notes
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from stationer.pick.addresses import canonical
from stationer.portal.access.presence import needs, presence
from stationer.portal.audit.actor import in_one
from stationer.portal.audit.recording import record
from stationer.portal.people.models import Pen, pen_id_of
from stationer.portal.people.scope import pen_scope
from stationer.portal.people.valid import normal_address
from stationer.portal.site.counting import tally
from stationer.portal.statistics.models import Masking
from stationer.portal.statistics.privacy import letters, outs
from stationer.portal.statistics.privacy.erasing import erase, keep_out, known, theirs_alone
from stationer.portal.statistics.visiting.words import visits

#: One mail to an address in so many seconds; so many from one reader in an hour.
APART, MOST = 600, 10
SHOWN = 50


def _pen(text: str) -> Pen:
    try:
        return Pen.objects.get(pk=pen_id_of(text))
    except (ValueError, Pen.DoesNotExist):
        raise Http404("no such company") from None


class AskForm(forms.Form):
    """Whose address."""

    address = forms.EmailField(label=gettext_lazy("Your e-mail address"), max_length=254)


@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest, pen: str) -> HttpResponse:
    """Anybody: have the link to one's own page sent to one's own mailbox. It never says whether anything is known."""
    row, form = _pen(pen), AskForm(request.POST or None)
    asked = request.method == "POST" and form.is_valid()
    if asked:
        address = canonical(form.cleaned_data["address"])
        if _may(request, row, address):
            letters.write(row, address)
    return render(request, "statistics/ask.html", {"pen": row, "form": form, "asked": asked})


def _may(request: HttpRequest, pen: Pen, address: str) -> bool:
    reader = hashlib.sha256(str(request.META.get("REMOTE_ADDR")).encode()).hexdigest()[:32]
    if tally(f"known-from-{reader}", 3600) > MOST:
        return False
    return bool(cache.add(f"known-to-{outs.key_of(pen, address)}", 1, APART))


@require_http_methods(["GET", "POST"])
def their_own(request: HttpRequest, pen: str, token: str) -> HttpResponse:
    """Somebody's own page: what this company knows of their address; to object, to be forgotten, to come back."""
    row = _pen(pen)
    address = letters.read(row, token)
    with pen_scope(row):
        if address is None:
            return render(request, "statistics/known_over.html", {"pen": row}, status=404)
        if request.method == "POST":
            _do(request, address)
            return redirect("known", pen, token)
        facts = {
            "pen": row,
            "address": address,
            "known": known(address),
            "rows": visits(theirs_alone(address).order_by("-id")[:SHOWN]),
            "out": outs.is_out(address),
        }
        return render(request, "statistics/known.html", facts)


def _do(request: HttpRequest, address: str) -> None:
    """What they want; the audit says that somebody asked, and not who."""
    wanted = request.POST.get("do")
    with in_one():
        if wanted in ("object", "forget"):
            keep_out(address)
        if wanted == "forget":
            erase(address)
        if wanted == "return":
            outs.let_in(address)
    if wanted in ("object", "forget", "return"):
        what = {"object": "objected", "forget": "erased", "return": "returned"}[wanted]
        record(what, "addressee")


# ── the office ──


class MaskingForm(forms.ModelForm):  # type: ignore[type-arg]
    """After how long, and what stays."""

    class Meta:
        model = Masking
        fields = ("days", "stays")
        labels = {
            "days": gettext_lazy("Days until addresses are masked"),
            "stays": gettext_lazy("What stays of them"),
        }
        help_texts = {"days": gettext_lazy("0: they are kept as long as the mails are.")}

    def __init__(self, *args: object, **options: object) -> None:
        super().__init__(*args, **options)  # type: ignore[arg-type]
        self.fields["stays"].choices = [  # type: ignore[attr-defined]
            ("domain", gettext_lazy("the domain alone")),
            ("hash", gettext_lazy("the domain, and a code that tells readers apart")),
        ]


class EraseForm(forms.Form):
    """Which address is to be forgotten."""

    address = forms.CharField(label=gettext_lazy("Address"), max_length=254)
    stay_out = forms.BooleanField(
        label=gettext_lazy("And never follow it again"), required=False, initial=True
    )

    def clean_address(self) -> str:
        return normal_address(self.cleaned_data["address"])


@needs("see-settings", change="change-settings")
def page(request: HttpRequest) -> HttpResponse:
    """What is kept of recipients, and for how long; one address is forgotten everywhere."""
    here = presence(request)
    row = Masking.objects.first() or Masking()
    wanted = request.POST.get("do", "")
    masking = MaskingForm(request.POST if wanted == "mask" else None, instance=row)
    erasing = EraseForm(request.POST if wanted == "erase" else None)
    if wanted == "mask" and masking.is_valid():
        masking.instance.until = None  # what was masked otherwise is looked at again
        masking.save()
        notes.success(request, _("Saved. The hour will do the rest."))
        return redirect("privacy")
    if wanted == "erase" and erasing.is_valid():
        _erase(request, erasing.cleaned_data["address"], erasing.cleaned_data["stay_out"])
        return redirect("privacy")
    facts = {
        "masking": masking,
        "erasing": erasing,
        "ask_url": settings.PUBLIC_URL + reverse("ask-known", args=[here.pen.outside_id]),
    }
    return render(request, "statistics/privacy.html", facts)


def _erase(request: HttpRequest, address: str, stay_out: bool) -> None:
    with in_one():
        before = erase(address)
        if stay_out:
            keep_out(address)
    record("erased", "addressee", count=before.mails)
    if before.nothing:
        notes.success(request, _("Nothing was known of this address."))
    else:
        said = _("Forgotten: {mails} mails and {hits} clicks name this address no more.")
        notes.success(request, said.format(mails=before.mails, hits=before.hits))
    if before.lists:
        notes.warning(
            request, _("These lists of yours still name it: {lists}.").format(lists=", ".join(before.lists))
        )
