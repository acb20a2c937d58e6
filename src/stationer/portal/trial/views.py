"""Pages of the trial, for everyone: the form, the code, the mail on its way; and its link, opened from the mail.

Whoever asks is nobody here, signed in or not (`presence.BY_LINK`); which trial is theirs, the session knows.
"""

from __future__ import annotations

import uuid

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_GET

from stationer.portal.access import signing_up
from stationer.portal.content.letter import POLICY
from stationer.portal.delivery.models import Recipient
from stationer.portal.partners.labels import host_of, house_of
from stationer.portal.publishing.trying import html_of
from stationer.portal.site.founding import has_a_pen
from stationer.portal.trial import asking, keeping, letters
from stationer.portal.trial.forms import CodeForm, TrialForm
from stationer.portal.trial.limits import Full
from stationer.portal.trial.making import Unfit
from stationer.portal.trial.models import Trial
from stationer.watch.log import Voice

SESSION = "trial"
say = Voice("trial")
#: What a mail's HTML lacks to be a page of its own in a frame.
HEAD = (
    '<meta name="viewport" content="width=device-width, initial-scale=1">'
    "<style>body{margin:0;padding:20px;overflow-wrap:break-word}img{max-width:100%}</style>"
)


def begin(request: HttpRequest) -> HttpResponse:
    """The form; sent, the code is on its way."""
    if not asking.offered(request):
        raise Http404("no trial here")
    own = request.build_absolute_uri(reverse("trial"))
    only = asking.invited(request)
    form = TrialForm(
        request.POST or None, request.FILES or None, only=only, own=own, initial={"address": only}
    )
    if request.method == "POST" and form.is_valid():
        try:
            row = asking.begin(form.wish(), request, house_of(request))
        except Full:
            return render(request, "trial/begin.html", {"form": form, "full": True}, status=429)
        request.session[SESSION] = row.pk.hex
        return redirect("trial-code")
    facts = {"form": form, "try_address": by_mail(request)}
    return render(request, "trial/begin.html", facts)


def by_mail(request: HttpRequest) -> str:
    """The address that one's own mail can be sent to instead; empty where nobody reads it."""
    box = settings.PORTAL.trial_mailbox
    told = box.host and box.authserv_id and signing_up.is_open() and not host_of(request)
    return str(box.address) if told else ""


def _own(request: HttpRequest) -> Trial | None:
    """The trial that this browser began."""
    try:
        pk = uuid.UUID(str(request.session.get(SESSION, "")))
    except ValueError:
        return None
    return Trial.objects.filter(pk=pk, host=host_of(request)).first()


@never_cache
def code(request: HttpRequest) -> HttpResponse:
    """The code; when it is right, the stamped mail is on its way."""
    row = _own(request)
    if row is None:
        return redirect("trial")
    if row.proven_at is not None:
        return redirect("trial-sent")
    form = CodeForm(request.POST or None)
    facts = {"form": form, "trial": row, "over": not asking.waits(row)}
    if request.method == "POST" and form.is_valid() and not facts["over"]:
        try:
            if asking.prove(row, form.cleaned_data["code"], house_of(request)):
                return redirect("trial-sent")
        except Full:
            return render(request, "trial/code.html", facts | {"full": True}, status=429)
        except Unfit as error:
            form.add_error(None, ValidationError(error.sentences))
        else:
            form.add_error("code", _("This is not the code. Look once more; after five attempts it is over."))
        row.refresh_from_db()
        facts["over"] = not asking.waits(row)
    return render(request, "trial/code.html", facts, status=410 if facts["over"] else 200)


@never_cache
def sent(request: HttpRequest) -> HttpResponse:
    """Where the stamped mail is: on its way, with the reader's own server, or refused by it."""
    row = _own(request)
    if row is None or row.proven_at is None:
        return redirect("trial-code" if row else "trial")
    mail = Recipient.objects.filter(outgoing=row.outgoing).first() if row.outgoing_id else None
    state = mail.state if mail else Recipient.State.SENT  # the queue forgets what it has handed over
    if state not in (Recipient.State.SENT, *Recipient.KEPT):
        state = Recipient.State.FAILED
    facts = {"trial": row, "state": state, "later": bool(mail and mail.attempts), "kept": row.kept_at}
    return render(request, "trial/sent.html", facts)


def _opened(request: HttpRequest, token: str) -> Trial | None:
    """The trial of a link. Raises Http404 where no company may be founded any more."""
    if not settings.PORTAL.trial or settings.PORTAL.sign_up == "closed":
        raise Http404("no trial here")
    return keeping.opened(token, host_of(request))


@never_cache
def keep(request: HttpRequest, token: str) -> HttpResponseBase:
    """What would be kept; pressed, it is a company, and its owner is signed in."""
    row = _opened(request, token)
    if row is None:
        return render(request, "trial/over.html", {"offered": asking.offered(request)}, status=410)
    account = keeping.account_of(row)
    here = request.user if request.user.is_authenticated else None
    facts = {"trial": row, "token": token, "known": account is not None and here != account}
    if request.method != "POST":
        return render(
            request, "trial/keep.html", facts | {"at_home": account is not None and has_a_pen(account)}
        )
    if facts["known"]:
        return redirect_to_login(request.path)
    try:
        owner = keeping.keep(row, asking.wish_of(row))
    except keeping.AtHome:
        return render(request, "trial/keep.html", facts | {"at_home": True}, status=409)
    except keeping.Over:
        return render(request, "trial/over.html", {"offered": asking.offered(request)}, status=410)
    say.info("trial-kept", trial=row.pk.hex)
    if here == owner:
        return redirect("home")
    record_authentication(request, owner, method="code", email=owner.email)
    answer: HttpResponse = perform_login(
        request, Login(user=owner, email=owner.email, redirect_url=reverse("home"))
    )
    return answer


@require_GET
@xframe_options_sameorigin
def mail(request: HttpRequest, token: str) -> HttpResponse:
    """The mail of a trial, made once more for its page, without the link that led there."""
    row = _opened(request, token)
    if row is None:
        raise Http404("no such trial")
    wish = asking.wish_of(row)
    with translation.override(row.language):
        made = letters.stamped(wish, asking.target_of(wish, row.host), "", house_of(request))
    title = _("The mail as it arrives")
    head = f"<title>{title}</title>{HEAD}</head>"
    page = html_of(made).replace("</head>", head, 1)
    return HttpResponse(page, headers={"Content-Security-Policy": POLICY})
