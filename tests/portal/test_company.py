"""A company file comes in whole or not at all, twice as once, and goes out again as it came."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
import yaml
from django.core.exceptions import ValidationError

import stationer.cli
from stationer.cli.company import beside
from stationer.cli.snapshot import compile_company
from stationer.pick import company, pack
from stationer.portal.access.models import RollDue
from stationer.portal.access.roll import read
from stationer.portal.content.exporting import company_of
from stationer.portal.content.importing import bring_in, plain
from stationer.portal.content.models import Asset, Campaign, Message, Template
from stationer.portal.people.members import add_member
from stationer.portal.people.models import Group, Member, Pen
from stationer.portal.people.scope import pen_scope
from stationer.portal.publishing.defining import define, link_base
from stationer.portal.publishing.publish import publish
from stationer.wire.definition import Caps
from stationer.wire.roll import Roll
from stationer.wire.rules import Rule, Senders
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


RICH = """
pen: {id: rich, name: Rich, domains: [rich.example], zone: Europe/London}
management:
  hold_limit: 30s
  most_messages: 3
  slots: [signature, banner, footer]
  blackout:
    - {starts: 2026-12-24, ends: 2026-12-26, zone: Europe/Berlin}
    - {weekdays: sun, not_on: [works, 2026-11-29]}
  quiet_groups: [board]
  most_copies: 3
  pictures: embedded
partner:
  management: {most_messages: 2, mixed: copies, quiet_groups: [legal], blackout: {hours: 22:00-06:00}}
  locks: [mixed]
groups: {board: [], legal: []}
calendars: {works: [2026-12-24..2027-01-03], empty: []}
people:
  - {address: ann@rich.example, name: Ann, department: Sales, groups: board}
templates:
  sales:
    when: {senders: {where: {department: [Sales, " sales "], city: Truro}}, not_on: works}
    new: {signature: {shape: signature}}
  house: {fallback: true, new: {signature: {shape: signature}}}
campaigns:
  fair:
    priority: 1
    holdout: 15
    when:
      senders: {packages: employees, where: {department: Sales}}
      except_senders: {where: {city: [Truro]}}
      to: outside
      hours: 09:00-17:00
      not_on: [works, 2026-11-30]
    messages: {m: {content: {shape: note, words: Hello}}}
  tale:
    caps: {day: 1, ever: 9}
    cool_down_h: 36
    sequence: true
    stop_after_click: true
    messages:
      one: {content: {shape: note, words: Once}}
      two: {content: {shape: note, words: Twice}}
      three: {content: {shape: note, words: Thrice}}
"""


def snapshot_of(said):
    """The packed snapshot of a company file (as values)."""
    compiled, problems = compile_company(yaml.safe_dump(said, allow_unicode=True, sort_keys=False), Path())
    assert compiled is not None, problems
    return pack("snapshot", compiled, pen="pen", serial=1, made_at=1, private_key=None)


@pytest.mark.parametrize("text", [RICH, EXAMPLE])
def test_the_same_snapshot_comes_from_what_went_through_a_portal(portal, text):
    original = yaml.load(text, yaml.BaseLoader)
    pen, _ = bring(text)
    said, _ = company_of(pen)
    assert snapshot_of(said | {"pen": original["pen"]}) == snapshot_of(original)
    again, changed = bring(yaml.safe_dump(said, allow_unicode=True, sort_keys=False))
    assert (again, changed) == (pen, [])


def test_what_a_portal_publishes_has_the_settings_in_force(portal):
    pen, _ = bring(RICH)
    with pen_scope(pen):
        meant, compiled = define(pen)
    assert meant.management == company.read(RICH).management == compiled.management
    assert compiled.management.most_messages == 2 and compiled.management.quiet_groups == ("board", "legal")
    assert len(compiled.blackout) == 3 and meant.calendars["works"] == ("2026-12-24..2027-01-03",)
    assert [campaign.holdout for campaign in compiled.campaigns] == [15, 0]
    tale = compiled.campaigns[1]
    assert (tale.caps, tale.cool_down_h, tale.sequence, tale.stop_after_click) == (
        Caps(1, 0, 9),
        36,
        True,
        True,
    )
    assert [message.name for message in tale.messages] == ["one", "two", "three"]


def test_the_messages_of_a_sequence_stand_in_the_files_order_also_when_that_changes(portal):
    pen, _ = bring(RICH)
    one = "      one: {content: {shape: note, words: Once}}\n"
    three = "      three: {content: {shape: note, words: Thrice}}\n"
    moved = RICH.replace(one, "").replace(
        three, three + one + "      four: {content: {shape: note, words: 4}}\n"
    )
    _, changes = bring_in(company.read(moved), pictures={}, lists={}, pen=pen)
    assert {line.about for change in changes for line in change.lines()} >= {"Order of the messages"}
    with pen_scope(pen):
        _, compiled = define(pen)
        assert [m.name for m in compiled.campaigns[1].messages] == ["two", "three", "one", "four"]
    assert bring(moved, pen=pen)[1] == []


def test_what_a_campaign_asks_of_memory_is_told_in_words(portal):
    pen, _ = bring(RICH)
    text = RICH.replace("caps: {day: 1, ever: 9}", "caps: {week: 2}").replace(
        "cool_down_h: 36", "cool_down_h: 12"
    )
    _, [change] = bring_in(company.read(text), pictures={}, lists={}, pen=pen)
    said = {line.about: (line.before, line.after) for line in change.lines()}
    assert said == {
        "At most, to one recipient": ("1 a day and 9 in all", "2 a week"),
        "Not again before, in hours": ("36", "12"),
    }


def test_what_would_change_is_shown_in_words_before_it_does_and_a_dry_run_changes_nothing(portal):
    pen, _ = bring(EXAMPLE)
    text = EXAMPLE.replace("holdout: 10 ", "holdout: 25 ").replace(
        "not_on: bank-holidays", "not_on: 2026-12-24"
    )
    seen = []
    _, changes = bring_in(company.read(text), pictures={}, lists={}, show=seen.append, dry_run=True, pen=pen)
    assert seen == [changes]
    assert [(str(change), [line.about for line in change.lines()]) for change in changes] == [
        ("changed campaign Open evening in December", ["Held back, in per cent"]),
        ("changed campaign Fire drill", ["When"]),
    ]
    [line] = changes[1].lines()
    assert "the days of bank-holidays" in line.before and "but not on 24 December 2026" in line.after
    with pen_scope(pen):
        assert Campaign.objects.get(key="open-evening").holdout == 10


def test_a_dry_run_of_a_new_company_makes_none(portal):
    _, changes = bring_in(company.read(EXAMPLE), pictures={}, lists={}, dry_run=True)
    assert changes and Pen.objects.count() == 0


def test_the_fallback_moves_from_one_template_to_another(portal):
    pen, _ = bring(RICH)
    text = RICH.replace("house: {fallback: true, ", "house: {").replace(
        "  sales:\n", "  last: {fallback: true}\n  sales:\n"
    )
    bring(text)
    with pen_scope(pen):
        assert Template.objects.get(fallback=True).key == "last"


def test_an_address_that_somebody_else_has_is_told_and_nothing_comes_in(portal):
    ben = "  - {address: ben@rich.example, aliases: a.nn@rich.example}\ntemplates:"
    pen, _ = bring(RICH.replace("templates:", ben))
    with pytest.raises(company.CompanyErrors) as caught:
        bring(RICH.replace("name: Ann,", "name: Anne, aliases: a.nn@rich.example,"))
    [problem] = caught.value.problems
    assert problem.where == "people/0" and "a.nn@rich.example is somebody else’s address" in problem.what
    with pen_scope(pen):
        assert Member.objects.get(address="ann@rich.example").attributes["name"] == "Ann"


def test_an_address_may_pass_from_one_person_to_another(portal):
    ben = "  - {address: ben@rich.example, name: Ben}\ntemplates:"
    pen, _ = bring(RICH.replace("templates:", ben))
    passed = RICH.replace(
        "ann@rich.example, name: Ann", "ben@rich.example, name: Ben, aliases: old@rich.example"
    )
    bring(passed.replace("templates:", "  - {address: ann@rich.example, name: New}\ntemplates:"))
    with pen_scope(pen):
        assert {row.address: row.attributes["name"] for row in Member.objects.all()} == {
            "ben@rich.example": "Ben",
            "ann@rich.example": "New",
        }


def states(pen):
    with pen_scope(pen):
        return dict(Campaign.objects.values_list("key", "state"))


def test_a_campaign_that_is_not_live_goes_out_and_comes_in_as_what_it_is(portal):
    pen, _ = bring(RICH)
    gone = Rule(senders=Senders(groups=("no longer there",)))
    with pen_scope(pen):
        Campaign.objects.filter(key="fair").update(state="paused")
        Campaign.objects.create(name="Idea", key="idea", rule=plain(gone))
    said, _ = company_of(pen)
    shown = {"campaigns": {"tale": said["campaigns"]["tale"]}}
    assert snapshot_of(said) == snapshot_of(said | shown)
    out = yaml.safe_dump(said, allow_unicode=True, sort_keys=False)
    assert bring(out) == (pen, [])
    Pen.objects.update(name="Before")
    other, _ = bring(out.replace(pen.outside_id, "another"))
    assert other != pen and states(other) == {"fair": "paused", "tale": "live", "idea": "draft"}
    assert [campaign.name for campaign in define_in(other).campaigns] == ["tale"]


def define_in(pen):
    """What the PEN would publish."""
    with pen_scope(pen):
        return define(pen)[1]


def test_a_file_that_gives_no_state_leaves_it_and_one_that_does_sets_it_and_says_so(portal):
    pen, _ = bring(RICH)
    with pen_scope(pen):
        Campaign.objects.filter(key="fair").update(state="paused")
    assert bring(RICH) == (pen, [])
    text = RICH.replace("  fair:\n", "  fair:\n    state: live\n")
    _, [change] = bring_in(company.read(text), pictures={}, lists={}, pen=pen)
    assert [(line.about, line.before, line.after) for line in change.lines()] == [
        ("State", "Paused", "Running")
    ]
    assert states(pen) == {"fair": "live", "tale": "live"}


def test_every_picture_goes_out_in_a_file_of_its_own(portal):
    names = ["Лого", "Фото", "写真", "A b", "a-b", "A-b 2", "x-2"]
    shots = {name: png(n + 1, 1) for n, name in enumerate(names)}
    pen, _ = bring(
        RICH + f"pictures: {{{', '.join(f'{name}: {n}.png' for n, name in enumerate(names))}}}\n", shots
    )
    said, files = company_of(pen)
    assert {name: files[one["file"]] for name, one in said["pictures"].items()} == shots
    assert len({path.lower() for path in files}) == len(names)
    assert all(path.isascii() for path in files)


def without_partner(text):
    """The file without what a partner hands down."""
    said = yaml.load(text, yaml.BaseLoader)
    del said["partner"]
    return yaml.safe_dump(said, allow_unicode=True, sort_keys=False)


def test_a_file_without_a_partner_leaves_what_the_partner_handed_down(portal):
    pen, _ = bring(RICH)
    before = Pen.objects.get().inherited
    assert bring(without_partner(RICH)) == (pen, [])
    assert Pen.objects.get().inherited == before and before["locks"] == ["mixed"]


def test_a_file_without_a_partner_is_held_to_the_partners_locks(portal):
    bring(RICH)
    before = Pen.objects.values().get()
    text = without_partner(RICH).replace("  pictures: embedded\n", "  pictures: embedded\n  mixed: shared\n")
    with pytest.raises(company.CompanyErrors) as caught:
        bring(text)
    [problem] = caught.value.problems
    assert problem.what == "The partner has locked it."
    assert text.splitlines()[problem.line - 1] == "  mixed: shared"
    assert Pen.objects.values().get() == before


def test_a_file_with_an_empty_partner_takes_what_was_handed_down_away(portal):
    bring(RICH)
    _, said = bring(without_partner(RICH) + "partner: {}\n")
    assert said == ["changed settings of Rich"]
    assert Pen.objects.get().inherited == {}


@pytest.mark.parametrize("name", ["address", "id", "aliases", "groups", "package"])
def test_no_attribute_is_called_as_what_every_person_has(portal, name):
    pen, _ = bring(RICH)
    with pen_scope(pen), pytest.raises(ValidationError) as caught:
        add_member("eve@rich.example", attributes={"name": "Eve", name: "evil"})
    assert name in str(caught.value) and "every person has that already" in str(caught.value)


def test_a_person_with_attributes_from_before_that_was_refused_goes_out_as_who_they_are(portal):
    pen, _ = bring(RICH)
    with pen_scope(pen):
        row = Member.objects.get()
        evil = dict.fromkeys(["address", "id", "aliases", "groups", "package"], "evil")
        Member.objects.update(attributes=row.attributes | evil)
    said, _ = company_of(pen)
    assert said["people"] == [
        {
            "address": "ann@rich.example",
            "groups": ["board"],
            "package": "employees",
            "name": "Ann",
            "department": "Sales",
        }
    ]


def test_a_new_campaign_is_told_with_all_that_it_does(portal):
    _, changes = bring_in(company.read(RICH), pictures={}, lists={}, dry_run=True)
    told = {str(change): {line.about: line.after for line in change.lines()} for change in changes}
    assert {
        "State": "Running",
        "At most, to one recipient": "1 a day and 9 in all",
        "Not again before, in hours": "36",
        "Messages one after the other": "yes",
        "Stops after a click": "yes",
    }.items() <= told["added campaign tale"].items()
    assert told["added campaign fair"]["Held back, in per cent"] == "15"
    assert told["added message one"] == {
        "Where it stands": "under the signature",
        "In which mails": "new mails, replies and forwarded mails",
        "What it shows": "Once",
    }


def test_a_company_may_have_every_domain_below_one(portal):
    text = RICH.replace("domains: [rich.example]", 'domains: [rich.example, "*.RICH.example"]')
    pen, _ = bring(text)
    assert pen.domains == ["rich.example", "*.rich.example"]
    assert define_in(pen).domains == ("rich.example", "*.rich.example")
    said, _ = company_of(pen)
    assert bring(yaml.safe_dump(said, allow_unicode=True, sort_keys=False)) == (pen, [])


PICTURED = """pictures: {logo: logo.png}
campaigns:
  shown: {messages: {one: {content: {shape: banner-picture, picture: logo, alt: Words}}}}
"""


@pytest.mark.parametrize("pictures", ["linked", "embedded"])
def test_what_goes_out_compiles_by_itself_to_what_the_portal_shows_pictures_too(portal, tmp_path, pictures):
    text = RICH.partition("campaigns:")[0] + PICTURED
    pen, _ = bring(text, {"logo": png()})
    Pen.objects.update(pictures=pictures)
    pen.refresh_from_db()
    said, files = company_of(pen)
    assert said["pen"]["links"] == link_base(pen)
    for path, data in files.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_bytes(data)
    written = yaml.safe_dump(said, allow_unicode=True, sort_keys=False)
    compiled, problems = compile_company(written, tmp_path)
    assert compiled is not None, problems
    definition = define_in(pen)
    shown = {m.content for campaign in definition.campaigns for m in campaign.messages}
    assert shown and shown <= set(compiled.contents)  # digests: the same to the last character
    assert [one.data for one in compiled.pictures.values()] == ([png()] if pictures == "embedded" else [])
    assert bring(written, files and {"logo": png()}) == (pen, [])


def test_a_picture_that_is_another_than_the_one_that_is_served_is_told_and_nothing_comes_in(portal, tmp_path):
    pen, _ = bring(RICH + "pictures: {logo: logo.png}\n", {"logo": png()})
    said, files = company_of(pen)
    (tmp_path / "pictures").mkdir()
    for path in files:
        (tmp_path / path).write_bytes(png(9, 9))
    text = yaml.safe_dump(said, allow_unicode=True, sort_keys=False)
    _, [problem] = compile_company(text, tmp_path)
    assert "another picture" in problem.what and problem.line
    with pytest.raises(company.CompanyErrors) as caught:
        beside(company.read(text), tmp_path)
    assert caught.value.problems == (problem,)


def people(pen):
    """Everyone on the roll, as an edge reads them."""
    return msgspec.msgpack.decode(msgspec.msgpack.encode(read(pen.outside_id)), type=Roll).people


def test_who_was_made_in_pages_goes_out_and_comes_in_as_they_are(portal):
    pen, _ = bring(RICH)
    with pen_scope(pen):
        eve = add_member("eve@rich.example", attributes={"name": "Eve"})
        own = add_member("own@rich.example", attributes={"email": "desk@rich.example", "company": ""})
        everyone = {row.address: row.attributes for row in people(pen)}
    assert everyone["eve@rich.example"] == {"name": "Eve", "email": "eve@rich.example", "company": pen.name}
    said, _ = company_of(pen)
    text = yaml.safe_dump(said, allow_unicode=True, sort_keys=False)
    assert bring(text) == (pen, [])
    with pen_scope(pen):
        assert [Member.objects.get(pk=row.pk).attributes for row in (eve, own)] == [
            eve.attributes,
            own.attributes,
        ]
    Pen.objects.update(
        name="Another"
    )  # into a company that has nobody yet they come with the same attributes
    other, _ = bring(text.replace(pen.outside_id, "pen_x"))
    with pen_scope(other):
        again = {row.address: row.attributes for row in people(other)}
    assert other.name == "Rich" and {address: dict(a) for address, a in again.items()} == everyone


def test_a_company_that_is_renamed_has_its_new_name_on_the_roll(portal):
    pen, _ = bring(RICH)
    with pen_scope(pen):
        before = RollDue.objects.get().wanted
        pen.name = "Richer"
        pen.save()
        assert RollDue.objects.get().wanted > before
        assert {row.attributes["company"] for row in people(pen)} == {"Richer"}
