"""Hooks on and off, and their secrets: shown once, exchanged with a day in which both sign."""

from __future__ import annotations

from datetime import timedelta

from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import timezone, translation

from stationer.portal.access.models import Membership
from stationer.portal.alerts import wanting
from stationer.portal.hooks import signing
from stationer.portal.hooks.calling import Answer
from stationer.portal.hooks.models import Hook, new_secret
from stationer.portal.people.models import Pen
from stationer.portal.site.letterhead import sender_called
from stationer.watch.log import Voice

OVERLAP = timedelta(days=1)
#: A hook that took nothing for so long is switched off when an event is given up.
PATIENCE = timedelta(days=2.5)
say = Voice("hooks")


def secrets_of(hook: Hook) -> list[bytes]:
    """The secrets that sign now, the newest first."""
    both = hook.rotated_at is not None and timezone.now() - hook.rotated_at < OVERLAP and hook.former
    return [bytes(hook.secret), bytes(hook.former)] if both else [bytes(hook.secret)]


def exchange(hook: Hook) -> str:
    """A new secret; the one before goes on signing for a day. Returns it as it is shown, once."""
    hook.former, hook.secret, hook.rotated_at = bytes(hook.secret), new_secret(), timezone.now()
    hook.save()
    return signing.written(bytes(hook.secret))


def heard(hook: Hook, answer: Answer, *, over: bool) -> None:
    """A call came back; `over`: it was the event's last."""
    if answer.taken:
        if hook.failing_since is not None:
            Hook.objects.filter(pk=hook.pk).update(failing_since=None)
        return
    if hook.failing_since is None:
        hook.failing_since = timezone.now()
        Hook.objects.filter(pk=hook.pk).update(failing_since=hook.failing_since)
    silent = timezone.now() - hook.failing_since >= PATIENCE
    if hook.on and (answer.gone or (over and silent)):
        off(hook, answer)


def off(hook: Hook, answer: Answer) -> None:
    """Switch it off, and tell the owners why."""
    hook.on, hook.reason = False, f"{answer.status or ''} {answer.head}".strip()[:300]
    hook.save()
    say.warning("hook-off", hook=hook.outside_id, status=answer.status)
    held, pen = wanting.terms(), Pen.objects.get(pk=hook.pen_id)
    owners = Membership.objects.filter(role=Membership.Role.OWNER).values_list("member__address", flat=True)
    for address in owners:
        wish = wanting.preference(address)
        with translation.override(wanting.language_of(wish, held)):
            _tell(pen, hook, address, gone=answer.gone)


def _tell(pen: Pen, hook: Hook, address: str, *, gone: bool) -> None:
    facts = {
        "pen": pen,
        "hook": hook,
        "gone": gone,
        "url": pen.url,
        "house": pen.from_above().house or "Stationer",
        "host": hook.url.partition("?")[0],
    }
    mail = EmailMultiAlternatives(
        subject=render_to_string("hooks/off_subject.txt", facts).strip(),
        body=render_to_string("hooks/off.txt", facts).strip() + "\n",
        from_email=sender_called(pen.from_above().house),
        to=[address],
        headers={"Auto-Submitted": "auto-generated"},
    )
    mail.send()


def on(hook: Hook) -> None:
    """Switch it on again; what waits is called at once."""
    hook.on, hook.reason, hook.failing_since = True, "", None
    hook.save()
    hook.deliveries.filter(state="waiting").update(due_at=timezone.now())
