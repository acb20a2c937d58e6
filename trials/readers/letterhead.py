"""The demo company's stationery, pressed and filled as a snapshot has it: the four slots of each variant."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

from stationer import pick
from stationer.agent.illustrating import blocks_of
from stationer.cli.snapshot import press, read_pictures
from stationer.compose import fill
from stationer.stamp import Order
from stationer.wire import base32
from stationer.wire.content import Content
from stationer.wire.pick import Candidate
from stationer.wire.words import Variant
from trials.servers.people import ALICE

COMPANY = Path(__file__).parents[2] / "src/stationer/demo/company/company.yaml"
ASSETS = "https://pictures.invalid/"
TEMPLATE = "templates/practice-office"
EVENING, VISIT = (
    f"campaigns/{name}/content" for name in ("open-evening/messages/banner", "visit/messages/question")
)
#: What goes in, in the order of the slots.
CHOICES: dict[Variant, tuple[str, ...]] = {
    "new": (f"{TEMPLATE}/new/top", f"{TEMPLATE}/new/signature", EVENING, f"{TEMPLATE}/new/footer"),
    "reply": (f"{TEMPLATE}/reply/signature", VISIT, f"{TEMPLATE}/reply/footer"),
    "forward": (f"{TEMPLATE}/forward/signature", EVENING, f"{TEMPLATE}/forward/footer"),
}


class Letterhead:
    """The company's contents. `files` are its pictures by the name under which mails link them; with `embedded` they
    travel inside the mails."""

    def __init__(self, *, embedded: bool = False) -> None:
        how = f"  assets: {ASSETS}\n  zone:"
        text = COMPANY.read_text("utf-8").replace("  zone:", how, 1)
        if embedded:
            text += "\nmanagement: {pictures: embedded}\n"
        company, problems = pick.company.survey(text)
        assert company is not None and not problems, problems
        assert (company.management.pictures == "embedded") is embedded
        pictures, self.octets = read_pictures(company, COMPANY.parent, problems)
        self.contents: Mapping[str, Content] = press(company, pictures, problems)
        assert not problems, problems
        self.attributes = {**company.people[0].attributes, "name": ALICE.name}
        self.files = {
            pictures[name].url.removeprefix(ASSETS): (COMPANY.parent / entry.file).read_bytes()
            for name, entry in company.pictures.items()
        }

    def order(self, variant: Variant, pictures: str) -> Order:
        """What goes into a mail, as the agent makes it; linked pictures are served from the address `pictures`."""
        known = {
            name: fill(self.contents[name], self.attributes, name=name)
            for name in dict.fromkeys(CHOICES[variant])
        }
        named = [(self.contents[name].slot, Candidate(name, _mark(name), "template")) for name in known]
        blocks = blocks_of(named, known, self.octets)
        return Order(
            f"readers-{variant}",
            tuple(replace(one, html=one.html.replace(ASSETS, pictures)) for one in blocks),
        )


def _mark(name: str) -> str:
    """Any mark, the same for the same content."""
    return base32.encode(sha256(name.encode()).digest()[:5])
