"""Addresses: the company as a file, and what was sent."""

from __future__ import annotations

from django.urls import path

from stationer.portal.company import views

urlpatterns = [
    path("settings/company/", views.begin, name="company-file"),
    path("settings/company/company.yaml", views.download, name="company-download"),
    path("settings/company/edit/", views.edit, name="company-edit"),
    path("settings/company/<str:arrival>/", views.page, name="arrival"),
    path("settings/company/<str:arrival>/go/", views.go, name="arrival-go"),
]
