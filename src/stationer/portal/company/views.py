"""The company as a file: download it, change it here or anywhere, look at what that would do, go on; take it back."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any

from django.contrib import messages as notes
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from stationer.pick.company import CompanyErrors
from stationer.portal.access.presence import needs, presence
from stationer.portal.company import deed, telling
from stationer.portal.company.forms import MOST_HERE, FileForm, TextForm
from stationer.portal.company.looking import MOST_GONE, MOST_OCTETS, look, text_of
from stationer.portal.company.models import Arrival
from stationer.portal.company.writing import as_it_is, in_force, note_read
from stationer.portal.content.showing import excerpt
from stationer.portal.people.named import named
from stationer.portal.site.sizes import BESIDE, most_octets
from stationer.wire.problem import Problem

SHOWN, PAGE = 10, 50
#: Of a file that is wrong throughout, so many problems stand on the page.
MOST_TOLD = 50
View = Callable[..., HttpResponse]


def whole(view: View) -> View:
    """The page is for those who may see all that stands in a company file; to others it is not there."""

    @wraps(view)
    def seen(request: HttpRequest, *args: Any, **options: Any) -> HttpResponse:
        if not presence(request).rights >= deed.SEES:
            raise Http404("sees only a part of it")
        return view(request, *args, **options)

    return seen


@most_octets(MOST_OCTETS + BESIDE)
@needs("see-settings", "change-settings")
@whole
def begin(request: HttpRequest) -> HttpResponse:
    """Download, or send a file; and those of the last weeks."""
    form = FileForm(request.POST or None, request.FILES or None)
    problems: tuple[Problem, ...] = ()
    if request.method == "POST" and form.is_valid():
        sent = form.cleaned_data["file"]
        text = ""
        try:
            text = text_of(sent.read(MOST_OCTETS + 1))
            return _looked(request, text, sent.name or _("company file"), form.cleaned_data["absent"])
        except CompanyErrors as error:
            problems = error.problems
        if 0 < len(text) <= MOST_HERE:
            absent = form.cleaned_data["absent"]
            here = TextForm(initial={"text": text, "absent": absent, "name": sent.name})
            return _editing(request, here, text, problems)
        return _begun(request, form, _wrong(text, problems))
    return _begun(request, form, {})


def _begun(request: HttpRequest, form: FileForm, wrong: dict[str, Any]) -> HttpResponse:
    rows = Arrival.objects.defer("text", "changes", "before", "after", "ids")[:SHOWN]
    published = in_force_at()
    return render(
        request, "company/begin.html", {"form": form, "rows": rows, "published": published, **wrong}
    )


def in_force_at() -> Any:
    """The version that is in force, without what it was made from."""
    from stationer.portal.publishing.models import Publication

    return Publication.objects.defer("drafts", "changed").order_by("-serial").first()


def _looked(request: HttpRequest, text: str, name: str, absent: str) -> HttpResponse:
    here = presence(request)
    row = look(text, name=name, absent=absent, by=here.account, by_name=here.member.name)
    return redirect("arrival", row.outside_id)


@require_safe
@needs("see-settings")
@whole
def download(request: HttpRequest) -> HttpResponse:
    """The file: as it is written now, or (`of=force`) as it was published."""
    of = request.GET.get("of", "now")
    text = in_force() if of == "force" else as_it_is()
    if text is None:
        raise Http404("nothing is published yet")
    note_read(of)
    name = f"company-{timezone.localdate():%Y-%m-%d}{'-in-force' if of == 'force' else ''}.yaml"
    response = HttpResponse(text.encode(), content_type="application/yaml; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@needs("see-settings", "change-settings")
@whole
def edit(request: HttpRequest) -> HttpResponse:
    """The file in a text field."""
    if request.method != "POST":
        text = as_it_is()
        if len(text) > MOST_HERE:
            return render(
                request, "company/too_long.html", {"size": len(text) // 1000, "most": MOST_HERE // 1000}
            )
        note_read("now")
        return _editing(request, TextForm(initial={"text": text, "absent": "remove"}), text, ())
    form = TextForm(request.POST)
    problems: tuple[Problem, ...] = ()
    if form.is_valid():
        try:
            data = form.cleaned_data
            return _looked(request, data["text"], form.called(_("written in the page")), data["absent"])
        except CompanyErrors as error:
            problems = error.problems
    return _editing(request, form, form.cleaned_data.get("text", ""), problems)


def _editing(request: HttpRequest, form: TextForm, text: str, problems: Iterable[Problem]) -> HttpResponse:
    return render(request, "company/edit.html", {"form": form, **_wrong(text, problems)})


def _wrong(text: str, problems: Iterable[Problem]) -> dict[str, Any]:
    """What is wrong: with the lines it is on, and by itself where it is on none."""
    every = list(problems)
    told = every[:MOST_TOLD]
    return {
        "listing": excerpt(text, told),
        "unplaced": [problem for problem in told if not problem.line],
        "wrong": len(every),
        "more": len(every) - len(told),
    }


@needs("see-settings")
@whole
def page(request: HttpRequest, arrival: str) -> HttpResponse:
    """What it would change, or did."""
    return _shown(request, named(Arrival, "arrival", arrival))


def _shown(request: HttpRequest, row: Arrival, refused: deed.Refused | None = None) -> HttpResponse:
    changes = row.told()
    groups = telling.groups(row.counts)
    show = request.GET.get("show", "")
    show = show if show in row.counts else next(iter(row.counts), "")
    page = Paginator([one for one in changes if one.kind == show], PAGE).get_page(request.GET.get("page"))
    lacking = deed.lacking(row, presence(request).rights)
    facts = {
        "row": row,
        "page": page,
        "groups": groups,
        "show": show,
        "changes": [telling.told(one) for one in page],
        "lacking": telling.rights(lacking),
        "many": row.share > MOST_GONE,
        "most": MOST_GONE,
        "undo_until": row.applied_at and row.applied_at + deed.KEEP,
        "refused": refused,
    }
    return render(request, "company/arrival.html", facts, status=409 if refused and refused.moved else 200)


@require_POST
@needs("change-settings")
@whole
def go(request: HttpRequest, arrival: str) -> HttpResponse:
    """Put it in place; take it back; or forget it."""
    row = named(Arrival, "arrival", arrival)
    wanted, rights = request.POST.get("do", ""), presence(request).rights
    try:
        if wanted == "apply":
            deed.apply(row, rights, sure="sure" in request.POST)
            notes.success(request, _("It is in. Mail follows at the next Publish; people follow at once."))
        elif wanted == "undo":
            deed.undo(row, rights)
        elif wanted == "forget" and row.state == Arrival.State.CHECKED:
            row.delete()
            notes.success(request, _("The file is forgotten. Nothing was changed."))
            return redirect("company-file")
    except deed.Refused as refused:
        row.refresh_from_db()
        return _shown(request, row, refused)
    return redirect("arrival", arrival)
