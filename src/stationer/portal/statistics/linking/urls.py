"""Addresses of the pages of links that senders make."""

from __future__ import annotations

from django.urls import path

from stationer.portal.statistics.linking import views

urlpatterns = [
    path("links/", views.listing, name="links"),
    path("links/new/", views.new, name="new-link"),
    path("links/<str:link>/", views.page, name="link"),
    path("links/<str:link>/delete/", views.delete, name="delete-link"),
]
