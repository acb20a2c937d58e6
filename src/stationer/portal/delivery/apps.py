"""The app `delivery`."""

from django.apps import AppConfig


class DeliveryConfig(AppConfig):
    name = "stationer.portal.delivery"
    label = "delivery"
