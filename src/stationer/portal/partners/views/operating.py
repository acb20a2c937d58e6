"""The operator's page: enquiries of would-be partners, and the partners at the top of the tree.

The operator is whoever signs in with the address of the setting `portal.operator`, once it is verified.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.models import EmailAddress
from django import forms
from django.conf import settings
from django.contrib import messages as notes
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stationer.portal.access.presence import within
from stationer.portal.access.signed_out import signed_out
from stationer.portal.partners.joining import join
from stationer.portal.partners.models import Enquiry
from stationer.portal.partners.views.staff import ResellerForm
from stationer.portal.people.models import Partner
from stationer.wire import ids

PAGE = 25
View = Callable[..., HttpResponseBase]


def is_operator(account: Any) -> bool:
    """Whether this account is that of whoever runs the installation."""
    address = settings.PORTAL.operator.lower()
    return bool(address) and EmailAddress.objects.filter(user=account, email=address, verified=True).exists()


def operators(view: View) -> View:
    """The page is the operator's alone; for others, and at a partner's host, it is not there."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **options: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return signed_out(request)
        if not is_operator(request.user):
            raise Http404("not the operator")
        if within(request):
            raise Http404("a partner's host")
        return view(request, *args, **options)

    return guarded


class AnswerForm(forms.Form):
    """What became of an enquiry, for oneself."""

    answer = forms.CharField(
        label=gettext_lazy("What became of it"),
        max_length=300,
        help_text=gettext_lazy("Kept here for you; nobody gets a mail."),
    )


@operators
def page(request: HttpRequest) -> HttpResponse:
    """Enquiries, the open ones first; partners; a new partner."""
    form = ResellerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            row = founded(form.cleaned_data["name"], form.cleaned_data["owner"])
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            notes.success(request, _("{name} is there, and its owner is invited.").format(name=row.name))
            return redirect("operator")
    rows = Enquiry.objects.order_by("answered_at", "-created_at")
    open_first = sorted(
        rows[:500], key=lambda row: (row.answered_at is not None, -row.created_at.timestamp())
    )
    partners = Partner.objects.filter(parent=None).annotate(count=Count("pens")).order_by("name")
    facts = {
        "page": Paginator(open_first, PAGE).get_page(request.GET.get("page")),
        "partners": partners[:200],
        "form": form,
    }
    return render(request, "partners/operator.html", facts)


def founded(name: str, owner: str) -> Partner:
    """A partner at the top of the tree, and its first owner. Raises ValidationError."""
    with transaction.atomic():
        row = Partner(name=" ".join(name.split()))
        row.full_clean()
        row.save()
        join(row, owner, "owner")
    return row


def _made(row: Enquiry) -> Partner:
    """The partner that an enquiry became, made once. Raises ValidationError."""
    with transaction.atomic():
        locked = Enquiry.objects.select_for_update(of=("self",)).get(pk=row.pk)
        if locked.partner is None:
            locked.partner, locked.answered_at = founded(locked.company, locked.address), timezone.now()
            locked.save(update_fields=["partner", "answered_at"])
    return locked.partner


@operators
def enquiry(request: HttpRequest, enquiry: str) -> HttpResponse:
    """One enquiry: what was written, and what becomes of it."""
    try:
        row = Enquiry.objects.get(pk=ids.inside("enquiry", enquiry))
    except (ValueError, Enquiry.DoesNotExist):
        raise Http404("no such enquiry") from None
    form = AnswerForm(
        request.POST if request.POST.get("deed") == "answer" else None, initial={"answer": row.answer}
    )
    if request.POST.get("deed") == "partner":
        try:
            made = _made(row)
        except ValidationError as error:
            notes.error(request, " ".join(error.messages))
            return redirect("operator-enquiry", row.outside_id)
        notes.success(request, _("{name} is there, and its owner is invited.").format(name=made.name))
        return redirect("operator")
    if form.is_valid():
        row.answer, row.answered_at = form.cleaned_data["answer"], timezone.now()
        row.save()
        return redirect("operator")
    return render(request, "partners/one_enquiry.html", {"row": row, "form": form})
