"""The editor of a PEN's notifications: every blank, the real notification beside them, faults where they are."""

from __future__ import annotations

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
from stationer.portal.notices import drafts
from stationer.portal.notices.forms import NAMES, NoticeForm
from stationer.portal.notices.models import Wording
from stationer.portal.notices.pens import host_of, wording
from stationer.portal.notices.showing import POLICY, VIEWS, document
from stationer.portal.people.models import Package
from stationer.portal.people.pens import called
from stationer.portal.site.retelling import retold


@needs("see-settings", change="change-settings")
def page(request: HttpRequest) -> HttpResponse:
    """Look, try ("Show"), save."""
    pen, said = presence(request).pen, wording()
    upon = drafts.number()
    form = NoticeForm(said, Package.objects.all(), request.POST or None)
    shown = said
    if request.method == "POST" and form.is_valid():
        shown = form.value()
        form.tell(drafts.faults(pen, shown))
        upon = _number(request)
        if "save" in request.POST and not form.errors:
            try:
                drafts.keep(pen, shown, upon=upon, by=_who(request))
            except ValidationError as error:
                form.add_error(None, error.messages)
                upon = drafts.number()  # whoever has read this may save over it
            else:
                notes.success(request, _("Saved. It is in the next notification."))
                return redirect("notices")
    facts = {"form": form, "upon": upon, "pen_host": host_of(pen), "wrong": _wrong(request, shown)}
    return render(request, "notices/notices.html", facts | _preview(request, form, shown))


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
    """The page of one frame, by words that were put aside, else by those in force."""
    view = next((one for one in VIEWS if one == request.GET.get("view", "new")), None)
    if view is None:
        raise Http404
    here = presence(request)
    said = drafts.put_aside_as(request.GET.get("draft", "")[:64]) or wording()
    body = document(
        here.pen, said, here.member, view,
        package=request.GET.get("package", "")[:80], language=request.GET.get("language", "")[:20].lower(),
    )  # fmt: skip
    return HttpResponse(body, headers={"Content-Security-Policy": POLICY})
