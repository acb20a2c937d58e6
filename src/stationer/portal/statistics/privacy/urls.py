"""Addresses of the pages about what is known of recipients."""

from __future__ import annotations

from django.urls import path

from stationer.portal.statistics.privacy import views

urlpatterns = [
    path("known/<str:pen>/", views.ask, name="ask-known"),
    path("known/<str:pen>/<str:token>/", views.their_own, name="known"),
    path("settings/privacy/", views.page, name="privacy"),
]
