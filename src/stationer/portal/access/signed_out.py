"""What is answered to somebody who is signed out: the way to sign in, and what they had written, which was not kept.

A page that is looked at leads to the sign-in and back. What a script sent is answered by 401 (RFC 9110 §15.5.2), so
that it is no success for it: the page says so, and keeps the words. What a form sent comes back with its words in it.
"""

from __future__ import annotations

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

#: Characters that a line shows on a telephone; longer words, or several lines, stand in a box of so many lines at most.
LINE, LINES = 34, 8
#: Names of fields that a page sends for itself.
OWN = ("csrfmiddlewaretoken", "version", "tab", "insist")


def signed_out(request: HttpRequest) -> HttpResponse:
    """The answer to a request that only somebody who is signed in may make."""
    by_script = request.headers.get("HX-Request") == "true"
    if request.method in ("GET", "HEAD") and not by_script:
        return redirect_to_login(request.get_full_path())
    answer = HttpResponse(status=401) if by_script else _with_words(request)
    answer.headers["WWW-Authenticate"] = 'Session realm="Stationer"'
    return answer


def _with_words(request: HttpRequest) -> HttpResponse:
    shown = ((name, texts) for name, texts in request.POST.lists() if "password" not in name)
    sent = [(name, text) for name, texts in shown for text in texts]
    facts = {
        "sent": [(name, text) for name, text in sent if name != "csrfmiddlewaretoken"],
        "words": [
            (name.removeprefix("v_"), text, _lines(text))
            for name, text in sent
            if text.strip() and name not in OWN
        ],
        "files": bool(request.FILES),
    }
    return render(request, "access/signed_out.html", facts, status=401)


def _lines(text: str) -> int:
    """How high a box these words need; 0 where one line shows them."""
    lines = sum(1 + len(line) // LINE for line in text.splitlines())
    return 0 if lines <= 1 else min(lines, LINES)
