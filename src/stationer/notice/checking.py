"""faults(pen): all that is wrong with a PEN's notification, each with its place (contract/notice.md §6)."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from stationer.mime import fault_of
from stationer.notice.composing import Notification, compose, picture_type
from stationer.notice.following import text_leads_away
from stationer.notice.hosts import is_host, origin
from stationer.notice.inks import COLOUR
from stationer.notice.languages import FIELD, LANGUAGE, words_in
from stationer.notice.pen import Logo, Package, Pen, Texts
from stationer.notice.plain import one_line
from stationer.notice.proof import is_id
from stationer.notice.words import FIELDS
from stationer.wire.problem import Problem

LONGEST = 2_000
MOST_BYTES = 30_000
WIDEST, HIGHEST = 300, 80
#: A mail in which everything that can be said is said.
TRIAL = (
    b'From: "%s" <a@example.invalid>\r\n'
    b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\n"
    + b"--b\r\nContent-Disposition: attachment\r\n\r\n" * 2
    + b"--b--\r\n"
) % (b"W" * 80)


def faults(pen: Pen) -> tuple[Problem, ...]:
    """Everything that is wrong; empty when the PEN is sound."""
    found = [*_who(pen), *_keys(pen), *_languages(pen), *_words(pen), *_packages(pen)]
    if pen.logo:
        found += _logo(pen.logo, pen.host)
    if not found:
        found += _size(pen)
    return tuple(found)


def _who(pen: Pen) -> Iterator[Problem]:
    if not is_id(pen.id):
        what = f"{pen.id!r} is no id."
        yield Problem("pen/id", what, "Write letters, figures, `.`, `_` and `-`, at most 128.")
    if not is_host(pen.host):
        what = f"{pen.host!r} is no host name."
        yield Problem("pen/host", what, "Write the host that links lead to, such as mail.acme.example.")
    if not COLOUR.fullmatch(pen.colour):
        what = f"{pen.colour!r} is no colour."
        yield Problem("pen/colour", what, 'Write "#" and six hexadecimal digits, in quotes.')
    if not one_line(pen.name):
        yield Problem("pen/name", "The name is empty.", "Write the company's name.")
    for place in ("name", "address", "phone"):
        yield from _text(pen, f"pen/{place}", getattr(pen, place))


def _text(pen: Pen, where: str, text: str) -> Iterator[Problem]:
    """Words that stand in every notification: not too long, and no link to anywhere else."""
    if len(text) > LONGEST:
        what = f"It has {len(text):,} characters."
        yield Problem(where, what, f"Write at most {LONGEST:,}: programs and readers stop before that.")
    if text_leads_away(one_line(text), pen.host, is_html=False):
        what = f"It holds a link that does not lead to {pen.host}; readers and programs refuse such a notification."
        yield Problem(where, what, "Take the link away, or write the name without www. and //.")


def _keys(pen: Pen) -> Iterator[Problem]:
    if not pen.keys:
        yield Problem("keys", "There is no key.", "Start from `stationer example pen`: it makes one.")
    seen: set[str] = set()
    for at, key in enumerate(pen.keys):
        where = f"keys/{at}"
        if not is_id(key.id) or key.id in seen:
            what = f"The key's id {key.id!r} is none, or stands here twice."
            yield Problem(f"{where}/id", what, "Write a short name that no other key has.")
        seen.add(key.id)
        if len(key.public) != 32:
            what = f"The public key has {len(key.public)} octets."
            yield Problem(f"{where}/public", what, "An Ed25519 key has 32, in base64 44 characters.")
        elif key.private and public_of(key.private) != key.public:
            what = "The private key is none, or not that of the public key."
            yield Problem(f"{where}/private", what, "Put in the two halves of one key.")


def public_of(private: bytes) -> bytes:
    """The public half; empty when there is none."""
    if len(private) != 32:
        return b""
    return Ed25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw()


def _languages(pen: Pen) -> Iterator[Problem]:
    if not pen.languages:
        yield Problem("languages", "There is no language.", "Write `languages: [en]`.")
    for at, language in enumerate(pen.languages):
        missing = sorted(FIELDS.keys() - words_in(pen, language.lower()).keys())
        if not LANGUAGE.fullmatch(language):
            yield Problem(f"languages/{at}", f"{language!r} is no language.", "Write en, de, ar or the like.")
        elif missing:
            what = f"In {language} these words are missing: {', '.join(missing)}."
            yield Problem(f"languages/{at}", what, f"Write them below `words`, `{language}`.")


def _words(pen: Pen) -> Iterator[Problem]:
    for language, texts in pen.words.items():
        if not LANGUAGE.fullmatch(language):
            yield Problem(
                f"words/{language}", f"{language!r} is no language.", "Write en, de, ar or the like."
            )
        for name, text in texts.items():
            where = f"words/{language}/{name}"
            if name not in FIELDS:
                near = get_close_matches(name, FIELDS, 1)
                advice = f"Did you mean {near[0]!r}?" if near else f"There are: {', '.join(FIELDS)}."
                yield Problem(where, f"There is no {name!r} among a notification's words.", advice)
                continue
            yield from _fields(where, name, text)
            yield from _text(pen, where, text)


def _fields(where: str, name: str, text: str) -> Iterator[Problem]:
    """The braces of one word: those that belong there and no other; and the twelve months."""
    wanted, held = FIELDS[name], FIELD.findall(text)
    if set(held) != wanted or len(held) != len(set(held)):
        braces = " ".join(f"{{{field}}}" for field in sorted(wanted)) or "none"
        what = f"Its fields are not those of this word: {braces}."
        yield Problem(where, what, "Write each of them once, in braces, and no other.")
    if name == "months" and len([month for month in text.split("|") if month.strip()]) != 12:
        yield Problem(where, "These are not twelve months.", "Write all twelve, parted by |.")
    if not one_line(text):
        yield Problem(where, "It is empty.", "Write it, or take the line away.")


def _packages(pen: Pen) -> Iterator[Problem]:
    for name, package in pen.packages.items():
        where = f"packages/{name}"
        yield from _senders(where, package)
        yield from _disclaimers(pen, f"{where}/notification", package.notification)
        yield from _disclaimers(pen, f"{where}/message", package.message)


def _senders(where: str, package: Package) -> Iterator[Problem]:
    for at, sender in enumerate(package.senders):
        named = "anyone" + sender if sender.startswith("@") else sender
        if sender.strip() != "*" and fault_of(named):
            what = f"{sender!r} is neither an address nor @ and a domain, nor *."
            yield Problem(f"{where}/senders/{at}", what, "Write alice@acme.example, @acme.example or *.")


def _disclaimers(pen: Pen, where: str, texts: Texts) -> Iterator[Problem]:
    for language, text in texts.items():
        if not LANGUAGE.fullmatch(language):
            yield Problem(
                f"{where}/{language}", f"{language!r} is no language.", "Write en, de, ar or the like."
            )
        yield from _text(pen, f"{where}/{language}", text)


def _logo(logo: Logo, host: str) -> Iterator[Problem]:
    if not (0 < logo.width <= WIDEST and 0 < logo.height <= HIGHEST):
        what = f"{logo.width} by {logo.height} is no size for a logo."
        yield Problem("pen/logo", what, f"Say how it is shown: at most {WIDEST} by {HIGHEST} pixels.")
    if (logo.data and logo.url) or not (logo.data or logo.url):
        yield Problem("pen/logo", "A logo has either a file or a url.", "Keep one of them.")
    elif logo.data and not picture_type(logo.data):
        yield Problem(
            "pen/logo/file", "It is no picture that every mail program shows.", "Use PNG, JPEG or GIF."
        )
    elif logo.url and (not logo.url.startswith(f"{origin(host)}/") or not is_address(logo.url)):
        what = f"{logo.url!r} is not on {host}."
        yield Problem(
            "pen/logo/url", what, f"Begin it with {origin(host)}/: a notification leads nowhere else."
        )


def is_address(url: str) -> bool:
    """Whether it is written as an address is: ASCII without blanks, quotes and brackets."""
    return url.isascii() and url.isprintable() and not set(url) & set(" \"'<>\\`{}|^")


def _size(pen: Pen) -> Iterator[Problem]:
    """The largest notification that can be made: with the longest disclaimer of all packages."""
    if pen.signing_key is None:
        return
    for name in (None, *pen.packages):
        made = compose(TRIAL, pen, "m" * 128, 0, package=name or "", until=None)
        size = len(made.mail) if isinstance(made, Notification) else 0
        if size > MOST_BYTES:
            what = f"A notification would have {size:,} octets."
            where = f"packages/{name}" if name else "pen/logo" if pen.logo else "words"
            yield Problem(where, what, f"It may have {MOST_BYTES:,}: use a smaller logo, or fewer words.")
            return
