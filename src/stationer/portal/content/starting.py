"""The words of the starters, as sources. They are examples and speak the language of whoever begins."""

from __future__ import annotations

from django.utils.translation import gettext as _

from stationer.wire.source import Element, Source

#: Where example links lead; none of them stays in what is begun.
EXAMPLE = "https://www.example.com"
COLOUR = "#1f4a5f"


def _form(*elements: Element, **values: str) -> Source:
    return Source("form", {"colour": COLOUR, **values}, elements=elements)


def portrait() -> Source:
    """A signature: photo, details, where else one is found."""
    return _form(
        Element("person"),
        Element("divider", {"tone": "brand"}),
        Element("social", {"linkedin": "{{linkedin}}", "xing": "{{xing}}"}),
        space="none",
        dashes="yes",
    )


def rules() -> Source:
    """A signature between two hairlines, without pictures."""
    return _form(
        Element("person", {"look": "rules", "picture": "", "monogram": ""}),
        space="none",
        dashes="yes",
    )


def reply() -> Source:
    """Two lines beside a bar."""
    short = {"picture": "", "mobile": "", "email": "", "website": "", "address": ""}
    return _form(Element("person", short), space="none", edge="left", face="sans")


def letterhead_rule() -> Source:
    """Name or logo above a double rule."""
    return _form(
        Element("logo"),
        Element("text", {"words": "{{department}}", "size": "small", "tone": "quiet"}),
        edge="below",
        space="below",
    )


def letterhead_band() -> Source:
    """The name on a strip of colour."""
    return _form(Element("logo", {"size": "small"}), ground="full", space="below")


def register() -> Source:
    """What stands at the end by law."""
    words = _(
        "**{company}** · 1 Example Street, Exampletown\n"
        "Registered in Exampletown, No. 01234567 · Managing director: Alex Example\n"
        "[Privacy notice]({link})"
    )
    said = words.format(company="{{company}}", link=f"{EXAMPLE}/privacy")
    return _form(Element("divider"), Element("disclaimer", {"words": said}))


def confidential() -> Source:
    """A request, not a threat."""
    words = _(
        "This message is meant for the person it is addressed to. If it reached you by mistake, please tell us "
        "and delete it. Thank you."
    )
    return _form(Element("divider", {"look": "dotted"}), Element("disclaimer", {"words": words}))


def invitation() -> Source:
    """An event."""
    words = _(
        "**Thursday 3 December, 18:00 to 20:00** · 1 Example Street\n"
        "Look round, ask anything, stay for a glass. No obligation, no speeches."
    )
    return _form(
        Element("heading", {"words": _("You are invited: our open evening")}),
        Element("text", {"words": words}),
        Element("button", {"label": _("Keep a place for me"), "link": f"{EXAMPLE}/open-evening"}),
        ground="pale",
        edge="left",
    )


def news() -> Source:
    """Something new, with a picture over the whole width."""
    return _form(
        Element("picture", {"picture": "paper", "alt": _("A paper plane over green hills at sunrise")}),
        Element("heading", {"words": _("We have moved closer to you")}),
        Element(
            "text",
            {"words": _("New rooms, the same people and telephone numbers. Come by and see them.")},
        ),
        Element("button", {"label": _("How to find us"), "link": f"{EXAMPLE}/news", "look": "link"}),
        ground="grey",
    )


def opinion() -> Source:
    """A question with three answers."""
    answers = {f"link_{n}": f"{EXAMPLE}/answer?a={n}" for n in (1, 2, 3)}
    words = {"answer_1": _("Very well"), "answer_2": _("Fair"), "answer_3": _("Could be better")}
    return _form(
        Element("heading", {"words": _("How did we do?"), "size": "small"}),
        Element("text", {"words": _("One press is the whole answer."), "tone": "quiet"}),
        Element("answers", words | answers),
        edge="double",
    )


def season() -> Source:
    """Greetings, and when one is there."""
    return _form(
        Element(
            "picture", {"picture": "winter", "alt": _("A lit house in the snow under a clear night sky")}
        ),
        Element("heading", {"words": _("A quiet season, and a good new year")}),
        Element(
            "columns",
            {
                "heading_1": _("We are closed"),
                "words_1": _("24 December to 1 January"),
                "heading_2": _("In urgent cases"),
                "words_2": _("Call us on [+44 1632 960000](tel:+441632960000)"),
            },
        ),
        ground="pale",
    )


def holiday() -> Source:
    """Somebody is away."""
    words = _(
        "I am away **from 4 to 15 August** and read no mail.\n"
        "My colleague Alex Example helps you gladly: [alex@example.com](mailto:alex@example.com)"
    )
    return _form(Element("text", {"words": words}), edge="left")


def services() -> Source:
    """Things side by side."""
    said: dict[str, str] = {}
    things = (
        (_("Advice"), _("Half an hour, free of charge."), _("Ask for a date")),
        (_("Workshop"), _("Repairs while you wait."), _("See prices")),
        (_("Delivery"), _("Within two days, everywhere."), _("How it works")),
    )
    for n, (heading, words, label) in enumerate(things, 1):
        said |= {f"heading_{n}": heading, f"words_{n}": words, f"label_{n}": label}
        said[f"link_{n}"] = f"{EXAMPLE}/{n}"
    return _form(Element("columns", said), edge="top", face="sans")


def vacancy() -> Source:
    """A field of colour that is not overlooked."""
    return _form(
        Element("heading", {"words": _("Come and work with us"), "size": "large"}),
        Element("text", {"words": _("We are looking for somebody who likes people and keeps promises.")}),
        Element("button", {"label": _("See what we offer"), "link": f"{EXAMPLE}/jobs"}),
        ground="full",
    )
