"""The app `reading`."""

from __future__ import annotations

from django.apps import AppConfig


class ReadingConfig(AppConfig):
    """Connects the listeners."""

    name = "stationer.portal.reading"
    label = "reading"

    def ready(self) -> None:
        from django.db.models.signals import post_delete, pre_save

        from stationer.portal.people.models import Member
        from stationer.portal.reading import erasing, leaving
        from stationer.portal.statistics.signals import erased

        erased.connect(erasing.forget, dispatch_uid="readers who are erased")
        pre_save.connect(
            leaving.before_save, sender=Member, dispatch_uid="readers whose address is taken away"
        )
        post_delete.connect(leaving.after_delete, sender=Member, dispatch_uid="readers who leave the company")
