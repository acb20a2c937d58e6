"""The app `reputation`."""

from django.apps import AppConfig


class ReputationConfig(AppConfig):
    """Whose mail is thought well of."""

    name = "stationer.portal.reputation"
    label = "reputation"
