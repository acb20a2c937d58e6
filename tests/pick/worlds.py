"""Random companies, mails and times, small enough that rules meet and exclude one another all the time."""

from __future__ import annotations

from hypothesis import strategies as st

from stationer.pick.counting import Count, one_more, recipient_key
from stationer.pick.memory import Lookup
from stationer.wire.content import Content, Field
from stationer.wire.definition import Campaign, Caps, Definition, Management, Message, Template
from stationer.wire.pick import Question
from stationer.wire.roll import Person
from stationer.wire.rules import Recipients, Rule, Schedule, Senders
from stationer.wire.words import SLOTS, VARIANTS

DOMAINS = ("in.example", "deep.in.example", "out.example", "a.out.example", "else.example")
ADDRESSES = tuple(f"{name}@{domain}" for name in ("ann", "ben") for domain in DOMAINS)
#: Who asks: the last of them is nobody's member.
WRITERS = ADDRESSES[:4]
GROUPS, PACKAGES, LISTS = ("sales", "office"), ("employees", "clients"), ("vips", "patients")
ENTRIES = (*DOMAINS, "*.in.example", "*.out.example", "*.example")
CALENDARS = ("bank", "works")
DAYS = ("2026-10-24", "2026-10-26", "2026-10-25..2026-11-02", "2026-09-01..2026-10-24")
ZONES = ("UTC", "Europe/London", "America/St_Johns", "Australia/Lord_Howe")


def some(values: tuple[str, ...]) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(values), max_size=2, unique=True).map(tuple)


#: Values as people type them: rules compare them trimmed and without case.
VALUES = ("Sales", " SALES", "Straße", "STRASSE ")
where = st.dictionaries(
    st.sampled_from(("department", "city")),
    st.lists(st.sampled_from(VALUES), min_size=1, max_size=2).map(tuple),
    max_size=2,
)
senders = st.builds(
    Senders,
    addresses=some(ADDRESSES),
    groups=some(GROUPS),
    packages=some(PACKAGES),
    where=st.just({}) | where,
)
recipients = st.builds(
    Recipients,
    side=st.sampled_from(["anyone", "anyone", "inside", "outside", "mixed"]),
    addresses=some(ADDRESSES),
    domains=some(ENTRIES),
    groups=some(GROUPS),
    lists=some(LISTS),
    match=st.sampled_from(["any", "all"]),
)
hours = st.sampled_from(["", "", "09:00-17:00", "22:00-06:00", "00:00-24:00", "01:00-03:00"])
schedules = st.builds(
    Schedule,
    starts=st.sampled_from(["", "", "2026-10-01", "2026-10-25T01:30"]),
    ends=st.sampled_from(["", "", "2026-11-30", "2026-10-25T02:30"]),
    weekdays=st.lists(st.integers(0, 6), max_size=3, unique=True).map(tuple),
    hours=hours,
    zone=st.sampled_from(ZONES),
    not_on=st.just(()) | some(("2026-10-25", "2026-10-20..2026-10-31", "bank", "works")),
)
#: A blackout without any limit would be for ever, and is refused.
limited = schedules.filter(lambda s: bool(s.starts or s.ends or s.weekdays or s.hours or s.not_on))
rules = st.builds(
    Rule,
    senders=senders | st.just(Senders()),
    to=recipients | st.just(Recipients()),
    except_senders=st.none() | senders.filter(lambda s: s != Senders()),
    except_to=st.none() | recipients.filter(lambda r: r != Recipients()),
    when=schedules | st.just(Schedule()),
)
variants = st.lists(st.sampled_from(VARIANTS), min_size=1, unique=True).map(tuple)


def content(kind: str, slot: str, words: str) -> Content:
    """Every second one with links, of which all but the first are nobody's business."""
    pieces = kind, slot, (words,), (words,)
    if len(words) % 2:
        return Content(*pieces)  # type: ignore[arg-type]
    web = f"https://w.example/{words}"
    targets = (web, web + "/unsubscribe", ("https://w.example/", Field("name")), web + "#2")
    return Content(*pieces, targets, "https://go.example/c/")  # type: ignore[arg-type]


#: What every definition needs: here with nothing in it.
FALLBACK = Template("fallback", "Fallback", Rule(), {}, fallback=True)


def caps(day: int, week: int, ever: int) -> Caps:
    """Caps that agree: no more in a day than in a week, no more in a week than ever."""
    week = max(day, week) if week else 0
    return Caps(day, week, max(day, week, ever) if ever else 0)


#: By address and campaign: mails, each how long ago (ms) and which step of a sequence; and whether they clicked.
Sent = dict[tuple[str, str], tuple[list[tuple[int, int]], bool]]

pasts: st.SearchStrategy[Sent] = st.dictionaries(
    st.tuples(st.sampled_from(ADDRESSES), st.integers(0, 7).map("c{}".format)),
    st.tuples(
        st.lists(st.tuples(st.integers(0, 10 * 86_400_000), st.integers(0, 3)), max_size=3), st.booleans()
    ),
    max_size=8,
)


@st.composite
def campaigns(draw: st.DrawFn, number: int) -> Campaign:
    messages = tuple(
        Message(
            f"m{number}.{n}",
            "",
            content("message", draw(st.sampled_from(SLOTS)), f"{number}.{n}"),
            draw(variants),
            draw(st.integers(1, 9)),
        )
        for n in range(draw(st.integers(1, 3)))
    )
    few = st.sampled_from([0, 0, 1, 2])
    return Campaign(
        f"c{number}",
        f"Campaign {number}",
        draw(rules),
        messages,
        draw(st.integers(0, 2)),
        draw(st.sampled_from([0, 0, 10, 50, 90])),
        **draw(
            st.just({})
            | st.fixed_dictionaries(
                {
                    "caps": st.builds(caps, few, few, few),
                    "cool_down_h": st.sampled_from([0, 0, 5, 48]),
                    "sequence": st.booleans() if len(messages) > 1 else st.just(False),
                    "stop_after_click": st.booleans(),
                }
            )
        ),
    )


@st.composite
def templates(draw: st.DrawFn, number: int) -> Template:
    fallback = number == 0
    rule = Rule() if fallback else draw(rules)
    parts = {v: (content("template", "signature", f"{number}{v}"),) for v in draw(variants)}
    return Template(f"t{number}", f"Template {number}", rule, parts, draw(st.integers(0, 2)), fallback)


@st.composite
def definitions(draw: st.DrawFn) -> Definition:
    management = Management(
        most_messages=draw(st.integers(0, 3)),
        slots=draw(st.lists(st.sampled_from(SLOTS), min_size=2, unique=True).map(tuple)),
        blackout=draw(st.just(()) | st.lists(limited, max_size=2).map(tuple)),
        quiet_groups=draw(st.just(()) | some(GROUPS)),
        mixed=draw(st.sampled_from(["shared", "strictest", "copies"])),
        most_copies=draw(st.integers(2, 4)),
    )
    return Definition(
        pen="pen",
        name="Company",
        domains=("in.example", "*.in.example"),
        mark_key=b"k" * 32,
        templates=tuple(draw(templates(n)) for n in range(draw(st.integers(0, 4)))),
        campaigns=tuple(draw(campaigns(n)) for n in range(draw(st.integers(0, 8)))),
        management=management,
        lists={name: draw(st.lists(st.sampled_from(ADDRESSES), max_size=4).map(tuple)) for name in LISTS},
        calendars={name: draw(some(DAYS)) for name in CALENDARS},
    )


@st.composite
def people(draw: st.DrawFn) -> tuple[Person, ...]:
    addresses = [*WRITERS[:3], *draw(st.lists(st.sampled_from(ADDRESSES[4:]), max_size=2, unique=True))]
    attributes = st.fixed_dictionaries(
        {}, optional={"department": st.sampled_from(VALUES), "city": st.sampled_from(VALUES)}
    )
    return tuple(
        Person(
            f"mem{n}",
            address,
            {"name": f"N{n}"} | draw(attributes),
            draw(some(GROUPS)),
            draw(st.sampled_from(PACKAGES)),
        )
        for n, address in enumerate(addresses)
    )


questions = st.builds(
    Question,
    from_=st.sampled_from(WRITERS),
    to=st.lists(st.sampled_from(ADDRESSES), max_size=3),
    cc=st.lists(st.sampled_from(ADDRESSES), max_size=2),
)
#: Around the end of summer time in Europe, and anywhere in that autumn.
times = st.integers(1_792_870_000_000, 1_792_920_000_000) | st.integers(1_790_000_000_000, 1_797_000_000_000)


def remembered(sent: Sent, now: int, mark_key: bytes = b"k" * 32) -> Lookup:
    """A memory of just this at `now`."""
    counts: dict[tuple[bytes, str], Count] = {}
    for (address, campaign), (mails, clicked) in sent.items():
        count = Count(stopped=clicked)
        for ago, step in mails:
            count = one_more(count, now - ago, step)
        counts[recipient_key(mark_key, address), campaign] = count
    return lambda recipient, campaign: counts.get((recipient, campaign), Count())
