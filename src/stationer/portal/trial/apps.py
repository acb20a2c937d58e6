"""The app `trial`."""

from __future__ import annotations

from django.apps import AppConfig


class TrialConfig(AppConfig):
    """Nothing to connect."""

    name = "stationer.portal.trial"
    label = "trial"
