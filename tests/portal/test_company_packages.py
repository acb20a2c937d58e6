"""What packages say, in the company file: it comes in, goes out, and stays where only the name is said."""

from __future__ import annotations

import pytest

from stationer.pick import company
from stationer.portal.company.merging import back
from stationer.portal.company.writing import as_it_is
from stationer.portal.content.exporting import as_written, said_of
from stationer.portal.content.importing import bring_in
from stationer.portal.people.models import Package
from stationer.portal.people.pens import terms_of
from stationer.portal.people.scope import pen_scope

pytestmark = pytest.mark.django_db
HEAD = "pen: {id: x, name: ACME, domains: acme.example}\n"
TERMS = """packages:
- employees
- {name: partners, rights: [answer, write], disclaimer: Not for others., most_octets: 1000000, messages_a_day: 20,
   retention_days: 90, level: 2}
"""
MEANT = {
    "rights": ["answer", "write"],
    "disclaimer": "Not for others.",
    "most_octets": 1_000_000,
    "messages_a_day": 20,
    "retention_days": 90,
    "level": 2,
    "guests": False,
}


def bring(pen, text):
    """The file comes in; what it changes, in words."""
    _pen, changes = bring_in(company.read(text), pen=pen, pictures={}, lists={})
    return [str(change) for change in changes]


def of(pen, name):
    """All that a package says."""
    with pen_scope(pen):
        return terms_of(Package.objects.get(name=name))


def test_it_comes_in_goes_out_and_stays_where_only_the_name_is_said(acme):
    assert "added package partners" in bring(acme, HEAD + TERMS)
    assert of(acme, "partners") == MEANT
    with pen_scope(acme):
        out = as_it_is()
    assert "- employees\n" in out and "- guests\n" in out and "name: partners" in out
    assert bring(acme, out) == []
    assert bring(acme, HEAD + "packages: [employees, partners]\n") == []
    assert bring(acme, HEAD + "packages: [{name: partners, level: 3}]\n") == ["changed package partners"]
    assert of(acme, "partners") == terms_of(Package(name="partners", level=3))


def test_rights_in_another_order_are_the_same(acme):
    bring(acme, HEAD + TERMS)
    assert bring(acme, HEAD + TERMS.replace("[answer, write]", "[write, answer]")) == []


def test_guests_pass_from_one_package_to_another_and_are_never_of_two(acme):
    two = HEAD + "packages: [{name: visitors, guests: true, rights: answer}]\n"
    with pytest.raises(company.CompanyErrors, match="both decide of guests"):
        bring(acme, two)
    bring(acme, two.replace("}]\n", "}, {name: guests, guests: false}]\n"))
    assert of(acme, "visitors")["guests"] and not of(acme, "guests")["guests"]
    bring(acme, HEAD + "packages: [{name: visitors}, {name: guests}]\n")
    assert of(acme, "guests")["guests"] and not of(acme, "visitors")["guests"]
    assert "seal" not in of(acme, "guests")["rights"]


@pytest.mark.parametrize(
    "said",
    ["level: 4", "level: 0", "retention_days: -1", "retention_days: 99999", "rights: [fly]", "wings: 2"],
)
def test_what_no_package_may_say_is_told_and_nothing_is_kept(acme, said):
    with pytest.raises(company.CompanyErrors):
        bring(acme, HEAD + f"packages: [employees, {{name: partners, {said}}}]\n")
    with pen_scope(acme):
        assert not Package.objects.filter(name="partners").exists()


def test_taken_back_it_is_as_it_came_unless_somebody_changed_it_since(acme):
    def now():
        with pen_scope(acme):
            return said_of(as_written())

    bring(acme, HEAD + "packages: [employees, partners, friends]\n")
    before = now()
    bring(acme, HEAD + "packages: [{name: partners, level: 2}, {name: friends, level: 2}]\n")
    after = now()
    bring(acme, HEAD + "packages: [{name: friends, level: 3}]\n")
    merged = back(before, after, now())
    assert merged.left == ["friends"]
    said = {one["name"]: one for one in merged.said["packages"]}
    assert said["partners"] == {"name": "partners"} and said["friends"] == {"name": "friends", "level": 3}
