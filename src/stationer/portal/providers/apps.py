"""The app `providers`."""

from django.apps import AppConfig


class ProvidersConfig(AppConfig):
    """A company's own sign-in."""

    name = "stationer.portal.providers"
    label = "providers"
