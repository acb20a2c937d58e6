"""Templates: the list, a new one, the page of one, and the editor of each of its four parts."""

from __future__ import annotations

from typing import Any

import msgspec
from django import forms
from django.contrib import messages as notes
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stationer.compose import SHAPES
from stationer.portal.access.presence import needs, presence
from stationer.portal.content import binning, blanks, for_everyone, sentence, standing
from stationer.portal.content.locked_parts import check_gone
from stationer.portal.content.models import Binned, Template
from stationer.portal.content.overtaking import facts as said_of
from stationer.portal.content.overtaking import held, overtaken, save, version
from stationer.portal.content.parts import PARTS, put, source_of
from stationer.portal.content.views.campaign_list import MANY, PAGE
from stationer.portal.content.views.editing import Desk, edit
from stationer.portal.content.views.gallery import begun, designs, on_wall
from stationer.portal.content.writing import first_shape, shape_choices
from stationer.portal.people import attributes
from stationer.portal.people.models import AddressList, Group, Package
from stationer.portal.people.named import named
from stationer.portal.publishing.waiting import touched
from stationer.portal.site.fields import DeleteByName
from stationer.wire.source import Source


def _said(row: Template) -> list[sentence.Piece]:
    return sentence.template_sentence(row.wire_rule(), row.fallback)


@needs("see-content")
def listing(request: HttpRequest) -> HttpResponse:
    """All templates, in the order in which they are asked."""
    total = Template.objects.count()
    q = request.GET.get("q", "").strip()
    rows = Template.objects.all()
    if q:
        rows = rows.filter(name__icontains=q)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    changed = touched(request)
    for row in page:
        row.said = sentence.plain(_said(row))  # type: ignore[attr-defined]
        row.changed = row.outside_id in changed  # type: ignore[attr-defined]
    facts = {
        "page": page,
        "total": total,
        "many": total > MANY,
        "q": q,
        "search_words": _("Search {count} templates").format(count=total),
        "changed_standing": standing.changed(),
        "binned": Binned.objects.filter(kind="template").count(),
    }
    return render(request, "content/templates.html", facts)


class NewTemplate(forms.Form):
    """A name, and what its signature begins with."""

    name = forms.CharField(
        label=gettext_lazy("What do you call it?"),
        max_length=120,
        help_text=gettext_lazy("For you and your colleagues, such as “Practice letterhead”."),
    )
    shape = forms.ChoiceField(label=gettext_lazy("What should its signature do?"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        choices = designs("template", ["signature"])
        self.fields["shape"].choices = choices  # type: ignore[attr-defined]
        self.fields["shape"].initial = choices[0][0]


@needs("change-content")
def new(request: HttpRequest) -> HttpResponse:
    """Begin a template, and go straight to its signature. The first one is for everyone."""
    form = NewTemplate(request.POST or None)
    if request.method == "POST" and form.is_valid():
        source = begun(form.cleaned_data["shape"], presence(request).pen)
        parts = {"new": {"signature": msgspec.to_builtins(source)}}
        row = Template.objects.create(
            name=form.cleaned_data["name"],
            parts=parts,
            fallback=not Template.objects.filter(fallback=True).exists(),
            changed_by=presence(request).account,
        )
        return redirect("template-part", row.outside_id, "signature")
    facts = {"form": form, "chosen": form["shape"].value(), **on_wall("template", ["signature"])}
    return render(request, "content/new_template.html", facts)


def _blank(edit: str, row: Template, data: Any) -> forms.Form | None:
    if row.fallback:
        return None
    groups = Group.objects.values_list("name", flat=True)
    if edit == "who":
        packages = Package.objects.values_list("name", flat=True)
        return blanks.Who(row.wire_rule(), data, groups=groups, packages=packages, details=attributes.names())
    if edit == "to":
        lists = AddressList.objects.values_list("name", flat=True)
        return blanks.Whom(row.wire_rule(), data, groups=groups, lists=lists)
    return None


@needs("see-content", change="change-content")
def page(request: HttpRequest, template: str) -> HttpResponse:
    """One template: for whom it is, its parts, and the mail on it."""
    row = named(Template, "template", template)
    wanted = request.GET.get("edit", "")
    if request.method != "POST":
        form = _blank(wanted, row, None)
        return render(request, "content/template.html", _page_facts(request, row, wanted, form))
    with held(row) as row:
        form = _blank(wanted, row, request.POST)
        refused = form is not None and overtaken(request, row, wanted, version(form.initial))
        if form is not None and not refused and form.is_valid():
            assert isinstance(form, blanks.Who | blanks.Whom)
            row.rule = msgspec.to_builtins(form.change(row.wire_rule()))
            save(row, presence(request).account, "rule")
            return redirect("template", template)
    return render(request, "content/template.html", _page_facts(request, row, wanted, form, refused))


def _page_facts(
    request: HttpRequest, row: Template, wanted: str, form: forms.Form | None, refused: bool = False
) -> dict[str, Any]:
    template = row.outside_id
    parts = row.wire_parts()
    locked = presence(request).pen.from_above().locked()
    rows = [
        {
            "key": key,
            "name": part.name(),
            "hint": part.hint(),
            "shape": _(SHAPES[source.shape].label) if source and source.shape in SHAPES else "",
            "url": reverse("template-part", args=[template, key]),
            "locked": locked[key].by if key in locked else "",
        }
        for key, part in PARTS.items()
        for source in [source_of(parts, part)]
    ]
    guard = said_of(request, row, version(form.initial), refused) if form else {}
    return guard | {
        "template": row,
        "said": _said(row),
        "edit": wanted if form else "",
        "blank": form,
        "parts": rows,
        "changed": row.outside_id in touched(request),
        "changed_standing": standing.changed(),
        "preview_url": reverse("template-preview", args=[template]),
        "as_whom": presence(request).member.name,
    }


@needs("change-content")
def part(request: HttpRequest, template: str, part: str) -> HttpResponse:
    """The editor of one part. A part that is empty begins with the first shape that fits."""
    row = named(Template, "template", template)
    if part not in PARTS:
        raise Http404(part)
    if part in (locked := presence(request).pen.from_above().locked()):
        sentence = _(
            "{partner} has locked this part. It is the same in every template; ask them to change it."
        )
        notes.error(request, sentence.format(partner=locked[part].by))
        return redirect("template", template)
    if request.method == "POST" and "remove" in request.POST:
        return _take_out(request, row, part)

    def laid(row: Template) -> Desk:
        this = PARTS[part]
        there = source_of(row.wire_parts(), this)
        return Desk(
            row=row,
            source=there or Source(first_shape("template", this.slot)),
            kind="template",
            slot=this.slot,
            shapes=shape_choices("template", [this.slot]),
            piece=part,
            says=lambda: source_of(row.wire_parts(), this),
            put=lambda source: put(row, this, source),
            columns=("parts",),
            preview_url=reverse("template-preview", args=[template]),
            page="content/part.html",
            empty=there is None,
            crumbs=[(_("Templates"), reverse("templates")), (row.name, reverse("template", args=[template]))],
            title=this.name(),
            facts={
                "template": row,
                "part_name": this.name(),
                "part_hint": this.hint(),
                "there": there is not None,
                "first_view": "reply" if part == "short-signature" else "new",
            },
        )

    return edit(request, row, laid)


def _take_out(request: HttpRequest, row: Template, part: str) -> HttpResponse:
    """The part is no more, unless somebody else wrote in it meanwhile: that is looked at first."""
    with held(row) as row:
        if overtaken(request, row, part, version(source_of(row.wire_parts(), PARTS[part]))):
            notes.error(request, _("Nothing was taken out: somebody changed it after you opened it."))
            return redirect("template-part", row.outside_id, part)
        put(row, PARTS[part], None)
        save(row, presence(request).account, "parts")
    notes.success(request, _("Taken out. It is still on mails until you publish."))
    return redirect("template", row.outside_id)


class TemplateName(forms.Form):
    """Its name, whether it is the one for everyone else, and its rank among the others."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=120)
    fallback = forms.BooleanField(
        label=gettext_lazy("Everyone for whom no other template fits gets this one"), required=False
    )
    priority = forms.IntegerField(
        label=gettext_lazy("Rank"),
        min_value=-1000,
        max_value=1000,
        help_text=gettext_lazy("When several templates fit one mail, the highest rank wins. Most stay at 0."),
    )


@needs("change-content")
def name(request: HttpRequest, template: str) -> HttpResponse:
    """Rename, rank, delete."""
    row = named(Template, "template", template)
    if "delete" in request.POST:
        delete = DeleteByName(row.name, request.POST)
        if delete.is_valid():
            try:
                return _deleted(request, row)
            except ValidationError as error:  # a partner has locked a part of it
                delete.add_error(None, error.messages)
        return _name_page(request, row, _name_form(row), delete)
    if request.method != "POST":
        return _name_page(request, row, _name_form(row))
    with for_everyone.alone(row) as row:
        form = _name_form(row, request.POST)
        refused = overtaken(request, row, "name", version(form.initial))
        if not refused and form.is_valid():
            try:
                _rename(row, form.cleaned_data, presence(request).account)
                return redirect("template", template)
            except ValidationError as error:  # a partner has locked a part of it
                form.add_error("fallback", error.messages)
    return _name_page(request, row, form, refused=refused)


def _name_form(row: Template, data: Any = None) -> TemplateName:
    initial = {"name": row.name, "fallback": row.fallback, "priority": row.priority}
    return TemplateName(data, initial=initial)


def _name_page(
    request: HttpRequest,
    row: Template,
    form: TemplateName,
    delete: DeleteByName | None = None,
    refused: bool = False,
) -> HttpResponse:
    facts = {"template": row, "form": form, "delete": delete or DeleteByName(row.name)}
    facts |= said_of(request, row, version(form.initial), refused)
    return render(request, "content/template_name.html", facts)


def _deleted(request: HttpRequest, row: Template) -> HttpResponse:
    binning.discard(row, presence(request).account)
    sentence = _("“{name}” is in the bin for 30 days. It is still on mails until you publish.")
    notes.success(request, sentence.format(name=row.name))
    return redirect("templates")


def _rename(row: Template, said: dict[str, Any], account: Any) -> None:
    """Keep name and rank; a new template for everyone else takes that from the old one, which then asks for a rule.
    Raises ValidationError."""
    if not said["fallback"]:
        check_gone(row)
    if said["fallback"]:
        for_everyone.take_place(row, account)
    row.name, row.priority, row.fallback = said["name"], said["priority"], said["fallback"]
    save(row, account, "name", "priority", "fallback")
