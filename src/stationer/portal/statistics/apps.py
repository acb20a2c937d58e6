"""The app `statistics`."""

from django.apps import AppConfig


class StatisticsConfig(AppConfig):
    """What edges tell: mails that were sent, and who clicked."""

    name = "stationer.portal.statistics"
    label = "statistics"
