"""The app `reading`."""

from __future__ import annotations

from django.apps import AppConfig


class ReadingConfig(AppConfig):
    """Connects the listener."""

    name = "stationer.portal.reading"
    label = "reading"

    def ready(self) -> None:
        from stationer.portal.reading import erasing
        from stationer.portal.statistics.signals import erased

        erased.connect(erasing.forget, dispatch_uid="readers who are erased")
