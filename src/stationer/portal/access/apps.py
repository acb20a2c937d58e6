"""The app `access`: it listens for changes that the roll must show, and tells the log who signed in."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig


class AccessConfig(AppConfig):
    """Connects the listeners."""

    name = "stationer.portal.access"
    label = "access"

    def ready(self) -> None:
        from allauth.mfa.signals import authenticator_added, authenticator_removed
        from django.contrib.auth.signals import user_logged_in, user_login_failed
        from django.db.models.signals import post_save, pre_delete, pre_save

        from stationer.portal.access import factor, owners
        from stationer.portal.access.models import Membership
        from stationer.portal.access.roll import changed, renamed
        from stationer.portal.people.models import Pen
        from stationer.portal.people.owned import rows_changed

        rows_changed.connect(changed, dispatch_uid="the roll")
        authenticator_added.connect(factor.added, dispatch_uid="a factor was set up")
        authenticator_removed.connect(factor.removed, dispatch_uid="a factor was removed")
        post_save.connect(renamed, sender=Pen, dispatch_uid="the company's name on the roll")
        pre_save.connect(owners.before_save, sender=Membership, dispatch_uid="an owner stays")
        pre_delete.connect(owners.before_delete, sender=Membership, dispatch_uid="an owner stays here")
        user_logged_in.connect(signed_in, dispatch_uid="signed in")
        user_login_failed.connect(failed, dispatch_uid="sign-in failed")


def signed_in(user: Any, request: Any = None, **_: Any) -> None:
    """An account signed in, in a browser."""
    from stationer.portal.access import sitting
    from stationer.watch.log import Voice, person

    Voice("access").info("signed-in", account=person(user.email))
    if request is not None and request.META.get("REMOTE_ADDR"):
        sitting.note(request, user)


def failed(credentials: dict[str, Any], **_: Any) -> None:
    """A sign-in failed; which address was tried is told as a keyed hash."""
    from stationer.watch.log import Voice, person

    tried = str(credentials.get("email") or credentials.get("username") or "")
    Voice("access").warning("sign-in-failed", account=person(tried))
