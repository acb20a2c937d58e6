"""Who asks by a program: a member's device with the member's addresses, or an API key for what it sent itself."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404, HttpRequest

from stationer.notice import canonical
from stationer.portal.access.models import Device
from stationer.portal.access.presence import device
from stationer.portal.access.programs import inside, wrong
from stationer.portal.people.members import find_member
from stationer.portal.people.models import Member
from stationer.portal.people.rules import may_seal
from stationer.portal.reading import levels
from stationer.portal.vault import grants
from stationer.portal.vault.errors import VaultError
from stationer.portal.vault.faces import faces
from stationer.portal.vault.models import Grant, SecureMessage

State = SecureMessage.State
NOT_YOURS = "This is not one of your addresses here."
NOBODYS = "Nobody of this company has this address."
LEVEL = (
    "This message asks for more than a token shows. Open it in a browser, by the link of its notification."
)
NO_SEAL = "Your package does not let you send secure messages."


class Asker:
    """Whoever asks. `addresses`: their own that they read with, `readings`: all that they read with, `names`: what they
    write with; none for an API key."""

    def __init__(self, request: HttpRequest) -> None:
        found = device(request)
        if found is None:
            raise Http404("no program")
        self.device: Device = found
        self.is_agent = found.kind != Device.Kind.API
        self.member = found.member
        self.addresses = grants.addresses_of(found.member) if found.member else frozenset[str]()
        self.readings = grants.readings(found.member) if found.member else {}
        self.names = grants.named(found.member) if found.member else frozenset[str]()

    def author(self, address: str) -> Member:
        """The member who writes with this address. Raises ValidationError (`from`)."""
        if self.is_agent:
            member = self.device.member if canonical(address) in self.names else None
        else:
            member = find_member(canonical(address))
        if member is None:
            raise wrong("from", NOT_YOURS if self.is_agent else NOBODYS)
        if not may_seal(member):
            raise wrong("from", NO_SEAL)
        return member

    def wrote(self) -> Q:
        """Messages of their own, however far they are."""
        mine = Q(device_id=self.device.pk)
        if self.member is None:
            return mine
        since = Q(author__in=self.addresses, begun_at__gte=self.member.created_at)
        return mine | Q(member=self.member) | since

    def reads(self) -> Q:
        """Messages that they may read."""
        mine = self.grants().filter(message=OuterRef("pk"))
        return Q(state=State.READY) & (self.wrote() | Q(Exists(mine)))

    def grants(self) -> QuerySet[Grant]:
        """Grants in force that are theirs."""
        return Grant.objects.filter(grants.counts(self.readings))

    def sees(self) -> QuerySet[SecureMessage]:
        """Messages that are there for them."""
        return SecureMessage.objects.filter(self.wrote() | self.reads())

    def message(self, text: str, *, own: bool = False) -> SecureMessage:
        """By id or locator; `own`: of those they wrote. Raises Http404: there is none, or none for them."""
        named = Q(locator=text) if len(text) == 26 else Q(pk=inside("secure", text))
        row = (SecureMessage.objects.filter(self.wrote()) if own else self.sees()).filter(named).first()
        if row is None:
            raise Http404("no such message")
        return row

    def ready(self, text: str) -> SecureMessage:
        """One that has come so far that there is something of it. Raises Http404."""
        row = self.message(text)
        if row.state != State.READY:
            raise Http404("not ready")
        return row

    def readable(self, text: str) -> SecureMessage:
        """One whose content they may have. Raises Http404; VaultError: it asks for more than they have shown."""
        row = self.ready(text)
        if not self.is_enough(row):
            raise VaultError("level", LEVEL)
        return row

    @staticmethod
    def is_enough(message: SecureMessage) -> bool:
        """Whether a token shows what the message asks for: whoever holds one has shown no more than a code does, its
        author as anybody (contract/vault.md §4)."""
        return levels.needed(message) <= levels.CODE

    def is_author(self, message: SecureMessage) -> bool:
        """Whether they wrote it."""
        if message.device_id == self.device.pk or self.member is None:
            return message.device_id == self.device.pk
        since = message.author in self.addresses and message.begun_at >= self.member.created_at
        return since or message.member_id == self.member.pk

    def name_for(self, message: SecureMessage) -> str:
        """With which of the addresses they read it, their own first; for the rows of what was done."""
        if self.member is None or self.is_author(message):
            return message.author
        rows, hidden = self.grants().filter(message=message), faces(self.readings)
        shown = [hidden.get(one, one) for one in rows.values_list("address", flat=True)]
        return next(iter(sorted(shown, key=lambda one: one not in self.addresses)), "")

    def doing(self, message: SecureMessage) -> dict[str, str]:
        """Who did it, where it is done for somebody else; for the rows of what was done."""
        reading = self.readings.get(self.name_for(message))
        if self.member is None or self.is_author(message) or reading is None or reading.mailbox is None:
            return {}
        return {"delegate": self.member.address}


def found_by(
    rows: QuerySet[SecureMessage], asker: Asker, q: str, person: str, box: str
) -> QuerySet[SecureMessage]:
    """Those whose subject has these words, that this person wrote or got, that came in or went out. A blind recipient
    is found by themselves and by the author alone."""
    for word in q.casefold().split()[:20]:
        rows = rows.filter(words__contains=word)
    if person:
        wanted = canonical(person) if "@" in person else person.strip().lower()
        some = Grant.objects.filter(message=OuterRef("pk"), address__contains=wanted, withdrawn_at=None)
        shown = some.filter(Q(address__in=list(asker.readings)) | ~Q(kind=Grant.Kind.BLIND))
        rows = rows.filter(Q(Exists(shown)) | Q(Exists(some)) & asker.wrote())
    got = asker.grants().filter(message=OuterRef("pk"))
    if box == "in":
        return rows.filter(Exists(got.exclude(kind=Grant.Kind.FROM)))
    return rows.filter(asker.wrote()) if box == "out" else rows
