"""A partner at every address: counted numbers of what is below, and of nothing else; never a word or an address."""

from __future__ import annotations

import ast
import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

import stationer.portal.partners
from stationer.portal.partners import counting, handing, statements
from stationer.portal.partners.joining import join
from stationer.portal.partners.models import DayCount, Standing
from stationer.portal.people.models import Partner, Pen
from stationer.portal.people.owned import PenOwned
from stationer.portal.people.pens import create_pen
from tests.portal.policy import POLICY, Staffed
from tests.portal.test_wall import CANARY, METHODS, ROUTES, Stranger, furnish, rows_of, said

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(600)]
PARTNERS = [name for name, who in POLICY.items() if isinstance(who, Staffed)]
TABLES = re.compile("|".join(rf'"{m._meta.db_table}"' for m in apps.get_models() if issubclass(m, PenOwned)))
#: What leaves a PEN, and what writes into one: the worker's rooms, and the verbs of founding and resting.
IN_A_PEN = {"counting.py", "handing.py", "founding.py", "resting.py"}


@pytest.fixture(autouse=True)
def post(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


@pytest.fixture
def branches(acme, other, alice):
    """ACME furnished below Lower, that below Upper; the other PEN in another branch; and Lowest, below Lower."""
    parameters, *_ = furnish(acme, "target@acme.example")
    furnish(other, "else@other.example")
    lower = Pen.objects.get(pk=acme.pk).partner
    upper = Partner.objects.create(name="Upper")
    lower.parent, lower.path = upper, f"{upper.path}{lower.pk.hex}/"
    lower.save()
    lowest = Partner.objects.create(name="Lowest", parent=lower)
    elsewhere = Pen.objects.get(pk=other.pk).partner
    people = {
        name: join(partner, f"{name}@partners.example", "owner").account
        for name, partner in {
            "upper": upper,
            "lower": lower,
            "lowest": lowest,
            "elsewhere": elsewhere,
        }.items()
    }
    counting.count(acme.pk)
    day = date(2026, 1, 31)
    DayCount.objects.create(pen=acme, day=day, people=4, seats=3, mails=2)
    statements.close(date(2026, 1, 1))
    handing.turn()
    return parameters, {name: Stranger(account) for name, account in people.items()}, lower


def address(name, parameters, **more):
    wanted = {**parameters, **more}
    return reverse(name, kwargs={key: wanted[key] for key in ROUTES[name]})


def test_a_partner_gets_no_word_and_no_address_of_its_pens_from_any_route(acme, branches):
    parameters, people, _lower = branches
    before = rows_of(acme)
    for name in ROUTES:
        if name == "account_logout":
            continue
        for who in ("upper", "lower") if name in PARTNERS else ("lower",):
            for method in METHODS["api" if name.startswith("api:") else "page"]:
                answer = people[who].ask(method, address(name, parameters))
                case = (name, who, method, answer.status_code)
                assert CANARY not in said(answer), case
                if (
                    name == "api:openapi-json"
                ):  # its examples speak of an ACME of their own, to everybody alike
                    assert answer.content == Client().generic(method, address(name, parameters)).content
                else:
                    assert "acme.example" not in said(answer), case  # nor anybody's address
    assert rows_of(acme) == before
    shown = said(people["upper"].ask("GET", address("partner-company", parameters)))
    assert "ACME" in shown
    assert CANARY not in shown and "acme.example" not in shown


def test_it_reaches_its_own_and_what_is_below_and_nothing_else(branches):
    parameters, people, lower = branches
    never = {"partner": Partner(name="never").outside_id, "company": Pen(name="never").outside_id}
    for name in PARTNERS:
        url, absent = address(name, parameters), address(name, parameters, **never)
        for who in ("upper", "lower"):
            assert people[who].ask("GET", url).status_code == 200, (name, who)
        for who in ("lowest", "elsewhere"):
            for method in ("GET", "POST"):
                answer, like = people[who].ask(method, url), people[who].ask(method, absent)
                assert answer.status_code == like.status_code == 404, (name, who, method)
                alike = [re.sub(rb'nonce="[^"]*"', b"", one.content) for one in (answer, like)]
                assert alike[0] == alike[1]
    # a company of one's own partner is not found below another
    elsewhere = address("partner-company", parameters, partner=lower.children.get().outside_id)
    assert people["lower"].ask("GET", elsewhere).status_code == 404


def test_no_page_of_a_partner_asks_for_a_row_of_a_pen_at_all(branches):
    parameters, people, _lower = branches
    for name in PARTNERS:
        with CaptureQueriesContext(connection) as asked:
            people["upper"].ask("GET", address(name, parameters))
        assert asked.captured_queries
        assert [one["sql"] for one in asked.captured_queries if TABLES.search(one["sql"])] == [], name


def test_only_the_counting_and_the_handing_room_open_a_scope():
    folder = Path(stationer.portal.partners.__file__).parent
    opened = set()
    for path in folder.rglob("*.py"):
        names = {node.id for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Name)}
        if names & {"pen_scope", "outside_scope"}:
            opened.add(path.name)
    assert opened == IN_A_PEN
    assert not any("outside_scope" in path.read_text() for path in folder.rglob("*.py"))


def test_each_right_opens_what_its_row_says(branches):
    parameters, _people, lower = branches
    from stationer.portal.partners.rights import BUILT_IN

    for role, rights in BUILT_IN.items():
        one = Stranger(join(lower, f"{role}@partners.example", role).account)
        for name in PARTNERS:
            wanted = 200 if POLICY[name].see in rights else 404
            assert one.ask("GET", address(name, parameters)).status_code == wanted, (role, name)
            if POLICY[name].change not in rights:
                assert one.ask("POST", address(name, parameters)).status_code == 404, (role, name)


def test_a_thousand_companies_cost_no_more_queries_than_one(db, settings):
    partner = Partner.objects.create(name="Large")
    below = [Partner.objects.create(name=f"Reseller {n}", parent=partner) for n in range(10)]
    pens = [Pen(name=f"Company {n:04}", partner=below[n % 10]) for n in range(1000)]
    Pen.objects.bulk_create(pens)
    Standing.objects.bulk_create(
        [Standing(pen=pen, people=5, equipped=3, counted_at=timezone.now()) for pen in pens]
    )
    today = timezone.now().date()
    DayCount.objects.bulk_create(
        [
            DayCount(pen=pen, day=today - timedelta(days=d), people=5, seats=3, mails=7)
            for pen in pens
            for d in (0, 40)
        ]
    )
    statements.close_all()
    assert statements.months(partner)[-1].companies == 1000
    one = Stranger(join(partner, "boss@partners.example", "owner").account)
    parameters = {
        "partner": partner.outside_id, "company": pens[0].outside_id, "part": "disclaimer",
        "month": f"{today - timedelta(days=40):%Y-%m}",
    }  # fmt: skip
    one.ask("GET", address("partner", parameters))
    for name in PARTNERS:
        with CaptureQueriesContext(connection) as asked:
            answer = one.ask("GET", address(name, parameters))
        assert answer.status_code == 200, name
        assert len(asked) <= 20, (name, len(asked))
        assert name == "partner-statement" or len(answer.content) < 100_000, (name, len(answer.content))
    with CaptureQueriesContext(connection) as asked:
        handing.want(partner)
    assert len(asked) == 1


def test_a_pen_in_scope_shuts_every_page_of_a_partner(branches, client, acme, alice):
    parameters, *_ = branches
    client.force_login(alice.account)  # an owner of a PEN who works for no partner
    assert client.get(address("partner", parameters)).status_code == 404
    assert create_pen("Free").partner is None
