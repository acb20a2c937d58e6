"""Roles: what each may do, one of your own as a checklist, and who has which."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages as notes
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stationer.portal.access.accounts import give_access, take_access
from stationer.portal.access.assigning import above, may_give
from stationer.portal.access.models import Membership, Role
from stationer.portal.access.presence import Presence, needs, presence
from stationer.portal.access.rights import BUILT_IN, RIGHTS, ROLE_NAMES, SENTENCES, closed, in_order
from stationer.portal.people.models import Member
from stationer.portal.people.named import named


def said(rights: Any) -> list[str]:
    """What these rights allow, as ends of a sentence; what is brought along by another is not said again."""
    found = closed(rights)
    return [
        str(SENTENCES[right]) for right in in_order(found) if not any(right in _brought(one) for one in found)
    ]


def _brought(right: Any) -> frozenset[Any]:
    return closed([right]) - {right}


@needs("see-settings")
def listing(request: HttpRequest) -> HttpResponse:
    """Every role, what it may do, and how many have it."""
    counted = Membership.objects.values_list("role", "own_role").annotate(n=Count("pk"))
    counts = {own or role: n for role, own, n in counted}
    built_in = [
        {"name": ROLE_NAMES[key], "said": said(rights), "whole": key == "owner", "count": counts.get(key, 0)}
        for key, rights in BUILT_IN.items()
    ]
    own = [
        {"name": row.name, "said": said(row.rights), "count": counts.get(row.pk, 0), "row": row}
        for row in Role.objects.all()
    ]
    return render(request, "access/roles.html", {"built_in": built_in, "own": own})


class RoleForm(forms.Form):
    """A name, and the ends of “Whoever has this role may …”."""

    quiet = True

    name = forms.CharField(
        label=gettext_lazy("What is it called?"),
        max_length=80,
        help_text=gettext_lazy("As you would say it, such as “reception” or “agency”."),
    )
    rights = forms.MultipleChoiceField(
        label=gettext_lazy("Whoever has this role may …"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=gettext_lazy("What is needed for something else you ticked comes along by itself."),
    )

    def __init__(self, here: Presence, row: Role, data: Any) -> None:
        super().__init__(data, initial={"name": row.name, "rights": row.rights})
        self.row = row
        mine = [right for right in RIGHTS if right in here.rights]
        self.fields["rights"].choices = [(right, SENTENCES[right]) for right in mine]  # type: ignore[attr-defined]

    def clean_name(self) -> str:
        name = str(self.cleaned_data["name"]).strip()
        taken = {str(one).casefold() for one in ROLE_NAMES.values()}
        taken |= {row.name.casefold() for row in Role.objects.exclude(pk=self.row.pk)}
        if name.casefold() in taken:
            raise ValidationError(_("There is a role of that name already."))
        return name

    def keep(self) -> None:
        """Write it."""
        self.row.name = self.cleaned_data["name"]
        self.row.rights = in_order(closed(self.cleaned_data["rights"]))
        self.row.full_clean()
        self.row.save()


def _edit(request: HttpRequest, row: Role) -> HttpResponse:
    form = RoleForm(presence(request), row, request.POST or None)
    if request.method == "POST" and form.is_valid():
        form.keep()
        notes.success(request, _("“{name}” is as you said, from the next click on.").format(name=row.name))
        return redirect("roles")
    new = row._state.adding
    holders = [] if new else list(row.memberships.select_related("member")[:100])
    return render(request, "access/role.html", {"role": row, "form": form, "holders": holders, "new": new})


@needs("manage-roles")
def new(request: HttpRequest) -> HttpResponse:
    """A role of one's own."""
    return _edit(request, Role())


@needs("manage-roles")
def page(request: HttpRequest, role: str) -> HttpResponse:
    """Change a role, or delete one that nobody has. Nobody changes a role that may do more than they may."""
    row = named(Role, "role", role)
    if not may_give(presence(request), row):
        raise Http404("more than one's own rights")
    if request.method == "POST" and "delete" in request.POST:
        if row.memberships.exists():
            notes.error(request, _("Somebody has this role: give them another one first."))
            return redirect("role", role)
        row.delete()
        notes.success(request, _("“{name}” is deleted.").format(name=row.name))
        return redirect("roles")
    return _edit(request, row)


def _offered(here: Presence, now: str) -> list[dict[str, Any]]:
    """The roles that may be given, each with what it allows, and being shut out last."""
    built_in: list[dict[str, Any]] = [
        {"key": key, "name": str(ROLE_NAMES[key]), "said": said(rights), "whole": key == "owner"}
        for key, rights in BUILT_IN.items()
        if may_give(here, key)
    ]
    own = [
        {"key": row.outside_id, "name": row.name, "said": said(row.rights)}
        for row in Role.objects.all()
        if may_give(here, row)
    ]
    return [{**one, "chosen": one["key"] == now} for one in [*built_in, *own]]


@needs("manage-roles")
def assign(request: HttpRequest, member: str) -> HttpResponse:
    """Whether somebody may sign in, and as what. Nobody changes their own, or that of one who may do more."""
    row, here = named(Member, "member", member), presence(request)
    if row.pk == here.member.pk:
        notes.error(request, _("This is you: ask another owner to change what you may do."))
        return redirect("member", member)
    if above(here, row):
        raise Http404("above")
    has = row.memberships.select_related("own_role").first()
    now = "" if has is None else has.own_role.outside_id if has.own_role else has.role
    if request.method == "POST":
        return _assigned(request, here, row)
    return render(request, "access/assign.html", {"member": row, "roles": _offered(here, now), "has": has})


def _assigned(request: HttpRequest, here: Presence, row: Member) -> HttpResponse:
    wanted = request.POST.get("role", "")
    role = named(Role, "role", wanted) if wanted.startswith("rol_") else wanted
    if wanted == "none":
        with transaction.atomic():
            for membership in row.memberships.all():
                take_access(membership)
        told = _("{name} can no longer sign in. Their mail goes on as it did.").format(name=row.name)
    elif (isinstance(role, Role) or role in BUILT_IN) and may_give(here, role):
        try:
            membership = give_access(row.address, role=role, member=row)
        except ValidationError as error:
            notes.error(request, " ".join(error.messages))
            return redirect("member-access", row.outside_id)
        told = _("{name} can sign in as {role}, by a code sent to {address}.").format(
            name=row.name, role=membership.role_name, address=membership.account.email
        )
    else:
        raise Http404("no such role to give")
    notes.success(request, told)
    return redirect(reverse("member", args=[row.outside_id]))
