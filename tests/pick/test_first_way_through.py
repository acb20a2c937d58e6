"""From a source to the words in a mail, through every verb of compose and pick once."""

from stationer import compose, pick
from stationer.wire.definition import Campaign, Definition, Message, Template
from stationer.wire.pick import Question
from stationer.wire.roll import Person, Roll
from stationer.wire.rules import Recipients, Rule
from stationer.wire.source import Source


def test_a_mail_to_an_outsider_carries_the_signature_and_the_banner() -> None:
    signature = compose.press(Source("signature"), kind="template", slot="signature").content
    words = {"headline": "Open evening", "button": "Book", "link": "https://example.com/book"}
    banner = compose.press(Source("banner", words), kind="message", slot="banner").content
    assert signature is not None and banner is not None
    campaign = Campaign(
        "c", "Evening", Rule(to=Recipients(side="outside")), (Message("m", "Invitation", banner),)
    )
    template = Template("t", "House", Rule(), {"new": (signature,)}, fallback=True)
    definition = Definition("pen", "Harbour", ("harbour.example",), b"k" * 32, (template,), (campaign,))

    packed = pick.pack("snapshot", pick.compile(definition), pen="pen", serial=1, made_at=2, private_key=None)
    compiled = pick.unpack(packed, kind="snapshot", public_key=None, pen="pen").payload
    assert isinstance(compiled, pick.Compiled)
    snapshot = pick.load(compiled)
    roll = pick.read_roll(Roll("pen", (), (Person("mem", "bob@harbour.example", {"name": "Bob"}),)))
    asked = Question("Bob@Harbour.Example", ["carol@elsewhere.example"], [])
    answer = pick.pick(snapshot, roll, asked, now=0, pick_id="pk_1")

    new = answer.copies[0].new
    found = [pick.block(snapshot, roll, candidate.block) for candidate in (*new.signature, *new.banner)]
    html, text = zip(
        *(compose.complete(compose.fill(*part, name="n")) for part in found if part), strict=True
    )
    assert "<b>Bob</b>" in html[0] and text[0] == "-- \nBob"
    assert text[1] == "Open evening\nBook: https://example.com/book"
    assert not answer.copies[0].reply.signature
