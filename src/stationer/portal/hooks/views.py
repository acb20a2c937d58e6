"""Webhooks: which there are, a new one, its page with what was sent, and one event with every attempt."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages as notes
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from stationer.portal.access.presence import needs, presence
from stationer.portal.hooks import events, signing, switching
from stationer.portal.hooks.guarding import check_url
from stationer.portal.hooks.models import Attempt, Delivery, Hook
from stationer.portal.people.named import named
from stationer.portal.site.fields import Many

PAGE = 25
MOST_HOOKS = 20


class HookForm(forms.Form):
    """What it is called, where it leads, what it is told."""

    name = forms.CharField(
        label=gettext_lazy("What is it for?"),
        max_length=120,
        help_text=gettext_lazy("Such as “CRM” or “Slack channel of sales”."),
    )
    url = forms.CharField(
        label=gettext_lazy("Where are events sent?"),
        max_length=2000,
        help_text=gettext_lazy("An address of your program that begins with https://."),
        widget=forms.TextInput(attrs={"inputmode": "url", "spellcheck": "false"}),
    )
    events = Many(label=gettext_lazy("It is told when"), long=True)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["events"].choices = [(name, str(one.sentence)) for name, one in events.EVENTS.items()]  # type: ignore[attr-defined]

    def clean_url(self) -> str:
        typed = str(self.cleaned_data["url"]).strip()
        try:
            check_url(typed)
        except ValidationError as error:
            raise forms.ValidationError(error.message_dict["url"]) from error
        return typed

    def clean_events(self) -> list[str]:
        chosen: list[str] = self.cleaned_data["events"]
        if not chosen:
            raise forms.ValidationError(_("Choose at least one event."))
        return chosen

    def fill(self, row: Hook) -> None:
        """Write it. Raises ValidationError."""
        row.name, row.url = self.cleaned_data["name"], self.cleaned_data["url"]
        row.events = self.cleaned_data["events"]
        row.full_clean()
        row.save()


def _sees(request: HttpRequest) -> None:
    """Webhooks tell of readers: whoever looks at them, or says where they lead, may see them as well."""
    if not presence(request).may("see-visitors"):
        raise Http404("not without see-visitors")


@needs("see-settings", change="change-settings")
def listing(request: HttpRequest) -> HttpResponse:
    """All webhooks; there are few."""
    _sees(request)
    return render(request, "hooks/hooks.html", {"rows": list(Hook.objects.all())})


@never_cache
@needs("change-settings")
def new(request: HttpRequest) -> HttpResponse:
    """Make one; its secret stands on the page that comes back, and nowhere else ever."""
    _sees(request)
    form = HookForm(request.POST or None, initial={"events": ["visit.human"]})
    if form.is_valid():
        if Hook.objects.count() >= MOST_HOOKS:
            form.add_error(None, _("There are {count} webhooks already.").format(count=MOST_HOOKS))
        else:
            row = Hook()
            form.fill(row)
            return _page(request, row, secret=signing.written(bytes(row.secret)))
    return render(request, "hooks/new_hook.html", {"form": form})


@never_cache
@needs("see-settings", change="change-settings")
def page(request: HttpRequest, hook: str) -> HttpResponse:
    """One: change it, test it, exchange its secret, switch it off and on, delete it; and what was sent."""
    _sees(request)
    row = named(Hook, "hook", hook)
    if request.method != "POST":
        return _page(request, row)
    if "delete" in request.POST:
        row.delete()
        notes.success(request, _("“{name}” is deleted; nothing more is sent there.").format(name=row.name))
        return redirect("hooks")
    if "exchange" in request.POST:
        return _page(request, row, secret=switching.exchange(row))
    form = HookForm(request.POST) if "url" in request.POST else None
    if form is not None and not form.is_valid():
        return _page(request, row, form=form)
    if form is not None:
        form.fill(row)
        notes.success(request, _("Saved."))
    else:
        _deed(request, row)
    return redirect("hook", hook)


def _deed(request: HttpRequest, row: Hook) -> None:
    if "test" in request.POST:
        events.example(row)
        said = _("An example is on its way. Its answer stands below in a moment.")
        notes.success(request, said if row.on else _("It waits until the webhook is switched on."))
    elif "on" in request.POST:
        switching.on(row)
        notes.success(request, _("It is on."))
    elif "off" in request.POST:
        row.on, row.reason = False, ""
        row.save()
        notes.success(request, _("It is off. What happens meanwhile is not kept for it."))


def _page(request: HttpRequest, row: Hook, *, secret: str = "", form: HookForm | None = None) -> HttpResponse:
    initial = {"name": row.name, "url": row.url, "events": row.events}
    shown = Paginator(sent(row), PAGE).get_page(request.GET.get("page"))
    facts = {
        "hook": row,
        "form": form or HookForm(initial=initial),
        "secret": secret,
        "both": len(switching.secrets_of(row)) > 1,
        "page": shown,
        "waits": any(one.state == Delivery.State.WAITING for one in shown.object_list),
    }
    return render(request, "hooks/hook.html", facts)


def sent(row: Hook) -> QuerySet[Delivery]:
    """What was sent, the newest first, each with its last answer."""
    last = Attempt.objects.filter(delivery=OuterRef("pk")).order_by("-at", "-id")
    return row.deliveries.order_by("-made_at", "-id").annotate(
        status=Subquery(last.values("status")[:1]), ms=Subquery(last.values("ms")[:1])
    )


@needs("see-settings", change="change-settings")
def delivery(request: HttpRequest, hook: str, delivery: str) -> HttpResponse:
    """One event: its body, and every attempt with what was answered. Posting sends it again."""
    _sees(request)
    row = named(Hook, "hook", hook)
    one = named(Delivery, "delivery", delivery)
    if one.hook_id != row.pk:
        raise Http404("of another webhook")
    if request.method == "POST":
        events.again(one)
        notes.success(request, _("It is on its way again."))
        return redirect("hook-delivery", hook, delivery)
    return render(
        request, "hooks/delivery.html", {"hook": row, "delivery": one, "tries": one.tries.all()[:50]}
    )
