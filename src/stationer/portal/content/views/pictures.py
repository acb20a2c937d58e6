"""The pictures of a PEN: sent in, described, put in another's place, and, when nothing shows them, taken away."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages as notes
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stationer.portal.access.presence import needs
from stationer.portal.content import taking
from stationer.portal.content.models import Asset
from stationer.portal.content.pictures import keep_picture
from stationer.portal.content.using import uses, uses_of
from stationer.portal.content.views.campaign_list import MANY
from stationer.portal.people.named import named
from stationer.portal.site.fields import DeleteByName
from stationer.portal.site.leading import back_to
from stationer.portal.site.sizes import most_octets

PAGE = 24
#: The form's own words need some room beside the file.
BODY = taking.MOST_SENT + 200_000


def _sentence(octets: int) -> str:
    return " ".join(taking.too_large(octets).messages)


class SendPicture(forms.Form):
    """A file, its name, its words, and where it is to stand."""

    picture = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy("PNG, JPEG, GIF or WebP. It is made as small as its place allows."),
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/gif,image/webp"}),
    )
    place = forms.ChoiceField(
        label=gettext_lazy("Where will it stand?"),
        choices=[
            ("wide", gettext_lazy("Across a mail: up to 600 pixels wide")),
            ("half", gettext_lazy("In a column: up to 280 pixels wide")),
            ("logo", gettext_lazy("As a logo: up to 320 by 96 pixels")),
            ("portrait", gettext_lazy("As a portrait: up to 120 by 152 pixels")),
        ],
    )
    alt = forms.CharField(
        label=gettext_lazy("What it shows, in words"),
        max_length=300,
        help_text=gettext_lazy("Many mail programs hide pictures at first, and some readers never see any."),
    )
    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=80,
        required=False,
        help_text=gettext_lazy("By which you choose it; empty, it is the file’s own."),
    )

    def kept(self, name: str = "") -> Asset:
        """The picture, taken in. Raises ValidationError (`picture`, `name`)."""
        sent = self.cleaned_data["picture"]
        called = name or self.cleaned_data["name"].strip() or _stem(sent.name or "")
        if not name and Asset.objects.filter(name=called).exists():
            said = _(
                "There is a picture called “{name}”. Choose another name, or replace that one on its own page."
            )
            raise ValidationError({"name": said.format(name=called)})
        if sent.size > taking.MOST_SENT:
            raise taking.too_large(sent.size)
        data = taking.take(sent.read(), taking.PLACES[self.cleaned_data["place"]])
        return keep_picture(data, name=called, alt=self.cleaned_data["alt"])


def _stem(file_name: str) -> str:
    stem = " ".join(file_name.rpartition(".")[0].split()) or file_name
    return stem[:80] or "picture"


class Replace(SendPicture):
    """Another picture under the same name."""

    name = None  # type: ignore[assignment]


def _try(form: SendPicture, name: str = "") -> Asset | None:
    """The picture, or None with the mistakes in the form."""
    if not form.is_valid():
        return None
    try:
        return form.kept(name)
    except ValidationError as error:
        for field, wrong in error.error_dict.items():
            form.add_error(field if field in form.fields else None, wrong)
    return None


@most_octets(BODY, _sentence)
@needs("see-content", change="change-content")
def listing(request: HttpRequest) -> HttpResponse:
    """All pictures, and a form for another one."""
    form = SendPicture(request.POST, request.FILES) if request.method == "POST" else SendPicture()
    if request.method == "POST" and (row := _try(form)) is not None:
        notes.success(
            request, _("“{name}” is there. Choose it wherever a picture may stand.").format(name=row.name)
        )
        return redirect(back_to(request, "pictures"))
    total, q = Asset.objects.count(), request.GET.get("q", "").strip()
    rows = Asset.objects.filter(Q(name__icontains=q) | Q(alt__icontains=q)) if q else Asset.objects.all()
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    shown = uses() if total else {}
    for row in page:
        row.uses = shown.get(row.name, [])  # type: ignore[attr-defined]
    facts: dict[str, Any] = {"page": page, "total": total, "many": total > MANY, "q": q, "form": form}
    facts["search_words"] = _("Search {count} pictures").format(count=total)
    facts["next"] = request.POST.get("next") or request.GET.get("next", "")
    status = 422 if form.errors else 200
    return render(request, "content/pictures.html", facts, status=status)


class Words(forms.Form):
    """What it shows, in words."""

    alt = forms.CharField(label=gettext_lazy("What it shows, in words"), max_length=300)


@most_octets(BODY, _sentence)
@needs("see-content", change="change-content")
def page(request: HttpRequest, picture: str) -> HttpResponse:
    """One picture: its words, another in its place, where it is used, and its end."""
    row = named(Asset, "asset", picture)
    used = uses_of(row)
    asked = next((deed for deed in ("words", "replace", "delete") if deed in request.POST), "")
    words = Words(request.POST if asked == "words" else None, initial={"alt": row.alt})
    data, files = (request.POST, request.FILES) if asked == "replace" else (None, None)
    replace = Replace(data, files, initial={"alt": row.alt}, prefix="new")
    delete = DeleteByName(row.name, request.POST if asked == "delete" else None)
    said = _done(row, asked, used, words, replace, delete)
    if said:
        notes.success(request, said)
        return redirect("pictures") if asked == "delete" else redirect("picture-page", picture)
    facts = {"picture": row, "uses": used, "words": words, "replace": replace, "delete": delete}
    return render(request, "content/picture.html", facts, status=422 if asked else 200)


def _done(
    row: Asset, asked: str, used: list[Any], words: Words, replace: Replace, delete: DeleteByName
) -> str:
    """Do what was asked; what is said then, or nothing where it could not be done."""
    if asked == "words" and words.is_valid():
        row.alt = words.cleaned_data["alt"]
        row.save()
        return _("Kept.")
    if asked == "replace" and _try(replace, row.name) is not None:
        return _(
            "The new picture has its place. Mails show it from the next Publish on; those sent keep the old one."
        )
    if asked == "delete" and delete.is_valid():
        if used:
            delete.add_error(None, _("It is still used. Take it out there first."))
            return ""
        row.delete()
        return _("“{name}” is deleted. Mails that carry it already go on showing it.").format(name=row.name)
    return ""
