"""The app `vault`."""

from __future__ import annotations

from django.apps import AppConfig


class VaultConfig(AppConfig):
    """Connects the listener."""

    name = "stationer.portal.vault"
    label = "vault"

    def ready(self) -> None:
        from stationer.portal.statistics.signals import erased
        from stationer.portal.vault import erasing

        erased.connect(erasing.forget, dispatch_uid="people of secure messages who are erased")
