"""The editor of a PEN's notifications: every blank, the real notification beside them, faults where they are."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages as notes
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_GET

from stationer.portal.access.presence import needs, presence
from stationer.portal.notices import drafts, unsaved
from stationer.portal.notices.forms import NAMES, NoticeForm
from stationer.portal.notices.models import Wording
from stationer.portal.notices.overtaking import differences, together
from stationer.portal.notices.pens import host_of, wording
from stationer.portal.notices.showing import POLICY, VIEWS, document, envelope
from stationer.portal.people.models import Package
from stationer.portal.people.pens import called
from stationer.portal.site.retelling import retold


@dataclass
class Seen:
    """What the page shows: `form` (none: made of `said`), written upon version `upon`; `told` stands above it."""

    said: Wording
    upon: int
    form: NoticeForm | None = None
    told: dict[str, Any] = field(default_factory=dict)


@needs("see-settings", change="change-settings")
def page(request: HttpRequest) -> HttpResponse:
    """Look, try ("Show"), save. What is tried is kept for its writer until it is saved (`unsaved`)."""
    here, seen = presence(request), Seen(wording(), drafts.number())
    if "drop" in request.POST:
        unsaved.let_go(here.member)
        return redirect("notices")
    if request.method == "POST":
        if _saved(request, seen):
            return redirect("notices")
    elif held := unsaved.held(here.member):
        again = "unsaved" in request.GET
        if again:
            seen.said, seen.upon = held.said, held.upon
        seen.told = {"held": held, "is_held_shown": again}
    form = seen.form or NoticeForm(seen.said, Package.objects.all())
    facts = {
        "form": form,
        "upon": seen.upon,
        "pen_host": host_of(here.pen),
        "wrong": _wrong(request, seen.said),
    }
    facts |= {"in_force": drafts.newest(), "envelope": envelope(here.pen, seen.said, here.member)}
    return render(request, "notices/notices.html", facts | seen.told | _preview(request, form, seen.said))


def _saved(request: HttpRequest, seen: Seen) -> bool:
    """Whether it was to be saved and is; else what to show of it is in `seen`."""
    here, before = presence(request), seen.said
    seen.form = NoticeForm(before, Package.objects.all(), request.POST)
    if not seen.form.is_valid():
        return False
    seen.said, seen.upon = seen.form.value(), _number(request)
    seen.form.tell(drafts.faults(here.pen, seen.said))
    if "save" in request.POST and not seen.form.errors:
        try:
            drafts.keep(here.pen, seen.said, upon=seen.upon, by=_who(request))
        except ValidationError as error:
            if getattr(error, "code", "") == "overtaken":
                seen.said, seen.upon, seen.told = _overtaken(seen.said, seen.upon)
                seen.form = None
            else:
                seen.form.add_error(None, error.messages)
        else:
            unsaved.let_go(here.member)
            notes.success(request, _("Saved. It is in the next notification."))
            return True
    if seen.said == before:
        unsaved.let_go(here.member)
    else:
        unsaved.hold(here.member, seen.said, seen.upon)
    return False


def _overtaken(mine: Wording, upon: int) -> tuple[Wording, int, dict[str, Any]]:
    """Somebody else has saved since version `upon`: both changes in one, upon theirs, and what to tell of it."""
    newest, theirs = drafts.newest(), wording()
    base = drafts.said_in(upon) or theirs
    both, torn = together(mine, base, theirs)
    changed = differences(base, theirs, Package.objects.all())
    told = {
        "overtaken": newest,
        "taken": [line for place, line in changed if place not in torn],
        "torn": [line for place, line in changed if place in torn],
    }
    return both, newest.number if newest else 0, told


def _who(request: HttpRequest) -> str:
    return str(presence(request).member.address)


def _number(request: HttpRequest) -> int:
    text = request.POST.get("upon", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else -1


def _wrong(request: HttpRequest, shown: Wording) -> list[str]:
    """What is wrong with what is in force, though nobody touched it: a host that is none, a name that is a link."""
    if request.method == "POST":
        return []
    problems = drafts.faults(presence(request).pen, shown)
    return [f"{retold(one.what)} {retold(one.next)}" for one in problems]


def _preview(request: HttpRequest, form: NoticeForm, shown: Wording) -> dict[str, Any]:
    """What the frames show, and the choices above them."""
    given = request.POST or request.GET
    packages = [(row.outside_id, called(row)) for row in form.packages]
    languages = [("", _("not known")), *((one, NAMES.get(one, one)) for one in form.known)]
    own = presence(request).member.package.outside_id
    whose = _one_of(given.get("as_package", own), packages)
    reader = _one_of(given.get("as_language", ""), languages)
    asked = {"package": whose, "language": reader, "draft": drafts.put_aside(shown)}
    return {
        "packages": packages, "reader_languages": languages, "as_package": whose, "as_language": reader,
        "preview_query": urlencode(asked),
    }  # fmt: skip


def _one_of(text: str, choices: list[tuple[str, str]]) -> str:
    return text if any(text == one for one, _name in choices) else choices[0][0] if choices else ""


@require_GET
@needs("see-settings")
@xframe_options_sameorigin
def preview(request: HttpRequest) -> HttpResponse:
    """The page of one frame, by words that were put aside or of an earlier version, else by those in force."""
    view = next((one for one in VIEWS if one == request.GET.get("view", "new")), None)
    if view is None:
        raise Http404
    here = presence(request)
    version = request.GET.get("version", "")
    earlier = (
        drafts.said_in(int(version)) if version.isascii() and version.isdigit() and len(version) < 9 else None
    )
    said = earlier or drafts.put_aside_as(request.GET.get("draft", "")[:64]) or wording()
    body = document(
        here.pen, said, here.member, view,
        package=request.GET.get("package", "")[:80], language=request.GET.get("language", "")[:20].lower(),
    )  # fmt: skip
    return HttpResponse(body, headers={"Content-Security-Policy": POLICY})
