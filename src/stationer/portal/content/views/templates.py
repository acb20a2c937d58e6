"""Templates: the list, a new one, the page of one, and the editor of each of its four parts."""

from __future__ import annotations

from typing import Any

import msgspec
from django import forms
from django.contrib import messages as notes
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stationer.compose import SHAPES
from stationer.portal.access.presence import needs, presence
from stationer.portal.content import binning, blanks, sentence, standing
from stationer.portal.content.models import Binned, Template
from stationer.portal.content.parts import PARTS, keep, source_of, with_part
from stationer.portal.content.views.campaign_list import MANY, PAGE
from stationer.portal.content.views.campaigns import DeleteByName
from stationer.portal.content.views.editing import Desk, edit
from stationer.portal.content.views.gallery import begun, designs, on_wall
from stationer.portal.content.writing import first_shape, shape_choices
from stationer.portal.people import attributes
from stationer.portal.people.models import AddressList, Group, Package
from stationer.portal.people.named import named
from stationer.portal.publishing.waiting import touched
from stationer.wire.rules import Rule
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
    form = _blank(wanted, row, request.POST if request.method == "POST" else None)
    if form is not None and form.is_bound and form.is_valid():
        assert isinstance(form, blanks.Who | blanks.Whom)
        row.rule = msgspec.to_builtins(form.change(row.wire_rule()))
        row.changed_by = presence(request).account
        row.save()
        return redirect("template", template)
    parts = row.wire_parts()
    rows = [
        {
            "key": key,
            "name": part.name(),
            "hint": part.hint(),
            "shape": _(SHAPES[source.shape].label) if source and source.shape in SHAPES else "",
            "url": reverse("template-part", args=[template, key]),
        }
        for key, part in PARTS.items()
        for source in [source_of(parts, part)]
    ]
    facts = {
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
    return render(request, "content/template.html", facts)


@needs("change-content")
def part(request: HttpRequest, template: str, part: str) -> HttpResponse:
    """The editor of one part. A part that is empty begins with the first shape that fits."""
    row = named(Template, "template", template)
    if part not in PARTS:
        raise Http404(part)
    this = PARTS[part]
    parts = row.wire_parts()
    if request.method == "POST" and "remove" in request.POST:
        keep(row, with_part(parts, this, None), presence(request).account)
        notes.success(request, _("Taken out. It is still on mails until you publish."))
        return redirect("template", template)
    desk = Desk(
        row=row,
        source=source_of(parts, this) or Source(first_shape("template", this.slot)),
        kind="template",
        slot=this.slot,
        shapes=shape_choices("template", [this.slot]),
        write=lambda source: keep(row, with_part(parts, this, source), presence(request).account),
        preview_url=reverse("template-preview", args=[template]),
        page="content/part.html",
        empty=source_of(parts, this) is None,
        crumbs=[(_("Templates"), reverse("templates")), (row.name, reverse("template", args=[template]))],
        title=this.name(),
        facts={
            "template": row,
            "part_name": this.name(),
            "part_hint": this.hint(),
            "there": source_of(parts, this) is not None,
            "first_view": "reply" if part == "short-signature" else "new",
        },
    )
    return edit(request, desk)


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
    deleting = "delete" in request.POST
    initial = {"name": row.name, "fallback": row.fallback, "priority": row.priority}
    form = TemplateName(request.POST if request.method == "POST" and not deleting else None, initial=initial)
    delete = DeleteByName(row.name, request.POST if deleting else None)
    if deleting and delete.is_valid():
        binning.discard(row, presence(request).account)
        notes.success(
            request,
            _("“{name}” is in the bin for 30 days. It is still on mails until you publish.").format(
                name=row.name
            ),
        )
        return redirect("templates")
    if form.is_bound and form.is_valid():
        _rename(row, form.cleaned_data, presence(request).account)
        return redirect("template", template)
    return render(request, "content/template_name.html", {"template": row, "form": form, "delete": delete})


def _rename(row: Template, said: dict[str, Any], account: Any) -> None:
    """Keep name and rank; a new template for everyone else takes that from the old one, which then asks for a rule."""
    if said["fallback"] and not row.fallback:
        for other in Template.objects.filter(fallback=True):
            other.fallback, other.rule = False, msgspec.to_builtins(Rule())
            other.save()
    row.name, row.priority, row.fallback = said["name"], said["priority"], said["fallback"]
    row.changed_by = account
    row.save()
