"""A company's own sign-in by SAML 2.0: who comes in, and the assertions that nobody should believe."""

from __future__ import annotations

import base64
import zlib
from copy import deepcopy
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from lxml import etree
from signxml import XMLSigner, methods

from stationer.portal.people.models import Member
from stationer.portal.people.scope import pen_scope
from stationer.portal.providers import replays, saml
from stationer.portal.providers.models import Identity, Provider, UsedAssertion
from stationer.portal.providers.told import Refused
from tests.portal.providers import idp
from tests.portal.providers.going import by_saml, go, prove, who

pytestmark = pytest.mark.django_db
A, P = f"{{{idp.A}}}", f"{{{idp.P}}}"
NOT_TRUSTED, NOT_BEGUN = "is not to be trusted", "belongs to no sign-in that was begun in this browser"


@pytest.fixture(scope="module")
def theirs():
    return idp.Saml()


@pytest.fixture
def ours(acme, theirs):
    prove(acme, "acme.example")
    return by_saml(acme, theirs)


def asked(client, row):
    """Begin: what the response must name."""
    packed = parse_qs(urlsplit(go(client, row)).query)["SAMLRequest"][0]
    request = etree.fromstring(zlib.decompress(base64.b64decode(packed), -15))
    here = f"http://testserver/sign-in/{row.outside_id}"
    return {"request": request.get("ID"), "acs": f"{here}/acs/", "audience": f"{here}/metadata/"}


def post(client, row, tree):
    """The browser posts it without our cookie, then follows with it."""
    answer = Client().post(f"/sign-in/{row.outside_id}/acs/", idp.posted(tree))
    return client.get(answer["Location"]) if answer.status_code == 302 else answer


def refused(client, row, answer, sentence):
    assert answer.status_code == 403, answer["Location"]
    assert sentence in answer.content.decode()
    assert who(client) is None
    with pen_scope(row.pen):
        assert not Identity.objects.exists()


def test_somebody_comes_in_by_it_and_their_details_with_them(browser, alice, ours, theirs):
    answer = post(browser, ours, theirs.signed(theirs.tree(**asked(browser, ours))))
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert who(browser) == ("alice@acme.example", "ACME")
    with pen_scope(ours.pen):
        assert Member.objects.get(pk=alice.member_id).name == "Alice Saml"


def test_our_metadata_names_our_addresses(browser, ours):
    root = etree.fromstring(browser.get(f"/sign-in/{ours.outside_id}/metadata/").content)
    place = root.find(".//{urn:oasis:names:tc:SAML:2.0:metadata}AssertionConsumerService")
    assert place.get("Location") == f"http://testserver/sign-in/{ours.outside_id}/acs/"
    assert root.get("entityID") == f"http://testserver/sign-in/{ours.outside_id}/metadata/"


def test_without_the_word_of_the_owner_an_address_lets_nobody_in(browser, acme, alice, theirs):
    prove(acme, "acme.example")
    row = by_saml(acme, theirs, vouched=False)
    refused(
        browser, row, post(browser, row, theirs.signed(theirs.tree(**asked(browser, row)))), "has verified"
    )


def test_an_assertion_counts_once_and_in_one_browser(browser, alice, ours, theirs):
    tree = theirs.signed(theirs.tree(**asked(browser, ours)))
    other = Client()
    asked(other, ours)
    refused(other, ours, post(other, ours, tree), NOT_BEGUN)  # asked for by another browser
    page = Client().post(f"/sign-in/{ours.outside_id}/acs/", idp.posted(tree))
    refused(browser, ours, page, "This answer was used already.")


def test_an_assertion_is_not_taken_again_when_the_cache_forgot_everything(browser, alice, ours, theirs):
    tree = theirs.signed(theirs.tree(**asked(browser, ours)))
    assert post(browser, ours, tree).status_code == 302 and who(browser)
    cache.clear()  # a restart with an empty folder, or another machine
    again = Client().post(f"/sign-in/{ours.outside_id}/acs/", idp.posted(tree))
    assert again.status_code == 403 and "This answer was used already." in again.content.decode()
    replays.forget_old()  # it is not over: the worker keeps it
    again = Client().post(f"/sign-in/{ours.outside_id}/acs/", idp.posted(tree))
    assert again.status_code == 403 and "This answer was used already." in again.content.decode()


def test_a_used_assertion_is_remembered_beyond_its_end_and_then_forgotten(acme, ours):
    end = timezone.now() + timedelta(hours=1)
    with pen_scope(acme):
        assert replays.first_use(ours, "_a1", int(end.timestamp()))
        assert not replays.first_use(ours, "_a1", None)
        assert replays.first_use(ours, "_a2", None) and replays.first_use(ours, "_a3", 10**18)
        kept = {one.until for one in UsedAssertion.objects.all()}
        assert any(end < one < end + replays.BEYOND * 2 for one in kept)
        UsedAssertion.objects.filter(until__lt=end).update(until=timezone.now() - timedelta(seconds=1))
    assert replays.forget_old() == 1  # _a2, which is over
    with pen_scope(acme):
        assert not replays.first_use(ours, "_a1", None) and replays.first_use(ours, "_a2", None)


def test_the_same_id_of_another_provider_is_another_assertion(acme, ours, theirs):
    second = by_saml(acme, theirs)
    with pen_scope(acme):
        assert replays.first_use(ours, "_a1", None) and replays.first_use(second, "_a1", None)


def test_the_name_of_what_waits_opens_nothing_elsewhere(browser, alice, ours, theirs):
    tree = theirs.signed(theirs.tree(**asked(browser, ours)))
    there = Client().post(f"/sign-in/{ours.outside_id}/acs/", idp.posted(tree))["Location"]
    thief = Client()
    assert thief.get(there).status_code == 403 and who(thief) is None
    assert browser.get(there).status_code == 403  # it was looked at, and is gone


def bent(**changed):
    """What the IdP says otherwise than it should."""
    return lambda said: {**said, **changed}


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (bent(audience="https://somebody-else.example/"), NOT_TRUSTED),
        (bent(acs="https://somebody-else.example/acs"), NOT_TRUSTED),
        (bent(minutes=-30), NOT_TRUSTED),
        (bent(minutes=3000), NOT_TRUSTED),
        (bent(request="ONELOGIN_made_up"), NOT_BEGUN),
        (bent(request=""), NOT_TRUSTED),
        (bent(subject=""), NOT_TRUSTED),
        (bent(subject="x" * 300), NOT_TRUSTED),
        (bent(values={"emailaddress": "guest@elsewhere.example"}), "is not of a domain"),
        (bent(values={"givenname": "Alice"}), "did not say what your e-mail address is"),
    ],
)
def test_an_assertion_for_another_place_time_or_request(browser, alice, ours, theirs, change, sentence):
    tree = theirs.signed(theirs.tree(**change(asked(browser, ours))))
    refused(browser, ours, post(browser, ours, tree), sentence)


def silent(tree, what):
    """The assertion says nothing of it (and so nothing wrong)."""
    assertion = tree.find(f"{A}Assertion")
    data, conditions = assertion.find(f".//{A}SubjectConfirmationData"), assertion.find(f"{A}Conditions")
    if what == "Audience":
        conditions.remove(conditions.find(f"{A}AudienceRestriction"))
    else:
        del data.attrib[what]
    if what == "Recipient":
        del tree.attrib["Destination"]
    return tree


@pytest.mark.parametrize("what", ["InResponseTo", "Recipient", "NotOnOrAfter", "Audience"])
def test_an_assertion_that_does_not_say_what_it_is_for(browser, alice, ours, theirs, what):
    tree = theirs.signed(silent(theirs.tree(**asked(browser, ours)), what))
    refused(browser, ours, post(browser, ours, tree), NOT_TRUSTED)


def test_an_assertion_that_nobody_asked_for_in_a_response_to_somebody_else(browser, alice, ours, theirs):
    """Stolen where the IdP began; the response around it is not signed, and names the thief's own request."""
    said = asked(browser, ours)
    for tree in (silent(theirs.tree(**said), "InResponseTo"), theirs.tree(**said | {"request": "_hers"})):
        theirs.signed(tree).set("InResponseTo", said["request"])
        refused(browser, ours, post(browser, ours, tree), NOT_TRUSTED)


def test_an_assertion_whose_recipient_only_begins_like_ours(browser, alice, ours, theirs):
    tree = theirs.tree(**asked(browser, ours))
    data = tree.find(f".//{A}SubjectConfirmationData")
    data.set("Recipient", data.get("Recipient") + "elsewhere/")
    refused(browser, ours, post(browser, ours, theirs.signed(tree)), NOT_TRUSTED)


def test_every_restriction_of_the_audience_must_name_us(browser, alice, ours, theirs):
    tree = theirs.tree(**asked(browser, ours))
    conditions = tree.find(f".//{A}Conditions")
    conditions.append(deepcopy(conditions.find(f"{A}AudienceRestriction")))
    conditions[1].find(f"{A}Audience").text = "https://somebody-else.example/"
    refused(browser, ours, post(browser, ours, theirs.signed(tree)), NOT_TRUSTED)


def test_an_assertion_that_is_not_signed_or_by_another_key(browser, alice, ours, theirs):
    refused(browser, ours, post(browser, ours, theirs.tree(**asked(browser, ours))), NOT_TRUSTED)
    key, certificate = idp.pair()  # of the same name
    tree = theirs.signed(theirs.tree(**asked(browser, ours)), key=key, certificate=certificate)
    refused(browser, ours, post(browser, ours, tree), NOT_TRUSTED)
    response = theirs.tree(**asked(browser, ours))  # the response is signed, the assertion is not
    whole = XMLSigner(method=methods.enveloped).sign(
        response, key=theirs.key, cert=theirs.certificate.decode()
    )
    refused(browser, ours, post(browser, ours, whole), NOT_TRUSTED)


def test_a_word_that_was_changed_after_signing(browser, alice, ours, theirs):
    for path in (f".//{A}NameID", f".//{A}AttributeValue", f".//{A}Audience"):
        tree = theirs.signed(theirs.tree(**asked(browser, ours)))
        tree.find(path).text = "mallory@acme.example"
        refused(browser, ours, post(browser, ours, tree), NOT_TRUSTED)


def test_a_comment_inside_a_name_shortens_nobodys_name(browser, acme, alice, ours, theirs):
    said = asked(browser, ours) | {"values": {"emailaddress": "alice@acme.example.evil.example"}}
    tree = theirs.signed(theirs.tree(**said))
    text = etree.tostring(tree).replace(b"alice@acme.example.evil", b"alice@acme.example<!-- -->.evil")
    page = Client().post(
        f"/sign-in/{ours.outside_id}/acs/", {"SAMLResponse": base64.b64encode(text).decode()}
    )
    page = browser.get(page["Location"]) if page.status_code == 302 else page
    assert page.status_code == 403 and who(browser) is None


def evil_of(tree):
    """The signed assertion for Mallory's own self, and a copy that says Alice and bears no signature."""
    copy = deepcopy(tree.find(f"{A}Assertion"))
    copy.set("ID", "_evil")
    copy.remove(copy.find("ds:Signature", idp.NS))
    copy.find(f".//{A}NameID").text = "s-alice"
    copy.find(f".//{A}AttributeValue").text = "alice@acme.example"
    return copy


def in_front(tree, evil, good):
    tree.insert(list(tree).index(good), evil)


def behind(tree, evil, good):
    tree.append(evil)


def in_extensions(tree, evil, good):
    """XSW: the signed one inside p:Extensions, the evil one in its place."""
    tree.replace(good, evil)
    box = etree.Element(f"{P}Extensions")
    box.append(good)
    tree.insert(1, box)


def inside_evil(tree, evil, good):
    """The signed one inside the evil one."""
    tree.replace(good, evil)
    evil.append(good)


def round_good(tree, evil, good):
    """The evil one bears the signature, which holds the signed one in ds:Object."""
    signature = good.find("ds:Signature", idp.NS)
    good.remove(signature)
    tree.replace(good, evil)
    evil.insert(1, signature)
    box = etree.SubElement(signature, f"{{{idp.DS}}}Object")
    box.append(good)


def same_id(tree, evil, good):
    evil.set("ID", good.get("ID"))
    tree.insert(list(tree).index(good), evil)


def signature_moved(tree, evil, good):
    """The evil one bears a copy of the signature, which still refers to the good one."""
    evil.insert(1, deepcopy(good.find("ds:Signature", idp.NS)))
    tree.insert(list(tree).index(good), evil)


def a_response_in_a_response(tree, evil, good):
    outer = deepcopy(tree)
    tree.replace(good, evil)
    box = etree.Element(f"{P}Extensions")
    box.append(outer)
    tree.insert(1, box)


WRAPPED = (
    in_front, behind, in_extensions, inside_evil, round_good, same_id, signature_moved, a_response_in_a_response,
)  # fmt: skip


@pytest.mark.parametrize("wrap", WRAPPED, ids=lambda one: one.__name__)
def test_a_signature_wrapped_round_another_assertion(browser, acme, alice, ours, theirs, wrap):
    said = asked(browser, ours) | {"subject": "s-mallory", "values": {"emailaddress": "mallory@acme.example"}}
    tree = theirs.signed(theirs.tree(**said))
    wrap(tree, evil_of(tree), tree.find(f"{A}Assertion"))
    page = post(browser, ours, tree)
    assert page.status_code == 403, wrap
    assert who(browser) is None
    with pen_scope(acme):
        assert not Identity.objects.exists()


@pytest.mark.parametrize(
    "text",
    [
        b"", b"hello", b"<a/>", b"\xff\xfe", b"<p:Response xmlns:p='urn:oasis:names:tc:SAML:2.0:protocol'/>",
        b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
        b'<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><a>&b;</a>',
    ],
)  # fmt: skip
def test_what_is_no_response_at_all(browser, ours, text):
    page = browser.post(f"/sign-in/{ours.outside_id}/acs/", {"SAMLResponse": base64.b64encode(text).decode()})
    assert page.status_code == 403 and "root:" not in page.content.decode()
    raw = browser.post(f"/sign-in/{ours.outside_id}/acs/", {"SAMLResponse": "%%%" + text.decode("latin-1")})
    assert raw.status_code == 403
    assert (
        browser.post(f"/sign-in/{ours.outside_id}/acs/", {"SAMLResponse": "A" * 400_001}).status_code == 403
    )


def test_an_assertion_for_one_company_is_none_for_another(browser, acme, alice, other, oscar, ours, theirs):
    prove(other, "other.example")
    second = by_saml(other, theirs, domains=("other.example",))  # the same IdP, two companies
    tree = theirs.signed(theirs.tree(**asked(browser, ours)))
    page = Client().post(f"/sign-in/{second.outside_id}/acs/", idp.posted(tree))
    refused(browser, second, page, NOT_TRUSTED)


def test_a_second_factor_there_counts_by_its_context(browser, acme, alice, theirs):
    prove(acme, "acme.example")
    row = by_saml(acme, theirs, factor="theirs", proofs=["https://refeds.org/profile/mfa"])
    acme.second_factor = True
    acme.save()
    for contexts, asks in (((), True), (("https://refeds.org/profile/mfa",), False)):
        client = Client()
        post(client, row, theirs.signed(theirs.tree(**asked(client, row), contexts=contexts)))
        assert client.post("/publish/", {"about": "x"})["Location"].startswith("/second-factor/") is asks


def test_metadata_that_is_none_is_said_so(theirs):
    for text in (b"", b"<html/>", b"not xml", theirs.metadata().replace("X509Certificate", "X").encode()):
        with pytest.raises(Refused):
            saml.read_metadata(text, inside=False)
    inside_url = theirs.metadata().replace("https://idp.acme.example/sso", "https://10.0.0.1/sso")
    with pytest.raises(Refused, match="leads inside"):
        saml.read_metadata(inside_url.encode(), inside=False)


def test_without_the_extra_the_pages_say_what_to_install(signed_in, browser, ours, monkeypatch):
    monkeypatch.setattr(saml, "find_spec", lambda name: None)
    assert "stationer[saml]" in signed_in.get("/settings/sign-in/new/?kind=saml").content.decode()
    browser.post(f"/sign-in/{ours.outside_id}/")
    assert "stationer[saml]" in browser.get(f"/sign-in/{ours.outside_id}/").content.decode()


def test_an_owner_brings_its_metadata_in_as_a_file(signed_in, acme, theirs):
    def send(text, **said):
        file = SimpleUploadedFile("metadata.xml", text.encode())
        return signed_in.post("/settings/sign-in/new/?kind=saml", {"name": "Ours", "file": file, **said})

    assert "It cannot be used" in send("<html/>").content.decode()
    page = signed_in.post("/settings/sign-in/new/?kind=saml", {"name": "Ours"}).content.decode()
    assert "Say where its metadata is, or choose the file." in page
    answer = send(theirs.metadata(), vouched="on")
    with pen_scope(acme):
        row = Provider.objects.get()
        assert (row.kind, row.issuer, row.vouched, row.way) == ("saml", idp.ENTITY, True, "off")
    assert f"/sign-in/{row.outside_id}/acs/" in signed_in.get(answer["Location"]).content.decode()
