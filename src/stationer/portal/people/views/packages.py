"""Packages: who is an employee, a client, a guest; which disclaimer their mail carries; what they may do themselves."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages as notes
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, ProtectedError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stationer.portal.access.presence import needs, presence
from stationer.portal.people.models import Package
from stationer.portal.people.named import named
from stationer.portal.people.naming import rename, uses
from stationer.portal.people.pens import called
from stationer.portal.people.reaching import reaches
from stationer.portal.people.views.door import DoorForm, QuotaForm
from stationer.portal.site.fields import DeleteByName, Many

RIGHTS = [
    ("enrol", gettext_lazy("connect their own mail programs")),
    ("details", gettext_lazy("change their own details, as far as everyone may")),
    ("seal", gettext_lazy("send secure messages to anybody")),
    ("answer", gettext_lazy("answer all who were on a secure message that they got")),
    ("write", gettext_lazy("begin secure messages to your people, once there is a page for that")),
]


class PackageForm(forms.Form):
    """One package."""

    quiet = True
    name = forms.CharField(label=gettext_lazy("Name of the package"), max_length=80)
    disclaimer = forms.CharField(
        label=gettext_lazy("Disclaimer"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("Short: nobody reads long ones. It stands at the end of their mail."),
    )
    rights = Many(label=gettext_lazy("Its people may"), choices=RIGHTS, long=True)

    def __init__(self, *args: Any, row: Package, **options: Any) -> None:
        self.row = row
        super().__init__(*args, **options)

    def clean_name(self) -> str:
        name = str(self.cleaned_data["name"]).strip()
        if Package.objects.filter(name__iexact=name).exclude(pk=self.row.pk).exists():
            raise forms.ValidationError(_("There is a package of that name already."))
        return name

    def clean_disclaimer(self) -> str:
        return "\n".join(line.strip() for line in self.cleaned_data["disclaimer"].splitlines()).strip()

    def keep(self) -> None:
        """Write it. Raises ValidationError."""
        name = self.cleaned_data["name"]
        if self.row._state.adding:
            self.row.name = name
        self.row.disclaimer, self.row.rights = self.cleaned_data["disclaimer"], self.cleaned_data["rights"]
        self.row.full_clean()
        with transaction.atomic():
            self.row.save()
            rename(self.row, name)

    def is_kept(self) -> bool:
        """Written down; or what is wrong stands at the form."""
        if not self.is_valid():
            return False
        try:
            self.keep()
        except ValidationError as error:
            self.add_error(None, error.messages)
        return not self.errors


@needs("see-people", change="change-people")
def listing(request: HttpRequest) -> HttpResponse:
    """All packages, and a new one."""
    row = Package()
    initial = {"rights": row.rights}
    pen, at_door = presence(request).pen, "door" in request.POST
    door = DoorForm(
        request.POST if at_door else None,
        initial={"access": pen.access, "access_list": "\n".join(pen.access_list)},
    )
    form = PackageForm(None if at_door else request.POST or None, row=row, initial=initial)
    if at_door and door.is_valid():
        try:
            door.keep(pen)
        except ValidationError as error:
            door.add_error(None, error.messages)
        else:
            notes.success(request, _("Saved."))
            return redirect("packages")
    if request.method == "POST" and not at_door and form.is_kept():
        return redirect("packages")
    words = dict(RIGHTS)
    rows = [
        (one, called(one), [words[right] for right in one.rights if right in words])
        for one in Package.objects.annotate(count=Count("members"))
    ]
    unread = any(one.disclaimer for one, *_rest in rows) and not reaches()
    return render(
        request, "people/packages.html", {"rows": rows, "form": form, "door": door, "unread": unread}
    )


@needs("see-people", change="change-people")
def page(request: HttpRequest, package: str) -> HttpResponse:
    """Change a package, or take it away."""
    row = named(Package, "package", package)
    deleting, bounding = "delete" in request.POST, "quota" in request.POST
    quota = QuotaForm(request.POST if bounding else None, initial=QuotaForm.of(row))
    if quota.is_valid():
        quota.keep(row)
        notes.success(request, _("Saved."))
        return redirect("packages")
    delete = DeleteByName(row.name, request.POST if deleting else None)
    if delete.is_valid():
        return _delete(request, row)
    initial = {"name": row.name, "disclaimer": row.disclaimer, "rights": row.rights}
    form = PackageForm(None if deleting or bounding else request.POST or None, row=row, initial=initial)
    if request.method == "POST" and not deleting and not bounding and form.is_kept():
        notes.success(request, _("Saved. It is on their next mail."))
        return redirect("packages")
    facts = {"row": row, "called": called(row), "form": form, "quota": quota, "count": row.members.count()}
    facts |= {"delete": delete, "uses": uses(row)}
    return render(request, "people/package.html", facts | {"unread": bool(row.disclaimer) and not reaches()})


def _delete(request: HttpRequest, row: Package) -> HttpResponse:
    try:
        row.delete()
    except ProtectedError:
        notes.error(request, _("Somebody is in it: give them another package first."))
        return redirect("package", row.outside_id)
    notes.success(request, _("“{name}” is gone. Rules that name it say so.").format(name=row.name))
    return redirect("packages")
