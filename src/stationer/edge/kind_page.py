"""What somebody sees whose link leads nowhere: a page in plain words, with nothing to click and nothing loaded."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Mapping
from hashlib import sha256
from html import escape
from typing import Literal, NamedTuple

Reason = Literal["unknown", "ended", "waiting", "decoy", "voted", "uncounted"]
Language = Literal["en", "de"]

_STYLE = (
    "body{margin:0;background:#f6f5f2;color:#22262b;font:17px/1.55 Georgia,'Times New Roman',serif}"
    "main{max-width:34rem;margin:14vh auto 0;padding:0 1.5rem}"
    "h1{font-size:1.7rem;line-height:1.25;font-weight:400;margin:0 0 1rem}"
    "p{margin:0 0 1rem}"
    ".by{color:#5b626b;font:14px/1.5 system-ui,sans-serif}"
    ".by{border-top:1px solid #d9d6cf;padding-top:1rem;margin-top:2rem}"
    "@media(prefers-color-scheme:dark){body{background:#181b1f;color:#e6e4df}.by{color:#a3a9b1;border-color:#3a4047}}"
)
_HASH = b64encode(sha256(_STYLE.encode()).digest()).decode()
#: What stands on every page; nothing on it is fetched, sent or framed.
HEADERS = [
    ("Content-Type", "text/html; charset=utf-8"),
    (
        "Content-Security-Policy",
        f"default-src 'none'; style-src 'sha256-{_HASH}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    ),
    ("Cache-Control", "no-store"),
    ("Referrer-Policy", "no-referrer"),
    ("X-Content-Type-Options", "nosniff"),
    ("X-Robots-Tag", "noindex"),
    ("Vary", "Accept-Language"),
]


class _Words(NamedTuple):
    """A heading, and paragraphs with a line end between them."""

    heading: str
    says: str


_WORDS: Mapping[Language, Mapping[Reason, _Words]] = {
    "en": {
        "unknown": _Words(
            "This link leads nowhere",
            "It is not one of ours, or a part of it was lost on the way: some mail programs break a long address, or "
            "leave out its last letters.\n"
            "You have been sent nowhere, and nothing is wrong with your computer. Try the link in the mail once more, "
            "or ask whoever wrote to you.",
        ),
        "ended": _Words(
            "This link has come to its end",
            "It was right when the mail was sent. What it led to has been taken back since, or its time is over.\n"
            "You have been sent nowhere. Whoever wrote to you knows what has become of it.",
        ),
        "waiting": _Words(
            "This link is not ready yet",
            "What it leads to is on its way here. Please try again in a minute.",
        ),
        "decoy": _Words(
            "This page is for programs",
            "A mail carries a link that people do not see, and it leads here. Programs that open every link of a mail "
            "come to this page, so that nobody takes them for a reader.\n"
            "If you are a person: all is well, and there is nothing to do.",
        ),
        "voted": _Words("Thank you", "Your answer has arrived. There is nothing else to do."),
        "uncounted": _Words(
            "Answers are not collected here",
            "Nothing was noted: no link of this mail is followed, so nobody could tell to which mail an answer "
            "belongs.\nIf you would like to say how it was, please reply to the mail.",
        ),
    },
    "de": {
        "unknown": _Words(
            "Dieser Link führt nirgendwohin",
            "Er ist keiner von unseren, oder ein Teil davon ist unterwegs verloren gegangen: Manche Mailprogramme "
            "zerteilen eine lange Adresse oder lassen ihre letzten Buchstaben weg.\n"
            "Sie sind nirgendwohin geschickt worden, und Ihr Computer ist in Ordnung. Versuchen Sie den Link in der "
            "Mail noch einmal, oder fragen Sie, wer Ihnen geschrieben hat.",
        ),
        "ended": _Words(
            "Dieser Link ist abgelaufen",
            "Als die Mail gesendet wurde, stimmte er. Wohin er führte, wurde inzwischen zurückgenommen, oder seine "
            "Zeit ist vorbei.\n"
            "Sie sind nirgendwohin geschickt worden. Wer Ihnen geschrieben hat, weiß, was daraus geworden ist.",
        ),
        "waiting": _Words(
            "Dieser Link ist noch nicht bereit",
            "Wohin er führt, ist auf dem Weg hierher. Bitte versuchen Sie es in einer Minute noch einmal.",
        ),
        "decoy": _Words(
            "Diese Seite ist für Programme",
            "Eine Mail enthält einen Link, den Menschen nicht sehen, und er führt hierher. Programme, die jeden "
            "Link einer Mail öffnen, kommen auf diese Seite, damit niemand sie für Leser hält.\n"
            "Wenn Sie ein Mensch sind: Alles ist gut, und es ist nichts zu tun.",
        ),
        "voted": _Words("Vielen Dank", "Ihre Antwort ist angekommen. Mehr ist nicht zu tun."),
        "uncounted": _Words(
            "Hier werden keine Antworten gesammelt",
            "Es wurde nichts notiert: Die Links dieser Mail werden nicht verfolgt, deshalb wüsste niemand, zu welcher "
            "Mail eine Antwort gehört.\nWenn Sie sagen möchten, wie es war, antworten Sie bitte auf die Mail.",
        ),
    },
}
_BY: Mapping[Language, str] = {"en": "A link of {name}.", "de": "Ein Link von {name}."}
_ENTRY = re.compile(r"\s*(\*|[A-Za-z]{1,8})(?:-[A-Za-z0-9-]*)?\s*(?:;\s*q\s*=\s*([01](?:\.\d{0,3})?))?\s*")


def language_of(accepted: str) -> Language:
    """The language that an Accept-Language header (RFC 9110 §12.5.4) likes best of those there are; English if none."""
    liked: dict[str, float] = {}
    for entry in accepted[:200].split(","):
        if (found := _ENTRY.fullmatch(entry)) is not None:
            liked.setdefault(found[1].lower(), float(found[2] or 1))
    either = liked.get("*", 0.0)
    return "de" if liked.get("de", either / 2) > liked.get("en", either) else "en"


def page(reason: Reason, name: str, language: Language) -> bytes:
    """A page, in the name of a PEN where one is known."""
    words = _WORDS[language][reason]
    says = "".join(f"<p>{escape(one)}</p>" for one in words.says.splitlines())
    by = f'<p class="by">{escape(_BY[language].format(name=name))}</p>' if name else ""
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>{escape(words.heading)}</title>'
        '<meta name="viewport" content="width=device-width,initial-scale=1"><meta name="robots" content="noindex">'
        f"<style>{_STYLE}</style></head><body><main><h1>{escape(words.heading)}</h1>{says}{by}</main></body></html>"
    ).encode("utf-8", "replace")
