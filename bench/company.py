"""A made-up company of any size. Its campaigns are selective, as real ones are: few match one mail."""

from __future__ import annotations

import random

from stationer.wire.content import Content, Field, LinkPlace
from stationer.wire.definition import Campaign, Definition, Message, Template
from stationer.wire.pick import Question
from stationer.wire.roll import Device, Person, Roll
from stationer.wire.rules import Recipients, Rule, Schedule, Senders

PEN = "pen_aaaaaaaaaaaaaaaaaaaaaaaaaa"
KEY = b"k" * 32
GROUPS = [f"group-{n}" for n in range(200)]


def content(kind: str, slot: str, words: str) -> Content:
    """A pressed content of about 700 bytes."""
    html = (
        f"<table><tr><td>{words}{'·' * 500}<br>",
        Field("name"),
        '<a href="',
        LinkPlace(0),
        '">more</a></table>',
    )
    text = (words + "\n", Field("name"), "\n", LinkPlace(0))
    return Content(kind, slot, html, text, ("https://acme.example/more",), "https://go.acme.example/c/")  # type: ignore[arg-type]


def rule(chance: random.Random) -> Rule:
    """Senders of one or two groups, writing to one or two domains (or a list, or inside), some for a time."""
    when = Schedule(starts="2020-01-01", ends=f"20{chance.randint(27, 60)}-01-01")
    to = Recipients(side="outside", domains=tuple(f"d{chance.randrange(2000)}.example" for _ in range(2)))
    if chance.random() < 0.1:
        to = Recipients(addresses=(f"p{chance.randrange(5000)}@d{chance.randrange(2000)}.example",))
    senders = Senders(groups=tuple(chance.sample(GROUPS, 2)))
    return Rule(senders=senders, to=to, when=when if chance.random() < 0.5 else Schedule())


def company(campaigns: int, lists: dict[str, tuple[str, ...]] | None = None, seed: int = 1) -> Definition:
    """A definition with two templates and so many campaigns of one message each."""
    chance = random.Random(seed)
    shared = [content("message", slot, f"message {n}") for n in range(50) for slot in ("banner", "footer")]
    made = tuple(
        Campaign(
            id=f"cam_{n}",
            name=f"Campaign {n}",
            rule=_with_list(rule(chance), n, lists or {}),
            messages=(Message(f"msg_{n}", f"Message {n}", chance.choice(shared)),),
            priority=chance.randrange(10),
        )
        for n in range(campaigns)
    )
    signature = (content("template", "signature", "Kind regards"), content("template", "footer", "Acme"))
    parts = {"new": signature, "reply": signature[:1], "forward": signature[:1]}
    templates = (
        Template("tpl_a", "Sales", Rule(senders=Senders(groups=GROUPS[:5])), parts, 5),  # type: ignore[arg-type]
        Template("tpl_b", "All", Rule(), parts, fallback=True),  # type: ignore[arg-type]
    )
    return Definition(PEN, "Acme", ("acme.example",), KEY, templates, made, lists=lists or {})


def _with_list(rule: Rule, number: int, lists: dict[str, tuple[str, ...]]) -> Rule:
    """Every tenth campaign goes to a list instead, where there are lists."""
    if not lists or number % 10:
        return rule
    name = sorted(lists)[number // 10 % len(lists)]
    return Rule(senders=rule.senders, to=Recipients(lists=(name,)), when=rule.when)


def roll(token_sha256: bytes = b"", people: int = 200) -> Roll:
    """So many people in two groups each; the first one's device has the token."""
    chance = random.Random(2)
    return Roll(
        PEN,
        (Device("dev_a", token_sha256, "mem_0"),) if token_sha256 else (),
        tuple(
            Person(f"mem_{n}", f"u{n}@acme.example", {"name": f"User {n}"}, tuple(chance.sample(GROUPS, 2)))
            for n in range(people)
        ),
    )


def questions(count: int, recipients: int, people: int = 200) -> list[Question]:
    """Mails from people of the roll, mostly to domains that some campaign names."""
    chance = random.Random(3)
    mails = []
    for _ in range(count):
        to = [f"p{chance.randrange(5000)}@d{chance.randrange(2000)}.example" for _ in range(recipients)]
        mails.append(
            Question(f"u{chance.randrange(people)}@acme.example", to[:-3] or to, to[-3:] if to[:-3] else [])
        )
    return mails
