"""A company's own sign-in by OpenID Connect: who comes in, as whom, with what, and how far."""

from __future__ import annotations

import msgspec
import pytest
from allauth.mfa.models import Authenticator
from django.db import connection
from django.db.models.signals import post_init
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.timezone import now

from stationer.portal.access.accounts import give_access, take_access
from stationer.portal.access.models import Account, Membership, ProvenDomain
from stationer.portal.audit.models import Entry
from stationer.portal.people.members import add_member, find_member
from stationer.portal.people.models import Member, Pen
from stationer.portal.people.pens import create_pen
from stationer.portal.people.scope import outside_scope, pen_scope
from stationer.portal.providers.forced import leading
from stationer.portal.providers.models import Identity, Provider
from tests.portal.providers.going import come_back, connected, go, prove, who

pytestmark = pytest.mark.django_db


def test_an_owner_comes_in_by_it_and_their_details_with_them(browser, alice, ours, world):
    world.claims["phone_number"] = "+441632960100"
    answer = come_back(browser, ours, world)
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert who(browser) == ("alice@acme.example", "ACME")
    with pen_scope(ours.pen):
        member = Member.objects.get(pk=alice.member_id)
        assert member.attributes["name"] == "Alice Of There"
        assert member.attributes["phone"] == "+44 1632 960100"
        assert Identity.objects.get().subject == "u-1"
        told = Entry.objects.filter(noun="member", what="changed").latest("at")
        assert (told.who, told.via_name) == (alice.member.name, "Ours")


def test_the_address_form_leads_to_the_sign_in_of_its_domain(browser, alice, ours):
    for address in ("alice@acme.example", "nobody.at.all@acme.example"):
        page = browser.post("/sign-in/", {"address": address}).content.decode()
        assert f"/sign-in/{ours.outside_id}/" in page and "Go on with Ours" in page
    page = browser.post("/sign-in/", {"address": "alice@elsewhere.example"}).content.decode()
    assert "There is no sign-in of a company for elsewhere.example here." in page


def test_where_an_address_leads_costs_the_same_among_300_companies(rf, acme, alice, ours):
    request = rf.post("/sign-in/")

    def cost():
        """The statements, and how many providers were read."""
        read = []
        heard = lambda sender, **_: read.append(sender)  # noqa: E731 - held until it is disconnected
        post_init.connect(heard, sender=Provider)
        try:
            with CaptureQueriesContext(connection) as queries:
                assert leading(request, "alice@acme.example") == [ours]
        finally:
            post_init.disconnect(heard, sender=Provider)
        return len(queries), len(read)

    alone = cost()
    pens = Pen.objects.bulk_create(
        Pen(name=f"Company {n}", domains=[f"c{n}.example", "acme.example"]) for n in range(300)
    )
    with outside_scope(reason="which company's own sign-in an address leads to"):
        Provider.objects.bulk_create(
            Provider(pen=pen, name="Theirs", issuer="https://x.example", way="offered", domains=pen.domains)
            for pen in pens
        )
        ProvenDomain.objects.bulk_create(
            ProvenDomain(pen=pen, domain=domain, proven_at=None if domain == "acme.example" else now())
            for pen in pens
            for domain in pen.domains
        )
    assert cost() == alone == (1, 1)


def test_a_proven_domain_that_the_company_no_longer_names_leads_nowhere(rf, acme, ours):
    request = rf.post("/sign-in/")
    Pen.objects.filter(pk=acme.pk).update(domains=["*.acme.example"])
    assert leading(request, "alice@acme.example") == [ours]  # of the same zone
    Pen.objects.filter(pk=acme.pk).update(domains=["elsewhere.example"])
    assert leading(request, "alice@acme.example") == []


def test_what_is_asked_there_has_state_nonce_and_pkce(browser, ours):
    browser.post("/sign-in/", {"address": "alice@acme.example"})
    url = go(browser, ours)
    assert all(
        word in url for word in ("state=", "nonce=", "code_challenge_method=S256", "scope=openid+email")
    )
    assert "login_hint=alice%40acme.example" in url
    assert "state" not in go(browser, ours).partition("state=")[0].partition("?")[2]


def test_the_second_time_the_subject_alone_counts(browser, alice, ours, world):
    come_back(browser, ours, world)
    world.claims |= {"email": "renamed@acme.example", "email_verified": False}
    again = Client()
    come_back(again, ours, world)
    assert who(again) == ("alice@acme.example", "ACME")


def test_another_subject_with_a_known_address_is_refused(browser, alice, ours, world):
    come_back(browser, ours, world)
    world.claims["sub"] = "u-2"
    again = Client()
    page = come_back(again, ours, world)
    assert page.status_code == 403 and "comes in as alice@acme.example already" in page.content.decode()
    assert who(again) is None


def test_an_address_that_is_not_verified_lets_nobody_in(browser, alice, ours, world):
    for claims in (
        {"email_verified": False},
        {"email_verified": None},
        {"email_verified": "no", "xms_edov": True},
    ):
        world.claims |= claims
        page = come_back(browser, ours, world)
        assert page.status_code == 403 and "does not say that it has verified" in page.content.decode()
    del world.claims["email_verified"], world.claims["xms_edov"]
    assert come_back(browser, ours, world).status_code == 403
    world.claims["xms_edov"] = True  # Entra ID's word for it
    come_back(browser, ours, world)
    assert who(browser) == ("alice@acme.example", "ACME")


def test_an_address_by_another_claim_is_not_the_verified_one(browser, alice, ours, world):
    with pen_scope(ours.pen):
        ours.rules = [{"to": "address", "take": ["preferred_username"]}]
        ours.save()
    world.claims |= {"email": "mallory@acme.example", "preferred_username": "alice@acme.example"}
    assert come_back(browser, ours, world).status_code == 403
    assert who(browser) is None


def test_nobody_outside_its_proven_domains_comes_in(browser, acme, alice, ours, world):
    with pen_scope(acme):
        give_access("guest@elsewhere.example", role="owner")
    world.claims["email"] = "guest@elsewhere.example"
    page = come_back(browser, ours, world)
    assert page.status_code == 403 and "is not of a domain that this sign-in is for" in page.content.decode()


def test_a_domain_counts_only_while_it_is_proven(browser, acme, alice, world):
    row = connected(acme, world)  # says acme.example, which no zone has said
    assert come_back(browser, row, world).status_code == 403
    assert (
        "There is no sign-in" in browser.post("/sign-in/", {"address": "alice@acme.example"}).content.decode()
    )
    prove(acme, "acme.example")
    come_back(browser, row, world)
    assert who(browser) == ("alice@acme.example", "ACME")


def test_the_sign_in_of_one_company_lets_nobody_into_another(browser, acme, other, oscar, world):
    prove(acme, "acme.example")
    prove(other, "other.example")
    theirs = connected(acme, world, domains=("acme.example", "other.example"), joining="member")
    world.claims["email"] = "oscar@other.example"
    assert come_back(browser, theirs, world).status_code == 403
    assert who(browser) is None
    with pen_scope(acme):
        assert not Membership.objects.filter(account=oscar.account).exists()


def test_whoever_is_in_two_companies_comes_into_one_by_its_sign_in(browser, acme, alice, other, ours, world):
    with pen_scope(other):
        give_access("alice@acme.example", role="owner")
    come_back(browser, ours, world)
    assert who(browser) == ("alice@acme.example", "ACME")
    browser.post("/companies/", {"pen": other.outside_id})
    assert who(browser) == ("alice@acme.example", "ACME")
    for path in (
        "/accounts/password/set/", "/accounts/password/change/", "/accounts/email/", "/accounts/2fa/webauthn/add/",
        "/accounts/2fa/totp/activate/", "/accounts/2fa/recovery-codes/generate/", "/myself/sessions/",
    ):  # fmt: skip
        assert browser.get(path).status_code == 403, path
        assert browser.post(path, {}).status_code == 403, path
    for path in ("/partner/", "/operator/", "/companies/new/"):
        assert browser.get(path).status_code in (302, 403, 404), path
        assert not browser.get(path).wsgi_request.user.is_authenticated, path
    with pen_scope(acme):
        membership = Membership.objects.get(account=alice.account)
        membership.role = "member"
        give_access("second@acme.example", role="owner")
        take_access(membership)
    assert who(browser) is None  # shut out of the one, and so nobody; the other company stays shut


def test_the_operators_second_factor_is_not_changed_by_a_companys_word(
    browser, acme, alice, ours, world, settings
):
    settings.PORTAL = msgspec.structs.replace(settings.PORTAL, operator="alice@acme.example")
    come_back(browser, ours, world)
    assert who(browser) == ("alice@acme.example", "ACME")
    for path in ("/accounts/2fa/", "/accounts/2fa/totp/activate/", "/myself/sessions/"):
        assert browser.get(path).status_code == 403, path


def test_a_sign_in_of_ones_own_is_bound_to_no_company(browser, acme, alice, other, ours, world):
    with pen_scope(other):
        give_access("alice@acme.example", role="owner")
    come_back(browser, ours, world)
    browser.post("/accounts/logout/")
    browser.post("/accounts/login/", {"login": "alice@acme.example", "password": "correct horse battery"})
    assert who(browser) == ("alice@acme.example", "ACME")
    browser.post("/companies/", {"pen": other.outside_id})
    assert who(browser) == ("alice@acme.example", "Other")


def test_coming_in_over_another_session_takes_nothing_of_it_along(
    client, acme, alice, other, oscar, ours, world
):
    client.force_login(oscar.account)
    come_back(client, ours, world)
    assert who(client) == ("alice@acme.example", "ACME")
    bound = client.session["bound"]
    assert (bound["pen"], bound["provider"]) == (acme.outside_id, ours.outside_id)


def test_people_join_by_themselves_only_where_the_company_wants_it(browser, acme, alice, ours, world):
    world.claims |= {"sub": "u-9", "email": "new@acme.example", "name": "New Person"}
    page = come_back(browser, ours, world)
    assert page.status_code == 403 and "Nobody here has let new@acme.example in yet." in page.content.decode()
    assert not Account.objects.filter(email="new@acme.example").exists()
    with pen_scope(acme):
        ours.joining = "member"
        ours.save()
    come_back(browser, ours, world)
    assert who(browser) == ("new@acme.example", "ACME")
    with pen_scope(acme):
        row = Membership.objects.get(account__email="new@acme.example")
        assert (row.role, row.member.name) == ("member", "New Person")


def test_somebody_of_the_directory_joins_as_the_person_they_are(browser, acme, alice, world):
    prove(acme, "acme.example")
    row = connected(acme, world, joining="member")
    with pen_scope(acme):
        bob = add_member("bob@acme.example", attributes={"title": "Buyer"})
    world.claims |= {"sub": "u-5", "email": "bob@acme.example", "name": "Bob"}
    come_back(browser, row, world)
    with pen_scope(acme):
        assert Membership.objects.get(account__email="bob@acme.example").member_id == bob.pk
        assert Member.objects.get(pk=bob.pk).attributes == {"title": "Buyer", "name": "Bob"}


def test_nobody_gets_another_account_or_role_by_joining(browser, acme, alice, world):
    prove(acme, "acme.example")
    row = connected(acme, world, joining="member")
    with pen_scope(acme):  # alice signs in by an account of another address
        member = find_member("alice@acme.example")
        member.address, member.aliases = "alice.a@acme.example", ["alice@acme.example"]
        member.save()
        Account.objects.filter(pk=alice.account_id).update(email="alice@private.example")
    page = come_back(browser, row, world)
    assert page.status_code == 403 and "signs in here with another address" in page.content.decode()
    with pen_scope(acme):
        assert Membership.objects.get(member=member).role == "owner"


def test_whoever_was_shut_out_is_not_let_in_again_by_joining(browser, acme, alice, world):
    prove(acme, "acme.example")
    row = connected(acme, world, joining="member")
    world.claims |= {"sub": "u-9", "email": "new@acme.example"}
    come_back(browser, row, world)
    with pen_scope(acme):
        take_access(Membership.objects.get(account__email="new@acme.example"))
    assert who(browser) is None
    assert come_back(browser, row, world).status_code == 403


def test_a_wrong_detail_is_left_out_and_the_others_come(browser, alice, ours, world):
    world.claims |= {"phone_number": "call me", "name": "Alice\x00 Two"}
    come_back(browser, ours, world)
    with pen_scope(ours.pen):
        kept = Member.objects.get(pk=alice.member_id).attributes
    assert kept["name"] == "Alice  Two" and "phone" not in kept


def test_userinfo_is_asked_where_the_token_has_no_address(browser, alice, ours, world):
    del world.claims["email"], world.claims["email_verified"]
    world.userinfo = {"sub": "u-1", "email": "alice@acme.example", "email_verified": True}
    come_back(browser, ours, world)
    assert who(browser) == ("alice@acme.example", "ACME")
    world.userinfo["sub"] = "somebody-else"
    assert come_back(Client(), ours, world).status_code == 403


def totp(account):
    from allauth.mfa.totp.internal.auth import TOTP

    TOTP.activate(account, "JBSWY3DPEHPK3PXP")


def code_now():
    from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time

    counter = next(iter(yield_hotp_counters_from_time()))
    return format_hotp_value(hotp_value("JBSWY3DPEHPK3PXP", counter))


@pytest.mark.parametrize(
    ("factor", "amr", "asked"),
    [("ours", ["mfa"], True), ("theirs", ["mfa"], False), ("theirs", ["pwd"], True), ("theirs", [], True)],
)
def test_a_second_factor_there_counts_where_the_company_says_so(
    browser, acme, alice, world, factor, amr, asked
):
    prove(acme, "acme.example")
    row = connected(acme, world, factor=factor)
    totp(alice.account)
    acme.second_factor = True
    acme.save()
    world.claims["amr"] = amr
    answer = come_back(browser, row, world)
    assert answer["Location"] == ("/accounts/2fa/authenticate/" if asked else "/")
    assert (who(browser) is None) is asked
    if not asked:
        assert browser.post("/publish/", {"about": "x"})["Location"].startswith("/publish/")


def test_without_a_factor_of_ones_own_publish_asks_for_one(browser, acme, alice, ours, world):
    acme.second_factor = True
    acme.save()
    come_back(browser, ours, world)
    assert browser.post("/publish/", {"about": "x"})["Location"].startswith("/second-factor/")
    set_up = (
        "/accounts/2fa/totp/activate/"  # of this company alone, and so it may be set up: by her own password
    )
    assert browser.get(set_up)["Location"].startswith("/accounts/reauthenticate/")
    alice.account.set_unusable_password()
    alice.account.save()
    again = Client()
    come_back(again, ours, world)
    assert again.get(set_up).status_code == 200
    assert not Authenticator.objects.exists()


def test_the_session_of_a_second_factor_that_came_later_is_bound_as_well(
    browser, acme, alice, other, ours, world
):
    with pen_scope(other):
        give_access("alice@acme.example", role="owner")
    totp(alice.account)
    come_back(browser, ours, world)
    browser.post("/accounts/2fa/authenticate/", {"code": code_now()})
    assert who(browser) == ("alice@acme.example", "ACME")
    assert browser.session["bound"]["pen"] == acme.outside_id


@pytest.mark.parametrize("how", ["switched off", "deleted", "forgotten"])
def test_a_sign_in_that_waits_for_its_second_factor_counts_no_longer_when_its_provider_is_gone(
    browser, signed_in, acme, alice, ours, world, how
):
    come_back(Client(), ours, world)  # tied
    totp(alice.account)
    come_back(browser, ours, world)
    page = reverse("provider", args=[ours.outside_id])
    with pen_scope(acme):
        tied = Identity.objects.get().outside_id
    signed_in.post(
        page, {"switched off": {"name": "Ours", "way": "off", "joining": "off", "factor": "ours"},
               "deleted": {"typed": "Ours"}, "forgotten": {"forget": tied}}[how]
    )  # fmt: skip
    answer = browser.post("/accounts/2fa/authenticate/", {"code": code_now()})
    assert answer.status_code == 404 and "is not there, or it is switched off" in answer.content.decode()
    assert who(browser) is None
    with pen_scope(acme):
        assert Provider.objects.filter(way="off").count() == (1 if how == "switched off" else 0)


def test_a_company_that_ended_lets_nobody_in(browser, acme, alice, ours, world):
    acme.standing = "ended"
    acme.save()
    assert come_back(browser, ours, world).status_code == 403


def test_switched_off_it_is_not_there(browser, acme, alice, ours, world):
    url = go(browser, ours)
    with pen_scope(acme):
        Provider.objects.update(way="off")
    assert browser.get(f"/sign-in/{ours.outside_id}/").status_code == 404
    assert browser.get(f"/sign-in/{ours.outside_id}/back/", world.grant(url)).status_code == 404
    assert browser.get("/sign-in/sip_nonsense/").status_code == 404
    assert who(browser) is None


def test_after_signing_in_one_is_where_one_wanted_to_be_and_nowhere_else(browser, alice, ours, world):
    for wanted, there in (
        ("/templates/", "/templates/"),
        ("https://evil.example/", "/"),
        ("//evil.example", "/"),
    ):
        url = go(browser, ours, f"?next={wanted}")
        answer = browser.get(f"/sign-in/{ours.outside_id}/back/", world.grant(url))
        assert answer["Location"] == there


def test_another_company_in_one_name_and_two_sign_ins_are_a_choice(browser, acme, alice, ours, world):
    with_same = create_pen("ACME Two", ("acme.example",), second_factor=False)
    prove(with_same, "acme.example")
    second = connected(with_same, world, name="Second")
    page = browser.post("/sign-in/", {"address": "x@acme.example"}).content.decode()
    assert "Choose where you are known." in page and ours.outside_id in page and second.outside_id in page
    assert "http-equiv" not in page
