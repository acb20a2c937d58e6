"""What an owner sees of a provider: what came back when they tried it, and who was refused lately.

Kept in the cache, for an hour and a week: it tells of people, and is nothing to rely on.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.utils import timezone

from stationer.portal.providers import oidc, saml
from stationer.portal.providers.claims import becomes, in_words
from stationer.portal.providers.fetching import ask
from stationer.portal.providers.models import Provider
from stationer.portal.providers.told import Refused, Said
from stationer.portal.providers.whom import domains_of
from stationer.watch.log import Voice

TRIED_S, REFUSALS_S, MOST_REFUSALS = 3600, 7 * 24 * 3600, 10
#: What a provider says of itself is asked for again after so long, in seconds.
AGAIN_S = 24 * 3600
#: After a look that brought nothing, and while one is under way, nobody who signs in waits for another, in seconds.
PAUSE_S = 600
#: Claims that are about the token, and tell nothing of a person.
OF_THE_TOKEN = {"nonce", "at_hash", "iat", "exp", "nbf", "aud", "azp", "iss", "jti", "auth_time"}
say = Voice("providers")


def found_at(kind: str, issuer: str, document: str, text: str) -> dict[str, Any]:
    """What a provider says of itself, as a row keeps it. `document`: where its SAML metadata is, if not `text`.
    Raises Refused."""
    inside = bool(settings.PORTAL.providers_inside)
    if kind == Provider.Kind.OIDC:
        found = oidc.discover(issuer, inside=inside)
    else:
        saml.needed()
        if document:
            answer = ask(document)
            if answer.status_code != 200:
                raise Refused("unreachable", f"{document} answered {answer.status_code}")
            found = saml.read_metadata(answer.content, inside=inside) | {"document": document}
        else:
            found = saml.read_metadata(text.encode(), inside=inside)
    return found | {"looked_at": int(time.time())}


def look_again(row: Provider) -> None:
    """Once a day: new keys and addresses of the same issuer. What cannot be had now changes nothing."""
    document = str(row.found.get("document", ""))
    if row.found.get("looked_at", 0) + AGAIN_S > time.time() or (
        row.kind == Provider.Kind.SAML and not document
    ):
        return
    looked = f"provider-looked:{row.pk.hex}"
    if not cache.add(looked, True, PAUSE_S):
        return
    try:
        found = found_at(row.kind, row.issuer, document, "")
    except Refused as error:
        say.warning("provider-not-read", provider=row.outside_id, reason=error.detail)
        return
    if found["issuer"] == row.issuer:
        _keep_found(row, found)
        cache.delete(looked)


def _keep_found(row: Provider, found: dict[str, Any]) -> None:
    """Only where that is still what was looked at: an owner may have given it another server meanwhile."""
    same: dict[str, Any] = {"issuer": row.issuer}
    if "looked_at" in row.found:
        same["found__looked_at"] = row.found["looked_at"]
    row.found = found
    Provider.objects.filter(pk=row.pk, **same).update(found=found)


def keep(row: Provider, said: Said) -> None:
    """An owner came back from trying it."""
    found = becomes(row, said)
    vouched = row.kind == Provider.Kind.SAML and row.vouched
    tried = {
        "subject": said.subject,
        "address": found.address,
        "verified": bool(found.address) and (vouched or said.verified == found.address),
        "within": found.address.rpartition("@")[2] in domains_of(row),
        "details": in_words(found),
        "wrong": found.wrong,
        "proofs": sorted(said.proofs),
        "values_said": [
            (name, ", ".join(texts)[:200])
            for name, texts in sorted(said.values.items())
            if name not in OF_THE_TOKEN
        ][:60],
    }
    cache.set(f"provider-tried:{row.pk.hex}", tried, TRIED_S)
    good = tried["verified"] and tried["within"]
    Provider.objects.filter(pk=row.pk).update(tried_at=timezone.now() if good else None)


def tried(row: Provider) -> Mapping[str, Any] | None:
    """What came back, within the last hour."""
    found: Mapping[str, Any] | None = cache.get(f"provider-tried:{row.pk.hex}")
    return found


def keep_refusal(row: Provider, error: Refused) -> None:
    """Somebody was refused. Whoever asks often pushes out what stands there, and nothing else."""
    name = f"provider-refusals:{row.pk.hex}"
    one = {"at": timezone.now(), "said": error.sentences()[0], "detail": error.detail}
    cache.set(name, [one, *cache.get(name, [])][:MOST_REFUSALS], REFUSALS_S)


def refusals(row: Provider) -> list[dict[str, Any]]:
    """The last of them, newest first."""
    return list(cache.get(f"provider-refusals:{row.pk.hex}", []))
