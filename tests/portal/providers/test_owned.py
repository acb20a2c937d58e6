"""An owner's pages of sign-in providers: connect, try, require, write codes down; and the ways that stay shut."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from stationer.portal.access.accounts import give_access
from stationer.portal.access.models import Role
from stationer.portal.audit.models import Entry
from stationer.portal.people.models import Pen
from stationer.portal.people.scope import pen_scope
from stationer.portal.providers import emergency, trying
from stationer.portal.providers.models import Identity, Provider
from stationer.portal.providers.sealing import secret_of
from tests.portal.providers import idp
from tests.portal.providers.going import come_back, connected, go, prove, who

pytestmark = pytest.mark.django_db

USE = {"domains": ["acme.example"], "way": "offered", "joining": "off", "factor": "ours", "proofs": "mfa"}
PASSWORD = "correct horse battery"


def typed(world, **said):
    return {"name": "Ours", "issuer": world.url, "client_id": idp.CLIENT, "secret": idp.SECRET, **said}


def page_of(row, name="provider"):
    return reverse(name, args=[row.outside_id])


def tries(client, row, world):
    """Press “Try it”, sign in there, and come back to the page."""
    assert f"/sign-in/{row.outside_id}/" in client.post(page_of(row), {"try": "1"}).content.decode()
    return client.get(come_back(client, row, world)["Location"]).content.decode()


def test_the_empty_page_says_what_it_is_for_and_the_list_shows_each(signed_in, acme, world):
    page = signed_in.get("/settings/sign-in/").content.decode()
    assert "Your people sign in by a code or password" in page and "No domain of yours is proven yet." in page
    prove(acme, "acme.example")
    connected(acme, world, way="required")
    page = signed_in.get("/settings/sign-in/").content.decode()
    assert "required" in page and "No domain of yours" not in page


def test_a_provider_is_kept_when_it_answers(signed_in, acme, world):
    answer = signed_in.post("/settings/sign-in/new/", typed(world))
    with pen_scope(acme):
        row = Provider.objects.get()
        assert answer["Location"] == page_of(row)
        assert (row.issuer, row.way, secret_of(row)) == (world.url, "off", idp.SECRET)
        assert Entry.objects.filter(noun="provider", what="made", called="Ours").exists()
    page = signed_in.get(page_of(row)).content.decode()
    assert f"http://testserver/sign-in/{row.outside_id}/back/" in page
    assert idp.SECRET not in page


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"issuer": "https://127.0.0.1:1"}, "It cannot be used: ConnectError"),
        ({"issuer": "ftp://x.example"}, "begins with https://"),
        ({"issuer": "nonsense"}, "begins with https://"),
        ({"secret": ""}, "Type its secret"),
        ({"name": ""}, "This field is required"),
    ],
)
def test_one_that_does_not_answer_is_said_and_nothing_kept(signed_in, acme, world, said, sentence):
    page = signed_in.post("/settings/sign-in/new/", typed(world, **said))
    assert page.status_code == 200 and sentence in page.content.decode()
    with pen_scope(acme):
        assert not Provider.objects.exists()


def test_trying_it_shows_what_comes_back_and_lets_nobody_in(signed_in, acme, alice, world):
    prove(acme, "acme.example")
    row = connected(acme, world, way="off")
    world.claims |= {"amr": ["mfa"], "phone_number": "nonsense"}
    page = tries(signed_in, row, world)
    assert "this would let you in" in page and "Alice Of There" in page and "is no telephone number" in page
    assert who(signed_in) == ("alice@acme.example", "ACME") and "bound" not in signed_in.session
    with pen_scope(acme):
        assert not Identity.objects.exists()
        assert Provider.objects.get().tried_at is not None
        assert alice.member.attributes.get("name") is None
    assert "email_verified" in signed_in.get(page_of(row, "provider-claims")).content.decode()


def test_trying_one_that_would_let_nobody_in_says_why(signed_in, acme, world):
    prove(acme, "acme.example")
    row = connected(acme, world, way="off")
    for claims, sentence in (
        ({"email_verified": False}, "does not say that this address is verified"),
        ({"email": "a@elsewhere.example", "email_verified": True}, "is of no domain that is proven"),
        ({"email": None}, "It names no address"),
    ):
        world.claims |= claims
        page = tries(signed_in, row, world)
        assert "this would let nobody in" in page and sentence in page
    with pen_scope(acme):
        assert Provider.objects.get().tried_at is None


def test_only_an_owner_tries(acme, alice, world):
    prove(acme, "acme.example")
    row = connected(acme, world, way="off")
    client = Client()
    client.force_login(alice.account)
    client.post(page_of(row), {"try": "1"})
    url = go(client, row)
    with pen_scope(acme):
        give_access("second@acme.example", role="owner")
        alice.role = "marketer"
        alice.save()
    assert client.get(f"/sign-in/{row.outside_id}/back/", world.grant(url)).status_code == 403


def test_whoever_may_give_roles_but_is_no_owner_finds_no_such_page(acme, alice, ours):
    with pen_scope(acme):
        role = Role.objects.create(name="nearly", rights=["manage-roles", "change-settings", "see-settings"])
        near = give_access("near@acme.example", role=role)
    client = Client()
    client.force_login(near.account)
    for name in ("providers", "new-provider", "emergency-codes"):
        assert client.get(reverse(name)).status_code == 404
    for name in ("provider", "provider-server", "provider-claims"):
        assert client.get(page_of(ours, name)).status_code == 404
        assert client.post(page_of(ours, name), USE).status_code == 404


def test_owners_show_their_second_factor_first(signed_in, acme, ours):
    Pen.objects.update(second_factor=True)
    for path in (
        "/settings/sign-in/",
        "/settings/sign-in/new/",
        page_of(ours),
        page_of(ours, "provider-server"),
    ):
        assert signed_in.get(path)["Location"].startswith("/second-factor/")
        assert signed_in.post(path, USE)["Location"].startswith("/second-factor/")


def test_a_domain_that_is_not_proven_cannot_be_chosen(signed_in, acme, world):
    row = connected(acme, world, way="off", domains=())
    answer = signed_in.post(page_of(row), USE)
    assert answer.status_code == 200 and "is not one of the available choices" in answer.content.decode()
    prove(acme, "acme.example")
    assert signed_in.post(page_of(row), USE).status_code == 302
    assert signed_in.post(page_of(row), USE | {"domains": ["other.example"]}).status_code == 200


def test_required_asks_for_a_try_and_for_codes_first(signed_in, acme, alice, world):
    prove(acme, "acme.example")
    row = connected(acme, world, way="off")
    must = USE | {"way": "required"}
    page = signed_in.post(page_of(row), must).content.decode()
    assert "Try it first" in page and "First write down emergency codes" in page
    tries(signed_in, row, world)
    assert "First write down emergency codes" in signed_in.post(page_of(row), must).content.decode()
    signed_in.post("/settings/sign-in/codes/")
    assert signed_in.post(page_of(row), must).status_code == 302
    assert Pen.objects.get(pk=acme.pk).sign_in_only == ["acme.example"]
    assert who(signed_in) is None  # this session was not begun by it


def test_required_is_refused_by_settings_that_nobody_tried(signed_in, acme, alice, world):
    for domain in ("acme.example", "second.example"):
        prove(acme, domain)
    Pen.objects.filter(pk=acme.pk).update(domains=["acme.example", "second.example"])
    row = connected(acme, world)
    signed_in.post("/settings/sign-in/codes/")
    must, others = USE | {"way": "required"}, {"domains": ["second.example"]}

    def said(**how):
        answer = signed_in.post(page_of(row), must | how)
        return "" if answer.status_code == 302 else answer.content.decode()

    tries(signed_in, row, world)
    assert "The domains are others now." in said(**others)
    assert said(**others, way="offered") == ""
    assert "Try it first" in said(**others)
    assert said(way="offered") == ""
    tries(signed_in, row, world)
    form = signed_in.get(page_of(row, "provider-claims")).context["form"]
    rules = {name: form.get_initial_for_field(field, name) for name, field in form.fields.items()}
    signed_in.post(page_of(row, "provider-claims"), rules)  # as it is
    with pen_scope(acme):
        assert Provider.objects.get().tried_at is not None
    number = list(form.targets).index("a:title")
    signed_in.post(page_of(row, "provider-claims"), rules | {f"take_{number}": "job"})
    assert "Try it first" in said()
    tries(signed_in, row, world)
    assert said() == ""


def test_new_codes_take_the_place_of_the_old_and_are_shown_once(signed_in, acme, alice):
    page = signed_in.post("/settings/sign-in/codes/").content.decode()
    codes = re.findall(r"\b(?:[A-Z2-7]{4}-){3}[A-Z2-7]{4}\b", page)
    assert len(set(codes)) == 8
    assert codes[0] not in signed_in.get("/settings/sign-in/codes/").content.decode()
    signed_in.post("/settings/sign-in/codes/")
    with pen_scope(acme):
        assert emergency.left(alice.account) == 8


def test_who_came_in_is_listed_and_a_link_is_forgotten(browser, signed_in, acme, alice, ours, world):
    come_back(browser, ours, world)
    assert "alice@acme.example" in signed_in.get(page_of(ours)).content.decode()
    with pen_scope(acme):
        one = Identity.objects.get()
    signed_in.post(page_of(ours), {"forget": one.outside_id})
    assert who(browser) is None
    world.claims["sub"] = "u-new"
    assert come_back(browser, ours, world).status_code == 302
    with pen_scope(acme):
        assert Identity.objects.get().subject == "u-new"
        assert Entry.objects.filter(noun="identity", what="removed").exists()


@pytest.mark.parametrize("how", ["off", "delete"])
def test_switched_off_or_deleted_it_ends_its_sessions_and_no_others(
    browser, signed_in, alice, ours, world, how
):
    come_back(browser, ours, world)
    said = USE | {"way": "off"} if how == "off" else {"typed": "Ours"}
    assert signed_in.post(page_of(ours), said).status_code == 302
    assert who(browser) is None
    assert who(signed_in) == ("alice@acme.example", "ACME")


def test_another_issuer_or_client_asks_for_the_secret_again(signed_in, acme, world):
    row = connected(acme, world, way="off")
    with idp.running() as second:
        page = signed_in.post(page_of(row, "provider-server"), typed(second, secret=""))
        assert "Type its secret" in page.content.decode()
    assert (
        signed_in.post(page_of(row, "provider-server"), typed(world, secret="", name="New")).status_code
        == 302
    )
    with pen_scope(acme):
        row.refresh_from_db()
        assert (row.name, secret_of(row), row.tried_at) == ("New", idp.SECRET, None)


def test_people_are_not_moved_to_another_issuer_while_they_sign_in(signed_in, acme, ours):
    with idp.running() as second:
        page = signed_in.post(page_of(ours, "provider-server"), typed(second))
    assert "switch that off first" in page.content.decode()


def test_what_becomes_of_claims_is_changed_on_its_page(browser, signed_in, acme, alice, ours, world):
    form = signed_in.get(page_of(ours, "provider-claims")).context["form"]
    said = {name: field.initial or "" for name, field in form.fields.items()}
    names = list(form.targets)
    said[f"take_{names.index('a:title')}"] = "job_title"
    said[f"form_{names.index('a:title')}"] = "capitals"
    assert "aliases" not in names and "package" not in names
    assert signed_in.post(page_of(ours, "provider-claims"), said).status_code == 302
    world.claims["job_title"] = "head of sales"
    come_back(browser, ours, world)
    with pen_scope(acme):
        alice.member.refresh_from_db()
        assert alice.member.attributes["title"] == "Head Of Sales"


def test_a_refusal_is_told_the_owner_with_its_detail(browser, signed_in, ours, world):
    world.bend = lambda claims: {**claims, "aud": "somebody"}
    page = come_back(browser, ours, world).content.decode()
    assert "aud" not in page.split("<main")[1]
    assert "Invalid claim" in signed_in.get(page_of(ours)).content.decode()


def test_its_keys_are_looked_at_again_after_a_day_and_a_dead_server_changes_nothing(
    browser, acme, alice, ours, world
):
    with pen_scope(acme):
        Provider.objects.update(
            found={**ours.found, "looked_at": 0, "authorization_endpoint": "https://old.example/"}
        )
    assert go(browser, ours).startswith(world.url)
    with pen_scope(acme):
        ours.refresh_from_db()
        assert ours.found["looked_at"] > 0
        Provider.objects.update(found={**ours.found, "looked_at": 0})
        world.status["/.well-known/openid-configuration"] = 500
        ours.refresh_from_db()
        trying.look_again(ours)
        assert ours.found["looked_at"] == 0
    assert go(browser, ours).startswith(world.url)


def test_a_server_that_does_not_answer_is_not_asked_at_every_sign_in(browser, acme, alice, ours, world):
    with pen_scope(acme):
        Provider.objects.update(found={**ours.found, "looked_at": 0})
    configuration = "/.well-known/openid-configuration"
    world.seen.clear()
    world.status[configuration] = 500
    for _ in range(3):
        go(browser, ours)
    assert world.seen.count(configuration) == 1


@pytest.mark.parametrize(
    "other",
    [{"issuer": "https://new.example"}, {"found": {"issuer": "x", "looked_at": 7}}],
    ids=["issuer", "found"],
)
def test_a_look_that_ends_late_does_not_overwrite_another_server(acme, ours, monkeypatch, other):
    ours.found["looked_at"] = 0

    def late(*_):
        Provider.objects.update(**other)  # an owner gives it another server meanwhile
        return {**ours.found, "looked_at": 1}

    monkeypatch.setattr(trying, "found_at", late)
    with pen_scope(acme):
        ours.save()
        trying.look_again(ours)
        now = Provider.objects.get()
    assert now.found["looked_at"] == other.get("found", {"looked_at": 0})["looked_at"]


def test_each_page_asks_little_of_the_database_and_weighs_little(
    signed_in, browser, acme, ours, world, django_assert_max_num_queries
):
    come_back(browser, ours, world)
    mine = [reverse(name) for name in ("providers", "new-provider", "emergency-codes")]
    its = [page_of(ours, name) for name in ("provider", "provider-server", "provider-claims")]
    for client, paths in ((signed_in, [*mine, *its]), (Client(), ["/sign-in/", "/sign-in/emergency/"])):
        for path in paths:
            with django_assert_max_num_queries(20):
                page = client.get(path)
            assert page.status_code == 200 and len(page.content) < 100_000, path
