"""Signing in by a company's own sign-in: the address, the way there, and the way back (contract/sign-in.md §3–§6)."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial, wraps
from typing import Any, cast
from urllib.parse import urlencode

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from django import forms
from django.contrib.auth import logout
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from stationer.portal.access.bound import BOUND, bound_pen
from stationer.portal.access.models import Account, Membership
from stationer.portal.access.signing_up import COMPANY
from stationer.portal.people.scope import outside_scope, pen_scope
from stationer.portal.people.valid import normal_address
from stationer.portal.providers import oidc, saml, trying
from stationer.portal.providers.forced import HINT, is_here, leading
from stationer.portal.providers.models import Provider
from stationer.portal.providers.told import Refused, Said
from stationer.portal.providers.whom import come_in
from stationer.portal.site.leading import ours
from stationer.watch.log import Voice
from stationer.wire import ids

#: In a session: sign-ins that were begun, by state or request id; which provider an owner tries; which providers a page
#: of ours sends this browser to, each once.
BEGUN, TRY, WAYS = "sign_in_begun", "sign_in_try", "sign_in_ways"
MOST_WAYS = 20
MOST_BEGUN, BEGUN_S, KEPT_S = 5, 600, 120
#: An answer, or what is done once the PEN's scope is left: whoever signs in belongs to no PEN yet.
Then = HttpResponse | Callable[[], HttpResponse]
View = Callable[..., Then]
say = Voice("providers")


class AddressForm(forms.Form):
    """The address at which the company knows somebody."""

    address = forms.CharField(
        label=gettext_lazy("Your address there"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "username"}),
    )

    def clean_address(self) -> str:
        return normal_address(str(self.cleaned_data["address"]))


@never_cache
def company(request: HttpRequest) -> HttpResponse:
    """An address, and where its domain leads. Nothing is asked about the address itself."""
    hint = str(request.session.pop(HINT, "")) if request.method == "GET" else ""
    after = ours(request, request.GET.get("next", "") or request.POST.get("next", ""))
    form = AddressForm(request.POST or ({"address": hint} if hint else None))
    if form.is_bound and form.is_valid():
        address = form.cleaned_data["address"]
        found = leading(request, address)
        if found:
            request.session[HINT] = address
            return going(request, found, after, must=bool(hint))
        said = _("There is no sign-in of a company for {domain} here. Use a code or your password.")
        form.add_error("address", ValidationError(said.format(domain=address.rpartition("@")[2])))
    return render(request, "providers/company.html", {"form": form, "after": after})


def going(request: HttpRequest, rows: list[Provider], after: str = "", *, must: bool = False) -> HttpResponse:
    """On the way: the page goes on by itself where there is one way. A form may not lead elsewhere (form-action)."""
    ways = [(row.name, _way(row, after)) for row in rows]
    kept = [*request.session.get(WAYS, []), *(row.outside_id for row in rows)]
    request.session[WAYS] = kept[-MOST_WAYS:]
    return render(request, "providers/going.html", {"ways": ways, "must": must})


def _way(row: Provider, after: str) -> str:
    query = f"?{urlencode({'next': after})}" if after else ""
    return reverse("sign-in-begin", args=[row.outside_id]) + query


def _sent(request: HttpRequest, row: Provider) -> bool:
    """Whether a page of ours sent this browser here: a link of anybody else signs nobody in as somebody else.
    Sec-Fetch-Site would not do: our own sign-in form leads to whatever address stood in `next`."""
    ways = request.session.get(WAYS, [])
    if row.outside_id not in ways:
        return False
    request.session[WAYS] = [one for one in ways if one != row.outside_id]
    return True


def _at_provider(view: View) -> Callable[..., HttpResponse]:
    """The provider in the address, in its PEN's scope; whatever is refused becomes a page that says why."""

    @wraps(view)
    def found(request: HttpRequest, provider: str) -> HttpResponse:
        row = _row(provider)
        if row is None or not is_here(request, row):
            return refused(request, None, Refused("gone"))
        with pen_scope(row.pen_id):
            try:
                then = view(request, row)
            except Refused as error:
                return refused(request, row, error)
        return then if isinstance(then, HttpResponse) else then()

    return found


def _row(provider: str) -> Provider | None:
    try:
        key = ids.inside("provider", provider)
    except ValueError:
        return None
    with outside_scope(reason="which company's own sign-in this is"):
        return Provider.objects.select_related("pen__partner").filter(pk=key).first()


def refused(request: HttpRequest, row: Provider | None, error: Refused) -> HttpResponse:
    """Why nobody was let in, and what to do. What exactly was wrong stands in the log and with the owner."""
    say.warning("sign-in-refused", provider=row.outside_id if row else "", reason=error.code)
    if row is not None:
        trying.keep_refusal(row, error)
    happened, following = error.sentences()
    facts = {"happened": happened, "following": following, "again": row is not None and row.on}
    return render(request, "providers/refused.html", facts, status=404 if error.code == "gone" else 403)


def places(request: HttpRequest, row: Provider) -> dict[str, str]:
    """Our addresses for this provider, at the host that was asked for."""
    made = {
        "back": "sign-in-back", "acs": "sign-in-acs", "metadata": "sign-in-metadata",
    }  # fmt: skip
    return {
        name: request.build_absolute_uri(reverse(view, args=[row.outside_id])) for name, view in made.items()
    }


@require_http_methods(["GET", "POST"])
@never_cache
@_at_provider
def begin(request: HttpRequest, row: Provider) -> HttpResponse:
    """To the provider, with what only this browser can bring back; from a page of ours alone. Whoever was led here by
    another is asked first, and goes on by a press (contract/sign-in.md §6)."""
    tries = request.session.get(TRY, "") == row.outside_id
    if not (row.on or tries):
        raise Refused("gone")
    after = ours(request, request.GET.get("next", ""))
    if request.method == "POST":
        return going(request, [row], after)
    if not _sent(request, row):
        facts = {"name": row.name, "company": row.pen.name, "url": _way(row, after)}
        return render(request, "providers/led_here.html", facts)
    return _begun(request, row, after, tries=tries)


def _begun(request: HttpRequest, row: Provider, after: str, *, tries: bool) -> HttpResponse:
    request.session.pop(TRY, "")
    trying.look_again(row)
    hint, names = str(request.session.pop(HINT, "")), places(request, row)
    if row.kind == Provider.Kind.OIDC:
        url, kept = oidc.begin(row, names["back"], hint)
    else:
        url, kept = saml.begin(row, names)
    kept |= {"provider": row.outside_id, "at": int(time.time()), "next": after, "tries": tries}
    begun = [one for one in request.session.get(BEGUN, []) if one["at"] + BEGUN_S > time.time()]
    request.session[BEGUN] = [*begun[1 - MOST_BEGUN :], kept]
    return redirect(url)


def _taken(request: HttpRequest, row: Provider, key: str) -> dict[str, Any]:
    """What this browser began and now comes back with; it counts once. Raises Refused `state`."""
    begun = request.session.get(BEGUN, [])
    kept = next(
        (one for one in begun if key and one["id"] == key and one["provider"] == row.outside_id), None
    )
    request.session[BEGUN] = [one for one in begun if one is not kept]
    if kept is None or kept["at"] + BEGUN_S < time.time():
        raise Refused("state" if row.on else "gone")
    return cast("dict[str, Any]", kept)


@require_GET
@never_cache
@_at_provider
def back(request: HttpRequest, row: Provider) -> Then:
    """OpenID Connect: with a code."""
    if row.kind != Provider.Kind.OIDC:
        raise Refused("gone")
    kept = _taken(request, row, request.GET.get("state", ""))
    return _enter(request, row, kept, oidc.finish(row, kept, request.GET.dict()))


@csrf_exempt
@require_POST
@never_cache
@_at_provider
def acs(request: HttpRequest, row: Provider) -> HttpResponse:
    """SAML: the provider's page posts the response. The browser sends no cookie of ours along (SameSite), so what was
    verified waits two minutes under a name that only it learns; `done` asks its session for the request."""
    if row.kind != Provider.Kind.SAML:
        raise Refused("gone")
    answers, said = saml.read(row, places(request, row), request.POST.get("SAMLResponse", ""))
    name = get_random_string(43)
    values = {key: list(texts) for key, texts in said.values.items()}
    cache.set(
        f"saml-said:{name}", (row.outside_id, answers, said.subject, values, sorted(said.proofs)), KEPT_S
    )
    return redirect(f"{reverse('sign-in-done', args=[row.outside_id])}?{urlencode({'answer': name})}")


@require_GET
@never_cache
@_at_provider
def done(request: HttpRequest, row: Provider) -> Then:
    """SAML: the same browser, with its session again."""
    name = f"saml-said:{request.GET.get('answer', '')[:64]}"
    waiting = cache.get(name)
    cache.delete(name)
    if waiting is None or waiting[0] != row.outside_id:
        raise Refused("state" if row.on else "gone")
    _provider, answers, subject, values, proofs = waiting
    kept = _taken(request, row, answers)
    said = Said(issuer=row.issuer, subject=subject, values=values, proofs=frozenset(proofs))
    return _enter(request, row, kept, said)


@require_GET
@_at_provider
def metadata(request: HttpRequest, row: Provider) -> HttpResponse:
    """Our SAML metadata for the provider's administrators."""
    if row.kind != Provider.Kind.SAML:
        raise Refused("gone")
    return HttpResponse(saml.metadata(row, places(request, row)), content_type="application/samlmetadata+xml")


def _enter(request: HttpRequest, row: Provider, kept: dict[str, Any], said: Said) -> Then:
    """Signed in, in this PEN alone; or, where an owner tries it, what came back."""
    if kept["tries"]:
        if not is_owner(request, row):
            raise Refused("state")
        trying.keep(row, said)
        return redirect("provider", row.outside_id)
    account = come_in(row, said, request.path)
    if request.user.is_authenticated:
        logout(request)
    strong = row.factor == Provider.Factor.THEIRS and bool(said.proofs & set(row.proofs))
    bound = {"pen": row.pen.outside_id, "provider": row.outside_id, "hint": said.hint}
    return partial(let_in, request, account, bound, kept["next"], strong=strong)


def is_owner(request: HttpRequest, row: Provider) -> bool:
    """Whether whoever is signed in owns the provider's PEN, in a session that is good there."""
    if not request.user.is_authenticated or bound_pen(request) not in ("", row.pen.outside_id):
        return False
    return Membership.objects.filter(account=request.user, role=Membership.Role.OWNER).exists()


def let_in(
    request: HttpRequest, account: Account, bound: dict[str, str], after: str = "", *, strong: bool = False
) -> HttpResponse:
    """A session bound to a PEN (access.bound). allauth asks for the second factor, unless the provider's own counts."""
    kwargs: dict[str, Any] = {
        "redirect_url": after or None,
        "signal_kwargs": {BOUND: bound},
        "email": account.email,
    }
    request.session.pop(COMPANY, None)  # no company is founded by somebody else's word
    provider = bound["provider"]
    record_authentication(request, account, "provider", provider=provider)
    login = Login(user=account, **kwargs)
    if not strong:
        return cast(HttpResponse, perform_login(request, login))
    record_authentication(request, account, "mfa", type="provider", id=provider)
    adapter, said = get_adapter(request), {"signup": False, "email_verification": login.email_verification}
    stop = adapter.pre_login(request, account, **kwargs, **said)
    if stop is not None:
        return cast(HttpResponse, stop)
    adapter.login(request, account)
    return cast(HttpResponse, adapter.post_login(request, account, **kwargs, **said))
