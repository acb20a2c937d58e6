"""Pages of codes by telephone: the numbers that a member gave of contacts, and the company's gateway."""

from __future__ import annotations

from django import forms
from django.contrib import messages as notes
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from stationer.portal.access.presence import members_only, needs, presence
from stationer.portal.hooks.guarding import check_url
from stationer.portal.people.models import Member
from stationer.portal.reading import agreeing, gateway, phone_codes
from stationer.portal.reading.models import Contact, Gateway, PhoneCode

PAGE, SHOWN = 50, 10


class NumberForm(forms.Form):
    """The number of one contact."""

    address = forms.CharField(label=gettext_lazy("Whose number is it?"), max_length=320,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        help_text=gettext_lazy("The address of somebody whom you wrote a letter."))  # fmt: skip
    number = forms.CharField(label=gettext_lazy("The number"), max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "tel"}),
        help_text=gettext_lazy(
            "With its country, as +49 30 1234567. Take it from your own papers, never from a mail that asks you to."
        ))  # fmt: skip

    def __init__(self, member: Member, *args: object, **options: object) -> None:
        super().__init__(*args, **options)  # type: ignore[arg-type]
        self.member = member

    def clean_address(self) -> str:
        address = agreeing.written_to(self.member, self.cleaned_data["address"])
        other = Contact.objects.filter(address=address).exclude(phone="").exclude(phone_by=self.member)
        if other.exclude(phone_by=None).exists():
            raise forms.ValidationError(
                _(
                    "A colleague has given a number of {address} already; codes for your letters go there too."
                ).format(address=address)
            )
        return address

    def clean_number(self) -> str:
        return phone_codes.normal_number(self.cleaned_data["number"])


@members_only
def numbers(request: HttpRequest) -> HttpResponse:
    """The numbers that this member gave, and a new one."""
    me = presence(request).member
    mine = Contact.objects.filter(phone_by=me).exclude(phone="")
    if request.method == "POST" and "forget" in request.POST:
        row = mine.filter(address=request.POST["forget"]).first()
        if row is not None:
            phone_codes.take_away(row)
            notes.success(request, _("No code goes to a telephone of {address}.").format(address=row.address))
        return redirect("contact-phones")
    form = NumberForm(me, request.POST or None)
    if request.method == "POST" and form.is_valid():
        row = phone_codes.give(form.cleaned_data["address"], form.cleaned_data["number"], me)
        notes.success(
            request,
            _("Codes for {address} can go to {tail}.").format(address=row.address, tail=row.phone_tail),
        )
        return redirect("contact-phones")
    page = Paginator(mine, PAGE).get_page(request.GET.get("page"))
    facts = {"form": form, "page": page, "gateway": gateway.there() is not None}
    return render(request, "reading/phones.html", facts)


class GatewayForm(forms.Form):
    """Where it is."""

    quiet = True
    url = forms.CharField(
        label=gettext_lazy("Where are codes handed over?"),
        max_length=2000,
        help_text=gettext_lazy("The address of your gateway, or of a program before it; https://."),
        widget=forms.TextInput(attrs={"inputmode": "url", "spellcheck": "false"}),
    )

    def clean_url(self) -> str:
        typed = str(self.cleaned_data["url"]).strip()
        try:
            check_url(typed)
        except ValidationError as error:
            raise forms.ValidationError(error.message_dict["url"]) from error
        return typed


class TestForm(forms.Form):
    """A number that a test goes to."""

    quiet = True
    number = forms.CharField(label=gettext_lazy("Your own number"), max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}))  # fmt: skip

    def clean_number(self) -> str:
        return phone_codes.normal_number(self.cleaned_data["number"])


@never_cache
@needs("see-settings", change="change-settings")
def settings(request: HttpRequest) -> HttpResponse:
    """The gateway: where it is, its secret, a test, what it took last."""
    row = Gateway.objects.first()
    posted = request.POST if request.method == "POST" else None
    form = GatewayForm(
        posted if posted and "url" in posted else None, initial={"url": row.url if row else ""}
    )
    trial = TestForm(posted if posted and "number" in posted else None)
    if form.is_valid():
        return _saved(request, row, form.cleaned_data["url"])
    if row is not None and trial.is_valid():
        return _tried(request, row, trial)
    if row is not None and posted and "exchange" in posted:
        secret = gateway.exchange(row)
        row.save()
        return _page(request, row, secret=secret)
    if row is not None and posted and "delete" in posted:
        row.delete()
        notes.success(request, _("There is no gateway any more; no code goes to a telephone."))
        return redirect("phone-gateway")
    return _page(request, row, form=form, trial=trial)


def _saved(request: HttpRequest, row: Gateway | None, url: str) -> HttpResponse:
    """Another address keeps the secret; a first one gets one, which stands on the page that comes back."""
    if row is not None:
        row.url, row.failing_since = url, None
        row.save()
        notes.success(request, _("Saved."))
        return redirect("phone-gateway")
    row = Gateway(url=url)
    secret = gateway.exchange(row)
    row.save()
    return _page(request, row, secret=secret)


def _tried(request: HttpRequest, row: Gateway, trial: TestForm) -> HttpResponse:
    try:
        phone_codes.test(trial.cleaned_data["number"])
    except phone_codes.TooMany as many:
        trial.add_error("number", str(many))
        return _page(request, row, trial=trial)
    notes.success(request, _("A test is on its way. What your gateway answered stands below in a moment."))
    return redirect("phone-gateway")


def _page(
    request: HttpRequest, row: Gateway | None, *, secret: str = "", form: GatewayForm | None = None,
    trial: TestForm | None = None,
) -> HttpResponse:  # fmt: skip
    facts = {
        "row": row,
        "secret": secret,
        "form": form or GatewayForm(initial={"url": row.url if row else ""}),
        "trial": trial or TestForm(),
        "sent": list(PhoneCode.objects.order_by("-asked_at")[:SHOWN]) if row else [],
    }
    return render(request, "reading/gateway.html", facts)
