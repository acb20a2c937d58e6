"""People: the list, a person's page, bringing someone in, taking someone out."""

from __future__ import annotations

from typing import Any

from django.contrib import messages as notes
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from stationer.portal.access.assigning import above
from stationer.portal.access.models import Device
from stationer.portal.access.presence import needs, presence
from stationer.portal.people import delegates
from stationer.portal.people.attributes import in_use
from stationer.portal.people.forms import MemberForm
from stationer.portal.people.keeping import Meanwhile, keep, locked
from stationer.portal.people.meanwhile import carried, said_of, shown
from stationer.portal.people.members import add_member, save_member
from stationer.portal.people.models import Group, Member, Package
from stationer.portal.people.named import named
from stationer.portal.people.pens import called
from stationer.portal.people.photos import MOST_BYTES, path_of
from stationer.portal.people.proposals import open_proposal
from stationer.portal.people.views.choosing import devices_of, wish
from stationer.portal.people.views.own import new_photo, waiting_words
from stationer.portal.site.fields import DeleteByName
from stationer.portal.site.sizes import BESIDE, most_octets

MANY = 12
PAGE = 50


@needs("see-names")
def listing(request: HttpRequest) -> HttpResponse:
    """Everyone in the PEN; searched, narrowed, sorted and paged by the server; and many ticked at once."""
    wanted = wish(request.GET)
    total = presence(request).people
    page = Paginator(wanted.rows().prefetch_related("groups"), PAGE).get_page(request.GET.get("page"))
    rows = list(page.object_list)
    devices = devices_of(rows)
    groups = list(Group.objects.all())
    facts = {
        "page": page,
        "rows": [(row, devices.get(row.pk, 0)) for row in rows],
        "total": total,
        "many": total > MANY,
        "wish": wanted,
        "q": wanted.q,
        "narrowed": bool(wanted.group or wanted.package or wanted.without),
        "groups": groups,
        "packages": [(one, called(one)) for one in Package.objects.all()],
        "waiting": waiting_words() if presence(request).may("change-people") else "",
        "search_words": _("Search {count} people").format(count=total),
    }
    return render(request, "people/people.html", facts)


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
    form = MemberForm(request.POST or None, names=in_use())
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
    now = said_of(row)
    initial = now | {"aliases": "\n".join(row.aliases)}
    form = MemberForm(request.POST or None, names=in_use(), initial=initial)
    was = shown(request.POST.get("was", ""), now)
    if request.method == "POST" and form.is_valid():
        try:
            keep(row, form, was, above=above(presence(request), row))
        except ValidationError as error:
            _told(form, error)
            was = error.was if isinstance(error, Meanwhile) else was
        else:
            notes.success(request, _("Saved. It is on their next mail."))
            return redirect("member", member)
    membership = row.memberships.select_related("account", "own_role").first()
    facts = {
        "member": row,
        "form": form,
        "was": carried(was),
        "devices": Device.objects.filter(member=row, revoked_at=None),
        "membership": membership,
        "myself": row.pk == presence(request).member.pk,
        "delete": DeleteByName(row.name),
        "portrait": path_of(row.attributes.get("photo", "")),
        "proposal": open_proposal(row),
        "readers": delegates.of(row),
        "reads": delegates.read_by(row),
    }
    return render(request, "people/member.html", facts)


@most_octets(MOST_BYTES + BESIDE)
@require_POST
@needs("change-people")
def photo(request: HttpRequest, member: str) -> HttpResponse:
    """A portrait for this person, or none."""
    row = named(Member, "member", member)
    new = new_photo(request)
    if new is not None:
        with locked(row) as there:
            there.attributes = {k: v for k, v in (there.attributes | {"photo": new}).items() if v}
            save_member(there)
        notes.success(request, _("Saved. It is on their next mail."))
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
