"""The link in an alert: whoever holds it says, without signing in, what that address is told. One press is enough
(RFC 8058): mail programs post here by themselves, and carry no cookie."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.csrf import csrf_exempt

from stationer.portal.alerts import sentences, signed, wanting
from stationer.portal.alerts.models import AlertPreference, AlertRule
from stationer.portal.alerts.views.own import hows
from stationer.portal.audit.actor import Actor, acting
from stationer.portal.content.sentence import plain
from stationer.portal.people.models import Pen
from stationer.portal.people.scope import pen_scope

#: What may be chosen here; certain campaigns are chosen on one's own page.
CHOICES = ("all", "digest", "none")


@csrf_exempt
def page(request: HttpRequest, token: str) -> HttpResponse:
    """GET shows and changes nothing; POST `List-Unsubscribe=One-Click`, or `off`, switches off what the mail was of;
    POST `how` says it for everything."""
    bearer = signed.read(token)
    pen = Pen.objects.filter(pk=bearer.pen).first() if bearer else None
    if bearer is None or pen is None:
        raise Http404("not signed here")
    with pen_scope(pen), acting(Actor(who=bearer.address, address=bearer.address, path="/alerts/by-link/")):
        wish = wanting.preference(bearer.address)
        done = request.method == "POST" and _change(request, wish, bearer)
        return _shown(request, pen, wish, bearer, done)


def _change(request: HttpRequest, wish: AlertPreference, bearer: signed.Bearer) -> bool:
    how = request.POST.get("how", "")
    if how in CHOICES:
        wish.how = how
        if how != AlertPreference.How.NONE:
            wish.muted = []
    elif "off" in request.POST or request.POST.get("List-Unsubscribe") == "One-Click":
        if bearer.rule:
            wish.muted = list(dict.fromkeys([*wish.muted, bearer.rule]))
        else:  # the rule is gone, and what it was is not known: nothing more is told
            wish.how = AlertPreference.How.NONE
    else:
        return False
    wish.save()
    return True


def _shown(
    request: HttpRequest, pen: Pen, wish: AlertPreference, bearer: signed.Bearer, done: bool
) -> HttpResponse:
    terms = wanting.terms()
    with translation.override(
        wanting.language_of(wish, terms) if wish.language else translation.get_language()
    ):
        rule = _rule(bearer)
        facts = {
            "pen": pen,
            "address": bearer.address,
            "done": done,
            "hows": [(value, said, value == wish.how) for value, said in hows(terms) if value in CHOICES],
            "off": bearer.rule in wish.muted or wish.how == AlertPreference.How.NONE,
            "rule": plain(sentences.sentence(rule, sentences.names_of([rule]), terms)) if rule else "",
            "digest": bearer.rule == wanting.DIGEST,
        }
        return render(request, "alerts/by_link.html", facts)


def _rule(bearer: signed.Bearer) -> AlertRule | None:
    return next((one for one in AlertRule.objects.all() if one.outside_id == bearer.rule), None)
