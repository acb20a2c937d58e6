"""Addresses: the script that a site loads, and the page about it."""

from __future__ import annotations

from django.urls import path

from stationer.portal.visits import views

urlpatterns = [
    path("visits.js", views.script, name="visits-script"),
    path("settings/website/", views.page, name="website"),
]
