"""Addresses of alerts."""

from __future__ import annotations

from django.urls import path

from stationer.portal.alerts.views import by_link, clicks, listing, own

urlpatterns = [
    path("alerts/", listing.page, name="alerts"),
    path("alerts/mine/", own.page, name="own-alerts"),
    path("alerts/by-link/<str:token>/", by_link.page, name="alerts-by-link"),
    path("campaigns/<str:campaign>/clicks/", clicks.page, name="campaign-clicks"),
    path("alerts/<str:rule>/", listing.rule, name="alert-rule"),
]
