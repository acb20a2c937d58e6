"""What a partner hands down: settings as sentences, parts of templates with the mail beside them, looks; and locks."""

from __future__ import annotations

from typing import Any, cast

import msgspec
from django import forms
from django.contrib import messages as notes
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_GET

from stationer.compose import SHAPES, complete, fill, press, sketch
from stationer.portal.audit.words import field_label
from stationer.portal.content.houseblanks import sentences
from stationer.portal.content.letter import POLICY, VIEWS, Shown, document, variant_of
from stationer.portal.content.parts import PARTS
from stationer.portal.content.showing import placed
from stationer.portal.content.writing import SourceForm, first_shape, reshaped, shape_choices
from stationer.portal.partners import handing
from stationer.portal.partners.desk import Desk, desk, staffed
from stationer.portal.partners.models import Part
from stationer.portal.partners.saying import BLANKS, SAID, Saying
from stationer.portal.people.models import Pen
from stationer.portal.people.views.settings import INK, WAX, TokensForm
from stationer.wire.source import Source

#: Whose mail the preview shows; nobody's of any company.
EXAMPLE = {
    "name": "Jo Example", "title": "Adviser", "company": "Example Ltd", "email": "jo@example.com",
    "phone": "01632 960 100", "website": "https://example.com/",
}  # fmt: skip


class LooksForm(TokensForm):
    """The four tokens, and whether companies may have their own."""

    locked = forms.BooleanField(label=gettext_lazy("Lock: companies below keep these looks"), required=False)


@staffed("hand-down")
def page(request: HttpRequest) -> HttpResponse:
    """All of it; `?edit=` opens a blank."""
    here = desk(request)
    saying = Saying(here.partner)
    edit = request.GET.get("edit", "")
    locked = frozenset(saying.above.locks)
    data = request.POST if request.method == "POST" else None
    deed = request.POST.get("deed", "")
    blank: Any = None
    if edit in BLANKS and edit not in locked:
        blank = BLANKS[edit](cast(Pen, saying), data if not deed else None)
    looks = _looks(here, request)
    if data is not None and _done(request, here, saying, blank, looks):
        notes.success(
            request, _("Handed down. Each company has it in a moment, its mail at its next Publish.")
        )
        return redirect("partner-hand", here.partner.outside_id)
    facts = {
        "said": sentences(saying.management(), locked | (frozenset(HOUSE_ONLY))),
        "edit": edit,
        "blank": blank,
        "may": {"change_settings": True},
        "rows": [row | {"label": field_label(row["name"])} for row in saying.rows()],
        "parts": _parts(here),
        "looks": looks,
        "looks_by": handing.looks(handing.above(here.partner)[:-1])[1],
        "brand": here.partner.brand,
        "waiting": handing.waiting(here.partner),
    }
    return render(request, "partners/hand.html", facts)


#: Blanks that only a company itself fills in.
HOUSE_ONLY = ("blackout", "quiet_groups")


def _looks(here: Desk, request: HttpRequest) -> LooksForm:
    now = {"colour": INK, "seal": WAX} | here.partner.brand | {"locked": here.partner.brand_locked}
    return LooksForm(request.POST if request.POST.get("deed") == "looks" else None, initial=now)


def _done(request: HttpRequest, here: Desk, saying: Saying, blank: Any, looks: LooksForm) -> bool:
    """Do what was pressed. Returns whether it is done."""
    deed, name = request.POST.get("deed", ""), request.POST.get("name", "")
    if deed == "looks":
        return _looked(here, looks)
    if deed == "no-looks":
        here.partner.brand, here.partner.brand_locked = {}, False
        return _kept(here, "brand", "brand_locked")
    try:
        if deed in ("lock", "unlock") and name in SAID:
            saying.lock(name, deed == "lock")
        elif deed == "take-back" and name in SAID:
            saying.take_back(name)
        elif blank is not None and blank.is_valid():
            blank.keep()
        else:
            return False
    except ValidationError as error:
        if blank is None:
            notes.error(request, " ".join(error.messages))
            return False
        blank.add_error(None, error.messages)
        return False
    return True


def _looked(here: Desk, looks: LooksForm) -> bool:
    if not looks.is_valid():
        return False
    here.partner.brand = looks.said()
    here.partner.brand_locked = looks.cleaned_data["locked"]
    return _kept(here, "brand", "brand_locked")


def _kept(here: Desk, *fields: str) -> bool:
    here.partner.save(update_fields=fields)
    handing.want(here.partner)
    return True


def _parts(here: Desk) -> list[dict[str, Any]]:
    own = {row.part: row for row in Part.objects.filter(partner=here.partner)}
    above = handing.parts(handing.above(here.partner)[:-1])
    return [
        {
            "key": key,
            "name": part.name(),
            "hint": part.hint(),
            "row": own.get(key),
            "above": above.get(key),
            "shut": key in above and above[key].locked,
        }
        for key, part in PARTS.items()
    ]


def _source(here: Desk, key: str) -> tuple[Part | None, Source]:
    row = Part.objects.filter(partner=here.partner, part=key).first()
    slot = PARTS[key].slot
    return row, msgspec.convert(row.source, Source) if row else Source(first_shape("template", slot))


def _shut(here: Desk, key: str) -> str:
    """Who above has locked this part, or nobody."""
    above = handing.parts(handing.above(here.partner)[:-1])
    return above[key].by if key in above and above[key].locked else ""


@staffed("hand-down")
def part(request: HttpRequest, part: str) -> HttpResponse:
    """One part: its words, its shape, its lock, and the mail."""
    here = desk(request)
    if part not in PARTS or _shut(here, part):
        raise Http404("no such part to write")
    row, source = _source(here, part)
    if request.method == "POST" and "take-back" in request.POST and row is not None:
        row.delete()
        handing.want(here.partner)
        notes.success(request, _("Taken back. Where nobody changed it, it goes."))
        return redirect("partner-hand", here.partner.outside_id)
    shapes = [one for one in shape_choices("template", [PARTS[part].slot]) if one[0] not in ("form", "mjml")]
    form = SourceForm(source, request.POST or None)
    found = []
    if request.method == "POST" and form.is_valid():
        written, shape = form.written(), request.POST.get("shape", source.shape)
        if shape != written.shape and shape in dict(shapes):
            written = reshaped(written, shape)
        row = _write(here, part, row, written, locked="locked" in request.POST)
        if "go-on" not in request.POST:
            notes.success(
                request, _("Handed down. Each company has it in a moment, its mail at its next Publish.")
            )
            return redirect("partner-hand", here.partner.outside_id)
        return redirect("partner-part", here.partner.outside_id, part)
    if row is not None:
        found = placed(press(source, kind="template", slot=PARTS[part].slot, pictures={}).problems, form)
    facts = {
        "key": part, "row": row, "form": form, "shapes": shapes, "shape": source.shape, "part": PARTS[part],
        "part_name": PARTS[part].name(), "part_hint": PARTS[part].hint(), "found": found,
        "first_view": "reply" if part == "short-signature" else "new",
    }  # fmt: skip
    return render(request, "partners/part.html", facts)


def _write(here: Desk, key: str, row: Part | None, source: Source, *, locked: bool) -> Part:
    row = row or Part(partner=here.partner, part=key)
    row.source, row.locked = msgspec.to_builtins(source), locked
    row.full_clean()
    row.save()
    handing.want(here.partner)
    return row


@staffed("hand-down")
@require_GET
@xframe_options_sameorigin
def preview(request: HttpRequest, part: str) -> HttpResponse:
    """The part on an example mail, as it was kept last."""
    view = next((one for one in VIEWS if one == request.GET.get("view", "new")), None)
    if part not in PARTS or view is None:
        raise Http404(part)
    here, place = desk(request), PARTS[part]
    row, source = _source(here, part)
    blocks = []
    if row is not None and source.shape in SHAPES and variant_of(view) in place.variants:
        pressed = press(source, kind="template", slot=place.slot, pictures={}).content
        content = pressed or sketch(source, kind="template", slot=place.slot, pictures={})
        html, text = complete(
            fill(content, EXAMPLE if view != "bare" else {"name": EXAMPLE["name"]}, name="preview")
        )
        blocks = [Shown(place.slot, html, text)]
    body = document(view, name=EXAMPLE["name"], address=EXAMPLE["email"], blocks=blocks)
    return HttpResponse(body, headers={"Content-Security-Policy": POLICY})
