"""The app `reading`."""

from __future__ import annotations

from django.apps import AppConfig


class ReadingConfig(AppConfig):
    """Nothing to connect yet."""

    name = "stationer.portal.reading"
    label = "reading"
