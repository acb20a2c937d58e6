"""The wall between PENs, tried at every address: a stranger learns nothing of ACME and changes nothing in it."""

from __future__ import annotations

import json
from datetime import date
from hashlib import sha256

import pytest
from django.apps import apps
from django.test import Client
from django.urls import URLResolver, get_resolver, reverse
from django.utils import timezone

from stationer.portal.access import devices
from stationer.portal.access.accounts import give_access
from stationer.portal.access.models import Role
from stationer.portal.alerts.models import AlertRule
from stationer.portal.company.looking import look
from stationer.portal.company.writing import as_it_is
from stationer.portal.content.binning import discard
from stationer.portal.content.models import Campaign, Message, Template
from stationer.portal.content.pictures import keep_picture
from stationer.portal.directories.models import Directory, PushedGroup, PushedPerson, PushedPlace
from stationer.portal.directories.scim.beginning import begin
from stationer.portal.hooks import events
from stationer.portal.hooks.models import Hook
from stationer.portal.notices import keys as notice_keys
from stationer.portal.notices.models import WordingVersion
from stationer.portal.partners import counting
from stationer.portal.partners.models import Enquiry
from stationer.portal.people import delegates, discarding
from stationer.portal.people.importing.arriving import take
from stationer.portal.people.members import add_member
from stationer.portal.people.models import AddressList, Attribute, Group, Package, Partner, Pen, Proposal
from stationer.portal.people.owned import PenOwned, new_id
from stationer.portal.people.scope import pen_scope
from stationer.portal.providers.models import Provider
from stationer.portal.publishing.publish import publish
from stationer.portal.reading import gateway
from stationer.portal.reading.models import Gateway
from stationer.portal.reputation.models import SendingDomain
from stationer.portal.statistics.models import Addressee, Hit, Link, Mail
from stationer.portal.statistics.rolled import DayFigure, HourFigure
from stationer.portal.surveys.models import Question, Vote
from stationer.portal.vault import keeping
from stationer.portal.visits.models import Handed, View, Website
from stationer.wire import ids
from tests.portal.pictures import png
from tests.portal.policy import POLICY, Needs

pytestmark = pytest.mark.django_db

CANARY = "xyzzycanary"
METHODS = {"api": ("GET", "POST", "PUT", "PATCH", "DELETE"), "page": ("GET", "POST")}
#: What a foreign id may be answered with: asked to sign in, unknown, no such thing, not that method, not understood.
CLOSED = {302, 400, 401, 403, 404, 405, 422}


def routes(resolver=None, space="", parameters=()):
    """Every route once: its name with its namespace, and the names of its parameters."""
    for entry in (resolver or get_resolver()).url_patterns:
        named = (*parameters, *entry.pattern.regex.groupindex)
        if isinstance(entry, URLResolver):
            inner = f"{space}{entry.namespace}:" if entry.namespace else space
            yield from routes(entry, inner, named)
        else:
            yield f"{space}{entry.name}", named


ROUTES = dict(routes())


def test_every_route_has_a_policy_and_every_policy_a_route():
    assert set(ROUTES) == set(POLICY)


def furnish(pen, address):
    """One of everything in a PEN, each with the canary in it; the parameters that lead to them."""
    with pen_scope(pen):
        group = Group.objects.create(name=f"{CANARY} group")
        package = Package.objects.create(name=f"{CANARY} package", disclaimer=CANARY)
        member = add_member(address, attributes={"name": f"{CANARY} person"}, groups=[group])
        device, token = devices.enrol(member, f"{CANARY} device")
        program, key = devices.make_api_key(f"{CANARY} key")
        source = {"shape": "note", "values": {"words": CANARY}}
        template = Template.objects.create(
            name=f"{CANARY} template", fallback=True,
            parts={"new": {"footer": {"shape": "disclaimer", "values": {"words": CANARY}}}},
        )  # fmt: skip
        campaign = Campaign.objects.create(name=f"{CANARY} campaign", state="live")
        message = Message.objects.create(campaign=campaign, name=f"{CANARY} message", source=source)
        role = Role.objects.create(name=f"{CANARY} role", rights=["see-content"])
        addresses = AddressList.objects.create(name=f"{CANARY} list", addresses=[f"{CANARY}@example.org"])
        picture = keep_picture(png(), name=f"{CANARY} picture")
        publication = publish(pen, None, f"{CANARY} publication")
        thrown = Campaign.objects.create(name=f"{CANARY} thrown away")
        Message.objects.create(campaign=thrown, name=CANARY, source=source)
        binned = discard(thrown, None)
        gone = discarding.discard(AddressList.objects.create(name=f"{CANARY} gone"), None)
        Attribute.objects.create(name=f"of_{pen.name.lower()}", label=f"{CANARY} detail")
        proposal = Proposal.objects.create(member=member, values={CANARY: CANARY})
        notice_keys.in_force()
        wording = WordingVersion.objects.create(number=sum(map(ord, pen.name)), said={"address": CANARY})
        delegates.let(member, add_member(f"reads-{address}").address)
        gateway.exchange(door := Gateway(url=f"https://{CANARY}.example/"))
        door.save()
        mail = Mail.objects.create(pick=new_id(), at=timezone.now(), people=1)
        addressee = Addressee.objects.create(mail=mail, address=f"{CANARY}@example.org")
        hit = Hit.objects.create(
            mail=mail,
            pick=mail.pick,
            at=mail.at,
            target=f"https://example.org/{CANARY}",
            method="GET",
            human=True,
            score=90,
            judged_at=mail.at,
        )
        made = Link.objects.create(
            code=new_id().hex[:24],
            name=f"{CANARY} link",
            target=f"https://example.org/{CANARY}",
            owner=member,
        )
        rule = AlertRule.objects.create(whom="address", address=f"{CANARY}@example.net")
        hook = Hook.objects.create(name=f"{CANARY} hook", url=f"https://{CANARY}.example/", events=["alert"])
        sent = events.example(hook)
        Website.objects.create(on=True, hosts=[f"{CANARY}.example"])
        Handed.objects.create(visit="0" * 24, hit=hit.pk, at=mail.at)
        View.objects.create(
            visit="0" * 24, view="0" * 16, at=mail.at, host=f"{CANARY}.example", path=f"/{CANARY}"
        )
        Question.objects.create(
            content="0" * 12,
            campaign=campaign.pk,
            of=message.pk,
            scale="nps",
            question=CANARY,
            asked_at=mail.at,
        )
        vote = Vote.objects.create(
            pick=mail.pick, content="0" * 12, campaign=campaign.pk, of=message.pk, scale="nps", value=9,
            sent_at=mail.at, at=mail.at, comment=CANARY,
        )  # fmt: skip
        for domain in (CANARY, "written"):  # an address that somebody wrote stands in the answer to it
            of = f"{domain}.{pen.name.lower()}"
            DayFigure.objects.create(day=date.today(), kind="domain", key=of, mails=1)
        SendingDomain.objects.create(name=f"written.{pen.name.lower()}", selector=CANARY)
        HourFigure.objects.create(at=timezone.now(), mails=1)
        directory = Directory.objects.create(
            name=f"{CANARY} directory",
            host=f"{CANARY}.invalid",
            base=CANARY,
            people_filter="(mail=*)",
            rules=[{"to": "address", "take": [CANARY]}],
        )
        company_file = look(as_it_is(), name=f"{CANARY} company", absent="keep")
        pushed = PushedPerson.objects.create(
            directory=directory, key=CANARY, said={"schemas": [], "userName": CANARY}
        )
        team = PushedGroup.objects.create(directory=directory, key=CANARY, said={"displayName": CANARY})
        PushedPlace.objects.create(group=team, person=pushed)
        provider = Provider.objects.create(
            name=f"{CANARY} sign-in",
            issuer=f"https://{CANARY}.example",
            rules=[{"to": "address", "take": [CANARY]}],
        )
        sealed = kept(address, program)
        arrived = take([f"email,name\n{CANARY}@example.org,{CANARY}\n".encode()], name=f"{CANARY} file")
    partner = Partner.objects.create(name=f"Reseller of {pen.name}")
    slug = f"door-of-{pen.name.lower()}"
    Pen.objects.filter(pk=pen.pk).update(partner=partner, slug=slug)
    counting.adopt()
    enquiry = Enquiry.objects.create(
        name=CANARY, company=CANARY, address=f"{CANARY}@example.org", words=CANARY
    )
    found = {
        "partner": partner.outside_id, "company": pen.outside_id, "slug": slug, "month": "2026-01", "enquiry": enquiry.outside_id,
        "group_id": group.outside_id, "group": group.outside_id, "package_id": package.outside_id,
        "member_id": member.outside_id, "member": member.outside_id,
        "device_id": device.outside_id, "device": device.outside_id,
        "template_id": template.outside_id, "template": template.outside_id, "part": "disclaimer",
        "campaign_id": campaign.outside_id, "campaign": campaign.outside_id,
        "message_id": message.outside_id, "message": message.outside_id,
        "picture_id": picture.outside_id, "picture": picture.outside_id, "name": addresses.name, "row": str(addresses.pk),
        "file": arrived.outside_id, "import_id": arrived.outside_id, "change": proposal.outside_id, "package": package.outside_id,
        "visitor": ids.outside("addressee", addressee.pk), "hit_id": ids.outside("hit", hit.pk), "link": made.outside_id, "link_id": made.outside_id,
        "pen": pen.outside_id,
        "attribute": f"of_{pen.name.lower()}", "rule": rule.outside_id, "rule_id": rule.outside_id,
        "hook": hook.outside_id, "hook_id": hook.outside_id, "delivery": sent.outside_id, "delivery_id": sent.outside_id,
        "domain": f"written.{pen.name.lower()}", "sort": "domains", "what": "days",
        "digest": "0" * 40, "extension": "png", "client_id": "stationer-agent", "user_code": "ABCDEFGH",
        "publication": publication.outside_id, "binned": binned.outside_id, "gone_row": gone.outside_id, "view": "new", "pk": 1, "role": role.outside_id, "kind": "csv", "starter": "invitation", "token": "no-such-token",
        "of": message.outside_id, "scale": "nps", "content": "0" * 12, "vote_id": vote.outside_id,
        "directory": directory.outside_id, "resource": f"Users/{pushed.pk}", "provider": provider.outside_id,
        "arrival": company_file.outside_id, "arrival_id": company_file.outside_id,
        "detail": f"of_{pen.name.lower()}", "proposal_id": proposal.outside_id, "publication_id": publication.outside_id, "binned_id": binned.outside_id,
        "secure_id": sealed.outside_id, "number": 0, "path": "1", "wording": wording.number,
        "locator": "a" * 26, "edge": "edge", "segment": f"edge-{'a' * 26}-c1.jnl",
    }  # fmt: skip
    return found, token, key


def kept(author, program):
    """A secure message that this program sent."""
    mail = f"From: {author}\nTo: {CANARY}@example.org\nSubject: {CANARY}\n\n{CANARY}\n".encode()
    row = keeping.begin(
        author=author, recipients=[f"{CANARY}@example.org"], size=len(mail), sha256=sha256(mail).hexdigest(),
        device=program.pk,
    )  # fmt: skip
    keeping.take(row, 0, [mail])
    return keeping.complete(row)


#: Parameters that name a row of a PEN.
OF_A_PEN = {
    "group_id", "group", "package_id", "member_id", "member", "device_id", "device", "template_id", "template",
    "campaign_id", "campaign", "message_id", "message", "picture_id", "picture", "name", "row", "role", "file", "import_id", "change", "package",
    "attribute", "publication", "binned", "gone_row", "visitor", "hit_id", "link", "link_id",
    "secure_id", "rule", "rule_id", "hook", "hook_id", "delivery", "delivery_id", "domain", "of", "vote_id", "resource",
    "arrival", "arrival_id", "detail", "proposal_id", "publication_id", "binned_id", "provider", "wording",
}  # fmt: skip


def never(parameters):
    """The same parameters, leading to rows that never were."""
    words = dict(parameters)
    for name in OF_A_PEN & words.keys():
        text = str(words[name])
        prefix, _, body = text.partition("_")
        if len(body) == 26:
            kind = next(kind for kind, short in ids.PREFIXES.items() if short == prefix)
            words[name] = ids.outside(kind, ids.inside(kind, text).__class__(int=1))
        else:
            absent = {
                "row": "00000000-0000-0000-0000-000000000001",
                "attribute": "never_was",
                "wording": "999999",
                "detail": "never_was",
                "domain": "never.example",
                "resource": "Users/00000000-0000-0000-0000-000000000001",
            }
            words[name] = absent.get(name, "no such list")
    return words


def rows_of(pen):
    """Everything a PEN holds, but when a device was last seen."""
    with pen_scope(pen):
        return {
            model.__name__: sorted(
                repr({k: v for k, v in row.items() if k not in ("last_seen_at", "token_used_at")})
                for row in model.objects.values()
            )
            for model in apps.get_models()
            if issubclass(model, PenOwned)
        }


class Stranger:
    """Somebody with no right in ACME."""

    def __init__(self, account=None, token=None):
        self.client = Client(raise_request_exception=True)
        if account is not None:
            self.client.force_login(account)
        self.headers = {"authorization": f"Bearer {token}"} if token else {}

    def ask(self, method, address):
        body = {
            "name": "Taken",
            "address": "t@example.net",
            "addresses": [],
            "state": "paused",
            "action": "accept",
        }
        if address.startswith(("/api/", "/scim/")):
            data, kind = json.dumps(body), "application/json"
        else:
            data, kind = (
                "&".join(f"{k}={v}" for k, v in body.items() if v),
                "application/x-www-form-urlencoded",
            )
        return self.client.generic(
            method, address, "" if method == "GET" else data, kind, headers=self.headers
        )


def said(answer):
    """The whole answer as text."""
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return f"{answer.headers}{content.decode('utf-8', 'replace')}"


@pytest.fixture
def acme_rows(acme, alice):
    return furnish(acme, "target@acme.example")


def strangers(other, oscar):
    _, token, key = furnish(other, "stranger@other.example")
    with pen_scope(other):
        revoked, dead = devices.make_api_key("revoked")
        devices.revoke(revoked)
        _, speaking = begin("Theirs")
    return {
        "nobody": Stranger(),
        "another PEN's owner": Stranger(oscar.account),
        "another PEN's key": Stranger(token=key),
        "another PEN's device": Stranger(token=token),
        "a revoked key": Stranger(token=dead),
        "another PEN's directory": Stranger(token=speaking),
    }


@pytest.mark.timeout(600)
def test_no_stranger_learns_anything_of_acme_or_changes_anything_in_it(
    acme, other, alice, oscar, acme_rows, portal
):
    parameters, *_ = acme_rows
    everyone = strangers(other, oscar)
    clean(other)  # what they see of their own holds no canary
    before = rows_of(acme)
    for name, needs in ROUTES.items():
        if name == "account_logout":
            continue
        wanted = {key: parameters[key] for key in needs}
        absent = {key: never(parameters)[key] for key in needs}
        for who, stranger in everyone.items():
            for method in METHODS["api" if name.startswith(("api:", "scim")) else "page"]:
                answer = stranger.ask(method, reverse(name, kwargs=wanted))
                case = (name, who, method, answer.status_code)
                assert CANARY not in said(answer), case
                if OF_A_PEN & set(needs):
                    like = stranger.ask(method, reverse(name, kwargs=absent))
                    if (
                        method != "PUT"
                    ):  # a list, or a detail, is named by its PEN: another's name is free here
                        assert answer.status_code in CLOSED, case
                    assert answer.status_code == like.status_code, case
    assert rows_of(acme) == before
    # they were who they claimed to be to the end
    assert everyone["another PEN's owner"].ask("GET", "/").status_code == 200
    assert everyone["another PEN's key"].ask("GET", "/api/v1/people").status_code == 200


def clean(pen):
    """Take the canary out of this PEN's own rows: whatever is seen of it then is ACME's."""
    with pen_scope(pen):
        owned = [model for model in apps.get_models() if issubclass(model, PenOwned)]
        for model in sorted(owned, key=lambda one: one.append_only):  # what is told of this goes last
            if model.append_only:
                model.objects.all()._raw_delete(using="default")  # no product code can
                continue
            for row in model.objects.all():
                text = {
                    field.attname: json.loads(json.dumps(getattr(row, field.attname)).replace(CANARY, "own"))
                    for field in model._meta.concrete_fields
                    if field.get_internal_type() in ("CharField", "TextField", "JSONField")
                }
                model.objects.filter(pk=row.pk).update(**text)


@pytest.mark.timeout(600)
def test_a_member_reaches_no_owners_page_and_an_owner_reaches_each(acme, alice, acme_rows, portal):
    parameters, *_ = acme_rows
    with pen_scope(acme):
        bob = give_access("bob@acme.example")
    member, owner = Stranger(bob.account), Stranger(alice.account)
    before = rows_of(acme)
    owners = [name for name, who in POLICY.items() if isinstance(who, Needs) and not name.startswith("api:")]
    for name in owners:
        address = reverse(name, kwargs={key: parameters[key] for key in ROUTES[name]})
        for method in ("GET", "POST"):
            answer = member.ask(method, address)
            assert answer.status_code in (404, 405), (name, method, answer.status_code)
            assert CANARY not in said(answer)
    assert rows_of(acme) == before
    for name in owners:
        address = reverse(name, kwargs={key: parameters[key] for key in ROUTES[name]})
        assert owner.ask("GET", address).status_code in (200, 302, 405), name


@pytest.mark.timeout(600)
def test_a_key_reaches_every_route_of_the_api(acme, acme_rows, portal):
    parameters, _, key = acme_rows
    program = Stranger(token=key)
    for name, who in POLICY.items():
        if name.startswith("api:") and (who in ("device", "key") or isinstance(who, Needs)):
            address = reverse(name, kwargs={one: parameters[one] for one in ROUTES[name]})
            assert program.ask("GET", address).status_code in (200, 405), name
