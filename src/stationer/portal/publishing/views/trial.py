"""Try a mail: choose who writes to whom, when and how; see the mail in five views, why, and send it to oneself."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256
from typing import Any

import msgspec
from django import forms
from django.conf import settings
from django.contrib import messages as notes
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_GET, require_POST

from stationer import pick
from stationer.portal.access.presence import needs, presence
from stationer.portal.content.letter import POLICY
from stationer.portal.content.sentence import all_of, short
from stationer.portal.delivery.sending import Unsendable
from stationer.portal.delivery.sending import send as deliver
from stationer.portal.people.members import find_member
from stationer.portal.people.models import Member, Pen
from stationer.portal.people.valid import normal_address
from stationer.portal.publishing import trying, waiting
from stationer.portal.publishing.explaining import explained, link, mail_sentence
from stationer.portal.publishing.specimen import Letter
from stationer.portal.site.counting import tally
from stationer.portal.site.fields import Lines
from stationer.wire.words import VARIANTS, Variant

#: Recipients of one trial, names offered to choose from, verdicts on one page, mails to oneself in an hour.
MOST_TO, OFFERED, PAGE, MOST_SENT = 20, 200, 25, 10
VIEWS = ("html", "text", "dark", "narrow", "bare")
KEPT_S = 300


class Trial(forms.Form):
    """Who writes to whom, when, how; from the drafts or from what is in force."""

    quiet = True
    sender = forms.CharField(
        label=gettext_lazy("Who writes"),
        widget=forms.EmailInput(attrs={"list": "members", "autocomplete": "off"}),
    )
    to = Lines(
        label=gettext_lazy("To whom"), normal=normal_address, help_text=gettext_lazy("One address a line.")
    )
    at = forms.DateTimeField(
        label=gettext_lazy("When"),
        required=False,
        widget=forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"}),
        help_text=gettext_lazy("Empty: now."),
    )
    variant = forms.ChoiceField(
        label=gettext_lazy("As"),
        choices=[
            ("new", gettext_lazy("a new mail")),
            ("reply", gettext_lazy("a reply")),
            ("forward", gettext_lazy("a forwarded mail")),
        ],
        widget=forms.RadioSelect,
    )
    source = forms.ChoiceField(
        label=gettext_lazy("With"),
        choices=[
            ("drafts", gettext_lazy("the drafts, as they would be published")),
            ("force", gettext_lazy("what is in force")),
        ],
        widget=forms.RadioSelect,
    )

    def clean_sender(self) -> Member:
        found = find_member(str(self.cleaned_data["sender"]).strip().lower())
        if found is None:
            raise ValidationError(_("Nobody in the company has this address. Choose one of your people."))
        return found

    def clean_to(self) -> list[str]:
        to: list[str] = self.cleaned_data["to"]
        if len(to) > MOST_TO:
            raise ValidationError(_("At most {count} recipients can be tried at once.").format(count=MOST_TO))
        return to

    def asked(self) -> trying.Asked:
        """What is to be tried."""
        data = self.cleaned_data
        at: datetime = data["at"] or timezone.now()
        variant: Variant = next(one for one in VARIANTS if one == data["variant"])
        return trying.Asked(data["sender"], tuple(data["to"]), int(at.timestamp() * 1000), variant)


def _form(request: HttpRequest, said: QueryDict) -> Trial:
    """The form, filled with what was asked, or with what most people would try first."""
    usual = {
        "sender": presence(request).member.address,
        "to": "carol@example.org",
        "variant": "new",
        "source": "drafts",
    }
    return Trial(said, initial=usual) if "sender" in said else Trial(initial=usual)


def _source(request: HttpRequest, wanted: str) -> trying.Source | str:
    """Where contents come from, or the sentence that says why there is nothing."""
    pen = presence(request).pen
    try:
        if wanted == "drafts":
            return trying.of_drafts(pen, waiting.said(request))
        last = waiting.last(request)
        if last is None:
            return _("Nothing is published yet: mail leaves as it is written. Try it with the drafts.")
        return trying.in_force(last)
    except pick.DefinitionErrors:
        return _("The drafts cannot be tried while something must be mended first. See the Publish page.")
    except (OSError, pick.Damaged, LookupError):
        return _("What is in force cannot be read just now. Try it with the drafts.")


@require_GET
@needs("see-content")
def page(request: HttpRequest) -> HttpResponse:
    """The form, and below it the mail and why it is so."""
    form = _form(request, request.GET)
    facts: dict[str, Any] = {
        "form": form,
        "members": Member.objects.all()[:OFFERED],
        "mine": presence(request).account.email,
        "may_send": bool(settings.PORTAL.relay.host),
    }
    if form.is_bound and form.is_valid():
        source = _source(request, form.cleaned_data["source"])
        if isinstance(source, str):
            facts["sorry"] = source
        else:
            asked = form.asked()
            facts |= _result(request, asked, trying.tried(presence(request).pen, asked, source))
    return render(request, "publishing/try.html", facts)


def _result(request: HttpRequest, asked: trying.Asked, found: trying.Tried) -> dict[str, Any]:
    _keep(request, request.GET, found)
    number = _number(request.GET.get("copy", ""), len(found.copies))
    copy = found.copies[number]
    verdicts = explained(found.explanation, found.compiled, number)
    query = request.GET.copy()
    query["copy"] = str(number)
    query.pop("page", None)
    return {
        "found": found,
        "copy": copy,
        "number": number,
        "copies": [(n, all_of(short(one.recipients)) or _("nobody")) for n, one in enumerate(found.copies)],
        "untouched": trying.reason_words(copy.untouched) if copy.untouched else "",
        "said": mail_sentence(asked.sender.name, asked.to, _inside(presence(request).pen, asked.to)),
        "taken": [(one, _url(one)) for one in verdicts if one.taken],
        "page": Paginator([(one, _url(one)) for one in verdicts if not one.taken], PAGE).get_page(
            request.GET.get("page")
        ),
        "query": query.urlencode(),
        "frames": [(name, f"{reverse('try-mail')}?{query.urlencode()}&view={name}") for name in VIEWS],
        "unsure": any(offer.remembers() for offer in found.compiled.campaigns),
    }


def _url(one: Any) -> str:
    where = link(one)
    return reverse(where[0], args=[where[1]]) if where else ""


def _inside(pen: Pen, to: tuple[str, ...]) -> list[str]:
    """Those of these addresses that are the PEN's own."""

    def own(domain: str) -> bool:
        return any(
            domain == one or (one.startswith("*.") and domain.endswith(one[1:])) for one in pen.domains
        )

    return [address for address in to if own(address.rpartition("@")[2])]


def _number(text: str, count: int) -> int:
    return int(text) if text.isdecimal() and int(text) < count else 0


def _name(request: HttpRequest, said: QueryDict) -> str:
    """Under which a trial is kept for a moment: of this PEN, this person, these words alone."""
    here = presence(request)
    asked = [said.get(one, "") for one in ("sender", "to", "at", "variant", "source")]
    packed = msgspec.json.encode([here.pen.outside_id, str(here.account.pk), *asked])
    return f"try-{sha256(packed).hexdigest()}"


def _keep(request: HttpRequest, said: QueryDict, found: trying.Tried) -> None:
    cache.set(_name(request, said), trying.packed(found.copies), KEPT_S)


def _mails(request: HttpRequest) -> list[bytes]:
    """The mails of a trial: those that the page has just made, or made again. Raises Http404."""
    kept = cache.get(_name(request, request.GET))
    if kept is not None:
        return msgspec.msgpack.decode(kept, type=list[bytes])
    form = _form(request, request.GET)
    if not (form.is_bound and form.is_valid()):
        raise Http404("no trial")
    source = _source(request, form.cleaned_data["source"])
    if isinstance(source, str):
        raise Http404(source)
    return [copy.mail for copy in trying.tried(presence(request).pen, form.asked(), source).copies]


@require_GET
@needs("see-content")
@xframe_options_sameorigin
def mail(request: HttpRequest) -> HttpResponse:
    """The mail alone, in one view, in a page that may do nothing."""
    view = request.GET.get("view", "html")
    if view not in VIEWS:
        raise Http404(view)
    if "sender" not in request.GET:
        return redirect("try")
    mails = _mails(request)
    one = mails[_number(request.GET.get("copy", ""), len(mails))]
    facts = {"text": trying.text_of(one)} if view == "text" else {"html": trying.html_of(one)}
    body = _document(facts["html"], dark=view == "dark") if "html" in facts else None
    answer = HttpResponse(body) if body else render(request, "publishing/try_text.html", facts)
    policy = POLICY.replace("img-src 'self' data:;", "img-src 'none';") if view == "bare" else POLICY
    answer.headers["Content-Security-Policy"] = policy
    return answer


#: The harshest of the mail programs: every colour turned round, pictures left alone.
DARK = (
    "html{background:#1b1a18}body{filter:invert(0.9) hue-rotate(180deg);background:#fff}"
    "img{filter:invert(1) hue-rotate(180deg)}"
)


def _document(html: str, *, dark: bool) -> str:
    style = "body{margin:0;padding:20px;overflow-wrap:break-word}img{max-width:100%}" + (DARK if dark else "")
    title = _("The mail as it arrives")
    head = (
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{title}</title><style>{style}</style></head>"
    )
    return html.replace("</head>", head, 1)


@require_POST
@needs("see-content")
def send(request: HttpRequest) -> HttpResponse:
    """The same mail, stamped by the same craft, to the signed-in person's own address and nobody else's."""
    form, here = _form(request, request.POST), presence(request)
    back = f"{reverse('try')}?{request.POST.get('query', '')}"
    if not (form.is_bound and form.is_valid()):
        notes.error(request, _("Nothing was sent: say who writes, and to whom."))
        return redirect("try")
    source = _source(request, form.cleaned_data["source"])
    if isinstance(source, str):
        notes.error(request, source)
    elif not settings.PORTAL.relay.host:
        notes.error(request, _("No mail can go out: no relay is set for this installation."))
    elif not _may_send(here.account.pk):
        notes.error(
            request, _("That was {count} mails within an hour. Wait a little.").format(count=MOST_SENT)
        )
    else:
        _deliver(request, form.asked(), source)
    return redirect(back)


def _may_send(account: Any) -> bool:
    """Whether this account has mails left in this hour; takes one."""
    return tally(f"try-sent-{account}", 3600) <= MOST_SENT


def _deliver(request: HttpRequest, asked: trying.Asked, source: trying.Source) -> None:
    here = presence(request)
    relay = settings.PORTAL.relay
    letter = Letter(asked.sender.name, relay.sender, (here.account.email,), asked.variant)
    found = trying.tried(here.pen, asked, source, letter)
    copy = found.copies[_number(request.POST.get("copy", ""), len(found.copies))]
    try:
        deliver(copy.mail, sender=relay.sender, recipients=[here.account.email], pen=here.pen)
    except Unsendable as error:
        notes.error(request, _("It cannot be sent: {why}.").format(why=error))
    else:
        notes.success(request, _("It is on its way to {address}.").format(address=here.account.email))
