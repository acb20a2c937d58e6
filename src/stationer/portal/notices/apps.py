"""The app `notices`."""

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    """A PEN's notifications."""

    name = "stationer.portal.notices"
    label = "notices"
