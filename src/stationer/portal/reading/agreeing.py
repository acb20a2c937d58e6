"""What members agree on with contacts, a shared secret; and what an owner asks of all readers."""

from __future__ import annotations

from django import forms
from django.contrib import messages as notes
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stationer.notice import canonical
from stationer.portal.access.presence import members_only, needs, presence
from stationer.portal.people import levels as words
from stationer.portal.people.models import Member
from stationer.portal.people.valid import normal_address
from stationer.portal.reading import leaving, levels, secret
from stationer.portal.reading.models import Contact, ReadingTerms
from stationer.portal.vault.models import Grant

PAGE = 50


def written_to(member: Member, typed: str) -> str:
    """The address, in its canonical form, of somebody whom this member wrote. Raises ValidationError."""
    address = canonical(normal_address(typed))
    if not Grant.objects.filter(address=address, message__member=member).exists():
        raise forms.ValidationError(
            _("You wrote no letter to {address} yet. Write it first; the rest can follow.").format(
                address=address
            )
        )
    return address


class SecretForm(forms.Form):
    """A secret for one contact."""

    address = forms.CharField(label=gettext_lazy("Whose secret is it?"), max_length=320,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        help_text=gettext_lazy("The address of somebody whom you wrote a letter."))  # fmt: skip
    secret = forms.CharField(label=gettext_lazy("The secret"), min_length=8, max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text=gettext_lazy(
            "At least eight characters; three or four words are easy to say. Tell it in person or by telephone, never "
            "by mail."
        ))  # fmt: skip

    def __init__(self, member: Member, *args: object, **options: object) -> None:
        super().__init__(*args, **options)  # type: ignore[arg-type]
        self.member = member

    def clean_address(self) -> str:
        address = written_to(self.member, self.cleaned_data["address"])
        other = Contact.objects.filter(address=address).exclude(secret="").exclude(secret_by=self.member)
        if other.exclude(secret_by=None).exists():
            raise forms.ValidationError(
                _(
                    "A colleague has agreed on a secret with {address} already; it opens your letters too."
                ).format(address=address)
            )
        return address


@members_only
def secrets(request: HttpRequest) -> HttpResponse:
    """The secrets that this member agreed on, and a new one."""
    me = presence(request).member
    mine = Contact.objects.filter(secret_by=me).exclude(secret="")
    if request.method == "POST" and "forget" in request.POST:
        row = mine.filter(address=request.POST["forget"]).first()
        if row is not None:
            secret.forget(row)
            notes.success(request, _("The secret of {address} counts no more.").format(address=row.address))
        return redirect("shared-secrets")
    form = SecretForm(me, request.POST or None)
    if request.method == "POST" and form.is_valid():
        row = secret.agree(form.cleaned_data["address"], form.cleaned_data["secret"], me)
        notes.success(
            request,
            _("{address} can use it from now on. Nobody can read it here again.").format(address=row.address),
        )
        return redirect("shared-secrets")
    page = Paginator(mine, PAGE).get_page(request.GET.get("page"))
    return render(request, "reading/secrets.html", {"form": form, "page": page})


class TermsForm(forms.Form):
    """What the company asks of its readers."""

    level = forms.TypedChoiceField(
        label=words.ASKED, coerce=int, widget=forms.RadioSelect, choices=words.WORDS
    )

    quick = forms.ChoiceField(
        label=gettext_lazy("How people outside get in"),
        widget=forms.RadioSelect,
        choices=ReadingTerms.Quick.choices,
    )


class OutForm(forms.Form):
    """Whom an owner signs out everywhere."""

    out = forms.CharField(label=gettext_lazy("Whose address is it?"), max_length=320,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        help_text=gettext_lazy(
            "They are signed out in every browser, and their passkeys, password and shared secret count no more. They "
            "get in by a code again."
        ))  # fmt: skip

    def clean_out(self) -> str:
        return canonical(normal_address(self.cleaned_data["out"]))


def _signed_out(request: HttpRequest, form: OutForm) -> bool:
    """Whether somebody was to be signed out, and is."""
    if "out" not in request.POST or not form.is_valid():
        return False
    address = form.cleaned_data["out"]
    if leaving.shut(address):
        notes.success(request, _("{address} is signed out everywhere.").format(address=address))
    else:
        notes.info(request, _("{address} has not read a letter here yet.").format(address=address))
    return True


@needs("see-settings", change="change-settings")
def terms(request: HttpRequest) -> HttpResponse:
    """The company's terms; and somebody is signed out everywhere."""
    row, out = levels.terms(), OutForm(request.POST if "out" in request.POST else None)
    if request.method == "POST" and _signed_out(request, out):
        return redirect("reading-terms")
    said = request.POST if request.POST and "out" not in request.POST else None
    form = TermsForm(said, initial={"level": row.level, "quick": row.quick})
    if request.method == "POST" and form.is_valid():
        row.level, row.quick = form.cleaned_data["level"], form.cleaned_data["quick"]
        row.save()
        notes.success(request, _("In force from now on, for letters that were sent before as well."))
        return redirect("reading-terms")
    return render(request, "reading/terms.html", {"form": form, "out": out})
