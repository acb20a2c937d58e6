"""Addresses of webhooks."""

from __future__ import annotations

from django.urls import path

from stationer.portal.hooks import views

urlpatterns = [
    path("settings/hooks/", views.listing, name="hooks"),
    path("settings/hooks/new/", views.new, name="new-hook"),
    path("settings/hooks/<str:hook>/", views.page, name="hook"),
    path("settings/hooks/<str:hook>/<str:delivery>/", views.delivery, name="hook-delivery"),
]
