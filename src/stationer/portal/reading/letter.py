"""The page of an open letter: who wrote, when, to whom, the words, the files, an answer (contract/reading.md §5).

Whoever gets here was let in (`finding.for_readers`). To look is noted once a sitting and day, and never for a HEAD or
for what a browser fetches ahead.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_POST, require_safe

from stationer import show as craft
from stationer.portal.people.models import Pen
from stationer.portal.reading import letter_frame
from stationer.portal.reading.finding import for_readers
from stationer.portal.reading.letter_answer import AnswerForm, circle_of
from stationer.portal.reading.letter_files import fetched, listed
from stationer.portal.reading.letter_wording import wording_of
from stationer.portal.reading.letter_words import BESIDE, WIDTHS, Letter, Words
from stationer.portal.reading.sittings import Reader
from stationer.portal.vault import events
from stationer.portal.vault.errors import VaultError
from stationer.portal.vault.models import Event, Grant, SecureMessage
from stationer.portal.vault.storing import GONE

#: How long remote pictures of one message stay asked for, in seconds.
ASKED_S = 3600
_ASKED = "stationer.reading.pictures"
#: Recipients that are named before the rest is folded away.
NAMED = 6


@dataclass(frozen=True)
class Person:
    """Somebody on the letter: a name that is safe to show, and the address."""

    name: str
    address: str

    @property
    def is_named(self) -> bool:
        """Whether the name says more than the address."""
        return self.name != self.address


def show(request: HttpRequest, message: SecureMessage, reader: Reader) -> HttpResponseBase:
    """The page, for whoever was let in."""
    answer = page(request, message, reader, AnswerForm(circle_of(message, reader)))
    if answer.status_code == 200:  # what could not be shown nobody has seen
        note_once(request, message, reader, "opened")
    return answer


def page(request: HttpRequest, message: SecureMessage, reader: Reader, form: AnswerForm) -> HttpResponse:
    """The letter with a form for an answer below it; what was typed in that stays."""
    pen = Pen.objects.get(pk=message.pen_id)
    facts: dict[str, object] = {"pen": pen, "letter": message, "reader": reader, "form": form}
    facts |= people(message, reader) | {
        "wording": wording_of(message),
        "answered": request.GET.get("answered"),
    }
    try:
        letter = Letter(message)
        asked = is_asked(request, message, reader)
        words = letter.words(remote=asked)
    except (VaultError, OSError) as fault:
        said = fault.sentence if isinstance(fault, VaultError) else GONE
        return render(request, "reading/letter.html", facts | {"fault": said}, status=503)
    facts |= {"words": words, "files": [listed(entry) for entry in letter.files(words.inside)]}
    facts |= {"asked": request.GET.get("pictures", "") if asked else "", "frame": _frame(words)}
    return render(request, "reading/letter.html", facts, status=422 if form.errors else 200)


def _frame(words: Words) -> list[tuple[int, int]]:
    """The frame's height for a window from so many pixels on."""
    low, *higher = zip(WIDTHS, words.heights, strict=True)
    return [(0, low[1]), *((width + BESIDE, height) for width, height in higher)]


def people(message: SecureMessage, reader: Reader) -> dict[str, object]:
    """Who wrote, to whom; blind recipients are shown to the author and, their own address, to themselves."""
    named = [_person(name, address) for name, address in [*message.to, *message.cc]]
    others = [one for one in named if one.address.lower() not in reader.addresses]
    kinds = set(_grants(message, reader))
    blind = []
    if Grant.Kind.FROM in kinds:
        rows = Grant.objects.filter(message=message, kind=Grant.Kind.BLIND, withdrawn_at=None)
        blind = list(rows.order_by("address").values_list("address", flat=True)[:100])
    return {
        "author": _person(message.author_name, message.author),
        "subject": craft.subject(message.subject) or _("A letter without a subject"),
        "is_author": Grant.Kind.FROM in kinds,
        "is_blind": not kinds & {Grant.Kind.FROM, Grant.Kind.TO, Grant.Kind.CC},
        "to_you": len(others) < len(named),
        "first": others[:NAMED],
        "rest": others[NAMED:],
        "blind": blind,
    }


def _grants(message: SecureMessage, reader: Reader) -> list[str]:
    mine = Grant.objects.filter(message=message, address__in=reader.addresses, withdrawn_at=None)
    return list(mine.values_list("kind", flat=True))


def _person(name: str, address: str) -> Person:
    return Person(craft.person(name, address), address)


def is_a_look(request: HttpRequest) -> bool:
    """Whether a person looks: no HEAD, and nothing that is fetched ahead (Sec-Purpose, and its forerunners)."""
    ahead = (request.headers.get(name, "") for name in ("Sec-Purpose", "Purpose", "X-Moz", "X-Purpose"))
    return request.method != "HEAD" and not any("pre" in said.lower() for said in ahead)


def note_once(
    request: HttpRequest, message: SecureMessage, reader: Reader, what: str, part: str = ""
) -> None:
    """Note that this was done, once a sitting and day."""
    if not is_a_look(request):
        return
    evidence = {
        "sitting": str(reader.sitting.pk) if reader.sitting else f"session of {reader.member}",
        "level": str(reader.level),
        "day": timezone.now().date().isoformat(),
    } | ({"part": part} if part else {})
    known = Event.objects.filter(message=message, what=what, address=reader.address, evidence=evidence)
    if not known.exists():
        events.note(message, what, reader.address, evidence)


def is_asked(request: HttpRequest, message: SecureMessage, reader: Reader) -> bool:
    """Whether this reader asked for the remote pictures of this message within the hour."""
    try:
        return bool(_asking(message, reader).unsign(request.GET.get("pictures", ""), max_age=ASKED_S))
    except signing.BadSignature:
        return False


def _asking(message: SecureMessage, reader: Reader) -> signing.TimestampSigner:
    """Signs for this message and reader alone, and names neither."""
    return signing.TimestampSigner(salt=f"{_ASKED} {message.pk.hex} {reader.address}")


@require_POST
@for_readers
def pictures(request: HttpRequest, message: SecureMessage, reader: Reader) -> HttpResponseBase:
    """The reader wants this message's remote pictures: back to it, with a word that is good for it alone."""
    said = _asking(message, reader).sign("yes")
    answer = redirect(f"{reverse('secure-message', args=[message.locator])}?pictures={said}")
    answer.status_code = 303
    return answer


def openly(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """What cannot be opened is said in a sentence, with 503."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **options: Any) -> HttpResponseBase:
        try:
            return view(request, *args, **options)
        except (VaultError, OSError) as fault:
            said = fault.sentence if isinstance(fault, VaultError) else GONE
            return HttpResponse(said, status=503, content_type="text/plain; charset=utf-8")

    return guarded


@require_safe
@xframe_options_sameorigin
@for_readers
@openly
def body(request: HttpRequest, message: SecureMessage, reader: Reader) -> HttpResponseBase:
    """The words alone, in a document that may do nothing."""
    remote = is_asked(request, message, reader)
    return framed(request, message, Letter(message).words(remote=remote), "", remote=remote)


def framed(
    request: HttpRequest, message: SecureMessage, words: Words, above: str, *, remote: bool = False
) -> HttpResponse:
    """A sandboxed document of the words, with something of ours `above` them."""
    theme = request.COOKIES.get("theme", "")
    html = letter_frame.document(
        f"{above}<main>{words.html}</main>" if above else words.html,
        title=craft.subject(message.subject) or _("Letter"), language=get_language() or "en",
        white=words.white or bool(above), theme=theme,
    )  # fmt: skip
    return HttpResponse(html, headers=letter_frame.headers(remote=remote))


@require_safe
@for_readers
@openly
def printed(request: HttpRequest, message: SecureMessage, reader: Reader) -> HttpResponseBase:
    """The letter as it is printed: who, when, to whom, the words, the names of the files."""
    letter = Letter(message)
    words = letter.words()
    note_once(request, message, reader, "printed")
    facts = people(message, reader) | {"letter": message, "reader": reader, "wording": wording_of(message)}
    facts |= {"pen": Pen.objects.get(pk=message.pen_id)}
    facts |= {"files": [listed(entry) for entry in letter.files(words.inside)]}
    return framed(request, message, words, render_to_string("reading/letter_print.html", facts))


@require_safe
@for_readers
@openly
def part(request: HttpRequest, message: SecureMessage, reader: Reader, path: str) -> HttpResponseBase:
    """A file of the letter, to keep."""
    try:
        content = Letter(message).content
        answer = fetched(request, content, content.entry(path))
    except VaultError as fault:
        if fault.code == "no-such-part":
            raise Http404("no such part") from None
        raise
    if answer.status_code < 400:
        note_once(request, message, reader, "fetched", path)
    return answer
