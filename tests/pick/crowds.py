"""Companies, mails and times by the hundred, each from a number: small, and made so that rules often nearly hold."""

from __future__ import annotations

import random

from tests.pick import worlds
from tests.pick.worlds import ADDRESSES, DOMAINS, FALLBACK, GROUPS, LISTS, VALUES, caps, content

from stationer.wire.definition import Campaign, Definition, Management, Message, Template
from stationer.wire.pick import Question
from stationer.wire.roll import Person
from stationer.wire.rules import Recipients, Rule, Schedule, Senders
from stationer.wire.words import SLOTS, VARIANTS

DAY = 86_400_000
FIRST = 1_792_800_000_000  # 24 October 2026; summer time ends in Europe on the 25th


class Crowd:
    """Draws from one number."""

    def __init__(self, number: int) -> None:
        self.chance = random.Random(number)

    def some(self, values: tuple[str, ...], share: float = 0.3) -> tuple[str, ...]:
        return tuple(value for value in values if self.chance.random() < share)

    def maybe(self, share: float) -> bool:
        return self.chance.random() < share

    def senders(self) -> Senders:
        where = {
            name: tuple(self.chance.choices(VALUES, k=self.chance.randint(1, 2)))
            for name in self.some(("department", "city"), 0.35)
        }
        if self.maybe(0.5):
            return Senders(where=where)
        return Senders(
            self.some(ADDRESSES[:3]), self.some(GROUPS), self.some(("employees", "clients")), where
        )

    def recipients(self) -> Recipients:
        side = self.chance.choice(("anyone", "anyone", "inside", "outside", "mixed"))
        if self.maybe(0.4):
            return Recipients(side)  # type: ignore[arg-type]
        return Recipients(
            side,  # type: ignore[arg-type]
            self.some(ADDRESSES),
            self.some((*DOMAINS, "*.in.example", "*.example"), 0.15),
            self.some(GROUPS),
            self.some(LISTS),
            self.chance.choice(("any", "all")),  # type: ignore[arg-type]
        )

    def schedule(self) -> Schedule:
        said = Schedule(
            weekdays=tuple(day for day in range(7) if self.maybe(0.6)) if self.maybe(0.3) else (),
            hours=self.chance.choice(("", "", "22:00-06:00", "08:00-20:00")),
            zone=self.chance.choice(("UTC", "Europe/Berlin", "America/St_Johns")),
            not_on=self.some(("2026-10-25", "2026-10-26..2026-10-27", "bank"), 0.2),
        )
        return said

    def rule(self) -> Rule:
        but, nobody = self.senders(), self.recipients()
        return Rule(
            self.senders(),
            self.recipients(),
            but if self.maybe(0.3) and but != Senders() else None,
            nobody if self.maybe(0.35) and nobody != Recipients() else None,
            self.schedule() if self.maybe(0.4) else Schedule(),
        )

    def campaign(self, number: int) -> Campaign:
        messages = tuple(
            Message(
                f"m{number}.{n}",
                "",
                content("message", self.chance.choice(SLOTS[1:]), f"{number}.{n}"),
                self.some(VARIANTS, 0.7) or ("new",),
                self.chance.randint(1, 4),
            )
            for n in range(self.chance.randint(1, 2))
        )
        asked = {
            "caps": caps(*self.chance.choices((0, 0, 1, 2), k=3)),
            "cool_down_h": self.chance.choice((0, 0, 30)),
            "sequence": len(messages) > 1 and self.maybe(0.5),
            "stop_after_click": self.maybe(0.3),
        }
        return Campaign(
            f"c{number}",
            f"C{number}",
            self.rule(),
            messages,
            self.chance.randint(0, 2),
            self.chance.choice((0, 0, 0, 50)),
            **(asked if self.maybe(0.5) else {}),
        )

    def past(self) -> worlds.Sent:
        return {
            (address, f"c{number}"): (
                [
                    (self.chance.randrange(9 * DAY), self.chance.randint(0, 2))
                    for _ in range(self.chance.randint(0, 2))
                ],
                self.maybe(0.2),
            )
            for address in ADDRESSES
            for number in range(7)
            if self.maybe(0.15)
        }

    def template(self, number: int) -> Template:
        parts = {v: (content("template", "signature", f"{number}{v}"),) for v in self.some(VARIANTS, 0.8)}
        return Template(f"t{number}", f"T{number}", self.rule(), parts, self.chance.randint(0, 1))  # type: ignore[arg-type]

    def definition(self) -> Definition:
        dark = Schedule(hours="12:00-14:00", not_on=("bank",))
        management = Management(
            most_messages=self.chance.randint(1, 3),
            blackout=(dark,) if self.maybe(0.3) else (),
            quiet_groups=self.some(GROUPS, 0.1),
            mixed=self.chance.choice(("shared", "strictest", "copies")),  # type: ignore[arg-type]
            most_copies=self.chance.randint(2, 3),
        )
        return Definition(
            pen="pen",
            name="Company",
            domains=("in.example", "*.in.example"),
            mark_key=b"k" * 32,
            templates=(FALLBACK, *map(self.template, range(self.chance.randint(0, 4)))),
            campaigns=tuple(map(self.campaign, range(self.chance.randint(1, 7)))),
            management=management,
            lists={name: self.some(ADDRESSES) for name in LISTS},
            calendars={"bank": self.some(("2026-10-24", "2026-10-28..2026-10-29"), 0.5)},
        )

    def people(self) -> tuple[Person, ...]:
        return tuple(
            Person(
                f"mem{n}",
                address,
                {name: self.chance.choice(VALUES) for name in self.some(("department", "city"), 0.8)},
                self.some(GROUPS, 0.5),
                self.chance.choice(("employees", "clients")),
            )
            for n, address in enumerate(ADDRESSES[:4])
        )

    def question(self) -> Question:
        to = self.chance.choices(ADDRESSES, k=self.chance.choice((0, 1, 1, 2, 3, 5)))
        cut = self.chance.randint(0, len(to))
        return Question(self.chance.choice(ADDRESSES[:5]), to[:cut], to[cut:])

    def moment(self) -> int:
        return FIRST + self.chance.randrange(6 * DAY)
