"""A company's mails and the hits on their links, as if they had been judged a person's."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from stationer.portal.people.owned import new_id
from stationer.portal.people.scope import pen_scope
from stationer.portal.statistics.models import Addressee, Hit, Link, Mail
from stationer.portal.statistics.signals import judged

TARGET = "https://harbourdental.example/evening"


def a_mail(company, *to: str, unnamed: bool = False, sender=None) -> Mail:
    """One that Bob sent, or `sender`."""
    with pen_scope(company.pen):
        mail = Mail.objects.create(
            pick=new_id(), at=timezone.now() - timedelta(hours=2), sender=sender or company.bob.member,
            people=len(to), unnamed=unnamed,
        )  # fmt: skip
        Addressee.objects.bulk_create(Addressee(mail=mail, address=address) for address in to)
    return mail


def a_link(company, address: str = "", name: str = "Our offer") -> Link:
    """One that Bob made by hand."""
    with pen_scope(company.pen):
        return Link.objects.create(
            code=new_id().hex[:24], name=name, target=TARGET, owner=company.bob.member, address=address
        )


def a_hit(company, mail=None, link=None, *, number=0, score=93, at=None, campaign=True, **more) -> Hit:
    """One that was judged a person's, and told nobody yet."""
    with pen_scope(company.pen):
        return Hit.objects.create(
            at=at or timezone.now(), mail=mail, link=link, number=number, target=f"{TARGET}/{number}",
            campaign=company.campaign.pk if mail and campaign else None, of=company.message.pk if mail else None,
            method="GET", address="81.2.69.142", score=score, human=True, judged_at=timezone.now(), **more,
        )  # fmt: skip


def tell(company, *hits: Hit) -> None:
    """As the judge does: in one transaction, in the PEN's scope."""
    with transaction.atomic(), pen_scope(company.pen):
        judged.send(sender=Hit, hits=list(hits))
