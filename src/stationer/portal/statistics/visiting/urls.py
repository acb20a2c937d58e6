"""Addresses of the pages of visitors."""

from __future__ import annotations

from django.urls import path

from stationer.portal.statistics.visiting import views

urlpatterns = [
    path("visitors/", views.listing, name="visitors"),
    path("visitors/visitors.csv", views.export, name="export-visitors"),
    path("visitors/<str:visitor>/", views.visitor, name="visitor"),
]
