"""An answer to a secure message, which is a secure message as well (contract/reading.md §5, §6).

Files come into memory and nowhere else until they are sealed. Whatever fails, the words stay in the form; whoever was
signed out meanwhile gets them back to copy.
"""

from __future__ import annotations

from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods

from stationer.portal.people.models import Pen
from stationer.portal.people.rules import may_write
from stationer.portal.reading import letter, levels
from stationer.portal.reading.finding import by_locator, reader_of
from stationer.portal.reading.letter_answer import MOST_FILES, AnswerForm, Circle, circle_of
from stationer.portal.reading.letter_answers import answers_of
from stationer.portal.reading.letter_mail import answer
from stationer.portal.reading.letter_words import Letter
from stationer.portal.reading.sittings import Reader
from stationer.portal.site.sizes import MB, Measure, own_measure
from stationer.portal.vault import events, keeping
from stationer.portal.vault.errors import VaultError
from stationer.portal.vault.models import SecureMessage
from stationer.portal.vault.once import KeptAlready
from stationer.portal.vault.once import kept as once_kept
from stationer.watch.log import Voice

#: Octets of one request that are read at all; what is more than an answer may have is read and dropped, so that the
#: words come back.
MOST_READ = 64 * MB
say = Voice("reading")


class InMemory(FileUploadHandler):
    """Keeps files in memory up to `MOST_FILES` in all, and drops what is more; never on the disk."""

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request)
        self.total, self.over = 0, False

    def new_file(self, *args: Any, **options: Any) -> None:
        """The next one begins."""
        super().new_file(*args, **options)
        self._chunks: list[bytes] = []

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Keep it, unless it is too much by now."""
        self.total += len(raw_data)
        self.over = self.over or self.total > MOST_FILES
        if self.over:
            self._chunks.clear()
        else:
            self._chunks.append(raw_data)

    def file_complete(self, file_size: int) -> InMemoryUploadedFile | None:
        """The file; None where it was too much."""
        if self.over:
            return None
        octets = BytesIO(b"".join(self._chunks))
        return InMemoryUploadedFile(
            octets, self.field_name, self.file_name or "", self.content_type, file_size, self.charset
        )


def _is_known(request: HttpRequest) -> bool:
    """Whether somebody is here who may answer: only they bring more than words."""
    found: list[bool] = []

    @by_locator
    def look(request: HttpRequest, pen: Pen, message: SecureMessage) -> HttpResponseBase:
        reader = reader_of(request, pen, message)
        found.append(reader is not None and levels.enough(message, reader))
        return HttpResponse()

    match = request.resolver_match
    look(request, match.kwargs["locator"] if match else "")
    return found == [True]


def _too_much(most: int) -> HttpResponse:
    said = _(
        "These files are too large for one answer: it takes {most} MB. Go back: your words are still in the form."
    ).format(most=MOST_FILES // MB)
    return HttpResponse(said, status=413, content_type="text/plain; charset=utf-8")


@own_measure(Measure(MOST_READ, _is_known, _too_much))
@csrf_exempt  # the check reads the files, and so has to come behind the handler; `_answered` is protected
def reply(request: HttpRequest, locator: str) -> HttpResponseBase:
    """GET: the form by itself; POST: the answer is sealed, kept and announced, now or when it was looked through."""
    handler = InMemory(request)
    if (
        request.content_type == "multipart/form-data"
    ):  # another form has no files, and may have been looked at already
        request.upload_handlers = [handler]
    return _answered(request, locator, handler)


@require_http_methods(["GET", "HEAD", "POST"])
@csrf_protect
@by_locator
def _answered(request: HttpRequest, pen: Pen, message: SecureMessage, handler: InMemory) -> HttpResponseBase:
    reader = reader_of(request, pen, message)
    if reader is None or not levels.enough(message, reader):
        if request.method != "POST":
            return redirect("secure-message", message.locator)
        facts = {"pen": pen, "letter": message, "words": request.POST.get("text", "")}
        return render(request, "reading/letter_words_back.html", facts, status=403)
    circle = circle_of(message, reader)
    if request.method != "POST":
        return _alone(request, pen, message, reader, AnswerForm(circle, everyone="all" in request.GET))
    form = AnswerForm(circle, request.POST, request.FILES, too_large=handler.over)
    before = {one.id for one in answers_of(message, reader)}
    if form.is_valid() and (kept := _sent(pen, message, reader, form)):
        said = (
            "later" if kept.state == SecureMessage.State.CHECKING else "again" if kept.pk in before else "1"
        )
        back = redirect(f"{reverse('secure-message', args=[message.locator])}?answered={said}")
        back.status_code = 303
        return back
    return _alone(request, pen, message, reader, form)


def _alone(
    request: HttpRequest, pen: Pen, message: SecureMessage, reader: Reader, form: AnswerForm
) -> HttpResponse:
    facts = {"pen": pen, "letter": message, "reader": reader, "form": form, "most": MOST_FILES // MB}
    facts |= letter.people(message, reader)
    return render(request, "reading/letter_reply.html", facts, status=422 if form.errors else 200)


def _sent(pen: Pen, message: SecureMessage, reader: Reader, form: AnswerForm) -> SecureMessage | None:
    """Keep the answer, which announces it; None with the reason in the form."""
    circle: Circle = form.circle
    recipients = [one for _name, one in (circle.everyone if form.to_everyone else circle.first)]
    once = form.cleaned_data.get("once") or ""
    message_id = f"<{once}@{urlsplit(pen.url).hostname or 'localhost'}>" if once else ""
    try:
        if once and (there := once_kept(reader.address, once)):
            return there
        if refusal := _refusal(message, reader, recipients, circle):
            form.add_error(None, refusal)
            return None
        mail = answer(
            Letter(message), circle, author=(_name_of(message, reader), reader.address), everyone=form.to_everyone,
            text=form.cleaned_data["text"], files=form.cleaned_data["added"], message_id=message_id, now=timezone.now(),
        )  # fmt: skip
        options = keeping.Options(level=message.level, language=(get_language() or "en").partition("-")[0])
        kept = keeping.keep(
            mail.as_bytes(),
            author=reader.address,
            recipients=recipients,
            options=options,
            member=reader.mailbox or reader.member,
            announce=True,
            once=once,
        )
    except KeptAlready as same:
        return same.message
    except (VaultError, ValueError) as fault:
        form.add_error(None, fault.sentence if isinstance(fault, VaultError) else str(fault))
        return None
    if kept.state == SecureMessage.State.REFUSED:
        form.add_error(None, kept.sentence)
        return None
    said = {"level": str(reader.level), "answer": kept.pk.hex, **reader.doing}
    events.note(message, "answered", reader.address, said)
    say.info("answered", message=message.pk.hex)
    return kept


def _refusal(message: SecureMessage, reader: Reader, recipients: list[str], circle: Circle) -> str | None:
    """Why this may not be sent; None when it may."""
    met = [message.author, *(address for _name, address in circle.everyone)]
    return may_write(
        reader.address, recipients, answering=met, invited=True
    )  # the quota is the vault's to ask


def _name_of(message: SecureMessage, reader: Reader) -> str:
    """How whoever answers is called: a member by their name, others as the letter called them."""
    if reader.member and reader.mailbox:
        own, of = (str(one.attributes.get("name") or "") for one in (reader.member, reader.mailbox))
        return _("{name} for {mailbox}").format(name=own, mailbox=of) if own and of else of
    if reader.member:
        return str(reader.member.name or "")
    return next(
        (name for name, address in [*message.to, *message.cc] if address.lower() == reader.address), ""
    )
