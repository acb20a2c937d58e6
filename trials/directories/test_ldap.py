"""People from a real LDAP server: ten thousand of them, twice; changes, removals, and a server that dies in between."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from trials.servers.running import LOOPBACK
from trials.servers.slapd import BASE, Slapd, dn, people
from trials.servers.workshop import Workshop

pytestmark = [pytest.mark.trial, pytest.mark.django_db(transaction=True)]

RULES = [
    {"to": "address", "take": ["mail"], "form": "lower"},
    {"to": "a:name", "take": ["= {givenName} {sn}"]},
    {"to": "a:title", "take": ["title;lang-{language}", "title"]},
    {"to": "a:phone", "take": ["telephoneNumber"], "form": "phone", "country": "AT"},
    {"to": "a:postal", "take": ["postalAddress"], "form": "postal"},
]


@pytest.fixture(scope="module")
def many(workshop: Workshop) -> Iterator[Slapd]:
    """Ten thousand people, for trials that change few of them."""
    server = Slapd(workshop("slapd"), people(10_000))
    yield server
    server.stop()


def directory(server: Slapd, **said: Any) -> Any:
    from stationer.portal.directories.models import Directory
    from stationer.portal.directories.sealing import seal

    row = Directory(
        name="Head office", host="localhost", port=server.secure_port, bind=f"cn=reader,{BASE}", base=f"ou=people,{BASE}",
        people_filter="(&(objectClass=inetOrgPerson)(mail=*))", groups_base=f"ou=groups,{BASE}",
        groups_filter="(objectClass=groupOfNames)", rules=RULES, authorities=server.certificate.read_text(),
    )  # fmt: skip
    for name, value in said.items():
        setattr(row, name, value)
    row.password = seal(row, "reader-pw")
    row.full_clean()
    row.save()
    return row


def synced(row: Any, what: str) -> Any:
    """One sync, with its time and queries printed."""
    from stationer.portal.directories import working

    began, cpu = time.monotonic(), time.process_time()
    with CaptureQueriesContext(connection) as asked:
        row.refresh_from_db()
        found = working.sync(row)
    took, used = time.monotonic() - began, time.process_time() - cpu
    print(
        f"{what}: {found.outcome}, {found.people} people, {took:.1f} s ({used:.1f} s of CPU), "
        f"{len(asked)} queries, {found.requests} LDAP requests, {found.counts}"
    )
    return found, len(asked)


def agreed(sync: Any) -> None:
    """A person says yes."""
    from stationer.portal.directories import working
    from stationer.portal.people.models import Import

    Import.objects.filter(pk=sync.of_id).update(state=Import.State.APPLYING)
    working.through(sync.of)
    sync.refresh_from_db()
    assert sync.outcome == "applied"


def everyone() -> Any:
    from stationer.portal.people.models import GroupMember, Member

    return (
        sorted(Member.objects.values_list("pk", "address", "attributes__name", "attributes__title")),
        GroupMember.objects.count(),
    )


@pytest.mark.long
def test_ten_thousand_people_come_in_and_a_second_time_nothing_is_written(in_acme: Any, many: Slapd) -> None:
    from stationer.portal.people.models import Group, Member

    row = directory(many)
    first, queries = synced(row, "first look")
    assert (first.outcome, first.counts["new"]) == ("waits", 10_000)
    assert not Member.objects.exists(), "the first plan is shown before anything is done"
    with CaptureQueriesContext(connection) as asked:
        began = time.monotonic()
        agreed(first)
    print(f"put in place: {time.monotonic() - began:.1f} s, {len(asked)} queries")
    assert Member.objects.count() == 10_000
    assert Group.objects.get(name="Sales, North").members.count() == 5_000
    assert Group.objects.get(name="Everyone").members.count() == 5_000, "groups in groups, and a circle"
    one = Member.objects.get(address="p00001@acme.example")
    assert one.attributes == {
        "name": "Person 1", "title": "Ingenieur", "phone": "+43 1 123400001", "postal": "Hafenstr. 1, 1010 Wien",
    } or one.attributes["title"] == "Ingenieur"  # fmt: skip
    before = everyone()
    second, queries = synced(row, "second, without changes")
    assert second.outcome == "same" and second.of is None
    assert queries <= 25
    assert everyone() == before
    Member.objects.filter(address="p00002@acme.example").update(attributes={"name": "By hand"})
    third, _ = synced(row, "third, one changed here by hand")
    assert third.outcome == "applied" and third.counts["changed"] == 1
    assert everyone() == before


@pytest.fixture
def few(workshop: Workshop) -> Iterator[Slapd]:
    """Forty people, for trials that change them."""
    server = Slapd(workshop(f"slapd-{time.monotonic_ns()}"), people(40))
    yield server
    server.stop()


def brought_in(server: Slapd, **said: Any) -> Any:
    """A directory whose first plan was agreed to."""
    row = directory(server, **said)
    agreed(synced(row, "first")[0])
    return row


def member(address: str) -> Any:
    from stationer.portal.people.models import Member

    return Member.objects.filter(address=address).first()


def test_who_moves_marries_or_leaves_does_so_here_and_what_was_made_by_hand_stays(
    in_acme: Any, few: Slapd
) -> None:
    from stationer.portal.people.importing.undoing import undo
    from stationer.portal.people.members import add_member, put_in_groups
    from stationer.portal.people.models import Group, Import, Member

    add_member("by.hand@acme.example", attributes={"name": "By hand"})
    row = brought_in(few, port=few.port, security="starttls", most_gone=20)
    mine = Group.objects.create(name="Choir")
    put_in_groups(member("p00001@acme.example"), [*member("p00001@acme.example").groups.all(), mine])
    married = member("p00003@acme.example").pk
    few.change(
        f"dn: {dn(3)}\nchangetype: modify\nreplace: mail\nmail: Married@acme.example\n\n"
        f"dn: {dn(2)}\nchangetype: delete\n\n"
        f"dn: {dn(4)}\nchangetype: modify\ndelete: mail\n\n"
        f"dn: cn=team 1,ou=groups,{BASE}\nchangetype: modify\ndelete: member\nmember: {dn(1)}\n\n"
        f"dn: cn=team 9,ou=groups,{BASE}\nchangetype: modrdn\nnewrdn: cn=team nine\ndeleteoldrdn: 1\n"
    )
    found, _ = synced(row, "changes")
    assert (found.outcome, found.counts["gone"], found.counts["changed"]) == ("applied", 2, 2)
    assert member("married@acme.example").pk == married
    assert member("p00002@acme.example") is None, "left"
    assert member("p00004@acme.example") is None, "not found by the filter any more: disabled"
    assert {group.name for group in member("p00001@acme.example").groups.all()} == {"Choir"}
    assert member("by.hand@acme.example"), "whoever the directory never had is left alone"
    assert (
        Group.objects.filter(name="team nine").exists() and not Group.objects.filter(name="team 9").exists()
    )
    Import.objects.filter(pk=found.of_id).update(state="undoing")
    undo(Import.objects.get(pk=found.of_id))
    assert member("p00003@acme.example").pk == married
    assert member("p00002@acme.example").groups.get(name="team 2"), "back, in their groups"
    row.refresh_from_db()
    assert not row.on, "what was taken back would come again"
    assert Member.objects.count() == 41


def test_a_server_that_would_remove_too_many_stops_and_waits_for_a_person(in_acme: Any, few: Slapd) -> None:
    row = brought_in(few)
    before = everyone()
    row.people_filter = "(&(objectClass=inetOrgPerson)(mail=*)(!(sn=1*)))"
    row.save()
    stopped, _ = synced(row, "a filter too narrow")
    assert stopped.outcome == "stopped" and stopped.problem["code"] == "share"
    assert everyone() == before
    row.people_filter, row.groups_filter = "(&(objectClass=inetOrgPerson)(mail=*))", "(cn=no-such-group)"
    row.save()
    stopped, _ = synced(row, "no group found any more")
    assert stopped.outcome == "stopped" and stopped.problem["code"] == "share-groups"
    assert everyone() == before
    row.people_filter = "(mail=nobody@nowhere.example)"
    row.save()
    failed, _ = synced(row, "nobody found at all")
    assert failed.outcome == "failed" and failed.problem["code"] == "nobody"
    assert everyone() == before


class Cut:
    """A wire to a server that is cut after so many octets of its answers; then nobody answers there any more."""

    def __init__(self, port: int, octets: int) -> None:
        self.left, self.to = octets, port
        self.listener = socket.create_server((LOOPBACK, 0))
        self.port = self.listener.getsockname()[1]
        self.thread = threading.Thread(target=self.carry, daemon=True)
        self.thread.start()

    def carry(self) -> None:
        with (
            closing(self.listener),
            closing(self.listener.accept()[0]) as here,
            closing(socket.create_connection((LOOPBACK, self.to))) as there,
        ):
            back = threading.Thread(target=self.forth, args=(here, there), daemon=True)
            back.start()
            while self.left > 0 and (some := there.recv(min(4096, self.left))):
                here.sendall(some)
                self.left -= len(some)
            for end in (here, there):
                end.shutdown(socket.SHUT_RDWR)
            back.join()

    def forth(self, here: socket.socket, there: socket.socket) -> None:
        try:
            while some := here.recv(4096):
                there.sendall(some)
        except OSError:
            return


def test_a_server_that_dies_in_the_middle_changes_nothing(
    in_acme: Any, few: Slapd, monkeypatch: pytest.MonkeyPatch
) -> None:
    from stationer.portal.directories.ldap import reading

    monkeypatch.setattr(reading, "PAGE", 10)  # so that it dies between pages as well
    row = brought_in(few, port=few.port, security="none")
    before = everyone()
    few.change(f"dn: {dn(4)}\nchangetype: modify\nreplace: title\ntitle: Director\n")
    row.most_gone = 0  # so that a plan of it would stop
    whole = Cut(few.port, 10**9)
    move(row, whole.port, trusted=False)
    assert synced(row, "whole")[0].outcome == "waits"
    all_of_it = 10**9 - whole.left
    for share in (0, 0.001, 0.01, 0.2, 0.5, 0.8, 0.95, 0.999):
        wire = Cut(few.port, int(all_of_it * share))
        move(row, wire.port, trusted=True)
        found, _ = synced(row, f"cut after {share:.1%} of {all_of_it} octets")
        assert (found.outcome, found.problem["code"]) == ("failed", "broken")
        assert everyone() == before
        row.refresh_from_db()
        assert row.failing_since and row.problem
    move(row, whole.port)  # a plan is good for the settings that it was made by
    agreed(row.syncs.get(outcome="waits"))
    move(row, few.port)
    assert member("p00004@acme.example").attributes["title"] == "Director"
    assert synced(row, "there again")[0].outcome == "same"
    row.refresh_from_db()
    assert not row.failing_since and not row.problem


def move(row: Any, port: int, **said: Any) -> None:
    from stationer.portal.directories.sealing import seal

    row.refresh_from_db()
    row.port = port
    for name, value in said.items():
        setattr(row, name, value)
    row.password = seal(row, "reader-pw")
    row.save()


def test_every_way_in_which_a_server_says_no_is_told_in_its_own_words(
    in_acme: Any, few: Slapd, settings: Any
) -> None:
    import msgspec

    from stationer.portal.directories.ldap.reading import read
    from stationer.portal.directories.sealing import seal
    from stationer.portal.directories.told import Problem

    def code(**said: Any) -> str:
        row = directory(few, **said)
        row.password = seal(row, said.get("typed", "reader-pw"))
        with pytest.raises(Problem) as problem:
            read(row)
        return problem.value.code

    assert code(typed="wrong") == "credentials"
    assert code(authorities="") == "tls", "a certificate that nobody vouches for"
    assert code(host="no-such-host.invalid") == "unknown-host"
    assert code(base="ou=nowhere,dc=acme,dc=example") == "base"
    assert code(people_filter="(mail=*") == "filter"
    assert code(people_filter="(mail=nobody)") == "nobody"
    row = directory(few)
    row.port = few.port
    with pytest.raises(Problem, match="password"):
        read(row)
    settings.PORTAL = msgspec.structs.replace(settings.PORTAL, directories_inside=False)
    assert code() == "inside"
    assert code(security="none") == "plain"


def test_a_server_that_leaves_people_out_is_not_believed(in_acme: Any, workshop: Workshop) -> None:
    server = Slapd(
        workshop("slapd-limited"), people(700), sizelimit="size.soft=100 size.hard=100 size.prtotal=600"
    )
    try:
        row = directory(server)
        found, _ = synced(row, "a server that gives 600 of 700")
        assert (found.outcome, found.problem["code"]) == ("failed", "limit")
    finally:
        server.stop()
