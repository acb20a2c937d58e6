"""People: the list, a person's page, bringing someone in, letting someone sign in, taking someone out."""

from __future__ import annotations

from typing import Any

from django.contrib import messages as notes
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from stationer.portal.access.accounts import give_access, take_access
from stationer.portal.access.assigning import above, may_give
from stationer.portal.access.models import Device
from stationer.portal.access.presence import needs, presence
from stationer.portal.access.rights import BUILT_IN
from stationer.portal.content.views.campaigns import DeleteByName
from stationer.portal.people.attributes import ASKED, offered
from stationer.portal.people.forms import MemberForm
from stationer.portal.people.members import add_member, put_in_groups, save_member
from stationer.portal.people.models import Group, Member
from stationer.portal.people.named import named

MANY = 12
PAGE = 50
IN_FORCE = Q(devices__revoked_at=None, devices__isnull=False)


@needs("see-names")
def listing(request: HttpRequest) -> HttpResponse:
    """Everyone in the PEN; searched, narrowed to a group or to those without a device, and paged by the server."""
    total = Member.objects.count()
    q, group = request.GET.get("q", "").strip(), request.GET.get("group", "")
    rows = Member.objects.annotate(count=Count("devices", filter=IN_FORCE, distinct=True))
    if q:
        rows = rows.filter(Q(address__icontains=q) | Q(attributes__name__icontains=q))
    if group:
        rows = rows.filter(groups__name=group)
    if request.GET.get("devices") == "none":
        rows = rows.filter(count=0)
    facts = {
        "page": Paginator(rows.prefetch_related("groups").order_by("address"), PAGE).get_page(
            request.GET.get("page")
        ),
        "total": total,
        "many": total > MANY,
        "q": q,
        "group": group,
        "without": request.GET.get("devices") == "none",
        "groups": list(Group.objects.values_list("name", flat=True)),
        "search_words": _("Search {count} people").format(count=total),
    }
    return render(request, "people/people.html", facts)


def _names() -> list[str]:
    return offered(Member.objects.values_list("attributes", flat=True)[:ASKED])


def _told(form: MemberForm, error: ValidationError) -> None:
    """A refusal of the verbs, put to the fields that the form has."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for field, errors in error.error_dict.items():
        form.add_error(field if field in form.fields else None, errors)


@needs("change-people")
def new(request: HttpRequest) -> HttpResponse:
    """Bring someone in."""
    form = MemberForm(request.POST or None, names=_names())
    if request.method == "POST" and form.is_valid():
        try:
            row = add_member(
                form.cleaned_data["address"],
                attributes=form.attributes(),
                aliases=form.cleaned_data["aliases"],
                package=form.chosen_package(),
                groups=form.chosen_groups(),
            )
        except ValidationError as error:
            _told(form, error)
        else:
            notes.success(request, _("{name} is in.").format(name=row.name))
            return redirect("people" if "another" not in request.POST else "new-member")
    return render(request, "people/new_member.html", {"form": form})


@needs("see-people", change="change-people")
def page(request: HttpRequest, member: str) -> HttpResponse:
    """One person: what the letterhead knows, groups, devices, and whether they may sign in."""
    row = named(Member, "member", member)
    initial = {f"a_{name}": value for name, value in row.attributes.items()} | {
        "address": row.address,
        "aliases": "\n".join(row.aliases),
        "groups": [one.outside_id for one in row.groups.all()],
        "package": row.package.outside_id,
    }
    form = MemberForm(request.POST or None, names=_names(), initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            _keep(row, form)
        except ValidationError as error:
            _told(form, error)
        else:
            notes.success(request, _("Saved. It is on their next mail."))
            return redirect("member", member)
    membership = row.memberships.select_related("account", "own_role").first()
    facts = {
        "member": row,
        "form": form,
        "devices": Device.objects.filter(member=row, revoked_at=None),
        "membership": membership,
        "myself": row.pk == presence(request).member.pk,
        "delete": DeleteByName(row.name),
    }
    return render(request, "people/member.html", facts)


def _keep(row: Member, form: MemberForm) -> None:
    row.address = form.cleaned_data["address"].strip().lower()
    row.aliases = form.cleaned_data["aliases"]
    row.attributes = form.attributes()
    row.package = form.chosen_package()
    save_member(row)
    put_in_groups(row, form.chosen_groups())


@require_POST
@needs("manage-roles")
def access(request: HttpRequest, member: str) -> HttpResponse:
    """Let someone sign in, as member or owner, or no longer. Nobody takes their own way in."""
    row = named(Member, "member", member)
    wanted = request.POST.get("role", "")
    if row.pk == presence(request).member.pk:
        notes.error(request, _("This is you: ask another owner to change what you may do."))
    elif above(presence(request), row) or not may_give(presence(request), wanted):
        raise Http404("more than one's own rights")
    elif wanted in BUILT_IN:
        give_access(row.address, role=wanted, member=row)
        notes.success(
            request,
            _("{name} can sign in, by a code sent to {address}.").format(name=row.name, address=row.address),
        )
    elif wanted == "none":
        for membership in row.memberships.all():
            take_access(membership)
        notes.success(
            request, _("{name} can no longer sign in. Their mail goes on as it did.").format(name=row.name)
        )
    return redirect("member", member)


@require_POST
@needs("change-people")
def delete(request: HttpRequest, member: str) -> HttpResponse:
    """Take someone out, with their devices. Asks for the name."""
    row = named(Member, "member", member)
    form = DeleteByName(row.name, request.POST)
    if row.pk == presence(request).member.pk:
        notes.error(request, _("This is you: another owner has to do it."))
        return redirect("member", member)
    if above(presence(request), row):
        notes.error(request, _("They may do more than you: somebody with their rights has to do it."))
        return redirect("member", member)
    if not form.is_valid():
        notes.error(request, " ".join(_errors(form)))
        return redirect("member", member)
    row.delete()
    notes.success(
        request, _("{name} is out. Their mail leaves as written from now on.").format(name=row.name)
    )
    return redirect("people")


def _errors(form: Any) -> list[str]:
    return [str(error) for errors in form.errors.values() for error in errors]
