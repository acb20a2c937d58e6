"""One address is erased everywhere in a PEN; what was counted stays counted, without anybody in it."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from stationer.pick.addresses import canonical
from stationer.portal.people.models import AddressList
from stationer.portal.statistics import remembering
from stationer.portal.statistics.addressing import only_out, pieces
from stationer.portal.statistics.models import Addressee, Hit, Link, Mail
from stationer.portal.statistics.privacy import outs
from stationer.portal.statistics.signals import erased


@dataclass(frozen=True)
class Known:
    """What a PEN knows of an address: how many mails and clicks, and which of its lists name it."""

    mails: int
    hits: int
    links: int
    lists: tuple[str, ...]

    @property
    def nothing(self) -> bool:
        """Whether there is nothing to erase."""
        return not (self.mails or self.hits or self.links)


def theirs(address: str) -> QuerySet[Hit]:
    """Hits on what went to this address: alone, or among others."""
    addressed = Addressee.objects.filter(address__in=outs.faces(address)).values("mail_id")
    return Hit.objects.filter(Q(mail__in=addressed) | Q(link__address=address))


def theirs_alone(address: str) -> QuerySet[Hit]:
    """Hits that nobody else made, as far as is known: on mails to this address and nobody else, and on links made for
    it. Where there were others, a hit tells of them as well: their moment, their network address."""
    addressed = Addressee.objects.filter(address__in=outs.faces(address)).values("mail_id")
    alone = Q(mail__in=addressed, mail__people__lte=1, mail__unnamed=False)
    return Hit.objects.filter(alone | Q(link__address=address))


def known(address: str) -> Known:
    """What is known of it in the PEN in scope."""
    lists = [row.name for row in AddressList.objects.all() if address in row.addresses]
    return Known(
        Addressee.objects.filter(address__in=outs.faces(address)).count(),
        theirs(address).count(),
        Link.objects.filter(address=address).count(),
        tuple(lists),
    )


def keep_out(address: str) -> None:
    """From now on nothing of this address is kept, nor of clicks on mails that it has already and nobody else has."""
    with transaction.atomic():
        outs.put_out(address)
        faces = outs.faces(address)
        theirs = Addressee.objects.filter(address__in=faces).values_list("mail_id", flat=True)
        mails = only_out(list(theirs), faces)
        for some in pieces(sorted(mails)):
            Mail.objects.filter(pk__in=some).update(quiet=True)


def erase(address: str) -> Known:
    """Forget this address in the PEN in scope: hits on mails to them alone and on links made for them, their name on
    every mail, what is remembered of them. Mails that went to several stay, and so do hits on those: it was one of the
    others, or nobody knows. Returns what was known."""
    with transaction.atomic():
        before = known(address)
        faces = outs.faces(address)
        mails = list(Addressee.objects.filter(address__in=faces).values_list("mail_id", flat=True))
        for some in pieces(mails):
            rows = Mail.objects.filter(pk__in=some).annotate(named=Count("addressees"))
            alone = list(rows.filter(named=1, people__lte=1, unnamed=False).values_list("pk", flat=True))
            Hit.objects.filter(mail_id__in=alone).delete()
            Mail.objects.filter(pk__in=alone).update(quiet=True)
        Hit.objects.filter(link__address=address).delete()
        Link.objects.filter(address=address).update(address="")
        Addressee.objects.filter(address__in=faces).delete()
        remembering.forget(remembering.key_of(outs.here(), canonical(address)))
        outs.note_erased(address, timezone.now())
        erased.send(sender=Addressee, address=address, mails=mails)
    return before
