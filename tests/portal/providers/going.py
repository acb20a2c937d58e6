"""What tests of sign-in providers share: a provider of ACME, and somebody who goes there and comes back."""

from __future__ import annotations

from django.utils import timezone

from stationer.portal.access.models import ProvenDomain
from stationer.portal.people.scope import pen_scope
from stationer.portal.providers import saml
from stationer.portal.providers.claims import FIRST
from stationer.portal.providers.models import Provider
from stationer.portal.providers.sealing import seal
from stationer.portal.providers.trying import found_at
from tests.portal.providers import idp


def prove(pen, domain):
    """As if its zone had said so."""
    with pen_scope(pen):
        ProvenDomain.objects.update_or_create(domain=domain, defaults={"proven_at": timezone.now()})


def connected(pen, world, domains=("acme.example",), **said):
    """An OpenID provider of this PEN, switched on."""
    with pen_scope(pen):
        row = Provider(pen=pen, name="Ours", client_id=idp.CLIENT, rules=FIRST["oidc"], proofs=["mfa"])
        row.found = found_at("oidc", world.url, "", "")
        row.issuer = row.found["issuer"]
        row.secret = seal(row, idp.SECRET)
        row.domains, row.way = list(domains), "offered"
        for name, value in said.items():
            setattr(row, name, value)
        row.save()
    return row


def by_saml(pen, world, domains=("acme.example",), **said):
    """A SAML provider of this PEN, switched on."""
    with pen_scope(pen):
        row = Provider(
            pen=pen, kind="saml", name="Ours", rules=FIRST["saml"], vouched=True, domains=list(domains)
        )
        row.found = saml.read_metadata(world.metadata().encode(), inside=False) | {"looked_at": 0}
        row.issuer, row.way = row.found["issuer"], "offered"
        for name, value in said.items():
            setattr(row, name, value)
        row.save()
    return row


def go(client, row, query=""):
    """Begin, by a press on our page; the URL of the provider that the browser is sent to."""
    client.post(f"/sign-in/{row.outside_id}/{query}")
    answer = client.get(f"/sign-in/{row.outside_id}/{query}")
    assert answer.status_code == 302, answer.content.decode()[-600:]
    return answer["Location"]


def come_back(client, row, world, **changed):
    """Begin, sign in there, and come back."""
    return client.get(f"/sign-in/{row.outside_id}/back/", world.grant(go(client, row)) | changed)


def who(client):
    """Whose session this is, and of which PEN; nothing where nobody is signed in."""
    page = client.get("/myself/")
    if page.status_code != 200:
        return None
    here = page.wsgi_request.presence
    return here.account.email, here.pen.name
