"""Addresses of the audit."""

from __future__ import annotations

from django.urls import path

from stationer.portal.audit import views

urlpatterns = [
    path("audit/", views.listing, name="audit"),
    path("audit/export.<str:kind>", views.export, name="export-audit"),
]
