"""What a furnished company was told of: mails, clicks that were a person's, alerts of them, and a webhook."""

from __future__ import annotations

from datetime import timedelta
from typing import Any


def told(made: Any) -> None:
    """Alerts of three readers; the first two were told, the third waits for tomorrow's digest."""
    from django.utils import timezone

    from stationer.portal.alerts.models import AlertPreference, AlertRule, Due
    from stationer.portal.people.models import Member
    from stationer.portal.statistics.models import Hit
    from stationer.portal.statistics.signals import judged

    AlertRule.objects.create(
        about="campaigns", campaigns=[made.campaign.outside_id], whom="owner", pace="digest", least=90
    )
    AlertPreference.objects.create(address="okafor@harbourdental.example", how="digest")
    now = timezone.now()
    senders = [made.bob.member, made.bob.member, Member.objects.get(address="okafor@harbourdental.example")]
    readers = [["jenna.moyle@postbox.example"], ["orders@dentalsupply.example", "ruan@dentalsupply.example"]]
    readers.append(["carol.whitfield@postbox.example"])
    for n, (sender, to) in enumerate(zip(senders, readers, strict=True)):
        mail = _mail(sender, to, now - timedelta(hours=5 - n))
        hits = [
            _hit(made, mail, link, now - timedelta(minutes=90 - 40 * n - link)) for link in range(2 - n % 2)
        ]
        judged.send(sender=Hit, hits=hits)
    done = Due.objects.filter(pace="at-once")
    done.update(state="done", done_at=now)


def _mail(sender: Any, to: list[str], at: Any) -> Any:
    from stationer.portal.people.owned import new_id
    from stationer.portal.statistics.models import Addressee, Mail

    mail = Mail.objects.create(pick=new_id(), at=at, sender=sender, people=len(to), outcome="used")
    Addressee.objects.bulk_create(Addressee(mail=mail, address=address) for address in to)
    return mail


def _hit(made: Any, mail: Any, number: int, at: Any) -> Any:
    from stationer.portal.statistics.models import Hit

    target = "https://harbourdental.example/open-evening"
    return Hit.objects.create(
        at=at, mail=mail, number=number, target=f"{target}{'/tea' * number}", campaign=made.campaign.pk,
        of=made.message.pk, method="GET", address="81.2.69.142", score=93, human=True, judged_at=at,
    )  # fmt: skip


def hooked() -> dict[str, str]:
    """A webhook that took one event, and one that waits to be tried again."""
    from django.utils import timezone

    from stationer.portal.alerts.models import AlertRule
    from stationer.portal.hooks import events
    from stationer.portal.hooks.models import Attempt, Delivery, Hook

    hook = Hook.objects.create(
        name="CRM of the practice",
        url="https://crm.harbourdental.example/hooks/stationer",
        events=["visit.human"],
    )
    now = timezone.now()
    for status, head in ((200, '{"ok": true}'), (503, "The service is being restarted.")):
        one = events.example(hook)
        Attempt.objects.create(delivery=one, at=now, status=status, ms=84, head=head)
        done = status == 200
        Delivery.objects.filter(pk=one.pk).update(
            attempts=1, state="done" if done else "waiting", due_at=now + timedelta(minutes=5)
        )
    rule = AlertRule.objects.earliest("pk").outside_id
    return {"hook": hook.outside_id, "delivery": one.outside_id, "rule": rule}


def digest(made: Any) -> str:
    """The HTML of the mail that tells what waits for tomorrow's digest."""
    from stationer.portal.alerts import mailing
    from stationer.portal.alerts.models import Due
    from stationer.portal.alerts.telling import visits

    due = Due.objects.filter(pace="digest", state="waiting")
    waiting = list(due.filter(to=due[0].to))
    told = visits(waiting)
    mail = mailing.mail_of(made.pen, waiting[0].to, waiting, [told[one.pk] for one in waiting])
    part = mail.get_body(("html",))
    assert part is not None
    return str(part.get_content())
