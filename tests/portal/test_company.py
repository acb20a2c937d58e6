"""A company file comes in whole or not at all, twice as once, and goes out again as it came."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

import stationer.cli
from stationer.pick import company
from stationer.portal.content.exporting import company_of
from stationer.portal.content.importing import bring_in
from stationer.portal.content.models import Asset, Campaign, Message, Template
from stationer.portal.people.models import Group, Member, Pen
from stationer.portal.people.scope import pen_scope
from stationer.portal.publishing.publish import publish
from tests.portal.pictures import png

pytestmark = pytest.mark.django_db
EXAMPLE = (Path(stationer.cli.__file__).parent / "examples" / "company.yaml").read_text("utf-8")


def bring(text, pictures=None, **more):
    pen, changes = bring_in(company.read(text), pictures=pictures or {}, lists={}, **more)
    return pen, [str(change) for change in changes]


def test_the_example_becomes_a_company_that_can_be_published(portal):
    pen, said = bring(EXAMPLE)
    assert "added person alice@harbourdental.example" in said
    with pen_scope(pen):
        assert Member.objects.count() == 2
        assert {row.key for row in Template.objects.all()} == {"dentists", "house"}
        assert set(Campaign.objects.values_list("state", flat=True)) == {"live"}
    assert publish(pen, None).serial == 1


def test_the_same_file_again_changes_nothing(portal):
    pen, _ = bring(EXAMPLE)
    again, said = bring(EXAMPLE)
    assert (again, said) == (pen, [])


def test_a_changed_file_brings_rows_up_to_date(portal):
    pen, _ = bring(EXAMPLE)
    _, said = bring(EXAMPLE.replace("Straighter teeth", "Whiter teeth").replace("Practice manager", "Owner"))
    assert said == ["changed person alice@harbourdental.example", "changed message invitation"]
    with pen_scope(pen):
        assert Message.objects.get(key="invitation").source["values"]["headline"].startswith("Whiter")


def test_a_file_comes_into_the_pen_that_is_named(acme, portal):
    pen, _ = bring(EXAMPLE, pen=acme)
    assert pen == acme
    assert Pen.objects.count() == 1


def test_pictures_become_assets(portal):
    text = EXAMPLE.replace("# pictures:  ", "pictures:  ").replace("#   smile:", "  smile:")
    pen, said = bring(text, {"smile": png()})
    assert "added picture smile" in said
    _, said = bring(text, {"smile": png(3, 3)})
    assert said == ["changed picture smile"]
    with pen_scope(pen):
        assert Asset.objects.get().name == "smile"


def test_a_wrong_file_changes_nothing_and_says_every_error_with_its_line(portal):
    text = EXAMPLE.replace("phone: 01632 960 140", "Job Title: Boss").replace("bob@", "b ob@")
    with pytest.raises(company.CompanyErrors) as caught:
        bring(text)
    assert all(problem.line for problem in caught.value.problems)
    assert Pen.objects.count() == 0


def test_what_only_the_database_knows_is_wrong_undoes_everything(acme, portal):
    with pen_scope(acme):
        Template.objects.create(name="Old", fallback=True)
    with pytest.raises(company.CompanyErrors) as caught:
        bring(EXAMPLE, pen=acme)
    (problem,) = caught.value.problems
    assert (problem.where, EXAMPLE.splitlines()[problem.line - 1].strip()) == ("templates/house", "house:")
    with pen_scope(acme):
        assert Template.objects.count() == 1
        assert not Group.objects.exists()
        assert not Member.objects.exists()


def test_what_went_out_comes_in_again_without_a_change(portal):
    text = EXAMPLE.replace("# pictures:  ", "pictures:  ").replace("#   smile:", "  smile:")
    pen, _ = bring(text, {"smile": png()})
    said, files = company_of(pen)
    assert list(files.values()) == [png()]
    out = yaml.safe_dump(said, allow_unicode=True, sort_keys=False)
    again, changed = bring(out, {"smile": png()})
    assert (again, changed) == (pen, [])


def test_the_companys_clock_comes_in_and_goes_out_and_no_schedule_changes_its_own(portal):
    pen, _ = bring(EXAMPLE)
    assert Pen.objects.get().zone == "Europe/London"
    with pen_scope(pen):
        Campaign.objects.create(
            name="By UTC", key="utc", rule={"when": {"hours": "09:00-17:00"}}, state="live"
        )
    said, _ = company_of(pen)
    assert said["pen"]["zone"] == "Europe/London"
    bring(yaml.safe_dump(said, allow_unicode=True, sort_keys=False))
    with pen_scope(pen):
        assert Campaign.objects.get(key="utc").wire_rule().when.zone == "UTC"


def test_a_zone_that_is_none_is_told_and_changes_nothing(portal):
    with pytest.raises(company.CompanyErrors) as caught:
        bring(EXAMPLE.replace("Europe/London", "Europe/Lundun"))
    assert "Europe/Lundun" in str(caught.value)
    assert Pen.objects.count() == 0
