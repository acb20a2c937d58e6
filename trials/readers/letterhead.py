"""The demo company's stationery, pressed and filled as a snapshot has it: the four slots of each variant."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from stationer import pick
from stationer.cli.snapshot import press, read_pictures
from stationer.compose import complete, fill
from stationer.stamp import Block, Order
from stationer.wire.content import Content
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
    """The company's contents. `files` are its pictures by the name under which mails link them."""

    def __init__(self) -> None:
        text = COMPANY.read_text("utf-8").replace("  zone:", f"  assets: {ASSETS}\n  zone:", 1)
        company, problems = pick.company.survey(text)
        assert company is not None and not problems, problems
        pictures, _ = read_pictures(company, COMPANY.parent, problems)
        self.contents: Mapping[str, Content] = press(company, pictures, problems)
        assert not problems, problems
        self.attributes = {**company.people[0].attributes, "name": ALICE.name}
        self.files = {
            pictures[name].url.removeprefix(ASSETS): (COMPANY.parent / path).read_bytes()
            for name, path in company.pictures.items()
        }

    def order(self, variant: Variant, pictures: str) -> Order:
        """What goes into a mail; `pictures` is the address that its pictures are served from."""
        blocks = []
        for name in CHOICES[variant]:
            html, text = complete(fill(self.contents[name], self.attributes, name=name))
            blocks.append(Block(self.contents[name].slot, html.replace(ASSETS, pictures), text))
        return Order(f"readers-{variant}", tuple(blocks))
