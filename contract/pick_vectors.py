"""Vectors of compose and pick (contract/content.md §6): what goes in, and what comes out, for other languages too."""

from __future__ import annotations

from typing import Any

import msgspec

from stationer import compose, pick
from stationer.wire.definition import Campaign, Definition, Management, Message, Template
from stationer.wire.pick import Question
from stationer.wire.roll import Person, Roll
from stationer.wire.rules import Recipients, Rule, Schedule, Senders
from stationer.wire.source import Element, Picture, Source
from stationer.wire.words import SCALES, Kind, Slot

BOB = {"name": "Bob Hendry", "title": "Dentist", "phone": "01632 960 142", "website": "harbour.example"}
LINK = "https://harbour.example/evening?from=mail&who={{name}}"

#: The pictures that sources may call by name.
PICTURES = {
    "logo": Picture(
        "https://go.harbour.example/a/logo.png", 120, 40, compose.digest_of(b"logo"), "image/png", 4
    )
}

#: name → (source, attributes, tokens)
COMPOSED: dict[str, tuple[Source, dict[str, str], list[str]]] = {
    "signature": (Source("signature", {"monogram": "HD", "colour": "#0e6e73"}), BOB, []),
    "vanishing-lines": (Source("signature"), {"name": "Ann"}, []),
    "escaping": (
        Source("signature"),
        {"name": '<b>"Ann" & \u2019s</b>', "phone": "+44 (0)1632 960 142", "website": "javascript:alert(1)"},
        [],
    ),
    "links": (Source("banner", {"headline": "Evening", "button": "Book", "link": LINK}), BOB, ["token-0"]),
    "typed-twin": (
        Source(
            "note",
            {"words": "Closed."},
            "Closed.\n{{#phone}}Call {{phone}}.{{/}}\nSee https://harbour.example/",
        ),
        BOB,
        [],
    ),
    "picture": (Source("letterhead", {"picture": "logo", "website": "{{website}}"}), BOB, []),
    "mjml": (
        Source(
            "mjml",
            {"mjml": "<mj-section><mj-column><mj-text>From {{name}}</mj-text></mj-column></mj-section>"},
        ),
        BOB,
        [],
    ),
    "form": (
        Source(
            "form",
            {"colour": "#0e6e73", "ground": "pale", "edge": "left"},
            elements=(
                Element("heading", {"words": "Evening with {{name}}"}),
                Element(
                    "text",
                    {"words": "Ask *two* dentists; [all **dates**](https://harbour.example/dates).\n- Tea"},
                ),
                Element("button", {"label": "Book", "link": LINK}),
                Element("columns", {"heading_1": "Falmouth", "words_1": "Monday", "words_2": "{{title}}"}),
                Element("social", {"mastodon": "https://social.example/@harbour"}),
                Element("contact", {"mobile": "{{mobile}}"}),
            ),
        ),
        BOB,
        ["token-0", "", "token-2"],
    ),
    **{
        f"rating-{scale}": (
            Source(
                "form",
                {"colour": "#0e6e73"},
                elements=(
                    Element(
                        "rating",
                        {"question": "How was your visit?", "scale": scale, "high": "{{ name|Very }} well"},
                    ),
                ),
            ),
            BOB,
            [f"token-{n}" for n in range(len(SCALES[scale]))],
        )
        for scale in SCALES
    },
}


def _composed(name: str) -> dict[str, Any]:
    source, attributes, tokens = COMPOSED[name]
    shape = compose.SHAPES[source.shape]
    content = _pressed(source, shape.kind, shape.slot)
    digest = pick.content_digest(content)
    block = compose.fill(content, attributes, name=f"{digest}.person")
    html, text = compose.complete(block, tokens)
    inputs = {"source": msgspec.to_builtins(source), "attributes": attributes, "tokens": tokens}
    outputs = {"content": msgspec.to_builtins(content), "digest": digest, "block": msgspec.to_builtins(block)}
    if block.pictures:
        outputs["embedded"] = compose.complete(block, tokens, embed=True)[0]
        inputs["pictures"] = msgspec.to_builtins(PICTURES)
    return {**inputs, **outputs, "html": html, "text": text}


def _pressed(source: Source, kind: Kind, slot: Slot) -> Any:
    pressed = compose.press(
        source, kind=kind, slot=slot, link_base="https://go.harbour.example/c/", pictures=PICTURES
    )
    if pressed.content is None:
        raise ValueError([problem.sentence() for problem in pressed.problems])
    return pressed.content


def _definition() -> Definition:
    signature = _pressed(Source("signature"), "template", "signature")
    short = _pressed(Source("signature-short"), "template", "signature")
    notes = [_pressed(Source("note", {"words": f"Note {n}."}), "message", "banner") for n in range(3)]
    outside = Rule(to=Recipients(side="outside"), except_to=Recipients(lists=("patients",)))
    office = Rule(Senders(groups=("office",)), when=Schedule(hours="09:00-17:00", zone="Europe/London"))
    return Definition(
        pen="pen_aaaaaaaaaaaaaaaaaaaaaaaaaa",
        name="Harbour Dental",
        domains=("harbour.example",),
        mark_key=bytes(range(32)),
        templates=(
            Template("tpl", "House", Rule(), {"new": (signature,), "reply": (short,)}, fallback=True),
        ),
        campaigns=(
            Campaign(
                "evening", "Evening", outside, (Message("m0", "A", notes[0]), Message("m1", "B", notes[1]))
            ),
            Campaign("office", "Office hours", office, (Message("m2", "C", notes[2], ("new",)),), 5),
        ),
        management=Management(most_messages=1),
        lists={"patients": ("carol@out.example",)},
    )


PEOPLE = (
    Person("mem_ann", "ann@harbour.example", {"name": "Ann"}, ("office",)),
    Person("mem_bob", "bob@harbour.example", BOB, aliases=("dr.bob@harbour.example",)),
)
#: (from, to, cc, Unix ms): 1 July and 1 January 2026, 08:30 UTC, and a midnight
ASKED = (
    ("ann@harbour.example", ["dave@out.example"], [], 1_782_894_600_000),
    ("ann@harbour.example", ["dave@out.example"], [], 1_767_256_200_000),
    ("Dr.Bob@Harbour.Example", ["dave@out.example", "eve@out.example"], [], 1_767_225_600_000),
    ("bob@harbour.example", ["eve@out.example"], ["dave@out.example"], 1_767_225_600_000),
    ("bob@harbour.example", ["carol@out.example"], [], 1_767_225_600_000),
    ("bob@harbour.example", ["dave@out.example", "ann@harbour.example"], [], 1_767_225_600_000),
    ("bob@harbour.example", [], [], 1_767_225_600_000),
    ("nobody@out.example", ["ann@harbour.example"], [], 1_767_225_600_000),
)


def _picked(definition: Definition) -> dict[str, Any]:
    snapshot = pick.load(pick.compile(definition))
    roll = pick.read_roll(Roll(definition.pen, (), PEOPLE), definition.mark_key)
    asked = []
    for sender, to, cc, now in ASKED:
        question = Question(sender, to, cc)
        answer = pick.pick(snapshot, roll, question, now=now, pick_id="pk_vector")
        told = pick.explain(snapshot, roll, question, now=now)
        said = {"question": question, "now": now, "seed": 0, "answer": answer, "explanation": told}
        asked.append(msgspec.to_builtins(said))
    return {
        "definition": msgspec.to_builtins(definition),
        "people": msgspec.to_builtins(PEOPLE),
        "asked": asked,
    }


def vectors() -> dict[str, str]:
    """Every vector file: path → text."""
    definition = _definition()
    files = {f"contract/vectors/compose/{name}.json": _pretty(_composed(name)) for name in COMPOSED}
    files["contract/vectors/pick/asked.json"] = _pretty(_picked(definition))
    packed = pick.pack(
        "snapshot", pick.compile(definition), pen=definition.pen, serial=7, made_at=1_767_225_600_000,
        private_key=bytes(range(32)),
    )  # fmt: skip
    lines = [packed.hex()[at : at + 64] for at in range(0, len(packed) * 2, 64)]
    files["contract/vectors/pick/snapshot.stn.hex"] = "\n".join(lines) + "\n"
    return files


def _pretty(value: Any) -> str:
    return msgspec.json.format(msgspec.json.encode(value), indent=2).decode() + "\n"
