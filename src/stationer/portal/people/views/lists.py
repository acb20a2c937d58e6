"""Groups of members, and lists of addresses: what rules are made of."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages as notes
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Count, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from stationer.portal.access.presence import needs, presence
from stationer.portal.people.discarding import discard, kept
from stationer.portal.people.forms import GroupForm, ListForm
from stationer.portal.people.models import AddressList, Group
from stationer.portal.people.named import named
from stationer.portal.people.naming import StillUsed, dissolve, rename, uses
from stationer.portal.people.views.choosing import wish
from stationer.portal.site.fields import DeleteByName
from stationer.portal.site.sizes import most_octets

PAGE = 50
#: Octets of a form with a long list of addresses.
LONG = 12_000_000


@needs("see-people", change="change-people")
def groups(request: HttpRequest) -> HttpResponse:
    """All groups, and a new one."""
    form = GroupForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        row = Group.objects.create(name=form.cleaned_data["name"])
        notes.success(
            request, _("“{name}” is there. People are put into it on their own pages.").format(name=row.name)
        )
        return redirect("groups")
    rows = Group.objects.annotate(count=Count("places")).order_by("name")
    facts = {"form": form, "binned": kept().count()}
    facts["search_words"] = _("Search {count} groups").format(count=Group.objects.count())
    return render(request, "people/groups.html", facts | _found(request, rows))


def _found(request: HttpRequest, rows: QuerySet[Any]) -> dict[str, Any]:
    """A page of what was searched for. `many`: there is so much that one searches."""
    q = request.GET.get("q", "").strip()
    page = Paginator(rows.filter(name__icontains=q) if q else rows, PAGE).get_page(request.GET.get("page"))
    return {
        "page": page,
        "q": q,
        "any": bool(q) or bool(page.object_list),
        "many": bool(q) or page.has_other_pages(),
    }


@needs("see-people", change="change-people")
def group(request: HttpRequest, group: str) -> HttpResponse:
    """Rename a group, or dissolve it."""
    row = named(Group, "group", group)
    deleting = "delete" in request.POST
    delete = DeleteByName(row.name, request.POST if deleting else None)
    if delete.is_valid():
        try:
            dissolve(row, presence(request).account)
        except StillUsed as error:
            delete.add_error(None, error.messages)
        else:
            sentence = _("“{name}” is in the bin for 30 days; its people stay. Rules that name it say so.")
            notes.success(request, sentence.format(name=row.name))
            return redirect("groups")
    form = GroupForm(None if deleting else request.POST or None, row=row, initial={"name": row.name})
    if request.method == "POST" and not deleting and form.is_valid():
        rename(row, form.cleaned_data["name"])
        return redirect("groups")
    page = Paginator(row.members.all(), PAGE).get_page(request.GET.get("page"))
    facts = {"row": row, "form": form, "page": page, "delete": delete, "uses": uses(row)}
    return render(request, "people/group.html", facts)


@needs("change-people")
def group_people(request: HttpRequest, group: str) -> HttpResponse:
    """Who is in the group and who is not: searched, ticked, and put in or taken out together."""
    row = named(Group, "group", group)
    wanted = wish({"q": request.GET.get("q", "")})
    page = Paginator(wanted.rows(), PAGE).get_page(request.GET.get("page"))
    people = list(page.object_list)
    inside = set(row.places.filter(member__in=people).values_list("member_id", flat=True))
    facts = {
        "row": row,
        "page": page,
        "q": wanted.q,
        "people": [(one, one.pk in inside) for one in people],
        "search_words": _("Search everyone"),
    }
    return render(request, "people/group_people.html", facts)


@most_octets(LONG)
@needs("see-people", change="change-people")
def lists(request: HttpRequest) -> HttpResponse:
    """All lists, and a new one."""
    form = ListForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            row = AddressList(name=form.cleaned_data["name"], addresses=form.cleaned_data["addresses"])
            _keep(row, row.name)
        except ValidationError as error:
            form.add_error("name", error)
        else:
            return redirect("lists")
    rows = AddressList.objects.all()
    facts = {"form": form, "binned": kept().count()}
    facts["search_words"] = _("Search {count} lists").format(count=rows.count())
    return render(request, "people/lists.html", facts | _found(request, rows))


def _keep(row: AddressList, name: str) -> None:
    others = AddressList.objects.filter(name__iexact=name).exclude(pk=row.pk)
    if others.exists():
        raise ValidationError(_("There is a list of that name already."))
    with transaction.atomic():
        row.save()
        rename(row, name)


@most_octets(LONG)
@needs("see-people", change="change-people")
def one_list(request: HttpRequest, row: uuid.UUID) -> HttpResponse:
    """Change a list, or delete it."""
    try:
        found = AddressList.objects.get(pk=row)
    except AddressList.DoesNotExist:
        raise Http404(str(row)) from None
    deleting = "delete" in request.POST
    delete = DeleteByName(found.name, request.POST if deleting else None)
    if delete.is_valid():
        discard(found, presence(request).account)
        sentence = _("“{name}” is in the bin for 30 days. Rules that name it say so.")
        notes.success(request, sentence.format(name=found.name))
        return redirect("lists")
    initial = {"name": found.name, "addresses": "\n".join(found.addresses)}
    form = ListForm(None if deleting else request.POST or None, initial=initial)
    if request.method == "POST" and not deleting and form.is_valid():
        found.addresses = form.cleaned_data["addresses"]
        try:
            _keep(found, form.cleaned_data["name"])
        except ValidationError as error:
            form.add_error("name", error)
        else:
            return redirect("lists")
    facts = {"row": found, "form": form, "delete": delete, "uses": uses(found)}
    return render(request, "people/list.html", facts)
