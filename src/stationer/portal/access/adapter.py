"""What allauth asks the house: whether a company may be founded here by whoever asks (access.signing_up)."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context as asked
from django.contrib.auth import logout
from django.db import transaction
from django.http import HttpRequest, HttpResponse

from stationer.portal.access import signing_up
from stationer.portal.access.bound import BOUND, bind
from stationer.portal.site.letterhead import sender_called


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Sign-up is closed unless the installation says otherwise: an account is made with a membership."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return signing_up.may(request)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """With the name that the portal has at the host where it was asked for (partners.labels)."""
        from stationer.portal.partners.labels import house_of

        super().send_mail(template_prefix, email, {**context, "house": house_of(asked.request)})

    def pre_login(self, request: HttpRequest, user: Any, **said: Any) -> HttpResponse | None:
        """Whoever must come by their company's own sign-in goes there, however they tried (contract/sign-in.md §7)."""
        from stationer.portal.providers.forced import sent_there

        stop: HttpResponse | None = super().pre_login(request, user, **said)
        if stop is None and not (said.get("signal_kwargs") or {}).get(BOUND):
            return sent_there(request, user.email, said.get("redirect_url") or "")
        return stop

    def post_login(self, request: HttpRequest, user: Any, **said: Any) -> HttpResponse:
        """The end of every sign-in, after a second factor as well. One by a company's own sign-in counts only while
        that is there: its session is kept in the transaction that looked (contract/sign-in.md §6)."""
        bound = (said.get("signal_kwargs") or {}).get(BOUND) or {}
        if not bound.get("provider"):
            return self._let_in(request, user, **said)
        from stationer.portal.providers.whom import still

        with transaction.atomic():
            if still(user, bound):
                answer = self._let_in(request, user, **said)
                request.session.save()
                return answer
        logout(request)
        return self._gone(request)

    def _let_in(self, request: HttpRequest, user: Any, **said: Any) -> HttpResponse:
        bind(request, said.get("signal_kwargs"))
        answer: HttpResponse = super().post_login(request, user, **said)
        return answer

    @staticmethod
    def _gone(request: HttpRequest) -> HttpResponse:
        from stationer.portal.providers.told import Refused
        from stationer.portal.providers.views.entering import refused

        return refused(request, None, Refused("gone"))

    def get_logout_redirect_url(self, request: HttpRequest) -> str:
        """Where a company's own sign-in began the session, to the page that offers its end there as well."""
        from stationer.portal.providers.views.leaving import after_sign_out

        usual: str = super().get_logout_redirect_url(request)
        return after_sign_out(request) or usual

    def get_from_email(self) -> str:
        from stationer.portal.partners.labels import OWN, house_of

        house = house_of(asked.request)
        return sender_called("" if house == OWN else house)
