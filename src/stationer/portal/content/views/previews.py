"""Previews: the real blocks in an example letter, in a page of their own that may do nothing at all."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_GET

from stationer.portal.access.presence import members_only, needs, presence
from stationer.portal.content.letter import POLICY, VIEWS, Shown, View, document, variant_of
from stationer.portal.content.models import Message, Template
from stationer.portal.content.showing import shown, stationery_of
from stationer.portal.people.models import Member
from stationer.portal.people.named import named


def _view(request: HttpRequest) -> View:
    wanted = request.GET.get("view", "new")
    for view in VIEWS:
        if view == wanted:
            return view
    raise Http404(wanted)


def _whose(request: HttpRequest) -> Member:
    """The member whose mail it is: `?as=mem_…`, or oneself."""
    asked = request.GET.get("as", "")
    return named(Member, "member", asked) if asked else presence(request).member


def _answer(view: View, member: Member, blocks: list[Shown]) -> HttpResponse:
    body = document(view, name=member.name, address=member.address, blocks=blocks)
    return HttpResponse(body, headers={"Content-Security-Policy": POLICY})


@require_GET
@needs("see-content")
@xframe_options_sameorigin
def template(request: HttpRequest, template: str) -> HttpResponse:
    """A mail on this template, as its draft stands."""
    row, view, member = named(Template, "template", template), _view(request), _whose(request)
    return _answer(view, member, shown(member, variant_of(view), row))


@require_GET
@needs("see-content")
@xframe_options_sameorigin
def message(request: HttpRequest, message: str) -> HttpResponse:
    """A mail with this message, on the stationery its sender has, as the drafts stand."""
    row, view, member = named(Message, "message", message), _view(request), _whose(request)
    return _answer(view, member, shown(member, variant_of(view), stationery_of(member), (row,)))


@require_GET
@members_only
@xframe_options_sameorigin
def own(request: HttpRequest) -> HttpResponse:
    """A mail of one's own, on one's own stationery."""
    view, member = _view(request), presence(request).member
    return _answer(view, member, shown(member, variant_of(view), stationery_of(member)))
