"""The app `audit`: it listens to every write of a PEN's rows."""

from __future__ import annotations

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """Connects the listeners."""

    name = "stationer.portal.audit"
    label = "audit"

    def ready(self) -> None:
        from django.db.models.signals import post_delete, post_save, pre_save

        from stationer.portal.audit import recording
        from stationer.portal.people.owned import watch_bulk_writes

        pre_save.connect(recording.before_save, dispatch_uid="audit before")
        post_save.connect(recording.after_save, dispatch_uid="audit after")
        post_delete.connect(recording.after_delete, dispatch_uid="audit removed")
        watch_bulk_writes(recording.watch)
