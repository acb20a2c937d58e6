"""What compile says of links (contract/links.md §1, §2), and how settings about tracking meet."""

from __future__ import annotations

import pytest

from stationer import pick
from stationer.pick.leading import alike
from stationer.wire.content import Content, Target
from stationer.wire.definition import Campaign, Definition, Inherited, Management, Message, Template, Terms
from stationer.wire.pick import Question
from stationer.wire.roll import Person, Roll
from stationer.wire.rules import Rule
from stationer.wire.uplink import AddressedCopy


def definition(target: Target) -> Definition:
    part = Content("template", "footer", ("a",), ("a",), ("https://fine.example/", target))
    shown = Content("message", "banner", ("b",), ("b",), (target,))
    template = Template("tpl", "T", Rule(), {"reply": (part,)}, fallback=True)
    campaign = Campaign("cam", "C", Rule(), (Message("cam/msg", "M", shown),))
    return Definition("pen", "Acme", ("acme.example",), b"k" * 32, (template,), (campaign,))


@pytest.mark.parametrize("target", ["javascript:alert(1)", "//evil.example", "https://a@b.example", ()])
def test_a_link_that_leads_nowhere_is_told_by_its_content(target: Target) -> None:
    with pytest.raises(pick.DefinitionErrors) as told:
        pick.compile(definition(target))
    assert [problem.where for problem in told.value.problems] == [
        "templates/tpl/reply/footer/links/1",
        "campaigns/cam/messages/msg/links/0",
    ]


def test_contents_that_begin_alike_are_told() -> None:
    one, other = "abcdefghij" + "a" * 14, "abcdefghij" + "b" * 14
    (problem,) = alike([one, "b" * 24, other])
    assert one in problem.what
    assert other in problem.what
    assert list(alike([one, "b" * 24])) == []


@pytest.mark.parametrize(
    ("upper", "lower", "met"),
    [("people", "off", "off"), ("off", "people", "off"), ("domains", "people", "domains"), (None, "domains", "domains"),
     ("domains", None, "domains"), (None, None, "people")],
)  # fmt: skip
def test_of_two_levels_the_one_that_keeps_less_holds(upper: str, lower: str, met: str) -> None:
    handed = Inherited(Terms(tracking=upper))  # type: ignore[arg-type]
    assert pick.settle(handed, Terms(tracking=lower)).tracking == met  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("name", "more", "less"),
    [("tracking", "people", "off"), ("tracking", "domains", "off"), ("replay", True, False)],
)
def test_a_lock_on_what_is_kept_of_people_is_only_towards_less(name: str, more: object, less: object) -> None:
    def said(value: object) -> Terms:
        return Terms(**{name: value})  # type: ignore[arg-type]

    wide, narrow = Inherited(said(more), (name,)), Inherited(said(less), (name,))
    assert getattr(pick.settle(wide, said(less)), name) == less
    assert getattr(pick.settle(wide, Terms()), name) == more
    assert getattr(pick.settle(narrow, said(more)), name) == less
    assert getattr(pick.hand_on(wide, narrow).management, name) == less
    assert list(pick.check_terms(wide, said(less))) == []
    assert [one.where for one in pick.check_terms(narrow, said(more))] == [f"management/{name}"]


def test_a_decoy_is_what_the_pen_says() -> None:
    assert pick.settle(Inherited(Terms(decoy=True)), Terms()) == Management(decoy=True)
    assert pick.settle(Inherited(Terms(decoy=True)), Terms(decoy=False)) == Management()


def test_the_holdout_is_told_of_where_it_kept_a_message_back() -> None:
    shown = Content("message", "banner", ("b",), ("b",))
    campaign = Campaign("cam", "C", Rule(), (Message("msg", "M", shown),), holdout=50)
    meant = Definition("pen", "Acme", ("acme.example",), b"k" * 32, (), (campaign,))
    snapshot = pick.load(pick.compile(meant))
    roll = pick.read_roll(Roll("pen", (), (Person("m", "a@acme.example", {}),)))
    kept = 0
    for n in range(40):
        question = Question("a@acme.example", [f"r{n}@out.example"], [])
        found = pick.picked(snapshot, roll, question, now=0, pick_id="pk")
        assert bool(found.held) != bool(found.offers[0])
        assert found.held in ((), ("cam",))
        kept += bool(found.held)
    assert 8 < kept < 32


@pytest.mark.parametrize(
    ("tracking", "addresses"),
    [("people", ("bob@out.example", "ann@out.example")), ("domains", ("@out.example", "@out.example"))],
)
def test_a_recipient_is_told_once_and_only_as_far_as_the_pen_lets(
    tracking: str, addresses: tuple[str, ...]
) -> None:
    meant = Definition("pen", "Acme", ("acme.example",), b"k" * 32, (), (), Management(tracking=tracking))  # type: ignore[arg-type]
    snapshot = pick.load(pick.compile(meant))
    written = ["Bob@OUT.example", "ann@out.example", "bob@out.example", "no\0body"]
    told = pick.told(snapshot, "pk_x", 7, "mem_a", ((written, True, ()), ([], False, ())), ("cam",))
    assert told.copies == (AddressedCopy(2, addresses, True, ()), AddressedCopy(0, (), False, ()))
    assert (told.pen, told.pick, told.at, told.sender, told.held) == ("pen", "pk_x", 7, "mem_a", ("cam",))


def test_one_content_in_two_variants_has_one_token_and_one_without_links_none() -> None:
    linked = Content(
        "template", "footer", ("a",), ("a",), ("https://fine.example/",), "https://go.example/c/"
    )
    plain = Content("template", "signature", ("b",), ("b",))
    parts = {"new": (linked, plain), "reply": (linked,)}
    template = Template("tpl", "T", Rule(), parts, fallback=True)  # type: ignore[arg-type]
    meant = Definition("pen", "Acme", ("acme.example",), b"k" * 32, (template,), ())
    roll = pick.read_roll(Roll("pen", (), (Person("m", "a@acme.example", {}),)))
    for known in ("pk_" + "a" * 26, "pk"):
        question = Question("a@acme.example", ["b@out.example"], [])
        answer = pick.pick(pick.load(pick.compile(meant)), roll, question, now=0, pick_id=known)
        (copy,) = answer.copies
        assert copy.new.signature[0].links == []
        assert copy.new.footer[0].links == copy.reply.footer[0].links
        assert len(copy.new.footer[0].links) == (len(known) > 2)
    only = Template("tpl", "T", Rule(), {"new": (plain,), "reply": (linked,)}, fallback=True)
    snapshot = pick.load(pick.compile(Definition("pen", "Acme", ("acme.example",), b"k" * 32, (only,), ())))
    usual = pick.usual_answer(snapshot, roll, question, now=0, pick_id="pk_" + "a" * 26)
    assert usual is not None
    assert usual.encoded.count(b'"links":[]') == 1
