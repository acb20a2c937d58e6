"""Every page: it is there for an owner, asks little of the database, weighs little, and keeps to the policy."""

from __future__ import annotations

import gzip
import re

import pytest
from django.contrib.staticfiles import finders
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from trials.browser.harbour import furnish

from stationer.portal.access.roll import write
from stationer.portal.alerts.models import AlertRule
from stationer.portal.content.models import Asset
from stationer.portal.hooks.models import Delivery
from stationer.portal.people.scope import pen_scope
from stationer.portal.publishing.models import Publication

pytestmark = pytest.mark.django_db

MOST_QUERIES = 20
FIRST_LOAD, LATER_LOAD = 100_000, 30_000


def addresses(harbour):
    """Every page that can be looked at with GET, by name."""
    template, campaign, message = (
        row.outside_id for row in (harbour.template, harbour.campaign, harbour.message)
    )
    with pen_scope(harbour.pen):
        picture = Asset.objects.get(name="practice").outside_id
        version = Publication.objects.latest("serial").outside_id
        rule = reverse("alert-rule", args=[AlertRule.objects.earliest("pk").outside_id])
        sent = Delivery.objects.select_related("hook").earliest("pk")
        hook = (
            reverse("hook", args=[sent.hook.outside_id]),
            reverse("hook-delivery", args=[sent.hook.outside_id, sent.outside_id]),
        )
    return {
        "home": "/",
        "pictures": reverse("pictures"),
        "picture": reverse("picture-page", args=[picture]),
        "gallery": reverse("message", args=[message]) + "?choose=1",
        "templates": reverse("templates"),
        "new-template": reverse("new-template"),
        "template": reverse("template", args=[template]),
        "template-name": reverse("template-name", args=[template]),
        "part": reverse("template-part", args=[template, "signature"]),
        "empty-part": reverse("template-part", args=[template, "letterhead"]),
        "campaigns": reverse("campaigns"),
        "new-campaign": reverse("new-campaign"),
        "campaign": reverse("campaign", args=[campaign]),
        "campaign-who": reverse("campaign", args=[campaign]) + "?edit=who",
        "campaign-to": reverse("campaign", args=[campaign]) + "?edit=to",
        "campaign-when": reverse("campaign", args=[campaign]) + "?edit=when",
        "campaign-slot": reverse("campaign", args=[campaign]) + "?edit=slot",
        **{
            f"campaign-{edit}": reverse("campaign", args=[campaign]) + f"?edit={edit}"
            for edit in ("often", "again", "click", "holdout", "turn", "utm")
        },
        "campaign-reach": reverse("campaign-reach", args=[campaign]),
        "campaigns-by-name": reverse("campaigns") + "?order=name&state=running&q=a",
        "bin": reverse("bin"),
        "house-rules": reverse("house-rules"),
        **{
            f"house-{edit}": reverse("house-rules") + f"?edit={edit}"
            for edit in (
                "most_messages",
                "slots",
                "blackout",
                "quiet_groups",
                "mixed",
                "hold_limit_ms",
                "pictures",
                "replay",
            )
        },
        "calendar": reverse("house-rules") + "?calendar=",
        "publish-reach": reverse("publish-reach"),
        "versions": reverse("versions"),
        "version": reverse("version", args=[version]),
        "try": reverse("try"),
        "tried": f"{reverse('try')}?sender=bob@harbourdental.example&to=carol@example.org&variant=new&source=drafts",
        "campaign-name": reverse("campaign-name", args=[campaign]),
        "new-message": reverse("new-message", args=[campaign]),
        "message": reverse("message", args=[message]),
        "people": reverse("people"),
        "new-member": reverse("new-member"),
        "member": reverse("member", args=[harbour.bob.member.outside_id]),
        "groups": reverse("groups"),
        "group": reverse("group", args=[harbour.group.outside_id]),
        "group-people": reverse("group-people", args=[harbour.group.outside_id]),
        "packages": reverse("packages"),
        "package": reverse("package", args=[harbour.bob.member.package.outside_id]),
        "attributes": reverse("attributes"),
        "attribute": reverse("attribute", args=["phone"]),
        "proposals": reverse("proposals"),
        "people-narrowed": reverse("people") + "?q=person&package=employees&devices=none&order=name",
        "people-by-devices": reverse("people") + "?order=devices",
        "import-people": reverse("import-people"),
        **{f"import-{n}": reverse("import", args=[one]) for n, one in enumerate(harbour.imports)},
        "lists": reverse("lists"),
        "list": reverse("list", args=[harbour.addresses.pk]),
        "devices": reverse("devices"),
        **{f"alert-rule-{edit}": rule + f"?edit={edit}" for edit in ("", "about", "whom", "pace", "least")},
        "alerts": reverse("alerts"),
        "campaign-clicks": reverse("campaign-clicks", args=[campaign]),
        "alert-terms": reverse("alerts") + "?edit=terms",
        "own-alerts": reverse("own-alerts"),
        "hooks": reverse("hooks"),
        "new-hook": reverse("new-hook"),
        **{f"hook-{n}": address for n, address in enumerate(hook)},
        "publish": reverse("publish"),
        "settings": reverse("settings"),
        "myself": reverse("myself"),
        "companies": reverse("choose-pen"),
        "enrol": reverse("oauth2_provider:device"),
        "figures": reverse("figures"),
        "campaign-figures": reverse("campaign-figures", args=[campaign]),
        "message-figures": reverse("message-figures", args=[message]),
        **{
            f"figures-{sort}": reverse("figures-parts", args=[sort])
            for sort in ("members", "domains", "lists")
        },
        "figures-member": reverse("figures-member", args=[harbour.bob.member.outside_id]),
        "figures-list": reverse("figures-list", args=[harbour.addresses.pk]),
        "keeping": reverse("keeping"),
        "styleguide": reverse("styleguide"),
        "password": reverse("account_change_password"),
    }


@pytest.fixture(scope="module")
def read_before():
    """What `answers` read: three tests look at the same answers."""
    return {}


@pytest.fixture
def answers(owner, harbour, read_before):
    """Every page as an owner gets it, by name."""
    if not read_before:
        read_before.update({name: owner.get(address) for name, address in addresses(harbour).items()})
    return read_before


def test_every_page_is_there_for_an_owner(answers):
    for name, answer in answers.items():
        assert answer.status_code == 200, (name, answer.status_code)


@pytest.fixture
def large(client, portal, large_before):
    """Every page of a large company: its answer, and what it asked the database."""
    if not large_before:
        harbour = furnish(people=400, campaigns=60)
        write(harbour.pen.pk)  # as after any commit
        client.force_login(harbour.alice.account)
        for name, address in addresses(harbour).items():
            with CaptureQueriesContext(connection) as asked:
                answer = client.get(address)
            large_before[name] = answer, list(asked)
    return large_before


@pytest.fixture(scope="module")
def large_before():
    return {}


def test_every_page_asks_at_most_twenty_queries_of_a_large_company(large):
    for name, (_, asked) in large.items():
        assert len(asked) <= MOST_QUERIES, (name, len(asked), [query["sql"][:150] for query in asked])


def test_the_pages_of_people_ask_as_little_of_ten_thousand(client, portal):
    harbour = furnish(people=10_000)
    client.force_login(harbour.alice.account)
    there = addresses(harbour)
    names = ("people", "people-narrowed", "people-by-devices", "member", "group", "group-people", "packages")
    for name in (*names, "attributes", "proposals", "import-0", "import-1", "devices", "myself"):
        with CaptureQueriesContext(connection) as asked:
            page = client.get(there[name])
        assert len(asked) <= MOST_QUERIES, (name, len(asked), [query["sql"][:150] for query in asked])
        assert len(gzip.compress(page.content)) <= LATER_LOAD, name


def test_every_page_is_light_over_the_wire(large):
    css = len(gzip.compress(_static("stationer.css")))
    fonts = sum(
        len(_static(f"built/{name}"))
        for name in ("libre-caslon-text-latin.woff2",)
        if finders.find(f"built/{name}")
    )
    script = len(gzip.compress(_static("django_htmx/htmx-2.min.js"))) + len(
        gzip.compress(_static("portal.js"))
    )
    for name, (answer, _) in large.items():
        page = len(gzip.compress(answer.content))
        assert page <= LATER_LOAD, (name, page)
        assert page + css + fonts + script <= FIRST_LOAD, (name, page + css + fonts + script)


def _static(name):
    from pathlib import Path

    return Path(finders.find(name)).read_bytes()


def test_no_page_has_style_attributes_or_handlers_in_its_html(answers):
    for name, answer in answers.items():
        html = answer.content.decode()
        found = re.findall(r"<[^>]*\s(?:style|on[a-z]+)=[\"'][^>]*>", html)
        assert not found, (name, found)


def test_every_page_carries_a_policy_with_a_nonce_of_its_own(answers):
    policies = {answer["Content-Security-Policy"] for answer in answers.values()}
    assert len(policies) == len(answers)
    assert all("default-src 'none'" in policy and "unsafe" not in policy for policy in policies)


def test_looking_at_a_page_changes_nothing(owner, harbour):
    from django.core.management import call_command

    def rows():
        import io

        out = io.StringIO()
        call_command("dumpdata", "people", "content", "publishing", stdout=out)
        return out.getvalue()

    from stationer.portal.people.scope import outside_scope

    with outside_scope(reason="the test compares all rows"):
        before = rows()
    for address in addresses(harbour).values():
        owner.get(address)
    with outside_scope(reason="the test compares all rows"):
        assert rows() == before


def test_a_stranger_is_asked_to_sign_in(client, harbour):
    for name, address in addresses(harbour).items():
        if name in ("styleguide", "home"):
            continue
        answer = client.get(address)
        assert answer.status_code == 302 and "/accounts/login/" in answer["Location"], (
            name,
            answer.status_code,
        )


OPEN_TO_MEMBERS = {"home", "myself", "own-alerts", "companies", "enrol", "styleguide", "password"}


def test_for_a_plain_member_the_owners_pages_are_not_there(client, harbour):
    client.force_login(harbour.bob.account)
    for name, address in addresses(harbour).items():
        assert client.get(address).status_code == (200 if name in OPEN_TO_MEMBERS else 404), name


def test_another_companys_things_are_not_there(client, harbour, oscar):
    client.force_login(oscar.account)
    for name in (
        "template",
        "part",
        "campaign",
        "message",
        "member",
        "group",
        "list",
        "version",
        "campaign-reach",
    ):
        assert client.get(addresses(harbour)[name]).status_code == 404, name


def test_times_are_the_companys_where_the_readers_own_clock_is_not_known(owner, harbour):
    harbour.pen.zone = "Pacific/Kiritimati"
    harbour.pen.save()

    def zone():
        seen = []
        with connection.execute_wrapper(
            lambda do, *call: seen.append(timezone.get_current_timezone_name()) or do(*call)
        ):
            owner.get("/")
        return seen[-1]

    assert zone() == "Pacific/Kiritimati"
    owner.cookies["zone"] = "Europe/London"
    assert zone() == "Europe/London"
    owner.cookies["zone"] = "Europe/Lundun"
    assert zone() == "Pacific/Kiritimati"
