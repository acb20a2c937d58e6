"""The app `programs`."""

from django.apps import AppConfig


class ProgramsConfig(AppConfig):
    """Answers that are kept for a while."""

    name = "stationer.portal.programs"
    label = "programs"
