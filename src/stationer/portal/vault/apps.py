"""The app `vault`."""

from __future__ import annotations

from django.apps import AppConfig


class VaultConfig(AppConfig):
    """Nothing to connect."""

    name = "stationer.portal.vault"
    label = "vault"
