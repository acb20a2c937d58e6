"""One directory: how it stands, what waits, what was done; its server; what becomes of what it says."""

from __future__ import annotations

from typing import Any

import msgspec
from django.contrib import messages as notes
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from stationer.portal.access.presence import needs
from stationer.portal.directories.forms import PaceForm, ServerForm
from stationer.portal.directories.models import Directory, Linked, Sync
from stationer.portal.directories.previewing import preview
from stationer.portal.directories.reading import sample
from stationer.portal.directories.scim.keys import rotate
from stationer.portal.directories.scim.saying import base
from stationer.portal.directories.shaping import RulesForm
from stationer.portal.directories.state import state_of
from stationer.portal.directories.taking import overtake
from stationer.portal.directories.told import Problem
from stationer.portal.directories.transforms import Rule, rules_of
from stationer.portal.directories.wording import PROBLEMS
from stationer.portal.people.importing.telling import told
from stationer.portal.people.named import named
from stationer.portal.site.fields import DeleteByName

PAGE = 20


@never_cache
@needs("see-people", change="change-people")
def page(request: HttpRequest, directory: str) -> HttpResponse:
    """How it stands. Posting: read it now, switch it, change its pace, delete it."""
    row = named(Directory, "directory", directory)
    if request.method != "POST":
        return show(request, row)
    if "token" in request.POST and row.kind == Directory.Kind.SCIM:
        return show(request, row, token=rotate(row))
    if "typed" in request.POST:
        form = DeleteByName(row.name, request.POST)
        if not form.is_valid():
            return show(request, row, deleting=form)
        overtake(row)
        row.delete()
        notes.success(request, _("“{name}” is forgotten; its people stay as they are.").format(name=row.name))
        return redirect("directories")
    if "most_gone" in request.POST:
        pace = PaceForm(request.POST, instance=row)
        if not pace.is_valid():
            return show(request, row, pace=pace)
        pace.keep()
        notes.success(request, _("Saved."))
    else:
        _deed(request, row)
    return redirect("directory", directory)


def _deed(request: HttpRequest, row: Directory) -> None:
    if "read" in request.POST and row.on:
        Directory.objects.filter(pk=row.pk).update(next_at=timezone.now())
        notes.success(request, _("It is read now. What comes of it stands below in a moment."))
    elif "on" in request.POST:
        row.on, row.trusted, row.problem, row.next_at = True, False, {}, timezone.now()
        row.save(update_fields=["on", "trusted", "problem", "next_at"])
        notes.success(request, _("It is on. What it would do is shown first."))
    elif "off" in request.POST:
        row.on = False
        row.save(update_fields=["on"])
        notes.success(request, _("It is off. People stay as they are."))


def show(
    request: HttpRequest,
    row: Directory,
    *,
    token: str = "",
    pace: PaceForm | None = None,
    deleting: DeleteByName | None = None,
) -> HttpResponse:
    """The page; `token` is shown this once."""
    syncs = row.syncs.exclude(outcome=Sync.Outcome.READING).select_related("of")
    open_ = syncs.filter(outcome__in=Sync.OPEN, of__isnull=False).first()
    shown: Any = Paginator(syncs, PAGE).get_page(request.GET.get("page"))
    facts = {
        "directory": row,
        "state": state_of(row, open_),
        "open": open_,
        "problem": told(PROBLEMS, row.problem),
        "why": told(PROBLEMS, open_.problem) if open_ else ("", ""),
        "people": Linked.objects.filter(directory=row).count(),
        "page": shown,
        "rows": [(one, " ".join(told(PROBLEMS, one.problem)).strip()) for one in shown.object_list],
        "pace": pace or PaceForm(instance=row),
        "deleting": deleting or DeleteByName(row.name),
        "here": reverse("directory", args=[row.outside_id]),
        "token": token,
        "base": base(),
        "tells": row.kind == Directory.Kind.SCIM,
    }
    return render(request, "directories/directory.html", facts)


@needs("change-people")
def server(request: HttpRequest, directory: str) -> HttpResponse:
    """Where it is; kept when it can be read."""
    row = named(Directory, "directory", directory)
    if row.kind == Directory.Kind.SCIM:
        return redirect("directory", directory)
    form = ServerForm(request.POST or None, instance=row)
    if form.is_valid():
        form.keep()
        overtake(row)
        notes.success(request, _("It can be read. What it would do is shown first."))
        return redirect("directory", directory)
    name = Directory.objects.values_list("name", flat=True).get(pk=row.pk)
    return render(request, "directories/server.html", {"directory": row, "name": name, "form": form})


@never_cache
@needs("change-people")
def rules(request: HttpRequest, directory: str) -> HttpResponse:
    """What becomes of what it says; the first few people as they would come in."""
    row = named(Directory, "directory", directory)
    form = RulesForm(request.POST or None, rules=rules_of(row.rules))
    good = form.is_valid() if request.method == "POST" else True
    if request.method == "POST" and good and "look" not in request.POST:
        row.rules = _as_json(form.rules)
        row.trusted, row.fingerprint, row.next_at = False, "", timezone.now()
        row.save(update_fields=["rules", "trusted", "fingerprint", "next_at"])
        overtake(row)
        notes.success(request, _("Saved. What it would do is shown first."))
        return redirect("directory", directory)
    facts: dict[str, Any] = {"directory": row, "form": form}
    if good:
        row.rules = _as_json(form.rules)
        try:
            found, facts["groups"] = sample(row)
            facts["shown"] = preview(found, form.rules)
        except Problem as problem:
            facts["problem"] = told(PROBLEMS, problem.note())
    return render(request, "directories/rules.html", facts)


def _as_json(found: tuple[Rule, ...]) -> list[Any]:
    made: list[Any] = msgspec.to_builtins(found)
    return [{k: list(v) if isinstance(v, tuple) else v for k, v in one.items()} for one in made]
