"""The page of an answer: without an account, by the token of the link that was pressed (contract/surveys.md §3).

It shows what the token says and nothing that was said before, for a mail may be forwarded. To look changes nothing; to
send makes the vote. Whoever holds the token speaks for that mail alone, so no other proof is asked for.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from django import forms
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from stationer import links
from stationer.portal.people.models import Pen, pen_id_of
from stationer.portal.people.scope import pen_scope
from stationer.portal.site.counting import tally
from stationer.portal.statistics.models import Mail
from stationer.portal.statistics.targets import targets_in
from stationer.portal.surveys import counting, forgetting, words
from stationer.portal.surveys.models import LONGEST, Question
from stationer.watch.log import Voice
from stationer.wire.words import SCALES

#: Answers to one mail that are taken in an hour.
MOST = 20
say = Voice("portal")


@dataclass(frozen=True)
class Ballot:
    """What a token says: which mail and content, which answer, and what was asked where that is known."""

    key: counting.Key
    voted: links.Voted
    question: str
    words: tuple[str, ...]

    def choices(self) -> list[tuple[int, str]]:
        """Every answer of the scale with its words, the best first; 0 to 10 in their order."""
        scale = self.voted.scale
        values = SCALES[scale] if scale == "nps" else reversed(SCALES[scale])
        return [(value, words.choice(links.Voted(scale, value), self.words)) for value in values]


def read(pen: Pen, token: str) -> Ballot | None:
    """What a token of the PEN in scope says; None for what is no answer of its own."""
    found = links.read(token)
    signer = links.signer(pen.outside_id, bytes(pen.mark_key))
    if not isinstance(found, links.MailToken) or not links.proven(found, signer):
        return None
    content = found.content.hex()
    voted = links.vote_of(targets_in(pen).get((content, found.link), ""))
    if voted is None:
        return None
    asked = Question.objects.filter(content=content).first()
    if asked is not None and asked.scale != voted.scale:
        return None
    key = (uuid.UUID(bytes=found.pick), found.copy, content)
    return Ballot(key, voted, asked.question if asked else "", tuple(asked.words) if asked else ())


class AnswerForm(forms.Form):
    """One answer, and what somebody would like to add."""

    quiet = True
    value = forms.TypedChoiceField(label=gettext_lazy("Your answer"), coerce=int, widget=forms.RadioSelect)
    comment = forms.CharField(
        label=gettext_lazy("Would you like to say more?"),
        required=False,
        max_length=LONGEST,
        help_text=gettext_lazy("You need not. It is read by people in the company."),
        widget=forms.Textarea(attrs={"rows": 4, "maxlength": LONGEST}),
    )

    def __init__(self, ballot: Ballot, chosen: int, data: object = None) -> None:
        super().__init__(data, initial={"value": chosen})  # type: ignore[arg-type]
        self.fields["value"].choices = ballot.choices()  # type: ignore[attr-defined]


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest, pen: str, token: str) -> HttpResponse:
    """GET shows, POST votes. Raises Http404 for what is no answer of this PEN's mail."""
    try:
        answer = _answer(request, pen, token)
    except (OperationalError, InterfaceError) as fault:
        say.warning("vote-page-later", reason=type(fault).__name__)
        answer = HttpResponse(
            render_to_string("surveys/later.html", {"lost": request.method == "POST"}),
            status=503,
            headers={"Retry-After": "60"},
        )
    answer["Cache-Control"], answer["Referrer-Policy"] = "no-store", "same-origin"
    answer["X-Robots-Tag"] = "noindex, nofollow"
    return answer


def _answer(request: HttpRequest, pen: str, token: str) -> HttpResponse:
    try:
        row = Pen.objects.get(pk=pen_id_of(pen))
    except (ValueError, Pen.DoesNotExist):
        raise Http404("no such company") from None
    with pen_scope(row):
        ballot = read(row, token)
        if ballot is None:
            raise Http404("no answer")
        if row.management().tracking == "off" or row.standing == Pen.Standing.ENDED or _is_over(row, ballot):
            return render(request, "surveys/uncollected.html", {"pen": row})
        return _asked(request, row, ballot)


def _is_over(pen: Pen, ballot: Ballot) -> bool:
    """Whether its readers are not followed, or the mail is so old that no vote names it any more."""
    pick, copy, _content = ballot.key
    if counting.moment_of(pick) < forgetting.named_since(pen, timezone.now()):
        return True
    return Mail.objects.filter(pick=pick, copy=copy, quiet=True).exists()


def _asked(request: HttpRequest, pen: Pen, ballot: Ballot) -> HttpResponse:
    form = AnswerForm(ballot, ballot.voted.value, request.POST if request.method == "POST" else None)
    if form.is_bound and tally(f"vote-{ballot.key[0].hex}-{ballot.key[1]}", 3600) > MOST:
        return render(request, "surveys/often.html", {"pen": pen}, status=429)
    if form.is_bound and form.is_valid():
        said = ballot.voted._replace(value=form.cleaned_data["value"])
        if not counting.choose(ballot.key, said, form.cleaned_data["comment"]):
            return render(request, "surveys/uncollected.html", {"pen": pen})
        return HttpResponseRedirect(f"{request.path}?sent={said.value}", status=303)
    sent = _sent(request, ballot)
    shown = ballot.voted._replace(value=sent) if sent is not None else ballot.voted
    if sent is not None and not form.is_bound:
        form = AnswerForm(ballot, sent)
    facts = {
        "pen": pen,
        "ballot": ballot,
        "form": form,
        "said": words.said(shown, ballot.words),
        "drawn": words.drawn(shown),
        "sent": sent is not None,
    }
    return render(request, "surveys/answer.html", facts, status=422 if form.errors else 200)


def _sent(request: HttpRequest, ballot: Ballot) -> int | None:
    """The answer that was sent a moment ago, as the page's own address says."""
    text = request.GET.get("sent", "")
    known = text.isdecimal() and len(text) < 3 and int(text) in SCALES[ballot.voted.scale]
    return int(text) if known else None
