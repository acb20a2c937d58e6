"""Directories without a server: what one says becomes a plan, and the plan changes its own people and nobody else."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from stationer.portal.audit.models import Entry
from stationer.portal.directories import sealing, working
from stationer.portal.directories.ldap.guarding import look_up
from stationer.portal.directories.ldap.reading import normal_dn
from stationer.portal.directories.models import Directory, Linked, Sync
from stationer.portal.directories.nesting import places
from stationer.portal.directories.told import Person, Problem, Team, Whole
from stationer.portal.directories.transforms import Rule, asked, rules_of
from stationer.portal.people import scope
from stationer.portal.people.importing import work as imports
from stationer.portal.people.members import add_member
from stationer.portal.people.models import Group, Import, Member

pytestmark = pytest.mark.django_db(transaction=True)

RULES = [
    {"to": "address", "take": ["mail"], "form": "lower"},
    {"to": "a:name", "take": ["cn"]},
    {"to": "a:title", "take": ["title"]},
]


@dataclass
class World:
    """A directory as it is now: people by id, groups by name."""

    people: dict[str, dict[str, list[str]]] = field(default_factory=dict)
    groups: dict[str, set[str]] = field(default_factory=dict)
    broken: bool = False

    def read(self, row):
        if self.broken:
            raise Problem("broken", said="cut")
        teams = [Team(f"g-{n}", f"g-{n}", n, frozenset(who), frozenset()) for n, who in self.groups.items()]
        return Whole([Person(uid, uid, said) for uid, said in self.people.items()], teams, 1)


@pytest.fixture
def world(monkeypatch):
    made = World()
    monkeypatch.setattr(working, "read", made.read)
    return made


def directory(**said):
    row = Directory(
        **{
            "name": "Head office",
            "host": "dc.invalid",
            "base": "dc=x",
            "people_filter": "(mail=*)",
            "rules": RULES,
        }
        | said
    )
    row.full_clean()
    row.save()
    return row


def said(n, **more):
    return {"mail": [f"p{n}@acme.example"], "cn": [f"Person {n}"]} | more


def read(row, *, agree=False):
    row.refresh_from_db()
    one = working.sync(row)
    if agree:
        Import.objects.filter(pk=one.of_id).update(state="applying")
        working.through(one.of)
        one.refresh_from_db()
    return one


def people():
    return {m.address: (m.attributes, sorted(g.name for g in m.groups.all())) for m in Member.objects.all()}


def test_the_first_plan_waits_for_a_person_and_later_ones_go_on_by_themselves_in_one_line_of_the_audit(
    in_acme, world
):
    world.people = {str(n): said(n) for n in range(20)}
    world.groups = {"Sales": {"0", "1"}}
    row = directory()
    assert read(row).outcome == "waits" and not Member.objects.exists()
    assert read(row).outcome == "same", "the plan that waits is this one"
    assert Sync.objects.filter(outcome="waits").count() == 1
    waits = Sync.objects.get(outcome="waits")
    Import.objects.filter(pk=waits.of_id).update(state="applying")
    working.through(waits.of)
    before = Entry.objects.count()
    assert len(people()) == 20 and people()["p1@acme.example"] == ({"name": "Person 1"}, ["Sales"])
    assert read(row).outcome == "same" and Entry.objects.count() == before
    world.people["5"] = said(5, title=["Chief"])
    assert read(row).outcome == "applied"
    (line,) = Entry.objects.all()[: Entry.objects.count() - before]
    assert (line.what, line.noun, line.count, line.via) == ("imported", "directory", 1, "server")


def test_a_person_here_with_that_address_is_that_person_and_details_without_a_rule_are_left_alone(
    in_acme, world
):
    mine = add_member("p1@acme.example", attributes={"name": "By hand", "shoe_size": "42", "title": "Old"})
    world.people = {"1": said(1)}
    read(directory(), agree=True)
    mine.refresh_from_db()
    assert mine.attributes == {"name": "Person 1", "shoe_size": "42"}
    assert Linked.objects.get().member_id == mine.pk


def test_a_wrong_person_stays_as_they_are_and_does_not_keep_others_from_leaving(in_acme, world):
    row = directory(most_gone=50)
    world.people = {str(n): said(n) for n in range(6)}
    read(row, agree=True)
    world.people["1"]["mail"] = ["no address"]
    del world.people["2"]
    one = read(row)
    assert (one.outcome, one.counts["wrong"], one.counts["gone"]) == ("applied", 1, 1)
    assert "p1@acme.example" in people() and "p2@acme.example" not in people()
    assert read(row).outcome == "same"


def test_two_who_exchange_their_addresses_are_told_and_nobody_gets_anothers_mail(in_acme, world):
    row = directory()
    world.people = {"1": said(1), "2": said(2), "3": said(3)}
    read(row, agree=True)
    before = dict(Member.objects.values_list("address", "pk"))
    world.people["1"]["mail"], world.people["2"]["mail"] = ["p2@acme.example"], ["p1@acme.example"]
    one = read(row)
    assert one.counts["wrong"] == 2
    assert dict(Member.objects.values_list("address", "pk")) == before


def test_whoever_can_sign_in_is_never_taken_out(in_acme, alice, world):
    row = directory(most_gone=100)
    world.people = {"1": said(1), "2": {"mail": ["alice@acme.example"], "cn": ["Alice"]}}
    read(row, agree=True)
    world.people = {"3": said(3)}
    one = read(row)
    assert (one.outcome, one.counts["gone"], one.counts["kept"]) == ("applied", 1, 1)
    assert set(people()) == {"alice@acme.example", "p3@acme.example"}


def test_two_directories_do_not_pull_at_one_person(in_acme, world):
    world.people = {"1": said(1)}
    read(directory(), agree=True)
    second = read(directory(name="Branch"))
    assert second.counts["wrong"] == 1
    world.people = {"9": said(9)}
    read(Directory.objects.get(name="Branch"), agree=True)
    assert set(people()) == {"p1@acme.example", "p9@acme.example"}


def test_groups_of_the_directory_are_exact_for_its_people_and_any_name_is_one_name(in_acme, world):
    row = directory(most_gone=100)
    choir = Group.objects.create(name="Choir")
    world.people = {"1": said(1), "2": said(2)}
    world.groups = {"Sales; North, | West": {"1", "2"}}
    read(row, agree=True)
    member = Member.objects.get(address="p1@acme.example")
    member.groups.add(choir)
    world.groups = {"Sales; North, | West": {"2"}}
    assert read(row).outcome == "applied"
    assert people()["p1@acme.example"][1] == ["Choir"]
    world.groups = {}
    assert read(row).outcome == "applied"
    assert people()["p2@acme.example"][1] == [] and Group.objects.count() == 2, "emptied, not dissolved"


def test_a_directory_that_cannot_be_read_says_so_is_tried_again_and_changes_nothing(in_acme, world):
    row = directory()
    world.people = {"1": said(1)}
    read(row, agree=True)
    before = people()
    world.broken = True
    assert read(row).outcome == "failed"
    row.refresh_from_db()
    assert row.failing_since and row.next_at and people() == before
    world.broken = False
    assert read(row).outcome == "same"
    row.refresh_from_db()
    assert row.failing_since is None


def test_the_worker_takes_what_is_due_once_and_a_plan_that_somebody_forgot_is_over(in_acme, world):
    world.people = {"1": said(1)}
    row = directory()
    token = scope._scope.set(None)
    try:
        assert working.turn() == 1
        assert working.turn() == 0
    finally:
        scope._scope.reset(token)
    one = row.syncs.get()
    assert one.outcome == "waits"
    imports.drop(one.of)
    one.refresh_from_db()
    working.settle(one)
    assert one.outcome == "forgotten"


def test_a_sync_whose_worker_was_killed_is_over_as_soon_as_another_takes_the_directory(in_acme, world):
    world.people = {"1": said(1)}
    row = directory()
    dead = Sync.objects.create(directory=row)
    assert working.claim(row.pk) is not None
    dead.refresh_from_db()
    assert (dead.outcome, dead.problem, dead.ended_at is None) == ("failed", {"code": "killed"}, False)


def test_the_password_opens_only_where_it_was_typed_for(in_acme):
    row = directory()
    row.password = sealing.seal(row, "s3cret")
    assert sealing.password_of(row) == "s3cret" and b"s3cret" not in bytes(row.password)
    row.host = "evil.example"
    with pytest.raises(Problem, match="password"):
        sealing.password_of(row)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "10.0.0.1", "::1", "169.254.169.254"])
def test_a_directory_is_not_inside_this_network_unless_the_installation_says_so(portal, host):
    with pytest.raises(Problem, match="inside"):
        look_up(host, 636)


# ── rules ──

ANNA = {
    "mail": ["Anna@X.example"],
    "givenname": ["Anna"],
    "sn": ["O'Neil"],
    "title": ["Engineer"],
    "title;lang-de": ["Ingenieurin"],
    "preferredlanguage": ["de-AT, en;q=0.5"],
    "telephonenumber": ["030 1234567", "+1 650 253 0000"],
    "c": ["DE"],
    "proxyaddresses": ["SMTP:anna@x.example", "smtp:a@x.example", "X500:/o=x"],
    "postaladdress": ["Hafenstr. 1$1010 Wien"],
    "empty": ["  "],
}


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ({"take": ["missing", "empty", "mail"], "form": "lower"}, ["anna@x.example"]),
        ({"take": ["= {givenName} {sn}"]}, ["Anna O'Neil"]),
        ({"take": ["= {givenName} {missing}", "sn"], "form": "upper"}, ["O'NEIL"]),
        ({"take": ["title;lang-{language}", "title"]}, ["Ingenieurin"]),
        ({"take": ["title;lang-{missing}", "title"], "words": {"ENGINEER": "Techniker"}}, ["Techniker"]),
        ({"take": ["telephoneNumber"], "form": "phone", "country": "{c}"}, ["+49 30 1234567", "+1 650-253-0000"]),
        ({"take": ["telephoneNumber"], "form": "national", "country": "DE"}, ["030 1234567", "(650) 253-0000"]),
        ({"take": ["sn"], "form": "phone", "country": "DE"}, ["O'Neil"]),
        ({"take": ["proxyAddresses"], "form": "addresses"}, ["anna@x.example", "a@x.example"]),
        ({"take": ["postalAddress"], "form": "postal"}, ["Hafenstr. 1, 1010 Wien"]),
        ({"take": ["= SENIOR engineer"], "form": "capitals"}, ["Senior Engineer"]),
        ({"take": ["missing"], "otherwise": "ACME"}, ["ACME"]),
        ({"take": ["missing"]}, []),
    ],
)  # fmt: skip
def test_a_rule_takes_the_first_that_there_is_and_writes_it_as_it_says(rule, said):
    made = rules_of([{"to": "address"}, {"to": "a:x", **rule}])[1]
    assert made.all_of(ANNA) == said


@pytest.mark.parametrize(
    "rules",
    [
        [],
        [{"to": "a:x"}],
        [{"to": "address"}, {"to": "address"}],
        [{"to": "address", "take": ["two words"]}],
        [{"to": "address", "form": "sideways"}],
        [{"to": "address", "surprise": 1}],
        [{"to": "address", "country": "Germany"}],
        [{"to": "password"}],
    ],
)
def test_what_is_no_rule_is_refused(rules):
    with pytest.raises(ValueError, match=r"."):
        rules_of(rules)


def test_only_what_rules_look_at_is_asked_of_the_server():
    rules = (
        Rule("a:x", ("title;lang-{language}", "= {givenName} {sn;lang-de}")),
        Rule("a:y", ("mail",), country="{c}"),
    )
    assert asked(rules) == ["c", "givenName", "mail", "preferredLanguage", "sn", "title"]


@given(st.lists(st.tuples(st.sets(st.sampled_from("abc")), st.sets(st.integers(0, 5))), max_size=6))
def test_groups_in_groups_end_whatever_points_where(teams):
    made = [
        Team(str(n), str(n), f"team {n}", frozenset(who), frozenset(map(str, inside)))
        for n, (who, inside) in enumerate(teams)
    ]
    found = places(made)
    for team in made:
        for person in team.people:
            assert team.id in found[person]
    for person, ids in found.items():
        inner = {team.id for team in made if set(ids) & team.teams}
        assert inner <= set(ids), person


def test_names_that_mean_the_same_are_the_same():
    assert normal_dn("CN=Sales\\, North, OU=groups,DC=x") == normal_dn("cn=Sales\\2C North,ou=Groups,dc=X")
    assert normal_dn("cn=a,ou=b") != normal_dn("cn=a\\,ou=b")
    assert normal_dn("nothing of the kind") == "nothing of the kind"


# ── pages ──


class Apart:
    """A browser whose requests open their own scope, in a test that has one open."""

    def __init__(self, client):
        self.client = client

    def ask(self, how, *args):
        token = scope._scope.set(None)
        try:
            return getattr(self.client, how)(*args)
        finally:
            scope._scope.reset(token)

    def get(self, *args):
        return self.ask("get", *args)

    def post(self, *args):
        return self.ask("post", *args)


@pytest.fixture
def owner(signed_in, in_acme):
    return Apart(signed_in)


@pytest.fixture
def readable(monkeypatch):
    from stationer.portal.directories import forms
    from stationer.portal.directories.views import page

    def sample(row, number=5):
        if row.host == "down.example":
            raise Problem("refused", said="timed out")
        return [Person("1", "1", ANNA), Person("2", "2", {"mail": ["nonsense"]})], 3

    monkeypatch.setattr(forms, "sample", sample)
    monkeypatch.setattr(page, "sample", sample)


FORM = {
    "name": "Head office", "kind": "ad", "host": "DC1.example.com", "security": "ldaps", "bind": "cn=reader",
    "bind_password": "s3cret", "base": "dc=example", "with_groups": "on",
}  # fmt: skip


def test_a_directory_is_kept_when_it_can_be_read_and_not_before(owner, readable):
    url = reverse("new-directory")
    answer = owner.post(url, FORM | {"host": "down.example"})
    assert "does not answer at this port" in answer.content.decode() and not Directory.objects.exists()
    answer = owner.post(url, FORM | {"bind_password": ""})
    assert "Type its password" in answer.content.decode()
    answer = owner.post(url, FORM)
    row = Directory.objects.get()
    assert answer.url == reverse("directory-rules", args=[row.outside_id])
    assert (row.host, row.port, sealing.password_of(row)) == ("dc1.example.com", 636, "s3cret")
    assert "userAccountControl" in row.people_filter and row.groups_filter == "(objectClass=group)"
    for page in (answer.url, reverse("directory-server", args=[row.outside_id])):
        assert "s3cret" not in owner.get(page).content.decode()
    edit = reverse("directory-server", args=[row.outside_id])
    kept = FORM | {"bind_password": "", "port": "636", "people_filter": row.people_filter}
    assert owner.post(edit, kept).status_code == 302
    moved = owner.post(edit, kept | {"host": "evil.example"})
    assert "Type its password" in moved.content.decode()
    row.refresh_from_db()
    assert row.host == "dc1.example.com"


def test_rules_are_shown_on_real_people_before_they_are_kept(owner, readable):
    row = directory()
    url = reverse("directory-rules", args=[row.outside_id])
    page = owner.get(url).content.decode()
    sent = dict(re.findall(r'name="(take_\d+)" value="([^"]*)"', page))
    title = re.search(r'<legend>Job title</legend>.*?name="(take_\d+)"', page, re.DOTALL)[1]
    looked = owner.post(url, sent | {title: "title;lang-{language}, title", "look": "1"}).content.decode()
    assert "Ingenieurin" in looked and "nonsense" in looked
    row.refresh_from_db()
    assert row.rules == RULES, "looking keeps nothing"
    wrong = owner.post(url, sent | {title: "two words", "form_0": "lower"}).content.decode()
    assert "is no name of an attribute" in wrong
    assert owner.post(url, sent | {title: "= Dr {sn}", "words": "Engineer = Techniker"}).status_code == 302
    row.refresh_from_db()
    assert {"to": "a:title", "take": ["= Dr {sn}"], "words": {"Engineer": "Techniker"}} in row.rules
    assert not row.trusted


def test_a_plan_is_looked_at_agreed_to_and_taken_back_on_pages(owner, world):
    world.people = {str(n): said(n) for n in range(3)}
    world.groups = {"Sales": {"1"}}
    row = directory()
    url = reverse("directory", args=[row.outside_id])
    assert "Not read yet" in owner.get(url).content.decode()
    one = read(row)
    page = owner.get(url).content.decode()
    assert "A plan waits for you" in page and one.of.outside_id in page
    plan = owner.get(reverse("import", args=[one.of.outside_id])).content.decode()
    assert "what the directory says otherwise" in plan and "columns" not in plan
    go = reverse("import-go", args=[one.of.outside_id])
    owner.post(go, {"do": "columns"})
    assert Import.objects.get().state == "checked"
    owner.post(go, {"do": "apply"})
    assert "p2@acme.example" in people()
    assert Entry.objects.filter(noun="directory", what="imported", via="page").exists()
    owner.post(go, {"do": "undo"})
    assert set(people()) == {"alice@acme.example"}
    assert "taken back" in owner.get(url).content.decode()
    row.refresh_from_db()
    assert not row.on
    owner.post(url, {"on": "1"})
    owner.post(url, {"every": "1440", "most_gone": "25"})
    row.refresh_from_db()
    assert (row.on, row.every, row.most_gone) == (True, 1440, 25)
    owner.post(url, {"typed": "head office"})
    assert not Directory.objects.exists() and "alice@acme.example" in people()
