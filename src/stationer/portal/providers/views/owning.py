"""An owner's pages: which sign-in providers there are, a new one, one's page, its server, what becomes of what it says,
emergency codes. Whoever sets a provider says who gets in as whom, so only owners do, and after their second factor."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

import msgspec
from django.contrib import messages as notes
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from stationer.portal.access import factor
from stationer.portal.access.bound import end_all
from stationer.portal.access.domains import is_proven
from stationer.portal.access.models import Account
from stationer.portal.access.presence import needs, presence
from stationer.portal.directories.transforms import Rule, rules_of
from stationer.portal.people.models import Pen
from stationer.portal.people.named import named
from stationer.portal.providers import emergency, saml, trying
from stationer.portal.providers.forced import note
from stationer.portal.providers.forms import ClaimsForm, ServerForm, UseForm, server_form
from stationer.portal.providers.models import Identity, Provider
from stationer.portal.providers.views.entering import TRY, going, places
from stationer.portal.site.fields import DeleteByName

MOST, SHOWN = 10, 50
View = Callable[..., HttpResponse]


def owners_only(view: View) -> View:
    """Only owners, after their second factor where the PEN asks for one: before they fill anything in."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **options: Any) -> HttpResponse:
        if not presence(request).is_owner:
            raise Http404("not an owner")
        if "provider" in options:
            named(Provider, "provider", options["provider"])  # what is not there asks for nothing
        if factor.asked_for(request):
            return redirect(f"{reverse('second-factor')}?{urlencode({'next': request.path})}")
        return view(request, *args, **options)

    return needs("manage-roles")(never_cache(guarded))  # type: ignore[return-value]


@owners_only
def listing(request: HttpRequest) -> HttpResponse:
    """All of them; there are few."""
    here = presence(request)
    facts = {
        "rows": list(Provider.objects.all()),
        "proven": is_proven(here.pen),
        "codes": emergency.left(here.account),
        "saml": saml.available(),
    }
    return render(request, "providers/providers.html", facts)


@owners_only
def new(request: HttpRequest) -> HttpResponse:
    """Say where it is; it is kept when it answers."""
    asked = request.GET.get("kind", "")
    kind = Provider.Kind.SAML if asked == Provider.Kind.SAML else Provider.Kind.OIDC
    row = Provider(kind=kind)
    form = server_form(row, request.POST or None, request.FILES or None)
    missing = kind == Provider.Kind.SAML and not saml.available()
    if form.is_valid() and not missing:
        if Provider.objects.count() >= MOST:
            form.add_error(None, _("There are {count} already.").format(count=MOST))
        else:
            form.keep()
            notes.success(request, _("It answers. Now give it our addresses, then try it."))
            return redirect("provider", row.outside_id)
    facts = {"form": form, "kind": kind, "missing": missing}
    return render(request, "providers/new_provider.html", facts)


@owners_only
def page(request: HttpRequest, provider: str) -> HttpResponse:
    """How it is used. Posting: change that, try it, forget a link, delete it."""
    row = named(Provider, "provider", provider)
    if request.method != "POST":
        return _page(request, row)
    if "try" in request.POST:
        request.session[TRY] = row.outside_id
        return going(request, [row])
    if "forget" in request.POST:
        return _forget(request, row)
    if "typed" in request.POST:
        return _delete(request, row)
    return _use(request, row)


def _use(request: HttpRequest, row: Provider) -> HttpResponse:
    with transaction.atomic():
        pen = _locked(request)
        row = named(Provider, "provider", row.outside_id)  # as it is now that nobody else changes it
        form = UseForm(request.POST, instance=row)
        kept = form.is_valid()
        if kept:
            form.save()
            note(pen, Provider.objects.all())
    if not kept:
        return _page(request, Provider.objects.get(pk=row.pk), form=form)
    if not row.on:
        _end(row.outside_id, _people(row))
    notes.success(request, _("Saved. It counts from the next sign-in on."))
    return redirect("provider", row.outside_id)


def _locked(request: HttpRequest) -> Pen:
    """The PEN, for this transaction alone: sign-ins that end now wait, and so do others who change providers."""
    return Pen.objects.select_for_update(no_key=True).get(pk=presence(request).pen.pk)


def _people(row: Provider) -> list[Account]:
    return [one.account for one in Identity.objects.filter(provider=row).select_related("account")]


def _end(provider: str, people: list[Account]) -> None:
    """Whoever came in by it is signed out. After the change is committed: whoever comes later finds it switched off."""
    for one in people:
        end_all(one, provider=provider)


def _forget(request: HttpRequest, row: Provider) -> HttpResponse:
    with transaction.atomic():
        _locked(request)
        one = named(Identity, "identity", request.POST["forget"])
        if one.provider_id != row.pk:
            raise Http404("of another provider")
        one.delete()
    _end(row.outside_id, [one.account])
    said = _("{address} is no longer tied to that person there. Who comes next with it is.")
    notes.success(request, said.format(address=one.account.email))
    return redirect("provider", row.outside_id)


def _delete(request: HttpRequest, row: Provider) -> HttpResponse:
    form = DeleteByName(row.name, request.POST)
    if not form.is_valid():
        return _page(request, row, deleting=form)
    provider = row.outside_id
    with transaction.atomic():
        pen = _locked(request)
        people = _people(row)
        row.delete()
        note(pen, Provider.objects.all())
    _end(provider, people)
    notes.success(
        request, _("“{name}” is deleted. Its people sign in by a code or password.").format(name=row.name)
    )
    return redirect("providers")


def _page(
    request: HttpRequest, row: Provider, *, form: UseForm | None = None, deleting: DeleteByName | None = None
) -> HttpResponse:
    people = Identity.objects.filter(provider=row).select_related("account")
    facts = {
        "provider": row,
        "ours": places(request, row),
        "form": form or UseForm(instance=row),
        "deleting": deleting or DeleteByName(row.name),
        "proven": is_proven(presence(request).pen),
        "tried": trying.tried(row),
        "refusals": trying.refusals(row),
        "people": list(people[:SHOWN]),
        "many": people.count(),
    }
    return render(request, "providers/provider.html", facts)


@owners_only
def server(request: HttpRequest, provider: str) -> HttpResponse:
    """Where it is; kept when it answers."""
    row = named(Provider, "provider", provider)
    form: ServerForm = server_form(row, request.POST or None, request.FILES or None)
    if form.is_valid():
        form.keep()
        notes.success(request, _("It answers. Try it."))
        return redirect("provider", provider)
    return render(request, "providers/server.html", {"provider": row, "form": form})


@owners_only
def claims(request: HttpRequest, provider: str) -> HttpResponse:
    """What becomes of what it says of whoever signs in."""
    row = named(Provider, "provider", provider)
    form = ClaimsForm(request.POST or None, rules=rules_of(row.rules))
    if request.method == "POST" and form.is_valid():
        rules = _as_json(form.rules)
        if rules != _as_json(rules_of(row.rules)):
            row.rules, row.tried_at = rules, None  # nobody has tried it by these
            row.save(update_fields=["rules", "tried_at"])
        notes.success(request, _("Saved. It counts from the next sign-in on."))
        return redirect("provider", provider)
    return render(
        request, "providers/claims.html", {"provider": row, "form": form, "tried": trying.tried(row)}
    )


def _as_json(found: tuple[Rule, ...]) -> list[Any]:
    made: list[Any] = msgspec.to_builtins(found)
    return [{k: list(v) if isinstance(v, tuple) else v for k, v in one.items()} for one in made]


@owners_only
def codes(request: HttpRequest) -> HttpResponse:
    """One's own emergency codes: made anew, and shown this once."""
    account = presence(request).account
    made = emergency.make(account) if request.method == "POST" else []
    return render(request, "providers/codes.html", {"codes": made, "left": emergency.left(account)})
