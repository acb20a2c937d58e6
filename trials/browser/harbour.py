"""Harbour Dental: a small company as it would stand in the portal after a week, made by the portal's own verbs.

Used by page tests, browser tests and `make shots`. `furnish(people=…)` fills it up for the tests of large PENs.
"""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from trials.browser.directed import directed
from trials.browser.opened import letters
from trials.browser.read import lettered
from trials.browser.resold import resell
from trials.browser.sending import watched
from trials.browser.surveyed import answer, ask
from trials.browser.told import digest, hooked, told
from trials.browser.visitors import come
from trials.browser.worded import announce_in_own_words

PASSWORD = "correct horse battery"
STAFF = [
    ("alice@harbourdental.example", "Alice Penrose", "Practice manager", "01632 960 100", ("Reception",)),
    ("bob@harbourdental.example", "Dr Bob Hendry", "Dentist, Falmouth", "01632 960 142", ("Dentistry",)),
    (
        "morwenna@harbourdental.example",
        "Morwenna Rowe",
        "Receptionist, Penryn",
        "01632 960 155",
        ("Reception",),
    ),
    ("okafor@harbourdental.example", "Dr Ngozi Okafor", "Dentist, Truro", "", ("Dentistry",)),
]
TEAL = "#0e6e73"
OPEN_EVENING = {
    "headline": "Straighter teeth, without the wires",
    "line": "Open evening at our Falmouth practice: Thursday 3 December, 18:00 to 20:00. Ask two dentists "
    "anything; tea, no obligation.",
    "button": "Book a place",
    "link": "https://harbourdental.example/open-evening",
    "colour": TEAL,
}
SURVEY = {
    "question": "How was your visit?",
    "link_1": "https://harbourdental.example/visit?a=1",
    "link_2": "https://harbourdental.example/visit?a=2",
    "link_3": "https://harbourdental.example/visit?a=3",
    "colour": TEAL,
}
DISCLAIMER = (
    "Harbour Dental Ltd, 4 Custom House Quay, Falmouth TR11 3JT. Registered in England, No. 01234567."
)


@dataclass
class Harbour:
    """What was made, for those who want to look at it."""

    pen: Any
    alice: Any
    bob: Any
    template: Any
    campaign: Any
    message: Any
    group: Any
    addresses: Any
    device: Any
    imports: tuple[str, ...] = ()
    proposal: str = ""
    #: messages that are still being written: a block form, and MJML with mistakes
    form: Any = None
    mjml: Any = None
    faulty: Any = None
    picture: Any = None
    version: str = ""
    #: a visitor, a tracked link, somebody's own page
    visits: dict[str, str] = field(default_factory=dict)
    #: outside ids of a rule of alerts, a webhook, and what was sent to it
    told: dict[str, str] = field(default_factory=dict)


def picture(width: int = 240, height: int = 120) -> bytes:
    """A PNG of one teal, made by hand (RFC 2083)."""
    row = b"\x00" + bytes((14, 110, 115)) * width

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(row * height)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def furnish(*, published: bool = True, people: int = 0, campaigns: int = 0) -> Harbour:
    """The company. With `people` and `campaigns` it grows by so many more of each."""
    from stationer.portal.people.pens import create_pen
    from stationer.portal.people.scope import pen_scope

    pen = create_pen("Harbour Dental", ("harbourdental.example",), second_factor=False)
    with pen_scope(pen):
        made = _inside(pen)
        _more(made, people, campaigns)
        _asked(made)
        made.told = hooked() | lettered() | letters() | watched(pen)
        if published:
            from stationer.portal.publishing.publish import publish

            made.version = publish(pen, made.alice.account, "Open evening begins").outside_id
    return made


def _people() -> tuple[Any, Any, dict[str, Any]]:
    from stationer.portal.access.accounts import give_access
    from stationer.portal.people.members import add_member
    from stationer.portal.people.models import Group

    groups = {name: Group.objects.create(name=name) for name in ("Dentistry", "Hygienists", "Reception")}
    for address, name, title, phone, places in STAFF:
        said = {"name": name, "title": title, "phone": phone, "company": "Harbour Dental"}
        add_member(
            address, attributes={k: v for k, v in said.items() if v}, groups=[groups[one] for one in places]
        )
    alice = give_access(STAFF[0][0], role="owner", password=PASSWORD)
    bob = give_access(STAFF[1][0], password=PASSWORD)
    return alice, bob, groups


def _inside(pen: Any) -> Harbour:
    from stationer.portal.access.devices import enrol
    from stationer.portal.content.models import Template
    from stationer.portal.content.pictures import keep_picture
    from stationer.portal.people.models import AddressList

    alice, bob, groups = _people()
    addresses = AddressList.objects.create(name="Suppliers", addresses=["orders@dentalsupply.example"])
    keep_picture(picture(), name="practice", alt="Our practice")
    signature = {
        "shape": "signature",
        "values": {"monogram": "HD", "colour": TEAL, "website": "https://harbourdental.example/"},
    }
    short = {"shape": "signature-short", "values": {}}
    foot = {"shape": "disclaimer", "values": {"words": DISCLAIMER}}
    template = Template.objects.create(
        name="Practice letterhead",
        fallback=True,
        changed_by=alice.account,
        parts={
            "new": {"signature": signature, "footer": foot},
            "reply": {"signature": short},
            "forward": {"signature": short},
        },
    )
    campaign, message = _campaigns(alice)
    device, _token = enrol(bob.member, "Bob’s laptop")
    enrol(alice.member, "Front desk")
    return Harbour(pen, alice, bob, template, campaign, message, groups["Reception"], addresses, device)


def _campaigns(alice: Any) -> tuple[Any, Any]:
    from stationer.portal.content.models import Campaign, Message

    today = date.today()
    rule = {
        "senders": {"groups": ["Reception", "Dentistry"]},
        "to": {"side": "outside"},
        "except_to": {"lists": ["Suppliers"]},
        "when": {
            "starts": (today - timedelta(days=18)).isoformat(),
            "ends": f"{(today + timedelta(days=13)).isoformat()}T18:00",
            "weekdays": [0, 1, 2, 3, 4],
            "zone": "Europe/London",
        },
    }
    evening = Campaign.objects.create(
        name="Open evening, 3 December", rule=rule, state="live", changed_by=alice.account
    )
    source = {"shape": "banner", "values": OPEN_EVENING}
    first = Message.objects.create(
        campaign=evening, name="Straighter teeth", slot="banner", source=source, changed_by=alice.account
    )
    visit = Campaign.objects.create(
        name="How was your visit?",
        rule={"senders": {"groups": ["Dentistry"]}, "to": {"side": "outside"}},
        state="live",
        changed_by=alice.account,
    )
    Message.objects.create(campaign=visit, name="Three answers", source={"shape": "survey", "values": SURVEY})
    soon = {"when": {"starts": (today + timedelta(days=10)).isoformat(), "zone": "Europe/London"}}
    hours = Campaign.objects.create(name="Christmas opening hours", rule=soon, state="live")
    values = {"headline": "Closed from 24 December", "line": "We are back on 2 January.", "colour": TEAL}
    Message.objects.create(
        campaign=hours, name="Closed over Christmas", source={"shape": "banner", "values": values}
    )
    Campaign.objects.create(name="Bring a friend", rule={}, state="draft", changed_by=alice.account)
    return evening, first


#: What the practice manager got from the payroll: two new people, one new title, a line that is wrong.
PAYROLL = """E-Mail;Vorname;Nachname;Funktion;Telefon;Gruppen
bob@harbourdental.example;Dr Bob;Hendry;Senior dentist, Falmouth;01632 960 142;Dentistry
tamsin@harbourdental.example;Tamsin;Nance;Hygienist, Truro;01632 960 161;Hygienists
jago;Jago;Trevithick;Trainee;;
jago@harbourdental.example;Jago;Trevithick;Trainee;01632 960 170;Dentistry; Trainees
"""


def _asked(made: Harbour) -> None:
    """A photo that Bob would like, what everyone may change, and two files: one to be looked at, one that is checked."""
    import io

    from stationer.portal.people import proposals
    from stationer.portal.people.importing import work
    from stationer.portal.people.importing.arriving import take
    from stationer.portal.people.models import Attribute, Import

    for name, editing in (("mobile", "self"), ("title", "asked"), ("photo", "asked")):
        Attribute.objects.create(name=name, kind={"photo": "link"}.get(name, "text"), editing=editing)
    from stationer.portal.people.photos import keep_photo

    data = picture()
    proposals.change(
        made.bob.member,
        {"title": "Senior dentist, Falmouth", "photo": keep_photo(io.BytesIO(data), len(data))},
    )
    text = PAYROLL.replace("Dentistry; Trainees", '"Dentistry; Trainees"').encode("cp1252")
    first = take([text], name="payroll.csv", by=made.alice.account, by_name="Alice Penrose")
    second = take([text], name="payroll, checked.csv", by=made.alice.account, by_name="Alice Penrose")
    Import.objects.filter(pk=second.pk).update(state=Import.State.CHECKING)
    work.at_once(second)
    made.imports = (first.outside_id, second.outside_id)
    row = proposals.open_proposal(made.bob.member)
    made.proposal = row.outside_id if row else ""


def _more(made: Harbour, people: int, campaigns: int) -> None:
    from stationer.portal.content.models import Campaign, Message
    from stationer.portal.people.models import Member, Package

    package = Package.objects.get(name="employees")
    Member.objects.bulk_create(
        Member(
            address=f"person{n}@harbourdental.example", attributes={"name": f"Person {n:05}"}, package=package
        )
        for n in range(people)
    )
    rows = Campaign.objects.bulk_create(
        Campaign(name=f"Campaign {n:04}", rule={"to": {"side": "outside"}}, state="live")
        for n in range(campaigns)
    )
    Message.objects.bulk_create(
        Message(campaign=row, name=row.name, source={"shape": "banner", "values": OPEN_EVENING})
        for row in rows
    )


def furnish_with_changes(second_factor: bool = False) -> Harbour:
    """The company a week later: something was changed since, and waits for Publish."""
    from stationer.portal.people.scope import pen_scope

    made = furnish()
    with pen_scope(made.pen):
        told(made)
        made.told["digest"] = digest(made)
        made.pen.second_factor = second_factor
        made.pen.save()
        source = dict(made.message.source)
        source["values"] = {
            **source["values"],
            "line": "Open evening at our Falmouth practice: Thursday 3 December, from six.",
        }
        made.message.source = source
        made.message.changed_by = made.alice.account
        made.message.save()
        made.template.priority = 5
        parts = dict(made.template.parts)
        parts["reply"] = {
            "signature": {"shape": "signature-short", "values": {"name": "{{name}}, Harbour Dental"}}
        }
        made.template.parts = parts
        made.template.changed_by = made.alice.account
        made.template.save()
        _drafts(made)
    return made


MJML = """<mj-section>
  <mj-column>
    <mj-text>Our practice on the quay is <b>ten years</b> old.</mj-text>
    <mj-image src="picture:practise" alt="Our practice" />
    <mj-button href=https://harbourdental.example/>Come and see</mj-button>
  </mj-colum>
</mj-section>
"""
#: Well-formed, and much of it breaks somewhere.
FAULTY = """<mj-section background-color="#f3ead7">
  <mj-column>
    <mj-text color="#b09a6b" font-family="Brandon Grotesque" font-size="16px">
      <p style="padding:0 0 8px 0">Ten years on the quay!!! Come and <b>see us</b> at
      <a style="color:#7a4f01" href="https://quay-events.example/10">harbourdental.example</a></p>
    </mj-text>
    <mj-image src="picture:practice" width="240px" />
    <mj-button href="http://harbourdental.example/ten" background-color="#e8833a" color="#1a1a1a" border-radius="18px">Click here</mj-button>
  </mj-column>
</mj-section>
"""


def _drafts(made: Harbour) -> None:
    """A block form that was begun from a starter; somebody's own design that does not close, and one that closes and
    breaks."""
    from stationer.portal.content.models import Asset, Campaign, Message
    from stationer.portal.content.views.gallery import begun

    made.picture = Asset.objects.get(name="practice")
    draft = Campaign.objects.create(name="Ten years", rule={}, changed_by=made.alice.account)
    made.pen.brand = {"colour": TEAL}
    import msgspec

    source = msgspec.to_builtins(begun("invitation", made.pen))
    made.form = Message.objects.create(campaign=draft, name="Ten years on the quay", source=source)
    written = {"shape": "mjml", "values": {"mjml": MJML}}
    made.mjml = Message.objects.create(campaign=draft, name="Our own design", source=written)
    faulty = {"shape": "mjml", "values": {"mjml": FAULTY}}
    made.faulty = Message.objects.create(campaign=draft, name="The agency's design", source=faulty)


def furnish_with_everything() -> Harbour:
    """And more: two messages that share mails, mails of last week to try drafts on, a thing in the bin."""
    from stationer.portal.content.binning import discard
    from stationer.portal.content.models import Campaign, Message
    from stationer.portal.people.scope import pen_scope
    from stationer.portal.publishing.publish import publish

    made = furnish_with_changes()
    pen, source = made.pen, made.message.source
    with pen_scope(pen):
        pen.replay, pen.quiet_groups = True, ["Hygienists"]
        pen.calendars = {"Bank holidays": ["2026-12-25", "2026-12-28", "2027-01-01"]}
        pen.save()
        Message.objects.filter(pk=made.message.pk).update(weight=70)
        Message.objects.create(campaign=made.campaign, name="Tea, no obligation", weight=30, source=source)
        Campaign.objects.filter(pk=made.campaign.pk).update(
            caps={"week": 3}, cool_down_h=24, holdout=10, priority=1,
            utm={"source": "email", "medium": "signature", "campaign": "open-evening"},
        )  # fmt: skip
        gone = Campaign.objects.create(name="Summer fête", changed_by=made.alice.account)
        Message.objects.create(campaign=gone, name="Cake", source=source)
        discard(gone, made.alice.account)
        _dissolved(made)
        asking = ask(made)
        made.told |= directed()
        publish(pen, made.alice.account, "Three times a week, and two wordings")
        made.told["arrival"] = sent(made)
        made.message.source = {
            **source,
            "values": {**source["values"], "headline": "Ask two dentists anything"},
        }
        made.message.weight = 70
        made.message.save()
    keep_mails(pen)
    made.visits = come(made) | resell(pen, made.alice.account.email)
    with pen_scope(pen):
        made.visits |= answer(made, asking) | _kept_apart(made)
        announce_in_own_words(pen)
    return made


def _kept_apart(made: Harbour) -> dict[str, str]:
    """A role of the practice's own, and the link in an alert; what leads to their pages."""
    from stationer.portal.access.models import Role
    from stationer.portal.alerts import signed

    role = Role.objects.create(name="Agency", rights=["see-content", "change-content"])
    bearer = signed.Bearer(made.pen.pk, STAFF[1][0], made.told["rule"])
    return {"role": role.outside_id, "told_by": signed.token(bearer)}


def sent(made: Harbour) -> str:
    """A company file that waits to be decided: somebody new, somebody gone, another title, a campaign less."""
    import yaml

    from stationer.portal.company.looking import look
    from stationer.portal.company.writing import as_it_is

    said = yaml.safe_load(as_it_is())
    said["people"][-1]["title"] = "Head of reception"
    gone = next(one for one in said["people"] if one["address"] not in {row[0] for row in STAFF[:1]})
    said["people"].remove(gone)
    said["people"].append({"address": "new@harbourdental.example", "name": "Nell Newcombe"})
    said["campaigns"].popitem()
    text = yaml.safe_dump(said, sort_keys=False, allow_unicode=True)
    row = look(
        text, name="harbour, December.yaml", absent="remove", by=made.alice.account, by_name="Alice Penrose"
    )
    return row.outside_id


def _dissolved(made: Harbour) -> None:
    """A group and a list that nobody needs any more lie in the bin."""
    from stationer.portal.people import discarding
    from stationer.portal.people.models import AddressList, Group, GroupMember

    locums = Group.objects.create(name="Locums")
    GroupMember.objects.create(group=locums, member=made.bob.member)
    discarding.discard(locums, made.alice.account)
    addresses = [f"patient{n}@out.example" for n in range(40)]
    discarding.discard(
        AddressList.objects.create(name="Summer raffle", addresses=addresses), made.alice.account
    )


def keep_mails(pen: Any, count: int = 400) -> None:
    """What an edge would have kept of the mails of last week."""
    import random
    import time

    from django.conf import settings

    from stationer import pick
    from stationer.pick.records import framed, head
    from stationer.portal.access.roll import folder
    from stationer.wire.pick import Question

    here, chance, now = folder(pen.pk), random.Random(5), int(time.time() * 1000)
    compiled: Any = pick.unpack(
        (here / "snapshot.stn").read_bytes(), kind="snapshot", public_key=None
    ).payload
    roll: Any = pick.unpack((here / "roll.stn").read_bytes(), kind="roll", public_key=None).payload
    snapshot, who = pick.load(compiled), pick.read_roll(roll, compiled.mark_key)
    found = []
    for _ in range(count):
        to = chance.choice(
            [f"patient{chance.randrange(120)}@out.example", STAFF[1][0], "orders@dentalsupply.example"]
        )
        question = Question(chance.choice(STAFF)[0], [to], [])
        found.append(pick.record(snapshot, who, question, now - chance.randrange(7 * 86_400_000)))
    place = settings.EDGE_RECORDS / pen.outside_id
    place.mkdir(parents=True, exist_ok=True)
    data = framed([record for record in found if record is not None])
    (place / f"{time.strftime('%Y-%m-%d')}-1.rpl").write_bytes(head(compiled.mark_key) + data)


def unfurnished() -> None:
    """A new company: its name, and Alice, who may change everything."""
    from stationer.portal.access.accounts import give_access
    from stationer.portal.people.pens import create_pen
    from stationer.portal.people.scope import pen_scope

    with pen_scope(create_pen("Harbour Dental", second_factor=False)):
        give_access(STAFF[0][0], role="owner", password=PASSWORD)
