"""Who reads secure messages for whom (contract/people.md §6)."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from stationer.portal.people.owned import PenOwned, SamePen


class Delegation(PenOwned):
    """`delegate` reads what was sent to `mailbox`'s addresses, by their own sign-in. `earlier`: also what came before
    this row was made. `made_by`: the address of who said so."""

    mailbox = models.ForeignKey("people.Member", on_delete=models.CASCADE, related_name="delegations")
    delegate = models.ForeignKey("people.Member", on_delete=models.CASCADE, related_name="reads_for")
    earlier = models.BooleanField(default=False)
    made_by = models.CharField(max_length=254, blank=True, default="")
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta(PenOwned.Meta):
        ordering = ["made_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["pen", "id"], name="delegation_in_pen"),
            models.UniqueConstraint(fields=["pen", "mailbox", "delegate"], name="delegation_once"),
            models.CheckConstraint(condition=~Q(mailbox=F("delegate")), name="delegation_of_another"),
            SamePen(field="mailbox", name="delegation_mailbox_in_pen"),
            SamePen(field="delegate", name="delegation_delegate_in_pen"),
        ]

    def __str__(self) -> str:
        return f"{self.delegate} – {self.mailbox}"
