"""The app `company`."""

from django.apps import AppConfig


class CompanyConfig(AppConfig):
    """Nothing is connected."""

    name = "stationer.portal.company"
    label = "company"
